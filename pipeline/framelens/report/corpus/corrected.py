"""Corrected shares on a page of documents: of all sentences, of periods, of the groups of fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import nan

import numpy as np

from framelens.analysis.corrected.results import CorrectedGroup
from framelens.analysis.corrected.shares import Corrector
from framelens.analysis.shares import Group, Share
from framelens.analysis.summary import ALL
from framelens.core.types import Bools
from framelens.report.corpus.facets import Facet
from framelens.report.corpus.findings import CodedGroup, Field, Findings
from framelens.statistics.clustered import Difference, holm
from framelens.statistics.corrected import Difference as Less
from framelens.statistics.corrected import difference


def with_corrections(findings: Findings, corrector: Corrector) -> Findings:
    """The findings with corrected shares beside those counted; `corrector` has seen the sentences.

    Raise FramelensError where its sample is not of these sentences.
    """
    whole = corrector.group(ALL)
    fields = tuple(
        _field(field, findings.facets[field.facet], corrector) for field in findings.fields
    )
    over_time: tuple[CodedGroup | None, ...] = ()
    if findings.time_line is not None:
        facet, rows = findings.time_line.facet, findings.over_time
        over_time = tuple(row and _row(row, facet, rows, corrector, facet.name)[0] for row in rows)
    return replace(
        findings,
        corrected=corrector.result(whole, {}),
        overall_corrected=_group(findings.overall, whole),
        fields=fields,
        over_time=over_time,
    )


def _field(field: Field, facet: Facet, corrector: Corrector) -> Field:
    coded = [_row(row, facet, field.groups, corrector, field.name) for row in field.groups]
    valued = np.array(facet.codes) >= 0
    compared: list[tuple[int, list[Less | None]]] = []
    for at, (row, estimated) in enumerate(coded):
        others = valued & ~_within(row, facet, field.groups)
        if row.code == -1 or estimated.refusal or not others.any():
            continue
        rest = corrector.group("", others)
        if not rest.refusal:
            compared.append((at, _less(estimated, rest)))
    adjusted = iter(holm([less.p for _, rows in compared for less in rows if less]))
    groups = [row for row, _ in coded]
    for at, rows in compared:
        differences = (
            Difference(less.value, less.low, less.high, less.p, next(adjusted)) if less else None
            for less in rows
        )
        groups[at] = replace(groups[at], corrected_differences=tuple(differences))
    return replace(field, groups=tuple(groups))


def _less(group: CorrectedGroup, rest: CorrectedGroup) -> list[Less | None]:
    """The shares of a group less those of the rest, an entry a frame, None without an estimate."""
    pairs = (
        (first.corrected, second.corrected)
        for first, second in zip(group.shares, rest.shares, strict=True)
    )
    return [difference(one, other) if one and other else None for one, other in pairs]


def _row(
    row: CodedGroup,
    facet: Facet,
    rows: Sequence[CodedGroup | None],
    corrector: Corrector,
    field: str,
) -> tuple[CodedGroup, CorrectedGroup]:
    corrected = corrector.group(row.group.value, _within(row, facet, rows), field=field)
    return replace(
        row, corrected=_group(row.group, corrected), labelled=corrected.labelled
    ), corrected


def _within(row: CodedGroup, facet: Facet, rows: Sequence[CodedGroup | None]) -> Bools:
    """The sentences of a group; the code None stands for all values without a group of their own."""
    codes = np.array(facet.codes)
    codes_of_groups = [other.code for other in rows if other is not None and other.code is not None]
    mask: Bools = (
        (codes >= 0) & ~np.isin(codes, codes_of_groups)
        if row.code is None
        else np.isin(codes, row.code)
    )
    return mask


def _group(counted: Group, corrected: CorrectedGroup) -> Group | None:
    """A group with its corrected shares in place of those counted, None where it has none."""
    if corrected.refusal:
        return None
    shares = []
    for share in corrected.shares:
        it, given = share.corrected, share.counted.given
        figures = (it.value, it.low, it.high, float(it.worth)) if it else (nan, nan, nan)
        shares.append(Share(share.frame, given, *figures))
    return replace(counted, shares=tuple(shares))
