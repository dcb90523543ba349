"""Rule files from strangers: whatever they hold, reading, compiling, matching and linting take a
bounded number of steps, and end with findings or with one line that says why.

Without the limits, the cases here take from minutes to years.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from framelens.core.errors import FramelensError
from framelens.rules.lint import examples, lint
from framelens.rules.matcher import RuleMatcher
from framelens.rules.rule_files import RuleError, read_rules
from framelens.rules.search import BUDGET, MATCH_STEPS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.attrs import ORTH
from spacy.language import Language

from tests.conftest import LOOK, SCHEME, TALK


def folder_of(path: Path, look: str) -> Path:
    for name, text in (("scheme", SCHEME), ("look", look), ("talk", TALK)):
        (path / f"{name}.toml").write_text(text, encoding="utf-8")
    return path


def compiled(folder: Path, nlp: Language) -> RuleMatcher | str:
    """The matcher, or the one line that refuses the rules."""
    try:
        return RuleMatcher(read_rules(folder), nlp.tokenizer)
    except FramelensError as error:
        return str(error)


def rule(body: str, name: str = "bad") -> str:
    return f'[[rule]]\nid = "look.{name}"\nnote = "x"\n{body}\n'


HEAD = 'frame = "look"\n'
NUMBERS = ", ".join(f'"a{number}"' for number in range(6000))
WILD = ", ".join(['{OP = "{0,30}"}'] * 6)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (HEAD + "a." * 500_000 + "a = 1", "not TOML"),
        (HEAD + '"a". ' * 200_000 + "a = 1", "not TOML"),
        (HEAD + "a = " + "[" * 200_000, "not TOML"),
        (HEAD + "a = " + "{a=" * 200_000, "not TOML"),
        (HEAD + "a = " + "9" * 10_000, "not TOML"),
        (HEAD + "#" * (4 << 20), "too large"),
        (HEAD + rule('patterns = [[{LOWER = "a", OP = "{' + "1" * 500_000 + '"}]]'), "unknown OP"),
        (HEAD + rule("patterns = [[" + '{LOWER = "a"}, ' * 100_000 + "]]"), "100000 tokens"),
        (HEAD + rule("patterns = [" + '[{LOWER = "a"}], ' * 30_000 + "]"), "rules are too large"),
        (HEAD + f"[lists]\nbig = [{NUMBERS}]\n" + rule('patterns = [[{LOWER = "@big"}]]'), "5000"),
        (
            HEAD + f"[lists]\nbig = [{NUMBERS[:40_000]}]\n"
            + rule("patterns = [" + '[{LOWER = "@big"}], ' * 10_000 + "]"),
            "rules are too large",
        ),
        (HEAD + rule('phrases = ["' + "$" * 5000 + '"]'), "too long"),
        (HEAD + rule('phrases = ["' + "$ " * 5000 + '"]'), "too long"),
        (HEAD + rule('phrases = ["x"]\nmatches = ["' + "$" * 5000 + '"]'), "too long"),
        (HEAD + f'[lists]\nbig = ["{"$" * 5000}"]\n', "too long"),
        (
            HEAD + "".join(
                rule(f'patterns = [[{{LOWER = "a"}}, {{LOWER = "b{n}", OP = "!"}}]]', f"r{n}")
                for n in range(2001)
            ),
            "too many token tests",
        ),
    ],
)  # fmt: skip
def test_what_is_too_much_is_refused(text: str, reason: str, tmp_path: Path, nlp: Language) -> None:
    folder = folder_of(tmp_path, text)
    refusal = compiled(folder, nlp)
    assert isinstance(refusal, str)
    assert reason in refusal
    assert "\n" not in refusal
    assert any(
        reason in row.message and row.severity == "error" for row in lint(folder, nlp.tokenizer)
    )


def many(count: int, made: Callable[[int], str]) -> str:
    return HEAD + "".join(rule(made(number), f"r{number}") for number in range(count))


@pytest.mark.parametrize(
    "text",
    [
        HEAD + rule(f'patterns = [[{{IS_ALPHA = true}}, {WILD}]]\nmatches = ["{"a " * 900}"]'),
        many(60, lambda n: f'patterns = [[{{IS_ALPHA = true}}, {WILD}]]\nmatches = ["a {n} b"]'),
        many(3000, lambda n: f'patterns = [[{{LOWER = {{IN = ["a", "b{n}"]}}}}]]'),
        many(3000, lambda _: 'phrases = ["a"]\nmatches = ["a b"]\nskips = ["a b"]'),
        many(2000, lambda n: f'phrases = ["a"]\nmatches = ["{"$" * 90} {n}"]'),
    ],
)
def test_lint_takes_few_steps(
    text: str, tmp_path: Path, nlp: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[RuleMatcher] = []

    class Counted(RuleMatcher):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            made.append(self)

    monkeypatch.setattr(examples, "RuleMatcher", Counted)
    assert lint(folder_of(tmp_path, text), nlp.tokenizer)
    assert sum(matcher.steps for matcher in made) <= examples.MAX_STEPS + 2 * BUDGET


ENDLESS = '{IS_ALPHA = true, OP = "+"}, {LENGTH = 1}'
LONG = "word a " * 800


def exclusions(count: int, pattern: str) -> str:
    return "".join(
        f'[[exclusion]]\nid = "not.x{number}"\nnote = "x"\npatterns = [[{pattern}]]\n'
        for number in range(count)
    )


@pytest.mark.parametrize(
    "text",
    [
        many(40, lambda _: f"patterns = [[{ENDLESS}]]"),
        many(1, lambda _: 'phrases = ["a"]') + exclusions(40, ENDLESS),
        many(3000, lambda _: f"patterns = [[{{IS_ALPHA = true}}, {WILD}]]"),
        many(3000, lambda _: "patterns = [[{IS_ALPHA = true}]]"),
        many(1, lambda _: "patterns = [" + f"[{{IS_ALPHA = true}}, {WILD}], " * 3000 + "]"),
    ],
)
def test_matching_takes_few_steps_and_keeps_few_matches(
    text: str, tmp_path: Path, nlp: Language
) -> None:
    matcher = compiled(folder_of(tmp_path, text), nlp)
    assert isinstance(matcher, RuleMatcher)
    hits = matcher.hits(nlp.make_doc(LONG).to_array([ORTH]).tolist())
    assert 0 < matcher.steps <= 2 * BUDGET
    assert len(hits) <= matcher.steps / MATCH_STEPS


def test_exclusions_within_which_everything_lies_cost_little(tmp_path: Path, nlp: Language) -> None:
    text = (
        HEAD
        + rule(f"patterns = [[{{IS_ALPHA = true}}, {WILD}]]")
        + exclusions(1, f'{{IS_ALPHA = true}}, {WILD}, {{LOWER = "end"}}')
    )
    matcher = compiled(folder_of(tmp_path, text), nlp)
    assert isinstance(matcher, RuleMatcher)
    keys = nlp.make_doc("word " * 99 + "end").to_array([ORTH]).tolist()
    assert matcher.hits(keys) == []
    assert matcher.steps < 200_000


def test_a_rule_that_asks_for_too_much_costs_no_other_a_hit(tmp_path: Path, nlp: Language) -> None:
    greedy = many(400, lambda _: f"patterns = [[{ENDLESS}]]")
    folder = folder_of(tmp_path, greedy + rule('phrases = ["word a"]', "modest"))
    matcher = compiled(folder, nlp)
    assert isinstance(matcher, RuleMatcher)
    hits = matcher.hits(nlp.make_doc(LONG).to_array([ORTH]).tolist())
    assert sum(matcher.rules.rules[hit.rule].id == "look.modest" for hit in hits) == 800


def test_a_pipe_in_a_rules_folder_is_not_waited_for(tmp_path: Path, nlp: Language) -> None:
    folder_of(tmp_path, LOOK)
    os.mkfifo(tmp_path / "pipe.toml")
    (row,) = lint(tmp_path, nlp.tokenizer)
    assert (row.file, row.message) == ("pipe.toml", "is no file")


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-3, 40),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=6),
        st.sampled_from(["a", "camp", "Camp", "@watchers", "@none", "*", "{1,2}", "span", "talk"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["IN", "NOT_IN", "LOWER", "OP", ""]), inner, max_size=2),
    ),
    max_leaves=5,
)
WORDS = st.sampled_from(["a", "camp", "Camp", "human-rights", "@watchers", "@none", ""])
CHOICES = st.one_of(WORDS, st.dictionaries(st.sampled_from(["IN", "NOT_IN"]), st.lists(WORDS)))
TOKENS = st.fixed_dictionaries(
    {},
    optional={
        "LOWER": st.one_of(CHOICES, VALUES),
        "orth": CHOICES,
        "LEMMA": CHOICES,
        "SHAPE": st.sampled_from(["Xxx", "xxxxx", "d"]),
        "IS_ALPHA": st.booleans(),
        "IS_DIGIT": st.one_of(st.booleans(), VALUES),
        "LENGTH": st.one_of(st.integers(-1, 5), VALUES),
        "OP": st.one_of(st.sampled_from(["!", "?", "*", "+", "{2}", "{,3}", "%"]), VALUES),
        "POS": VALUES,
    },
)
PATTERNS = st.lists(st.lists(TOKENS, max_size=4), max_size=3)
RULES = st.fixed_dictionaries(
    {"id": st.sampled_from(["look.a", "look.b", "talk.c", "X", "a\nb"])},
    optional={
        "patterns": st.one_of(PATTERNS, VALUES),
        "phrases": st.one_of(st.lists(st.text(max_size=9), max_size=3), VALUES),
        "matches": st.one_of(st.lists(st.text(max_size=9), max_size=3), VALUES),
        "skips": VALUES,
        "note": st.one_of(st.text(max_size=5), VALUES),
        "weak": VALUES,
        "frames": VALUES,
        "scope": VALUES,
        "odd": VALUES,
    },
)
FILES = st.fixed_dictionaries(
    {},
    optional={
        "frame": st.one_of(st.just("look"), VALUES),
        "lists": st.one_of(st.dictionaries(st.just("watchers"), st.lists(WORDS)), VALUES),
        "rule": st.one_of(st.lists(RULES, max_size=3), VALUES),
        "exclusion": st.one_of(st.lists(RULES, max_size=2), VALUES),
        "odd": VALUES,
    },
)


def toml(value: Any) -> str:
    """A value as inline TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(letter):08x}" for letter in value) + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(row)}" for key, row in value.items()) + "}"
    return repr(float(value)) if isinstance(value, float) else str(value)


FOLDERS = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@FOLDERS
@given(table=FILES)
def test_lint_has_errors_of_form_where_the_rules_do_not_load(
    table: dict[str, Any], tmp_path: Path, nlp: Language
) -> None:
    text = "".join(f"{key} = {toml(value)}\n" for key, value in table.items())
    folder = folder_of(tmp_path, text)
    rows = lint(folder, nlp.tokenizer)
    refusal = compiled(folder, nlp)
    refused = isinstance(refusal, str)
    assert "\n" not in str(refusal)
    checks = {row.check for row in rows if row.severity == "error"}
    assert refused == bool(checks & {"form", "token", "pattern", "size"}), rows
    for row in rows:
        assert row.message.isprintable()
        assert len(row.message) < 1000


@settings(FOLDERS, max_examples=40)
@given(text=st.text(max_size=200), raw=st.binary(max_size=50), cut=st.integers(0, len(LOOK)))
def test_any_text_is_linted(text: str, raw: bytes, cut: int, tmp_path: Path, nlp: Language) -> None:
    for data in (text.encode(), raw, LOOK.encode()[:cut] + raw + LOOK.encode()[cut:]):
        folder = folder_of(tmp_path, "")
        (folder / "look.toml").write_bytes(data)
        for row in lint(folder, nlp.tokenizer):
            assert row.message.isprintable()
        compiled(folder, nlp)


def test_an_error_survives_the_way_from_a_worker() -> None:
    error = RuleError(Path("look.toml"), "look.a", "is odd")
    copy = pickle.loads(pickle.dumps(error))
    assert str(copy) == str(error) == "look.toml: look.a: is odd"
    assert (copy.file, copy.item, copy.problem) == (error.file, error.item, error.problem)
