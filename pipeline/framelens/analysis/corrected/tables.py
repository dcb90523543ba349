"""Corrected shares as rows, as CSV and as an object for JSON, and what a methods section says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from framelens.analysis.corrected.groups import MOST_COMPARED
from framelens.analysis.corrected.response import disputed_message
from framelens.analysis.corrected.results import (
    Compared,
    Corrected,
    CorrectedGroup,
    CorrectedShare,
)
from framelens.analysis.shares import named
from framelens.core.files import Writer
from framelens.core.types import DOCUMENT, counted
from framelens.statistics.corrected import FEWEST_LABELLED, Estimate
from framelens.statistics.proportions import FEWEST_DOCUMENTS
from framelens.writers.csv_table import csv_line

COLUMNS = (
    "field", "value", "frame", "sentences", "documents", "labelled", "counted", "counted_low",
    "counted_high", "corrected", "low", "high", "standard_error", "weight", "labels_alone",
    "alone_low", "alone_high", "worth", "remark",
)  # fmt: skip
MORE = 100
"""More labels for which `outlook` says how much they would help."""
COMPARED = ("field", "frame", "value", "less", "difference", "low", "high", "p", "p_holm")


def write_corrected(corrected: Corrected, out: Writer) -> None:
    """A CSV row for each frame in each group, the first ones those of all sentences."""
    out.write(csv_line(COLUMNS))
    for row in rows(corrected):
        out.write(csv_line([row[name] for name in COLUMNS]))


def rows(corrected: Corrected) -> Iterator[dict[str, Any]]:
    """Fields under `COLUMNS`; no field and no value stand for all sentences."""
    for share in corrected.whole.shares:
        yield _row("", corrected.whole, share)
    for name, groups in corrected.by.items():
        for group in groups:
            for share in group.shares:
                yield _row(name, group, share)


def as_object(corrected: Corrected) -> dict[str, Any]:
    """All results, for JSON; figures that are not known are null."""
    return {
        "target": corrected.target,
        "cluster": corrected.cluster,
        "design": list(corrected.designs),
        "drawn": corrected.drawn,
        "unlabelled": corrected.unlabelled,
        "warnings": list(warnings(corrected)),
        "methods": methods(corrected),
        "outlook": outlook(corrected),
        "shares": list(rows(corrected)),
        "differences": [compared_row(row) for row in corrected.compared],
    }


def compared_row(row: Compared) -> dict[str, Any]:
    """The fields of a comparison, under `COMPARED`."""
    less = row.difference
    return {
        "field": row.field,
        "frame": row.frame or "none",
        "value": row.one,
        "less": row.other,
        "difference": round(less.value, 4),
        "low": round(less.low, 4),
        "high": round(less.high, 4),
        "p": float(f"{less.p:.3g}"),
        "p_holm": float(f"{row.holm:.3g}"),
    }


def _row(name: str, group: CorrectedGroup, share: CorrectedShare) -> dict[str, Any]:
    counted, estimate = share.counted, share.corrected
    figures = [None] * 9 if estimate is None else [
        *(round(value, 4) for value in (estimate.value, estimate.low, estimate.high, estimate.variance**0.5)),
        round(estimate.weight, 3),
        *(round(value, 4) for value in (estimate.alone.value, estimate.alone.low, estimate.alone.high)),
        estimate.worth,
    ]  # fmt: skip
    cells = (
        name,
        group.value if name else "",
        share.frame or "none",
        group.sentences,
        group.documents,
        group.labelled,
        *(round(value, 4) for value in (counted.share, counted.low, counted.high)),
        *figures,
        share.refusal,
    )
    return dict(zip(COLUMNS, cells, strict=True))


def methods(corrected: Corrected) -> str:
    """A paragraph for a methods section: design, sample, estimator, intervals, sources."""
    whole = corrected.whole
    return " ".join(
        (
            f"Shares are of {counted(whole.sentences, 'sentence')} of "
            f"{counted(whole.documents, 'document')}, all classified by framelens. Shares as "
            "counted take its labels for true, with 95% intervals for "
            f"{named(corrected.cluster)[1]} like these (Wilson 1927).",
            *how_corrected(corrected, groups=bool(corrected.by)),
            *([how_compared(*BY_TWO)] if corrected.compared else []),
        )
    )


BY_TWO = (
    f"two by two, the {MOST_COMPARED} commonest of a field at most",
    "the pairs of a field and frame",
)
"""What `correct` compares groups with, and for how many tests it adjusts p-values."""


def how_compared(other: str, held_to: str) -> str:
    """The sentence of that paragraph on differences, where there are any."""
    return (
        f"Corrected shares of groups are compared {other}: differences have intervals put together from "
        "those of both shares, what both rest on allowed for (Zou and Donner 2008), and two-sided "
        f"p-values that agree with these, held to {held_to} after Holm (1979)."
    )


def how_corrected(corrected: Corrected, *, groups: bool) -> Iterator[str]:
    """The sentences of that paragraph on the sample, the estimator and, if there are any, `groups`."""
    labelled = corrected.drawn - corrected.unlabelled
    waves = f" in {corrected.waves} waves" if corrected.waves > 1 else ""
    unsure = (
        f" ({corrected.unsure:,} of them as unsure, which count as others do)"
        if corrected.unsure
        else ""
    )
    all_or_some = f"{labelled:,} of them were" if corrected.unlabelled else "all of them were"
    few = corrected.cluster == DOCUMENT and corrected.whole.documents < FEWEST_DOCUMENTS
    yield (
        f"Of the sentences, {corrected.drawn:,} were drawn with known probabilities{waves}, "
        f"{_drawing(corrected.designs)}, and {all_or_some} labelled{unsure};{_unlabelled(corrected)} who "
        "labelled them, and how far coders agree, is to be stated here."
    )
    yield (
        "Each corrected share is the mean prediction over all sentences plus the inverse-probability "
        "weighted mean of label minus prediction over the labelled ones (design-based supervised "
        "learning; Egami, Hinck, Stewart and Wei 2023), predictions weighted to lessen the variance "
        "(PPI++; Angelopoulos, Duchi and Zrnic 2023)."
    )
    if corrected.folds:
        yield (
            "As the classifier was trained on sentences of these texts, these, the labelled ones and all "
            f"others of their documents are each predicted by one of {corrected.folds} models that was "
            "trained without them, and the rest by these models on average (cross-prediction; Zrnic and "
            "Candès 2024)."
        )
    worth = [
        share.corrected.worth for share in corrected.whole.shares if share.corrected is not None
    ]
    if worth:
        bought = f"{min(worth):,} to {max(worth):,}" if min(worth) < max(worth) else f"{worth[0]:,}"
        yield (
            f"So the {labelled:,} labels say as much of these texts as {bought} drawn at random and "
            "used alone would, by frame."
        )
    one, clusters = named(corrected.cluster)
    one_cluster = "" if few or corrected.target == "texts" else f" or from those of one {one}"
    alone = ", too few to be clusters, so that sentences count as independent"
    target = f"{clusters} like these" + (alone if few else f", with {clusters} as clusters")
    if corrected.target == "texts":
        target = "the share in these very texts"
    apart = "; each group is estimated by its own labels, without pooling" if groups else ""
    yield (
        f"The 95% intervals of corrected shares are for {target}, put together from "
        "those of two rates, of the frame among labelled sentences that are given it and among the "
        "others (Zou, Huang and Zhang 2009), which are Jeffreys's (Brown, Cai and DasGupta 2001) for as "
        "many sentences as the design is worth (Korn and Graubard 1998; Franco, Little, Louis and Slud "
        "2019). "
        f"There is no estimate from fewer than {FEWEST_LABELLED} labelled sentences{one_cluster}, nor of a "
        f"frame that none of them carries{apart}."
    )


def warnings(corrected: Corrected) -> Iterator[str]:
    """What speaks against the shares of all sentences, a line each."""
    if refusal := corrected.whole.refusal:
        gaps = (it.field for it in corrected.uneven if refusal.startswith(it.message()))
        more = f", and of groups by anything but {gap}" if (gap := next(gaps, "")) else ""
        yield f"Shares of all sentences{more}: {refusal}."
    yield from (f"{frame}: {why}." for frame, why in corrected.whole.refusals.items())
    by_document = corrected.target == "documents" and corrected.cluster == DOCUMENT
    if by_document and 0 < corrected.whole.documents < FEWEST_DOCUMENTS:
        yield (
            f"{counted(corrected.whole.documents, 'document')}: too few to tell how documents differ, so "
            "that sentences count as independent, and intervals say too little of other documents; "
            "--target texts is for these alone."
        )
    if corrected.apart:
        yield f"{corrected.apart[0].upper()}{corrected.apart[1:]}."
    if corrected.by_another:
        yield (
            f"{corrected.by_another:,} of the {corrected.drawn:,} sentences drawn have other labels than "
            "this model gives: they were read from files that framelens wrote with another one, other rules "
            "or thresholds. A model that was trained on the sample errs less there, and too little is "
            "corrected; name what was used (--model, --rules, --threshold), so that this is looked at, or "
            "classify the texts anew."
        )
    if corrected.disputed and not refusal:
        yield f"{disputed_message(corrected.disputed, corrected.drawn)}."
    # Of a field only the most uneven part is reported, and none where a refusal names a silent one.
    first = {part.field: part for part in reversed(corrected.uneven)}
    silent = {part.field for part in corrected.uneven if part.silent}
    for name, part in reversed(first.items()):
        if name not in silent:
            yield (
                f"Labels are missing unevenly: {part.message()}. Corrected shares take those without "
                "labels for like those with labels; label the rest of the sample, or say why they are alike."
            )


def outlook(corrected: Corrected) -> str:
    """Whether more labels would help: how much they would narrow the widest interval of all sentences,
    and that of each field's groups."""
    estimates = _estimates(corrected.whole)
    unlabelled = min(map(_unlabelled_sentences, estimates.values()), default=0)
    if not (message := outlook_message(estimates, min(MORE, unlabelled))):
        return ""
    parts = [message]
    for name, groups in corrected.by.items():
        rows = [
            (f"{frame}, {group.value}", estimate, group.labelled)
            for group in groups
            for frame, estimate in _estimates(group).items()
        ]
        if rows:
            share, widest, labelled = max(rows, key=lambda row: row[1].margin())
            more = round(MORE * labelled / max(corrected.whole.labelled, 1))
            if more := min(more, _unlabelled_sentences(widest)):
                parts.append(f"By {name}, that of {share}, {_narrower(widest, more)}.")
    if corrected.unlabelled:
        parts.append(
            f"The {corrected.unlabelled:,} that are drawn and have no labels yet come first."
        )
    return " ".join((*parts, MODEL_OUTLOOK))


MODEL_OUTLOOK = "What more labels would teach the model, framelens train --learning-curve tells."


def _estimates(group: CorrectedGroup) -> dict[str, Estimate]:
    """The estimates of a group, by frame."""
    estimates = ((share.frame or "no frame", share.corrected) for share in group.shares)
    return {name: estimate for name, estimate in estimates if estimate is not None}


def outlook_message(estimates: Mapping[str, Estimate], more: int = MORE) -> str:
    """How much so many `more` labels would narrow the widest interval of some estimates, by frame;
    nothing where there are no estimates or no more labels."""
    if not estimates or not more:
        return ""
    name, widest = max(estimates.items(), key=lambda entry: entry[1].margin())
    return (
        f"With {counted(more, 'more label')}, drawn in the same way, the share that is known least "
        f"({name}) {_narrower(widest, more)}."
    )


def _unlabelled_sentences(estimate: Estimate) -> int:
    """How many sentences have no label yet."""
    return max(estimate.sentences - estimate.labelled, 0)


def _narrower(estimate: Estimate, more: int) -> str:
    """By how much more labels would narrow an interval."""
    now, then = estimate.margin(), estimate.margin(more)
    less = 1 - then / now if now else 0.0
    return (
        f"would be known to about ±{100 * then:.1f} points in place of ±{100 * now:.1f} "
        f"({less:.0%} narrower)"
    )


def _drawing(designs: tuple[str, ...]) -> str:
    design = designs[0] if designs else ""
    if design.startswith("field "):
        return f"stratified by {design.removeprefix('field ')}"
    if design.startswith("unsure"):
        return (
            "more often where errors are likely (near a threshold, where rules and model differ, and where "
            "a frame is given)"
        )
    return "each with the same chance"


def _unlabelled(corrected: Corrected) -> str:
    if not corrected.unlabelled:
        return ""
    alike = (
        f"though coders disagree on {corrected.disputed:,} of them or are unsure"
        if corrected.disputed
        else "which what framelens gives them, or a field, speaks against"
        if corrected.uneven
        else "which neither what framelens gives them nor their fields speak against"
    )
    return (
        f" the {corrected.unlabelled:,} without labels are taken to be like the labelled ones of their "
        f"stratum (missing at random), {alike};"
    )
