"""Labelled sentences in and out: JSON Lines, or CSV with `text` and `labels`."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

from framelens.core.errors import FramelensError, at
from framelens.core.files import storable

FIELDS = {"id", "text", "labels", "primary", "document", "start", "end"}


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """One sentence with the frames that annotators gave it.

    `document`, `start` and `end` say where it stands, in characters, when it comes from a document;
    every other field of its record is kept under `meta`.
    """

    id: str
    text: str
    labels: tuple[str, ...]
    primary: str | None = None
    document: str | None = None
    start: int | None = None
    end: int | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)


def read_labelled(path: Path, frames: Sequence[str]) -> list[LabelledSentence]:
    """Read a labelled file and check it: labels, ids, primary, offsets.

    `frames` are the labels allowed, in the order they are returned in. Raise FramelensError with
    file, line and reason.
    """
    records = _csv_rows(path) if path.suffix.lower() == ".csv" else _json_rows(path)
    seen: dict[str, int] = {}
    sentences = []
    for line, record in records:
        sentence = _sentence(path, line, record, frames)
        if sentence.id in seen:
            raise at(path, line, f"the id {sentence.id!r} is on line {seen[sentence.id]} already")
        seen[sentence.id] = line
        sentences.append(sentence)
    if not sentences:
        raise at(path, None, "no labelled sentences in it")
    _check_offsets(path, sentences, list(seen.values()))
    return sentences


def labelled_from(
    rows: Iterable[Mapping[str, Any]], frames: Sequence[str], *, place: str = "labelled"
) -> list[LabelledSentence]:
    """Labelled sentences from dicts with the fields that a labelled file has.

    `labels` may be a list, or text with `|` between them. Raise FramelensError as `read_labelled`
    does, naming `place` and the number of the row, from 1.
    """
    where = Path(place)
    sentences: dict[str, LabelledSentence] = {}
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping):
            raise at(
                where, number, f"{type(row).__name__} given; expected a dict with text and labels"
            )
        fields = {name: value for name, value in row.items() if value is not None}
        if isinstance(fields.get("labels"), str):
            fields["labels"] = _split(fields["labels"])
        elif isinstance(fields.get("labels"), (tuple, set, frozenset)):
            fields["labels"] = list(fields["labels"])
        sentence = _sentence(where, number, fields, frames)
        if sentence.id in sentences:
            raise at(where, number, f"the id {sentence.id!r} is given twice")
        sentences[sentence.id] = sentence
    return list(sentences.values())


def stances_in(sentence: LabelledSentence) -> dict[str, str]:
    """How a sentence treats frames of it, as far as its record says: by frame, the stance.

    Raise FramelensError where its field `stances` is neither an object nor `frame:stance|…`.
    """
    try:
        return stances_of(sentence.meta.get("stances"))
    except ValueError:
        problem = f"stances of the sentence {sentence.id!r}"
        raise FramelensError(f"{problem}: expected an object, or frame:stance|…") from None


def stances_of(given: object) -> dict[str, str]:
    """Stances by frame as they stand in a record: an object, in Parquet one in JSON, in CSV
    `frame:stance|…`; raise ValueError for anything else."""
    if isinstance(given, str) and given.startswith("{"):
        given = json.loads(given)
    elif isinstance(given, str):
        given = dict(part.strip().rsplit(":", 1) for part in given.split("|") if part.strip())
    if given is not None and not isinstance(given, dict):
        raise ValueError(f"{type(given).__name__} given")
    return {str(frame): str(stance) for frame, stance in (given or {}).items()}


def read_many(paths: Iterable[Path], frames: Sequence[str]) -> list[LabelledSentence]:
    """Read several labelled files as one; raise FramelensError where two share an id."""
    homes: dict[str, Path] = {}
    sentences = []
    for path in paths:
        for sentence in read_labelled(path, frames):
            if sentence.id in homes:
                raise at(path, None, f"the id {sentence.id!r} is in {homes[sentence.id]} already")
            homes[sentence.id] = path
            sentences.append(sentence)
    return sentences


def digest(sentences: Iterable[LabelledSentence]) -> str:
    """A digest of texts and labels, whatever the file's form."""
    made = sha256()
    for sentence in sentences:
        made.update(json.dumps([sentence.text, sorted(sentence.labels)]).encode())
    return made.hexdigest()


def normal_form(text: str) -> str:
    """A sentence reduced to its lower-case words, by which two sentences count as the same."""
    kept = (char if char.isalnum() else " " for char in text.casefold())
    return " ".join("".join(kept).split())


def fingerprint(text: str) -> str:
    """Twelve hex digits that stand for a sentence's normal form in a model's record."""
    return sha256(normal_form(text).encode()).hexdigest()[:12]


def open_text(path: Path) -> str:
    """A UTF-8 file's text with its line breaks as they are."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise at(path, None, "no such file") from None
    except IsADirectoryError:
        raise at(path, None, "is a folder; expected a file") from None
    except OSError as error:
        raise at(path, None, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise at(path, None, f"not UTF-8 (byte {error.start})") from None


def _json_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(open_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = _parsed(line)
        except (ValueError, RecursionError) as error:
            raise at(path, number, f"not JSON: {error}") from None
        if not isinstance(record, dict):
            raise at(path, number, "expected a JSON object")
        yield number, record


def _parsed(line: str) -> Any:
    # JSON can spell out lone surrogates, which nothing that is written can hold.
    value = json.loads(line)
    text = json.dumps(value, ensure_ascii=False)
    return value if (mended := storable(text)) is text else json.loads(mended)


def _csv_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    reader = csv.DictReader(StringIO(open_text(path), newline=""), strict=True)
    try:
        if missing := {"text", "labels"} - set(reader.fieldnames or ()):
            raise at(path, 1, f"no column {sorted(missing)[0]!r}; expected text and labels")
        for record in reader:
            if None in record or None in record.values():
                raise at(path, reader.line_num, f"expected {len(reader.fieldnames or ())} cells")
            fields = {**record, "labels": _split(record["labels"])}
            places = {name: _offset(record.get(name)) for name in ("start", "end")}
            yield reader.line_num, {**fields, **places, "primary": record.get("primary") or None}
    except csv.Error as error:
        raise at(path, reader.line_num, f"not CSV: {error}") from None


def _offset(cell: str | None) -> str | int | None:
    return int(cell) if cell and cell.isdecimal() else cell or None


def _split(labels: str) -> list[str]:
    return [name.strip() for name in labels.split("|") if name.strip()]


def _sentence(
    path: Path, line: int, record: Mapping[str, Any], frames: Sequence[str]
) -> LabelledSentence:
    text, labels, primary = record.get("text"), record.get("labels"), record.get("primary")
    if not isinstance(text, str) or not text.strip():
        raise at(path, line, "text is missing or empty")
    if not isinstance(labels, list):
        raise at(path, line, "labels is missing; expected a list of frames")
    for label in labels:
        if label not in frames:
            raise at(path, line, f"unknown label {label!r}; expected one of {', '.join(frames)}")
    if primary is not None and primary not in labels:
        raise at(path, line, f"primary {primary!r} is not among the labels {labels}")
    identifier = record.get("id", f"{path.stem}-{line}")
    if not isinstance(identifier, (str, int)):
        raise at(path, line, f"id is {identifier!r}; expected a string")
    return LabelledSentence(
        id=str(identifier),
        text=text,
        labels=tuple(frame for frame in frames if frame in labels),
        primary=primary,
        **_place(path, line, record),
        meta={key: value for key, value in record.items() if key not in FIELDS},
    )


def _place(path: Path, line: int, record: Mapping[str, Any]) -> dict[str, Any]:
    document, start, end = record.get("document"), record.get("start"), record.get("end")
    if start is None and end is None:
        return {"document": document if isinstance(document, str) else None}
    if type(start) is not int or type(end) is not int or not 0 <= start <= end:
        raise at(path, line, f"start {start!r} and end {end!r} are not offsets")
    return {"document": document if isinstance(document, str) else None, "start": start, "end": end}


def _check_offsets(path: Path, sentences: Sequence[LabelledSentence], lines: Sequence[int]) -> None:
    """Hold sentences to the documents that lie beside the file, in `documents/`."""
    texts: dict[str, str | None] = {}
    for sentence, line in zip(sentences, lines, strict=True):
        if sentence.document is None or sentence.start is None:
            continue
        if sentence.document not in texts:
            texts[sentence.document] = _document(path.parent / "documents", sentence.document)
        text = texts[sentence.document]
        if text is not None and text[sentence.start : sentence.end] != sentence.text:
            raise at(path, line, f"the text is not what {sentence.document} has at its offsets")


def _document(folder: Path, name: str) -> str | None:
    if Path(name).name != name or not (folder / name).is_file():
        return None
    return open_text(folder / name)
