"""A paragraph on the methods of a page of documents, and the works that it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from framelens.report.findings import Findings
from framelens.report.methods import made
from framelens.report.origin import Origin
from framelens.statistics.log_odds import PRIOR_SHARE
from framelens.statistics.proportions import FEWEST_DOCUMENTS

REFERENCES = {
    "Franco": "Franco, C., Little, R. J. A., Louis, T. A., & Slud, E. V. (2019). Comparative study "
    "of confidence intervals for proportions in complex sample surveys. Journal of Survey "
    "Statistics and Methodology, 7(3), 334–364.",
    "Kish": "Kish, L. (1965). Survey sampling. Wiley.",
    "Monroe": "Monroe, B. L., Colaresi, M. P., & Quinn, K. M. (2008). Fightin’ words: Lexical "
    "feature selection and evaluation for identifying the content of political conflict. "
    "Political Analysis, 16(4), 372–403.",
    "Needleman": "Needleman, S. B., & Wunsch, C. D. (1970). A general method applicable to the "
    "search for similarities in the amino acid sequence of two proteins. Journal of Molecular "
    "Biology, 48(3), 443–453.",
    "Newcombe": "Newcombe, R. G. (1998). Interval estimation for the difference between "
    "independent proportions: comparison of eleven methods. Statistics in Medicine, 17(8), "
    "873–890.",
    "Wilson": "Wilson, E. B. (1927). Probable inference, the law of succession, and statistical "
    "inference. Journal of the American Statistical Association, 22(158), 209–212.",
}


def methods(found: Findings, origin: Origin) -> str:
    """The paragraph: what was read, what labelled it, and how the figures were made."""
    parts = [*_read(found), *made(origin, origin.system), *_decided(origin), *_shares(found)]
    return " ".join([*parts, *_groups(found), *_aligned(found)])


def references(paragraph: str) -> list[str]:
    """The works that a paragraph cites."""
    return [work for name, work in REFERENCES.items() if name in paragraph]


def _read(found: Findings) -> Iterator[str]:
    contents = found.contents
    documents = len(contents.documents)
    what = f"{documents:,} documents" if documents > 1 else "one document"
    yield f"{len(contents.texts):,} sentences of {what} (digest {contents.digest[:12]}) were read."


def _decided(origin: Origin) -> Iterator[str]:
    limits = ", ".join(f"{name} {value:.2f}" for name, value in origin.thresholds.items())
    yield f"A frame is given from these probabilities on: {limits}."


def _shares(found: Findings) -> Iterator[str]:
    yield "Shares are of sentences, with 95% intervals (Wilson, 1927)"
    if len(found.contents.documents) >= FEWEST_DOCUMENTS:
        yield (
            f"that take groups of at least {FEWEST_DOCUMENTS} documents at their effective sample "
            "size, as sentences of one document are alike (Kish, 1965; Franco et al., 2019)"
        )
    yield (
        "and say how much chance there is in which sentences were read, not how often a label is "
        "wrong."
    )


def _groups(found: Findings) -> Iterator[str]:
    if any(field.apart for field in found.fields):
        yield (
            "What sets a group apart from all other sentences is found by the log-odds of terms "
            "and rules, each counted once a sentence, with an informative Dirichlet prior worth "
            f"{PRIOR_SHARE:.0%} of all counts (Monroe et al., 2008); listed are those with an "
            "absolute z of 1.96 or more, not corrected for how many were compared."
        )
    if len(found.contents.documents) > 1 or found.fields:
        yield "Differences between shares have intervals after Newcombe (1998)."


def _aligned(found: Findings) -> Iterator[str]:
    if found.pairs:
        yield (
            "Versions of a text were aligned sentence by sentence, in order, by the words they "
            "have in common (Needleman & Wunsch, 1970)."
        )
