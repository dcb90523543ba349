"""How many sentences a second each of several systems labels, beside spaCy's bare tokenizer."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import mean, median

import spacy

from tests.benchmarks.recombined import recombined
from tests.benchmarks.timing import Job, in_turns

Work = Callable[[Sequence[str]], object]

TOKENIZER = "spaCy tokenizer"
PROBE = 100
"""Sentences from which a system's speed is first guessed."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Sentences a second by system and of the tokenizer, and the sentences' mean length in words."""

    systems: Mapping[str, float]
    tokenizer: float
    words: float


def pace_of(systems: Mapping[str, Work], count: int, seconds: float, rounds: int) -> Pace:
    """Medians over rounds, each with sentences of its own, so that none is met twice.

    Of a round's `count` sentences a slow system gets as many as it is likely to do in `seconds`.
    """
    jobs = {TOKENIZER: bare_tokenizer(), **systems}
    sizes = {name: _size(job, count, seconds) for name, job in jobs.items()}
    makers = {name: partial(_ready, job, sizes[name]) for name, job in jobs.items()}
    times = in_turns(makers, rounds=rounds)
    speeds = {name: sizes[name] / median(row) for name, row in times.items()}
    words = mean(len(text.split()) for text in recombined(1000, seed=1))
    return Pace({name: speeds[name] for name in systems}, speeds[TOKENIZER], words)


def bare_tokenizer() -> Work:
    """Blank English's tokenizer as spaCy sets it up, over texts one by one."""
    tokenizer = spacy.blank("en").tokenizer

    def tokenize(texts: Sequence[str]) -> None:
        for text in texts:
            tokenizer(text)

    return tokenize


def _ready(job: Work, size: int, number: int) -> Job:
    return partial(job, list(recombined(size, seed=number + 1)))


def _size(job: Work, count: int, seconds: float) -> int:
    texts = list(recombined(PROBE))
    job(texts)  # what is done only once
    start = time.perf_counter()
    job(texts)
    return min(count, max(PROBE, int(seconds * PROBE / (time.perf_counter() - start))))
