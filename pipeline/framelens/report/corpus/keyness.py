"""What sets the groups that a field makes apart: their terms and their rules."""

from __future__ import annotations

from collections import Counter
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
"""How many are listed that a group has more of than the others, and less of."""


@dataclass(frozen=True, slots=True)
class Apart:
    """What sets a group apart from all other sentences; `code` is its value's number in the
    facet."""

    code: int
    terms: tuple[Distinct, ...]
    rules: tuple[Distinct, ...]


class Comparer:
    """Compares groups of a page's sentences by their terms and rules."""

    def __init__(self, contents: Contents, tokenizer: Tokenizer) -> None:
        self.terms = Presence({*content_terms(text, tokenizer)} for text in contents.texts)
        self.rules = Presence(_rules(contents))

    def apart(self, facet: Facet) -> tuple[Apart, ...]:
        """What sets the commonest values of a facet apart, in their order."""
        sizes = Counter(code for code in facet.codes if code >= 0)
        codes = sorted(sizes, key=lambda code: (-sizes[code], code))[:MOST_GROUPS]
        found = (self._apart(facet, code) for code in codes if sizes[code] >= FEWEST_SENTENCES)
        return tuple(row for row in found if row.terms or row.rules)

    def _apart(self, facet: Facet, code: int) -> Apart:
        inside = [found == code for found in facet.codes]
        terms = without_parts(distinctive(self.terms, inside))
        return Apart(
            code, _ends(terms, *MOST_TERMS), _ends(distinctive(self.rules, inside), *MOST_RULES)
        )


def _rules(contents: Contents) -> list[list[str]]:
    causes = contents.causes
    return [
        [causes[number].name for number, _, _ in row if causes[number].kind == "rule"]
        for row in contents.finds
    ]


def _ends(rows: list[Distinct], more: int, less: int) -> tuple[Distinct, ...]:
    """The first of those that a group has more of, and the last of those that it has less of."""
    above, below = ([row for row in rows if (row.z > 0) == side] for side in (True, False))
    return tuple(above[:more] + below[-less:])
