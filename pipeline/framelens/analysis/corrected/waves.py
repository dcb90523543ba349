"""Labelled sentences of one or several draws → one sample with known probabilities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from framelens.core.errors import FramelensError
from framelens.core.types import counted
from framelens.project.items import Item, check_labels, read_items
from framelens.project.labelled.reading import Note
from framelens.project.project import Project
from framelens.project.rare import skipped_labels

NEAR = 0.01
"""By what share the number of sentences may differ from that which a wave was drawn from."""


def read_wave(
    path: Path, project: Project, *, labelled: bool = False, note: Note = lambda _: None
) -> list[Item]:
    """Read a wave, without the labels that the project's model was trained without; where sentences
    are expected to be `labelled`, `note` takes a message on those that lose some.

    Raise FramelensError as `read_items` does, and for labels that exclude one another.
    """
    skipped = skipped_labels(project.classifier.rules)
    known = (*project.frames, *skipped)
    items = read_items(path, known, project.settings.encoding, labelled=labelled)
    if labelled:
        check_labels(items, project.scheme, path)
    if (gone := sum(bool({*skipped} & {*(item.labels or ())}) for item in items)) and labelled:
        note(
            f"{path}: {counted(gone, 'sentence')} with labels that the model was trained without "
            f"({', '.join(skipped)}); one that has no other counts as without a frame"
        )
    return [
        item
        if item.labels is None
        else replace(item, labels=tuple(it for it in item.labels if it not in skipped))
        for item in items
    ]


def joined_waves(waves: Sequence[Sequence[Item]]) -> list[Item]:
    """The sentences of all waves, each with its probability to be in any of them.

    Within a stratum all waves together are one simple random sample: probabilities add up, and
    where some of a stratum were drawn but not labelled, those that were stand for them. Raise
    FramelensError for probabilities that are unknown and for designs that differ.
    """
    items: dict[str, Item] = {}
    chances: Counter[str] = Counter()
    for wave in waves:
        chances.update(_chances(wave))
        for item in wave:
            if item.id in items:
                raise FramelensError(f"the sentence {item.id!r} is in two waves; expected it once")
            items[item.id] = item
    if len(designs := {item.design for item in items.values()}) > 1:
        names = " and ".join(repr(name) for name in sorted(designs))
        raise FramelensError(f"waves were drawn by {names}; expected one design for all of them")
    drawn = Counter(item.stratum for item in items.values())
    labelled = Counter(item.stratum for item in items.values() if item.labels is not None)
    if not labelled:
        raise FramelensError("no sentence of the sample has labels; expected some, or 'none'")
    if silent := sorted(set(drawn) - set(labelled)):
        raise FramelensError(
            f"no sentence of the stratum {silent[0]!r} has labels; expected some of each stratum, "
            "'none' where a sentence carries no frame"
        )
    rates = {name: min(1.0, chances[name]) * labelled[name] / drawn[name] for name in drawn}
    return [replace(item, probability=rates[item.stratum]) for item in items.values()]


def _chances(wave: Sequence[Item]) -> dict[str, float]:
    chances: dict[str, float] = {}
    for item in wave:
        if item.probability is None:
            raise FramelensError(
                f"the labelled sentence {item.id!r} has no probability: sentences that were picked "
                "in an unknown way can't correct a share, for they may err more or less often than "
                "the others; draw them with framelens sample"
            )
        expected = chances.setdefault(item.stratum, item.probability)
        if abs(expected - item.probability) > 1e-9:
            raise FramelensError(
                f"the sentence {item.id!r} has the probability {item.probability:g}, others of its "
                f"stratum {expected:g}; expected one a stratum"
            )
    return chances


def check_drawn_from(waves: Sequence[Sequence[Item]], sentences: int) -> str:
    """Compare the number of sentences with that which each wave was drawn from, by its probabilities.

    Return a warning where they differ a little, as where a row of a wave is missing, else nothing;
    raise FramelensError where they differ by more than NEAR.
    """
    sizes_by_wave = [_sizes(wave) for wave in waves]
    every = {stratum: size for sizes in sizes_by_wave for stratum, size in sizes.items()}
    warning = ""
    for number, sizes in enumerate(sizes_by_wave, start=1):
        # A stratum that is used up is in earlier waves only.
        whole = sum((every | sizes).values())
        label = "the sample" if len(sizes_by_wave) == 1 else f"wave {number}"
        if abs(whole - sentences) > NEAR * sentences + 0.5:
            raise FramelensError(
                f"{label} was drawn from {whole:,.0f} sentences, and there are {sentences:,} now; "
                "expected the same texts, the same kinds of sentences (--only, --language, --min-words, "
                "--about) and every sentence that was drawn, labelled or not"
            )
        if abs(whole - sentences) > 0.5 and not warning:
            warning = (
                f"{label} stands for {whole:,.0f} sentences, and there are {sentences:,}: rows are missing "
                "(put back what was drawn, blank if nobody has labelled it), texts or digits of "
                "probabilities have changed"
            )
    return warning


def _sizes(wave: Sequence[Item]) -> dict[str, float]:
    """The size of each stratum, as the probabilities of the sentences drawn from it imply."""
    counts = Counter(item.stratum for item in wave)
    return {name: counts[name] / chance for name, chance in _chances(wave).items()}
