"""How cost grows with sentences and with rules, and what training and loading take."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import cycle, islice
from statistics import median

import numpy as np
from framelens.classification.model import Model
from framelens.core.files import data_path
from framelens.project.labelled.sentence import LabelledSentence
from framelens.rules.rule_files import RuleSet, read_rules
from framelens.training.train import train

from tests.benchmarks.finding import Finding
from tests.benchmarks.generated import classifier_with
from tests.benchmarks.recombined import recombined, strange
from tests.benchmarks.samples import training_sentences
from tests.benchmarks.throughput import classifying
from tests.benchmarks.timing import Clock, Job, Maker, in_turns, ratio

STEPS = (1, 2, 4, 8)
TIMES = 4
"""How many times the rules."""
STRANGE = 0.05
"""The share of words that are changed where a training sentence is used again."""


def by_sentences(step: int, rounds: int, clock: Clock) -> list[Finding]:
    """Times for 1, 2, 4 and 8 steps of sentences, and how far they are from a straight line."""
    texts = list(recombined(step * STEPS[-1]))

    def maker(size: int) -> Maker:
        return lambda _: classifying(texts[:size], "sentence", False)

    sizes = [number * step for number in STEPS]
    times = in_turns({str(size): maker(size) for size in sizes}, rounds=rounds, clock=clock)
    seconds = [min(times[str(size)]) for size in sizes]
    rows = [
        Finding(f"{size:,} sentences", found, None, "s")
        for size, found in zip(sizes, seconds, strict=True)
    ]
    return [*rows, Finding("farthest from a straight line", 100 * bend(seconds), 3, "%")]


def bend(seconds: Sequence[float]) -> float:
    """How far the times for `STEPS` are at most from the line that fits them best, as a share."""
    shares = 1 / np.array(seconds)
    line = np.polyval(np.polyfit(STEPS, seconds, 1, w=shares), STEPS)
    return float(np.abs(line * shares - 1).max())


def by_rules(count: int, rounds: int, clock: Clock) -> list[Finding]:
    """The time with four times the rules as a multiple of that with the shipped ones."""
    rules, model = read_rules(data_path("rules")), Model.load(data_path("models/default"))
    texts = list(recombined(count))

    def maker(times: int) -> Maker:
        return lambda _: _with_rules(texts, rules, model, times)

    times = in_turns({"1": maker(1), "4": maker(TIMES)}, rounds=rounds, clock=clock)
    many = TIMES * len(rules.rules)
    return [Finding(f"{many:,} rules / {len(rules.rules):,} rules", ratio(times, "4", "1"), 1.4)]


def _with_rules(texts: Sequence[str], rules: RuleSet, model: Model, times: int) -> Job:
    return classifying(texts, "sentence", False, classifier=classifier_with(rules, model, times))


def training(count: int, clock: Clock) -> list[Finding]:
    """The time of training on some sentences, folds and all."""
    rules = read_rules(data_path("rules"))
    rows = list(varied(training_sentences(rules.scheme.names), count))
    times = in_turns({"train": lambda _: partial(train, rows, rules)}, rounds=1, clock=clock)
    return [Finding(f"training on {count:,} sentences", times["train"][0], 60, "s")]


def varied(sentences: Sequence[LabelledSentence], count: int) -> Iterator[LabelledSentence]:
    """`count` sentences with their labels: those given, and again with some words changed."""
    chance = random.Random(0)
    for number, row in enumerate(islice(cycle(sentences), count)):
        words = row.text.split()
        if number >= len(sentences):
            words = [strange(chance) if chance.random() < STRANGE else word for word in words]
        yield replace(row, id=str(number), text=" ".join(words))


def loading(rounds: int) -> list[Finding]:
    """The time of reading the shipped model and setting up its index of terms."""
    folder = data_path("models/default")
    times = in_turns({"load": lambda _: lambda: Model.load(folder).index}, rounds=rounds)
    return [Finding("loading the model", 1000 * median(times["load"]), 30, "ms")]
