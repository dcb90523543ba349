"""Zip archives → the files in them."""

from __future__ import annotations

import stat
import struct
import zipfile
from io import BytesIO

import pytest
from framelens.core.errors import FramelensError
from framelens.core.types import Passage
from framelens.readers import Rejects, archives

from tests.helpers import Put, read
from tests.readers.conftest import complaint_of, make_pdf, page
from tests.readers.formats.test_docx import new, saved
from tests.readers.formats.test_parquet import saved as saved_parquet

Member = tuple[str | zipfile.ZipInfo, str | bytes]


def packed(*members: Member, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()


def word(text: str) -> bytes:
    document = new()
    document.add_paragraph(text)
    return saved(document)


def test_all_that_is_read_is_read_from_an_archive(put: Put) -> None:
    content = packed(
        ("b.txt", "Text."),
        ("a/r.jsonl", '{"text": "Record.", "id": "r"}\n'),
        ("a/p.pdf", make_pdf([page(["Pdf."])])),
        ("a/w.docx", word("Word.")),
        ("a/h.html", "<p>Page.</p>"),
        ("a/q.parquet", saved_parquet({"text": ["Row."]})),
        ("a/photo.png", b"\x89PNG"),
        ("a/.hidden.txt", "Hidden."),
        ("a/~$w.docx", "Owner."),
        ("__MACOSX/b.txt", "Twin."),
    )
    put("in/x.zip", content)
    found = read([put("y.txt", "Outside."), put("in/x.zip", content).parent])
    assert [(passage.doc, passage.text) for passage in found] == [
        ("y.txt", "Outside."),
        ("x.zip/a/h.html", "Page."),
        ("x.zip/a/p.pdf", "Pdf."),
        ("x.zip/a/q.parquet:1", "Row."),
        ("r", "Record."),
        ("x.zip/a/w.docx", "Word."),
        ("x.zip/b.txt", "Text."),
    ]


def linked() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("a.txt")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def patched(content: bytes, old: bytes, new: bytes) -> bytes:
    assert old in content
    return content.replace(old, new)


def flagged(flag: int) -> bytes:
    content = bytearray(packed(("a.txt", "One.")))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= flag
    return bytes(content)


def lying(text: bytes, claimed: int) -> bytes:
    """An archive whose headers claim another size than the data have."""
    true = struct.pack("<L", len(text))
    return patched(packed(("a.txt", text)), true, struct.pack("<L", claimed))


NESTED = packed(("in.zip", packed(("a.txt", "One."))))
TEXT = b"frog " * 300

BAD = [
    (b"", "", "not a zip archive that can be read: "),
    (b"PK\x03\x04 frogs", "", "not a zip archive that can be read: "),
    (packed(), "", "nothing to read in it; expected files ending in .csv, .doc, "),
    (packed(("a.png", "x"), ("b/", "")), "", "nothing to read in it"),
    (packed(("../a.txt", "One.")), "", "holds the name '../a.txt', which leads out of it"),
    (packed(("b/../../a.txt", "One.")), "", "holds the name 'b/../../a.txt', which leads out"),
    (packed(("/etc/a.txt", "One.")), "", "holds the name '/etc/a.txt', which leads out of it"),
    (packed(("C:\\a.txt", "One.")), "", "holds the name 'C:\\\\a.txt', which leads out of it"),
    (packed(("..\\a.txt", "One.")), "", "holds the name '..\\\\a.txt', which leads out of it"),
    (packed(("a\n.txt", "One.")), "", "holds the name 'a\\n.txt', which leads out of it"),
    (patched(packed(("a.txt", "1"), ("b.txt", "2")), b"b.txt", b"a.txt"), "", "holds the name 'a."),
    (packed((linked(), "/etc/passwd")), "/a.txt", "is a link; expected a file"),
    (flagged(1), "/a.txt", "is encrypted; expected a file that opens without a password"),
    (flagged(0x40), "/a.txt", "is encrypted; expected a file that opens without a password"),
    (flagged(0x20), "/a.txt", "is a patch; expected a file"),
    (packed(("a.txt", "One."), method=zipfile.ZIP_LZMA), "/a.txt", "is packed by method 14; "),
    (NESTED, "/in.zip", "an archive within an archive is not read; unpack it first"),
    (packed(("a.jsonl", "")), "/a.jsonl", "no records in it"),
    (lying(TEXT, 20), "/a.txt", "cannot be unpacked: "),
    (
        patched(packed(("a.txt", "Onefrog"), method=0), b"Onefrog", b"Twofrog"),
        "/a.txt",
        "cannot be",
    ),
    (
        packed(("ä.txt", "One.")).replace("ä".encode(), b"\xe5x", 1),
        "/ä.txt",
        "cannot be unpacked: ",
    ),
]


@pytest.mark.parametrize(("content", "member", "expected"), BAD)
def test_bad_archives(put: Put, content: bytes, member: str, expected: str) -> None:
    path = put("a.zip", content)
    with pytest.raises(FramelensError) as caught:
        list(read([path]))
    assert str(caught.value).startswith(f"{path}{member}: {expected}")
    assert "\n" not in str(caught.value)


def test_a_bomb_by_ratio(put: Put) -> None:
    path = put("a.zip", packed(("a.txt", b" " * (archives.HARMLESS + 1))))
    assert " times its size; expected at most 200 times" in complaint_of(path)


BOUNDS = [
    ("MEMBERS", 2, "holds 3 files; expected at most 2"),
    ("UNPACKED", 1 << 20, "unpacks to 2 MB; expected at most 1 MB"),
]


@pytest.mark.parametrize(("bound", "value", "expected"), BOUNDS)
def test_bombs_by_count_and_size(
    put: Put, monkeypatch: pytest.MonkeyPatch, bound: str, value: int, expected: str
) -> None:
    monkeypatch.setattr(archives, bound, value)
    content = packed(("a.txt", "x" * (2 << 20)), ("b.txt", "x"), ("c.txt", "x"))
    assert complaint_of(put("a.zip", content)) == expected


def test_claims_of_less_do_not_let_more_through(put: Put) -> None:
    rejects = Rejects(None)
    found = list(read([put("a.zip", lying(TEXT, 20))], rejects=rejects))
    assert sum(len(passage.text) for passage in found) <= 20
    assert rejects.count == 1


def test_a_bad_member_does_not_spoil_the_others(put: Put) -> None:
    path = put("a.zip", packed(("a.txt", b"\xff"), ("b.zip", NESTED), ("c.txt", "Good.")))
    rejects = Rejects(None)
    assert list(read([path], rejects=rejects)) == [Passage("a.zip/c.txt", "Good.")]
    assert rejects.count == 2
