"""Web pages → passages."""

from __future__ import annotations

import io
import re
import sys

import pytest
from framelens.core.types import FOOTNOTE
from framelens.readers.formats import html
from framelens.readers.formats.html import extract
from framelens.readers.rejects import Bad

from tests.helpers import Put, read
from tests.readers.conftest import complaint_of, text_of

HEAD = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Keepers speak | Frog Rights Watch</title><meta name="author" content="Ada Keeper">
<meta property="og:site_name" content="Frog Rights Watch">
<meta property="og:title" content="Keepers speak">
<meta property="article:published_time" content="2024-03-05T10:00:00Z">
<link rel="canonical" href="https://frogs.example/news/keepers">
<script>var frog = "secret";</script></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/d">Donate</a></li></ul></nav>
<main><article><h1>Keepers speak</h1>
"""
BODY = """<p>The minister met the keepers on Monday &amp; promised
  <b>talks</b> about the ponds that were closed last year. “We will look into it,” he said.</p>
<h2>What next</h2><p>The union asks the government to:</p>
<ul><li>release all the keepers who are held;</li><li>investigate who gave the order.</li></ul>
<table><tr><th>Pond</th><td>Twelve people were held at the northern pond.</td></tr></table>
<p>A line of an address<br>and another</p>
<p>It shows &lt;script&gt;alert(1)&lt;/script&gt; to those who read it in a browser.</p>
"""
FOOT = """</article></main><footer><p>© 2024 Frog Rights Watch</p></footer></body></html>"""

TEXT = """\
Keepers speak

The minister met the keepers on Monday & promised talks about the ponds that were closed last \
year. “We will look into it,” he said.

What next

The union asks the government to:

release all the keepers who are held;

investigate who gave the order.

Pond

Twelve people were held at the northern pond.

A line of an address
and another

It shows <script>alert(1)</script> to those who read it in a browser."""

META = {
    "title": "Keepers speak",
    "date": "2024-03-05",
    "author": "Ada Keeper",
    "source": "Frog Rights Watch",
    "url": "https://frogs.example/news/keepers",
}


def texts_of(page: str) -> list[str]:
    return [text for text, _ in extract(page).blocks]


@pytest.mark.parametrize("name", ["page.html", "page.HTM"])
def test_a_page(put: Put, name: str) -> None:
    path = put(name, HEAD + BODY + FOOT)
    assert text_of(path) == TEXT
    assert [dict(passage.meta) for passage in read([path])] == [META] * TEXT.count("\n\n") + [META]


def test_standard_input_may_be_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"\xef\xbb\xbf\n" + (HEAD + BODY + FOOT).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert next(read(["-"])).doc == "stdin"


SHORT = [
    ("<p>One short line.</p><p>Two.", "One short line. Two."),
    ("Just words.", "Just words."),
    ("<html><body><div>One.<div>Two.</div>three</div></body></html>", "One. Two. three"),
    *(
        (f"<html><body><p>One.</p>{end}<p>Two.</p></body></html>", "One. Two.")
        for end in ("</body>", "</HTML >", "</body></html>", "</body></html><html><body>")
    ),
    ("<html><body>" + "<div>" * 200 + "Deep." + "</div>" * 200, "Deep."),
]


@pytest.mark.parametrize(("page", "expected"), SHORT)
def test_little_pages(page: str, expected: str) -> None:
    assert " ".join(texts_of(page)) == expected


@pytest.mark.parametrize("name", ["a.html", "a.HTM", "a.xhtml"])
def test_names_of_pages(put: Put, name: str) -> None:
    page = (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">{}</html>'
    )
    (found,) = read([put(name, page.format("<body><p>The talks failed.</p></body>"))])
    assert found.text == "The talks failed."


NEWS = (
    "<h1>Frogs win the vote</h1><time datetime='2024-03-05'>5 March 2024</time>"
    "<p>The pond was opened on Monday. It is large.</p><p>Keepers were glad.</p>"
)
SAID = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "articleBody": "The pond was '
    "opened on Monday. It is large. Keepers were glad. They had waited for it since the pond was "
    'closed in May of last year."}</script>'
)
BLOCKS = [
    "Frogs win the vote",
    "5 March 2024",
    "The pond was opened on Monday. It is large.",
    "Keepers were glad.",
]


@pytest.mark.parametrize(
    "page",
    [
        f"<body>{NEWS}",
        f"<html><body><nav>Home</nav><article>{NEWS}</article><footer>© Frogs</footer></body></html>",
        f"<html><body><div><main>{NEWS}</main><aside>More news</aside></div></body></html>",
        f"<html><head>{SAID}</head><body>{NEWS}</body></html>",
        f"<html><body>{NEWS.replace('h1>', 'div>').replace('time', 'div')}</body></html>",
    ],
)
def test_blocks_of_short_pages_stay_apart(page: str) -> None:
    assert texts_of(page) == BLOCKS


TYPED = """For release on Monday

The keepers of the northern pond were held for
a year, <b>and nobody</b>
<i>told them</i> why.

They are free now.
So be it."""
PARAGRAPHS = [
    "For release on Monday",
    "The keepers of the northern pond were held for\na year, and nobody\ntold them why.",
    "They are free now.\nSo be it.",
]


@pytest.mark.parametrize(
    "page",
    [
        f"<html><body><pre>\n{TYPED}\n</pre></body></html>",
        f"<main><h1>Keepers</h1><PRE class=a><font>{TYPED}</font></PRE></main>",
        f"<main><p><span style='color: red; white-space: pre-wrap'>{TYPED}</span></p></main>",
        "<main><p>{}</p></main>".format(TYPED.replace("\n", "<br>\n")),
    ],
)
def test_lines_and_paragraphs_as_they_were_typed(page: str) -> None:
    assert texts_of(page)[-3:] == PARAGRAPHS


def test_runs_of_text_shown_as_typed_are_no_paragraphs() -> None:
    runs = (f"<span style='white-space:pre'>{word} </span>" for word in ["They", "are", "free."])
    assert texts_of(f"<main><p>{''.join(runs)}</p></main>") == ["They are free."]


LOST = [
    "Frogs win the vote",
    "The pond was opened on Monday, and all of the keepers that were asked for it were very glad of it.",
    "What next",
    "The keepers, who had waited for it for a year and more, ask of the ministry that it see to this:",
    "open the ponds in the south;",
    "let the keepers go.",
    "Nobody at the ministry wanted to comment on what was asked, though it had been told of it before.",
]


def test_headings_and_lists_that_trafilatura_leaves_out() -> None:
    shared = "<h1>Frogs win the vote</h1><ul><li>Tell others</li></ul>"
    tags = ["h1", "p", "h2", "p", "li", "li", "p"]
    body = "".join(f"<{tag}>{text}</{tag}>" for tag, text in zip(tags, LOST, strict=True))
    body = body.replace(f"<h1>{LOST[0]}</h1>", shared)
    found = extract(f"<html><body><nav>Home</nav><div id=page>{body}</div></body></html>")
    assert [text for text, _ in found.blocks] == LOST
    assert [kind == "heading" for _, kind in found.blocks] == [tag in {"h1", "h2"} for tag in tags]


def test_a_date_alone_at_the_top_comes_before_one_in_the_text() -> None:
    page = f"<html><body><div>June 2013</div><p>{LOST[1]}</p><p>1 Letter of 3 May 2012.</p></body></html>"
    assert extract(page).meta["date"] == "2013-06"
    assert extract(page.replace("June", "Updated June")).meta["date"] != "2013-06"


def in_latin(charset: str) -> bytes:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    return f"<html><head>{meta}</head><body><p>Réunion – fin.</p></body></html>".encode("cp1252")


ENCODINGS = [
    (in_latin("windows-1252"), "utf-8"),
    (in_latin("ISO-8859-1"), "utf-8"),
    (in_latin("windows-1252").replace(b"<meta", b"<script>" + b"a=1;" * 9_999 + b"</script><meta"), "utf-8"),
    (in_latin("klingon"), "cp1252"),
    (in_latin("hex"), "cp1252"),
    (in_latin("undefined"), "cp1252"),
    ("<p>Réunion – fin.</p>".encode("cp1252"), "cp1252"),
    ("<p>Réunion – fin.</p>".encode("utf-16"), "utf-8"),
    (b"\xef\xbb\xbf" + "<p>Réunion – fin.</p>".encode(), "latin-1"),
    ('<?xml version="1.0" encoding="iso-8859-15"?><html><body><p>Réunion'.encode("latin-1")
     + b" \xa4 fin.</p></body></html>", "utf-8"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "encoding"), ENCODINGS)
def test_encodings(put: Put, content: bytes, encoding: str) -> None:
    (passage,) = read([put("a.html", content)], encoding=encoding)
    assert passage.text.replace("€", "–") == "Réunion – fin."


BAD = [
    (b"", "no text in it"),
    (b"<html><body><script>alert(1)</script></body></html>", "no text in it"),
    (b"<p>R\xe9union.</p>", "byte 0xE9 at offset 4 (line 1) is not UTF-8; name the encoding"),
    (b"\x89PNG\0\0", "looks binary; expected text"),
]


@pytest.mark.parametrize(("content", "expected"), BAD)
def test_bad_files(put: Put, content: bytes, expected: str) -> None:
    assert complaint_of(put("a.html", content)).startswith(expected)


def test_pages_have_a_largest_size(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "LIMIT", 1 << 20)
    path = put("a.html", b"<p>" + b"frog " * (1 << 18))
    assert complaint_of(path) == "larger than 1 MB; expected a smaller document"


GRAPH = '{"@graph": [{"@type": "WebSite"}, {"@type": "NewsArticle", "dateModified": "2024-06-01", \
"datePublished": "2024-03-05T08:00:00+00:00"}]}'
DATES = [
    (f'<script type="application/ld+json">{GRAPH}</script>', "", "2024-03-05"),
    ('<meta property="article:modified_time" content="2024-06-01">'
     '<meta property="article:published_time" content="2024-03-05T10:00Z">', "", "2024-03-05"),
    ("", '<p>Published <time datetime="2024-03-05">5 March</time></p>', "2024-03-05"),
    ("", '<p>Updated <time datetime="2024-06-01">1 June</time></p>'
     "<time>5 March 2024</time>", "2024-03-05"),
    ("", '<time class="modified" datetime="2024-06-01"></time><time datetime="2024-03-05"></time>',
     "2024-03-05"),
    ('<script type="application/ld+json">{oops</script><meta name="DC.date" content="2024-03-05">', "",
     "2024-03-05"),
    ('<meta property="article:modified_time" content="2024-06-01">', "", None),
    ("", '<time datetime="2999-05-07">7 May</time><time datetime="2024-03-05"></time>', "2024-03-05"),
    ("", '<time datetime="2999-05-07">7 May</time>', None),
    ("", '<div class="event-date"><time datetime="2024-03-05">5 March</time></div>', None),
    ("", '<p>Deadline: <time datetime="2024-03-05">5 March 2024</time></p>', None),
    ("", '<p>The keepers of the northern pond were freed on <time datetime="2024-03-05">5 March</time> '
     "after a year, as the union said.</p>", None),
    ("", "<p>They were held in 2019.</p><footer>Copyright 2019</footer>", None),
    ("", "<p>They were held on 1 January 2019, as the union said.</p>", "2019-01-01"),
    ("", "<p>They were held from 2019-01-01 on, as the union said.</p>", "2019-01-01"),
    ("", '<p class="date">1.1.2019</p>', "2019-01-01"),
    ('<meta property="article:published_time" content="2019-1-1">', "", "2019-01-01"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "body", "expected"), DATES)
def test_the_date_of_publication(head: str, body: str, expected: str | None) -> None:
    page = f"<html><head>{head}</head><body><article>{body}{BODY}</article></body></html>"
    assert extract(page).meta["date"] == expected


def test_a_main_element_within_the_header() -> None:
    page = f"<html><body><header><nav>Home</nav><main><h1>Ponds</h1>{BODY}</main></header></body></html>"
    assert texts_of(page)[1].startswith("The minister met the keepers on Monday")


def test_blocks_without_paragraphs_stand_apart() -> None:
    lines = [
        f"The keepers of pond {at} were held for a year, and nobody knows why." for at in range(9)
    ]
    page = (
        f"<html><body><main>{''.join(f'<div><span>{line}</span></div>' for line in lines)}</main>"
    )
    assert texts_of(page) == lines


NUMBERED = [
    ("<ol start='3'><li>{}<li><p>{}</p></ol>", ["3. ", "4. "]),
    ("<ol type='a'><li>{}<ol type='i' start='8'><li>{}</ol></ol>", ["(a) ", "(viii) "]),
    ("<ol type='1'><li> <p><b><i>{}</i></b><li><b>{}</b></ol>", ["1. ", "2. "]),
    ("<ol type='I'><li value='4'>{}<li value='x'>{}</ol>", ["IV. ", "V. "]),
    ("<ol><li value='7'><p>{}</p><li>{}</ol>", ["7. ", "8. "]),
    ("<ol start=' -1 '><li>{}<li>{}</ol>", ["-1. ", "0. "]),
    ("<ol reversed start='5'><li>{}<li>{}</ol>", ["5. ", "4. "]),
    ("<ol reversed type='i'><li>{}<li>{}</ol>", ["(ii) ", "(i) "]),
    ("<ol type='a' style='list-style: none'><li>(a) {}<li>(b) {}</ol>", ["(a) ", "(b) "]),
    ("<ol><li>{}<li>{}</ol>", ["", ""]),
]


@pytest.mark.parametrize(("form", "expected"), NUMBERED)
def test_lists_of_word_processors_are_numbered(form: str, expected: list[str]) -> None:
    lines = [f"The keepers of pond {name} were held for a year, and why?" for name in "AB"]
    page = f"{HEAD}{BODY}{form.format(*lines)}{FOOT}"
    found = [text for text in texts_of(page) if "were held for a year, and why" in text]
    assert found == [number + line for number, line in zip(expected, lines, strict=True)]


PARTS = [
    # Each bar is the end of a part.
    "<ul><li>Release the keepers.|<div>Open the ponds.|</div>It was asked twice.|</ul>",
    "<ul><li><div><b>Release the keepers.</b></div>|<div><a href='#'>Open the ponds.</a>|</div></ul>",
    "<ul><li><section>Release them.|</section><section>Open the ponds.|</section></ul>",
    "<dl><dt>Pond|<dd><div>It is closed.|</div><div>It is deep.|</div></dl>",
    "<blockquote><div>They are held.|</div><div>We ask for talks.|</div></blockquote>",
    "<table><tr><td><p>Asked:|</p><ul><li>free them;|<ol><li>at once.|</ol></ul><td>Noted.|</table>",
    "<table><tr><td>Ponds|<dl><dt>Pond A|<dd>It is closed.|</dl><td>Noted.|</table>",
    "<table><tr><td><section>Free them.|</section><section>Talk.|</section><td>Noted.|</table>",
    "<p>Item 3|<br><br>The keepers met|<br/><br/>He was glad|</p>",
    "<p>He said <q>we trained <b>them</b></q> in <code>frog-law</code> there.|</p>",
]


@pytest.mark.parametrize("form", PARTS)
def test_parts_of_items_and_cells_stand_apart_and_words_in_a_line_do_not(form: str) -> None:
    page = f"{HEAD}{BODY}{form.replace('|', '')}{FOOT}"
    marked = form.replace("<q>", "“").replace("</q>", "”")
    expected = [part for part in re.sub("<[^>]*>", "", marked).split("|") if part]
    assert texts_of(page)[-len(expected) :] == expected


def test_raised_figures_stand_apart_from_words() -> None:
    page = f"{HEAD}{BODY}<p>The mission<sup><a href='#n'>12</a></sup> is held.<sup>3</sup>{FOOT}"
    assert "The mission¹² is held.³" in texts_of(page)


def test_elements_say_what_kind_their_text_is() -> None:
    kinds = dict(extract(HEAD + BODY + FOOT).blocks)
    assert kinds["What next"] == "heading"
    assert kinds["release all the keepers who are held;"] == "prose"
    assert kinds["Pond"] == "table"


@pytest.mark.parametrize("deep", [100, 300, 1_900])
def test_what_lies_deep_is_read(deep: int) -> None:
    page = f"<html><body><article>{'<div>' * deep}{BODY}{'</div>' * deep}{BODY}</article></body>"
    text = " ".join(texts_of(page))
    assert text.count("who gave the order") == 2


def test_what_lies_too_deep_is_not_lost_silently() -> None:
    with pytest.raises(Bad, match="nest over 2,000 deep"):
        extract(f"<html><body>{BODY}{'<div>' * 3_000}{BODY}")


KEEPERS = "<h1>Keepers</h1><p>The keepers were held for a year.</p>{}<p>They are free.</p>"
UNSEEN = "<p>A draft of it that nobody sees.</p>"
SEEN = ["Keepers", "The keepers were held for a year.", "They are free."]


@pytest.mark.parametrize("form", ["<main>{}</main>", "<div>{}</div>"])
@pytest.mark.parametrize(
    "hidden",
    [
        f"<div hidden>{UNSEEN}</div>",
        f"<section hidden='hidden'><div hidden>{UNSEEN}</div></section>",
        f"<template>{UNSEEN}</template>",
        f"<div style='color: red; display: none'>{UNSEEN}</div>",
        f"<noscript>{UNSEEN}</noscript>",
        f"<div role='dialog'>{UNSEEN}</div>",
        f"<dialog>{UNSEEN}</dialog>",
        f"<del>{UNSEEN}</del>",
    ],
)
def test_what_a_browser_does_not_show_on_the_page_is_left_out(form: str, hidden: str) -> None:
    assert texts_of(form.format(KEEPERS.format(hidden))) == SEEN


@pytest.mark.parametrize(
    "page",
    [
        "<div>{}<div role='tabpanel' hidden>" + UNSEEN + "</div></div>",
        "<div>{}<div hidden='until-found'>" + UNSEEN + "</div></div>",
        "<div>{}<nav><a href='#more'>More</a></nav><div id='more' hidden>"
        + UNSEEN
        + "</div></div>",
        "<div>{}<button aria-controls='more'>More</button><div id='more' hidden>"
        + UNSEEN
        + "</div></div>",
        "<div>{}</div><div id='S:0' hidden>" + UNSEEN + "</div>",
    ],
)
def test_what_a_click_shows_is_read(page: str) -> None:
    assert len(texts_of(page.format(KEEPERS.format("")))) == len(SEEN) + 1


@pytest.mark.parametrize("hidden", ["hidden", "style='display:none'"])
def test_what_a_click_shows_is_read_on_long_pages(hidden: str) -> None:
    body = "".join(f"<p>{text}</p>" for text in LOST)
    inner = f"<a href='#more'>More</a><div id='more' {hidden}>{UNSEEN}</div><p>They are free.</p>"
    found = texts_of(f"<html><body><main>{body}{inner}</main></body></html>")
    assert found[-2:] == ["A draft of it that nobody sees.", "They are free."]


def test_what_a_script_shows_is_read_where_it_is_most_of_the_page() -> None:
    page = f"<p>Loading.</p><div hidden id='S:0'>{KEEPERS.format('')}</div>"
    assert texts_of(page) == ["Loading.", *SEEN]


NAMES_OF_NOTES = [
    ("_ftn", "_ftnref"), ("fn:", "fnref:"), ("cite_note-", "cite_ref-"), ("ftnt", "ftnt_ref"),
    ("footnote-", "footnote-anchor-"), ("_edn", "_ednref"), ("footnote1_", "footnoteref1_"),
    ("cmnt", "cmnt_ref"),
]  # fmt: skip


@pytest.mark.parametrize("form", ["<p>{back} {0}</p>", "<ol><li>{0} {back}</li></ol>"])
@pytest.mark.parametrize(("note", "place"), NAMES_OF_NOTES)
def test_footnotes_with_links_back(put: Put, note: str, place: str, form: str) -> None:
    there = f"<a href='#{note}1' id='{place}1'>1</a>"
    back = f"<a href='#{place}1' id='{note}1'>1</a>"
    text = KEEPERS.format(f"<p>Nobody knows why.{there} Nobody asks.</p>")
    path = put("page.html", f"<main>{text}{form.format('It says so.', back=back)}</main>")
    *body, last = read([path])
    assert [one.text for one in body] == [*SEEN[:2], "Nobody knows why.1 Nobody asks.", SEEN[2]]
    assert last.meta["part"] == FOOTNOTE
    assert "It says so." in last.text


@pytest.mark.parametrize(
    "page",
    [
        "{text}<p id='fnref2'>So.</p><p>On 2 May, The frogs went<a href='#fnref2'>2</a> and came again.</p>",
        "{text}<p id='fnref1'>So.</p><p>The frogs went<a href='#fnref1'></a> and came again.</p>",
        "{text}<p id='references'>So.</p><p>The frogs went. <a href='#endreferences'>References</a></p>",
        "{text}<p>The frogs went<a href='#footnote-ref-1'>1</a></p>",
        "<div>The frogs went<a id='fnref1'>1</a> far.<br><br>See it. <a href='#fnref1'>back</a></div>",
        "<table><td>1. The frogs went<a id='_ftnref1'>1</a> far.<br><a href='#_ftnref1'>1</a> See.</table>",
        "<div id='press-note-5'>The frogs went<a id='fnref1'>1</a><p>See. <a href='#fnref1'>1</a></p></div>",
    ],
)
def test_text_that_only_resembles_a_footnote_stays(page: str) -> None:
    assert "The frogs went" in " ".join(texts_of(page.format(text=KEEPERS.format(""))))


def test_asides_are_footnotes_too() -> None:
    note = "<aside id='fn1'><p>It says so. <a href='#fnref1'>back</a></p></aside>"
    text = KEEPERS.format("<p>Nobody knows why.<a href='#fn1' id='fnref1'>1</a></p>")
    assert extract(f"<main>{text}{note}</main>").notes == ["It says so. back"]


def test_links_back_within_a_text_make_no_footnote() -> None:
    page = "<main>" + KEEPERS.format(
        "<p>It stands in a note<a href='#fnref1'>1</a> below.</p><p>See this<a href='#fnref2'>2</a></p>"
        "<p id='fnref2'>The frogs went.</p>"
    )
    assert len(texts_of(page)) == len(SEEN) + 3


def test_terms_of_definitions_are_no_items() -> None:
    long = " ".join(SEEN[1:]) * 3
    page = f"<main><h1>Keepers</h1><p>{long}</p><dl><dt>Keeper</dt><dd>Who keeps a pond.</dd></dl></main>"
    kinds = dict(extract(page).blocks)
    assert kinds["Keeper"] is None
    assert kinds["Who keeps a pond."] == "prose"
