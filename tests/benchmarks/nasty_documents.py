"""Three documents that are harder to read than those of `made_documents`, in forms as files have them.

A verbatim record, a report whose paragraphs a program numbers and whose numbers jump, and a short
press release; text is wrapped, numbers and notes are kept apart from the text, menus stand in plain
elements, PDFs have no spaces, and messages quote what they answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from email.message import EmailMessage
from html import escape
from io import BytesIO
from textwrap import wrap

from tests.benchmarks.made_documents import (
    Block,
    Report,
    Row,
    as_json_lines,
    as_table,
    as_xlsx,
    message,
    shown,
    without_cells,
    wrapped,
)
from tests.benchmarks.made_documents import expected as expected_in
from tests.readers.conftest import Item, make_pdf


def said(speaker: str | None, *sentences: str) -> Block:
    """A paragraph of prose."""
    return Block("prose", sentences, speaker)


def heading(text: str) -> Block:
    """A heading."""
    return Block("heading", (text,))


def cell(kind: str, text: str) -> Block:
    """A table of one cell."""
    return Block(kind, (text,), in_table=True)


RECORD = Report(
    (
        "United Nations A/69/PV.7",
        "General Assembly",
        "Sixty-ninth session",
        "Official Records",
        "7th plenary meeting",
        "Wednesday, 7 May 2014, 10 a.m.",
        "New York",
    ),
    (
        said(None, "The meeting was called to order at 10.05 a.m."),
        heading("Agenda item 12"),
        heading("Situation of the ponds in the Lowlands"),
        said(
            "The President",
            "The President (spoke in French): I open the debate on the ponds of the Lowlands.",
            "The list of speakers is closed.",
        ),
        said(
            "Ms. Étang",
            "Ms. Étang, United Nations High Commissioner for Ponds: I thank the Assembly for it.",
            "Last year, 1,240 keepers were held, i.e. twice as many as before.",
        ),
        said(
            "Ms. Étang",
            "My Office asked for access on 3 Jan. 2014 and was refused by those in St. Pond.",
        ),
        said(
            "Peru",
            "Peru: We thank the High Commissioner for her report (A/69/12, paras. 3–5).",
            "Peru will vote in favour.",
        ),
        said("Peru", "It was the keepers who spoke first; nobody listened to them at the time."),
        said(
            "Mr. LÓPEZ (Viet Nam)",
            "Mr. LÓPEZ (Viet Nam) said that his country had “no ponds to speak of”.",
            "He wished to know who would pay.",
        ),
        said(
            "Mr. O’Hara (Ireland)",
            "Mr. O’Hara (Ireland), on behalf of the European Union: We align ourselves with it.",
        ),
        said(None, "The meeting rose at 1 p.m."),
    ),
    (),
    "2014-05-07",
)

REPORT = Report(
    ("Frog Rights Watch", "June 2013"),
    (
        heading("Behind the reeds: ponds and their keepers"),
        heading("I. Introduction"),
        said(
            None,
            "1. The present report looks at the ponds of the Lowlands between 2010 and 2012.",
            "It was written by Dr. A. Frog et al. at the request of the union.",
        ),
        said(
            None,
            "2. Keepers were arrested in March and released without charge, and a year later, after the "
            "elections in the north, the same people were arrested once more.",
        ),
        heading("II. What was found"),
        said(
            None,
            "18. The State party reported that it had ratified the Pond Convention (1998).",
            "The union denies it.",
        ),
        said(None, "40. The Ministry should:"),
        said(None, "(a) Open the ponds that it closed in 2011 without giving any reasons for it;"),
        said(
            None,
            "(b) Investigate who ordered the arrests of the keepers, and punish those responsible.",
        ),
        cell("table", "Recommendation"),
        cell("table", "Status"),
        cell("prose", "Open the northern pond to all those who fish there without delay."),
        cell("table", "Noted"),
        said(None, "41. Nobody at the Ministry wanted to comment on the findings of this report."),
    ),
    (
        "1 See Frog Rights Watch, Annual Report 2012, p. 14.",
        "2 Letter of the Ministry of 3 May 2013, on file.",
    ),
    "2013-06",
)

RELEASE = Report(
    ("07.05.2014",),
    (
        heading("Lowlands: keepers freed after 100 days"),
        said(
            None,
            "The authorities must now open the ponds, Frog Rights Watch said today.",
            "Twelve keepers were freed on Monday.",
        ),
        said(
            None,
            "“We are glad, but it took too long,” said Ada Frog, director of the group.",
            "“Nobody should be held for feeding frogs!”",
        ),
        said(None, "What is asked of the authorities:"),
        said(None, "drop the charges against all of the keepers;"),
        said(None, "open the ponds in the south."),
        said(None, "It has been a year since the first arrests."),
    ),
    (),
    "2014-05-07",
)

NASTY = (RECORD, REPORT, RELEASE)
NUMBER = ("1. ", "2. ", "18. ", "40. ", "41. ", "(a) ", "(b) ")


def parted(block: Block) -> tuple[str, str]:
    """The number that a program puts before a paragraph, and its own text."""
    label = next((one for one in NUMBER if block.text.startswith(one)), "")
    return label.strip(), block.text.removeprefix(label)


def as_txt(document: Report) -> bytes:
    """Plain text wrapped at 60 characters, in the lines of Windows."""
    rows = [*document.masthead, *without_cells(document)]
    return "\r\n\r\n".join("\r\n".join(wrap(row, 60)) for row in rows).encode("utf-8-sig")


def as_html(document: Report) -> bytes:
    """A page without `main`, its menu in plain elements, its words in inline ones."""
    body = []
    for block in document.blocks:
        text = escape(block.text).replace("keepers", "<em>keepers</em>")
        tag = "h2" if block.kind == "heading" else "p"
        is_item = block.text[0].islower()
        text = (
            f"<table><tr><td>{text}</td></tr></table>"
            if block.in_table
            else f"<{tag}>{text}</{tag}>"
        )
        body.append(f"<ul><li>{text[3:-4]}</li></ul>" if is_item else text)
    notes = "".join(f"<p>{note}</p>" for note in ("Notes", *document.notes) if document.notes)
    head = "".join(f"<div class=top><span>{line}</span></div>" for line in document.masthead)
    return (
        "<!DOCTYPE html><html><head><title>Ponds</title><style>p{}</style></head><body><header><nav>"
        f"<a href=/>Home</a></nav></header><div id=page>{head}{''.join(body)}{notes}</div>"
        "<script>x</script></body></html>"
    ).encode()


def as_mhtml(document: Report) -> bytes:
    """The page saved in one file, quoted-printable."""
    made = EmailMessage()
    made["Subject"] = "Ponds"
    made.set_content(as_html(document).decode(), subtype="html", cte="quoted-printable")
    return made.as_bytes()


def as_eml(document: Report) -> bytes:
    """A message wrapped at 60 characters, signed, that quotes what it answers."""
    made = message(document, "Re: Ponds", "Ada Frog <ada@frogs.example>")
    quoted = "On Tue, 5 Mar 2014 at 10:00, Li Pond\n<li@ponds.example> wrote:"
    quoted += "\n> We must not wait any longer.\n>> Really?"
    text = "\n\n".join("\n".join(wrap(row, 60)) for row in without_cells(document))
    made.set_content(f"{text}\n\n{quoted}\n\n-- \nAda Frog\n", cte="quoted-printable")
    return made.as_bytes()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
NOTE = "<w:footnote><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:footnote>"
LISTS = f"""<w:abstractNum {W} w:abstractNumId="90">
<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl></w:abstractNum>"""


def as_docx(document: Report) -> bytes:
    """A Word file that numbers its paragraphs, with footnotes, tables and tracked changes."""
    import docx
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml

    made = docx.Document()
    made.core_properties.created = datetime(2025, 1, 2)
    numbering = made.part.numbering_part.element
    numbering.insert(0, parse_xml(LISTS))
    for line in document.masthead:
        made.add_paragraph(line)
    known: dict[int, int] = {}
    for block in document.blocks:
        label, text = parted(block)
        if block.in_table:
            made.add_table(rows=1, cols=1).cell(0, 0).text = text
            continue
        paragraph = made.add_paragraph("", style="Heading 1" if block.kind == "heading" else None)
        for at, word in enumerate(text.split(" ")):
            paragraph.add_run(f" {word}" if at else word)
        paragraph._p.append(
            parse_xml(f"<w:del {W}><w:r><w:delText> never</w:delText></w:r></w:del>")
        )
        if label:
            first = int(label[:-1]) if label[0].isdigit() else 0
            if first and first - 1 not in known:
                at = 900 + first
                numbering.append(parse_xml(
                    f'<w:num {W} w:numId="{at}"><w:abstractNumId w:val="90"/><w:lvlOverride w:ilvl="0">'
                    f'<w:startOverride w:val="{first}"/></w:lvlOverride></w:num>'))  # fmt: skip
            else:
                at = known[first - 1] if first else next(reversed(known.values()))
            if first:
                known[first] = at
            depth = int(not first)
            paragraph._p.get_or_add_pPr().append(parse_xml(
                f'<w:numPr {W}><w:ilvl w:val="{depth}"/><w:numId w:val="{at}"/></w:numPr>'))  # fmt: skip
    if document.notes:
        notes = "".join(NOTE.format(note) for note in document.notes)
        content = f"<w:footnotes {W}>{notes}</w:footnotes>".encode()
        part = Part(PackURI("/word/footnotes.xml"), FOOTNOTES, content, made.part.package)
        made.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


NUMBERED = """<text:list-style xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" style:name="Numbered">
<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
<text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/>
</text:list-style>"""


def as_odt(document: Report) -> bytes:
    """An OpenDocument text that numbers its paragraphs, with notes and tables."""
    from odfdo import Document, Element, Header, Paragraph, Table

    made = Document("text")
    made.body.clear()
    styles = made.content.get_element("//office:automatic-styles")
    assert styles is not None
    styles.append(Element.from_tag(NUMBERED))
    for line in document.masthead:
        made.body.append(Paragraph(line))
    notes = list(document.notes)
    for block in document.blocks:
        label, text = parted(block)
        if block.in_table:
            table = Table("T", width=1, height=1)
            table.set_value((0, 0), text)
            made.body.append(table)
        elif block.kind == "heading":
            made.body.append(Header(1, text))
        else:
            note = NOTED.format(notes.pop(0)) if label and notes else ""
            made.body.append(Element.from_tag(_listed(f"<text:p>{text}{note}</text:p>", label)))
    out = BytesIO()
    made.save(out)
    return out.getvalue()


NOTED = (
    '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
    "<text:note-body><text:p>{}</text:p></text:note-body></text:note>"
)


def _listed(paragraph: str, label: str) -> str:
    """A paragraph in a list that begins at its number, an item's on the second level."""
    if not label:
        return paragraph
    is_item = label.startswith("(")
    start = ord(label[1]) - 96 if is_item else int(label[:-1])
    found = f'<text:list-item text:start-value="{start}">{paragraph}</text:list-item>'
    if is_item:
        found = f"<text:list-item><text:list>{found}</text:list></text:list-item>"
    return f'<text:list text:style-name="Numbered">{found}</text:list>'


def as_rtf(document: Report) -> bytes:
    """Rich text with lists, notes and tables."""

    rows = [rf"\pard {shown(line)}\par" for line in document.masthead]
    notes = list(document.notes)
    for block in document.blocks:
        label, text = parted(block)
        if block.in_table:
            rows.append(rf"\trowd\cellx1\intbl {shown(text)}\cell\row")
            continue
        listed = rf"{{\listtext\pard\plain {label}\tab}}" if label else ""
        note = (
            rf"{{\super\chftn}}{{\footnote\pard {shown(notes.pop(0))}}}" if label and notes else ""
        )
        words = shown(text).replace(" keepers", r" {\b keepers}").replace(" the ", "\r\n the ")
        rows.append(rf"\pard{{\f1 {listed}{words}{note}}}\par")
    head = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f1 Times;}}{\info{\creatim\yr2025\mo1\dy2}}"
    return (head + "\n".join(rows) + "}").encode()


def as_pdf(document: Report) -> bytes:
    """Pages without spaces, in narrow lines of words parted at their ends, the notes below."""
    size, step, top, foot, room = 10.0, 12.0, 770.0, 590.0, 300.0
    lines: list[str | None] = []
    for line in document.masthead:
        lines += [line, None]
    for block in document.blocks:
        lines += [*wrapped(block.text, size, room), None]
    per_page = int((top - foot) / step)
    pages: list[list[Item]] = []
    while lines:
        number = len(pages) + 1
        items: list[Item] = [(815.0, 8.0, f"Ponds and frogs | {number}")]
        for at, text in enumerate(lines[:per_page]):
            if text is not None:
                items.append((top - step * at, size, _spaceless(text)))
        del lines[:per_page]
        pages.append(items)
    pages[-1] += [(80.0 - 10 * at, 8.0, note) for at, note in enumerate(document.notes)]
    return make_pdf(pages, about={"Title": "G1403145", "CreationDate": "D:20250102000000Z"})


def _spaceless(text: str) -> str:
    """A line whose words are set apart by a narrow gap."""
    words = (word.replace("(", r"\(").replace(")", r"\)") for word in text.split(" "))
    return "\1[" + " -150 ".join(f"({word})" for word in words) + "]"


WRITTEN = {
    RECORD.masthead: "Wednesday 7 May 2014",
    REPORT.masthead: "June 2013",
    RELEASE.masthead: "7-May-14",
}
"""The dates as columns have them."""


def _row(document: Report) -> Row:
    text = as_txt(document).decode("utf-8-sig")
    return {"No": "7", "TEXT": text, "Published": WRITTEN[document.masthead], "note": "a, b; c"}


FORMS: dict[str, Callable[[Report], bytes]] = {
    "txt": as_txt,
    "md": as_txt,
    "csv": lambda document: as_table(_row(document), ";", "utf-8-sig"),
    "tsv": lambda document: as_table(_row(document), "\t", "utf-8-sig"),
    "jsonl": lambda document: as_json_lines(_row(document)),
    "xlsx": lambda document: as_xlsx(_row(document), before=("About", "these data")),
    "html": as_html,
    "pdf": as_pdf,
    "docx": as_docx,
    "doc": as_docx,
    "odt": as_odt,
    "rtf": as_rtf,
    "eml": as_eml,
    "mhtml": as_mhtml,
}


def expected(document: Report, form: str) -> Sequence[tuple[str, str, str | None]]:
    """The sentences that a reader should find, with their kinds and speakers."""
    found = list(expected_in(document, form))
    if form == "eml":
        quoted = ("On Tue, 5 Mar 2014 at 10:00, Li Pond", "<li@ponds.example> wrote:",
                  "We must not wait any longer.", "Really?")  # fmt: skip
        found += [*((text, "quoted", None) for text in quoted), ("-- Ada Frog", "menu", None)]
    return found
