"""What several coders say of the same sentences → one answer, and what is to be settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError, at
from framelens.core.files import check_apart, same_file
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
from framelens.project.label_forms import NONE
from framelens.project.labelled import coder_names


@dataclass(frozen=True, slots=True)
class Merged:
    """What comes of several coders: `gold` has one answer a sentence, `disputed` the sentences of
    which two say different things, labels blank; `each` counts the sentences that so many coders (0,
    1, 2 …) have labelled."""

    gold: tuple[Item, ...]
    disputed: tuple[Item, ...]
    each: Mapping[int, int]


def merged(
    coders: Mapping[str, Sequence[Item]], frames: Sequence[str], settled: Sequence[Item] = ()
) -> list[Item]:
    """The sentences of all coders, each with the frames that most of those who labelled it give.

    Sentences in `settled` that have labels have those. One on which a frame is tied, that nobody has
    labelled, or of which most say that it has a frame but no majority which, has no labels. `coders`
    are by the names of their files. Raise FramelensError where two say different things of what a
    sentence is, or are of samples that were drawn in different ways.
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
    for identifier, given in by_id.items():
        labels = final[identifier] if identifier in final else _majority(given, frames)
        notes = "; ".join(item.note for item in given if item.note)
        said = any(item.labels is not None for item in given) or labels is not None
        first = replace(given[0], labels=labels, coder=TOGETHER if said else "", note=notes)
        items.append(replace(first, unsure=any(item.unsure for item in given)))
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
    """Merge the files of coders, one each, and write what there is a name for: gold to `output`, what
    is disputed to `disagreements`; `adjudicated` is the latter with its labels filled in.

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
    coders = {str(path): read_items(path, scheme.names, encoding, labelled=True) for path in coded}
    settled = read_items(adjudicated, scheme.names, encoding, labelled=True) if adjudicated else []
    given = [*coders.items(), *([(str(adjudicated), settled)] if adjudicated else [])]
    for name, items in given:
        check_labels(items, scheme, Path(name))
    gold, open_items = merged(coders, scheme.names, settled), disputed(coders)
    for written, items in ((output, gold), (disagreements, open_items)):
        if written is not None:
            write_items(items, written)
    return Merged(tuple(gold), tuple(open_items), coders_each(coders))


def coders_each(coders: Mapping[str, Sequence[Item]]) -> Counter[int]:
    """How many sentences so many coders have labelled: 0, 1, 2 …"""
    said = Counter({item.id: 0 for items in coders.values() for item in items})
    said.update(item.id for items in coders.values() for item in items if item.labels is not None)
    return Counter(said.values())


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
    """The sentences of which two coders say different things, labels blank; `meta` has a field a
    coder with what was said."""
    named = coder_names(list(map(Path, coders)))
    columns = {str(path): f"said by {name}" for name, path in named.items()}
    said: dict[str, dict[str, str]] = {}
    for file, items in coders.items():
        for item in items:
            if item.labels is not None:
                said.setdefault(item.id, {})[columns[file]] = "|".join(item.labels) or NONE
    disagreements = []
    for identifier, given in _by_id(coders).items():
        if len({item.labels for item in given if item.labels is not None}) < 2:
            continue
        blank = replace(given[0], labels=None, coder="", unsure=False)
        disagreements.append(replace(blank, note="", meta={**given[0].meta, **said[identifier]}))
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


def _majority(given: Sequence[Item], frames: Sequence[str]) -> tuple[str, ...] | None:
    """What most say of each frame; None where a frame is tied, nobody has labelled, or most say
    that there is a frame, but no majority which."""
    said = [item.labels for item in given if item.labels is not None]
    votes = {frame: sum(frame in labels for labels in said) for frame in frames}
    if not said or any(2 * count == len(said) for count in votes.values()):
        return None
    majority = tuple(frame for frame in frames if 2 * votes[frame] > len(said))
    if not majority and 2 * sum(bool(labels) for labels in said) > len(said):
        return None
    return majority
