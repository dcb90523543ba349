"""One classifier for many requests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from framelens.api import classify
from framelens.core.errors import FramelensError
from framelens.core.settings import Settings
from framelens.core.types import Classified, Passage, Sentence, Unit
from framelens.serve.engine import MOST_CHARACTERS, MOST_SENTENCES, Engine, blocks
from framelens.writers.records import record
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import classify_passages
from tests.serve.conftest import STATEMENT

WORDS = ["The", "talks", "failed.", "observer", "visited", "the prison", "shop", "\n\n", "😀", "x"]


def ask(engine: Engine, text: str, *, unit: Unit = "document", explain: bool = False) -> Any:
    """The records, as whoever reads them from JSON has them."""
    found = asyncio.run(engine.classify(text, unit=unit, explain=explain))
    return json.loads(json.dumps(found))


def plain(engine: Engine, text: str, *, unit: Unit, explain: bool) -> list[dict[str, Any]]:
    """The records that the library gives, without turns and zones."""
    rows = classify_passages(
        [Passage("text", text)], engine.classifier, unit=unit, evidence=explain or "labels"
    )
    return [record(row, unit=unit, explain=explain) for row in rows]


@given(
    st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)
    | st.text(st.characters(codec="utf-8")),
    st.sampled_from(["document", "sentence"]),
    st.booleans(),
)
@settings(deadline=None, max_examples=60)
def test_sentences_are_those_of_the_library(
    engine: Engine, text: str, unit: Unit, explain: bool
) -> None:
    found = ask(engine, text, unit=unit, explain=explain)
    for row in found:
        assert text[row["start"] : row["end"]] == row["text"]
        del row["flip"]
    assert found == json.loads(json.dumps(plain(engine, text, unit=unit, explain=explain)))


def test_a_long_text_is_one_text(engine: Engine) -> None:
    text = "The talks failed. An observer came.\n\n" * 200
    found = ask(engine, text)
    assert [row["index"] for row in found] == list(range(400))
    assert [row["id"] for row in found[:2]] == ["text#0", "text#1"]
    assert found[-1]["end"] == len(text.rstrip())


def length_of(block: Sequence[Sentence]) -> int:
    return block[-1].start + len(block[-1].text) - block[0].start


@given(st.lists(st.integers(1, 3 * MOST_CHARACTERS // 2) | st.just(1), max_size=300))
def test_blocks_are_all_sentences_in_order_within_bounds(lengths: list[int]) -> None:
    ends = [sum(lengths[: at + 1]) for at in range(len(lengths))]
    passage = Passage("text", "x" * (ends[-1] if ends else 0))
    sentences = [
        Sentence(passage, index, start, passage.text[start:end])
        for index, (start, end) in enumerate(pairwise([0, *ends]))
    ]
    found = blocks(sentences)
    assert [sentence for block in found for sentence in block] == sentences
    for block in found:
        assert 0 < len(block) <= MOST_SENTENCES
        assert len(block) == 1 or length_of(block) <= MOST_CHARACTERS


@pytest.mark.parametrize("explain", [False, True])
def test_without_its_flip_a_decision_turns(engine: Engine, explain: bool) -> None:
    found = ask(engine, STATEMENT, explain=explain)
    limits = engine.classifier.thresholds.tolist()
    bias = engine.classifier.weights.bias.tolist()
    turned = 0
    for row in found:
        assert set(row["flip"]) == set(engine.scheme.names if explain else row["labels"])
        for name, flip in row["flip"].items():
            if flip is None:
                continue
            at = engine.scheme.names.index(name)
            left_out = {(cause["kind"], cause["name"]) for cause in flip}
            rest = [
                item["weight"]
                for item in row["evidence"]
                if item["frame"] == name and (item["kind"], item["name"]) not in left_out
            ]
            score = bias[at] + sum(rest)
            given_without = score >= 0 if limits[at] == 0.5 else None
            assert given_without is (name not in row["labels"])
            turned += 1
    assert turned >= 2


def test_the_vocabulary_does_not_grow(engine: Engine) -> None:
    strings = engine.classifier.tokenizer.vocab.strings
    ask(engine, STATEMENT)
    before = len(strings)
    ask(engine, " ".join(f"unheardof{at}" for at in range(2000)))
    assert len(strings) == before
    assert ask(engine, "unheardof1 talks")[0]["labels"] == ["talk"]


def test_requests_take_turns(engine: Engine) -> None:
    order: list[str] = []

    async def one(name: str, text: str) -> None:
        await engine.classify(text, unit="document", explain=False)
        order.append(name)

    async def both() -> None:
        long = asyncio.create_task(one("long", "The talks failed.\n\n" * 5000))
        await asyncio.sleep(0.05)
        await asyncio.gather(long, one("short", "The talks failed."))

    asyncio.run(both())
    assert order == ["short", "long"]


async def all_at_once(engine: Engine, texts: Mapping[str, bool]) -> list[Any]:
    """The answers or errors, given for each text whether it is to be explained."""
    asked = (engine.classify(text, unit="document", explain=it) for text, it in texts.items())
    return list(await asyncio.gather(*asked, return_exceptions=True))


def test_what_waits_is_classified_together_and_each_gets_its_own(engine: Engine) -> None:
    texts = {f"The {'old ' * at}prison. The talks failed.": at > 20 for at in range(40)}
    sizes: list[int] = []
    plain_work = engine._classify

    def counted(block: Sequence[Sentence], *, explain: bool) -> list[Classified]:
        sizes.append(len(block))
        return plain_work(block, explain=explain)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_classify", counted)
        found = asyncio.run(all_at_once(engine, texts))
    alone = [ask(engine, text, explain=explain) for text, explain in texts.items()]
    assert json.loads(json.dumps(found)) == alone
    assert sum(sizes) == 2 * len(texts)
    assert max(sizes) <= MOST_SENTENCES
    assert len(sizes) < len(texts) / 2


def test_a_text_that_fails_takes_no_other_with_it(engine: Engine) -> None:
    plain_work = engine._classify

    def picky(block: Sequence[Sentence], *, explain: bool) -> list[Classified]:
        if any("old" in sentence.text for sentence in block):
            raise ValueError("old")
        return plain_work(block, explain=explain)

    texts = ["The talks failed.", "The old talks.", "No talks."]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_classify", picky)
        found = asyncio.run(all_at_once(engine, dict.fromkeys(texts, False)))
    assert [isinstance(rows, ValueError) for rows in found] == [False, True, False]


def test_a_request_given_up_stops(engine: Engine) -> None:
    seen = 0
    plain_work = engine._classify

    def counted(*arguments: Any, **options: Any) -> list[Classified]:
        nonlocal seen
        seen += 1
        return plain_work(*arguments, **options)

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await engine.classify(
                    "The talks failed.\n\n" * 20_000, unit="document", explain=True
                )
        at_first = seen
        await asyncio.sleep(0.3)
        assert seen <= at_first + 1

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_classify", counted)
        asyncio.run(give_up())


def test_the_example_shows_every_frame(engine: Engine) -> None:
    rows = ask(engine, engine.example)
    assert [row["labels"] for row in rows] == [["look"], ["talk"]]


def test_the_source_names_what_answers(engine: Engine) -> None:
    assert engine.source.rules == engine.classifier.rules.digest
    assert (engine.source.model, engine.source.mode) == (None, "rules")


def test_the_shipped_model_is_named_by_its_digest() -> None:
    from framelens.classification.persistence import digest_of_model

    engine = Engine.open()
    assert engine.source.model == digest_of_model(Settings())
    ((sentence,),) = classify(["Impunity must end."])
    (row,) = ask(engine, "Impunity must end.", explain=True)
    assert row["scores"] == dict(sentence.scores)


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(FramelensError, match="nowhere"):
        Engine.open(Settings(rules=str(tmp_path / "nowhere")))
