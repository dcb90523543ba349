"""Word files → passages."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from io import BytesIO

import docx
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from framelens.core.types import FOOTNOTE
from framelens.preprocessing.structure import sentences_of
from framelens.readers import archives
from framelens.readers.numbering import written

from tests.helpers import Put, read
from tests.readers.conftest import complaint_of, text_of

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
CHANGED = f"""<w:p {SPACES}><w:pPr><w:tabs><w:tab w:val="left" w:pos="1"/></w:tabs></w:pPr>
<w:r><w:t>The keepers </w:t></w:r><w:del><w:r><w:delText>never </w:delText></w:r></w:del>
<w:ins><w:r><w:t xml:space="preserve">at last </w:t></w:r></w:ins>
<w:r><w:t>met.</w:t></w:r></w:p>"""
BOXED = f"""<w:p {SPACES}><w:r><w:t>Beside a box.</w:t></w:r><w:r><mc:AlternateContent>
<mc:Choice><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent></mc:Choice>
<mc:Fallback><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent></mc:Fallback>
</mc:AlternateContent></w:r></w:p>"""
NOTES = f"""<w:footnotes {SPACES}><w:footnote w:id="0"><w:p/></w:footnote>
<w:footnote w:id="1"><w:p><w:r><w:t> Ibid., para. 4.</w:t></w:r></w:p></w:footnote></w:footnotes>"""


def test_hidden_text(put: Put) -> None:
    document = new()
    paragraph = document.add_paragraph("The keepers ")
    for text, hidden in (("never ", True), ("met", False), (" again", True), (".", None)):
        paragraph.add_run(text).font.hidden = hidden
    assert text_of(put("a.docx", saved(document))) == "The keepers met."


def test_paragraphs_whose_end_tracked_changes_took_out_go_on(put: Put) -> None:
    document = new()
    rows = ("The keepers ", True), ("met.", False), ("They left.", False), ("They came.", True)
    for text, is_end_deleted in rows:
        paragraph = document.add_paragraph(text)
        if is_end_deleted:
            mark = f"<w:rPr {SPACES}><w:del w:id='1' w:author='Ada'/></w:rPr>"
            paragraph._p.get_or_add_pPr().append(parse_xml(mark))
    assert text_of(put("a.docx", saved(document))) == (
        "The keepers met.\n\nThey left.\n\nThey came."
    )


def test_text_that_a_style_hides(put: Put) -> None:
    document = new()
    hiding = document.styles.add_style("Hiding", WD_STYLE_TYPE.CHARACTER)
    hiding.font.hidden = True
    document.styles.add_style("Below", WD_STYLE_TYPE.CHARACTER).base_style = hiding
    document.styles.add_style("Secret", WD_STYLE_TYPE.PARAGRAPH).font.hidden = True
    paragraph = document.add_paragraph("The keepers ")
    for text, style in (("never ", "Hiding"), ("ever ", "Below"), ("met.", None)):
        paragraph.add_run(text, style=style)
    document.add_paragraph("Nobody saw it.", style="Secret").add_run(
        " But this."
    ).font.hidden = False
    assert text_of(put("a.docx", saved(document))) == "The keepers met.\n\nBut this."


LOOSE = [
    ("<w:p><w:pPr><w:framePr w:dropCap='drop'/></w:pPr><w:r><w:t>T</w:t></w:r></w:p>"
     "<w:p><w:r><w:t>hey met.</w:t></w:r></w:p>", "They met."),
    ("<w:p><w:pPr><w:framePr w:dropCap='none'/></w:pPr><w:sdt><w:sdtPr><w:showingPlcHdr w:val='0'/>"
     "</w:sdtPr><w:sdtContent><w:r><w:t>They</w:t></w:r></w:sdtContent></w:sdt></w:p>"
     "<w:p><w:r><w:t>met.</w:t></w:r></w:p>", "They\n\nmet."),
    ("<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>Click here.</w:t></w:r></w:p>"
     "</w:sdtContent></w:sdt><w:p><w:r><w:t>They </w:t></w:r><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
     "<w:sdtContent><w:r><w:t>Date</w:t></w:r></w:sdtContent></w:sdt><w:sdt><w:sdtContent><w:r><w:t>met."
     "</w:t></w:r></w:sdtContent></w:sdt></w:p>", "They met."),
    ("<w:p><w:r><w:t>Frog </w:t></w:r><w:ruby><w:rt><w:r><w:t>met</w:t></w:r></w:rt><w:rubyBase><w:r>"
     "<w:t>MET.</w:t></w:r></w:rubyBase></w:ruby></w:p>", "Frog MET."),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), LOOSE)
def test_initials_empty_forms_and_words_above_words(put: Put, body: str, expected: str) -> None:
    document = new()
    for one in parse_xml(f"<w:body {SPACES}>{body}</w:body>"):
        document.element.body.insert_element_before(one, "w:sectPr")
    assert text_of(put("a.docx", saved(document))) == expected


def new() -> Document:
    document = docx.Document()
    about = document.core_properties
    about.title, about.author, about.created = "Ponds", "A. Keeper", datetime(2024, 3, 5, 12)
    return document


def saved(document: Document) -> bytes:
    made = BytesIO()
    document.save(made)
    return made.getvalue()


@pytest.fixture
def report() -> Document:
    document = new()
    document.sections[0].header.paragraphs[0].text = "A running head"
    document.add_heading("Pond report")
    document.add_paragraph("The  minister\tmet the keepers.\nHe promised talks.")
    document.add_paragraph("   ")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "North", "Closed."
    for extra in (CHANGED, BOXED):
        document.element.body.insert_element_before(parse_xml(extra), "w:sectPr")
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    notes = Part(PackURI("/word/footnotes.xml"), kind, NOTES.encode(), document.part.package)
    document.part.relate_to(notes, RELATIONSHIP_TYPE.FOOTNOTES)
    return document


def test_the_text_of_a_report(put: Put, report: Document) -> None:
    path = put("report.docx", saved(report))
    assert text_of(path).split("\n\n") == [
        "Pond report",
        "The minister met the keepers.\nHe promised talks.",
        "North",
        "Closed.",
        "The keepers at last met.",
        "Beside a box.",
        "In a box.",
        "Ibid., para. 4.",
    ]


def test_metadata_and_footnotes(put: Put, report: Document) -> None:
    *body, note = read([put("report.docx", saved(report))])
    meta = {"title": "Ponds", "date": "2024-03-05", "author": "A. Keeper"}
    assert all(dict(passage.meta) == meta for passage in body)
    assert dict(note.meta) == {**meta, "part": FOOTNOTE}


def without_properties(content: bytes) -> bytes:
    """A Word file with its core properties and the mention of them taken out."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "_rels/.rels":
                data = re.sub(rb"<Relationship [^>]*core-properties[^>]*>", b"", data)
            if info.filename != "docProps/core.xml":
                new.writestr(info.filename, data)
    return made.getvalue()


def test_metadata_are_not_made_up(put: Put, report: Document) -> None:
    first = next(read([put("a.docx", without_properties(saved(report)))]))
    assert (first.text, dict(first.meta)) == ("Pond report", {"title": "Pond report"})


def no_document() -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("frog.txt", "One.")
    return made.getvalue()


BAD = [
    (b"", "not a zip archive that can be read: "),
    (b"\xd0\xcf\x11\xe0 an old .doc", "not a zip archive that can be read: "),
    (no_document(), "not a Word file that can be read: "),
    (saved(new()), "no text in it"),
]


@pytest.mark.parametrize(("content", "expected"), BAD)
def test_bad_files(put: Put, content: bytes, expected: str) -> None:
    assert complaint_of(put("a.docx", content)).startswith(expected)


def test_a_bomb_is_not_unpacked(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "HARMLESS", 1 << 20)
    made = BytesIO(saved(new()))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/bomb.xml", b"\0" * (16 << 20))
    assert " times its size; expected at most 200" in complaint_of(put("a.docx", made.getvalue()))


def test_styles_and_tables_say_what_kind_a_paragraph_is(put: Put) -> None:
    document = new()
    document.add_heading("Pond report")
    document.add_paragraph("The minister met the keepers.")
    document.add_paragraph("Open the ponds", style="List Bullet")
    document.add_paragraph("Keepers at the pond", style="Caption")
    document.add_table(rows=1, cols=1).cell(0, 0).text = "Theme: ponds"
    found = read([put("a.docx", saved(document))])
    assert [passage.kind for passage in found] == ["heading", None, "prose", "caption", "table"]


def test_a_file_that_lacks_its_beginning_is_told(put: Put) -> None:
    path = put("a.docx", saved(new())[54:])
    assert complaint_of(path).startswith("not a Word file")


def level(at: int, form: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


LEGAL = level(1, "decimal", "%1.%2.", "<w:isLgl/>")
STYLED = '<w:pStyle w:val="Numbered"/>'
LISTS = f"""<w:numbering {SPACES}>
<w:abstractNum w:abstractNumId="1">{level(0, "decimal", "%1.")}{level(1, "lowerLetter", "(%2)")}
{level(2, "lowerRoman", "(%3)")}</w:abstractNum>
<w:abstractNum w:abstractNumId="2">{level(0, "upperRoman", "%1.")}{LEGAL}</w:abstractNum>
<w:abstractNum w:abstractNumId="3">{level(0, "bullet", "·")}</w:abstractNum>
<w:abstractNum w:abstractNumId="4">{level(0, "decimal", "%1.", STYLED)}</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="3"/></w:num><w:num w:numId="4"><w:abstractNumId w:val="4"/></w:num>
<w:num w:numId="5"><w:abstractNumId w:val="1"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="40"/></w:lvlOverride></w:num></w:numbering>"""
NUMBERED = f"""<w:style {SPACES} w:type="paragraph" w:styleId="Numbered"><w:name w:val="Numbered"/><w:pPr>
<w:numPr><w:numId w:val="4"/></w:numPr></w:pPr></w:style>"""
OF_STYLE = f"""<w:style {SPACES} w:type="paragraph" w:styleId="Based"><w:name w:val="Based"/>
<w:basedOn w:val="Numbered"/></w:style>"""
PARAGRAPHS = [
    ("2.0", "Findings", "I. Findings"),
    ("1.0", "Ponds were open.", "1. Ponds were open."),
    ("1.0", "", None),
    ("1.0", "The State should:", "3. The State should:"),
    ("1.1", "Open the ponds;", "(a) Open the ponds;"),
    ("1.1", "Ask:", "(b) Ask:"),
    ("1.2", "Keepers;", "(i) Keepers;"),
    ("3.0", "Frogs.", "Frogs."),
    ("", "Nobody came.", "Nobody came."),
    ("1.1", "Fishers.", "(c) Fishers."),
    ("1.0", "It is late.", "4. It is late."),
    ("0.0", "No number.", "No number."),
    ("2.0", "Ponds", "II. Ponds"),
    ("2.1", "In the north", "2.1. In the north"),
    ("Numbered", "By its style.", "1. By its style."),
    ("Based", "By another.", "2. By another."),
    ("5.0", "Begins anew.", "40. Begins anew."),
    ("5.0", "Goes on.", "41. Goes on."),
    ("9.0", "A list that is not there.", "A list that is not there."),
]


def in_list(where: str, text: str) -> str:
    number, _, depth = where.partition(".")
    found = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    if not depth:
        found = f'<w:pStyle w:val="{where}"/>' if where else ""
    run = f"<w:r><w:t>{text}</w:t></w:r>" if text else ""
    return f"<w:p {SPACES}><w:pPr>{found}</w:pPr>{run}</w:p>"


def test_numbers_that_word_makes(put: Put) -> None:
    document = new()
    relations = document.part.rels.values()
    (part,) = (one for one in relations if one.reltype == RELATIONSHIP_TYPE.NUMBERING)
    part.target_part._element = parse_xml(LISTS)
    for style in (NUMBERED, OF_STYLE):
        document.styles.element.append(parse_xml(style))
    for where, text, _ in PARAGRAPHS:
        document.element.body.insert_element_before(parse_xml(in_list(where, text)), "w:sectPr")
    path = put("a.docx", saved(document))
    assert text_of(path).split("\n\n") == [found for _, _, found in PARAGRAPHS if found]
    told = {one.text: one.fields.get("paragraph") for one in sentences_of(read([path]), "document")}
    assert told["(i) Keepers;"] == "3 (b)(i)"


FORMS = [
    (28, "lowerLetter", "bb"), (3, "upperLetter", "C"), (49, "lowerRoman", "xlix"), (5, "none", ""),
    (7, "decimalZero", "07"), (0, "lowerRoman", "0"), (9_999, "upperRoman", "9999"), (4, "cardinalText", "4"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "form", "expected"), FORMS)
def test_forms_of_numbers(number: int, form: str, expected: str) -> None:
    assert written(number, form) == expected
