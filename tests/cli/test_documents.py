"""`framelens classify` on documents: web pages, PDFs, archives, and its options for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from framelens.cli.main import Exit, run

from tests.readers.conftest import make_pdf, page

PAGE = """<html><head><title>Talks on ponds</title></head><body><main><article>
<p>By Ada Keeper</p><p>The rapporteur visited the old prison on Monday, and he left again.</p>
<p>The talks failed, and nobody knows why they did or who is to say so now.</p>
<p>Your tax-deductible gift helps us to visit every prison.</p></article></main></body></html>"""

RECORD = "The President: I open the talks.\n\nMs. Frog (Pondland): An observer came.\n"


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "page.html").write_text(PAGE, "utf-8")
    (folder / "record.txt").write_text(RECORD, "utf-8")
    (folder / "note.pdf").write_bytes(make_pdf([page(["12. The talks failed."])]))
    return folder


def rows_of(arguments: list[str], rules: Path, folder: Path) -> list[dict[str, Any]]:
    output = folder / "out.jsonl"
    fixed = ["--rules", str(rules), "--rules-only", "--format", "jsonl", "--output", str(output)]
    assert run(["classify", *arguments, *fixed]) == Exit.OK
    return [json.loads(row) for row in output.read_text("utf-8").splitlines()]


def test_fields_and_metadata_are_in_each_line(
    inputs: Path, small_folder: Path, tmp_path: Path
) -> None:
    rows = rows_of([str(inputs)], small_folder, tmp_path)
    assert [(row["doc"], row["labels"], row.get("meta")) for row in rows] == [
        ("note.pdf", ["talk"], {"kind": "prose", "paragraph": "12"}),
        ("page.html", [], {"kind": "menu", "title": "Talks on ponds"}),
        ("page.html", ["look"], {"kind": "prose", "title": "Talks on ponds"}),
        ("page.html", ["talk"], {"kind": "prose", "title": "Talks on ponds"}),
        ("page.html", ["look"], {"kind": "menu", "title": "Talks on ponds"}),
        ("record.txt", ["talk"], {"kind": "prose", "speaker": "The President"}),
        ("record.txt", [], {"kind": "prose", "speaker": "Ms. Frog (Pondland)"}),
    ]


def test_main_text_and_saved_texts(inputs: Path, small_folder: Path, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    arguments = [str(inputs / "*"), "--main-text", "--save-text", str(texts)]
    rows = rows_of(arguments, small_folder, tmp_path)
    assert [row["text"].split()[1] for row in rows] == ["The", "rapporteur", "talks", "President:",
                                                        "Frog"]  # fmt: skip
    for row in rows:
        stem = row["doc"].removesuffix(".txt")
        saved = (texts / f"{stem}.txt").read_text("utf-8")
        assert saved[row["start"] : row["end"]] == row["text"]
    assert "gift" in (texts / "page.html.txt").read_text("utf-8")


def test_texts_are_not_saved_over_what_is_read(
    inputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["classify", str(inputs), "--save-text", str(inputs)]) == Exit.BAD_INPUT
    expected = f"{inputs}: holds note.pdf, which is read or written, too; expected another folder"
    assert capsys.readouterr().err == f"framelens: error: {expected}\n"


LEFT = [
    (["--only", "prose", "--min-words", "5"], ["talk", "look"]),
    (["--only", "menu"], ["", "look"]),
    (["--language", "fr"], []),
]


@pytest.mark.parametrize(("options", "labels"), LEFT)
def test_only_what_is_asked_for_is_classified(
    inputs: Path, small_folder: Path, tmp_path: Path, options: list[str], labels: list[str]
) -> None:
    rows = rows_of([str(inputs / "page.html"), *options], small_folder, tmp_path)
    assert sorted(",".join(row["labels"]) for row in rows) == sorted(labels)


def test_shares_are_of_prose_and_say_what_is_left_out(
    inputs: Path, small_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (inputs / "x.png").write_bytes(b"")
    rules = ["--rules", str(small_folder), "--rules-only"]
    assert run(["summary", str(inputs), *rules]) == Exit.OK
    said = capsys.readouterr().err
    assert "framelens: 2 of 7 sentences left out: 2 menu lines\n" in said
    assert "x.png: files ending in .png are not read\n" in said
    assert run(["summary", str(inputs), *rules, "--only", "all"]) == Exit.OK
    assert "left out" not in capsys.readouterr().err
    assert run(["summary", str(inputs), *rules, "--only", "frog"]) != Exit.OK
    assert "--only frog: expected prose, heading, " in capsys.readouterr().err
