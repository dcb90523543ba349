"""The page of documents: classified sentences → one page on which to read and compare them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from framelens.analysis.corrected.shares import Corrector
from framelens.analysis.corrected.tables import outlook, warnings
from framelens.analysis.shares import Share
from framelens.analysis.values import value_messages
from framelens.classification.classifier import FrameClassifier
from framelens.core.codebook import Scheme
from framelens.core.files import open_whole
from framelens.core.types import Classified, counted, storable
from framelens.evaluation.assessment import Origin
from framelens.report.corpus.charts import ceiling, share_track, time_plot
from framelens.report.corpus.contents import Contents, collect
from framelens.report.corpus.corrected import with_corrections
from framelens.report.corpus.findings import (
    USUAL_GROUPING,
    CodedGroup,
    Findings,
    Grouping,
    find_out,
)
from framelens.report.corpus.methods import Coverage, methods, references
from framelens.report.corpus.payload import embedded, payload
from framelens.report.methods import who_taught
from framelens.report.pages import environment, script, source
from framelens.statistics.clustered import p_value

SCRIPTS = (
    "data", "elements", "query", "reader", "filters", "evidence", "saving", "keyness", "context",
    "side_by_side", "start",
)  # fmt: skip
"""The files of the script, in order."""

NOTHING_LEFT_OUT = Coverage()


def write_documents_report(
    sentences: Iterable[Classified],
    classifier: FrameClassifier,
    path: Path,
    *,
    title: str | None = None,
    compare: Sequence[str] = (),
    grouping: Grouping = USUAL_GROUPING,
    coverage: Coverage | None = None,
    corrector: Corrector | None = None,
) -> Findings:
    """Write a page on sentences that a classifier gave all their evidence, whole or not at all.

    `compare` are names of documents to lay side by side (by default versions of one text);
    `grouping` says which groups are made and how; `coverage` chooses sentences and counts the others;
    a `corrector` adds corrected shares. Return the page's figures. Raise FramelensError where there is
    no sentence, field or document of that name.
    """
    coverage = coverage or Coverage()
    coverage.left_out.kept = {}  # keep these texts, as documents are shown in full
    sentences = coverage.relevant.of(sentences)
    sentences = corrector.watching(sentences) if corrector else sentences
    contents = collect(sentences, classifier.rules.scheme, coverage.left_out)
    findings = find_out(contents, classifier.tokenizer, compare=compare, grouping=grouping)
    if corrector:
        findings = with_corrections(findings, corrector)
    with open_whole(path) as out:
        out.write(documents_page(findings, classifier, title=title, coverage=coverage))
    return findings


def documents_page(
    findings: Findings,
    classifier: FrameClassifier,
    *,
    title: str | None = None,
    coverage: Coverage = NOTHING_LEFT_OUT,
) -> str:
    """The page as HTML; the same findings give the same page."""
    scheme, origin = findings.contents.scheme, Origin.of(classifier)
    pages = _environment(scheme)
    paragraph = methods(findings, origin, coverage)
    page = pages.get_template("corpus/page.html").render(
        findings=findings,
        contents=findings.contents,
        origin=origin,
        taught=who_taught(origin),
        titles={it.name: it.title for it in findings.contents.documents if it.title},
        title=title or _title(findings.contents),
        style=Markup(source(pages, "style.css") + source(pages, "corpus/style.css")),
        **script(pages, [f"scripts/{name}.js" for name in SCRIPTS]),
        data=embedded(payload(findings, classifier.rules, origin.bias, origin.thresholds)),
        comparable=len(findings.contents.documents) > 1
        or any(len(field.groups) > 1 for field in findings.fields),
        on_subject=_on_subject(findings),
        methods=paragraph,
        said=coverage.messages(),
        recorded=sum(coverage.recorded.values()),
        references=references(paragraph),
    )
    return storable(page)


def _on_subject(findings: Findings) -> dict[str, dict[str, Share]]:
    """By field and value, the share of sentences that are about the codebook's subject."""
    if findings.about is None:
        return {}
    return {
        name: {group.value: group.shares[0] for group in groups}
        for name, groups in findings.about.by.items()
    }


def _title(contents: Contents) -> str:
    """The title of a single document, or how many there are."""
    if len(contents.documents) > 1:
        return counted(len(contents.documents), "document")
    return contents.documents[0].title or contents.documents[0].name


def _environment(scheme: Scheme) -> Environment:
    pages = environment(scheme)
    numbers = {frame.name: number for number, frame in enumerate(scheme)}
    pages.filters |= {
        "share": lambda value: f"{100 * value:.1f}%",
        "points": lambda value: f"{round(100 * value, 1) + 0.0:.1f}",
        "ceiling": lambda groups: ceiling(
            share.high for group in groups if group for share in group.shares[:-1] if share.is_known
        ),
        "share_track": share_track,
        "time_plot": time_plot,
        "signed": lambda value: f"{round(100 * value, 1) + 0.0:+.1f}".replace("-", "−"),
        "p_value": p_value,
        "value_messages": lambda field: [
            *value_messages(
                field.name, [it.group.value for it in field.groups if it.group.kind == "value"]
            )
        ],
        "outlook": outlook,
        "warnings": warnings,
        "known": lambda rows, at: any(row and row.group.shares[at].is_known for row in rows),
        "corrected": lambda rows: [
            row and row.corrected and CodedGroup(row.code, row.corrected) for row in rows
        ],
        "cells": lambda line: [group and CodedGroup(None, group) for group in line.cells],
    }

    def find(
        frames: Sequence[str | None] = (),
        facet: int | None = None,
        code: object = -1,
        *,
        stance: str | None = None,
    ) -> str:
        """A link to the sentences with frames (None is no frame), a stance to them, a value of a facet."""
        terms = []
        if frames:
            names = [str(numbers[name]) if name is not None else "none" for name in frames]
            terms.append(f"f={'.'.join(names)}")
        if stance is not None:
            terms.append(f"st={scheme.stances.index(stance)}")
        if facet is not None:
            terms.append(f"g={facet}.{'rest' if code is None else code}")
        return f"#find?{'&'.join(terms)}"

    pages.globals["find"] = find
    return pages
