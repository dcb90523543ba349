"""An assessment of small rules and a small model, on sentences and names that try to break out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from framelens.classification.classifier import FrameClassifier, classify_sentences
from framelens.classification.model import Model, Weights
from framelens.core.settings import Mode, Settings
from framelens.core.types import Classified, Passage
from framelens.evaluation.assessment import Assessment, assess
from framelens.preprocessing.structure import sentences_of
from framelens.project.project import Project
from framelens.rules.rule_files import read_rules

HOSTILE = "<script>alert('x')</script> & \"quotes\" <img src=x onerror=alert(1)>"

LABELLED: list[dict[str, object]] = [
    {"text": f"They visited the old prison. {HOSTILE}", "labels": [], "genre": HOSTILE},
    {"text": "The calm talks failed.", "labels": ["talk"], "genre": "news"},
    {"text": "The calm observer visited the camp.", "labels": ["look"], "genre": "news"},
    {"text": "Nobody came.", "labels": ["look"], "genre": "speech"},
    {"text": "A dialogue began.", "labels": ["talk", "look"], "genre": "speech"},
    {"text": "We sang all night.", "labels": [], "genre": "speech"},
]


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    lines = (json.dumps({"id": f"{at} {HOSTILE}", **row}) for at, row in enumerate(rows))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def model_folder(rules_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    rules = read_rules(rules_folder)
    folder = tmp_path_factory.mktemp("model")
    size = len(rules.scheme.names)
    table = np.array([[4.0, 0.2], [1.0, 0.0], [-0.1, 4.0]])
    bias, half = np.array([-2.5, -2.0]), np.full(size, 0.5)
    terms = np.array([[0.3, 0.4], [-0.2, 0.1]])
    Model(
        frames=rules.scheme.names,
        terms=("calm", "sang"),
        rules=tuple(rule.id for rule in rules.rules),
        rules_digest=rules.digest,
        idf=np.array([1.5, 2.0]),
        hybrid=Weights(terms, table, bias, np.array([0.4, 0.6])),
        terms_only=Weights(terms, np.zeros((0, size)), bias, half),
        meta={"corpus_sentences": 1234, "made_with": {"numpy": HOSTILE}},
    ).save(folder)
    return folder


@pytest.fixture(scope="session")
def assessment(
    rules_folder: Path, model_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Assessment:
    folder = tmp_path_factory.mktemp("labelled")
    labelled = write(folder / "labelled & signed.jsonl", LABELLED)
    coders = [
        write(folder / "<b>ana.jsonl", LABELLED[:5]),
        write(folder / "ben.jsonl", [{**row, "labels": ["look"]} for row in LABELLED]),
        write(folder / "cid.jsonl", LABELLED),
    ]
    return assess(labelled, rules=rules_folder, model=model_folder, coders=coders)


@pytest.fixture(scope="session")
def small(rules_folder: Path, model_folder: Path) -> FrameClassifier:
    return opened(rules_folder, model=model_folder)


def opened(rules: Path, *, model: Path | None = None) -> FrameClassifier:
    """A classifier of own rules, and of a model unless the rules decide alone."""
    given = str(model) if model else None
    mode: Mode = "hybrid" if model else "rules"
    return Project.open(Settings(rules=str(rules), model=given, mode=mode)).classifier


def classified(passages: Iterable[Passage], classifier: FrameClassifier) -> list[Classified]:
    return list(classify_sentences(sentences_of(passages, "document"), classifier))
