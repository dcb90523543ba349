"""Shares of frames corrected by labelled sentences, by groups and periods, beside the plain count.

The estimator and its sources are in `framelens.statistics.corrected`.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from framelens.analysis.corrected.out_of_fold import Folds
from framelens.analysis.corrected.response import FEWEST_DRAWN, MOST_SILENT, Part, uneven
from framelens.analysis.corrected.waves import NEAR, check_drawn_from, joined_waves
from framelens.analysis.periods import periods
from framelens.analysis.shares import Share, Tally, named
from framelens.analysis.stance_labels import is_pair
from framelens.analysis.summary import ALL, check_known, fields_of
from framelens.core.errors import FramelensError
from framelens.core.tables import Tabular
from framelens.core.types import (
    DOCUMENT,
    MOST_GROUPS,
    NOTHING,
    Bools,
    Classified,
    Floats,
    Ints,
    Unit,
    counted,
    in_order,
    other_values,
)
from framelens.project.items import Item
from framelens.project.label_forms import NONE
from framelens.statistics.clustered import holm
from framelens.statistics.corrected import (
    FEWEST_LABELLED,
    Design,
    Difference,
    Estimate,
    Target,
    corrected_share,
    difference,
)
from framelens.statistics.proportions import FEWEST_DOCUMENTS
from framelens.writers.records import sentence_id

MOST_COMPARED = 6
"""Groups of a field, the commonest, that are compared two by two."""

NO_ESTIMATE = "no estimate"
"""What stands in tables in place of a share that is not known."""

OVER = "--over with the field of dates gives shares by periods"


@dataclass(frozen=True, slots=True)
class CorrectedShare:
    """The share of one frame (None: of no frame) as counted and, without a `refusal`, corrected."""

    frame: str | None
    counted: Share
    corrected: Estimate | None
    refusal: str = ""

    @property
    def is_possible(self) -> bool:
        """Whether there could be an estimate: not of sentences without a frame where each has one."""
        return self.corrected is not None or bool(self.refusal)


@dataclass(frozen=True, slots=True)
class CorrectedGroup:
    """The sentences that have a value of some field; `labelled` of them carry labels, and `refusal`
    says why none of their shares has an estimate, or nothing."""

    value: str
    sentences: int
    documents: int
    labelled: int
    shares: tuple[CorrectedShare, ...]
    refusal: str = ""

    @property
    def refusals(self) -> dict[str, str]:
        """Why shares of single frames have no estimate, by frame."""
        refusals = {share.frame or NONE: share.refusal for share in self.shares}
        return {} if self.refusal else {name: why for name, why in refusals.items() if why}


@dataclass(frozen=True, slots=True)
class Compared:
    """The corrected share of a frame in one group less that in another.

    `holm` is p with all pairs of the field and frame allowed for (Holm, "A simple sequentially
    rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979).
    """

    field: str
    frame: str | None
    one: str
    other: str
    difference: Difference
    holm: float


@dataclass(frozen=True, slots=True, repr=False)
class Corrected(Tabular):
    """Corrected shares of all sentences, and by field those of each value.

    Of the sentences `drawn`, in so many `waves`, `unlabelled` have no labels, among them those that are
    `disputed`: coders disagree on them or could not decide. Of so many labels coders were `unsure`.
    `uneven` are the parts of the sample that are labelled more or less often than chance would have
    it. `folds` counts the models that predicted the sample where the classifier was trained on it,
    `by_another` the sentences of the sample that were read with labels of another classifier. `apart`
    is a warning where the sample was drawn from some more or fewer sentences. `cluster` is the field in
    which sentences are taken to be alike.
    """

    frames: tuple[str, ...]
    target: Target
    designs: tuple[str, ...]
    drawn: int
    unlabelled: int
    whole: CorrectedGroup
    by: Mapping[str, tuple[CorrectedGroup, ...]] = field(default_factory=dict)
    compared: tuple[Compared, ...] = ()
    uneven: tuple[Part, ...] = ()
    folds: int = 0
    waves: int = 1
    unsure: int = 0
    disputed: int = 0
    apart: str = ""
    by_another: int = 0
    cluster: str = DOCUMENT

    def _table(self) -> tuple[list[str], list[list[str]]]:
        """A line a group, with its corrected shares and their intervals."""
        groups = [("", self.whole), *((name, row) for name in self.by for row in self.by[name])]
        header = ["", "", "labelled", *(share.frame or NONE for share in self.whole.shares)]
        return header, [
            [
                name,
                row.value,
                f"{row.labelled:,}",
                *(_cell(share.corrected) for share in row.shares),
            ]
            for name, row in groups
        ]


def _cell(estimate: Estimate | None) -> str:
    if estimate is None:
        return NO_ESTIMATE
    return f"{estimate.value:.1%} ({100 * estimate.low:.1f}–{100 * estimate.high:.1f})"


def correct(
    sentences: Iterable[Classified],
    frames: Sequence[str],
    waves: Sequence[Sequence[Item]],
    *,
    by: Sequence[str] = (),
    over: str | None = None,
    cluster: str = DOCUMENT,
    target: Target = "documents",
    unit: Unit = "document",
    folds: Folds | None = None,
    bare: bool = True,
) -> Corrected:
    """Correct the shares of classified sentences by the labels that coders gave to some of them.

    `waves` are the samples, one a draw, all of one design; `by` are fields to give shares by, and
    `over` one with dates, by whose periods they are given; sentences are taken to be alike within what
    the field `cluster` says. `folds` predict where the classifier was trained on the samples, too;
    `bare` says whether a sentence may carry no frame. Memory grows with the number of sentences. Raise
    FramelensError where a sample was not drawn with known probabilities or is not of these
    sentences, or no sentence has a field.
    """
    fields = [*by, *([over] if over is not None and over not in by else [])]
    corrector = Corrector(
        frames,
        waves,
        fields=fields,
        cluster=cluster,
        target=target,
        unit=unit,
        folds=folds,
        bare=bare,
    )
    deque(corrector.watching(sentences), maxlen=0)
    if cluster != DOCUMENT:
        check_known(cluster, corrector.known, OVER)
    dated = {}
    if over is not None:
        dated[over] = corrector.to_periods(over)
    whole, by_field, compared = corrector.group(ALL), {}, []
    for name, values in corrector.values.items():
        check_known(name, corrector.known, OVER)
        corrected = [
            (corrector.group(value, within, field=name), alone)
            for value, within, alone in _groups(values, dated.get(name))
        ]
        by_field[name] = tuple(group for group, _ in corrected)
        compared += _compared(name, [group for group, alone in corrected if alone])
    return corrector.result(whole, by_field, compared)


class Corrector:
    """Takes classified sentences as they come, then corrects the shares of any groups of them.

    `waves` and `bare` are what `correct` takes; `values` has a column for each of the `fields`.
    """

    def __init__(
        self,
        frames: Sequence[str],
        waves: Sequence[Sequence[Item]],
        *,
        fields: Sequence[str] = (),
        cluster: str = DOCUMENT,
        target: Target = "documents",
        unit: Unit = "document",
        folds: Folds | None = None,
        bare: bool = True,
    ) -> None:
        self.frames, self.target, self.unit = tuple(frames), target, unit
        self.cluster = cluster
        self.folds, self.bare = folds or Folds(), bare
        self.waves = waves
        self.items = {item.id: item for item in joined_waves(waves)}
        self.values: dict[str, list[str | None]] = {name: [] for name in fields}
        self.known: dict[str, None] = {}
        self._predicted: list[tuple[bool, ...]] = []
        self._guesses: list[Floats] = []
        self._own: dict[str, Floats] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._documents: list[int] = []
        self._clusters: list[int] = []
        self._place: dict[str, int] = {}
        self._fields: dict[str, dict[str, str]] = {}
        self._seen = self._by_another = 0
        self.apart = ""
        self.uneven: tuple[Part, ...] = ()
        self._blank = ""
        self._estimating: _Estimator | None = None

    def watching(self, rows: Iterable[Classified]) -> Iterator[Classified]:
        """The sentences, each added as it goes by."""
        if not self.folds.classifiers:
            for row in rows:
                self.add(row)
                yield row
            return
        for row, labels in self.folds.predicted(rows):
            self.add(row)
            columns = np.array([self._columns(given) for given in labels], dtype=np.float64)
            fold = self.folds.without(row)
            self._guesses.append(columns.mean(axis=0) if fold is None else columns[fold])
            identifier = sentence_id(row, self.unit)
            if identifier in self.folds.of:
                self._own[identifier] = columns[self.folds.of[identifier]]
            yield row

    def _columns(self, labels: Sequence[str]) -> tuple[bool, ...]:
        return (*(frame in labels for frame in self.frames), not labels)

    def add(self, row: Classified) -> None:
        """Keep what is needed of a sentence."""
        labels, document, fields = row.frames.labels, row.sentence.doc, fields_of(row)
        self._seen += self.folds.all_know(row)
        identifier = sentence_id(row, self.unit)
        if (item := self.items.get(identifier)) is not None:
            if identifier in self._place:
                raise FramelensError(f"two sentences have the id {identifier!r}; expected one")
            if item.text.split() != row.frames.text.split():
                raise FramelensError(
                    f"{identifier}: the labelled text is not the one there; expected the texts that "
                    "the sample was drawn from, split in the same way"
                )
            self._place[identifier] = len(self._predicted)
            self._fields[identifier] = fields
            self._by_another += self.folds.by_another(row)
        self._predicted.append(self._columns(labels))
        own = fields.get(self.cluster) if self.cluster != DOCUMENT else None
        # Without a cluster, the document is one.
        alike = (DOCUMENT, document) if own is None else (self.cluster, own)
        self._documents.append(self._number((DOCUMENT, document)))
        self._clusters.append(self._number(alike))
        self.known |= dict.fromkeys(fields)
        for name, values in self.values.items():
            values.append(fields.get(name))

    def _number(self, name: tuple[str, str]) -> int:
        return self._numbers.setdefault(name, len(self._numbers))

    def to_periods(self, name: str) -> list[str]:
        """Replace a field's dates by periods, and return all periods in order."""
        check_known(name, self.known, OVER)
        self.values[name], line = periods(self.values[name])
        if not line:
            raise FramelensError(f"{name}: no dates in it; expected such as 2019-05-12 or 2019")
        return line

    def group(
        self, value: str, within: Bools | None = None, *, field: str | None = None
    ) -> CorrectedGroup:
        """The shares of the sentences `within`, by default all, once all have been added; `field` is the
        one of which they have the `value`.

        They have no estimates where a part of the sample lacks all labels, unless that is a part by
        this field. Raise FramelensError where the sample is not of these sentences.
        """
        self._estimating = self._estimating or self._estimator()
        members = np.ones(len(self._predicted), bool) if within is None else within
        silent = (part for part in self.uneven if part.silent)
        gap = next((part for part in silent if not part.field or part.field != field), None)
        refusal = self._blank or (f"{gap.message()}: no estimate" if gap else "")
        return self._estimating.group(value, members, refusal)

    def result(
        self,
        whole: CorrectedGroup,
        by: Mapping[str, tuple[CorrectedGroup, ...]],
        compared: Iterable[Compared] = (),
    ) -> Corrected:
        """The shares of groups together with what is known of the sample."""
        items = self.items.values()
        designs = tuple(sorted({item.design for item in items}))
        unlabelled = sum(item.labels is None for item in items)
        return Corrected(
            self.frames,
            self.target,
            designs,
            len(items),
            unlabelled,
            whole,
            by,
            tuple(compared),
            uneven=self.uneven,
            folds=len(self.folds.classifiers),
            waves=len(self.waves),
            unsure=sum(item.unsure for item in items if item.labels is not None),
            disputed=self._disputed,
            apart=self.apart,
            by_another=self._by_another,
            cluster=self.cluster,
        )

    def _estimator(self) -> _Estimator:
        if missing := [name for name in self.items if name not in self._place]:
            raise FramelensError(
                f"{counted(len(missing), 'labelled sentence')} not among those of the texts, such as "
                f"{missing[0]!r}; expected the texts that the sample was drawn from, and the same "
                "kinds of sentences (--only, --language, --min-words, --about)"
            )
        self.apart = check_drawn_from(self.waves, len(self._predicted))
        if self._seen > NEAR * len(self._predicted):
            raise FramelensError(
                f"the model was trained on {self._seen:,} of the {len(self._predicted):,} sentences of the "
                "texts, on which it errs less than on the sample; name all files that it was trained on "
                "(--trained-on), so that models that have not seen a sentence predict it, or take another "
                "model"
            )
        self.uneven = tuple(self._unevenly_labelled())
        self._blank = (
            self._refusal_for_blanks()
            or self._refusal_for_disputes()
            or self._refusal_for_few_clusters()
        )
        labelled = sorted(
            (item for item in self.items.values() if item.labels is not None),
            key=lambda item: self._place[item.id],
        )
        strata = {name: at for at, name in enumerate(sorted({item.stratum for item in labelled}))}
        design = Design(
            np.array([self._place[item.id] for item in labelled], dtype=np.int64),
            np.array([item.probability for item in labelled], dtype=np.float64),
            np.array([strata[item.stratum] for item in labelled], dtype=np.int64),
            np.array(self._clusters, dtype=np.int64),
            self.target,
        )
        work = _Estimator(self.frames, np.array(self._predicted), design, labelled)
        work.bare = self.bare or bool(work.predicted[:, -1].any())
        work.documents, work.cluster = np.array(self._documents, dtype=np.int64), self.cluster
        if self.folds.classifiers:
            work.guesses = np.array(self._guesses)
            work.own = np.array([self._own[item.id] for item in labelled])
            # Not the mean, in which models that have seen the sentence would have a part.
            work.guesses[design.labelled] = work.own
        return work

    def _refusal_for_blanks(self) -> str:
        """Why there is no estimate, if blank labels seem to stand for no frame; else nothing."""
        blank = [item for item in self.items.values() if item.labels is None]
        has_none = any(self._predicted[self._place[item.id]][-1] for item in blank)
        has_explicit = any(item.labels == () for item in self.items.values())
        if has_explicit or not has_none or len(blank) < FEWEST_DRAWN:
            return ""
        return (
            f"none of the {len(self.items) - len(blank):,} labelled sentences is without a frame, and "
            f"{len(blank):,} that were drawn are blank: no estimate; expected {NONE!r} where coders saw "
            "no frame, and blank what nobody has labelled"
        )

    @property
    def _disputed(self) -> int:
        """How many of the sentences drawn have no labels because coders disagree or are unsure."""
        return sum(item.is_disputed for item in self.items.values())

    def _refusal_for_disputes(self) -> str:
        """Why there is no estimate, if many sentences are disputed; else nothing."""
        if self._disputed < max(1, MOST_SILENT * len(self.items)):
            return ""
        return f"{disputed_message(self._disputed, len(self.items))}: no estimate"

    def _refusal_for_few_clusters(self) -> str:
        """Why there is no estimate, if a field that was asked for has too few values; else nothing.

        Of few documents each sentence counts as independent, which nobody expects who asks for more.
        """
        values = len(set(self._clusters))
        if self.cluster == DOCUMENT or self.target == "texts" or values >= FEWEST_DOCUMENTS:
            return ""
        return (
            f"{counted(values, *named(self.cluster))}: too few to tell how they differ: no estimate; "
            f"expected a field of {FEWEST_DOCUMENTS} or more for sentences to be alike in; --target "
            "texts is for these texts alone"
        )

    def _unevenly_labelled(self) -> list[Part]:
        """The parts of the sample that lack more or fewer labels than chance would have it."""
        drawn = list(self.items.values())
        names = {name: at for at, name in enumerate(sorted({item.stratum for item in drawn}))}
        predicted = np.array([self._predicted[self._place[item.id]] for item in drawn])
        return uneven(
            np.array([item.labels is not None for item in drawn]),
            np.array([names[item.stratum] for item in drawn], dtype=np.int64),
            dict(zip((*self.frames, "no frame"), predicted.T, strict=True)),
            [self._fields[item.id] for item in drawn],
        )


def disputed_message(disputed: int, drawn: int) -> str:
    """A warning on sentences on which coders disagree or are unsure."""
    return (
        f"{disputed:,} of the {drawn:,} sentences drawn have no labels for coders disagree on them or are "
        "unsure, and such are not like the others; settle them (framelens coders merge --adjudicated)"
    )


def _groups(
    values: Sequence[str | None], line: Sequence[str] | None
) -> Iterator[tuple[str, Bools, bool]]:
    """The groups of a field: name, members, and whether it is a value of its own. Periods come in the
    order of their `line`, other values as `in_order` says, rarer ones together."""
    column = np.array([NOTHING if value is None else value for value in values], dtype=object)
    counts = Counter(value for value in values if value is not None)
    common = sorted(counts, key=lambda value: (-counts[value], value))
    shown = line or in_order(common[:MOST_GROUPS])
    for value in shown:
        if counts[value]:
            yield value, column == value, True
    if rest := set(common) - set(shown):
        yield other_values(len(rest)), np.array([value in rest for value in values]), False
    if None in values:
        yield NOTHING, np.array([value is None for value in values]), False


class _Estimator:
    """Estimates groups of sentences; `predicted` has a column a frame, then one for none."""

    def __init__(
        self, frames: tuple[str, ...], predicted: Bools, design: Design, labelled: Sequence[Item]
    ) -> None:
        self.names: tuple[str | None, ...] = (*frames, None)
        self.predicted, self.design = predicted, design
        self.documents, self.cluster, self.bare = design.documents, DOCUMENT, True
        self.guesses: Floats = predicted.astype(np.float64)
        self.own: Floats = self.guesses[design.labelled]
        coded = [item.labels or () for item in labelled]
        self.truth = np.array([[*(f in labels for f in frames), not labels] for labels in coded])

    def group(self, value: str, within: Bools, refusal: str = "") -> CorrectedGroup:
        """A group of sentences, without estimates where there is a `refusal` already."""
        plain = self._tally(within).group(value)
        labelled = int(within[self.design.labelled].sum())
        if labelled < FEWEST_LABELLED:
            refusal = (
                f"{counted(labelled, 'labelled sentence')}: no estimate (from {FEWEST_LABELLED} on)"
            )
        elif self.design.target == "documents" and self.design.known_clusters(within) < 2:
            one, many = named(self.cluster)
            refusal = (
                f"all {labelled:,} labelled sentences are of one {one}, which tells nothing of how "
                f"{many} differ: no estimate; --target texts is for these texts alone"
            )
        shares = tuple(
            self._share(share, at, within, refusal) for at, share in enumerate(plain.shares)
        )
        return CorrectedGroup(value, plain.sentences, plain.documents, labelled, shares, refusal)

    def _share(self, counted: Share, at: int, within: Bools, refusal: str) -> CorrectedShare:
        if counted.frame is None and not self.bare:
            return CorrectedShare(None, counted, None)
        if refusal := refusal or self._no_labels(at, within):
            return CorrectedShare(counted.frame, counted, None, refusal)
        share = corrected_share(
            self.guesses[:, at], self.truth[:, at], self.design, within, own=self.own[:, at]
        )
        return CorrectedShare(counted.frame, counted, share)

    def _no_labels(self, at: int, within: Bools) -> str:
        """Why a frame has no estimate if no labelled sentence of a group carries it, as it may be rare or
        coders may not have looked for it; nothing if one does.

        Shares without a frame have none where coders gave no labelled sentence a frame that framelens gives.
        """
        inside = within[self.design.labelled]
        frame, predicted = self.names[at], self.predicted[self.design.labelled][inside]
        if frame is None and (unsought := self._unsought()):
            return (
                f"none of the {len(self.truth):,} labelled sentences carries {', '.join(unsought)}, and "
                "framelens says so of some: whether they carry no frame is not known"
            )
        if self.truth[inside, at].any() or (frame is None and not self.predicted[within, at].any()):
            return ""
        inverse = 1 / self.design.probability[inside]
        effective = float(inverse.sum() ** 2 / (inverse**2).sum())
        most = 100 * (1 - 0.05 ** (1 / effective))  # exact, one-sided
        lacks = f"carries {frame}" if frame else "is without a frame"
        sought = "coders did look for it" if frame else f"they did write {NONE!r} for such"
        return (
            f"none of the {len(predicted):,} labelled sentences {lacks} (framelens says so of "
            f"{int(predicted[:, at].sum()):,} of them): no estimate; if {sought}, the share is at most "
            f"{most:.1f}% (95%)"
        )

    def _unsought(self) -> list[str]:
        """The frames that framelens gives to some labelled sentences, and coders to none; not pairs with
        stances, of which coders gave one to each frame."""
        labelled = self.predicted[self.design.labelled]
        frames = [name for name in self.names if name]
        return [
            name
            for at, name in enumerate(frames)
            if labelled[:, at].any() and not self.truth[:, at].any() and not is_pair(name, frames)
        ]

    def _tally(self, within: Bools) -> Tally:
        tally = Tally([name for name in self.names if name is not None])
        clusters: Ints = self.design.documents[within]
        numbers, places = np.unique(clusters, return_inverse=True)
        sums: Floats = np.zeros((len(numbers), len(self.names)))
        np.add.at(sums, places, self.predicted[within].astype(np.float64))
        for count, row in zip(np.bincount(places, minlength=len(numbers)), sums, strict=True):
            tally.add(int(count), row)
        tally.documents = len(np.unique(self.documents[within]))
        return tally


def _compared(name: str, groups: Sequence[CorrectedGroup]) -> list[Compared]:
    """The differences between the commonest groups that have estimates."""
    able = [group for group in groups if not group.refusal]
    commonest = sorted(able, key=lambda group: -group.sentences)[:MOST_COMPARED]
    able = [group for group in able if group in commonest]
    compared: list[Compared] = []
    for at in range(len(able[0].shares) if able else 0):
        pairs = [
            (one, other, difference(first, second))
            for one, other in combinations(able, 2)
            if (first := one.shares[at].corrected) and (second := other.shares[at].corrected)
        ]
        adjusted = holm([less.p for *_, less in pairs])
        compared += [
            Compared(name, one.shares[at].frame, one.value, other.value, less, p)
            for (one, other, less), p in zip(pairs, adjusted, strict=True)
        ]
    return compared
