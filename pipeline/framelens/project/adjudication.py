"""The labels of several coders → one answer for each sentence, and the sentences they disagree on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError, at
from framelens.core.files import check_apart, same_file
from framelens.core.tables import short_repr
from framelens.project.items import (
    TOGETHER,
    Item,
    check_labels,
    check_named,
    check_unlabelled,
    read_items,
    same_probability,
    same_sentence,
    write_items,
)
from framelens.project.labelled.forms import NONE


@dataclass(frozen=True, slots=True)
class Merged:
    """Coders' files merged: `gold` has one answer a sentence, `disputed` the sentences on which two
    coders disagree, labels blank; `each` counts the sentences by the number of their coders (0, 1 …)."""

    gold: tuple[Item, ...]
    disputed: tuple[Item, ...]
    each: Mapping[int, int]

    __repr__ = short_repr


def merged(
    coders: Mapping[str, Sequence[Item]], frames: Sequence[str], settled: Sequence[Item] = ()
) -> list[Item]:
    """The sentences of all coders, each with the frames that a majority of those who labelled it gives.

    `coders` are by the names of their files; labels in `settled` stand above theirs. A sentence has no
    labels where nobody has labelled it, where a frame is tied, and where a majority gives some frame
    but no majority the same one. Raise FramelensError where files have different texts for a
    sentence, or samples that were drawn in different ways.
    """
    by_id = _by_id(coders)
    _check_one_sample(coders)
    final = {item.id: item.labels for item in settled if item.labels is not None}
    if unknown := sorted(set(final) - set(by_id)):
        raise FramelensError(f"no coder has the sentence {unknown[0]!r} that was settled")
    for item in settled:
        if item.id in by_id and item.text.split() != by_id[item.id][0].text.split():
            raise FramelensError(
                f"the sentence {item.id!r} has another text where it was settled than coders have; "
                "expected what --disagreements wrote"
            )
    items = []
    for identifier, answers in by_id.items():
        labels = final[identifier] if identifier in final else _majority(answers, frames)
        notes = "; ".join(item.note for item in answers if item.note)
        is_coded = any(item.labels is not None for item in answers) or labels is not None
        first = replace(answers[0], labels=labels, coder=TOGETHER if is_coded else "", note=notes)
        items.append(replace(first, unsure=any(item.unsure for item in answers)))
    return items


def merge_files(
    coded: Sequence[Path],
    scheme: Scheme,
    *,
    output: Path | None = None,
    disagreements: Path | None = None,
    adjudicated: Path | None = None,
    encoding: str = "utf-8",
) -> Merged:
    """Merge the files of coders, one each. Write gold to `output` and disputed sentences to
    `disagreements`, where these are given; `adjudicated` is the latter with its labels filled in.

    Raise FramelensError as `merged` does, for labels that the scheme does not allow, and where a file
    would be written over that is read, or holds labels.
    """
    if not coded:
        raise FramelensError("no coders' files given; expected at least one")
    check_apart([output, disagreements], [*coded, adjudicated])
    for path in filter(None, (output, disagreements)):
        check_named(path)
    for number, path in enumerate(coded):
        if any(same_file(path, other) for other in coded[:number]):
            raise at(path, None, "is given twice; expected a file a coder")
    if disagreements is not None:
        if output is not None and same_file(disagreements, output):
            raise at(output, None, "is to hold gold and disagreements; expected two files")
        check_unlabelled(disagreements)
    known: dict[str, str] = {}

    def opened(path: Path) -> list[Item]:
        items = read_items(path, scheme.names, encoding, labelled=True)
        called = known_ids((item.id for item in items), known)
        return [replace(item, id=called[item.id]) for item in items]

    coders = {str(path): opened(path) for path in coded}
    settled = opened(adjudicated) if adjudicated else []
    files = [*coders.items(), *([(str(adjudicated), settled)] if adjudicated else [])]
    for name, items in files:
        check_labels(items, scheme, Path(name))
    gold, open_items = merged(coders, scheme.names, settled), disputed(coders)
    for written, items in ((output, gold), (disagreements, open_items)):
        if written is not None:
            write_items(items, written)
    return Merged(tuple(gold), tuple(open_items), coders_each(coders))


def coders_each(coders: Mapping[str, Sequence[Item]]) -> Counter[int]:
    """By the number of coders (0, 1, 2 …), how many sentences so many of them have labelled."""
    counts = Counter({item.id: 0 for items in coders.values() for item in items})
    counts.update(item.id for items in coders.values() for item in items if item.labels is not None)
    return Counter(counts.values())


def _check_one_sample(coders: Mapping[str, Sequence[Item]]) -> None:
    """Raise FramelensError where files are of different samples: a stratum has one probability, and
    all strata were made in one way."""
    seen = [(file, item) for file, items in coders.items() for item in items]
    strata = {item.stratum: (file, item) for file, item in reversed(seen)}
    for file, item in seen:
        for other, like in (seen[0], strata[item.stratum]):
            alike = item.stratum != like.stratum or same_probability(item, like)
            if item.design != like.design or not alike:
                raise FramelensError(
                    f"{file}: {item.id!r} was drawn in another way than {like.id!r} of {other}, or with "
                    "another probability; expected coders of one sample (of several samples, correct "
                    "takes each as a file of its own)"
                )


def disputed(coders: Mapping[str, Sequence[Item]]) -> list[Item]:
    """The sentences on which two coders disagree, labels blank; `meta` has a field for each coder's."""
    named = coder_names(list(map(Path, coders)))
    columns = {str(path): f"said by {name}" for name, path in named.items()}
    answers_of: dict[str, dict[str, str]] = {}
    for file, items in coders.items():
        for item in items:
            if item.labels is not None:
                answers_of.setdefault(item.id, {})[columns[file]] = "|".join(item.labels) or NONE
    disagreements = []
    for identifier, answers in _by_id(coders).items():
        if len({item.labels for item in answers if item.labels is not None}) < 2:
            continue
        blank = replace(answers[0], labels=None, coder="", unsure=False)
        disagreements.append(
            replace(blank, note="", meta={**answers[0].meta, **answers_of[identifier]})
        )
    return disagreements


def _by_id(coders: Mapping[str, Sequence[Item]]) -> dict[str, list[Item]]:
    by_id: dict[str, list[Item]] = {}
    for file, items in coders.items():
        for item in items:
            first = by_id.setdefault(item.id, [])
            if first and not same_sentence(first[0], item):
                raise FramelensError(
                    f"{file}: the sentence {item.id!r} has another text or probability than in the "
                    "other files; expected coders of one sample"
                )
            first.append(item)
    return by_id


def _majority(answers: Sequence[Item], frames: Sequence[str]) -> tuple[str, ...] | None:
    """The frames that a majority gives, None where it cannot be told which (see `merged`)."""
    coded = [item.labels for item in answers if item.labels is not None]
    votes = {frame: sum(frame in labels for labels in coded) for frame in frames}
    if not coded or any(2 * count == len(coded) for count in votes.values()):
        return None
    majority = tuple(frame for frame in frames if 2 * votes[frame] > len(coded))
    if not majority and 2 * sum(bool(labels) for labels in coded) > len(coded):
        return None
    return majority


def coder_names(paths: Sequence[Path]) -> dict[str, Path]:
    """Files by the names of their coders; those that share a name keep their folders in it."""
    stems = Counter(path.stem for path in paths)
    return {path.stem if stems[path.stem] == 1 else str(path): path for path in paths}


def known_ids(ids: Iterable[str], known: dict[str, str]) -> dict[str, str]:
    """Each id in a file, and what its sentence was called in earlier files, whose ids may differ in blanks
    at the ends; `known` has the names of earlier files by the ids without blanks, and takes up new ones."""
    alike = {name: known.get(name) or known.setdefault(name.strip(), name) for name in ids}
    counts = Counter(alike.values())
    # Where a file has both, they are two sentences.
    called = {own: name if counts[name] == 1 else own for own, name in alike.items()}
    known.update({name: name for name in called.values()})
    return called
