"""Classified sentences → those to label, drawn by one of the designs of `project.sampling`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from framelens.analysis.corrected.waves import check_drawn_from, read_wave
from framelens.analysis.summary import check_known, fields_of
from framelens.classification.classifier import classify_sentences
from framelens.core.errors import FramelensError
from framelens.core.types import NOTHING, Classified
from framelens.project.items import Item
from framelens.project.labelled import Note
from framelens.project.project import Project, digest_of_model
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

    What the options mean is said in `framelens.api.sample`; `note` is told where an earlier wave
    speaks of some more or fewer sentences. Raise FramelensError where there are fewer than `n`, no
    sentence has the field `by`, or an earlier wave was not drawn from these sentences.
    """
    if by is not None and draw != "random":
        raise FramelensError("by and draw='unsure' exclude each other; expected one design")
    earlier = [read_wave(path, project) for path in avoid]
    if by is not None:
        strata, design = _by_values(rows, by), f"field {by}"
    elif draw == "random":
        strata, design = ((row, "") for row in rows), "random"
    else:
        strata, design = _by_bands(rows, project), f"unsure {_digests(project)}"
    sampler, count = Sampler(n, design, checked_seed(seed), chain.from_iterable(earlier)), 0
    for item in items_of(strata, unit=project.settings.unit, blind=blind):
        sampler.add(item)
        count += 1
    if told := check_drawn_from(earlier, count):
        note(told)
    return sampler.drawn()


def _digests(project: Project) -> str:
    model = digest_of_model(project.settings) or ""
    return f"{project.classifier.rules.digest[:8]}-{model[:8]}"


def _by_values(rows: Iterable[Classified], by: str) -> Iterator[tuple[Classified, str]]:
    known: dict[str, None] = {}
    for row in rows:
        fields = fields_of(row)
        known |= dict.fromkeys(fields)
        yield row, fields.get(by, NOTHING)
    check_known(by, known)


def _by_bands(rows: Iterable[Classified], project: Project) -> Iterator[tuple[Classified, str]]:
    alone = Project.open(replace(project.settings, mode="rules")).classifier
    rows = iter(rows)
    while block := list(islice(rows, 512)):
        sentences = [row.sentence for row in block]
        again = classify_sentences(sentences, alone, evidence=False)
        for row, by_rules in zip(block, again, strict=True):
            yield row, band(row.frames, by_rules.frames.labels)
