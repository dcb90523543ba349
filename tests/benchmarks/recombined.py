"""Any number of sentences, no two alike, from the clauses and words of the training sentences."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

from framelens.core.files import CHECKOUT

SYLLABLES = ("ba", "dor", "el", "fa", "gu", "hin", "ka", "lo", "mi", "nar", "os", "ru", "sta", "vi")


def recombined(count: int, *, seed: int = 0, strangers: float = 0.05) -> Iterator[str]:
    """`count` sentences: clauses of two others, one word in eight changed for any word, one in
    twenty (the share of `strangers`) for a name or number that stands in no corpus."""
    texts = [
        json.loads(line)["text"]
        for line in (CHECKOUT / "corpus" / "training.jsonl").read_text("utf-8").splitlines()
    ]
    clauses = [clause.split() for text in texts for clause in text.rstrip(".").split(", ")]
    words = sorted({word for clause in clauses for word in clause})
    chance = random.Random(seed)
    for _ in range(count):
        parts = [chance.choice(clauses) for _ in range(chance.choice((1, 2, 2, 3)))]
        yield ", ".join(" ".join(_varied(part, words, strangers, chance)) for part in parts) + "."


def _varied(
    clause: list[str], words: list[str], strangers: float, chance: random.Random
) -> Iterator[str]:
    for word in clause:
        lot = chance.random()
        if lot < strangers:
            yield strange(chance)
        else:
            yield chance.choice(words) if lot < strangers + 0.12 else word


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
