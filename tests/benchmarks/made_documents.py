"""Reports made by chance whose sentences, kinds, speakers and dates are known, as files of many types."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from html import escape
from io import BytesIO, StringIO
from random import Random

from tests.readers.conftest import Item, make_pdf

STATES = (
    "Togo",
    "Latvia",
    "Viet Nam",
    "Bosnia and Herzegovina",
    "South Africa",
    "Uruguay",
    "Fiji",
    "Ireland",
)
WHO = (
    "the keepers",
    "the Government",
    "the Ministry of Ponds",
    "the union",
    "two of the observers",
    "the court",
)
DID = (
    "visited",
    "had closed",
    "was asked about",
    "investigated",
    "reported on",
    "promised to open",
)
WHAT = (
    "the northern pond",
    "the Pond Convention (1998)",
    "the prison in Lowland City",
    "the new law on water",
    "the offices of the Frog Commission",
    "most of the ponds in the south",
)
WHEN = (
    "in 2018",
    "after the vote",
    "on Monday",
    "without delay",
    "for the first time",
    "at the request of UNICEF",
)
WHY = (
    "because nobody else had done so",
    "so that the participation of keepers was secured",
    "although the law of the State did not say so",
    "as the Committee had recommended",
)
SAID = (
    "commended the keepers and asked whether",
    "noted that",
    "recommended that",
    "welcomed the news that",
)
THEMES = (
    "Right to water",
    "Access to ponds",
    "Legal and institutional framework",
    "Keepers and their families",
)
PEOPLE = ("Ada Frog", "Li Pond", "Jean Étang", "Maria Lago", "Omar Birka")
OFFICES = (
    "Minister of Ponds, Head of Delegation",
    "Ambassador, Permanent Representative",
    "Deputy Director, Department of Water",
    "First Secretary, Permanent Mission",
)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: its kind, its sentences, who speaks them, and the place that it has in a table."""

    kind: str
    sentences: tuple[str, ...]
    speaker: str | None = None
    in_table: bool = False

    @property
    def text(self) -> str:
        """The sentences in one line."""
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class Report:
    """A document: the lines of its masthead, which are not scored, its blocks, notes and date, as in
    2014-05-07 or 2014-05."""

    masthead: tuple[str, ...]
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]
    day: str


def clause(chance: Random) -> str:
    """What happened, in six to twenty words."""
    parts = [chance.choice(WHO), chance.choice(DID), chance.choice(WHAT)]
    parts += [chance.choice(WHEN)] if chance.random() < 0.7 else []
    parts += [chance.choice(WHY)] if chance.random() < 0.5 else []
    return " ".join(parts)


def sentence(chance: Random) -> str:
    """A sentence of one or two clauses."""
    first = clause(chance)
    more = f", and {clause(chance)}" if chance.random() < 0.4 else ""
    return f"{first[0].upper()}{first[1:]}{more}."


def made_report(chance: Random) -> Report:
    """A report of about a hundred sentences."""
    day = date(chance.randrange(2008, 2024), chance.randrange(1, 13), chance.randrange(1, 29))
    symbol = f"A/HRC/{chance.randrange(10, 50)}/{chance.randrange(2, 90)}"
    masthead = (f"United Nations {symbol}", "General Assembly Distr.: General", f"{day.day} {day:%B %Y}",
                "Original: English")  # fmt: skip
    blocks = tuple(_blocks(chance))
    notes = tuple(
        f"{at} See A/HRC/{chance.randrange(9, 50)}/{at}, paras. {at}–{at + 4}."
        for at in range(1, 6)
    )
    return Report(masthead, blocks, notes, day.isoformat())


def _blocks(chance: Random) -> Iterator[Block]:
    number = 0

    def paragraph(first: str, speaker: str | None, sentences: int) -> Block:
        nonlocal number
        number += 1
        more = [sentence(chance) for _ in range(sentences)]
        return Block("prose", (f"{number}. {first}", *more), speaker)

    yield Block("heading", (f"Report on the ponds of {chance.choice(STATES)}",))
    yield Block("heading", ("I. Introduction",))
    for _ in range(4):
        yield paragraph(sentence(chance), None, chance.randrange(1, 4))
    yield Block("heading", ("A. Members of the delegation",))
    for name, office in zip(chance.sample(PEOPLE, 4), OFFICES, strict=True):
        yield Block("names", (f"{chance.choice(('Mr.', 'Ms.', 'H.E. Ms.'))} {name}, {office};",))
    yield Block("heading", ("B. Interactive dialogue",))
    yield paragraph(f"The delegation stated that {clause(chance)}.", "The delegation", 2)
    yield paragraph(sentence(chance), "The delegation", 2)
    for state in chance.sample(STATES, 6):
        yield paragraph(
            f"{state} {chance.choice(SAID)} {clause(chance)}.", state, chance.randrange(3)
        )
    yield Block("caption", (f"Figure {chance.randrange(1, 9)}. Ponds closed, by year",))
    yield Block("heading", ("II. Conclusions and recommendations",))
    yield paragraph("The recommendations below enjoy the support of the State:", None, 0)
    for at in range(1, 7):
        asked = clause(chance).replace("the ", "", 1)
        text = f"{number}.{at}. Ensure that {asked} ({chance.choice(STATES)});"
        yield Block("prose", (text,))
    yield Block("table", (chance.choice(THEMES),), in_table=True)
    yield Block("prose", (sentence(chance),), in_table=True)
    yield Block("table", ("Supported",), in_table=True)
    yield Block("table", (f"A{chance.randrange(10, 60)} Affected persons: keepers",), in_table=True)
    yield Block("heading", ("III. Follow-up",))
    for _ in range(3):
        yield paragraph(sentence(chance), None, chance.randrange(1, 4))


def without_cells(report: Report) -> list[str]:
    """The paragraphs without cells that are no sentences, which plain text does not tell apart, and
    the notes, below a heading of their own."""
    rows = [block.text for block in report.blocks if block.kind != "table"]
    return [*rows, *(("Notes", *report.notes) if report.notes else ())]


def as_txt(report: Report) -> bytes:
    """Plain text, paragraphs apart."""
    return "\n\n".join([*report.masthead, *without_cells(report)]).encode()


def as_html(report: Report) -> bytes:
    """A page with a menu, and with the dates of its making and of a later change."""
    body = []
    for block in report.blocks:
        tag = {"heading": "h2", "names": "li", "caption": "figcaption"}.get(block.kind, "p")
        tag = "td" if block.in_table else tag
        text = f"<{tag}>{escape(block.text)}</{tag}>"
        text = f"<ul>{text}</ul>" if tag == "li" else text
        body.append(f"<table><tr>{text}</tr></table>" if block.in_table else text)
    notes = "".join(f"<p>{note}</p>" for note in report.notes)
    graph = f'{{"@graph":[{{"datePublished":"{report.day}","dateModified":"2025-01-02"}}]}}'
    return (
        f'<html><head><title>Ponds</title><script type="application/ld+json">{graph}</script></head><body>'
        f"<nav><ul><li>Home</li><li>News</li></ul></nav><main>{''.join(body)}<h2>Notes</h2>{notes}</main>"
        "<footer>© Ponds</footer></body></html>"
    ).encode()


def as_docx(report: Report) -> bytes:
    """A Word file with styles and tables; its properties are of another day than its masthead."""
    import docx

    document = docx.Document()
    document.core_properties.created = datetime(2025, 1, 2)
    for line in report.masthead:
        document.add_paragraph(line)
    for block in report.blocks:
        if block.in_table:
            document.add_table(rows=1, cols=1).cell(0, 0).text = block.text
        else:
            style = {"heading": "Heading 2", "caption": "Caption"}.get(block.kind)
            document.add_paragraph(block.text, style=style)
    for line in ("Notes", *report.notes):
        document.add_paragraph(line)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def as_odt(report: Report) -> bytes:
    """An OpenDocument text with headings and tables."""
    from odfdo import Document, Header, Paragraph, Table

    document = Document("text")
    document.body.clear()
    for line in report.masthead:
        document.body.append(Paragraph(line))
    for block in report.blocks:
        if block.in_table:
            table = Table("T", width=1, height=1)
            table.set_value((0, 0), block.text)
            document.body.append(table)
        else:
            made = Header(2, block.text) if block.kind == "heading" else Paragraph(block.text)
            document.body.append(made)
    for line in ("Notes", *report.notes):
        document.body.append(Paragraph(line))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def shown(text: str) -> str:
    """A text as rich text has it."""
    return "".join(char if ord(char) < 128 else rf"\u{ord(char)}?" for char in text)


def as_rtf(report: Report) -> bytes:
    """Rich text whose accented letters are escaped."""

    body = [rf"{shown(line)}\par" for line in report.masthead]
    for block in report.blocks:
        text = shown(block.text)
        body.append(rf"\trowd\cellx1 {text}\cell\row" if block.in_table else rf"\pard {text}\par")
    body += [rf"{shown(line)}\par" for line in ("Notes", *report.notes)]
    return ("{\\rtf1\\ansi{\\info{\\creatim\\yr2025\\mo1\\dy2}}" + "\n".join(body) + "}").encode()


def message(report: Report, subject: str, sender: str) -> EmailMessage:
    """A message of the report's day, without a text."""
    made, day = EmailMessage(), datetime.fromisoformat(f"{report.day}-01"[:10])
    made["Subject"], made["From"] = subject, sender
    made["Date"] = f"{day:%d %b %Y} 10:00:00 +0000"
    return made


def as_eml(report: Report) -> bytes:
    """A message in plain text."""
    made = message(report, "Ponds", "ada@frogs.example")
    made.set_content("\n\n".join(without_cells(report)))
    return made.as_bytes()


def as_mhtml(report: Report) -> bytes:
    """The web page, saved in one file."""
    made = EmailMessage()
    made["Snapshot-Content-Location"] = "https://frogs.example/"
    made.set_content(as_html(report).decode(), subtype="html")
    made.add_related(b"\x89PNG", "image", "png", cid="<x>")
    return made.as_bytes()


HELVETICA = """
278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556
556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778
722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222
500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584
"""
WIDTHS = tuple(map(int, HELVETICA.split()))
"""The widths of Helvetica's characters from the space on, in thousandths of their size."""


def width(text: str, size: float) -> float:
    """How wide a text is in Helvetica, in points."""
    codes = (ord(char) - 32 for char in text)
    return sum(WIDTHS[code] if 0 <= code < len(WIDTHS) else 556 for code in codes) * size / 1000


def wrapped(text: str, size: float, room: float) -> list[str]:
    """A text in lines of at most so many points."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, size) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def kerned(text: str, chance: Random) -> str:
    """A line drawn as older programs do: words cut, a space within, its width taken back by a shift."""
    parts = []
    for word in text.split(" "):
        shown = word.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        if len(word) > 6 and word.isalpha() and chance.random() < 0.2:
            parts.append(f"({shown[:4]} ) 278 ({shown[4:]} )")
        else:
            parts.append(f"({shown} )" if chance.random() < 0.5 else f"({shown}) -278")
    return f"\1[{' '.join(parts)}]"


def as_pdf(report: Report, chance: Random, *, columns: int = 1, kerning: bool = False) -> bytes:
    """Pages with running heads, numbers and footnotes, in one column or two."""
    size, step, top, foot = 10.0, 12.0, 770.0, 150.0
    room = 450.0 if columns == 1 else 213.0
    notes = list(report.notes)
    lines: list[str | None] = []
    for line in report.masthead:
        lines += [line, None]
    for block in report.blocks:
        lines += [*wrapped(block.text, size, room), None]
    per_column = int((top - foot) / step)
    pages: list[list[Item]] = []
    while any(lines):
        items: list[Item] = [(815.0, 8.0, "Report on ponds"), (40.0, 8.0, str(len(pages) + 1))]
        for column in range(columns):
            x = 72 + column * (room + 24)
            while lines and lines[0] is None:
                lines.pop(0)
            for at, printed in enumerate(lines[:per_column]):
                if printed is not None:
                    drawn = kerned(printed, chance) if kerning else printed
                    items.append((top - step * at, size, f"\0{x}\0{drawn}"))
            del lines[:per_column]
        if notes:
            items.append((90.0, 8.0, notes.pop(0)))
        pages.append(items)
    pages[-1] += [(80.0 - 10 * at, 8.0, note) for at, note in enumerate(notes)]
    return make_pdf(pages, about={"Title": "ponds_final.doc", "CreationDate": "D:20250102000000Z"})


def as_any_pdf(report: Report) -> bytes:
    """A PDF in one of the four ways, by chance."""
    chance = Random(report.masthead[0])
    return as_pdf(report, chance, columns=chance.randrange(1, 3), kerning=chance.random() < 0.5)


Row = dict[str, str]


def record(report: Report) -> Row:
    """The report as the row of a table, its date as people write it."""
    day = date.fromisoformat(report.day)
    written = f"{day.day} {day:%B %Y}"
    return {"ID": report.masthead[0], "Text": as_txt(report).decode(), "Date": written}


def as_table(row: Row, delimiter: str, encoding: str = "utf-8") -> bytes:
    """A table of one row, whose cells stand between a mark, in quotes where they must be."""
    out = StringIO()
    csv.writer(out, delimiter=delimiter).writerows([row.keys(), row.values()])
    return out.getvalue().encode(encoding)


def as_json_lines(row: Row) -> bytes:
    """A line of JSON whose letters are escaped, in the lines of Windows."""
    return json.dumps(row).encode() + b"\r\n"


def as_parquet(row: Row) -> bytes:
    """A table of columns."""
    import pyarrow as pa
    from pyarrow.parquet import write_table

    out = BytesIO()
    write_table(pa.Table.from_pylist([row]), out)
    return out.getvalue()


def as_xlsx(row: Row, *, before: Sequence[str] = ()) -> bytes:
    """A workbook, a sheet with other cells `before` the row's."""
    from openpyxl import Workbook

    out, book = BytesIO(), Workbook()
    sheet = book.worksheets[0]
    if before:
        sheet.append(list(before))
        sheet = book.create_sheet("Data")
    sheet.append([*row])
    sheet.append([*row.values()])
    book.save(out)
    return out.getvalue()


TEXTS = ("txt", "md", "eml", "csv", "tsv", "jsonl", "parquet", "xlsx")
"""Types that hold the report as plain text, in which a table's cells do not stand."""

FORMS: dict[str, Callable[[Report], bytes]] = {
    "txt": as_txt,
    "md": as_txt,
    "csv": lambda report: as_table(record(report), ";"),
    "tsv": lambda report: as_table(record(report), "\t"),
    "jsonl": lambda report: as_json_lines(record(report)),
    "parquet": lambda report: as_parquet(record(report)),
    "xlsx": lambda report: as_xlsx(record(report)),
    "html": as_html,
    "pdf": as_any_pdf,
    "docx": as_docx,
    "doc": as_docx,
    "odt": as_odt,
    "rtf": as_rtf,
    "eml": as_eml,
    "mhtml": as_mhtml,
}


def expected(report: Report, form: str) -> Sequence[tuple[str, str, str | None]]:
    """The sentences that a reader should find, with their kinds and speakers, notes last."""
    found = [
        (text, block.kind, block.speaker)
        for block in report.blocks
        if form not in TEXTS or block.kind != "table"
        for text in block.sentences
    ]
    return [*found, *((note, "note", None) for note in report.notes)]
