"""Whether 95% intervals of corrected shares cover the truth 95 times in 100.

    python -m tests.benchmarks.coverage [--draws 1000] [--table FILE.md] [--plot FILE.svg]

Populations are made up, so that their truth is known: documents of 20 sentences of five groups,
whose shares of a frame and whose rates of error differ. Again and again some of the sentences are
drawn and labelled, and it is counted how often the corrected share's interval holds the truth, how
often that of the labelled sentences alone, and how often that of the plain count.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from framelens.core.types import Bools, Floats, Ints
from framelens.project.sampling import GIVEN, LIKELY, NOTHING, allocated
from framelens.statistics.corrected import Design, Estimate, Target, corrected_share
from framelens.statistics.proportions import ClusterSums, effective_sizes, wilson

from tests.benchmarks.cover_plot import cover_plot
from tests.benchmarks.tables import markdown, write

ALL = "all sentences"
GROUPS = ("A", "B", "C", "D", "E")
PART = np.array([0.30, 0.25, 0.15, 0.10, 0.20])
"""Of the documents, by group."""
SHARE = np.array([0.30, 0.15, 0.45, 0.25, 0.10])
"""Of the sentences that carry the frame."""
MISSED = np.array([0.10, 0.25, 0.05, 0.40, 0.50])
"""Of those that carry it."""
WRONG = np.array([0.03, 0.02, 0.10, 0.05, 0.00])
"""Of those that do not carry it, but are given it: in E all errors go one way."""
ALIKE = 12.0
"""How alike documents of a group are: the two parameters of their shares' beta add up to it."""
DOCUMENTS, EACH = 300, 20
SIZES = (100, 200, 400)


@dataclass(frozen=True, slots=True)
class Population:
    """Classified sentences whose truth is known: a value a sentence."""

    group: Ints
    documents: Ints
    truth: Bools
    predicted: Bools


@dataclass(slots=True)
class Cover:
    """How often the truth was covered, and how wide the interval was beside that of the labels
    alone."""

    corrected: list[bool] = field(default_factory=list)
    alone: list[bool] = field(default_factory=list)
    plain: list[bool] = field(default_factory=list)
    width: list[float] = field(default_factory=list)


Key = tuple[str, int, str]
"""What is aimed at and how it was drawn; the number of labels; the group."""


def population(random: np.random.Generator) -> Population:
    """Documents drawn from all that there could be."""
    groups = random.choice(len(GROUPS), DOCUMENTS, p=PART)
    shares = random.beta(ALIKE * SHARE[groups], ALIKE * (1 - SHARE[groups]))
    group, documents = np.repeat(groups, EACH), np.repeat(np.arange(DOCUMENTS), EACH)
    truth = random.random(len(group)) < np.repeat(shares, EACH)
    chance = np.where(truth, 1 - MISSED[group], WRONG[group])
    return Population(group, documents, truth, random.random(len(group)) < chance)


def simulate(draws: int, sizes: Sequence[int] = SIZES, *, seed: int = 0) -> dict[Key, Cover]:
    """Draw and count, in each of the `WAYS`: the truth of documents like these, which are drawn anew
    each time, or that of these texts."""
    covers: dict[Key, Cover] = defaultdict(Cover)
    random = np.random.default_rng(seed)
    fixed = population(random)
    for _ in range(draws):
        people = {"documents": population(random), "texts": fixed}
        for n in sizes:
            for way, (target, strata) in WAYS.items():
                of = people[target]
                _count(covers, (way, n), of, _drawn(of, n, target, strata(of), random))
    return dict(covers)


def _drawn(
    people: Population, n: int, target: Target, strata: Strata, random: np.random.Generator
) -> Design:
    """As many of each stratum as `framelens sample` would take."""
    numbers, wanted = strata
    sizes = {str(number): int(count) for number, count in enumerate(np.bincount(numbers))}
    chosen = allocated(n, sizes, {str(at): sizes[str(at)] * want for at, want in enumerate(wanted)})
    counts = np.array([chosen[str(at)] for at in range(len(sizes))])
    parts = [
        random.choice(np.flatnonzero(numbers == at), count, replace=False)
        for at, count in enumerate(counts)
    ]
    labelled = np.sort(np.concatenate(parts))
    stratum = numbers[labelled]
    probability = (counts / np.bincount(numbers))[stratum]
    return Design(labelled, probability, stratum, people.documents, target)


Strata = tuple[Ints, Sequence[float]]
"""The stratum of each sentence, and how often those of each are drawn beside others."""


def _one(people: Population) -> Strata:
    return np.zeros(len(people.truth), dtype=np.int64), (1.0,)


def _groups(people: Population) -> Strata:
    return people.group, (1 / np.bincount(people.group)).tolist()


def _bands(people: Population) -> Strata:
    return people.predicted.astype(np.int64), (LIKELY[NOTHING], LIKELY[GIVEN])


WAYS: Mapping[str, tuple[Target, Callable[[Population], Strata]]] = {
    "documents": ("documents", _one),
    "documents, by group": ("documents", _groups),
    "documents, unsure": ("documents", _bands),
    "texts": ("texts", _one),
    "texts, by group": ("texts", _groups),
    "texts, unsure": ("texts", _bands),
}
"""What a share is of, and how sentences are drawn: alike, as many of each group, or more often where
the classifier is likely to err."""


def _count(
    covers: dict[Key, Cover], way: tuple[str, int], people: Population, design: Design
) -> None:
    for number, name in enumerate((ALL, *GROUPS)):
        within = np.ones(len(people.truth), bool) if number == 0 else people.group == number - 1
        truth = float(people.truth[within].mean())
        if design.target == "documents":
            truth = float(SHARE @ PART) if number == 0 else float(SHARE[number - 1])
        labels = people.truth[design.labelled]
        found = corrected_share(people.predicted, labels, design, within)
        if found is not None:
            _note(covers[(*way, name)], found, truth, _plain(people, within))


def _note(cover: Cover, found: Estimate, truth: float, plain: tuple[float, float]) -> None:
    cover.corrected.append(found.low <= truth <= found.high)
    cover.alone.append(found.alone.low <= truth <= found.alone.high)
    cover.plain.append(plain[0] <= truth <= plain[1])
    cover.width.append((found.high - found.low) / (found.alone.high - found.alone.low))


def _plain(people: Population, within: Bools) -> tuple[float, float]:
    """The interval that `framelens summary` gives."""
    documents, sentences = int(within.sum()) // EACH, int(within.sum())
    given = np.bincount(people.documents[within], people.predicted[within])
    total, squares = np.array([given.sum()]), np.array([given @ given])
    sums = ClusterSums(documents, sentences, EACH * sentences, total, squares, EACH * total)
    size = float(effective_sizes(sums)[0])
    return wilson(float(total[0]) / sentences * size, size)


HEADING = (
    "share of",
    "labels",
    *(f"corrected, {name}" for name in ("all", *GROUPS)),
    "labels alone",
    "plain count",
    "width (mean)",
    "width (most)",
)


def rows(covers: dict[Key, Cover]) -> list[list[str]]:
    """A row a way and number of labels; groups with an estimate in fewer than half of the draws are
    left out. Of labels alone and plain counts stand the lowest and highest."""
    most = max(len(cover.corrected) for cover in covers.values())
    found = []
    for way, n in sorted({key[:2] for key in covers}):
        cells = {name: covers.get((way, n, name)) for name in (ALL, *GROUPS)}
        held = {
            name: cover
            for name, cover in cells.items()
            if cover is not None and 2 * len(cover.corrected) >= most
        }
        own = [
            f"{100 * np.mean(held[name].corrected):.1f}" if name in held else "–" for name in cells
        ]
        alone = [100 * float(np.mean(cover.alone)) for cover in held.values()]
        plain = [100 * float(np.mean(cover.plain)) for cover in held.values()]
        widths = [width for cover in held.values() for width in cover.width]
        ranges = (f"{min(shares):.1f}–{max(shares):.1f}" for shares in (alone, plain))
        found.append([way, str(n), *own, *ranges, f"{np.mean(widths):.2f}", f"{max(widths):.2f}"])
    return found


def panels(covers: dict[Key, Cover]) -> dict[str, list[tuple[str, Floats]]]:
    """What the plot shows: of each way, number of labels and group, coverage in three ways (%)."""
    most = max(len(cover.corrected) for cover in covers.values())
    points: dict[str, list[tuple[str, Floats]]] = {}
    for (way, n, group), cover in sorted(covers.items()):
        if 2 * len(cover.corrected) >= most:
            hits = (cover.corrected, cover.alone, cover.plain)
            shown = np.array([100 * np.mean(row) for row in hits])
            points.setdefault(way, []).append((f"{n} {group}", shown))
    return points


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate, print the table, and write it and the plot where that is asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.coverage")
    parser.add_argument("--draws", type=int, default=1000, help="of labels, each size [1000]")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--table", type=Path, help="write the table here (Markdown)")
    parser.add_argument("--plot", type=Path, help="write a plot here (SVG)")
    options = parser.parse_args(arguments)
    covers = simulate(options.draws, seed=options.seed)
    table = markdown(HEADING, rows(covers))
    print(table)
    write(options.table, f"{table}\n")
    write(options.plot, cover_plot(panels(covers)))


if __name__ == "__main__":
    main()
