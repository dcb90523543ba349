"""A rule's own examples: sentences in which it must fire, and must not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from spacy.attrs import ORTH
from spacy.tokenizer import Tokenizer

from framelens.preprocessing.tokenizer import sentence_tokens
from framelens.rules.matcher import RuleMatcher
from framelens.rules.rule_files import RuleSet


@dataclass(frozen=True, slots=True)
class FailedExample:
    """An example that fails, and the rules and exclusions that fired in it."""

    rule: str
    file: Path
    kind: Literal["matches", "skips"]
    text: str
    fired: tuple[str, ...]

    def __str__(self) -> str:
        wanted = "must fire in" if self.kind == "matches" else "must not fire in"
        fired = ", ".join(self.fired) or "nothing"
        return f"{self.file.name}: {self.rule} {wanted} “{self.text}”; fired: {fired}"


def failed_examples(rules: RuleSet, tokenizer: Tokenizer) -> Iterator[FailedExample]:
    """Every example of a rule, an exclusion, a subject or a cue of stance that fails."""
    yield from _failed(rules, tokenizer)
    if rules.cues:
        yield from _failed(rules.of_stance, tokenizer)


def _failed(rules: RuleSet, tokenizer: Tokenizer) -> Iterator[FailedExample]:
    matcher = RuleMatcher(rules, tokenizer)
    names = [item.id for item in rules.items]
    for item in rules.items:
        for kind, wanted, texts in (("matches", True, item.matches), ("skips", False, item.skips)):
            for text in texts:
                keys = sentence_tokens(text, tokenizer).to_array([ORTH]).tolist()
                spans = matcher.spans(keys)
                masks = [hit for hit in spans if hit.rule >= len(rules.rules)]
                reading = matcher.read(keys)
                fired = {names[hit.rule] for hit in (*reading.hits, *reading.set_aside, *masks)}
                if (item.id in fired) != wanted:
                    others = tuple(sorted(fired))
                    yield FailedExample(item.id, item.file, kind, text, others)  # type: ignore[arg-type]
