"""Labels with too few sentences: a codebook without them, and what is kept of its files."""

from __future__ import annotations

import pytest
from framelens.core.errors import FramelensError
from framelens.core.files import data_path
from framelens.project.labelled.sentence import LabelledSentence
from framelens.project.rare import rare_labels, rules_without, skipped_labels, without_labels
from framelens.rules.rule_files import RuleSet, parse_rules, read_rules

from tests.conftest import SOURCES


def row(*labels: str) -> LabelledSentence:
    return LabelledSentence("x", "Text.", labels, labels[0] if labels else None)


def test_rare_labels_are_counted_all_at_once() -> None:
    rows = [row("look"), row("look", "talk"), row()]
    assert rare_labels(rows, ("look", "talk", "hear"), 2) == {"talk": 1, "hear": 0}


def test_sentences_lose_the_label_or_go_where_it_was_their_only_one() -> None:
    rows = [row("look"), row("look", "talk"), row("talk"), row()]
    assert without_labels(rows, ["look"]) == [
        LabelledSentence("x", "Text.", ("talk",), None), row("talk"), row(),
    ]  # fmt: skip


def test_a_codebook_without_a_label_keeps_what_else_its_files_hold(small_rules: RuleSet) -> None:
    found = rules_without(small_rules, ["look"])
    assert found.scheme.names == ("talk",)
    assert [rule.id for rule in found.rules] == ["talk.talks"]
    assert [one.id for one in found.exclusions] == ["not.camp-shop"]
    assert "watchers" in found.lists
    assert skipped_labels(found) == ("look",)
    assert skipped_labels(small_rules) == ()
    assert rules_without(small_rules, ["talk"]).scheme["look"].keywords == ("visit",)
    with pytest.raises(FramelensError, match="no label has sentences enough"):
        rules_without(small_rules, ["look", "talk"])


@pytest.mark.parametrize(
    ("frames", "left"),
    [
        ('["look"]', []),
        ('["look", "talk"]', [("talk",)]),
        ('[\n  "talk", # both\n  "look",\n]', [("talk",)]),
    ],
)
def test_what_must_not_count_for_a_label_goes_with_it(
    frames: str, left: list[tuple[str, ...]]
) -> None:
    exclusion = f'[[exclusion]]\nid = "not.x"\nnote = "x"\nframes = {frames}\nphrases = ["a b"]\n'
    rules = parse_rules({**SOURCES, "exclusions.toml": exclusion})
    found = rules_without(rules, ["look"]).exclusions
    assert [one.frames for one in found if one.id == "not.x"] == left


def test_the_shipped_codebook_can_do_without_a_frame() -> None:
    found = rules_without(read_rules(data_path("rules")), ["dialogue"])
    assert found.scheme.names == ("monitoring", "cooperation", "accountability")
    assert all("dialogue" not in one.frames for one in found.exclusions)
