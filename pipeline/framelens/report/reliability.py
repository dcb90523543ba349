"""The reliability report: an assessment → one page that stands by itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from framelens.core.codebook import Scheme
from framelens.core.files import open_whole
from framelens.core.types import storable
from framelens.evaluation.assessment import Assessment
from framelens.evaluation.tiers import RULE, TIERS
from framelens.report.error_analysis import accounts, stretches
from framelens.report.methods import methods, summed_up, who_labelled, works_for
from framelens.report.pages import environment, script, signed, source
from framelens.report.plots import at_thresholds, precision_recall_plot, reliability_plot
from framelens.report.svg import track
from framelens.statistics.agreement import Agreement
from framelens.statistics.bootstrap import RESAMPLES


def write_reliability_report(assessment: Assessment, path: Path) -> None:
    """Write the report of an assessment as an HTML file, whole or not at all."""
    page = reliability_page(assessment)
    with open_whole(path) as out:
        out.write(page)


def reliability_page(assessment: Assessment) -> str:
    """The report as HTML; the same assessment gives the same page."""
    pages = _environment(assessment.rules.scheme)
    page = pages.get_template("reliability.html").render(
        assessment=assessment,
        evaluation=assessment.evaluation,
        origin=assessment.provenance,
        style=Markup(source(pages, "style.css")),
        **script(pages, ["filter.js"]),
        notes={rule.id: rule.note for rule in assessment.rules.rules},
        owners={rule.id: rule.frame for rule in assessment.rules.rules},
        numbers={row.rule: at for at, row in enumerate(assessment.rule_statistics)},
        methods=methods(assessment),
        references=works_for("reliability"),
        rule_of_tiers=RULE,
        tiers=TIERS,
        resamples=RESAMPLES,
        labelled_how=who_labelled(assessment.provenance),
    )
    return storable(page)


def _environment(scheme: Scheme) -> Environment:
    pages = environment(scheme)
    pages.tests["contains"] = lambda names, name: name in names
    pages.globals["track"] = track
    pages.filters |= {
        "change": lambda value: signed(value, 3),
        "bounds": lambda value: f"{value.low:.2f}–{value.high:.2f}",
        "track": lambda value, kind="": track(value.low, value.value, value.high, kind),
        "accounts": accounts,
        "stretches": stretches,
        "reliability_plot": reliability_plot,
        "precision_recall_plot": precision_recall_plot,
        "by_frame": _by_frame,
        "worst_first": lambda rows: sorted(
            rows, key=lambda row: (row.weak, row.right - row.hits, -row.hits, row.rule)
        ),
        "at_thresholds": at_thresholds,
    }
    return pages


def _by_frame(rows: Sequence[Agreement]) -> list[tuple[str, list[Agreement], list[Agreement]]]:
    """Each frame with what sums its agreement up, and with its single pairs."""
    together = [row for row in rows if row.kind == "all together"]
    return [
        (
            frame,
            [between, beside, *(row for row in together if row.frame == frame)],
            [row for row in rows if row.frame == frame and row.kind == "pair"],
        )
        for frame, between, beside in summed_up(rows)
    ]
