"""Passages → text files that their offsets refer to."""

from __future__ import annotations

from pathlib import Path

import pytest
from framelens.core.errors import FramelensError
from framelens.core.types import Passage
from framelens.preprocessing.sentences import split
from framelens.writers.plain_text import FileNames, save_texts
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import Put, read
from tests.readers.conftest import make_pdf, page
from tests.readers.formats.test_html import BODY, FOOT, HEAD
from tests.readers.formats.test_html import TEXT as PAGE


def files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_bytes().decode() for path in sorted(folder.iterdir())}


def test_each_document_has_a_file(put: Put, tmp_path: Path) -> None:
    put("in/b.txt", "\ufeff\nOne – 😀.\r\n\r\nTwo.\n")
    put("in/c/page.html", HEAD + BODY + FOOT)
    put("in/d.jsonl", '{"text": "A record.\\n\\n\\nOf two.", "id": "r/1"}\n{"text": "Other."}')
    put("in/e.pdf", make_pdf([page(["Pdf."])]))
    given = list(read([tmp_path / "in"]))
    assert list(save_texts(iter(given), tmp_path / "new" / "out")) == given
    texts = files(tmp_path / "new" / "out")
    assert texts == {
        "b.txt": "\nOne – 😀.\n\n\n\nTwo.",
        "c_page.html.txt": PAGE,
        "d.jsonl_2.txt": "Other.",
        "e.pdf.txt": "Pdf.",
        "r_1.txt": "A record.\n\n\nOf two.",
    }


NAMES = [
    (["a.txt", "a", "A.TXT", "a.txt"], ["a.txt", "a-2.txt", "A.TXT.txt", "a-3.txt"]),
    (["a", "a", "a-2", "a"], ["a.txt", "a-2.txt", "a-2-2.txt", "a-3.txt"]),
    (["a", "A"], ["a.txt", "A-2.txt"]),
    (["../../etc/passwd", "..", ".hidden", "-rf"], [
        "__.._etc_passwd.txt", "_.txt", "_hidden.txt", "_rf.txt"]),
    (["a/b.pdf", "C:\\b.pdf", "x.jsonl:7"], ["a_b.pdf.txt", "C_b.pdf.txt", "x.jsonl_7.txt"]),
    (["con", "NUL.txt", "lpt1.pdf", "console"], [
        "_con.txt", "_NUL.txt", "_lpt1.pdf.txt", "console.txt"]),
    (["Réunion 会議", "e\u0301"], ["Réunion_会議.txt", "é.txt"]),
    (["", ".txt", "a."], ["_.txt", "_txt.txt", "a.txt"]),
]  # fmt: skip


@pytest.mark.parametrize(("documents", "expected"), NAMES)
def test_names(documents: list[str], expected: list[str]) -> None:
    names = FileNames()
    assert [names.name(document) for document in documents] == expected


def test_long_names_stay_apart() -> None:
    names = FileNames()
    one, two = (names.name("é" * 200 + end) for end in "ab")
    assert one != two
    assert len(one.encode()) < 200


@given(st.lists(st.text(max_size=8) | st.text("aA-2./", max_size=4)))
def test_names_are_safe_and_no_two_alike(documents: list[str]) -> None:
    names = FileNames()
    found = [names.name(document) for document in documents]
    assert len({name.casefold() for name in found}) == len(found)
    for name in found:
        assert Path(name).name == name
        assert name.endswith(".txt")
        assert not name.startswith((".", "-"))


@given(st.text(st.sampled_from("aB. \n\r\t\u2028"), max_size=60))
def test_offsets_and_sentences_hold_in_what_is_saved(text: str) -> None:
    from framelens.preprocessing.sentences import blocks

    given = [Passage("d", text[start:end], start) for start, end in blocks(text)]
    with pytest.MonkeyPatch.context() as patch:
        written: list[str] = []
        patch.setattr("framelens.writers.plain_text.open_whole", lambda _, **__: Kept(written))
        patch.setattr("framelens.writers.plain_text.check_writable", lambda _: None)
        list(save_texts(given, Path()))
    saved = "".join(written)
    assert [saved[p.offset : p.offset + len(p.text)] for p in given] == [p.text for p in given]
    assert split(saved) == split(text)


class Kept:
    """A file that a test reads."""

    def __init__(self, written: list[str]) -> None:
        self.write = written.append

    def __enter__(self) -> Kept:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def test_a_document_that_fails_leaves_no_file(put: Put, tmp_path: Path) -> None:
    put("in/a.txt", "One.")
    put("in/b.jsonl", '{"text": "Two.", "id": "b"}\nfrog')
    with pytest.raises(FramelensError):
        list(save_texts(read([tmp_path / "in"]), tmp_path / "out"))
    assert files(tmp_path / "out") == {"a.txt": "One."}


def test_a_reader_who_leaves_gets_no_half_file(tmp_path: Path) -> None:
    rows = save_texts([Passage("a", "One."), Passage("a", "Two.", 6)], tmp_path)
    next(rows)
    rows.close()
    assert files(tmp_path) == {}


def test_what_cannot_be_written_is_told_at_once(put: Put) -> None:
    path = put("in/a.txt", "One.")
    for folder, expected in [
        (path, "cannot be written: File exists"),
        (path / "x", "cannot be written: Not a directory"),
        (path.parent, r"holds a\.txt, which is read or written, too; expected another folder"),
    ]:
        with pytest.raises(FramelensError, match=f"^{folder}: {expected}"):
            save_texts([], folder, inputs=[path])
