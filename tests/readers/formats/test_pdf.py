"""PDF files → passages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp

import pytest
from framelens.core.types import FOOTNOTE
from framelens.readers.formats.pdf.letters import cleaned
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject

from tests.benchmarks.made_documents import width
from tests.helpers import Put, read
from tests.readers.conftest import BODY, SMALL, Item, complaint_of, make_pdf, page, text_of

FIRST = [
    "Report of the pond inspector",
    "",
    "1. The inspector asked to visit the northern pond, but the keep-",
    "ers refused (see annex).1 He was told to come back with a stamped",
    "letter from the ministry, which he had not been told of before.",
    "",
    "2. He then wrote to the ministry, which is responsible for fish-",
]
SECOND = [
    "eries, and has had no answer. The long-term visitors of the ponds said",
    "that the short-",
    "term ones get letters at once.2 \x96 So much for that.",
]
TEXT = """\
Report of the pond inspector

1. The inspector asked to visit the northern pond, but the keepers refused (see annex).1 He was \
told to come back with a stamped letter from the ministry, which he had not been told of before.

2. He then wrote to the ministry, which is responsible for fisheries, and has had no answer. \
The long-term visitors of the ponds said that the short-term ones get letters at once.2 – So much \
for that.

1 Letter of 3 May, on file with the inspector and with the ministry.

2 Ibid."""


def furnished(lines: list[str], number: int, notes: list[Item]) -> list[Item]:
    head = (800.0, 9.0, "A/POND/12/34")
    foot = (40.0, 9.0, f"{number}/2")
    # As many programs do, the head and the foot are drawn before the text.
    return [head, foot, *notes, *page([line.replace("\x96", "–") for line in lines])]


@pytest.fixture
def report(put: Put) -> Path:
    long_note = [
        (92.0, SMALL, "1 Letter of 3 May, on file with the inspector and with the minis-"),
        (82.0, SMALL, "try."),
    ]
    pages = [furnished(FIRST, 1, long_note), furnished(SECOND, 2, [(82.0, SMALL, "2 Ibid.")])]
    about = {"Title": "Ponds", "Author": "A. Keeper", "CreationDate": "D:20240305120000Z"}
    return put("report.pdf", make_pdf(pages, about=about))


def test_the_text_of_a_report(report: Path) -> None:
    assert text_of(report) == TEXT


def test_metadata_and_footnotes(report: Path) -> None:
    *body, first, second = read([report])
    meta = {"title": "Ponds", "date": "2024-03-05", "author": "A. Keeper"}
    assert [dict(passage.meta) for passage in body] == [meta] * 3
    assert [dict(passage.meta) for passage in (first, second)] == [{**meta, "part": FOOTNOTE}] * 2
    assert {passage.doc for passage in (*body, first)} == {"report.pdf"}


def test_a_title_that_is_no_text_is_none(put: Put, report: Path) -> None:
    writer = PdfWriter(clone_from=report)
    odd = DictionaryObject({NameObject("/Title"): DictionaryObject()})
    writer._info = odd
    out = BytesIO()
    writer.write(out)
    assert "title" not in next(read([put("odd.pdf", out.getvalue())])).meta


def test_what_a_pdf_does_not_say_is_left_out(put: Put) -> None:
    path = put("a.pdf", make_pdf([page(["One."])], about={"CreationDate": "yesterday"}))
    assert [dict(passage.meta) for passage in read([path])] == [{}]


def test_paragraphs_are_sentences_on_request(report: Path) -> None:
    found = list(read([report], unit="sentence"))
    assert [TEXT[p.offset : p.offset + len(p.text)] for p in found] == [p.text for p in found]
    assert [p.text.split()[0] for p in found] == ["Report", "1.", "2.", "1", "2"]


LIGATURES = [("e\ufb03cient \ufb01sh", "efficient fish"), ("a\u200bb\xa0c", "ab c"),
             ("o昀昀ice, 昀椀sh, ba昀툀e of 昀金", "office, fish, ba昀툀e of 昀金")]  # fmt: skip


@pytest.mark.parametrize(("printed", "expected"), LIGATURES)
def test_printed_forms_of_letters(printed: str, expected: str) -> None:
    assert cleaned(printed) == expected


def text_of_pages(*pages: list[Item], **about: str) -> list[str]:
    path = Path(mkdtemp()) / "a.pdf"
    path.write_bytes(make_pdf(list(pages), about=about))
    return text_of(path).split("\n\n")


def test_a_full_line_goes_on_before_capitals_and_brackets() -> None:
    lines = [
        "The keepers asked the minister to ratify at last the Pond Covenant",
        "(Latvia); and the others that had been signed in the capital of the",
        "Lowlands in 2018, which nobody had done. They went home after that",
        "Monday.",
    ]
    assert text_of_pages(page(lines)) == [" ".join(lines)]


@pytest.mark.parametrize("label", ["(a)", "12.", "•"])
def test_lines_that_hang_below_a_label_go_on_before_capitals(label: str) -> None:
    first, second = "The union asks the keepers of all of the ponds to see the High", "Keeper of it"
    lines = [(60, 700, label), (84, 700, first), (84, 688, f"{second};")]
    lines += [(60, 670, label), (84, 670, first), (84, 658, f"{second}.")]
    found = text_of_pages([placed(*line) for line in lines])
    assert found == [f"{label} {first} {second}{end}" for end in ";."]


def test_a_short_last_line_of_a_page_ends_its_paragraph() -> None:
    first = ["The keepers of the northern pond asked the minister to open it at last.", "He left."]
    second = ["Nobody knows what he had been told of the ponds before he went."]
    assert text_of_pages(page(first), page(second)) == [" ".join(first), second[0]]


def test_paragraphs_of_one_line_stay_apart() -> None:
    lines = [
        "The minister came.",
        "",
        "Noted",
        "",
        "41. The keepers of the northern pond went to",
        "see him.",
    ]
    assert text_of_pages(page(lines)) == [*lines[0:4:2], " ".join(lines[4:])]


def placed(x: float, y: float, text: str) -> Item:
    return (y, 9.0, f"\0{x}\0{text}")


COLUMN_1 = ["The minister met the keepers of", "the northern pond and promised",
            "them that he would look at what", "they had written to him there.",
            "He did not say when he would do", "that, nor what he had heard from"]  # fmt: skip
COLUMN_2 = ["Nobody in the ministry, which had", "of it since then, as we are told",
            "by those who work there at night", "and are seldom asked what it was",
            "that they saw in the long nights", "when all the frogs went silent."]  # fmt: skip
COLUMN_3 = ["The union of frogs did not answer", "when it was asked for what it knew",
            "of the frogs, and the union of all", "keepers has only heard of it since",
            "then. It asked for those who were", "there to be heard by the ministry."]  # fmt: skip


@pytest.mark.parametrize("columns", [[COLUMN_1, COLUMN_2], [COLUMN_1, COLUMN_2, COLUMN_3]])
@pytest.mark.parametrize("off", [0, 3, 6, 9, -4])
def test_columns_are_read_one_after_the_other(columns: list[list[str]], off: float) -> None:
    """Whether their lines are level or not."""
    items = [
        placed(60 + 165 * n, 700 - 12 * at - off * n, line)
        for n, column in enumerate(columns)
        for at, line in enumerate(column)
    ]
    drawn = sorted(items, key=lambda item: -item[0])
    assert " ".join(text_of_pages(drawn)) == " ".join(" ".join(column) for column in columns)


def test_a_list_in_a_column_is_of_it_to_its_last_line() -> None:
    left, listed = [*COLUMN_1, *COLUMN_3[:4], "them."], [*COLUMN_3[1:5], "Not one."]
    items = [placed(60, 700 - 12 * at, line) for at, line in enumerate(left)]
    items += [placed(310, 700 - 12 * at, line) for at, line in enumerate(COLUMN_2)]
    items += [placed(346, 700 - 12 * at, line) for at, line in enumerate(listed, len(COLUMN_2))]
    drawn = sorted(items, key=lambda item: -item[0])
    assert " ".join(text_of_pages(drawn)) == " ".join([*left, *COLUMN_2, *listed])


def test_a_full_line_at_the_end_of_a_column_goes_on_before_capitals() -> None:
    above = "The minister met the keepers of the pond, and told the press of it on Monday in the capital."
    left = [*COLUMN_1[:5], "that, nor what he told the High"]
    right = ["Commissioner of it since then, as", *COLUMN_2[2:]]
    items = [placed(60, 724, above)]
    for at, (one, two) in enumerate(zip(left, right, strict=False)):
        items += [placed(60, 700 - 12 * at, one), placed(310, 700 - 12 * at, two)]
    items.append(placed(60, 700 - 12 * 5, left[5]))
    assert text_of_pages(items)[-1].endswith(
        "nor what he told the High Commissioner of it since "
        "then, as by those who work there at night and are seldom asked what it was that they saw in "
        "the long nights when all the frogs went silent."
    )


def test_spaces_that_kerning_made_are_gone_and_those_it_took_are_back() -> None:
    kerned = "\1[(The par) -30 (ticipa) 270 ( tion of kee) 20 (pers) -300 (was) -280 (refused.)]"
    assert text_of_pages([(700.0, 11.0, kerned)]) == ["The participation of keepers was refused."]


def spaceless(text: str, gap: int) -> str:
    """A line drawn without spaces: words set apart by a gap, letters by what kerning asks for."""
    words = [" ".join(f"({word[:2]}) {at % 5 * 10 - 25} ({word[2:]})" for at, word in [(len(one), one)])
             for one in text.split()]  # fmt: skip
    return f"\1[{f' -{gap} '.join(words)}]"


SPACELESS = [
    "The ministry of justice in the capital of the Lowlands had closed",
    "all of the ponds for a year if they were used by the fishers, and",
    "said so of those that it owns in fact as a matter of principle.",
]


@pytest.mark.parametrize("gap", [80, 120, 250, 330])
def test_spaces_are_put_where_the_file_has_none(gap: int) -> None:
    lines = [(700.0 - 14 * at, 11.0, spaceless(line, gap)) for at, line in enumerate(SPACELESS)]
    assert text_of_pages(lines) == [" ".join(SPACELESS)]


def test_spaced_letters_are_words() -> None:
    spread = " -180 ".join(f"({letter})" for letter in "REPORT ONE")
    assert text_of_pages([(700.0, 11.0, f"\1[{spread}]")]) == ["REPORT ONE"]


NOTED = [
    *page(["The keepers of the northern pond were held for a year, and nobody",
           "has heard of them since then, as the union of the keepers says in"], top=330),
    (200.0, 11.0, "4 Letter of the union of 3 May, on file."),
]  # fmt: skip


def test_notes_in_full_size_are_not_spliced_into_the_text() -> None:
    found = text_of_pages(NOTED, page(["its letter. They ask that they be freed without delay."]))
    assert found[0].endswith(
        "the keepers says in its letter. They ask that they be freed without delay."
    )
    assert found[-1] == "4 Letter of the union of 3 May, on file."


HEADED = [
    (760.0, 20.0, "Ponds and"),
    (738.0, 20.0, "their keepers"),
    (700.0, 11.0, "12 March 2019"),
]
TITLES = [
    ("Ponds", "Ponds"), ("", "Ponds and their keepers"), ("untitled", "Ponds and their keepers"),
    ("Microsoft Word - G1903145.doc", "Ponds and their keepers"),
    ("report_final.docx", "Ponds and their keepers"), ("G1903145", "Ponds and their keepers"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), TITLES)
def test_titles_and_dates_of_the_first_page(put: Put, given: str, expected: str) -> None:
    about = {"Title": given, "CreationDate": "D:20240305120000Z"}
    path = put("a.pdf", make_pdf([[*HEADED, *page(["The minister came."], top=660)]], about=about))
    meta = next(read([path])).meta
    assert (meta["title"], meta["date"]) == (expected, "2019-03-12")


BAD = [
    (make_pdf([[], []], scan=True), "no text in it, only images on 2 pages (a scan); recognise"),
    (make_pdf([[]]), "no text in it (1 page)"),
    (make_pdf([]), "not a PDF that can be read: "),
    (b"", "not a PDF that can be read: "),
    (b"%PDF-1.7\nfrogs", "not a PDF that can be read: "),
    (make_pdf([page(["One."])])[:300], "not a PDF that can be read: "),
]


@pytest.mark.parametrize(("content", "expected"), BAD)
def test_bad_files(put: Put, content: bytes, expected: str) -> None:
    assert complaint_of(put("a.pdf", content)).startswith(expected)


def locked(password: str) -> bytes:
    writer = PdfWriter(BytesIO(make_pdf([page(["A locked pond."])])))
    writer.encrypt(password, "owner", algorithm="AES-256")
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def test_passwords(put: Put) -> None:
    assert text_of(put("a.pdf", locked(""))) == "A locked pond."
    assert complaint_of(put("b.pdf", locked("frog"))).startswith("needs a password; expected")


def test_nothing_is_logged(put: Put, caplog: pytest.LogCaptureFixture) -> None:
    assert text_of(
        put("a.pdf", make_pdf([page(["One."])]).replace(b"startxref\n", b"startxref\n9"))
    )
    assert caplog.records == []


LEFT = [
    "The keepers of the northern",
    "pond were held for a year and",
    "were freed without charge.",
]
RIGHT = [
    "Nobody at the ministry wanted",
    "to say who had held them, and",
    "the union asked for a trial.",
]
WHOLE = (
    "The ponds were closed in March, and nobody was told why the ministry had closed them, or when."
)


def side_by_side(top: float, left: list[str], right: list[str]) -> list[Item]:
    columns = ((72, left), (320, right))
    return [
        (top - 14 * at, BODY, f"\0{x}\0{line}")
        for x, side in columns
        for at, line in enumerate(side)
    ]


def test_short_columns_are_read_one_after_the_other(put: Put) -> None:
    drawn = sorted(side_by_side(700, LEFT, RIGHT), key=lambda item: -item[0])
    columns = f"{' '.join(LEFT)} {' '.join(RIGHT)}"
    assert text_of(put("a.pdf", make_pdf([drawn]))) == columns
    around = [*page([WHOLE], top=740), *drawn, *page([WHOLE] * 9, top=640)]
    assert f"{WHOLE}\n\n{columns}\n\n{WHOLE}" in text_of(put("b.pdf", make_pdf([around])))


def test_short_tables_are_read_row_by_row(put: Put) -> None:
    cells = side_by_side(
        700, ["Right to water", "Access to ponds"], ["Supported by the State", "Noted"]
    )
    found = text_of(put("a.pdf", make_pdf([cells])))
    assert " ".join(found.split()) == "Right to water Supported by the State Access to ponds Noted"


def with_marks(y: float, *parts: str) -> list[Item]:
    """A line whose every second part is in small raised letters."""
    items, x = [], 72.0
    for at, part in enumerate(parts):
        size = SMALL if at % 2 else BODY
        items.append((y + 4 * (at % 2), size, f"\0{x}\0{part}"))
        x += width(part, size)
    return items


@pytest.mark.parametrize("begin", ["The keepers", "A keeper"])
def test_a_large_letter_that_begins_a_text_is_of_its_first_word(begin: str) -> None:
    lines = [f"{begin} of the pond would not say", "that it was opened to all of the union",
             "of toads, and nobody asked them why."]  # fmt: skip
    large, rest = lines[0][: 1 + (begin[1] == " ")], lines[0][1:].lstrip()
    items = [(688.0, 30.0, f"\0{60}\0{large}"), placed(84, 700, rest)]
    items += [placed(84, 688, lines[1]), placed(60, 676, lines[2])]
    assert text_of_pages(items) == [" ".join(lines)]


def test_large_letters_of_a_list_are_of_their_own_entries() -> None:
    lines = [
        ("A", "bout the keepers"),
        ("", "nobody was told"),
        ("B", "ut the union"),
        ("", "of frogs was"),
    ]
    items = [placed(74, 700 - 11 * at, line) for at, (_, line) in enumerate(lines)]
    items += [(692.0 - 11 * at, 20.0, f"\0{60}\0{one}") for at, (one, _) in enumerate(lines) if one]
    assert " ".join(text_of_pages(items)) == " ".join(one + line for one, line in lines)


def test_marks_of_notes_stay_apart_from_words(put: Put) -> None:
    first = with_marks(
        700, "The keepers of 5 ponds", "12", " were held for 3", "4", " years,", "5,6"
    )
    rest = with_marks(686, "and all are free.", "7", " So be it.")
    note = with_marks(100, "", "12", " So the union said.")
    assert text_of(put("a.pdf", make_pdf([[*first, *rest, *note]]))).splitlines() == [
        "The keepers of 5 ponds¹² were held for 3⁴ years,⁵,⁶ and all are free.⁷ So be it.",
        "",
        "12 So the union said.",
    ]


def test_marks_of_notes_that_are_raised_far_need_not_be_small() -> None:
    mark = (704.5, 0.95 * BODY, f"\0{72 + width('It was held.', BODY)}\0007")
    assert text_of_pages([(700.0, BODY, "\00072\0It was held."), mark]) == ["It was held.⁷"]


def test_a_masthead_over_columns_comes_before_them() -> None:
    left = ["The minister met the keepers of", "the northern pond and promised",
            "them that he would look at what", "they had written to him there.",
            "He did not say when he would do", "that, nor what he had heard of"]  # fmt: skip
    right = ["the 12 ponds, which the ministry", "had closed since then, as is told",
             "by those who work there at night", "and are seldom asked what it was",
             "that they saw in the long nights", "when all the frogs went silent."]  # fmt: skip
    head = [placed(60, 790, "Lowland Union"), placed(500, 790, "L/12"), placed(430, 775, "Open"),
            placed(60, 760, "Assembly"), placed(430, 760, "In Low")]  # fmt: skip
    found = text_of_pages([*head, *side_by_side(720, left, right)])
    assert " ".join(found).endswith(f"{' '.join(left)} {' '.join(right)}")
    assert "Lowland Union L/12" in found[0]


TABLE = [
    ["Asked for", "Reply", "Words of the ministry"],
    *([f"12.{n} Free all the toads of pond {n} and", "Noted", f"Pond {n} was closed and it"]
      for n in range(1, 7)),
]  # fmt: skip
REST = ["let them go home (Chad);", "", "will be open next year."]


@pytest.mark.parametrize("space", [0, 6])
def test_cells_of_tables_are_pieces_of_their_own(space: int) -> None:
    items, y = [], 700.0
    for at, row in enumerate(TABLE):
        for printed in [row, REST] if at else [row]:
            items += [
                placed(x, y, text) for x, text in zip((72, 300, 370), printed, strict=True) if text
            ]
            y -= 11
        y -= space
    found = text_of_pages(
        [*items, placed(72, y - 30, "The table was made in March by the union of toads.")]
    )
    expected = [*TABLE[0]]
    for first, reply, words in TABLE[1:]:
        expected += [f"{first} {REST[0]}", reply, f"{words} {REST[2]}"]
    assert found == [*expected, "The table was made in March by the union of toads."]


def test_rows_of_figures_are_read_as_lines() -> None:
    items = [placed(x, 700 - 14 * at, f"{at}{x}") for at in range(5) for x in (72, 200, 300)]
    assert " ".join(text_of_pages(items)).split() == [
        f"{at}{x}" for at in range(5) for x in (72, 200, 300)
    ]


def test_cells_that_begin_in_lower_case_are_read_one_by_one() -> None:
    rows = [[["free all the keepers", f"of pond {n}."], ["tell the unions who", f"closed pond {n}."],
             ["open the ponds of", f"the north, all {n}."]] for n in range(6)]  # fmt: skip
    items = [
        placed(60 + 170 * at, 700 - 30 * n - 12 * down, line)
        for n, row in enumerate(rows)
        for at, cell in enumerate(row)
        for down, line in enumerate(cell)
    ]
    assert text_of_pages(items) == [" ".join(cell) for row in rows for cell in row]


ASKED_FOR = [
    (["12.1 Free all the keepers of the pond who are held", "without charge, and let the union of Toads and",
      "Keepers see them (Chad);"], ["Noted"]),
    (["12.2 Open the ponds of the north to the union of", "keepers (Togo);"], ["Supported", "in part"]),
    (["12.3 Tell the union who ordered to close the ponds", "of the south (Peru)."], ["Not supported"]),
]  # fmt: skip


@pytest.mark.parametrize("space", [0, 6])
@pytest.mark.parametrize("form", ["right", "left", "middle"])
def test_short_cells_beside_a_text_are_not_read_into_it(form: str, space: int) -> None:
    above = (
        "The ministry said in March what it will do of what it was asked for, in all of the ponds."
    )
    items, y, expected = [placed(60, 740, above)], 700.0, [above]
    for text, cell in ASKED_FOR:
        down = 6 * (len(text) - len(cell)) if form == "middle" else 0
        x, beside = (150, 60) if form == "left" else (60, 400)
        items += [placed(x, y - 12 * at, line) for at, line in enumerate(text)]
        items += [placed(beside, y - down - 12 * at, line) for at, line in enumerate(cell)]
        both = [" ".join(text), " ".join(cell)]
        expected += both[::-1] if form == "left" else both
        y -= 12 * len(text) + space
    items.append(placed(60, y - 20, "That was all it said of it."))
    assert text_of_pages(items) == [*expected, "That was all it said of it."]


def test_a_full_line_right_above_what_has_cells_beside_it_is_kept() -> None:
    text = (
        "The ministry said in March what it will do of what it was asked for, in all of the ponds."
    )
    items, y = [placed(60, 712, text)], 700.0
    for lines, cell in ASKED_FOR:
        items += [placed(60, y - 12 * at, line) for at, line in enumerate(lines)]
        items += [placed(400, y - 12 * at, line) for at, line in enumerate(cell)]
        y -= 12 * len(lines)
    assert text in " ".join(text_of_pages(items))


def test_who_speaks_stands_before_what_is_said() -> None:
    said = [
        ("The Chair:", ["I thank the keeper of the pond for what he has", "told us."]),
        ("Mr. Li (Chad):", ["Nobody asked me of it before, neither the union", "nor you."]),
        ("The Chair:", ["We will hear the union of keepers next, and the", "ministry."]),
    ]
    items, y = [], 700.0
    for name, lines in said:
        items.append(placed(60, y, name))
        items += [placed(150, y - 12 * at, line) for at, line in enumerate(lines)]
        y -= 12 * len(lines) + 6
    assert text_of_pages(items) == [f"{name} {' '.join(lines)}" for name, lines in said]


RULES: Mapping[str, Callable[[float, float, float, float], str]] = {
    "lines": lambda x, y, end, top: f"{x} {y} m {end} {y} l S {x} {y} m {x} {top} l S",
    "bars": lambda x, y, end, top: f"{x} {y} {end - x} 0.5 re f {x} {y} 0.5 {top - y} re f",
    "boxes": lambda x, y, end, top: f"{x} {y} {end - x} {top - y} re S",
}
"""How programs draw the rules of a cell, at its foot and its left or all around."""


@pytest.mark.parametrize("form", RULES)
def test_cells_between_rules_are_read_one_after_the_other(form: str) -> None:
    columns, rows = (60, 100, 300, 540), (710, 680, 650, 620)
    cells = [
        ["12.1", "Ratify the Convention on the Rights of", "The ministry has asked the keepers of"],
        [
            "12.2",
            "Let the toads of the ponds of the north",
            "Talks are under way with the union of",
        ],
        ["12.3", "Sign the treaty on newts and", "Nobody has been asked of it by the"],
    ]
    rest = [
        ["", "Keepers of Ponds (Chad);", "all ponds."],
        ["", "go (Togo);", "toads and frogs."],
        ["", "their ponds (Peru).", "union."],
    ]
    draw = RULES[form]
    items: list[Item] = []
    for at, top in enumerate(rows):
        for n, x in enumerate(columns):
            end = columns[n + 1] if n < 3 else x + 0.5
            foot = rows[at + 1] if at < 3 else top - 0.5
            if form == "boxes" and (n == 3 or at == 3):
                continue
            drawn = draw(x, foot if form == "boxes" else top, end, top if form == "boxes" else foot)
            items.append((top, 9.0, f"\2{drawn}"))
            if n < 3 and at < 3:
                items += [
                    placed(x + 4, top - 12, cells[at][n]),
                    placed(x + 4, top - 24, rest[at][n]),
                ]
    above, below = (
        "The table was made by the union in March.",
        "It was printed in May of that year.",
    )
    around = [placed(60, 740, above), placed(60, 590, below)]
    expected = [above]
    for first, second in zip(cells, rest, strict=True):
        expected += [f"{first[0]} {first[1]} {second[1]}", f"{first[2]} {second[2]}"]
    assert text_of_pages([*around, *items]) == [*expected, below]


@pytest.mark.parametrize("end", [160, 210])
def test_rules_that_run_through_words_or_between_them_part_no_cells(end: int) -> None:
    text = "The name of the keeper of the pond and of all its frogs and toads."
    boxes = [
        (700, 9.0, f"\2{RULES['boxes'](x, 640, to, 700)}") for x, to in ((60, end), (end, 460))
    ]
    items = [*boxes, placed(65, 680, text), placed(65, 650, "Frogs.")]
    assert text_of_pages(items) == [f"{text} Frogs."]


def test_entries_of_contents_are_pieces_of_their_own() -> None:
    entries = [
        ("What the keepers of the northern pond said to", "5"),
        ("Recommendations to the ministry", "9"),
    ]
    items: list[Item] = [
        placed(60, 700, "The ministry met the keepers of the pond on Monday, and of")
    ]
    for at, (entry, number) in enumerate(entries):
        items += [placed(60, 660 - 14 * at, entry), placed(500, 660 - 14 * at, number)]
    items += [
        placed(60, 632 - 14 * at, f"{entry} {'.' * 40} {number}")
        for at, (entry, number) in enumerate(entries)
    ]
    items.append(placed(60, 604, "Keepers And Toads"))
    expected = [f"{entry} {number}" for entry, number in entries]
    expected += [f"{entry} {'.' * 40} {number}" for entry, number in entries]
    assert text_of_pages(items)[1:] == [*expected, "Keepers And Toads"]


def test_a_number_on_one_row_parts_no_sentence() -> None:
    text = [
        "The ministry met the keepers of the pond on Monday, and said",
        "no more to the union of them.",
    ]
    items = [
        placed(60, 800, "Ponds"),
        placed(500, 800, "12"),
        placed(60, 786, text[0]),
        placed(60, 774, text[1]),
    ]
    assert text_of_pages(items)[-1].endswith(" ".join(text))


BESIDE = ["The keepers of the pond were held", "for a year, and nobody has told the",
          "union of it, which had asked again", "and again what they were held for."]  # fmt: skip


def test_a_text_around_a_box_goes_on_below_it() -> None:
    box = [
        "“Nobody told us of it in the year",
        "that they were held,” the union of",
        "all keepers said.",
    ]
    items = [placed(60, 700 - 12 * at, line) for at, line in enumerate(BESIDE[:3])]
    items += [placed(320, 698 - 11 * at, line) for at, line in enumerate(box)]
    below = (
        "and again what they were held for, and when all of them would be free to go home again."
    )
    items.append(placed(60, 664, below))
    expected = [" ".join(box), f"{' '.join(BESIDE[:3])} {below}"]
    assert " ".join(text_of_pages(items)) == " ".join(expected)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_what_stands_beside_a_text_is_not_read_into_it(at: int) -> None:
    above = placed(
        60,
        714,
        "The keepers are free now, as the ministry told the union of them in May of this year.",
    )
    below = placed(
        60,
        652,
        "That was not said in the letter that they sent, nor in the one that came before it.",
    )
    items = [above]
    for n, text in enumerate(BESIDE):
        items.append(placed(60, 700 - 12 * n, text))
        if at <= n < at + 2:
            items.append(placed(400, 700 - 12 * n, ("Key facts", "12 toads")[n - at]))
    found = " ".join(text_of_pages([*items, below]))
    assert " ".join(BESIDE) in found
    assert "Key facts 12 toads" in found.replace("\n", " ")


def test_a_text_that_goes_on_beside_something_is_not_cut() -> None:
    above = placed(
        60,
        714,
        "The keepers are free now, as the ministry told the union of them in the letter that",
    )
    items = [above, *(placed(60, 700 - 12 * n, text) for n, text in enumerate(BESIDE))]
    items += [placed(400, 664, "Facts")]
    assert not any(text.endswith("letter that") for text in text_of_pages(items))


COUNTED = ["The commission heard the keeper of the northern pond on Monday, who",
           "said that he had been held for a year, and that nobody had told him",
           "what he was held for. He asked the commission to hear his sister as",
           "well, who had been with him on the day of his arrest and had",
           "written down what the guards had said.", "Nobody had asked her for it.",
           "The commission will hear her in May, as it decided after a short",
           "break in which the ministry was heard. The ministry promised to bring",
           "all that it has on file, the letters of the union among it, and it",
           "said that it had 12 of them."]  # fmt: skip


@pytest.mark.parametrize("raised", [0, 2])
@pytest.mark.parametrize(("every", "x"), [(1, 50), (5, 50), (1, 410), (5, 410)])
@pytest.mark.parametrize("goes_on", [True, False])
def test_numbers_of_lines_are_none_of_the_text(
    every: int, x: int, raised: int, *, goes_on: bool
) -> None:
    pages = []
    for at, lines in enumerate([COUNTED, COUNTED, COUNTED[:6]]):
        items = [placed(72, 700 - 14 * n, line) for n, line in enumerate(lines)]
        count = len(COUNTED) * at * goes_on
        for n in range(every, len(lines) + 1, every):
            number = f"{count + n}"
            end = x + 10 - 0.7 * width(number, 9)
            items.append((714 - 14 * n + raised, 9 - raised, f"\0{end}\0{number}"))
        pages.append(items)
    text = " ".join(COUNTED)
    assert " ".join(text_of_pages(*pages)) == f"{text} {text} {' '.join(COUNTED[:6])}"


LISTED = {
    "contents": [f"{n} What the keepers of pond {n} said" for n in range(1, 10)],
    "years": [f"{2010 + n} nobody was held at pond {n}" for n in range(1, 10)],
    "paragraphs": [
        "1 The keepers of the pond were held for",
        "a year.",
        "2 The ministry did not tell the union",
        "of it.",
        "3 Nobody was told what they were held",
        "for, and nobody",
        "asked.",
        "8 Nobody will.",
    ],
    "sentences": [
        f"{n} {line}" if n else line
        for n, line in [
            (1, "The ministry did not tell the union of it at the time."),
            (2, "The union asked."),
            (3, "Nobody was told what he was held for, neither"),
            (0, "the union nor the keepers."),
            (4, "He left."),
            (5, "They were free."),
            (6, "It rained."),
            (7, "It did not."),
            (8, "It is all."),
            (9, "No."),
        ]
    ],
    "items with stops": [f"{n} open pond {n} to all of its keepers;" for n in range(1, 10)],
    "items": [
        f"{n} {item}"
        for n, item in enumerate(
            [
                "the right to a fair trial",
                "the right to know",
                "ponds",
                "the right to be heard by a judge",
                "work",
                "the right to rest",
                "schools",
                "the right to food",
                "union of keepers",
            ],
            1,
        )
    ],
}


@pytest.mark.parametrize("form", LISTED)
@pytest.mark.parametrize("is_after", [False, True])
def test_other_numbers_at_the_left_stay(form: str, *, is_after: bool) -> None:
    """Behind a page with numbers of lines, too."""
    before, items = [], []
    for at, line in enumerate(COUNTED if is_after else []):
        before += [placed(40, 700 - 14 * at, f"{at + 1}"), placed(60, 700 - 14 * at, line)]
    for at, line in enumerate(LISTED[form]):
        number, rest = line.split(" ", 1) if line[0].isdigit() else ("", line)
        items += [placed(60, 700 - 14 * at, number)] if number else []
        items.append(placed(90, 700 - 14 * at, rest))
    expected = [*(COUNTED if is_after else []), *LISTED[form]]
    assert " ".join(text_of_pages(before, items)).split() == " ".join(expected).split()
