"""The paragraph on methods of a page of documents, and the works that it cites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from framelens.analysis.corrected.tables import how_compared, how_corrected
from framelens.core.types import DOCUMENT, counted
from framelens.evaluation.assessment import Origin
from framelens.preprocessing.structure import LeftOut
from framelens.project.relevance import Relevant
from framelens.report.corpus.findings import Findings
from framelens.report.methods import classified_with, works_for
from framelens.statistics.log_odds import PRIOR_SHARE


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of the sentences that are not on a page as classified: those that are not relevant, those
    left out by kind, length or language, and those `recorded`: read with their labels, by file."""

    relevant: Relevant = field(default_factory=Relevant)
    left_out: LeftOut = field(default_factory=LeftOut)
    recorded: Mapping[str, int] = field(default_factory=dict)

    def messages(self) -> list[str]:
        """Sentences for the reader on which sentences the figures leave out, and which texts they fit ill."""
        left_out, beside = self.left_out.described(), self.left_out.beside_described()
        parts = [
            left_out and f"{left_out}.",
            self.relevant.message(),
            beside and f"Documents {beside}.",
        ]
        return list(filter(None, parts))


def methods(findings: Findings, origin: Origin, coverage: Coverage) -> str:
    """The paragraph: the texts read, the classifier, and how the figures were made."""
    return " ".join(
        [
            *_read(findings),
            *coverage.messages(),
            *_labelled(findings, origin, coverage.recorded),
            *_shares(findings),
            *_stances(findings),
            *_groups(findings),
            *_aligned(findings),
            *_corrected(findings),
        ]
    )


def references(paragraph: str) -> list[str]:
    """The works that a paragraph cites, by author."""
    return sorted(work for name, work in works_for("corpus").items() if name in paragraph)


def _read(findings: Findings) -> Iterator[str]:
    contents = findings.contents
    documents = len(contents.documents)
    what = counted(documents, "document") if documents > 1 else "one document"
    sentences = counted(len(contents.texts), "sentence")
    yield f"The texts read are {sentences} of {what} (digest {contents.digest[:12]})."


def _labelled(findings: Findings, origin: Origin, recorded: Mapping[str, int]) -> Iterator[str]:
    """Sentences on what labelled the texts: this project's rules and model, or an earlier run's."""
    if recorded:
        files = ", ".join(list(recorded)[:5]) + (", …" if len(recorded) > 5 else "")
        how_many = "All" if sum(recorded.values()) >= len(findings.contents.texts) else "Some"
        yield (
            f"{how_many} labels were read from what framelens had written earlier ({files}), with the rules, "
            "model and thresholds of that run, which these files do not name."
        )
        if how_many == "All":
            return
    yield from classified_with(origin)
    limits = ", ".join(f"{name} {value:.2f}" for name, value in origin.thresholds.items())
    yield f"A frame is given from these probabilities on: {limits}."


def _shares(findings: Findings) -> Iterator[str]:
    shares = "Shares as counted" if findings.corrected else "Shares"
    yield f"{shares} are of sentences, with 95% intervals (Wilson, 1927)"
    if findings.overall.clusters > 1:
        cluster = findings.grouping.cluster
        alike = "one document" if cluster == DOCUMENT else f"one value of the field {cluster}"
        yield (
            f"at the effective sample size, with quantiles of t, as sentences of {alike} are alike "
            "(Kish, 1965; Korn & Graubard, 1998; Franco et al., 2019),"
        )
    yield (
        "and say how much chance there is in which sentences were read, not how often a label is "
        "wrong."
    )
    if any(field.comparison.tests for field in findings.fields):
        yield (
            "Whether groups differ was tested on counts by design effect (Rao & Scott, 1992), with "
            "p-values held to the number of comparisons (Holm, 1979)."
        )
    if any(line.trends for crossed in findings.crosses for line in crossed.lines):
        yield "Trends were tested after Cochran (1954) and Armitage (1955) on the same counts."


def _stances(findings: Findings) -> Iterator[str]:
    if findings.stances is not None:
        yield (
            "How a sentence treats each frame that it carries "
            f"({', '.join(findings.stances.names)}) was told by a second model; shares of stances "
            "are of the sentences that carry the frame."
        )


def _groups(findings: Findings) -> Iterator[str]:
    if any(field.keyness for field in findings.fields):
        yield (
            "What sets a group apart from all other sentences is found by the log-odds of terms "
            "and rules, each counted once a sentence, with an informative Dirichlet prior worth "
            f"{PRIOR_SHARE:.0%} of all counts (Monroe et al., 2008); listed are those with an "
            "absolute z of 1.96 or more, not corrected for how many were compared."
        )
    if len(findings.contents.documents) > 1 or findings.fields:
        shares = "shares as counted" if findings.corrected else "shares"
        yield f"Differences between {shares} have intervals after Newcombe (1998)."


def _corrected(findings: Findings) -> Iterator[str]:
    if findings.corrected:
        groups = bool(findings.fields or any(findings.over_time))
        yield from how_corrected(findings.corrected, groups=groups)
        if any(row.corrected_differences for it in findings.fields for row in it.groups):
            yield how_compared(
                "with those of all others of a field", "all comparisons of the field"
            )


def _aligned(findings: Findings) -> Iterator[str]:
    if findings.pairs:
        yield (
            "Versions of a text were aligned sentence by sentence, in order, by the words they "
            "have in common (Needleman & Wunsch, 1970)."
        )
