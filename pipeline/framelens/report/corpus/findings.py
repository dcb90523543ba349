"""The figures of a page of documents: shares of frames, groups, keyness, versions of one text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from spacy.tokenizer import Tokenizer

from framelens.analysis.counter import ShareCounter
from framelens.analysis.shares import Group
from framelens.analysis.summary import Summary, summary_of
from framelens.core.fields import DOCUMENT, MOST_GROUPS
from framelens.report.corpus.contents import Contents
from framelens.report.corpus.facets import (
    Facet,
    TimeLine,
    chosen_facets,
    documents_facet,
    time_line,
    usual_fields,
)
from framelens.report.corpus.keyness import GroupKeyness, KeynessFinder
from framelens.report.corpus.side_by_side import Pair, pairs

ORDERED = re.compile(r"\d[\d.-]*|\d{4} Q\d")
"""Values that are shown in their own order, not by how common they are."""


@dataclass(frozen=True, slots=True)
class Cooccurrence:
    """Of two frames, how many sentences carry both, and how many would if they had nothing to do
    with each other."""

    both: int
    expected: float


@dataclass(frozen=True, slots=True)
class CodedGroup:
    """A group of sentences with the code of its value in the facet: −1 is the lack of a value, and
    None stands for the rarer values together."""

    code: int | None
    group: Group


@dataclass(frozen=True, slots=True)
class Field:
    """The groups that a field makes, and their keyness; `facet` is its number among the facets of
    the page."""

    name: str
    facet: int
    groups: tuple[CodedGroup, ...]
    keyness: tuple[GroupKeyness, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that a page of documents says.

    `together` has a row and a column a frame. `time_line` is None where there are no dates;
    `over_time` has the group of each of its periods, None where nothing is dated so.
    `sentences_with` are, for each key term of some group, the numbers of the sentences that hold
    it.
    """

    contents: Contents
    overall: Group
    together: tuple[tuple[Cooccurrence, ...], ...]
    facets: tuple[Facet, ...]
    left_out: tuple[str, ...]
    time_line: TimeLine | None
    over_time: tuple[CodedGroup | None, ...]
    fields: tuple[Field, ...]
    sentences_with: dict[str, list[int]]
    pairs: tuple[Pair, ...]

    @property
    def time_facet(self) -> int | None:
        """The number of the time line's facet."""
        return self.facets.index(self.time_line.facet) if self.time_line else None


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
    summary = _summary(contents, [facet for facet in facets if facet.name in names])
    keyness = KeynessFinder(contents, tokenizer)
    fields = tuple(_field(name, facets, summary, keyness) for name in names)
    key_terms = {item.item for field in fields for group in field.keyness for item in group.terms}
    return Findings(
        contents=contents,
        overall=summary.whole,
        together=_together(contents),
        facets=tuple(facets),
        left_out=tuple(left_out),
        time_line=line,
        over_time=_over_time(contents, line),
        fields=fields,
        sentences_with={term: keyness.terms.holders(term) for term in sorted(key_terms)},
        pairs=side_by_side,
    )


def _summary(contents: Contents, facets: Sequence[Facet], most: int = MOST_GROUPS) -> Summary:
    """The shares of frames by the facets' values, at most `most` of each."""
    counter = ShareCounter(contents.scheme.names, [facet.name for facet in facets], most=most)
    documents = contents.values(DOCUMENT)
    for at, (document, labels) in enumerate(zip(documents, contents.labels, strict=True)):
        values = [
            facet.values[code] if (code := facet.codes[at]) >= 0 else None for facet in facets
        ]
        counter.add(document or "", labels, values)
    return summary_of(counter)


def _field(name: str, facets: Sequence[Facet], summary: Summary, keyness: KeynessFinder) -> Field:
    number = next(at for at, facet in enumerate(facets) if facet.name == name)
    groups = _coded(facets[number], summary.by[name], as_listed=name == DOCUMENT)
    return Field(name, number, groups, keyness.by_group(facets[number]))


def _coded(facet: Facet, groups: Sequence[Group], *, as_listed: bool) -> tuple[CodedGroup, ...]:
    """The groups with their codes: the commonest first, dates and numbers in their own order, or
    all in the order of the facet's values."""
    codes = {value: code for code, value in enumerate(facet.values)}
    named = [CodedGroup(codes[group.value], group) for group in groups if group.kind == "value"]
    if as_listed:
        named.sort(key=lambda it: codes[it.group.value])
    elif all(ORDERED.fullmatch(it.group.value) for it in named):
        named.sort(key=lambda it: it.group.value)
    others = {"rest": None, "missing": -1}
    unnamed = (CodedGroup(others[it.kind], it) for it in groups if it.kind != "value")
    return (*named, *unnamed)


def _over_time(contents: Contents, line: TimeLine | None) -> tuple[CodedGroup | None, ...]:
    if line is None:
        return ()
    groups = _summary(contents, [line.facet], most=len(line.periods)).by[line.facet.name]
    dated = {it.group.value: it for it in _coded(line.facet, groups, as_listed=False)}
    return tuple(dated.get(period) for period in line.periods)


def _together(contents: Contents) -> tuple[tuple[Cooccurrence, ...], ...]:
    names = contents.scheme.names
    table = np.array([[name in labels for name in names] for labels in contents.labels], dtype=int)
    both = table.T @ table
    single = table.sum(axis=0)
    expected = np.outer(single, single) / len(table)
    return tuple(
        tuple(Cooccurrence(int(n), float(e)) for n, e in zip(counts, chances, strict=True))
        for counts, chances in zip(both, expected, strict=True)
    )
