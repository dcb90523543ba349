"""Training on a small corpus made here, and the estimator beside the model."""

from __future__ import annotations

import json
from pathlib import Path

import framelens
import numpy as np
import pandas as pd
import pytest
from framelens.core.errors import FramelensError
from framelens.core.files import CHECKOUT
from framelens.preprocessing.tokenizer import sentence_tokens
from framelens.project.labelled.sentence import LabelledSentence
from framelens.rules.rule_files import RuleSet, read_rules
from framelens.training import features
from framelens.training.saving import load_sklearn, save
from framelens.training.train import Trained, train
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

WHO = ("envoys", "observers", "ministers", "monks", "farmers", "judges", "poets", "sailors")
LOOKS = ("visited the prison", "visited a camp", "inspected ruins")
TALKS = ("held talks", "opened a dialogue", "spoke at length")
RESTS = ("planted trees", "sang all night", "went home")


def corpus() -> list[LabelledSentence]:
    kinds = [(LOOKS, ("look",)), (TALKS, ("talk",)), (RESTS, ())]
    made = []
    for who in WHO:
        for phrases, labels in kinds:
            for phrase in phrases:
                text = f"The {who} {phrase}."
                primary = labels[0] if labels else None
                made.append(LabelledSentence(text, text, labels, primary))
    return made


@pytest.fixture(scope="module")
def trained(small_rules: RuleSet) -> Trained:
    return train(corpus(), small_rules)


def test_the_model_learns_what_rules_do_not_say(trained: Trained) -> None:
    assert trained.figures.macro_f1.value > 0.85
    assert {"inspected", "ruins", "inspected ruins"} & set(trained.model.terms)


def test_the_same_corpus_gives_the_same_bytes(trained: Trained, small_rules: RuleSet) -> None:
    assert train(corpus(), small_rules).model.to_bytes() == trained.model.to_bytes()


def test_each_sentence_is_tokenized_once(
    small_rules: RuleSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str] = []

    def counted(text: str, tokenizer: Tokenizer) -> Doc:
        texts.append(text)
        return sentence_tokens(text, tokenizer)

    monkeypatch.setattr(features, "sentence_tokens", counted)
    trained = train(corpus(), small_rules)
    assert texts == [row.text for row in corpus()]
    trained.estimator.predict_proba(["The envoys went home."])
    assert len(texts) == len(corpus()) + 1


def test_progress_is_told_with_the_share_that_is_done(small_rules: RuleSet) -> None:
    told: list[float] = []
    train(corpus(), small_rules, progress=lambda _, done: told.append(done))
    assert len(told) >= 4
    assert told == sorted(told)
    assert 0 <= told[0] < told[-1] < 1


def test_scores_are_the_estimator_s(trained: Trained, tmp_path: Path, small_folder: Path) -> None:
    save(trained, tmp_path / "m")
    estimator = load_sklearn(tmp_path / "m", trust=True)
    texts = [row.text for row in corpus()] + ["Talks, talks and the prison they visited", "x", "!"]
    expected = estimator.predict_proba(texts)
    found = framelens.classify(texts, unit="sentence", model=tmp_path / "m", rules=small_folder)
    scores = np.array([list(row.scores.values()) for (row,) in found])
    assert np.abs(scores - expected).max() < 1e-9


def test_the_shipped_estimator_gives_the_shipped_scores() -> None:
    estimator = load_sklearn(CHECKOUT / "models" / "default", trust=True)
    texts = ["The rapporteur was refused access.", "Dialogue, not blame.", "It rained in 1998."]
    found = framelens.classify(texts, unit="sentence")
    scores = np.array([list(row.scores.values()) for (row,) in found])
    assert np.abs(scores - estimator.predict_proba(texts)).max() < 1e-9


def test_the_estimator_takes_texts_of_numpy_and_nothing_else() -> None:
    estimator = load_sklearn(CHECKOUT / "models" / "default", trust=True)
    assert estimator.predict(np.array(["They were refused access to the prison."])).shape == (1, 4)
    others = ["one text", [], ["a", float("nan")], [None], {"a": 1}, pd.DataFrame({"text": ["a"]})]
    for given in others:
        with pytest.raises(FramelensError, match=r"expected (a list of texts|at least one)"):
            estimator.predict_proba(given)


def test_a_pickle_is_opened_only_on_request(trained: Trained, tmp_path: Path) -> None:
    save(trained, tmp_path)
    with pytest.raises(FramelensError, match="can run any code"):
        load_sklearn(tmp_path)
    with pytest.raises(FramelensError, match="no such file"):
        load_sklearn(tmp_path / "none", trust=True)
    (tmp_path / "pipeline.joblib").write_bytes(b"no pickle")
    with pytest.raises(FramelensError, match=r"pipeline\.joblib: damaged: KeyError"):
        load_sklearn(tmp_path, trust=True)


def test_a_frame_with_too_few_examples_is_named(small_rules: RuleSet) -> None:
    few = [row for row in corpus() if row.labels != ("talk",)]
    with pytest.raises(FramelensError, match="0 with talk; expected at least 10"):
        train(few, small_rules)


def test_meta_says_how_the_model_was_made(trained: Trained, tmp_path: Path) -> None:
    save(trained, tmp_path)
    meta = json.loads((tmp_path / "meta.json").read_text(encoding="utf-8"))
    assert meta["corpus_sentences"] == len(corpus())
    assert {"framelens", "scikit-learn", "spacy", "numpy"} == set(meta["made_with"])
    assert meta["cross_validation"]["macro_f1"]["value"] == trained.figures.macro_f1.value
    assert len(meta["trained_on"]) == len(corpus())


def test_other_frames_train_and_classify(
    trained: Trained, tmp_path: Path, small_folder: Path
) -> None:
    save(trained, tmp_path / "m")
    assert read_rules(small_folder).digest == trained.model.rules_digest
    texts = ["The clerks inspected ruins."]
    ((found,),) = framelens.classify(texts, model=tmp_path / "m", rules=small_folder)
    assert found.labels == ("look",)
