"""Shares of frames corrected by labelled sentences, by groups and periods, beside the plain count.

The estimator and its sources are in `framelens.statistics.corrected`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from framelens.analysis.corrected.groups import GroupEstimator, compared_groups, groups_of
from framelens.analysis.corrected.out_of_fold import Folds
from framelens.analysis.corrected.response import (
    FEWEST_DRAWN,
    MOST_SILENT,
    Part,
    disputed_message,
    uneven,
)
from framelens.analysis.corrected.results import Compared, Corrected, CorrectedGroup
from framelens.analysis.corrected.waves import NEAR, check_drawn_from, joined_waves
from framelens.analysis.periods import periods
from framelens.analysis.shares import named
from framelens.analysis.summary import ALL, check_known, fields_of
from framelens.core.errors import FramelensError
from framelens.core.types import (
    DOCUMENT,
    Bools,
    Classified,
    Floats,
    Unit,
    counted,
)
from framelens.project.items import Item
from framelens.project.labelled.forms import NONE
from framelens.statistics.corrected import (
    Design,
    Target,
)
from framelens.statistics.proportions import FEWEST_DOCUMENTS
from framelens.writers.records import sentence_id

OVER = "--over with the field of dates gives shares by periods"


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
            for value, within, alone in groups_of(values, dated.get(name))
        ]
        by_field[name] = tuple(group for group, _ in corrected)
        compared += compared_groups(name, [group for group, alone in corrected if alone])
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
        self._estimating: GroupEstimator | None = None

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

    def _estimator(self) -> GroupEstimator:
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
        work = GroupEstimator(self.frames, np.array(self._predicted), design, labelled)
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
