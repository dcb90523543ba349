"""What the fuzz runs: each target makes one case, runs it, and checks what came of it.

A target takes a generator and an empty folder. FramelensError is a fine answer; any other error is
a finding.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import spacy
from framelens.api import load
from framelens.classification.classifier import FrameClassifier
from framelens.classification.model import Model
from framelens.core.files import CHECKOUT
from framelens.core.settings import Settings
from framelens.core.types import Passage, Unit
from framelens.evaluation.assessment import assess
from framelens.parallel.run import classify_to_file
from framelens.preprocessing.main_text import main_text
from framelens.project.labelled.reading import read_labelled
from framelens.readers import Rejects
from framelens.report.reliability import reliability_page
from framelens.rules.lint import lint
from framelens.rules.rule_files import read_rules
from framelens.training.train import train
from spacy.language import Language

from tests.conftest import SOURCES
from tests.fuzz import strange
from tests.fuzz.checks import check_outputs, check_page, check_sentences, classified, hold
from tests.fuzz.files import ENCODINGS, any_file
from tests.helpers import open_classifier, read

Target = Callable[[Random, Path], None]
UNITS: tuple[Unit, ...] = ("document", "document", "sentence")


@cache
def shipped(mode: Any = "hybrid") -> FrameClassifier:
    """The shipped rules and model."""
    return open_classifier(mode=mode)


@cache
def pipeline() -> Language:
    """The same as a spaCy pipeline."""
    return load()


@cache
def english() -> Language:
    """Blank English."""
    return spacy.blank("en")


def texts(chance: Random, _: Path) -> None:
    """Classify any text and write it in every form."""
    classifier = shipped(chance.choice(("hybrid", "hybrid", "rules", "model")))
    unit = chance.choice(UNITS)
    passages = [
        Passage(strange.text(chance, most=1), strange.text(chance), offset=chance.choice((0, 7)))
        for _ in range(chance.randrange(1, 4))
    ]
    rows = classified(passages, classifier, unit)
    check_outputs(rows, classifier, unit)


def component(chance: Random, _: Path) -> None:
    """Classify a text as a spaCy Doc, which cannot hold lone surrogates."""
    text = strange.storable_text(chance)
    if any(len(run) > 1000 for run in text.split()):
        return  # spaCy's own tokenizer takes time with the square of it
    doc = pipeline()(text)
    found = [span._.frames for span in doc.sents if span._.frames]
    check_sentences(text, 0, found)


def readers(chance: Random, folder: Path) -> None:
    """Read a file of any form, damaged or not, classify it and write it out."""
    suffix, data = any_file(chance)
    path = folder / f"case{suffix}"
    path.write_bytes(data)
    unit, encoding = chance.choice(UNITS), chance.choice(ENCODINGS)
    with Rejects(folder / "rejects.jsonl" if chance.random() < 0.5 else None) as rejects:
        skip = rejects if chance.random() < 0.7 else None
        found = read([path], encoding=encoding, unit=unit, rejects=skip)
        passages = list(main_text(found) if chance.random() < 0.3 else found)
    rows = classified(passages, shipped(), unit)
    check_outputs(rows, shipped(), unit)


def runs(chance: Random, folder: Path) -> None:
    """A whole run from files to a file."""
    source = folder / "in"
    source.mkdir()
    for number in range(chance.randrange(1, 4)):
        suffix, data = any_file(chance)
        (source / f"f{number}{suffix}").write_bytes(data)
    form: Any = chance.choice(("jsonl", "csv"))
    settings = Settings(
        form=form,
        encoding=chance.choice(ENCODINGS),
        evidence=True if chance.random() < 0.3 else "labels",
        skip_bad=chance.random() < 0.8,
        main_text=chance.random() < 0.3,
    )
    saved = folder / "texts" if chance.random() < 0.3 else None
    outcome = classify_to_file([source], settings, folder / "out", texts=saved)
    lines = (folder / "out").read_bytes().decode().split("\n")
    hold(form == "csv" or len(lines) == outcome.sentences + 1, "sentences are missing")


TEXTS = ("LOWER", "LEMMA", "ORTH", "TEXT", "SHAPE", "NORM", "lower")
OTHERS = ("IS_ALPHA = true", "LENGTH = 3", "LIKE_NUM = false", "IS_PUNCT = true", "IS_STOP = true")
OPS = ("?", "*", "+", "!", "{0,30}", "{30}", "{,30}", "{2,}", "{0,3}")
WRONG = (
    "POS = 'NOUN'",
    "REGEX = 'a+'",
    "OP = '{31}'",
    "OP = '{3,1}'",
    "OP = 'x'",
    "LENGTH = true",
    "LOWER = 1",
)
WORDS = (
    "visit",
    "prison",
    "a",
    "the",
    "@watchers",
    "observer",
    ".",
    "Xxx",
    "human rights",
    "\\u0000",
)


def _token(chance: Random) -> str:
    fields = {}
    for name in chance.sample(TEXTS, k=chance.choice((0, 1, 1, 1, 2))):
        one, two = chance.choice(WORDS), chance.choice((*WORDS, "", "@none", "x" * 500))
        one, two = (one, two) if chance.random() < 0.1 else (one, one)
        forms = (f'"{two}"', f'{{IN = ["{one}", "{two}"]}}', f'{{NOT_IN = ["{one}"]}}')
        fields[name] = f"{name} = {chance.choice(forms)}"
    if chance.random() < 0.3:
        fields["other"] = chance.choice(OTHERS)
    if chance.random() < 0.6:
        fields["OP"] = f'OP = "{chance.choice(OPS)}"'
    if chance.random() < 0.02:
        fields["wrong"] = chance.choice(WRONG)
    return "{" + ", ".join(fields.values()) + "}"


def _catastrophe(chance: Random) -> str:
    ops = ("*", "+", "?", "{0,30}", "{0,3}")
    tests = ('LOWER = "a", ', "", "IS_ALPHA = true, ", 'LOWER = {NOT_IN = ["b"]}, ')
    token = f'{{{chance.choice(tests)}OP = "{chance.choice(ops)}"}}'
    end = chance.choice(('{LOWER = "b"}', '{LOWER = "a"}', "{}"))
    return ", ".join([token] * chance.choice((2, 5, 6, 30, 150)) + [end])


def _rule_file(chance: Random) -> str:
    patterns = []
    for _ in range(chance.randrange(1, 5)):
        row = [_token(chance) for _ in range(chance.randrange(1, 8))]
        patterns.append(_catastrophe(chance) if chance.random() < 0.3 else ", ".join(row))
    rows = ", ".join(f"[{row}]" for row in patterns)
    kind = chance.choice(("rule", "rule", "exclusion"))
    examples = 'matches = ["a a a b", "x"]\nskips = ["a a", "y"]\n'
    return (
        f'frame = "talk"\n[[{kind}]]\nid = "talk.odd"\nnote = "n"\npatterns = [{rows}]\n{examples}'
    )


@cache
def _real_parts() -> tuple[str, ...]:
    """Rules of the shipped files, one by one."""
    files = sorted((CHECKOUT / "rules").glob("*.toml"))
    return tuple(
        f"[[rule]]{part}"
        for file in files
        for part in file.read_text("utf-8").split("[[rule]]")[1:]
        if len(part) < 4000 and "@" not in part
    )


def _write_rules(chance: Random, folder: Path) -> None:
    folder.mkdir()
    sources = dict(SOURCES)
    sources["odd.toml"] = _rule_file(chance)
    if chance.random() < 0.5:
        sources["odd.toml"] = 'frame = "talk"\n' + chance.choice(_real_parts())
    for name, text in sources.items():
        data = text.encode()
        if chance.random() < 0.1:
            data = strange.mutated(data, chance)
        (folder / name).write_bytes(data)


def rules(chance: Random, folder: Path) -> None:
    """Lint, load and use a folder of rules."""
    where = folder / "rules"
    _write_rules(chance, where)
    lint(where, english().tokenizer)
    classifier = open_classifier(rules=where, mode="rules")
    words = ("a", "a", "b", "visit", "the", "prison", "x.", "observer")
    passages = [Passage("long", " ".join(chance.choices(words, k=chance.choice((10, 300, 3000)))))]
    passages.append(Passage("odd", strange.text(chance, most=4)))
    check_outputs(classified(passages, classifier, "document"), classifier, "document")


def _model(folder: Path, rules_folder: Path) -> None:
    found = read_rules(rules_folder)
    size, many = len(found.scheme.names), len(found.rules)
    random = np.random.default_rng(0)
    terms = ("visit", "prison", "talks failed", "the")
    sizes: Any = random.normal(size=(len(terms), size)), random.normal(size=(many, size))
    heads = [strange_head(sizes[0], rows, size) for rows in (sizes[1], np.zeros((0, size)))]
    names = tuple(rule.id for rule in found.rules)
    Model(found.scheme.names, terms, names, found.digest, np.full(len(terms), 1.5), *heads).save(
        folder
    )


def strange_head(terms: Any, rows: Any, size: int) -> Any:
    """The weights of one head."""
    from framelens.classification.model import Weights

    return Weights(terms, rows, np.full(size, -1.0), np.full(size, 0.5))


def models(chance: Random, folder: Path) -> None:
    """Load a damaged model and, where it loads, use it."""
    where, kept = folder / "rules", folder / "model"
    where.mkdir()
    for name, text in SOURCES.items():
        (where / name).write_text(text, encoding="utf-8")
    _model(kept, where)
    meta, weights = kept / "meta.json", kept / "weights.npz"
    if chance.random() < 0.3:
        weights.write_bytes(strange.mutated(weights.read_bytes(), chance))
    if chance.random() < 0.7:
        row = json.loads(meta.read_bytes())
        row["weights_sha256"] = sha256(weights.read_bytes()).hexdigest()
        if chance.random() < 0.4:
            odd: tuple[Any, ...] = (None, 1, [], {}, "x", [""], ["a"] * 2, ["\ud800"], 10**400, [1])
            row[chance.choice(sorted(row))] = chance.choice(odd)
        meta.write_text(json.dumps(row), encoding="utf-8")
    if chance.random() < 0.2:
        meta.write_bytes(strange.mutated(meta.read_bytes(), chance))
    classifier = open_classifier(rules=where, model=kept, mode=chance.choice(("hybrid", "model")))
    rows = list(strange.sentences()[:3])
    found = list(
        classify_all([*rows, "They visited the old prison. The talks failed."], classifier)
    )
    hold(found, "nothing was classified")


def classify_all(rows: list[str], classifier: FrameClassifier) -> list[Any]:
    """The sentences of texts, with offsets checked (a stranger's bias may give labels alone)."""
    from tests.helpers import classify_passages

    found = list(
        classify_passages([Passage(str(at), row) for at, row in enumerate(rows)], classifier)
    )
    for row in found:
        hold(all(np.isfinite(list(row.frames.scores.values()))), "a score is not a number")
    return found


def _corpus(chance: Random, path: Path, count: int) -> None:
    odd: tuple[Any, ...] = (
        None,
        "look",
        ["look", "look"],
        ["\ud800"],
        [1],
        {"look": 1},
        [[]],
        ["x"],
        3,
    )
    with path.open("w", encoding="utf-8") as out:
        for at in range(count):
            words = chance.choice(strange.sentences())
            if chance.random() < 0.5:
                words = strange.text(chance, most=2)
            labels: Any = chance.sample(("look", "talk"), k=chance.randrange(3))
            if "look" in labels and chance.random() < 0.8:
                words += " They visited the old prison."
            row: dict[str, Any] = {"id": f"s{at}", "text": words or "x", "labels": labels}
            row["genre"] = strange.text(chance, most=1)
            if chance.random() < 0.3 / count:
                names = ("text", "labels", "id", "primary", "start", "document")
                row[chance.choice(names)] = chance.choice(odd)
            if not row["text"] or (isinstance(row["text"], str) and not row["text"].strip()):
                row["text"] = "."
            out.write(json.dumps(row) + "\n")
    if chance.random() < 0.3:
        path.write_bytes(strange.mutated(path.read_bytes(), chance))


def training(chance: Random, folder: Path) -> None:
    """Train on a small odd corpus."""
    where = folder / "rules"
    where.mkdir()
    for name, text in SOURCES.items():
        (where / name).write_text(text, encoding="utf-8")
    _corpus(chance, folder / "c.jsonl", chance.choice((0, 5, 30, 60)))
    rules = read_rules(where)
    trained = train(read_labelled(folder / "c.jsonl", rules.scheme.names), rules)
    trained.model.save(folder / "model")
    classifier = open_classifier(rules=where, model=folder / "model")
    hold(classify_all([strange.text(chance) + "x"], classifier), "nothing was classified")


def reports(chance: Random, folder: Path) -> None:
    """Measure on a small odd corpus and write the report."""
    where = folder / "rules"
    where.mkdir()
    for name, text in SOURCES.items():
        (where / name).write_text(text, encoding="utf-8")
    _model(folder / "model", where)
    path = folder / chance.choice(("c.jsonl", "<img src=x>.jsonl", "' onclick='x.jsonl"))
    _corpus(chance, path, chance.choice((2, 12)))
    found = assess(path, rules=where, model=folder / "model", by=["genre"], coders=[path, path])
    check_page(reliability_page(found), scripts=1)


TARGETS: Mapping[Target, int] = {
    texts: 30, component: 8, readers: 40, runs: 10, rules: 20, models: 12, training: 3, reports: 5,
}  # fmt: skip
"""The targets, and how often each is drawn."""
