"""One classifier for many requests: text → sentences → blocks, taken in turn → records."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from itertools import chain, islice, pairwise
from typing import Any

from framelens.classification.classifier import FrameClassifier, classify_sentences
from framelens.classification.explanation import causes, smallest_flip
from framelens.classification.persistence import digest_of_model
from framelens.core.codebook import Scheme
from framelens.core.memory import forgetting
from framelens.core.settings import Mode, Settings
from framelens.core.types import Classified, Passage, Sentence, Unit
from framelens.core.version import __version__
from framelens.preprocessing.structure import sentences_of
from framelens.project.project import Project
from framelens.writers.records import record

MOST_SENTENCES = 64
MOST_CHARACTERS = 10_000
"""The most sentences and characters classified at a time, before other requests take their turn."""

AT_ONCE = 8
"""Long texts that are worked on in turn; others wait."""

SHORT = 2000
"""Characters of a text up to which it does not wait for long ones, and is split and answered in the
server's own thread."""


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """The version of framelens, the digests of rules and model, and the mode, for answers."""

    version: str
    rules: str
    model: str | None
    mode: Mode


class Stopped(Exception):
    """The engine takes no more work, since the server is about to end."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Sentences of one request, waiting to be classified."""

    block: Sequence[Sentence]
    explain: bool
    result: asyncio.Future[list[Classified]]

    @property
    def characters(self) -> int:
        """The length of its text, from the first sentence's start to the last one's end."""
        return _end(self.block[-1]) - _start(self.block[0])


class Engine:
    """A classifier on a thread of its own; `busy` counts the texts under way.

    spaCy's vocabulary and the classifier's tables of words may be used by one thread at a time. So
    there is one thread for them, to which requests come in turn with a block of sentences each: a
    long text does not keep a short one waiting, and a request that is given up stops at the end of
    its block. Short blocks that wait at the same time are classified together, which takes half the
    time.
    """

    def __init__(self, classifier: FrameClassifier, *, model: str | None) -> None:
        self.classifier = classifier
        self.source = EngineInfo(__version__, classifier.rules.digest, model, classifier.mode)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="framelens")
        self._long = asyncio.Semaphore(AT_ONCE)
        self._waiting: deque[Turn] = deque()
        self._work: asyncio.Task[None] | None = None
        self._stopped = False
        self.busy = 0

    @classmethod
    def open(cls, settings: Settings | None = None) -> Engine:
        """Open a project as `Project.open` does, and classify once, since that is slowest."""
        project = Project.open(settings)
        engine = cls(project.classifier, model=digest_of_model(project.settings))
        list(project.classify([Passage("text", engine.example)]))
        return engine

    @property
    def scheme(self) -> Scheme:
        """The codebook's scheme of frames."""
        return self.classifier.rules.scheme

    @property
    def example(self) -> str:
        """A text to try: the first example of each frame's first rule."""
        rules = self.classifier.rules.rules
        first = {rule.frame: rule.matches[0] for rule in reversed(rules) if rule.matches}
        return "\n".join(first[name] for name in self.scheme.names if name in first)

    async def classify(
        self, text: str | Sequence[Passage], *, unit: Unit, explain: bool
    ) -> list[dict[str, Any]]:
        """The sentences of a text, or of the passages of a file, whose offsets are those of the whole
        file, as the records that `sentence_record` makes.

        Raise Stopped if the engine is told to stop before all of them have had their turn.
        """
        passages = [Passage("text", text)] if isinstance(text, str) else text
        self.busy += 1
        try:
            if sum(len(passage.text) for passage in passages) <= SHORT:
                rows = await self._in_turn(list(sentences_of(passages, unit)), explain=explain)
                return _records(rows, unit, explain)
            async with self._long:
                sentences = await asyncio.to_thread(list, sentences_of(passages, unit))
                rows = await self._in_turn(sentences, explain=explain)
                return await asyncio.to_thread(_records, rows, unit, explain)
        finally:
            self.busy -= 1

    def stop(self) -> None:
        """Let requests under way raise Stopped; may be called from a signal handler."""
        self._stopped = True

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _in_turn(self, sentences: Sequence[Sentence], *, explain: bool) -> list[Classified]:
        """The sentences of a text, classified a block at a time."""
        rows: list[Classified] = []
        for block in blocks(sentences):
            turn = Turn(block, explain, asyncio.get_running_loop().create_future())
            self._waiting.append(turn)
            if self._work is None or self._work.done():
                self._work = asyncio.create_task(self._take_turns())
            rows += await turn.result
        return rows

    async def _take_turns(self) -> None:
        """Classify the waiting turns until there are none."""
        while turns := self._next():
            try:
                await self._answer(turns)
            except Exception:
                # Alone, so that only the request whose text it is gets the error.
                for turn in turns:
                    await self._answer_alone(turn)

    def _next(self) -> list[Turn]:
        """The turns to take together: the one that has waited longest and those after it, up to the
        limits. Turns of requests that were given up are passed over."""
        turns: list[Turn] = []
        sentences = characters = 0
        while self._waiting:
            turn = self._waiting[0]
            sentences, characters = sentences + len(turn.block), characters + turn.characters
            if turns and (
                turn.explain != turns[0].explain
                or sentences > MOST_SENTENCES
                or characters > MOST_CHARACTERS
            ):
                break
            self._waiting.popleft()
            if not turn.result.done():
                turns.append(turn)
        return turns

    async def _answer(self, turns: Sequence[Turn]) -> None:
        if self._stopped:
            raise Stopped
        together = list(chain.from_iterable(turn.block for turn in turns))
        work = partial(self._classify, together, explain=turns[0].explain)
        rows = iter(await asyncio.get_running_loop().run_in_executor(self._thread, work))
        for turn in turns:
            classified = list(islice(rows, len(turn.block)))
            if not turn.result.done():
                turn.result.set_result(classified)

    async def _answer_alone(self, turn: Turn) -> None:
        try:
            await self._answer([turn])
        except Exception as error:
            if not turn.result.done():
                turn.result.set_exception(error)

    def _classify(self, block: Sequence[Sentence], *, explain: bool) -> list[Classified]:
        # Else spaCy's vocabulary would grow with every new word.
        with forgetting(self.classifier.tokenizer.vocab):
            return list(classify_sentences(block, self.classifier, evidence=explain or "labels"))


def _start(sentence: Sentence) -> int:
    return sentence.passage.offset + sentence.start


def _end(sentence: Sentence) -> int:
    return _start(sentence) + len(sentence.text)


def blocks(sentences: Sequence[Sentence]) -> list[Sequence[Sentence]]:
    """Sentences in runs of at most MOST_SENTENCES and, but for a longer one that stands alone,
    MOST_CHARACTERS from the first's start to the last's end."""
    cuts = [0]
    for at, sentence in enumerate(sentences):
        first = cuts[-1]
        room = MOST_CHARACTERS - (_end(sentence) - _start(sentences[first]))
        if at > first and (at - first >= MOST_SENTENCES or room < 0):
            cuts.append(at)
    cuts.append(len(sentences))
    return [sentences[start:end] for start, end in pairwise(cuts) if end > start]


def sentence_record(row: Classified, *, unit: Unit, explain: bool) -> dict[str, Any]:
    """A record as in records.py, and one or two more fields: `flip`, `treatments`.

    `flip` has an entry for each frame given, with `explain` for each frame: the fewest rules and
    terms without which the decision would be the opposite, or None where no leaving out does that.
    `treatments` accounts for the stance to each frame given; it is there with `explain`, where
    stances are told.
    """
    flips: dict[str, list[dict[str, Any]] | None] = {}
    for name in row.frames.scores if explain else row.frames.labels:
        of_frame = causes(item for item in row.frames.evidence if item.frame == name)
        limits = row.frames.bias[name], of_frame, row.frames.thresholds[name]
        flip = smallest_flip(*limits, given=name in row.frames.labels)
        flips[name] = None if flip is None else [asdict(cause) for cause in flip]
    fields = record(row, unit=unit, explain=explain)
    if explain and row.frames.stances:
        fields["treatments"] = {
            name: {
                "probabilities": dict(stance.probabilities),
                "because": [{"name": what, "weight": weight} for what, weight in stance.because],
            }
            for name, stance in row.frames.stances.items()
        }
    return fields | {"flip": flips}


def _records(rows: Sequence[Classified], unit: Unit, explain: bool) -> list[dict[str, Any]]:
    return [sentence_record(row, unit=unit, explain=explain) for row in rows]
