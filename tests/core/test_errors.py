from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from framelens.core.errors import LONGEST, FramelensError, at, in_python, one_line


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        ("no such file", "no such file"),
        ("Ausschuß – “Menschenrechte” 人権", "Ausschuß – “Menschenrechte” 人権"),
        ("two\nlines\tand\x1b[31m red", r"two\nlines\tand\x1b[31m red"),
        ("no text: \udcff", r"no text: \udcff"),
    ],
)
def test_a_message_is_one_line_that_a_terminal_can_show(problem: str, told: str) -> None:
    assert str(at(Path("a.csv"), 3, problem)) == f"a.csv:3: {told}"


LONG, WORDS = "x" * 5000, "a word " * 700


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (f"unknown label {'[' * 100_000!r}; expected praise", "'[[…[['; expected praise"),
        (f"unknown label {WORDS!r}; expected 'praise'", "'a …d '; expected 'praise'"),
        (f"no column {WORDS + chr(39)!r}; found text", "\"a …'\"; found text"),
        (f"--threshold {LONG}: expected FRAME=P", "xx…xx: expected FRAME=P"),
        (f"{LONG}/a.txt: is {LONG}/b.txt, too", "xx…xx/a.txt: is xx…xx/b.txt, too"),
        (f"the rule doesn't take {LONG}", "the rule doesn't take xx…xx"),
        (f"isn't one of {', '.join(['praise'] * 100)}, it's", "isn't one of praise, praise, "),
    ],
)  # fmt: skip
def test_what_is_long_in_a_message_is_cut(problem: str, told: str) -> None:
    message = str(at("a.csv", 3, problem))
    assert message.startswith("a.csv:3: ")
    for piece in told.split("…"):
        assert piece in message
    assert message.count("…") == told.count("…")
    assert len(message) < 1000
    assert one_line(message) == message


def test_a_message_is_cut_as_a_whole() -> None:
    message = str(at("a.csv", 3, f"{WORDS}; expected fewer"))
    assert message.startswith("a.csv:3: a word a word")
    assert message.endswith("a word ; expected fewer")
    assert len(message) == LONGEST


def test_a_message_comes_from_another_process_as_it_was() -> None:
    error = FramelensError("bad\n" * 1000)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        ("name it with --text-column, or --delimiter", "name it with text_column=, or delimiter="),
        ("if ';' stands there, say --separator ';'", "if ';' stands there, say separator=';'"),
        ("--over year: no sentence has a date", "over=year: no sentence has a date"),
        ("(--rules-only); --skip-bad goes on", '(mode="rules"); skip_bad=True goes on'),
        ("--resume goes with --format jsonl", 'resume=True goes with form="jsonl"'),
        ("no column '--key'; found \"--names\"", "no column '--key'; found \"--names\""),
        ("a--key.csv: isn't --label", "a--key.csv: isn't labels="),
        ("/a/--key/b.csv: -h or --", "/a/--key/b.csv: -h or --"),
        ("--odd-x.txt: bad", "--odd-x.txt: bad"),
        ("--odd/a.txt: bad", "--odd/a.txt: bad"),
        ("a --key b.csv:3: say --key.", "a --key b.csv:3: say key=."),
        ("and talks --key.txt, too", "and talks --key.txt, too"),
        ("--names a.txt: expected", "names=a.txt: expected"),
        ("train (framelens train --rules R), --model", "train (framelens train --rules R), model="),
    ],
)
def test_who_calls_from_python_is_told_of_parameters(problem: str, told: str) -> None:
    error = FramelensError(problem)
    assert (str(error), error.message) == (told, problem)
    assert in_python(told) == told
