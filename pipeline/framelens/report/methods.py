"""A paragraph on methods, to be pasted into a paper, and the works that it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from framelens.evaluation.assessment import Assessment
from framelens.statistics.agreement import Agreement
from framelens.statistics.bootstrap import RESAMPLES, Interval

REFERENCES = (
    "Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and "
    "Psychological Measurement, 20(1), 37–46.",
    "Davis, J., & Goadrich, M. (2006). The relationship between precision-recall and ROC curves. "
    "Proceedings of ICML 2006, 233–240.",
    "Efron, B., & Tibshirani, R. J. (1993). An introduction to the bootstrap. Chapman & Hall.",
    "Guo, C., Pleiss, G., Sun, Y., & Weinberger, K. Q. (2017). On calibration of modern neural "
    "networks. Proceedings of ICML 2017, 1321–1330.",
    "Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of "
    "high agreement. British Journal of Mathematical and Statistical Psychology, 61(1), 29–48.",
    "Hanley, J. A., & Lippman-Hand, A. (1983). If nothing goes wrong, is everything all right? "
    "Journal of the American Medical Association, 249(13), 1743–1745.",
    "Heydarian, M., Doyle, T. E., & Samavi, R. (2022). MLCM: Multi-label confusion matrix. IEEE "
    "Access, 10, 19083–19095.",
    "Krippendorff, K. (2004). Content analysis: An introduction to its methodology (2nd ed.). "
    "Sage.",
    "Krippendorff, K. (2011). Computing Krippendorff’s alpha-reliability. Annenberg School for "
    "Communication, University of Pennsylvania.",
    "Light, R. J. (1971). Measures of response agreement for qualitative data: Some "
    "generalizations and alternatives. Psychological Bulletin, 76(5), 365–377.",
    "Naeini, M. P., Cooper, G. F., & Hauskrecht, M. (2015). Obtaining well calibrated "
    "probabilities using Bayesian binning. Proceedings of AAAI 2015, 2901–2907.",
    "Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. "
    "Journal of the American Statistical Association, 22(158), 209–212.",
)


def methods(found: Assessment) -> str:
    """The paragraph: what labelled the sentences, what it was measured on, and how well it did."""
    return " ".join(
        [
            *made(found.provenance, found.system),
            *_measured(found),
            *_figures(found),
            *_coders(found),
        ]
    )


class Origin(Protocol):
    """What labelled the sentences: how many rules there were, digests, versions."""

    @property
    def rules(self) -> int: ...
    @property
    def rules_digest(self) -> str: ...
    @property
    def model_digest(self) -> str | None: ...
    @property
    def trained_on(self) -> int | None: ...
    @property
    def versions(self) -> Mapping[str, str]: ...


def made(origin: Origin, system: str) -> Iterator[str]:
    """What labelled the sentences, in words."""
    rules = f"{origin.rules} hand-written rules (digest {origin.rules_digest[:12]})"
    model = f"a linear model (digest {(origin.model_digest or '')[:12]})"
    parts = {"rules only": f"by {rules}", "model only": f"by {model}"}
    means = parts.get(system, f"which combines {rules} and {model}")
    version = origin.versions["framelens"]
    yield f"Frames were assigned to sentences with framelens {version}, {means}."
    if origin.trained_on:
        yield (
            f"The model was trained on {origin.trained_on:,} labelled sentences; the probability "
            "from which a frame is given was chosen for each frame by cross-validation on them."
        )


def _measured(found: Assessment) -> Iterator[str]:
    evaluation, origin = found.evaluation, found.provenance
    data = f"({origin.data}, digest {origin.labels_digest[:12]})" if origin.data else ""
    seen = f"{evaluation.overlap:,}" if evaluation.overlap else "none"
    known = f", {seen} of which the model had been trained on" if origin.model_digest else ""
    yield (
        f"Reliability was assessed on {evaluation.sentences:,} sentences labelled by hand "
        f"{data}{known}. Intervals are 95% percentile intervals from {RESAMPLES:,} bootstrap "
        f"resamplings of {evaluation.resampled} (Efron & Tibshirani, 1993)."
    ).replace("  ", " ")


def _figures(found: Assessment) -> Iterator[str]:
    evaluation = found.evaluation
    figures = evaluation.systems[found.system]
    yield (
        f"Macro-averaged F1 was {_with_interval(figures.macro_f1)}, micro-averaged F1 "
        f"{_with_interval(figures.micro_f1)}; {figures.exact.value:.0%} of the sentences received "
        "exactly the labelled set of frames."
    )
    rows = [
        f"{row.frame}: precision {row.precision.value:.2f}, recall {row.recall.value:.2f}, F1 "
        f"{_with_interval(row.f1)}, Krippendorff’s α {_with_interval(row.alpha)}"
        for row in evaluation.trust
    ]
    yield "By frame: " + "; ".join(rows) + " (Krippendorff, 2011)."
    error = evaluation.calibration_error[found.system]
    yield (
        "The expected calibration error, over ten bins of equal width (Naeini et al., 2015; Guo et "
        f"al., 2017) and averaged over frames, was {error:.3f}."
    )


def _coders(found: Assessment) -> Iterator[str]:
    rows = found.evaluation.agreement
    if not rows:
        return
    names = dict.fromkeys(name for row in rows for name in row.between if name != found.system)
    yield (
        f"Agreement between {', '.join(names)}, and between framelens and each of them, was (α; "
        "Cohen’s κ, Cohen, 1960; AC1, Gwet, 2008), means over pairs:"
    )
    sums = [
        f"{frame}: coders {_coefficients(between)}, framelens with coders {_coefficients(beside)}"
        for frame, between, beside in summed_up(rows)
    ]
    yield "; ".join(sums) + "."


def summed_up(rows: Sequence[Agreement]) -> Iterator[tuple[str, Agreement, Agreement]]:
    """Each frame with the agreement between coders, and that of framelens with them: the mean of
    the pairs, or the one pair that there is."""
    for frame in dict.fromkeys(row.frame for row in rows):
        own = [row for row in rows if row.frame == frame and row.kind != "all together"]
        coders = [row for row in own if not row.with_system]
        beside = [row for row in own if row.with_system]
        yield frame, coders[-1], beside[-1]


def _coefficients(row: Agreement) -> str:
    values = (row.alpha, row.kappa, row.ac1)
    return " / ".join("–" if value is None else f"{value.value:.2f}" for value in values)


def _with_interval(value: Interval | None) -> str:
    return f"{value.value:.2f} ({value.low:.2f}–{value.high:.2f})" if value else "undefined"
