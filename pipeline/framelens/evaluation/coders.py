"""Coders' labelled files → codes, matched to the sentences under test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from framelens.core.errors import at
from framelens.project.adjudication import coder_names, known_ids
from framelens.project.labelled.forms import LabelForm
from framelens.project.labelled.reading import Note, read_labelled
from framelens.project.labelled.sentence import LabelledSentence
from framelens.statistics.agreement import Codes


def read_coders(
    paths: Sequence[Path],
    sentences: Sequence[LabelledSentence],
    frames: Sequence[str],
    form: LabelForm | None = None,
    note: Note = lambda _: None,
    skipped: Sequence[str] = (),
) -> tuple[list[LabelledSentence], dict[str, Codes]]:
    """What coders are compared on, `sentences` first, and the codes of each coder for it, matched by id,
    from labelled files that are read as `form` says; a file's name without its ending is the coder's
    (`coder_names`). `note` takes what `read_labelled` tells of them, `skipped` are labels that
    the model was trained without.

    Other sentences that two coders have labelled are compared, too: those without gold are mostly those
    on which coders disagree. Sentences that a file leaves out count as not coded. Raise FramelensError
    where a file has none of the sentences, or other words under the same id.
    """
    named = coder_names(paths)
    allowed = (*frames, *skipped)
    known = {sentence.id for sentence in sentences}
    ids: dict[str, str] = {}
    known_ids((sentence.id for sentence in sentences), ids)
    answers: dict[Path, list[LabelledSentence]] = {}
    for path in named.values():
        rows = read_labelled(path, allowed, form, note=note)
        called = known_ids((row.id for row in rows), ids)
        answers[path] = [replace(row, id=called[row.id]) for row in rows]
    others: dict[tuple[str, str], list[LabelledSentence]] = {}
    for path, rows in answers.items():
        if known.isdisjoint(row.id for row in rows):
            raise at(
                path, None, "has none of the ids of the labelled file; coders are matched by id"
            )
        for row in rows:
            if row.id not in known:
                others.setdefault((row.id, " ".join(row.text.split())), []).append(row)
    compared = [*sentences, *(rows[0] for rows in others.values() if len(rows) > 1)]
    return compared, {
        name: _matched(path, answers[path], compared, frames) for name, path in named.items()
    }


def codes_of(sentences: Sequence[LabelledSentence | None], frames: Sequence[str]) -> Codes:
    """Labels as codes, sentences × frames; None stands for a sentence that was not coded."""
    return np.array(
        [
            [-1 if sentence is None else frame in sentence.labels for frame in frames]
            for sentence in sentences
        ],
        dtype=np.int8,
    ).reshape(len(sentences), len(frames))


def _matched(
    path: Path,
    answers: Sequence[LabelledSentence],
    sentences: Sequence[LabelledSentence],
    frames: Sequence[str],
) -> Codes:
    by_id = {answer.id: answer for answer in answers}
    coded = [by_id.get(sentence.id) for sentence in sentences]
    for sentence, answer in zip(sentences, coded, strict=True):
        if answer is not None and answer.text.split() != sentence.text.split():
            raise at(path, None, f"the text of {answer.id!r} is not the one in the labelled file")
    return codes_of(coded, frames)
