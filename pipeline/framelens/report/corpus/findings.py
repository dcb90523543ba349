"""The figures of a page of documents: shares of frames, groups, keyness, versions of one text, and how
sentences treat the frames that they carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np
from spacy.tokenizer import Tokenizer

from framelens.analysis.comparison import DATES, Comparison, Cross, over_value
from framelens.analysis.corrected.results import Corrected
from framelens.analysis.counter import Sort
from framelens.analysis.shares import Group
from framelens.analysis.stances import Counters
from framelens.analysis.summary import Summary, check_over, summary_of
from framelens.core.types import DOCUMENT, MOST_GROUPS
from framelens.report.corpus.contents import Contents, Values
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
from framelens.statistics.clustered import Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """How a page's groups are made, as `analysis.summary.summarize` takes it.

    `by` are the fields to compare groups by: by default documents, and speaker, country, genre and
    the like, where they have a few values.
    """

    by: Sequence[str] | None = None
    over: str | None = None
    top: int | None = MOST_GROUPS
    sort: Sort = "size"
    cluster: str = DOCUMENT


USUAL_GROUPING = Grouping()


@dataclass(frozen=True, slots=True)
class Cooccurrence:
    """How many sentences carry two frames, and how many would if these were independent."""

    both: int
    expected: float


@dataclass(frozen=True, slots=True)
class CodedGroup:
    """A group of sentences with the code of its value in the facet: −1 is the lack of a value, and
    None stands for the rarer values together. `differences` are its shares less those of all other
    groups, none where there are no others.

    With a labelled sample, `labelled` of its sentences have labels, and `corrected` is the group with
    corrected shares, None where the labels are too few; a frame without an estimate has a share that
    is not known, and None for a difference.
    """

    code: int | None
    group: Group
    differences: tuple[Difference, ...] = ()
    corrected: Group | None = None
    corrected_differences: tuple[Difference | None, ...] = ()
    labelled: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """The groups that a field makes, and their keyness; `facet` is its number on the page."""

    name: str
    facet: int
    groups: tuple[CodedGroup, ...]
    comparison: Comparison
    keyness: tuple[GroupKeyness, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """The figures of a page of documents.

    `together` has a row and a column a frame. `time_line` is None where there are no dates;
    `over_time` has the group of each of its periods, None for a period without sentences.
    `sentences_with` has, for each key term of a group, the numbers of the sentences that hold it.
    `crosses` are the fields crossed with the one asked for. `stances` and `about`, the shares of
    sentences about the codebook's subject, are None where the model does not tell them. `corrected` is
    on the labelled sample, if there is one; `overall_corrected` is as `corrected` of a `CodedGroup`.
    """

    contents: Contents
    grouping: Grouping
    overall: Group
    together: tuple[tuple[Cooccurrence, ...], ...]
    facets: tuple[Facet, ...]
    left_out: tuple[str, ...]
    time_line: TimeLine | None
    over_time: tuple[CodedGroup | None, ...]
    fields: tuple[Field, ...]
    crosses: tuple[Cross, ...]
    sentences_with: dict[str, list[int]]
    pairs: tuple[Pair, ...]
    stances: Stances | None = None
    about: Summary | None = None
    corrected: Corrected | None = None
    overall_corrected: Group | None = None

    @property
    def time_facet(self) -> int | None:
        """The number of the time line's facet."""
        return self.facets.index(self.time_line.facet) if self.time_line else None

    @property
    def single(self) -> int:
        """How many groups rest on one cluster, so that nothing is known of how clusters differ."""
        groups = (coded.group for it in self.fields for coded in it.groups)
        return sum(group.clusters == 1 for group in groups)


def find_out(
    contents: Contents,
    tokenizer: Tokenizer,
    *,
    compare: Sequence[str] = (),
    grouping: Grouping = USUAL_GROUPING,
) -> Findings:
    """Work out a page's figures.

    `compare` names the documents to lay side by side, by default those that look like versions of
    one text. Raise FramelensError for a field or a document that is not there.
    """
    names = usual_fields(contents) if grouping.by is None else list(dict.fromkeys(grouping.by))
    for name in names:
        contents.values(name)
    side_by_side = pairs(contents, compare)
    kept, left_out = chosen_facets(contents, names)
    line = time_line(contents)
    documents = [documents_facet(contents)] if DOCUMENT in names else []
    facets = [*kept, *documents]
    if line is not None and line.facet not in facets:
        facets.append(line.facet)
    in_order = [facet for name in names for facet in facets if facet.name == name]
    summary = _summary(contents, in_order, grouping)
    keyness = KeynessFinder(contents, tokenizer)
    fields = tuple(_field(name, facets, summary, keyness, grouping.sort) for name in names)
    key_terms = {item.item for field in fields for group in field.keyness for item in group.terms}
    over_time, time_stances = _over_time(contents, line, facets, grouping)
    return Findings(
        contents=contents,
        grouping=grouping,
        overall=summary.whole,
        together=_together(contents),
        facets=tuple(facets),
        left_out=tuple(left_out),
        time_line=line,
        over_time=over_time,
        fields=fields,
        crosses=summary.crosses,
        sentences_with={term: keyness.terms.holders(term) for term in sorted(key_terms)},
        pairs=side_by_side,
        stances=_stances(contents, summary, fields, time_stances),
        about=summary.about,
    )


def _summary(contents: Contents, facets: Sequence[Facet], grouping: Grouping) -> Summary:
    """The shares of frames by the facets' values, crossed as the grouping says."""
    over, cluster = grouping.over, grouping.cluster
    counters = Counters(
        contents.scheme.names,
        [facet.name for facet in facets],
        stances=contents.scheme.stances if any(contents.stances) else None,
        most=grouping.top,
        sort=grouping.sort,
        crossed=over is not None,
        clustered=cluster != DOCUMENT,
    )
    documents, clusters = contents.values(DOCUMENT), contents.values(cluster)
    columns = _over(contents, over)
    for at, (document, labels) in enumerate(zip(documents, contents.labels, strict=True)):
        values = [
            facet.values[code] if (code := facet.codes[at]) >= 0 else None for facet in facets
        ]
        counters.add(
            document or "",
            labels,
            values,
            stances=contents.stances[at],
            about=contents.about[at],
            over=columns[at],
            cluster=clusters[at],
        )
    return summary_of(counters, over=over, cluster=cluster)


def _over(contents: Contents, over: str | None) -> Values:
    """Each sentence's value of the field or unit of time that tables are crossed with; raise
    FramelensError where no sentence has one."""
    if over is None:
        return [None] * len(contents.texts)
    available = {*contents.fields, DOCUMENT}
    names = [name for name in (over, *DATES) if name in available]
    columns = [contents.values(name) for name in names]
    values = [
        over_value({name: value for name, value in zip(names, row, strict=True) if value}, over)
        for row in zip(*columns, strict=True)
    ]
    if not any(values):
        check_over(over, available)
    return values


def _field(
    name: str, facets: Sequence[Facet], summary: Summary, keyness: KeynessFinder, sort: Sort
) -> Field:
    number = next(at for at, facet in enumerate(facets) if facet.name == name)
    groups = _coded(
        facets[number],
        summary.by[name],
        summary.comparisons[name],
        as_listed=name == DOCUMENT and sort == "size",
    )
    return Field(name, number, groups, summary.comparisons[name], keyness.by_group(facets[number]))


def _coded(
    facet: Facet, groups: Sequence[Group], comparison: Comparison, *, as_listed: bool = False
) -> tuple[CodedGroup, ...]:
    """The groups with their codes, in their order or in that of the facet's values."""
    codes = {value: code for code, value in enumerate(facet.values)}
    others = {"rest": None, "missing": -1}
    differences = chain(
        comparison.differences, repeat(())
    )  # none of those without a value, the last
    coded = [
        CodedGroup(codes[it.value] if it.kind == "value" else others[it.kind], it, less)
        for it, less in zip(groups, differences, strict=False)
    ]
    named = [it for it in coded if it.group.kind == "value"]
    if as_listed:
        named.sort(key=lambda it: codes[it.group.value])
    return (*named, *(it for it in coded if it.group.kind != "value"))


def _over_time(
    contents: Contents, line: TimeLine | None, facets: Sequence[Facet], grouping: Grouping
) -> tuple[tuple[CodedGroup | None, ...], StanceTable | None]:
    """The groups of the periods, and their table of stances."""
    if line is None:
        return (), None
    plain = Grouping(top=None, cluster=grouping.cluster)
    summary = _summary(contents, [line.facet], plain)
    name = line.facet.name
    coded = _coded(line.facet, summary.by[name], summary.comparisons[name])
    dated = {it.group.value: it for it in coded}
    rows = [(it, dated[it].code) for it in line.periods if it in dated]
    stances = table_by(name, facets.index(line.facet), rows, summary.stances)
    return tuple(dated.get(it) for it in line.periods), stances if summary.stances else None


def _stances(
    contents: Contents, summary: Summary, fields: Sequence[Field], over_time: StanceTable | None
) -> Stances | None:
    if not summary.stances:
        return None
    whole = {name: inner.whole for name, inner in summary.stances.items()}
    tables = [StanceTable("", None, (StanceRow("all sentences", None, whole),))]
    for field in fields:
        groups = [(it.group.value, it.code) for it in field.groups]
        tables.append(table_by(field.name, field.facet, groups, summary.stances))
    if over_time is not None and all(field.facet != over_time.facet for field in fields):
        tables.append(over_time)
    return Stances(contents.scheme.stances, tuple(tables), summary)


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


@dataclass(frozen=True, slots=True)
class StanceRow:
    """A group of sentences, with the code of its value in the facet, and those of them that carry
    a frame, by frame, with the share of each stance; frames that none carries are left out."""

    value: str
    code: int | None
    frames: Mapping[str, Group]


@dataclass(frozen=True, slots=True)
class StanceTable:
    """The groups of a field, the page's facet of this number; without name and facet all sentences."""

    name: str
    facet: int | None
    rows: tuple[StanceRow, ...]


@dataclass(frozen=True, slots=True)
class Stances:
    """The stances of a page: their names, a table of all sentences and one for each field, and
    the summary that the figures come from."""

    names: tuple[str, ...]
    tables: tuple[StanceTable, ...]
    summary: Summary


def table_by(
    name: str, facet: int, groups: Iterable[tuple[str, int | None]], stances: Mapping[str, Summary]
) -> StanceTable:
    """The table of a field; `groups` are its values in order, with their codes."""
    shares = {
        frame: {group.value: group for group in inner.by[name]} for frame, inner in stances.items()
    }
    rows = []
    for value, code in groups:
        frames = {frame: named[value] for frame, named in shares.items() if value in named}
        rows.append(StanceRow(value, code, frames))
    return StanceTable(name, facet, tuple(rows))
