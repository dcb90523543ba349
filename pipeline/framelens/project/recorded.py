"""Files that framelens has written → their sentences, not classified a second time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from framelens.core.errors import FramelensError, at
from framelens.core.settings import Settings
from framelens.core.types import (
    FOUND,
    KINDS,
    Classified,
    Evidence,
    Follows,
    FrameStance,
    Kind,
    Passage,
    Sentence,
    SentenceFrames,
    StanceReason,
)
from framelens.preprocessing.structure import selected
from framelens.project.labelled.sentence import stances_of
from framelens.project.project import Project
from framelens.project.relevance import with_relevance
from framelens.readers import Reading, Source, read_sources
from framelens.readers.columns import first_fields
from framelens.writers.csv_table import FORMULA
from framelens.writers.records import COLUMNS, EXPLAINED

ITS_OWN = {*COLUMNS, "evidence"} - {"id", "text"}
"""Columns by which a file that framelens has written is known: it has all of them."""

AS_WRITTEN = "file{s} {were} taken with the labels that framelens wrote there, whatever"
"""A kind of note, before the options that count for nothing."""

REST = "meta"
GUARDED = tuple(f"'{mark}" for mark in FORMULA)
EVIDENCE = tuple(item.name for item in fields(Evidence))

Observe = Callable[[Iterable[Passage]], Iterable[Passage]]


def sentences_from(
    sources: Sequence[Source],
    reading: Reading,
    project: Project,
    observe: Observe = lambda passages: passages,
) -> Iterator[Classified]:
    """The sentences of sources in order: texts are classified, and files that framelens has written,
    known by the fields of their first record (`ITS_OWN`), are taken with the labels they have.

    `observe` is applied to the passages on their way. Raise FramelensError where a file has frames
    that are not the project's.
    """

    def is_written(source: Source) -> bool:
        return set(first_fields(source, project.settings)) >= ITS_OWN

    unheeded = _unheeded(project.settings)
    for written, group in groupby(sources, key=is_written):
        if written:
            files = list(group)
            if unheeded:
                reading.notes.add(f"{AS_WRITTEN} {unheeded} may say", files[0].name, len(files))
            rows = chain.from_iterable(
                _selected(source, observe(read_sources([source], reading)), project)
                for source in files
            )
            about = project.settings.about
            yield from with_relevance(rows, about) if about else rows
        else:
            yield from project.classify(observe(read_sources(group, reading)))


def _unheeded(settings: Settings) -> str:
    """The options given by which labels would be other ones, if they were not recorded; of rules that
    have no model, labels are by rules alone anyway."""
    has_model = Path(settings.model).is_dir() if settings.model else not settings.rules
    given = {
        "--threshold": settings.thresholds,
        "--rules-only": settings.mode == "rules" and has_model,
        "--model-only": settings.mode == "model",
        "--main-text": settings.main_text,
    }
    return ", ".join(name for name, value in given.items() if value)


def _selected(
    source: Source, passages: Iterable[Passage], project: Project
) -> Iterator[Classified]:
    """The sentences of a file of the kinds and languages that are asked for."""
    for row in _recorded(passages, project.frames):
        if any(selected([row.sentence], project.settings, project.left_out)):
            project.recorded[source.name] += 1
            if not project.settings.min_about:
                project.left_out.count_about(row.sentence, row.frames.about)
            yield row


def _recorded(passages: Iterable[Passage], frames: Sequence[str]) -> Iterator[Classified]:
    last_end: tuple[str, int] | None = None
    for passage in passages:
        try:
            row = _sentence(passage, frames)
        except (TypeError, ValueError, KeyError) as error:
            problem = f"not as framelens writes it: {str(error)[:80]}"
            raise at(passage.doc, None, problem) from None
        if unknown := {*row.frames.labels, *row.frames.scores} - {*frames}:
            raise FramelensError(
                f"{passage.doc}: was written with the frames {', '.join(sorted(unknown))}; expected "
                f"{', '.join(frames)}, or --rules with the folder it was classified with"
            )
        # A blank away from the sentence before it, it stood on the same line.
        place = row.sentence.doc, row.frames.start - 1
        follows = Follows.SAME_LINE if place == last_end else Follows.NEW_PARAGRAPH
        last_end = row.sentence.doc, row.frames.end
        yield replace(row, sentence=replace(row.sentence, follows=follows))


def _sentence(passage: Passage, frames: Sequence[str]) -> Classified:
    """A record as the sentence that it was written for."""
    fields = {name: _unguarded(value) for name, value in passage.meta.items()}
    text = str(_unguarded(passage.text))
    start, end, index = (int(fields.pop(name)) for name in ("start", "end", "index"))
    doc, primary = str(fields.pop("doc")), fields.pop("primary") or None
    labels, evidence = fields.pop("labels"), fields.pop("evidence")
    by_frame: dict[str, dict[str, Any]] = {"bias": {}, "thresholds": {}, "reasons": {}}
    if isinstance(labels, str):  # CSV, where each frame has columns of its own
        labels = filter(None, labels.split("|"))
        by_frame["scores"] = {
            frame: float(fields.pop(frame)) for frame in frames if frame in fields
        }
        for frame in frames:
            for name in EXPLAINED.values():
                fields.pop(f"{frame} {name}", None)
    else:
        by_frame = {name: dict(fields.pop(name, None) or {}) for name in (*by_frame, "scores")}
    about, stances = fields.pop("about", None), stances_of(fields.pop("stances", None))
    reasons_by_frame = by_frame.pop("reasons")
    reasons = {frame: tuple(map(_reason, rows or ())) for frame, rows in reasons_by_frame.items()}
    classification = SentenceFrames(
        text=text,
        start=start,
        end=end,
        labels=tuple(labels),
        primary=primary,
        evidence=_evidence(evidence),
        about=None if about in (None, "") else float(about),
        stances={
            frame: FrameStance(name, {}, reasons=reasons.get(frame, ()))
            for frame, name in stances.items()
        },
        **by_frame,
    )
    meta = _meta(fields)
    found = {name: _found(meta, name, beside) for name, beside in FOUND.items()}
    kind: Kind = found["kind"] if found["kind"] in KINDS else "prose"
    place = {"language": str(found["language"])} if found["language"] else {}
    source = Passage(doc, text, offset=start, id=passage.id, meta=meta)
    return Classified(Sentence(source, index, 0, text, fields=place, kind=kind), classification)


def _found(meta: dict[str, Any], name: str, beside: str) -> Any:
    """What framelens has found itself, taken out of the fields of a record, whose own one stays."""
    if beside in meta:
        meta.setdefault(name, "")  # a blank cell is a value of its own
        return meta.pop(beside)
    return meta.pop(name, "")


def _reason(row: Mapping[str, Any]) -> StanceReason:
    """A reason for a stance, with a place or none."""
    start, end = (None if row[edge] is None else int(row[edge]) for edge in ("start", "end"))
    return StanceReason(str(row["text"]), start, end, str(row["words"]), float(row["weight"]))


def _evidence(rows: object) -> tuple[Evidence, ...]:
    """The evidence; that of CSV is in words, without places, and is left out."""
    if not isinstance(rows, list):
        return ()
    return tuple(
        Evidence(**{name: item[name] for name in EVIDENCE if name in item}) for item in rows
    )


def _meta(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the input's own: in `meta`, in CSV in columns too."""
    inner = given.get(REST)
    if isinstance(inner, str):
        with suppress(ValueError):
            inner = json.loads(inner)
    columns = {
        name.removeprefix(f"{REST}."): value
        for name, value in given.items()
        if name != REST and value not in (None, "")
    }
    return {**columns, **(inner if isinstance(inner, dict) else {})}


def _unguarded(value: object) -> Any:
    """A cell without the apostrophe that keeps spreadsheets from running it as a formula."""
    return value[1:] if isinstance(value, str) and value.startswith(GUARDED) else value
