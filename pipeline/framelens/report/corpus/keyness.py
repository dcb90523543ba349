"""Keyness: the terms and rules that a group of sentences has more of, or less of, than the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokenizer import Tokenizer

from framelens.analysis.keyness import Distinct, Presence, content_terms, distinctive, without_parts
from framelens.report.corpus.contents import Contents
from framelens.report.corpus.facets import Facet

MOST_GROUPS = 12
FEWEST_SENTENCES = 20
"""Groups, at most, and their sentences, at least, that are compared."""

MOST_TERMS = (15, 8)
MOST_RULES = (8, 5)
"""The most items listed that a group has more of, and less of, than the others."""


@dataclass(frozen=True, slots=True)
class GroupKeyness:
    """The key terms and rules of a group against all other sentences; `code` is its value's number."""

    code: int
    terms: tuple[Distinct, ...]
    rules: tuple[Distinct, ...]


class KeynessFinder:
    """Compares groups of a page's sentences by their terms and rules."""

    def __init__(self, contents: Contents, tokenizer: Tokenizer) -> None:
        self.terms = Presence(
            dict.fromkeys(content_terms(text, tokenizer)) for text in contents.texts
        )
        self.rules = Presence(_rules_by_sentence(contents))

    def by_group(self, facet: Facet) -> tuple[GroupKeyness, ...]:
        """The keyness of the commonest values of a facet that have any, in their order."""
        sizes = Counter(code for code in facet.codes if code >= 0)
        codes = sorted(sizes, key=lambda code: (-sizes[code], code))[:MOST_GROUPS]
        by_group = []
        for code in codes:
            if sizes[code] >= FEWEST_SENTENCES:
                inside = [other == code for other in facet.codes]
                terms = without_parts(distinctive(self.terms, inside))
                rules = distinctive(self.rules, inside)
                if terms or rules:
                    listed = _listed(terms, *MOST_TERMS), _listed(rules, *MOST_RULES)
                    by_group.append(GroupKeyness(code, *listed))
        return tuple(by_group)


def _rules_by_sentence(contents: Contents) -> list[list[str]]:
    causes = contents.causes
    return [
        [causes[find.cause].name for find in finds if causes[find.cause].kind == "rule"]
        for finds in contents.finds
    ]


def _listed(items: Sequence[Distinct], more: int, less: int) -> tuple[Distinct, ...]:
    """The surest `more` items that a group has more of, then the surest `less` of the others;
    `items` come in descending order of z."""
    above = [item for item in items if item.z > 0]
    below = [item for item in items if item.z <= 0]
    return (*above[:more], *below[-less:])
