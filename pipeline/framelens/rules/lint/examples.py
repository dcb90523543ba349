"""Checks rules by their own examples."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from reprlib import repr as brief

from spacy.attrs import ORTH
from spacy.tokenizer import Tokenizer

from framelens.preprocessing.tokenizer import sentence_tokens
from framelens.rules.lint.finding import Findings
from framelens.rules.matcher import Hit, RuleMatcher
from framelens.rules.rule_files import Item, Rule, RuleSet

LEAST = 2
"""Fewest examples of each kind that a rule should have."""

MAX_STEPS = 10_000_000
"""Most steps of finding and comparing hits in all examples: ten times what hundreds of rules need."""


def check_examples(items: Iterable[Item], findings: Findings) -> None:
    """Find rules with too few examples, and examples that contradict one another."""
    skipped: dict[str, dict[str, str]] = defaultdict(dict)
    for item in items:
        _count(item, findings)
        if isinstance(item, Rule):
            for text in item.skips:
                skipped[text].setdefault(item.frame, item.id)
    for item in items:
        for text in dict.fromkeys(item.matches):
            _contradictions(item, text, skipped[text], findings)


def _count(item: Item, findings: Findings) -> None:
    for kind, texts in (("matches", item.matches), ("skips", item.skips)):
        for text, times in Counter(texts).items():
            if times > 1:
                findings.warning(item, "examples", f"{kind} holds {brief(text)} {times} times")
        count = len(set(texts))
        if count < LEAST:
            message = f"{count or 'no'} {kind}; expected at least {LEAST} different sentences"
            findings.warning(item, "examples", message)


def _contradictions(item: Item, text: str, skipping: Mapping[str, str], findings: Findings) -> None:
    if text in item.skips:
        findings.error(item, "contradiction", f"{brief(text)} is in matches and in skips")
    if isinstance(item, Rule):
        for frame, other in skipping.items():
            if frame != item.frame:
                message = f"matches holds {brief(text)}, which is among the skips of {other}"
                findings.warning(item, "contradiction", message)


def find_followers(rules: RuleSet, tokenizer: Tokenizer, findings: Findings) -> None:
    """Find rules that, on all examples of all rules, hit only where one other rule of their frame
    does."""
    companions: dict[int, set[int]] = {}
    counts: Counter[int] = Counter()
    for hits in _hits(rules, tokenizer, findings):
        for hit in hits:
            near = {other.rule for other in hits if _together(rules, hit, other)}
            companions[hit.rule] = companions.get(hit.rule, near) & near
            counts[hit.rule] += 1
    for number, near in sorted(companions.items()):
        if near and counts[number] >= LEAST:
            other = rules.rules[min(near)].id
            message = f"all its {counts[number]} hits on the examples lie where {other} hits"
            findings.warning(rules.rules[number], "follower", message)


def _hits(rules: RuleSet, tokenizer: Tokenizer, findings: Findings) -> Iterable[list[Hit]]:
    matcher, steps = RuleMatcher(rules, tokenizer), 0
    items = rules.items
    texts = list(dict.fromkeys(text for item in items for text in (*item.matches, *item.skips)))
    for number, text in enumerate(texts):
        keys = sentence_tokens(text, tokenizer).to_array([ORTH]).tolist()
        hits = matcher.hits(keys)
        steps += len(keys) + len(hits) ** 2
        if steps + matcher.steps > MAX_STEPS:
            message = f"{len(texts) - number} of {len(texts)} examples would take too long; not run"
            findings.add("", "", "warning", "follower", message)
            return
        yield hits


def _together(rules: RuleSet, hit: Hit, other: Hit) -> bool:
    rule, beside = rules.rules[hit.rule], rules.rules[other.rule]
    if rule is beside or rule.frame != beside.frame or (beside.weak and not rule.weak):
        return False
    return other.start <= hit.start and hit.end <= other.end
