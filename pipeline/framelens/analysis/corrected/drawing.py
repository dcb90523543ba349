"""Classified sentences → those to label, drawn by one of the designs of `project.sampling`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from framelens.analysis.corrected.out_of_fold import Folds
from framelens.analysis.corrected.waves import check_drawn_from, read_wave
from framelens.analysis.summary import check_known, fields_of
from framelens.classification.persistence import digest_of_model
from framelens.core.errors import FramelensError
from framelens.core.types import NOTHING, Classified
from framelens.project.items import Item
from framelens.project.labelled.reading import Note
from framelens.project.project import Project
from framelens.project.sampling import Draw, Sampler, band, items_of
from framelens.statistics.bootstrap import checked_seed


def draw_sample(
    rows: Iterable[Classified],
    project: Project,
    n: int,
    *,
    by: str | None = None,
    draw: Draw = "random",
    blind: bool = False,
    avoid: Sequence[Path] = (),
    seed: int = 0,
    note: Note = lambda _: None,
) -> list[Item]:
    """Draw sentences that a project has classified, each with its probability to be drawn.

    For the options see `framelens.api.sample`; `note` takes a warning if an earlier wave was drawn from
    some more or fewer sentences. Raise FramelensError where there are fewer than `n`, no
    sentence has the field `by`, or an earlier wave was not drawn from these sentences.
    """
    if by is not None and draw != "random":
        raise FramelensError(
            "by a field, or more of what is unsure: a sample is drawn in one of these ways"
        )
    earlier = [read_wave(path, project) for path in avoid]
    if by is not None:
        strata, design = _strata_by_field(rows, by), f"field {by}"
    elif draw == "random":
        strata, design = ((row, "") for row in rows), "random"
    else:
        # Its strata are those of these rules and this model.
        digests = project.classifier.rules.digest[:8], (digest_of_model(project.settings) or "")[:8]
        strata, design = _strata_by_band(rows, project), f"unsure {'-'.join(digests)}"
    sampler, count = Sampler(n, design, checked_seed(seed), chain.from_iterable(earlier)), 0
    for item in items_of(strata, unit=project.settings.unit, blind=blind):
        sampler.add(item)
        count += 1
    if warning := check_drawn_from(earlier, count):
        note(warning)
    return sampler.drawn()


def _strata_by_field(rows: Iterable[Classified], by: str) -> Iterator[tuple[Classified, str]]:
    known: dict[str, None] = {}
    for row in rows:
        fields = fields_of(row)
        known |= dict.fromkeys(fields)
        yield row, fields.get(by, NOTHING)
    check_known(by, known)


def _strata_by_band(
    rows: Iterable[Classified], project: Project
) -> Iterator[tuple[Classified, str]]:
    rules_alone = Project.open(replace(project.settings, mode="rules")).classifier
    for row, (by_rules,) in Folds([rules_alone]).predicted(rows):
        yield row, band(row.frames, by_rules)
