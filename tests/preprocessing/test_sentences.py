"""Boundaries of made-up hard cases and of the two documents; properties; time."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from time import process_time
from typing import NamedTuple

import pytest
from framelens.preprocessing import sentences
from framelens.preprocessing.sentences import Span, blocks, split
from framelens.preprocessing.words import OPENERS
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.helpers import visible

HERE = Path(__file__).parents[1]
CORPUS = HERE.parent / "corpus"
MARK = "‖"


class Case(NamedTuple):
    """A passage and the offsets at which its sentences begin."""

    note: str
    must: bool
    text: str
    starts: list[int]


def read_cases(path: Path) -> list[Case]:
    _, *parts = re.split(r"^==(?=[=!] )", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [_case(part) for part in parts]


def _case(part: str) -> Case:
    head, _, marked = part.partition("\n")
    pieces = marked.split(MARK)
    starts = [len("".join(pieces[:at])) for at in range(1, len(pieces))]
    text = "".join(pieces)
    return Case(head[2:], head[0] == "!", text, [len(text) - len(text.lstrip()), *starts])


def f1(pairs: Iterator[tuple[set[Span], set[Span]]]) -> float:
    """F1 over (expected, found) pairs of sets."""
    hits = expected = found = 0
    for gold, guess in pairs:
        hits, expected, found = hits + len(gold & guess), expected + len(gold), found + len(guess)
    return 2 * hits / (expected + found)


def starts_of(text: str) -> list[int]:
    return [start for start, _ in split(text)]


CASES = read_cases(HERE / "data" / "boundaries.txt")


@pytest.mark.parametrize("case", [case for case in CASES if case.must], ids=lambda case: case.note)
def test_case(case: Case) -> None:
    found = starts_of(case.text)
    assert [case.text[at:] for at in found] == [case.text[at:] for at in case.starts]


def test_bullets_of_symbol_fonts_begin_items() -> None:
    text = "The keepers ask the State to open the ponds and\n\uf0b7 let them go\n\uf0b7 ask why"
    assert starts_of(text) == [0, text.index("\uf0b7"), text.rindex("\uf0b7")]


def test_boundaries_of_all_cases() -> None:
    def inner(starts: list[int]) -> set[Span]:
        return {(start, start) for start in starts[1:]}

    figure = f1((inner(case.starts), inner(starts_of(case.text))) for case in CASES)
    print(f"boundary F1 on {len(CASES)} cases: {figure:.4f}")
    assert len(CASES) >= 150
    assert figure >= 0.95


def test_sentences_of_the_two_documents() -> None:
    gold: dict[str, set[Span]] = defaultdict(set)
    for line in (CORPUS / "evaluation.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        gold[row["document"]].add((row["start"], row["end"]))
    texts = {name: (CORPUS / "documents" / name).read_bytes().decode() for name in gold}
    figure = f1((gold[name], set(split(text))) for name, text in texts.items())
    print(f"sentence F1 on the two documents: {figure:.4f}")
    assert figure >= 0.97


def words(text: str) -> list[str]:
    return text.split()


PARTS = words(
    """. ! ? … ... .” ." ) ( “ " ' [17] 12 rights law The the He U.S. Mr. J. No. e.g. etc. 5 IV. (a)
    • - – , ; : ** A/HRC/37/L.36 3.5 www.un.org é"""
)
SPACES = ["\n", "\n\n", "\r\n", "\r", " ", " ", " ", "\t", "\u00a0", "\u2029", "\x85", "\f"]
TEXTS = st.text(max_size=80) | st.lists(st.sampled_from(PARTS + SPACES), max_size=60).map("".join)
examples = settings(deadline=None)


def outside(text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """What stands before, between and behind spans."""
    ends, starts = [0, *(end for _, end in spans)], [*(start for start, _ in spans), len(text)]
    return [text[end:start] for end, start in zip(ends, starts, strict=True)]


@examples
@given(TEXTS)
@example("Ã\n\x800")  # which would be one letter if nothing stood between them
def test_every_character_is_in_one_trimmed_sentence(text: str) -> None:
    found = split(text)
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in found)
    assert all(end <= start for (_, end), (start, _) in pairwise(found))
    assert not any(visible(part) for part in outside(text, found))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (">", []),
        (">>", []),
        ("> He went.", ["He went."]),
        ("> He went.\n> \n> She came.", ["He went.", "She came."]),
        ("a > b", ["a > b"]),
        ("\ufeff", []),
        ("\u200b\u00ad", []),
    ],
)
def test_what_is_no_part_of_a_sentence(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in split(text)] == expected


@examples
@given(TEXTS)
def test_sentences_stay_within_blocks_and_hold_words(text: str) -> None:
    for start, end in blocks(text):
        inside = [(a, b) for a, b in split(text) if start <= a and b <= end]
        left_out = outside(text[:end], [(0, start), *inside])
        assert not any(visible(part) for part in left_out)
        assert len(inside) == 1 or all(any(map(str.isalnum, text[a:b])) for a, b in inside)


@examples
@given(TEXTS)
def test_blocks_stand_alone(text: str) -> None:
    apart = [
        (begin + a, begin + b) for begin, end in blocks(text) for a, b in split(text[begin:end])
    ]
    assert apart == split(text)


@examples
@given(TEXTS)
def test_sentences_begin_after_white_space_or_with_a_word_that_opens_them(text: str) -> None:
    starts = [start for start, _ in split(text) if start and not text[start - 1].isspace()]
    # Or behind what is no part of the text, and note marks.
    starts = [at for at in starts if not re.match(r"[>\u00ad\ufeff\u200b\d]", text[at - 1])]
    opener = re.compile(rf"\W*(?:{'|'.join(OPENERS)})\b")
    assert all(opener.match(text, start) for start in starts)


@examples
@given(TEXTS)
def test_blocks_hold_no_blank_line(text: str) -> None:
    for start, end in blocks(text):
        lines = text[start:end].replace("\r\n", "\n").replace("\r", "\n").split("\n")
        assert all(line.strip() for line in lines)


@examples
@given(TEXTS, st.lists(st.integers(1, 30), min_size=1), st.integers(2, 40))
def test_reading_a_stream_gives_the_same_blocks(text: str, sizes: list[int], cap: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sentences, "MAX_BLOCK", cap)
        assert list(streamed(text, sizes)) == list(blocks(text))
        assert all(end - start <= cap for start, end in blocks(text))


def streamed(text: str, sizes: list[int]) -> Iterator[Span]:
    """The blocks, as a reader takes them from a buffer."""
    begin = read = turn = 0
    while read < len(text):
        read = min(len(text), read + sizes[turn % len(sizes)])
        turn += 1
        *whole, last = list(blocks(text[begin:read])) or [(0, 0)]
        yield from ((begin + start, begin + end) for start, end in whole)
        begin += last[0]
    yield from ((begin + start, begin + end) for start, end in blocks(text[begin:]))


def test_other_white_space() -> None:
    assert split("Home\r\nAbout Us\r\n") == [(0, 4), (6, 14)]
    assert split("One.\u00a0Two.") == [(0, 4), (5, 9)]
    assert split(" \n\t") == split("") == []


def test_long_stretches_are_cut() -> None:
    words = "a bb " * 60_000
    assert [words[start:end][-2:] for start, end in blocks(words)] == ["bb"] * 3
    assert max(end - start for start, end in split(words)) <= sentences.MAX_SENTENCE
    assert split("x" * 25_000) == [(0, 10_000), (10_000, 20_000), (20_000, 25_000)]
    said = "Mr. Smith was refused access. " * 8_000
    assert {said[start:end] for start, end in split(said)} == {"Mr. Smith was refused access."}
    assert len(list(blocks(said))) == 3
    lines = ("y" * 60_000 + "\n") * 2
    assert list(blocks(lines)) == [(0, 60_000), (60_001, 120_001)]


UNITS = words(""". ( x a.a. .) .” a. A. … .[ " 1. - .1 (a) […] [1] .[1] * a a.. .*""")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("unit", "size"),
    [(unit, 1_000_000) for unit in [".", "(", "x", "\n", ". ", "a.a."]]
    + [(unit + gap, 80_000) for unit in UNITS for gap in ("", " ", "\n")]
    + [(gap, 80_000) for gap in SPACES],
)
def test_time_is_linear(unit: str, size: int) -> None:
    text = unit * (size // len(unit))
    assert seconds(text) < 30 * seconds(text[: size // 8]) + 0.5


def seconds(text: str) -> float:
    """Processor time."""
    begun = process_time()
    split(text)
    return process_time() - begun


@pytest.mark.parametrize("mark", ["[^1]", "[^note]", "[2]", "[1, 2]", "[3–5]"])
def test_marks_of_notes_stay_with_the_sentence_before(mark: str) -> None:
    text = f"We saw the pond.{mark} It rained."
    assert [text[start:end] for start, end in split(text)] == [
        f"We saw the pond.{mark}",
        "It rained.",
    ]
