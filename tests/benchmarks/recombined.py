"""Any number of sentences, no two alike, from the clauses and words of the training sentences."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from framelens.core.files import CHECKOUT
from framelens.preprocessing.sentences import split

SYLLABLES = ("ba", "dor", "el", "fa", "gu", "hin", "ka", "lo", "mi", "nar", "os", "ru", "sta", "vi")


def recombined(
    count: int, *, seed: int = 0, strangers: float = 0.05, changed: float = 0.12
) -> Iterator[str]:
    """`count` sentences: clauses of two others, one word in eight (the share `changed`) for any
    word, one in twenty (the share of `strangers`) for a name or number that stands in no corpus."""
    yield from _joined(_clauses(_training()), count, seed, (strangers, changed))


def spliced(count: int, *, seed: int = 0) -> Iterator[str]:
    """`count` sentences whose words repeat as those of real collections do: clauses of the training
    sentences and of the two documents, one word in twelve changed for another of theirs."""
    folder = CHECKOUT / "corpus" / "documents"
    texts = [path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))]
    sentences = [text[start:end] for text in texts for start, end in split(text)]
    yield from _joined(_clauses([*_training(), *sentences]), count, seed, (0, 1 / 12))


def training_rows() -> list[dict[str, Any]]:
    """The training sentences as they stand in their file."""
    lines = (CHECKOUT / "corpus" / "training.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def clauses_of(text: str) -> list[list[str]]:
    """The words of each clause of a sentence."""
    return [clause.split() for clause in text.rstrip(".").split(", ")]


def _training() -> list[str]:
    return [row["text"] for row in training_rows()]


def _clauses(texts: Sequence[str]) -> list[list[str]]:
    return [clause for text in texts for clause in clauses_of(text)]


def _joined(
    clauses: Sequence[list[str]], count: int, seed: int, shares: tuple[float, float]
) -> Iterator[str]:
    words = sorted({word for clause in clauses for word in clause})
    chance = random.Random(seed)
    for _ in range(count):
        parts = [chance.choice(clauses) for _ in range(chance.choice((1, 2, 2, 3)))]
        yield ", ".join(" ".join(varied(part, words, shares, chance)) for part in parts) + "."


def varied(
    clause: list[str], words: list[str], shares: tuple[float, float], chance: random.Random
) -> Iterator[str]:
    """The words of a clause, some changed: `shares` are those of strange words and of others."""
    strangers, changed = shares
    for word in clause:
        lot = chance.random()
        if lot < strangers:
            yield strange(chance)
        else:
            yield chance.choice(words) if lot < strangers + changed else word


def strange(chance: random.Random) -> str:
    """A name or number that stands in no corpus."""
    if chance.random() < 0.3:
        return str(chance.randrange(3000))
    return "".join(chance.choices(SYLLABLES, k=chance.randrange(2, 5))).capitalize()


def write_sentences(path: Path, count: int, *, seed: int = 0) -> None:
    """A file of JSON Lines with an id and a text a sentence."""
    with path.open("w", encoding="utf-8") as stream:
        for number, text in enumerate(recombined(count, seed=seed)):
            stream.write(json.dumps({"id": f"s{number}", "text": text}, ensure_ascii=False) + "\n")
