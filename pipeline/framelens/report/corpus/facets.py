"""Fields whose values sentences can be chosen by on a page, and the time line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from framelens.analysis.comparison import DATES
from framelens.analysis.periods import periods
from framelens.core.types import DOCUMENT
from framelens.report.corpus.contents import Contents, Values

MOST_VALUES = 1000
LONGEST_VALUE = 160
MOST_CHARACTERS = 200_000
"""Larger fields are left out unless they are asked for, so that the page stays small."""

USUAL = ("speaker", "country", "genre", "part", "author", "source")
"""Fields that a page compares unasked, where they have a few values, the first two of them."""
FEW = 60
MOST_USUAL = 2


@dataclass(frozen=True, slots=True)
class Facet:
    """A field: its values, the commonest first, and for each sentence the number of its value (its
    code), −1 where it has none.

    `derived` says that it repeats what other fields or the document's name say.
    """

    name: str
    values: tuple[str, ...]
    codes: list[int]
    derived: bool = False

    @property
    def characters(self) -> int:
        """About how many characters it takes in the page: a run of one code costs little."""
        runs = sum(1 for _ in groupby(self.codes))
        return sum(len(value) + 3 for value in self.values) + 6 * runs


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Periods in order, gaps filled, and the facet whose values are those of them that occur."""

    facet: Facet
    periods: tuple[str, ...]


def facet(name: str, values: Values) -> Facet:
    """The facet of a field, given each sentence's value."""
    common = [value for value, _ in Counter(value for value in values if value).most_common()]
    codes = {value: code for code, value in enumerate(common)}
    return Facet(name, tuple(common), [codes.get(value or "", -1) for value in values])


def documents_facet(contents: Contents) -> Facet:
    """The facet of documents, its values in their order; documents of one name are one."""
    names = dict.fromkeys(document.name for document in contents.documents)
    numbers = {name: number for number, name in enumerate(names)}
    codes = [numbers[name or ""] for name in contents.values(DOCUMENT)]
    return Facet(DOCUMENT, tuple(names), codes, derived=True)


def chosen_facets(contents: Contents, asked: Sequence[str]) -> tuple[list[Facet], list[str]]:
    """The facets of a page, and the names of fields that were left out for their size.

    Those asked for are always there.
    """
    facets = [facet(name, values) for name, values in contents.fields.items()]
    facets.sort(key=lambda it: (it.name not in asked, len(it.values), it.name))
    kept, left_out, size = [], [], 0
    for candidate in facets:
        size += candidate.characters
        longest = max(map(len, candidate.values), default=0)
        is_small = len(candidate.values) <= MOST_VALUES and longest <= LONGEST_VALUE
        if candidate.name in asked or (is_small and size <= MOST_CHARACTERS):
            kept.append(candidate)
        else:
            size -= candidate.characters
            left_out.append(candidate.name)
    order = list(contents.fields)
    return sorted(kept, key=lambda it: order.index(it.name)), sorted(left_out)


def time_line(contents: Contents) -> TimeLine | None:
    """The time line of the first field with dates of more than one period; None without any."""
    for name in DATES:
        if name in contents.fields:
            dated, line = periods(contents.fields[name])
            if len(line) > 1:
                return TimeLine(_in_periods(name, contents.fields[name], dated), tuple(line))
    return None


def _in_periods(name: str, values: Values, dated: Values) -> Facet:
    """The facet of periods: the field's own where it holds nothing else."""
    if dated == values:
        return facet(name, values)
    period = next(value for value in dated if value)
    unit = {4: "year", 7: "month", 10: "day"}[len(period)]
    unit = "quarter" if "Q" in period else unit
    return replace(facet(f"{name}, by {unit}", dated), derived=True)


def usual_fields(contents: Contents) -> list[str]:
    """The fields that a page compares if none are named: USUAL ones and documents, of a few values."""
    usual = [
        name
        for name in USUAL
        if name in contents.fields and 2 <= len({*contents.fields[name]} - {None}) <= FEW
    ]
    documents = [DOCUMENT] if 2 <= len(contents.documents) <= FEW else []
    return usual[:MOST_USUAL] + documents
