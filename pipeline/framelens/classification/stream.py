"""Sentences in, classified sentences out, in order and in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokenizer import Tokenizer

from framelens.classification.classifier import FrameClassifier
from framelens.classification.evidence import Tokens
from framelens.core.memory import bounded, uncollected
from framelens.core.types import Classified, Detail, Sentence
from framelens.preprocessing.normalise import normalised
from framelens.preprocessing.tokenizer import tokenized

BLOCK = 512
"""Sentences classified together: enough to spread numpy's overhead, few enough to stay small."""

BLOCK_CHARACTERS = 60_000
"""Characters after which a block ends early, fields of the input's own among them: long sentences
have evidence in proportion, and what a block holds stays in memory."""


def classify_sentences(
    sentences: Iterable[Sentence], classifier: FrameClassifier, *, evidence: Detail = True
) -> Iterator[Classified]:
    """Classify sentences as they come, with the evidence that is wanted."""
    sentences = iter(sentences)
    while block := _block(sentences):
        # Sentences are drawn before: whoever makes them may need what is put off here.
        with bounded(classifier.tokenizer.vocab), uncollected():
            tokens = [_tokens(sentence, classifier.tokenizer) for sentence in block]
            frames = classifier.classify(tokens, evidence=evidence)
        yield from map(Classified, block, frames)


def _block(sentences: Iterator[Sentence]) -> list[Sentence]:
    """The next sentences that are to be classified together."""
    block: list[Sentence] = []
    held = 0
    for sentence in sentences:
        if not block or sentence.passage is not block[-1].passage:
            held += sum(
                len(value) for value in sentence.passage.meta.values() if type(value) is str
            )
        block.append(sentence)
        held += len(sentence.text)
        if len(block) >= BLOCK or held >= BLOCK_CHARACTERS:
            break
    return block


def _tokens(sentence: Sentence, tokenizer: Tokenizer) -> Tokens:
    view = normalised(sentence.text)
    doc = tokenized(view.text, tokenizer)
    begin = sentence.passage.offset + sentence.start
    return Tokens(doc, 0, len(doc), begin, written=sentence.text, view=view)
