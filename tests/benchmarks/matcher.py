"""framelens' rules run by spaCy's own Matcher, as far as it can run them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from framelens.core.types import Bools
from framelens.evaluation.trial import matrix
from framelens.rules.compiling import PlainPattern, counts
from framelens.rules.rule_files import Exclusion, Item, Rule, RuleSet
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc

from tests.helpers import plain_patterns

MOST_OPTIONAL = 6
"""Optional tokens of a pattern that spaCy's Matcher is given: it keeps a state for every way to
skip them, so that its memory grows exponentially in their number, past any machine's."""


class SpacyMatcher:
    """Texts → the frames of which a rule that is not weak hits where no exclusion covers it.

    `taken` and `given` count the patterns that the Matcher can run, and all of them.
    """

    def __init__(self, nlp: Language, rules: RuleSet) -> None:
        self.nlp, self.frames = nlp, rules.scheme.names
        self.matcher = Matcher(nlp.vocab)
        self.items: dict[int, Item] = {}
        self.taken = self.given = 0
        for item in rules.items:
            if not (isinstance(item, Rule) and item.weak):
                self._add(item, list(plain_patterns(item, rules, nlp.tokenizer)))

    def _add(self, item: Item, patterns: Sequence[PlainPattern]) -> None:
        light = [list(pattern) for pattern in patterns if optional(pattern) <= MOST_OPTIONAL]
        self.given += len(patterns)
        self.taken += len(light)
        if light:
            self.matcher.add(item.id, light)
            self.items[self.nlp.vocab.strings[item.id]] = item

    def __call__(self, texts: Sequence[str]) -> Bools:
        return matrix([tuple(self._labels(doc)) for doc in self.nlp.pipe(texts)], self.frames)

    def _labels(self, doc: Doc) -> Iterator[str]:
        found = [(self.items[key], start, end) for key, start, end in self.matcher(doc)]
        masks = [
            (item.frames, *((0, len(doc)) if item.whole_sentence else (start, end)))
            for item, start, end in found
            if isinstance(item, Exclusion)
        ]
        for item, start, end in found:
            if isinstance(item, Rule) and not any(
                item.frame in frames and left <= start and end <= right
                for frames, left, right in masks
            ):
                yield item.frame


def optional(pattern: PlainPattern) -> float:
    """How many tokens of a pattern may be there or not; without end where one may repeat so."""
    found = 0.0
    for token in pattern:
        least, most = counts(token.get("OP"))
        found += float("inf") if most is None else most - least
    return found
