from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from framelens.core.errors import FramelensError
from framelens.preprocessing.tokenizer import english_tokenizer
from framelens.rules import rule_files
from framelens.rules.compiling import compiled
from framelens.rules.examples import failed_examples
from framelens.rules.matcher import RuleMatcher
from framelens.rules.rule_files import RuleSet, parse_rules, read_rules, rules_digest
from spacy.attrs import ORTH
from spacy.language import Language

from tests.conftest import LOOK, SCHEME, SOURCES, TALK


def test_every_shipped_rule_lives_up_to_its_examples(shipped_rules: RuleSet, nlp: Language) -> None:
    assert [str(failed) for failed in failed_examples(shipped_rules, nlp.tokenizer)] == []


def test_every_shipped_rule_has_examples_a_note_and_an_id_in_form(shipped_rules: RuleSet) -> None:
    for item in shipped_rules.items:
        assert len(item.matches) >= 2, item.id
        assert len(item.skips) >= 2, item.id
        assert item.note, item.id
        assert re.fullmatch(r"[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*", item.id), item.id


def test_every_shipped_rule_file_is_toml_1_0_which_older_readers_know(
    shipped_rules: RuleSet,
) -> None:
    assert shipped_rules.sources
    for name, text in shipped_rules.sources.items():
        assert tomllib.loads(text), name


def test_every_frame_has_at_least_25_rules(shipped_rules: RuleSet) -> None:
    for frame in shipped_rules.scheme.names:
        assert sum(rule.frame == frame for rule in shipped_rules.rules) >= 25, frame


def test_a_failing_example_is_named_with_what_fired(nlp: Language) -> None:
    broken = LOOK.replace('"A fact-finding mission came."', '"The talks failed."')
    rules = parse_rules({**SOURCES, "look.toml": broken})
    (failed,) = failed_examples(rules, nlp.tokenizer)
    assert (failed.rule, failed.kind, failed.fired) == ("look.visit", "matches", ("talk.talks",))
    assert "look.visit must fire in “The talks failed.”; fired: talk.talks" in str(failed)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("look.toml", "frame = ", "not TOML"),
        ("look.toml", LOOK.replace('frame = "look"', 'frame = "smell"'), "frame is 'smell'"),
        ("look.toml", LOOK + "\nbogus = 1", "unknown key 'bogus'"),
        ("look.toml", "bogus = 1\n" + LOOK, "unknown key 'bogus'"),
        ("look.toml", LOOK.replace('"look.watcher"', '"look.visit"'), "'look.visit' is in"),
        ("look.toml", 'frame = "look"\n[[rule]]\nid = "look.x"', "neither patterns nor phrases"),
        ("look.toml", 'frame = "look"\n[[rule]]\nnote = "x"', "expected a table with an id"),
        ("look.toml", 'frame = "look"\n[[rule]]\nid = "look.x"\npatterns = [[1]]', "patterns must"),
        ("look.toml", 'frame = "look"\n[[rule]]\nid = "look.x"\nphrases = "a"', "list of strings"),
        (
            "look.toml",
            'frame = "look"\n[[cue]]\nid = "x"\nphrases = ["a"]',
            "kind is None; expected a",
        ),
        ("talk.toml", TALK + '[lists]\nwatchers = ["a"]', "defined twice"),
        ("scheme.toml", "title = 1", "'frame' is missing"),
        ("scheme.toml", "exclusve = true\n" + SCHEME, "unknown key 'exclusve'; expected title"),
        (
            "scheme.toml",
            'passed_over = "also"\n' + SCHEME,
            "passed_over: expected a list of single",
        ),
        ("scheme.toml", 'passed_over = ["as well"]\n' + SCHEME, "passed_over: expected a list of"),
        ("scheme.toml", "same = {un = 1}\n" + SCHEME, "same: expected a table of words"),
        ("scheme.toml", SCHEME + "\nletters = 'x'", "unknown key 'letters'; expected name"),
        ("scheme.toml", SCHEME.replace('"talk"\ntest', '"look"\ntest'), "none listed twice"),
        (
            "scheme.toml",
            SCHEME.replace('"talk"\ntest', '"p_look"\ntest'),
            "'p_look' is the name of a",
        ),
    ],
)
def test_a_wrong_file_is_named_with_the_reason(name: str, text: str, reason: str) -> None:
    with pytest.raises(FramelensError, match=re.escape(name)) as caught:
        parse_rules({**SOURCES, name: text})
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_without_a_scheme_is_refused() -> None:
    with pytest.raises(
        FramelensError, match=r"scheme\.toml: no such file; a rules folder needs it"
    ):
        parse_rules({"look.toml": LOOK})


def test_exclusions_are_checked_too() -> None:
    for old, new, reason in (
        (
            'id = "not.camp-shop"',
            'id = "not.camp-shop"\nframes = ["smell"]',
            "unknown frame 'smell'",
        ),
        ('id = "not.camp-shop"', 'id = "not.camp-shop"\nscope = "page"', "scope is 'page'"),
    ):
        with pytest.raises(FramelensError, match=re.escape(reason)):
            parse_rules({**SOURCES, "look.toml": LOOK.replace(old, new)})


def test_a_folder_is_read_and_its_digest_follows_its_texts(small_folder: Path) -> None:
    first = read_rules(small_folder)
    assert [rule.id for rule in first.rules] == ["look.visit", "look.watcher", "talk.talks"]
    talk = small_folder / "talk.toml"
    talk.write_bytes(talk.read_bytes().replace(b"\n", b"\r\n"))
    assert read_rules(small_folder).digest == first.digest == rules_digest(small_folder)
    talk.write_text(TALK + "# more\n", encoding="utf-8")
    assert read_rules(small_folder).digest != first.digest
    assert read_rules(small_folder).digest == rules_digest(small_folder)


def test_rules_are_read_and_compiled_once(
    small_folder: Path, nlp: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read_rules(small_folder)
    assert compiled(first, nlp.tokenizer) is compiled(read_rules(small_folder), english_tokenizer())
    (small_folder / "talk.toml").write_text(TALK + "# more\n", encoding="utf-8")
    assert read_rules(small_folder) is not first
    monkeypatch.setattr(rule_files, "parse_rules", None)
    assert rules_digest(small_folder) != first.digest


def test_a_tokenizer_that_cuts_phrases_otherwise_has_them_compiled_anew(
    small_rules: RuleSet,
) -> None:
    plain, other = english_tokenizer(), english_tokenizer()
    other.infix_finditer = None
    for tokenizer in (plain, other):
        matcher = RuleMatcher(small_rules, tokenizer)
        assert matcher.hits(tokenizer("A fact-finding mission").to_array([ORTH]).tolist())
