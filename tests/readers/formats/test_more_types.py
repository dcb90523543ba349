"""OpenDocument, rich text, workbooks, messages, saved pages and .doc → passages."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from framelens.api import classify_files
from framelens.core.types import FOOTNOTE
from framelens.readers import skipped
from odfdo import Document, Element, Header, List, Paragraph, Table

from tests.helpers import Put, read
from tests.readers.conftest import complaint_of, text_of
from tests.readers.formats.test_workbooks import workbook


def odt() -> bytes:
    document = Document("text")
    document.body.clear()
    document.meta.title, document.meta.creation_date = "Ponds", datetime(2024, 3, 5)
    told = Paragraph("The minister  came.")
    told.insert_note(after="minister", note_id="n1", citation="1", body="Ibid., p. 3.")
    table = Table("T", width=1, height=1)
    table.set_value((0, 0), "Theme: ponds")
    for one in (Header(1, "Pond report"), told, table, List(["Open the ponds"])):
        document.body.append(one)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def test_an_opendocument_text(put: Put) -> None:
    found = list(read([put("a.odt", odt())]))
    assert [(one.text, one.kind) for one in found] == [
        ("Pond report", "heading"), ("The minister came.", None), ("Theme: ponds", "table"),
        ("Open the ponds", "prose"), ("Ibid., p. 3.", None),
    ]  # fmt: skip
    assert (found[0].meta["title"], found[0].meta["date"]) == ("Ponds", "2024-03-05")
    assert found[-1].meta["part"] == FOOTNOTE


STYLES = """<text:list-style xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" style:name="L1">
<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
<text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/>
<text:list-level-style-bullet text:level="3" text:bullet-char="·"/>
<text:list-level-style-number text:level="4" style:num-format="i" text:display-levels="2"/>
</text:list-style>"""
OPEN_LISTS = [
    """<text:list text:style-name="L1"><text:list-item text:start-value="12"><text:p>Ponds.</text:p>
    <text:p>Below it.</text:p><text:list><text:list-item><text:p>North;</text:p></text:list-item>
    <text:list-item><text:p>South.</text:p></text:list-item></text:list></text:list-item>
    <text:list-item><text:p/></text:list-item><text:list-item><text:p>Frogs.</text:p></text:list-item></text:list>""",
    """<text:list text:style-name="L1"><text:list-item><text:p>Anew.</text:p></text:list-item></text:list>""",
    """<text:list text:style-name="L1" text:continue-numbering="true"><text:list-header>
    <text:p>A head.</text:p></text:list-header>
    <text:list-item><text:p>It goes on.</text:p></text:list-item></text:list>""",
    """<text:list><text:list-item><text:p>No style.</text:p></text:list-item></text:list>""",
]
OPEN_NUMBERED = ["12. Ponds.", "Below it.", "(a) North;", "(b) South.", "14. Frogs.", "1. Anew.", "A head.",
                 "2. It goes on.", "No style."]  # fmt: skip


def test_numbers_that_opendocument_makes(put: Put) -> None:
    document = Document("text")
    document.body.clear()
    styles = document.content.get_element("//office:automatic-styles")
    assert styles is not None
    styles.append(Element.from_tag(STYLES))
    for one in OPEN_LISTS:
        document.body.append(Element.from_tag(one))
    made = BytesIO()
    document.save(made)
    assert text_of(put("a.odt", made.getvalue())).split("\n\n") == OPEN_NUMBERED


HIDING = """<style:style xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" style:name="T1" style:family="text">
<style:text-properties text:display="none"/></style:style>"""
COMES_FROM = """<style:style xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
style:name="T2" style:family="text" style:parent-style-name="T1"/>"""


def test_hidden_opendocument_text(put: Put) -> None:
    document = Document("text")
    document.body.clear()
    styles = document.content.get_element("//office:automatic-styles")
    assert styles is not None
    for style in (HIDING, COMES_FROM):
        styles.append(Element.from_tag(style))
    hidden = '<text:span text:style-name="T1">not <text:span>at all </text:span></text:span>'
    hidden += '<text:span text:style-name="T2">nor ever </text:span>'
    document.body.append(Element.from_tag(f"<text:p>The poor are {hidden}free.</text:p>"))
    made = BytesIO()
    document.save(made)
    assert text_of(put("a.odt", made.getvalue())) == "The poor are free."


def test_opendocument_text_without_parts_that_it_may_leave_out(put: Put) -> None:
    document = Document("text")
    document.body.clear()
    document.body.append(Element.from_tag("<text:p>The keepers came.</text:p>"))
    made, bare = BytesIO(), BytesIO()
    document.save(made)
    with ZipFile(made) as whole, ZipFile(bare, "w") as part:
        for name in ("mimetype", "content.xml"):
            part.writestr(name, whole.read(name))
    (found,) = read([put("a.odt", bare.getvalue())])
    assert (found.text, dict(found.meta)) == ("The keepers came.", {})


RTF = (
    rb"{\rtf1\ansi\ansicpg1252{\info{\title Ponds}{\author A. Keeper}{\creatim\yr2024\mo3\dy5}}"
    rb"\pard The minister \b came\b0  to R\'e9union.\par He left.\par"
    rb"\trowd\cellx1\cellx2 North\cell Closed\cell\row}"
)


@pytest.mark.parametrize("name", ["a.rtf", "a.doc"])
def test_rich_text(put: Put, name: str) -> None:
    found = list(read([put(name, RTF)]))
    assert [(one.text, one.kind) for one in found] == [
        ("The minister came to Réunion.", None), ("He left.", None), ("North", "table"), ("Closed", "table"),
    ]  # fmt: skip
    assert found[0].meta == {"title": "Ponds", "author": "A. Keeper", "date": "2024-03-05"}


NOTED = rb"""{\rtf1\ansi\ansicpg1252\uc0 \pard The minister came{\super\chftn}
{\footnote\pard\plain {\super\chftn}
 Ibid., p. 3 \{R\'e9union\}.\par See {\i Ponds}.} to the pond.{\*\footnote\ftnalt{\chftn} Idem \u8211 .}\par
{\listtext\pard\plain 12.\tab}He left.\par{\pntext\f0 13.\tab}{\*\pn\pnlvlbody}She came.\par}"""


def test_notes_and_numbers_of_rich_text(put: Put) -> None:
    *found, note, other = read([put("a.rtf", NOTED)])
    assert [one.text for one in found] == [
        "The minister came to the pond.",
        "12. He left.",
        "13. She came.",
    ]
    assert [note.text, other.text] == ["Ibid., p. 3 {Réunion}. See Ponds.", "Idem –."]
    assert {note.meta["part"], other.meta["part"]} == {FOOTNOTE}


SHAPE = r"""{{\shp{{\*\shpinst\shpleft9{{\sp{{\sn type}}{{\sv 202}}}}{{\shptxt \pard {}\par}}}}
{{\shprslt\par\pard {}\par}}}}"""


def test_text_boxes_of_rich_text(put: Put) -> None:
    one, two = (SHAPE.format(text, text) for text in (r"BOX\par No one is\line free.", "Two."))
    content = rf"{{\rtf1 The mi{one}ssion {two}left{{\footnote Ibid.}}.\par C:\\shp met.\par}}"
    expected = ["The mission left.", "BOX", "No one is\nfree.", "Two.", r"C:\shp met.", "Ibid."]
    assert text_of(put("a.rtf", content)) == "\n\n".join(expected)


def test_lines_within_a_paragraph_of_rich_text(put: Put) -> None:
    content = (
        r"{\rtf1 We\line met.\line\line\lin0 C:\\line.\par{\v a\line }b{\footnote c\line d}\par}"
    )
    assert text_of(put("a.rtf", content)) == "We\nmet.\n\nC:\\line.\n\nb\n\nc d"


@pytest.mark.parametrize("rich", [
    r"The poor are {\v not }free. The State {\deleted never }acted.",
    r"The poor are \v not {\b\u8220?so\'e9\par} \v0 free. {\mvf Gone.}The {\v\plain State }acted.",
])  # fmt: skip
def test_hidden_and_deleted_rich_text(put: Put, rich: str) -> None:
    content = rf"{{\rtf1\ansi\viewkind1 {rich}\par}}"
    assert text_of(put("a.rtf", content)) == "The poor are free. The State acted."


HTML = "<html><head><title>Ponds</title></head><body><main><p>The minister came.</p></main></body></html>"


def message(plain: str | None, page: str | None = None) -> bytes:
    made = EmailMessage()
    made["Subject"], made["From"], made["Date"] = (
        "Ponds",
        "ada@frogs.example",
        "Tue, 05 Mar 2024 10:00:00 +0000",
    )
    if plain is not None:
        made.set_content(plain)
    if page is not None:
        (made.add_alternative if plain is not None else made.set_content)(page, subtype="html")
    return made.as_bytes()


@pytest.mark.parametrize("content", [message("The minister\ncame."), message(None, HTML),
                                     message("The minister came.", "<p>No.</p>")])  # fmt: skip
def test_a_message(put: Put, content: bytes) -> None:
    path = put("a.eml", content)
    assert text_of(path) == "The minister came."
    meta = next(read([path])).meta
    assert [meta[name] for name in ("title", "author", "date")] == [
        "Ponds",
        "ada@frogs.example",
        "2024-03-05",
    ]


def part(kind: str, body: bytes) -> bytes:
    return f"Subject: Ponds\nMIME-Version: 1.0\nContent-Type: {kind}\n\n".encode() + body


CAFE = "The café “came” — late."
CAFE_PAGE = (
    f"<html><head><meta charset='CODE'></head><body><main><p>{CAFE}</p></main></body></html>"
)


@pytest.mark.parametrize(
    ("kind", "encoding"),
    [("plain", "utf-8"), ("plain; charset=us-ascii", "utf-8"), ("plain", "cp1252"),
     ("plain; charset=iso-8859-1", "cp1252"), ("plain; charset=x-unknown", "utf-8"),
     ("plain; charset=utf-16", "utf-16"), ("plain; charset=utf-8", "utf-8"),
     ("html", "utf-8"), ("html", "cp1252"), ("html; charset=iso-8859-1", "cp1252"),
     ("html", "utf-16"), ("html; charset=unicode", "utf-16")],
)  # fmt: skip
def test_encodings_that_headers_name_or_leave_out(put: Put, kind: str, encoding: str) -> None:
    is_page = kind.startswith("html")
    body = CAFE_PAGE.replace("CODE", encoding) if is_page else CAFE
    coded = b64encode(body.encode(encoding))
    content = part(f"text/{kind}\nContent-Transfer-Encoding: base64", coded)
    for name in ("a.eml", "a.mhtml") if is_page else ("a.eml",):
        assert text_of(put(name, content)) == CAFE


@pytest.mark.parametrize("number", ["0", "99", "9" * 20, "9" * 5000])
def test_days_that_are_none(put: Put, number: str) -> None:
    rtf = rb"{\rtf1\ansi{\info{\creatim\yr2024\mo3\dyNUMBER}}\pard The minister came.\par}"
    mail = b"Subject: Ponds\nDate: Tue, NUMBER Mar 2024 10:00:00 +0000\n\nThe minister came.\n"
    for name, content in (("a.rtf", rtf), ("a.eml", mail)):
        (one,) = read([put(name, content.replace(b"NUMBER", number.encode()))])
        assert (one.text, one.meta.get("date")) == ("The minister came.", None)


@pytest.mark.parametrize(
    "header",
    [
        "From: a: b: c@d;;",
        "Date: ()",
        "Content-Disposition: ((((",
        "Subject: =?x?b?A?=",
        f"From: {'(' * 9000}",
        f"Content-Type: {'(' * 9000}",
    ],
)
def test_headers_that_cannot_be_read(put: Put, header: str) -> None:
    content = f"{header}\nTo: ada@frogs.example\n\nThe minister came.\n".encode()
    assert text_of(put("a.eml", content)) == "The minister came."


def test_texts_of_a_message_around_a_picture(put: Put) -> None:
    made = EmailMessage()
    made["Subject"] = "Ponds"
    made.set_content("The minister came.\n\n-- \nAda\n")
    made.add_attachment(b"\x89PNG", "image", "png")
    made.add_attachment("She saw the frogs.", disposition="inline")
    made.add_attachment("Not this.", filename="notes.txt")
    assert [one.text for one in read([put("a.eml", made.as_bytes())])][::2] == [
        "The minister came.",
        "She saw the frogs.",
    ]
    signed = b"Subject: Ponds\nContent-Type: multipart/signed; boundary=a\n\n--a\n"
    signed += made.as_bytes() + b"\n--a\nContent-Type: application/pgp-signature\n\nx\n--a--\n"
    assert "She saw the frogs." in text_of(put("b.eml", signed))


def test_what_is_attached_is_told(put: Put) -> None:
    made = EmailMessage()
    made.set_content("See the statement.")
    made.add_attachment(b"PK", "application", "vnd.oasis.opendocument.text", filename="speech.odt")
    made.add_attachment(b"0", "application", "pgp-signature", filename="signature.asc")
    made.add_attachment(b"BEGIN:VCARD", "text", "x-vcard", filename="ana.vcf")
    made.add_attachment(b"\x89PNG", "image", "png", filename="logo.png")
    other = EmailMessage()
    other.set_content("The minister came.")
    made.add_attachment(other)
    with pytest.warns(UserWarning, match=r"2 attachments of messages .* 'a.eml: speech.odt'"):
        rows = list(classify_files(put("a.eml", made.as_bytes())))
    assert [row["text"] for row in rows] == ["See the statement."]


PLAIN, PAGE = "Content-Type: text/plain", "Content-Type: text/html"
CAME, SAW = "<html><body><p>He came.</p></body></html>", "<html><body><p>She saw.</p></body></html>"
BOTH = (
    f"Content-Type: multipart/alternative; boundary=b\n\n--b\n{PLAIN}\n\nShe saw.\n"
    f"--b\n{PAGE}\n\n{SAW}\n--b--"
)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([f"{PLAIN}; name=body.txt\n\nHe came."], "He came."),
        (
            [f"{PAGE}; name=a.htm\n\n{CAME}", f"{PLAIN}; name=b.txt\n\nNo.", BOTH],
            "He came.|She saw.",
        ),
        ([f"{PAGE}\n\n{CAME}", f"{PAGE}\n\n{SAW}"], "He came.|She saw."),
        ([f"{PAGE}\n\n<html><body><img></body></html>", f"{PLAIN}\n\nHe came."], "He came."),
        ([f"{PLAIN}\n\nHe came.", f"{PAGE}\n\n{CAME}"], "He came."),
        (
            [f"{PLAIN}\n\nHe came.\n\nBegin forwarded message:\n\nI.", f"{PLAIN}\n\nYou."],
            "He came.",
        ),
        ([f"{PLAIN}\n\nOn 5 May 2024, A <a@b.c> wrote:\n> I.", f"{PLAIN}\n\n> You."], ""),
        ([f"{PLAIN}\n\nOn 5 May 2024, A <a@b.c> wrote:\n> I.", f"{PLAIN}\n\nHe came."], "He came."),
    ],
)
def test_texts_of_a_message_in_several_parts(put: Put, parts: list[str], told: str) -> None:
    head = "Subject: Ponds\nContent-Type: multipart/mixed; boundary=a\n\n"
    made = head + "".join(f"--a\n{part}\n" for part in parts) + "--a--\n"
    found = [one.text for one in read([put("a.eml", made.encode())]) if one.kind != "quoted"]
    assert "|".join(found) == told


def test_a_message_of_pages_without_end(put: Put) -> None:
    parts = f"--a\n{PAGE}\n\n{CAME}\n" * 101
    made = f"Subject: Ponds\nContent-Type: multipart/mixed; boundary=a\n\n{parts}--a--\n"
    assert "holds 101 pages; expected at most 100" in complaint_of(put("a.eml", made.encode()))


@pytest.mark.parametrize("kind", ["mixed", "alternative"])
def test_parts_in_parts_of_a_message(put: Put, kind: str) -> None:
    def nested(depth: int) -> bytes:
        heads = (
            f"Content-Type: multipart/{kind}; boundary=a{at}\n\n--a{at}\n" for at in range(depth)
        )
        return f"Subject: Ponds\n{''.join(heads)}{PLAIN}\n\nHe came.\n".encode()

    assert text_of(put("a.eml", nested(300))) == "He came."
    assert "its parts nest too deep" in complaint_of(put("b.eml", nested(1500)))


def test_a_message_whose_plain_form_is_blank(put: Put) -> None:
    assert text_of(put("a.eml", message(" \n\n", HTML))) == "The minister came."


REPLY = """Dear Li,

> Can the pond be
> opened? We
>> asked before.

It can. On Monday the minister wrote: open it.

On Tue, 5 Mar 2024 at 10:00, Ada Frog
<ada@frogs.example> wrote:
> Please answer.
> Ada

We will come.
-- 
Li Pond, Keeper
"""
ANSWERED = [(None, "Dear Li,"), ("quoted", "Can the pond be opened? We"), ("quoted", "asked before."),
            (None, "It can. On Monday the minister wrote: open it."),
            ("quoted", "On Tue, 5 Mar 2024 at 10:00, Ada Frog"), ("quoted", "<ada@frogs.example> wrote:"),
            ("quoted", "Please answer. Ada"), (None, "We will come."),
            ("menu", "-- Li Pond, Keeper")]  # fmt: skip
OWN = "We will come."
BELOW = [
    "Am 05.03.24 um 10:00 schrieb Ada Frog:\n\nPlease answer.\n\nAda",
    "-----Original Message-----\nFrom: Ada\n\nPlease answer.",
    "---------- Forwarded message ---------\nPlease answer.",
    "From: Ada\nSent: Tuesday\nTo: Li\nSubject: Ponds\n\nPlease answer.",
    "________________\nFrom: Ada\nSent: Tuesday\nTo: Li\n\nPlease answer.",
]
PAGES = [
    "<p>We will come.</p><div class='gmail_quote'>Ada wrote:<blockquote>Please answer.</blockquote></div>",
    "<p>We will come.</p><div id='divRplyFwdMsg'>From: Ada</div><div>Please answer.</div>",
    "<p>We will come.</p><blockquote type='cite'>Please answer.</blockquote>",
    "<p>We will come.</p><p>On 5 Mar 2024, Ada Frog wrote:</p><p>Please answer.</p>",
]


PASSED_ON = (
    "From: Ada <ada@frogs.example>\nDate: Tue, 5 Mar 2024 at 10:00\nTo: Li\n\nIt is open.\n\nCome."
)
ANSWERS = "On Mon, 4 Mar 2024 at 10:00, Li <li@ponds.example> wrote:\n> Is it?"


@pytest.mark.parametrize(
    ("own", "begin", "told"),
    [
        ("", "---------- Forwarded message ---------\n", ["It is open.", "Come."]),
        ("", "Begin forwarded message:\n\n", ["It is open.", "Come."]),
        ("", "-----Original Message-----\n", []),
        ("See below.\n\n", "-------- Forwarded Message --------\n", ["See below."]),
    ],
)
def test_a_message_that_only_passes_another_one_on(
    put: Put, own: str, begin: str, told: list[str]
) -> None:
    content = f"Subject: Fwd: Ponds\n\n{own}{begin}{PASSED_ON}\n\n{ANSWERS}\n"
    found = read([put("a.eml", content)])
    own_text = [text for one in found if not one.kind for text in one.text.split("\n\n")]
    assert own_text == told


def test_a_reply_between_quotes(put: Put) -> None:
    found = read([put("a.eml", message(REPLY))])
    told = [(one.kind, text) for one in found for text in one.text.split("\n\n")]
    assert told == ANSWERED


@pytest.mark.parametrize(
    "content",
    [
        *(message(f"{OWN}\n\n{below}\n\nGoodbye.\n") for below in BELOW),
        *(message(None, page) for page in PAGES),
    ],
)
def test_what_is_below_a_reply(put: Put, content: bytes) -> None:
    found = list(read([put("a.eml", content)]))
    assert [one.text for one in found if one.kind is None] == [OWN]
    told = "\n".join(one.text for one in found if one.kind == "quoted")
    assert told.count("Please answer.") == 1


MEMORANDUM = (
    "From: The Frogs\nTo: The Keepers\nDate: 5 March 2024\nSubject: Ponds\n\nPlease answer.\n"
)
CITED = "It says:\n\n> Please answer.\n\nWe will come.\n"


@pytest.mark.parametrize("content", [
    message(f"MEMORANDUM\n\n{MEMORANDUM}"),
    message("We will come.\n\n--\nThe second part follows here, and it has many words.\n\nPlease answer.\n"),
    message("We will come.\n\n--\nWe wait for you here.\n\nPlease answer.\n"),
    message(CITED),
    message(None, "<p>It says:</p><blockquote>Please answer.</blockquote><p>We will come.</p>"),
])  # fmt: skip
def test_what_is_of_the_sender(put: Put, content: bytes) -> None:
    found = list(read([put("a.eml", content)]))
    assert "Please answer." in "\n".join(one.text for one in found)
    assert not {"quoted", "menu"} & {one.kind for one in found}


@pytest.mark.parametrize(
    "header",
    [
        b"Subject: [Ponds] Re: Frogs",
        b"Subject: Re: Ponds",
        b"In-Reply-To: <1@frogs.example>\nSubject: Ponds",
    ],
)
def test_marked_lines_of_a_reply(put: Put, header: bytes) -> None:
    content = message(CITED).replace(b"Subject: Ponds", header)
    found = read([put("a.eml", content)])
    assert [(one.kind, one.text) for one in found] == [
        (None, "It says:"), ("quoted", "Please answer."), (None, "We will come."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "below", ["", "\nOn 5 Mar 2024, Ada Frog wrote:\n> Please answer the two of us soon.\n"]
)
def test_a_signature_without_a_blank(put: Put, below: str) -> None:
    found = read([put("a.eml", message(f"We will come.\n\n--\nLi Pond\nKeeper of Ponds\n{below}"))])
    assert [one.text for one in found if one.kind == "menu"] == ["-- Li Pond", "Keeper of Ponds"]


def test_a_saved_page(put: Put) -> None:
    made = EmailMessage()
    made["Snapshot-Content-Location"] = "https://frogs.example/ponds"
    made.set_content(HTML, subtype="html")
    made.add_related(b"\x89PNG", "image", "png", cid="<x>")
    path = put("a.mhtml", made.as_bytes())
    assert text_of(path) == "The minister came."
    assert next(read([path])).meta["url"] == "https://frogs.example/ponds"


def test_a_doc_that_is_a_docx(put: Put) -> None:
    document, made = docx.Document(), BytesIO()
    document.add_paragraph("The minister came.")
    document.save(made)
    assert text_of(put("a.doc", made.getvalue())) == "The minister came."
    assert text_of(put("b.doc", HTML)) == "The minister came."


BAD = [
    ("a.odt", b"frogs", "not a zip archive that can be read: "),
    ("a.rtf", b"frogs", "not rich text: "),
    ("a.xlsx", workbook([["words"], ["One."]]), "no sheet with a column 'text'"),
    ("a.xlsx", b"frogs", "no workbook by what is in it; save it as .xlsx or .csv"),
    ("a.eml", b"", "no text in it"),
    ("a.mhtml", b"frogs", "no page in it"),
]


@pytest.mark.parametrize(("name", "content", "expected"), BAD)
def test_bad_files(put: Put, name: str, content: bytes, expected: str) -> None:
    assert complaint_of(put(name, content)).startswith(expected)


def test_a_folder_tells_what_it_skips(tmp_path: Path) -> None:
    for name in ("a.txt", "b.png", "README", ".hidden"):
        (tmp_path / name).write_text("One.")
    assert skipped([tmp_path, tmp_path / "a.txt"]) == [
        (tmp_path / "README", "files without an ending are not read"),
        (tmp_path / "b.png", "files ending in .png are not read"),
    ]
