"""What a page of documents says: shares of frames, groups, what sets them apart, versions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from spacy.tokenizer import Tokenizer

from framelens.analysis.shares import Group
from framelens.analysis.summary import DOCUMENT, ShareCounter, Summary
from framelens.core.fields import MOST_GROUPS
from framelens.report.corpus.apart import Apart, Comparer
from framelens.report.corpus.contents import Contents
from framelens.report.corpus.facets import (
    Facet,
    TimeLine,
    chosen_facets,
    documents_facet,
    time_line,
    usual_fields,
)
from framelens.report.corpus.pairs import Pair, pairs

ORDERED = re.compile(r"\d[\d.-]*|\d{4} Q\d")
"""Values that are shown in their own order, not by how common they are."""


@dataclass(frozen=True, slots=True)
class Together:
    """Of two frames, how many sentences carry both, and how many would if they had nothing to do
    with each other."""

    both: int
    expected: float


@dataclass(frozen=True, slots=True)
class Part:
    """A group of sentences: `code` is its value's number in the facet, −1 the lack of one, and None
    stands for the rarer values together."""

    code: int | None
    group: Group


@dataclass(frozen=True, slots=True)
class Field:
    """The groups that a field makes, and what sets them apart; `facet` is its number among those of
    the page."""

    name: str
    facet: int
    parts: tuple[Part, ...]
    apart: tuple[Apart, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that a page of documents says.

    `together` are the frames two by two. `line` is None where there are no dates; `in_time` has the
    part of each of its periods, None where nothing is dated so. `holders` are the sentences, by
    number, with each of the terms that set some group apart.
    """

    contents: Contents
    whole: Group
    together: tuple[tuple[Together, ...], ...]
    facets: tuple[Facet, ...]
    left_out: tuple[str, ...]
    line: TimeLine | None
    in_time: tuple[Part | None, ...]
    fields: tuple[Field, ...]
    holders: dict[str, list[int]]
    pairs: tuple[Pair, ...]

    @property
    def time(self) -> int | None:
        """The number of the time line's facet."""
        return self.facets.index(self.line.facet) if self.line else None


def find_out(
    contents: Contents,
    tokenizer: Tokenizer,
    *,
    by: Sequence[str] | None = None,
    compare: Sequence[str] = (),
) -> Findings:
    """Work out a page's figures.

    `by` are the fields to compare, by default the usual ones; `compare` the documents to lay side
    by side, by default those that look like versions of one text. Raise FramelensError for a field
    or a document that is not there.
    """
    names = usual_fields(contents) if by is None else list(dict.fromkeys(by))
    for name in names:
        contents.values(name)
    side_by_side = pairs(contents, compare)
    kept, left_out = chosen_facets(contents, names)
    line = time_line(contents)
    documents = [documents_facet(contents)] if DOCUMENT in names else []
    facets = [*kept, *documents]
    if line is not None and line.facet not in facets:
        facets.append(line.facet)
    summary = _counted(contents, [found for found in facets if found.name in names])
    comparer = Comparer(contents, tokenizer)
    fields = tuple(_field(name, facets, summary, comparer) for name in names)
    terms = sorted({row.item for field in fields for part in field.apart for row in part.terms})
    return Findings(
        contents=contents,
        whole=summary.whole,
        together=_together(contents),
        facets=tuple(facets),
        left_out=tuple(left_out),
        line=line,
        in_time=_in_time(contents, line),
        fields=fields,
        holders={term: comparer.terms.holders(term) for term in terms},
        pairs=side_by_side,
    )


def _counted(contents: Contents, facets: Sequence[Facet], most: int = MOST_GROUPS) -> Summary:
    """The shares of frames by the facets' values, at most so many of each."""
    counter = ShareCounter(contents.scheme.names, [found.name for found in facets], most=most)
    documents = contents.values(DOCUMENT)
    for at, (document, labels) in enumerate(zip(documents, contents.labels, strict=True)):
        values = [
            found.values[code] if (code := found.codes[at]) >= 0 else None for found in facets
        ]
        counter.add(document or "", labels, values)
    return counter.summary()


def _field(name: str, facets: Sequence[Facet], summary: Summary, comparer: Comparer) -> Field:
    number = next(at for at, found in enumerate(facets) if found.name == name)
    parts = _parts(facets[number], summary.by[name], ordered=name == DOCUMENT)
    return Field(name, number, parts, comparer.apart(facets[number]))


def _parts(facet: Facet, groups: Sequence[Group], *, ordered: bool) -> tuple[Part, ...]:
    """The groups with their codes: the commonest first, or in the values' own order."""
    numbers = {value: number for number, value in enumerate(facet.values)}
    named = [Part(numbers[group.value], group) for group in groups if group.kind == "value"]
    if ordered:
        named.sort(key=lambda part: numbers[part.group.value])
    elif all(ORDERED.fullmatch(part.group.value) for part in named):
        named.sort(key=lambda part: part.group.value)
    others = {"rest": None, "missing": -1}
    return (*named, *(Part(others[row.kind], row) for row in groups if row.kind != "value"))


def _in_time(contents: Contents, line: TimeLine | None) -> tuple[Part | None, ...]:
    if line is None:
        return ()
    found = _counted(contents, [line.facet], most=len(line.periods)).by[line.facet.name]
    parts = {part.group.value: part for part in _parts(line.facet, found, ordered=False)}
    return tuple(parts.get(period) for period in line.periods)


def _together(contents: Contents) -> tuple[tuple[Together, ...], ...]:
    names = contents.scheme.names
    table = np.array([[name in labels for name in names] for labels in contents.labels], dtype=int)
    both = table.T @ table
    single = table.sum(axis=0)
    expected = np.outer(single, single) / len(table)
    return tuple(
        tuple(Together(int(n), float(e)) for n, e in zip(row, other, strict=True))
        for row, other in zip(both, expected, strict=True)
    )
