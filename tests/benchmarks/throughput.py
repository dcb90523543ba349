"""Sentences and documents a second in one process, beside spaCy's bare tokenizer.

Every timing starts with a new pipeline, whose caches are as empty as those of a user's.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice

from framelens.classification.classifier import FrameClassifier
from framelens.core.types import Detail, Passage, Unit

from tests.benchmarks.finding import Finding
from tests.benchmarks.pace import bare_tokenizer
from tests.benchmarks.recombined import recombined, spliced
from tests.benchmarks.timing import Clock, Job, Maker, in_turns, ratio
from tests.helpers import classify_passages, open_classifier

PARAGRAPH, DOCUMENT = 5, 8
"""Sentences of a paragraph, paragraphs of a document."""


def throughput(count: int, rounds: int, clock: Clock) -> list[Finding]:
    """Times as multiples of the tokenizer's over the same texts."""
    sentences, varied = list(spliced(count)), list(recombined(count))
    texts = list(documents(sentences))
    makers: dict[str, Maker] = {
        "tokenizer": lambda _: tokenizing(sentences),
        "sentences": lambda _: classifying(sentences, "sentence", False),
        "evidence": lambda _: classifying(sentences, "sentence", "labels"),
        "all evidence": lambda _: classifying(sentences, "sentence", True),
        "tokenizer on documents": lambda _: tokenizing(texts),
        "documents": lambda _: classifying(texts, "document", False),
        "tokenizer on varied": lambda _: tokenizing(varied),
        "varied": lambda _: classifying(varied, "sentence", False),
    }
    times = in_turns(makers, rounds=rounds, clock=clock)
    speed = count / min(times["tokenizer"])
    types, many = (
        len({word for text in rows for word in text.split()}) for rows in (sentences, varied)
    )
    return [
        Finding(f"tokenizer, {count:,} sentences of {types:,} words", speed, None, "sentences/s"),
        Finding(
            "sentences, labels and scores / tokenizer", ratio(times, "sentences", "tokenizer"), 3.0
        ),
        Finding(
            f"the same over sentences of {many:,} words",
            ratio(times, "varied", "tokenizer on varied"),
            2.2,
        ),
        Finding(
            "documents, with splitting / tokenizer",
            ratio(times, "documents", "tokenizer on documents"),
            3.5,
        ),
        Finding(
            "with evidence for the labels given / without",
            ratio(times, "evidence", "sentences"),
            1.15,
        ),
        Finding("with all evidence / without", ratio(times, "all evidence", "sentences"), 1.5),
    ]


def tokenizing(texts: Sequence[str]) -> Job:
    """Tokenize all texts."""
    work = bare_tokenizer()
    return lambda: work(texts)


def classifying(
    texts: Sequence[str],
    unit: Unit,
    evidence: Detail,
    *,
    classifier: FrameClassifier | None = None,
) -> Job:
    """Classify all texts, by default with a new classifier as it is shipped, and keep nothing."""
    classifier = classifier or open_classifier()

    def work() -> None:
        passages = (Passage(str(at), text) for at, text in enumerate(texts))
        deque(classify_passages(passages, classifier, unit=unit, evidence=evidence), maxlen=0)

    return work


def documents(sentences: Sequence[str]) -> Iterator[str]:
    """Sentences in paragraphs, and these in documents."""
    rows = iter(sentences)
    while lines := list(islice(rows, PARAGRAPH * DOCUMENT)):
        starts = range(0, len(lines), PARAGRAPH)
        yield "\n\n".join(" ".join(lines[at : at + PARAGRAPH]) for at in starts)
