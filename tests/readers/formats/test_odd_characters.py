"""Soft hyphens, no-break spaces and note marks in files of every kind: read as if they were not there."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import docx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from framelens.api import classify_files, load

from tests.helpers import Put
from tests.readers.conftest import make_pdf, page

SENTENCES = [
    "The rappor\u00adteur was\u00a0refused access.1",
    "They\u200b found grave ab\u00aduses.",
]
TEXT = " ".join(SENTENCES)
PLAIN = ["The rapporteur was refused access.", "They found grave abuses."]


def as_docx() -> bytes:
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph(TEXT)
    document.save(out)
    return out.getvalue()


def as_html() -> bytes:
    body = TEXT.replace("\u00ad", "&shy;").replace("\u00a0", "&nbsp;").replace("\u200b", "&#8203;")
    filler = "<p>Nothing else was said on that day, and nobody asked for more.</p>" * 8
    return f"<html><body><article><p>{body}</p>{filler}</article></body></html>".encode()


def as_parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"text": [TEXT]}), out)
    return out.getvalue()


KINDS: dict[str, Callable[[], bytes]] = {
    "a.txt": TEXT.encode,
    "a.csv": lambda: f'text\n"{TEXT}"\n'.encode(),
    "a.jsonl": lambda: json.dumps({"text": TEXT}).encode(),
    "a.parquet": as_parquet,
    "a.docx": as_docx,
    "a.html": as_html,
    # The letters of this font are those of Windows' code page: no zero-width space, and a soft
    # hyphen is drawn as a hyphen.
    "a.pdf": lambda: make_pdf([page([row.translate({0x200B: "", 0xAD: ""}) for row in SENTENCES])]),
}


def labels_of(path: Path, rules: Path) -> list[list[str]]:
    found = classify_files(path, rules=rules, mode="rules")
    return [row["labels"] for row in found][: len(SENTENCES)]


RULES = """
frame = "look"
[[rule]]
id = "look.refused"
note = "Access refused."
phrases = ["rapporteur was refused access", "found grave abuses"]
matches = ["The rapporteur was refused access.", "They found grave abuses."]
skips = ["Nobody came.", "He left."]
"""


@pytest.fixture
def rules(small_folder: Path) -> Path:
    (small_folder / "look.toml").write_text(RULES, encoding="utf-8")
    return small_folder


@pytest.mark.parametrize("name", KINDS)
def test_a_file_reads_as_its_plain_text(name: str, rules: Path, put: Put) -> None:
    assert labels_of(put(name, KINDS[name]()), rules) == [["look"], ["look"]]


def test_the_spacy_component_reads_the_same(rules: Path) -> None:
    nlp = load(rules=rules, mode="rules")
    for text in (TEXT, " ".join(PLAIN)):
        found = [sentence._.frames for sentence in nlp(text).sents]
        assert [frames.labels for frames in found] == [("look",), ("look",)]
        for frames in found:
            assert text[frames.start : frames.end] == frames.text
            assert all(text[row.start : row.end] == row.text for row in frames.evidence)
