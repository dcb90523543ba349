"""Stances in what the API answers, told by the shipped model."""

from __future__ import annotations

import framelens
import pytest
from fastapi.testclient import TestClient
from framelens.core.settings import Settings
from framelens.serve.app import create_app
from framelens.serve.engine import Engine
from framelens.serve.schema import Answer, Sentence

TEXT = "Nobody has been prosecuted for the torture of the prisoners. The sun rose."


@pytest.fixture(scope="module")
def shipped() -> TestClient:
    return TestClient(create_app(Engine.open(Settings())), base_url="http://localhost")


def asked(client: TestClient, *, explain: bool) -> list[Sentence]:
    found = client.post("/classify", json={"text": TEXT, "explain": explain})
    return Answer.model_validate_json(found.content, strict=True).sentences


def test_a_sentence_says_how_it_treats_its_frames(shipped: TestClient) -> None:
    for explain in (False, True):
        treated, bare = asked(shipped, explain=explain)
        assert treated.stances == {"accountability": "lacking"}
        assert (bare.labels, bare.stances, bare.treatments) == ([], None, None)
        assert (treated.treatments is not None) is explain


def test_what_spoke_for_a_stance_is_told(shipped: TestClient) -> None:
    treated, _ = asked(shipped, explain=True)
    assert treated.treatments is not None
    found = treated.treatments["accountability"]
    ((sentence, _),) = framelens.classify([TEXT])
    expected = sentence.stances["accountability"]
    assert found.probabilities == dict(expected.probabilities)
    assert [(reason.name, reason.weight) for reason in found.because] == list(expected.because)
    assert found.because[0].name == "bias"
