"""What tests call the library's inner rooms with."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from framelens.classification.classifier import FrameClassifier, classify_sentences
from framelens.core.files import Writer
from framelens.core.settings import Mode, Settings
from framelens.core.types import Classified, Detail, Passage, Unit
from framelens.preprocessing.normalise import INVISIBLE, _reread
from framelens.preprocessing.structure import sentences_of
from framelens.project.project import Project
from framelens.readers import Rejects, find, look_ahead, read_sources, reading_of
from framelens.report.corpus.payload import CLOSING, OPENING
from framelens.rules.compiling import PlainPattern, PlainToken, phrase_words, plain_token
from framelens.rules.rule_files import Item as RuleItem
from framelens.rules.rule_files import RuleSet
from framelens.writers.csv_table import CsvTable
from framelens.writers.records import json_lines
from spacy.tokenizer import Tokenizer

Put = Callable[[str, str | bytes], Path]
"""Writes a file in the test's folder."""


def visible(text: str) -> str:
    """A text without what may belong to no sentence: white space, what cannot be seen, however it was
    decoded, and the marks by which e-mails quote a line."""
    reread = _reread(text)
    return re.sub(rf"[\s>{INVISIBLE}]", "", text if reread is None else reread.text)


def plain_values(result: Any) -> str:
    """What a result holds, to be compared: from Python 3.13 on, results with a number that is none (NaN)
    are not equal."""
    return repr(asdict(result))


def run_with_hash_seeds(arguments: Sequence[str], folder: Path, name: str) -> list[Path]:
    """Run a command twice, both at once, with other orders of sets; the outputs."""
    outputs = [folder / f"{seed}-{name}" for seed in range(2)]
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "framelens", *arguments, "--output", str(output)],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for seed, output in enumerate(outputs)
    ]
    assert [run.wait() for run in runs] == [0, 0]
    return outputs


def plain_patterns(item: RuleItem, rules: RuleSet, tokenizer: Tokenizer) -> Iterator[PlainPattern]:
    """A rule's patterns and phrases as spaCy's own Matcher takes them."""
    for pattern in item.patterns:
        yield tuple(_with_same(plain_token(token, rules.lists), rules) for token in pattern)
    for phrase in item.phrases:
        words = phrase_words(phrase, tokenizer)
        yield tuple(_with_same({"LOWER": word}, rules) for word in words)


def _with_same(token: PlainToken, rules: RuleSet) -> PlainToken:
    """A token with the scheme's other words for those that it names."""
    if isinstance(word := token.get("LOWER"), str):
        token = {**token, "LOWER": {"IN": [word]}}
    for words in token.get("LOWER", {}).values():
        words += [word for word, other in rules.scheme.same if other in words]
    return token


def read(
    paths: Sequence[Path | str],
    *,
    encoding: str = "utf-8",
    unit: Unit = "document",
    rejects: Rejects | None = None,
) -> Iterator[Passage]:
    """The passages of paths; bad records go to `rejects` if there are any, else they are errors."""
    skips = rejects is not None
    settings = Settings(encoding=encoding, unit=unit, skip_bad=skips)
    reading = reading_of(settings, rejects or Rejects(None))
    sources, settings = look_ahead(find(paths, skip_bad=skips), settings, reading.notes)
    return read_sources(sources, replace(reading, tables=settings.tables))


def open_classifier(
    *,
    rules: Path | str | None = None,
    model: Path | str | None = None,
    mode: Mode = "hybrid",
    thresholds: Mapping[str, float] | None = None,
) -> FrameClassifier:
    """Rules and model at work on blank English, by default the shipped ones."""
    settings = Settings(
        rules=str(rules) if rules else None,
        model=str(model) if model else None,
        mode=mode,
        thresholds=tuple((thresholds or {}).items()),
    )
    return Project.open(settings).classifier


def classify_passages(
    passages: Iterable[Passage],
    classifier: FrameClassifier,
    *,
    unit: Unit = "document",
    evidence: Detail = True,
) -> Iterator[Classified]:
    """The way of a text with a classifier that is open already."""
    return classify_sentences(sentences_of(passages, unit), classifier, evidence=evidence)


def write_jsonl(
    rows: Iterable[Classified], out: Writer, *, unit: Unit = "document", explain: bool = False
) -> None:
    for line in json_lines(rows, unit=unit, explain=explain):
        out.write(line)


def write_csv(
    rows: Iterable[Classified],
    out: Writer,
    *,
    unit: Unit = "document",
    frames: Sequence[str],
    explain: bool = False,
    columns: Sequence[str] = (),
    keep_formulas: bool = False,
) -> None:
    table = CsvTable(
        frames, unit=unit, explain=explain, columns=columns, keep_formulas=keep_formulas
    )
    out.write(table.header())
    for line in table.lines(rows):
        out.write(line)


def read_payload(page: str) -> dict[str, Any]:
    """The data that a page of documents holds."""
    packed = page.partition(OPENING)[2].partition(CLOSING)[0]
    found: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(packed)))
    return found
