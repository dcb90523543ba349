"""Shares of sentences by frame, of all sentences and by the values of fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from framelens.analysis.comparison import DATES, Comparison, Cross, compare, cross, over_value
from framelens.analysis.counter import WHOLE, ShareCounter, Sort
from framelens.analysis.periods import UNITS
from framelens.analysis.shares import Group
from framelens.analysis.stances import Counters
from framelens.core.errors import FramelensError
from framelens.core.tables import Tabular
from framelens.core.types import DOCUMENT, MOST_GROUPS, Classified, plain
from framelens.readers.formats.records import written_else

ALL = "all sentences"


@dataclass(frozen=True, slots=True, repr=False)
class Summary(Tabular):
    """Shares of frames among all sentences, and by field among the sentences of each value.

    `comparisons` are of the groups of each field, `crosses` of each field (and of all sentences) with
    another. `cluster` is the field in which sentences are taken to be alike. `stances` has, where they
    were asked for, a summary for each frame, of the stances of the sentences that carry it. `about`
    has, in the same groups, the share of sentences about the codebook's subject, None where the model
    does not tell.
    """

    frames: tuple[str, ...]
    whole: Group
    by: dict[str, tuple[Group, ...]] = field(default_factory=dict)
    comparisons: dict[str, Comparison] = field(default_factory=dict)
    crosses: tuple[Cross, ...] = ()
    cluster: str = DOCUMENT
    stances: dict[str, Summary] = field(default_factory=dict)
    about: Summary | None = None

    def _table(self) -> tuple[list[str], list[list[str]]]:
        """A line a group, with the share of each frame in it."""
        groups = [("", self.whole), *((name, row) for name in self.by for row in self.by[name])]
        header = ["", "", "sentences", *(row.frame or "none" for row in self.whole.shares)]
        return header, [
            [name, row.value, f"{row.sentences:,}", *(f"{one.share:.1%}" for one in row.shares)]
            for name, row in groups
        ]

    def groups(self) -> Iterator[Group]:
        """Every group that there are shares of."""
        yield self.whole
        yield from chain.from_iterable(self.by.values())
        for table in self.crosses:
            for line in table.lines:
                yield from (group for group in line.cells if group is not None)
        for summary in self.stances.values():
            yield from summary.groups()

    @property
    def uncertain(self) -> int:
        """How many groups, all sentences aside, rest on so few clusters that intervals are a poor guide."""
        return sum(group.is_uncertain for group in self._apart())

    @property
    def single(self) -> int:
        """How many of them rest on one cluster, so that nothing is known of how clusters differ."""
        return sum(group.clusters == 1 for group in self._apart())

    def _apart(self) -> Iterator[Group]:
        wholes = {id(self.whole), *(id(inner.whole) for inner in self.stances.values())}
        return (group for group in self.groups() if id(group) not in wholes)


def summarize(
    sentences: Iterable[Classified],
    frames: Sequence[str],
    *,
    by: Sequence[str] = (),
    over: str | None = None,
    top: int | None = MOST_GROUPS,
    sort: Sort = "size",
    cluster: str = DOCUMENT,
    stances: Sequence[str] | None = None,
) -> Summary:
    """Count classified sentences as they come.

    The `top` commonest values of each field in `by` have groups of their own (None: all), in the
    order of `sort`. Each field is crossed with `over`: another field, whose dates are put together
    to periods, or `year`, `quarter`, `month` or `day` of the date. Intervals and tests take
    sentences to be alike within what the field `cluster` says. `stances` are the scheme's, if the
    sentences with each frame are to be counted by stance, too.

    Memory grows with the number of values that the fields have, and that of clusters unless they
    are documents, not with that of sentences. Raise FramelensError where no sentence has one of the
    fields, or a stance that was asked for, and where there is no sentence at all.
    """
    names = tuple(dict.fromkeys(by))
    counters = Counters(
        frames,
        names,
        stances=stances,
        most=top,
        sort=sort,
        crossed=over is not None,
        clustered=cluster != DOCUMENT,
    )
    known: dict[str, None] = {}
    crossed = False
    for classified in sentences:
        fields = fields_of(classified)
        known |= dict.fromkeys(fields)
        at = over_value(fields, over) if over is not None else None
        crossed = crossed or at is not None
        counters.add(
            classified.sentence.doc,
            classified.frames.labels,
            [fields.get(name) for name in names],
            stances={name: row.name for name, row in classified.frames.stances.items()},
            about=classified.frames.about,
            over=at,
            cluster=fields.get(cluster),
        )
    if not counters.whole.all().sentences:
        raise FramelensError("no sentence in what was read; expected texts to count")
    for name in (*names, *(() if cluster == DOCUMENT else (cluster,))):
        check_known(name, known, OVER)
    if over is not None and not crossed:
        check_over(over, known)
    return summary_of(counters, over=over, cluster=cluster)


def summary_of(counters: Counters, *, over: str | None = None, cluster: str = DOCUMENT) -> Summary:
    """The summary of counters; raise FramelensError where stances were asked for and there are none."""
    if counters.treated is not None and not counters.with_stance:
        raise FramelensError(
            "no sentence has a stance; expected a codebook with stances and a model that tells them"
        )
    return replace(
        _summary(counters.whole, over, cluster),
        stances={
            frame: _summary(counter, over, cluster)
            for frame, counter in (counters.treated or {}).items()
            if counter.all().sentences
        },
        about=_summary(counters.about, over, cluster) if counters.with_about else None,
    )


def _summary(counter: ShareCounter, over: str | None, cluster: str) -> Summary:
    return Summary(
        frames=counter.frames,
        whole=counter.all().group(ALL),
        by={name: counter.groups(name) for name in counter.by},
        comparisons={name: compare(counter, name) for name in counter.by},
        crosses=tuple(cross(counter, name, over) for name in (counter.by or (WHOLE,)))
        if over is not None
        else (),
        cluster=cluster,
    )


def check_over(over: str, known: Iterable[str]) -> None:
    """Raise FramelensError where no sentence has a value of `over`."""
    if over in UNITS:
        raise FramelensError(
            f"--over {over}: no sentence has a date; expected a field date or year, or see "
            "--date-column"
        )
    check_known(over, known)


def fields_of(classified: Classified) -> dict[str, str]:
    """The fields of a sentence's record and place, and its document, as texts: lists joined by commas,
    without values that have no plain form."""
    fields = {**classified.sentence.meta, DOCUMENT: classified.sentence.doc}
    return {name: text for name, value in fields.items() if (text := plain(value))}


OVER = "--over '{}' takes it from the date"


def check_known(name: str, known: Iterable[str], advice: str = "") -> None:
    """Raise FramelensError where a field is not among those that sentences have; `advice` is what to do
    for a unit of time where they have dates."""
    names = sorted(known)
    if name not in names:
        dated = name in UNITS and not set(DATES).isdisjoint(names)
        hint = written_else(names, name) + (f"; {advice.format(name)}" if dated and advice else "")
        raise FramelensError(
            f"no sentence has the field {name!r}{hint}; there are: {', '.join(names) or 'none'}"
        )
