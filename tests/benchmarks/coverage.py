"""Whether 95% intervals of corrected shares cover the truth 95 times in 100.

    python -m tests.benchmarks.coverage [--draws 1000] [--table FILE.md] [--plot FILE.svg]

Populations are made up, so that their truth is known: documents of 20 sentences of four groups,
whose shares of a frame and whose rates of error differ. Again and again some of the sentences are
drawn and labelled, and it is counted how often the corrected share's interval holds the truth, how
often that of the labelled sentences alone, and how often that of the plain count.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from framelens.core.types import Bools, Floats, Ints
from framelens.statistics.corrected import Design, Estimate, Target, corrected_share
from framelens.statistics.proportions import ClusterSums, effective_sizes, wilson

from tests.benchmarks.cover_plot import cover_plot
from tests.benchmarks.tables import markdown, write

ALL = "all sentences"
GROUPS = ("A", "B", "C", "D")
PART = np.array([0.4, 0.3, 0.2, 0.1])
"""Of the documents, by group."""
SHARE = np.array([0.30, 0.15, 0.45, 0.25])
"""Of the sentences that carry the frame."""
MISSED = np.array([0.10, 0.25, 0.05, 0.40])
"""Of those that carry it."""
WRONG = np.array([0.03, 0.02, 0.10, 0.05])
"""Of those that do not carry it, but are given it."""
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
    """Draw and count, for three ways: the truth of documents like these, that of these texts, and
    that of these texts with as many labels of each group."""
    covers: dict[Key, Cover] = defaultdict(Cover)
    random = np.random.default_rng(seed)
    fixed = population(random)
    for _ in range(draws):
        anew = population(random)
        for n in sizes:
            _count(covers, ("documents", n), anew, _at_random(anew, n, "documents", random))
            _count(covers, ("texts", n), fixed, _at_random(fixed, n, "texts", random))
            _count(covers, ("texts, by group", n), fixed, _by_group(fixed, n, random))
    return dict(covers)


def _at_random(people: Population, n: int, target: Target, random: np.random.Generator) -> Design:
    size = len(people.truth)
    labelled = np.sort(random.choice(size, n, replace=False))
    stratum = np.zeros(n, dtype=np.int64)
    return Design(labelled, np.full(n, n / size), stratum, people.documents, target)


def _by_group(people: Population, n: int, random: np.random.Generator) -> Design:
    each = n // len(GROUPS)
    drawn = [
        random.choice(np.flatnonzero(people.group == number), each, replace=False)
        for number in range(len(GROUPS))
    ]
    labelled = np.sort(np.concatenate(drawn))
    stratum = people.group[labelled]
    probability = each / np.bincount(people.group)[stratum]
    return Design(labelled, probability, stratum, people.documents, "texts")


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
    sums = ClusterSums.nothing(1)
    given = np.bincount(people.documents[within], people.predicted[within], DOCUMENTS)
    for count in given[np.bincount(people.documents[within], minlength=DOCUMENTS) > 0]:
        sums.add(EACH, np.array([count]))
    size = float(effective_sizes(sums)[0])
    return wilson(float(sums.given[0]) / sums.sentences * size, size)


HEADING = (
    "share of",
    "labels",
    "group",
    "corrected",
    "labels alone",
    "plain count",
    "width (mean)",
    "width (most)",
)


def rows(covers: dict[Key, Cover]) -> list[list[str]]:
    """A row a way, number of labels and group; groups with an estimate in fewer than half of the
    draws have none."""
    most = max(len(cover.corrected) for cover in covers.values())
    return [
        [
            way,
            str(n),
            group,
            *(f"{100 * np.mean(hits):.1f}%" for hits in (cover.corrected, cover.alone)),
            f"{100 * np.mean(cover.plain):.1f}%",
            f"{np.mean(cover.width):.2f}",
            f"{np.max(cover.width):.2f}",
        ]
        for (way, n, group), cover in sorted(covers.items())
        if 2 * len(cover.corrected) >= most
    ]


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
    points: dict[str, list[tuple[str, Floats]]] = {}
    for way, n, group, *figures in rows(covers):
        shown = np.array([float(figure.rstrip("%")) for figure in figures[:3]])
        points.setdefault(way, []).append((f"{n} {group}", shown))
    write(options.plot, cover_plot(points))


if __name__ == "__main__":
    main()
