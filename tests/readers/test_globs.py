"""Patterns in paths, and packages that are missing."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from framelens.core.errors import FramelensError
from framelens.core.files import WORK
from framelens.core.settings import Settings
from framelens.parallel.run import classify_to_file, classify_to_folder
from framelens.readers.source import SKIP_ADVICE

from tests.helpers import Put, read
from tests.readers.conftest import make_pdf, page
from tests.readers.test_archives import packed, word

FILES = ["b/2.txt", "b/1.txt", "b/c/3.md", "a/1.txt", "a/frog.ppt", "a/.hidden.txt", "x[1].txt"]

PATTERNS = [
    ("b/*.txt", ["1.txt", "2.txt"]),
    ("*/1.txt", ["a/1.txt", "b/1.txt"]),
    ("**/*.md", ["b/c/3.md"]),
    ("**", ["a/1.txt", "b/1.txt", "b/2.txt", "b/c/3.md", "x[1].txt"]),
    ("b/?.t[xz]t", ["1.txt", "2.txt"]),
    ("a/*", ["1.txt"]),
    ("x[1].txt", ["x[1].txt"]),
]


@pytest.fixture
def folder(put: Put, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in FILES:
        put(name, "One.")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("absolute", [False, True])
@pytest.mark.parametrize(("pattern", "expected"), PATTERNS)
def test_patterns(folder: Path, pattern: str, expected: list[str], absolute: bool) -> None:
    found = read([folder / pattern if absolute else pattern])
    assert [passage.doc for passage in found] == expected


@pytest.mark.parametrize("pattern", ["*.pdf", "a/*.ppt", "none/**", "a/[!.]*.ppt"])
def test_patterns_that_match_nothing(folder: Path, pattern: str) -> None:
    expected = "matches nothing to read; expected files ending in .csv, .doc, "
    with pytest.raises(FramelensError) as caught:
        read([folder / pattern])
    assert str(caught.value).startswith(f"{folder / pattern}: {expected}")


@pytest.mark.parametrize("pattern", [".", "**", "**/*.jsonl", "*/*.jsonl", "a.zip"])
def test_the_work_of_a_run_that_has_not_ended_is_no_input(
    folder: Path, put: Put, pattern: str
) -> None:
    put("a/in.jsonl", '{"text": "In."}')
    for work in (f"a/out.jsonl{WORK}", f"out{WORK}", "a/.partial"):
        put(f"{work}/000000.part.rejects.jsonl", '{"text": "Work."}')
    names = [str(one.relative_to(folder)) for one in sorted(folder.rglob("*.jsonl"))]
    (folder / "a.zip").write_bytes(packed(*((name, (folder / name).read_text()) for name in names)))
    texts = {passage.text for passage in read([folder / pattern])}
    assert "In." in texts
    assert "Work." not in texts


@pytest.mark.parametrize("pattern", ["a", "a/*.docx", "a/**"])
def test_what_office_puts_beside_an_open_document_is_no_input(
    folder: Path, put: Put, pattern: str
) -> None:
    put("a/~$speech.docx", b"\x05Owner")
    put("a/speech.docx", word("Speech."))
    assert "Speech." in {passage.text for passage in read([folder / pattern])}


MISSING = [
    ("a.html", "trafilatura", "trafilatura", "documents"),
    ("a.HTM", "trafilatura", "trafilatura", "documents"),
    ("a.pdf", "pypdfium2", "pypdfium2", "documents"),
    ("a.docx", "docx", "python-docx", "documents"),
    ("a.parquet", "pyarrow.parquet", "pyarrow", "parquet"),
]


@pytest.mark.parametrize(("name", "module", "package", "extra"), MISSING)
def test_a_missing_package_is_named_before_any_work(
    put: Put, monkeypatch: pytest.MonkeyPatch, name: str, module: str, package: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    path = put(name, "frog")
    with pytest.raises(FramelensError) as caught:
        read([put("a.txt", "One."), path])
    suffix = path.suffix.lower()
    assert caught.value.message == (
        f"{path}: reading {suffix} files needs {package}; "
        f"install it with: pip install 'framelens[{extra}]'; {SKIP_ADVICE}"
    )


@pytest.mark.parametrize(("name", "module", "package", "extra"), MISSING)
def test_files_that_a_package_is_missing_for_are_passed_over(
    put: Put, monkeypatch: pytest.MonkeyPatch, name: str, module: str, package: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    path = put(f"in/{name}", "frog")
    put("in/b.txt", "One.")
    done = classify_to_file(
        [path.parent], Settings(form="csv", skip_bad=True), put("out.csv", "").with_name("o.csv")
    )
    assert (done.sentences, done.rejected) == (1, 1)
    advice = f"pip install 'framelens[{extra}]'"
    assert done.notes == (
        f"1 bad record passed over, kept in {done.rejects}",
        f"1 file was not read: {package} is missing, {advice}, such as {str(path)!r}",
    )
    assert done.rejects is not None
    (row,) = map(json.loads, done.rejects.read_text().splitlines())
    assert row["file"] == str(path)
    assert row["reason"] == (
        f"reading {path.suffix.lower()} files needs {package}; install it with: {advice}"
    )


def test_what_was_not_read_is_read_when_the_package_is_there(
    put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put("in/b.pdf", make_pdf([page(["Two."])]))
    settings = Settings(skip_bad=True)
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "pypdfium2", None)
        first = classify_to_folder([path], settings, path.parent.with_name("out"))
    again = classify_to_folder([path], settings, path.parent.with_name("out"))
    assert (first.rejected, again.sentences, again.rejected, again.notes) == (1, 1, 0, ())


def test_a_missing_package_is_named_for_what_is_in_an_archive(
    put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    path = put("a.zip", packed(("a.txt", "One."), ("b.pdf", make_pdf([page(["Two."])]))))
    rows = read([path])
    assert next(rows).text == "One."
    with pytest.raises(FramelensError, match=r"a\.zip/b\.pdf: reading \.pdf files needs pypdfium2"):
        next(rows)


def test_other_formats_need_no_package(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("trafilatura", "pypdfium2", "docx", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, module, None)
    assert [passage.text for passage in read([put("a.txt", "One.")])] == ["One."]
