"""Lines of printed pages → the running text and the footnotes."""

from __future__ import annotations

import pytest
from framelens.readers.formats.pdf.heads import without_heads
from framelens.readers.formats.pdf.lines import Line, Page
from framelens.readers.formats.pdf.pages import running_text

HEIGHT = 800.0


def printed(*items: tuple[float, str], size: float = 10) -> Page:
    return Page([Line(text, y, size) for y, text in items], HEIGHT)


def texts(pages: list[Page]) -> list[list[str]]:
    return [[line.text for line in page.lines] for page in pages]


def sides(head: str, foot: str, count: int) -> list[Page]:
    """Pages with a head and a foot; `#` is the page's number."""
    return [
        printed(
            (780, head.replace("#", str(n))), (400, f"Body {n}"), (20, foot.replace("#", str(n)))
        )
        for n in range(7, 7 + count)
    ]


HEADS = [
    ("A/POND/12", "#"),
    ("Annual report | #", "Frog Rights Watch"),
    ("# Annual report", "page # of 12"),
    ("Annual report", "– # –"),
    ("#/12 | Ponds 2024", "frogs.example/report #/12"),
    ("Annual report", "GE.17-04567 #"),
]


@pytest.mark.parametrize("count", [2, 3, 9])
@pytest.mark.parametrize(("head", "foot"), HEADS)
def test_heads_and_feet(head: str, foot: str, count: int) -> None:
    found = texts(without_heads(sides(head, foot, count)))
    assert found == [[f"Body {n}"] for n in range(7, 7 + count)]


def test_left_and_right_pages_have_heads_of_their_own() -> None:
    pages = [
        printed((780, "Ponds" if n % 2 else f"{n} Report"), (400, f"Body {n}")) for n in range(8)
    ]
    assert texts(without_heads(pages)) == [[f"Body {n}"] for n in range(8)]


@pytest.mark.parametrize("count", [2, 4])
def test_the_number_stands_at_other_ends_of_left_and_right_pages(count: int) -> None:
    feet = [f"GE.17-04567 {n}" if n % 2 else f"{n} GE.17-04567" for n in range(1, count + 1)]
    pages = [printed((400, f"Body {n}"), (20, foot)) for n, foot in enumerate(feet, start=1)]
    assert texts(without_heads(pages)) == [[f"Body {n}"] for n in range(1, count + 1)]


STAY = [
    [printed((780, "Ponds"), (400, "Body"))],
    [printed((780, f"Article {n * n}. Frogs"), (400, "Body")) for n in range(1, 9)],
    [printed((780, "Ponds"), (400, "A")), printed((780, "Frogs"), (400, "B"))],
    [printed((400, "Same"), (380, "Same")) for _ in range(5)],
    # Too deep in to be a head.
    [printed((790, f"a{v}"), (780, f"b{v}"), (770, f"c{v}"), (760, "Yes.")) for v in "aeiou"],
]


@pytest.mark.parametrize("pages", STAY)
def test_what_stays(pages: list[Page]) -> None:
    assert texts(without_heads(pages)) == texts(pages)


def test_a_title_in_other_letters_is_no_running_head() -> None:
    title = Page([Line("Ponds", 780, 24), Line("Body 0", 400, 10)], HEIGHT)
    pages = [title, *(printed((780, "Ponds"), (400, f"Body {n}")) for n in range(1, 5))]
    assert texts(without_heads(pages))[:2] == [["Ponds", "Body 0"], ["Body 1"]]


def full(*lines: str, top: float = 780, step: float = 12) -> list[tuple[float, str]]:
    return [(top - step * at, line) for at, line in enumerate(lines)]


def listed(number: int, first: str = "", last: str = "") -> list[str]:
    """The lines of a full page of recommendations."""
    items = [f"{number}.{at} Free the frogs of pond {number * at * at} (Chad);" for at in range(58)]
    return [*filter(None, [first]), *items, *filter(None, [last])]


ASKED = "Free all of the toads that are held in the north"
SAID = "they refused to do so, although the court had ordered it twice."
BY_CHANCE = [
    # Tails of recommendations that the page before began.
    [
        listed(n, first="(France);" if n % 2 else "", last="" if n % 2 else f"{ASKED} {n**3}")
        for n in range(5)
    ],
    [
        listed(n, first="(Peru);" if n in (3, 9, 15) else "", last=ASKED if n in (2, 8, 14) else "")
        for n in range(20)
    ],
    # A formula at the end of pages and within them.
    [[SAID, *listed(n), SAID] for n in range(2)],
    [[*listed(n)[:30], SAID, *listed(n)[30:], SAID] for n in range(6)],
    [listed(n, last="2019") for n in range(1)],
]


@pytest.mark.parametrize("step", [12, 12.9])
@pytest.mark.parametrize("lines", BY_CHANCE)
def test_what_begins_or_ends_pages_by_chance_stays(lines: list[list[str]], step: float) -> None:
    plain = [printed(*full(*found, top=775, step=step)) for found in lines]
    assert texts(without_heads(plain)) == lines
    heads = [(798.0, "A/POND/12") for _ in lines]
    headed = [
        Page([Line(text, y, 8) for y, text in [head]] + list(page.lines), HEIGHT)
        for head, page in zip(heads, plain, strict=True)
    ]
    assert texts(without_heads(headed))[1:] == lines[1:]


def test_tails_with_spaces_between_paragraphs_complete_the_page_before() -> None:
    """Where a page's first line stands as far from the next as paragraphs do."""
    pages = []
    for n in range(6):
        lines = full(*(f"{n}.{at} Free frog {n * at * at} now." for at in range(38)), step=18)
        tail = [(lines[-1][0] - 18, ASKED)] if n % 2 == 0 else [(lines[-1][0] - 18, "So it was.")]
        head = [(798.0, "(France);")] if n % 2 else []
        pages.append(printed(*head, *lines, *tail))
    found = running_text(pages)
    assert found.lines.count("(France);") == 3
    after = [at for at, line in enumerate(found.lines) if line == "(France);"]
    assert all(found.goes_on[at] and found.lines[at - 1] == ASKED for at in after)


def test_heads_in_the_text_s_letters_and_near_it_go_if_they_stand_on_most_pages() -> None:
    pages = [printed(*full("A/POND/12", *listed(n))) for n in range(6)]
    assert texts(without_heads(pages)) == [listed(n) for n in range(6)]


def with_notes(body: list[str], *notes: str) -> Page:
    lines = [Line(text, 700 - 12 * at, 10) for at, text in enumerate(body)]
    small = [Line(text, 150 - 10 * at, 8) for at, text in enumerate(notes)]
    return Page([*lines, *small], HEIGHT)


def test_footnotes_go_apart_and_over_pages() -> None:
    found = running_text([
        with_notes(["The minister refused.1", "He said"], "__________", "1 Letter of 3 May, on"),
        with_notes(["no.2 So it was.* Well."], "file.", "2 Ibid., para. 4.", "* A pun."),
        with_notes(["The end, which is long enough."]),
    ])  # fmt: skip
    assert found.lines == [
        "The minister refused.1", "He said", "no.2 So it was.* Well.",
        "The end, which is long enough.",
    ]  # fmt: skip
    assert found.notes == ["1 Letter of 3 May, on\nfile.", "2 Ibid., para. 4.", "* A pun."]


def test_footnotes_that_repeat_are_no_running_feet() -> None:
    pages = [
        Page(
            [Line("A long line of text.", 400, 10), Line(f"{7 * n} Ibid., p. {n}.", 60, 8)], HEIGHT
        )
        for n in range(1, 7)
    ]
    assert running_text(pages).notes == [f"{7 * n} Ibid., p. {n}." for n in range(1, 7)]


NO_NOTES = [
    with_notes(["A text with a caption in small print."], "Keepers at the pond"),
    Page([Line("1 Small print on top", 700, 8), Line("A longer body text.", 300, 10)], HEIGHT),
    Page([Line("1 As large as the text", 100, 9.8), Line("A longer body text.", 300, 10)], HEIGHT),
]


@pytest.mark.parametrize("page", NO_NOTES)
def test_small_print_that_is_no_footnote(page: Page) -> None:
    found = running_text([page])
    assert len(found.lines) == 2
    assert found.notes == []


def test_spaces_between_lines() -> None:
    upper = [(700, "Heading"), (670, "One two"), (658, "three."), (640, "Four,"), (600, "five.")]
    lower = [(588, "Six"), (576, "seven,"), (564, "eight."), (552, "Nine.")]
    assert running_text([printed(*upper, *lower)]).lines == [
        "Heading", "", "One two", "three.", "", "Four,", "five.", "Six", "seven,", "eight.",
        "Nine.",
    ]  # fmt: skip


def test_lines_that_go_on_tell_where_paragraphs_of_one_line_end() -> None:
    lines = [(700, "Recalling the ponds,"), (676, "Noting that the keepers"), (663, "were held,")]
    more = [(639 - 24 * at, f"Welcoming pond {at},") for at in range(6)]
    found = running_text([printed(*lines, *more)]).lines
    assert found[:4] == ["Recalling the ponds,", "", "Noting that the keepers", "were held,"]
    assert found[4:] == [text for _, line in more for text in ("", line)]


def test_a_raised_mark_pushes_its_line_down() -> None:
    lines = [
        (700, "They were held"),
        (688, "for two days in the town of"),
        (671, "Toad.² So be it."),
    ]
    assert "" not in running_text([printed(*lines, (659, "and so on."))]).lines
    ended = [
        (700, "They were held"),
        (688, "for two days."),
        (671, "Toad² came."),
        (659, "and so on."),
    ]
    assert running_text([printed(*ended)]).lines[2] == ""


def test_all_notes_in_full_size_go_apart() -> None:
    body = [(700 - 12 * at, "a line of the text of the ponds") for at in range(9)]
    notes = [(124, "1 On file."), (112, "with the union."), (94, "2 Ibid., at 7.")]
    found = running_text([printed(*body, *notes)])
    assert found.notes == ["1 On file.\nwith the union.", "2 Ibid., at 7."]


FULL = "The keepers said in the spring of that year that they had not"
POINTED = ["1. Frog v. Toad, no. 7 (2012).", "[2] Pond Watch, report, at 12.", "3) 2013 report."]


def under(text: list[str], notes: list[str]) -> Page:
    lines = [Line(line, 400 - 12 * at, 10, 60, 500) for at, line in enumerate(text)]
    small = [Line(note, 100 - 10 * at, 8, 60, 300) for at, note in enumerate(notes)]
    return Page([*lines, *small], HEIGHT)


def test_small_print_at_the_foot_is_notes_whatever_their_marks() -> None:
    found = running_text([under([FULL], POINTED), under(["Monday free time, they said."], [])])
    assert found.notes == POINTED
    # The sentence goes on over the page, in whatever letter.
    assert found.lines == [FULL, "Monday free time, they said."]
    assert found.goes_on == [False, True]


def test_a_list_on_a_page_in_small_print_is_no_note() -> None:
    pages = [under([FULL] * 9, []), under(["Annex"], [f"{n}. Pond {n}" for n in range(1, 5)])]
    assert running_text(pages).notes == []


def test_notes_below_one_column_stay_out_of_the_other() -> None:
    left = [Line("A long line of a text in print.", 300, 10, 60, 280)]
    note = [Line("1. Frog v. Toad.", 100, 8, 60, 180)]
    right = [Line("Another long line of the text.", 60 + 12 * n, 10, 310, 530) for n in (9, 0)]
    found = running_text([Page([*left, *note, *right], HEIGHT)])
    assert found.notes == ["1. Frog v. Toad."]
    assert len(found.lines) - found.lines.count("") == 3


@pytest.mark.parametrize(
    "printed_by_browser",
    [
        "https://frogs.example/en/keepers-held 1/1",
        "3/14/23, 9:12 AM The keepers of the northern pond are held, and nobody says why | Frogs",
        "1 of 1 14/03/2023, 09:12",
    ],
)
def test_what_browsers_print_at_the_edges_of_a_page(printed_by_browser: str) -> None:
    text = [(700.0 - 14 * at, "The keepers were held for a year.") for at in range(3)]
    for y in (780.0, 17.0):
        found = texts(without_heads([printed(*text, (y, printed_by_browser))]))
        assert found == [[line for _, line in text]]
