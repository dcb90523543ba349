"""Word files of 1997 to 2003. `pond.doc` was written for these tests, and saved by LibreOffice."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from struct import pack, pack_into

import pytest
from framelens.core.errors import FramelensError
from framelens.core.types import FOOTNOTE
from framelens.readers.formats.word97.numbers import DEPTHS, NO_STYLE, Numbers, Place
from framelens.readers.formats.word97.text import is_hidden
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import Put, read
from tests.readers.conftest import complaint_of

POND = Path(__file__).parents[2] / "data" / "pond.doc"
CONTENT = POND.read_bytes()
HEAD = CONTENT.index(b"\xec\xa5")
"""Where the head of its main stream stands in the file."""


def test_what_is_printed_is_read_and_nothing_else() -> None:
    """Not the head and foot of the page, a comment, a hidden sentence, a deleted word, a link's address."""
    assert [(one.kind, one.text, one.meta.get("part")) for one in read([POND])] == [
        ("heading", "Ponds and keepers", None),
        ("heading", "What was found", None),
        (None, "Nobody came to the pond in May. It rained all day.", None),
        ("heading", "A style of its own", None),
        (None, "The keeper said: “Žabe, жабы, 蛙 – naïve as we are.”\nShe left.", None),
        ("table", "State", None),
        ("table", "Answer", None),
        ("table", "and date", None),
        ("caption", "Table 1", None),
        ("prose", "open the pond", None),
        ("prose", "7. The State should:", None),
        ("prose", "(a) let the frogs go;", None),
        ("prose", "(b) say why they were held.", None),
        ("prose", "8. It did neither.", None),
        (None, "See the list of keepers for co-operation.", None),
        (None, "The end.", None),
        (None, "In a box.", None),
        (None, "See the list of ponds.", FOOTNOTE),
        (None, "Told on the pond.", FOOTNOTE),
    ]


def test_what_the_file_says_of_itself() -> None:
    meta = next(read([POND])).meta
    assert {name: meta[name] for name in ("title", "author", "date")} == {
        "title": "Ponds of the Lowlands",
        "author": "Ada Frog",
        "date": "2003-05-04",
    }


@pytest.mark.parametrize(
    ("properties", "hides"),
    [
        (b"", False),
        (b"\x35\x08\x01", False),  # bold
        (b"\x35\x08\x01\x3c\x08\x01", True),  # and hidden
        (b"\x3c\x08\x00", False),
        (b"\x00\x08\x01", True),  # deleted
        (b"\x09\x6a\x03\x00\xb7\xf0", True),  # a sign of the font Symbol, stored as a bracket
    ],
)
def test_characters_that_are_not_printed(properties: bytes, hides: bool) -> None:
    page = b"\0\0" + bytes([len(properties)]) + properties
    assert is_hidden(page, 2) is hides


def level(text: str, start: int = 1, form: int = 0) -> bytes:
    """A level of a list (LVL), without properties."""
    return pack("<iBB22xH", start, form, 0, len(text)) + text.encode("utf-16-le")


def use(*changed: bytes) -> tuple[bytes, bytes]:
    """A use of list 7 (LFO), and the levels that it changes."""
    return pack("<i8xB3x", 7, len(changed)), pack("<I", 0) + b"".join(changed)


# The second level stands for paragraphs of style 20.
LIST = (
    pack("<Hii", 1, 7, 0) + pack(f"<{DEPTHS}H", NO_STYLE, 20, *[NO_STYLE] * 7) + pack("<BB", 0, 0)
)
LEVELS = level("\0.") + level("(\1)", form=4) + level("\0.\1.\2") * (DEPTHS - 2)
USES = [
    use(),
    use(pack("<iI", 5, 0x10)),  # the first level begins again, at 5
    use(pack("<iI", 0, 0x30) + level("\0)", 3, form=1)),  # it does, at 3, and looks otherwise
    use(pack("<iI", 0, 0x21) + level("[\1]", form=3)),  # the second one looks otherwise
]


@pytest.mark.parametrize(
    ("places", "printed"),
    [
        ([(1, 0), (1, 1), (1, 1), (1, 2), (1, 0)], ["1.", "(a)", "(b)", "1.b.1", "2."]),
        ([(1, 0), (2, 0), (2, 0), (1, 0)], ["1.", "5.", "6.", "7."]),
        ([(1, 0), (3, 0), (3, 0), (1, 0)], ["1.", "III)", "IV)", "5."]),
        ([(1, 0), (4, 0), (4, 1), (1, 1)], ["1.", "2.", "[A]", "(b)"]),
        ([(9, 0), (0, 0), (None, 0)], ["", "", ""]),
    ],
)
def test_numbers_of_paragraphs(places: list[tuple[int | None, int]], printed: list[str]) -> None:
    of_uses = pack("<I", len(USES)) + b"".join(head for head, _ in USES)
    numbers = Numbers.of(LIST + LEVELS, len(LIST), of_uses + b"".join(rest for _, rest in USES))
    assert [numbers.label(Place(0, number, depth)) for number, depth in places] == printed
    assert numbers.label(Place(20, None, None)).startswith("(")


def headed(at: int, form: str, value: int) -> bytes:
    """The file with another number in its head."""
    content = bytearray(CONTENT)
    pack_into(form, content, HEAD + at, value)
    return bytes(content)


BAD = [
    (b"frogs", "none of Word's formats; save it as .docx, .odt or .pdf"),
    (CONTENT[:8], "not a Word file that can be read: "),
    (
        CONTENT.replace("WordDocument".encode("utf-16-le"), "WardDocument".encode("utf-16-le")),
        "holds no text",
    ),
    (headed(2, "<H", 0x68), "in a format of before Word 97; save it as .docx, .odt or .pdf"),
    (headed(10, "<H", 0x100), "is encrypted; expected a file that opens without a password"),
    (headed(0x1A6, "<I", 0), "damaged: parts of it are missing"),
]


@pytest.mark.parametrize(("content", "expected"), BAD)
def test_what_cannot_be_read(put: Put, content: bytes, expected: str) -> None:
    assert complaint_of(put("a.doc", content)).startswith(expected)


@settings(max_examples=50)
@given(
    changes=st.lists(st.tuples(st.integers(0, len(CONTENT) - 1), st.integers(0, 255)), max_size=20),
    end=st.integers(0, len(CONTENT)),
)
def test_damaged_files_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]], end: int
) -> None:
    content = bytearray(CONTENT)
    for at, byte in changes:
        content[at] = byte
    path = tmp_path_factory.getbasetemp() / "damaged.doc"
    path.write_bytes(content[:end])
    with suppress(FramelensError):
        assert any(passage.text for passage in read([path]))
