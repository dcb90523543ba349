"""One classifier for many requests: text → sentences → blocks, taken in turn → JSON."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from framelens.api import open_classifier
from framelens.classification.classifier import FrameClassifier
from framelens.classification.explanation import Cause, causes, smallest_flip
from framelens.classification.model import model_digest
from framelens.classification.modes import Mode
from framelens.classification.stream import Classified, classify_passages, spans
from framelens.core.codebook import Scheme
from framelens.core.paths import data_path
from framelens.core.types import Passage, SentenceFrames, Unit
from framelens.core.version import __version__
from framelens.preprocessing.sentences import Span
from framelens.preprocessing.structure import with_fields
from framelens.writers.records import record

MOST_SENTENCES = 64
MOST_CHARACTERS = 10_000
"""What a request may have classified before the next one takes its turn."""


@dataclass(frozen=True, slots=True)
class Source:
    """What answers: the version of framelens, the digests of rules and model, what decides."""

    version: str
    rules: str
    model: str | None
    mode: Mode


class Stopped(Exception):
    """The engine takes no more work, since the server is about to end."""


class Engine:
    """A classifier on a thread of its own; `busy` counts the texts under way.

    spaCy's vocabulary and the classifier's tables of words may be used by one thread at a time. So
    there is one thread for them, to which requests come in turn with a block of sentences each: a
    long text does not keep a short one waiting, and a request that is given up stops at the end of
    its block.
    """

    def __init__(self, classifier: FrameClassifier, *, model: str | None, at_once: int = 8) -> None:
        self.classifier = classifier
        self.source = Source(__version__, classifier.rules.digest, model, classifier.mode)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="framelens")
        self._turns = asyncio.Semaphore(at_once)
        self._stopped = False
        self.busy = 0

    @classmethod
    def open(
        cls,
        *,
        model: Path | str | None = None,
        rules: Path | str | None = None,
        mode: Mode = "hybrid",
        thresholds: Mapping[str, float] | None = None,
        at_once: int = 8,
    ) -> Engine:
        """Read the folders as `open_classifier` does, and classify once, since that is slowest."""
        classifier = open_classifier(model=model, rules=rules, mode=mode, thresholds=thresholds)
        digest = model_digest(model or data_path("models/default")) if mode != "rules" else None
        engine = cls(classifier, model=digest, at_once=at_once)
        list(classify_passages([Passage("text", engine.example)], classifier))
        return engine

    @property
    def scheme(self) -> Scheme:
        """The frames."""
        return self.classifier.rules.scheme

    @property
    def example(self) -> str:
        """A text that shows the frames: the first example of each frame's first rule."""
        rules = self.classifier.rules.rules
        first = {rule.frame: rule.matches[0] for rule in reversed(rules) if rule.matches}
        return "\n".join(first[name] for name in self.scheme.names if name in first)

    async def classify(self, text: str, *, unit: Unit, explain: bool) -> bytes:
        """The sentences of a text as a JSON array of the records that `sentence_record` makes.

        Raise Stopped if the engine is told to stop before all of them have had their turn.
        """
        self.busy += 1
        try:
            async with self._turns:
                rows = await self._rows(text, unit, explain)
                return await asyncio.to_thread(_array, rows, unit, explain)
        finally:
            self.busy -= 1

    def stop(self) -> None:
        """Have what is under way raise Stopped; may be called from a signal handler."""
        self._stopped = True

    def close(self) -> None:
        """Let the thread go."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _rows(self, text: str, unit: Unit, explain: bool) -> list[Classified]:
        rows: list[Classified] = []
        for block in blocks(await asyncio.to_thread(spans, text, unit)):
            rows += await self._take_turn(text, block, first=len(rows), explain=explain)
        return rows

    async def _take_turn(
        self, text: str, block: Sequence[Span], *, first: int, explain: bool
    ) -> list[Classified]:
        if self._stopped:
            raise Stopped
        work = partial(self._classify, text, block, first=first, explain=explain)
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _classify(
        self, text: str, block: Sequence[Span], *, first: int, explain: bool
    ) -> list[Classified]:
        whole = Passage("text", text)
        parts = [Passage("text", text[start:end], offset=start) for start, end in block]
        # What a text adds to the vocabulary is let go again; else it would grow with every word.
        with self.classifier.tokenizer.vocab.memory_zone():
            rows = classify_passages(
                parts, self.classifier, unit="sentence", evidence=explain or "labels"
            )
            return [replace(row, passage=whole, index=at) for at, row in enumerate(rows, first)]


def blocks(found: Sequence[Span]) -> list[Sequence[Span]]:
    """Sentences in runs of at most MOST_SENTENCES and, but for a longer one that stands alone,
    MOST_CHARACTERS from the first's start to the last's end."""
    cuts = [0]
    for at, (_, end) in enumerate(found):
        begun = cuts[-1]
        if at > begun and (at - begun >= MOST_SENTENCES or end - found[begun][0] > MOST_CHARACTERS):
            cuts.append(at)
    cuts.append(len(found))
    return [found[start:end] for start, end in pairwise(cuts) if end > start]


def sentence_record(row: Classified, *, unit: Unit, explain: bool) -> dict[str, Any]:
    """A record as in records.py, and one more field: `flip`.

    `flip` has an entry for each frame given, with `explain` for each frame: the fewest rules and
    terms without which the decision would be the opposite, or None where no leaving out does that.
    """
    names = row.frames.scores if explain else row.frames.labels
    flips = {name: _flip(row.frames, name) for name in names}
    fields = record(row, unit=unit, explain=explain)
    return fields | {
        "flip": {
            name: None if flip is None else [asdict(cause) for cause in flip]
            for name, flip in flips.items()
        }
    }


def _flip(found: SentenceFrames, frame: str) -> tuple[Cause, ...] | None:
    own = causes(row for row in found.evidence if row.frame == frame)
    given = frame in found.labels
    return smallest_flip(found.bias[frame], own, found.thresholds[frame], given=given)


def _array(rows: Sequence[Classified], unit: Unit, explain: bool) -> bytes:
    records = (sentence_record(row, unit=unit, explain=explain) for row in with_fields(rows))
    # One by one: the encoder holds up every other thread for as long as one call takes.
    lines = [json.dumps(fields, ensure_ascii=False).encode() for fields in records]
    return b"[" + b",\n".join(lines) + b"]"
