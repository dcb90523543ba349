"""Lines of printed pages → the running text and the footnotes."""

from __future__ import annotations

import pytest
from framelens.readers.formats.pdf_pages import Line, Page, running_text, without_heads

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
