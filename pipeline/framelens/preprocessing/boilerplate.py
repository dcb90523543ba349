"""Page furniture: what surrounds a text on its page and is no part of it.

Menus, bylines, captions, datelines, appeals for donations, notices. A line is furniture if a rule
says so; a short label is if it stands in a row of labels, which is a menu.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby, tee
from typing import NamedTuple

from framelens.core.types import Passage
from framelens.preprocessing.boundaries import BREAKS, pieces, sentences_at_stops
from framelens.preprocessing.sentences import blocks

LONGEST = 500
"""No furniture is longer, in characters."""
MENU = 5
"""How many labels in a row make a menu."""
LINE = 200
"""The longest byline, dateline or line of a menu, in characters."""
LABEL = 40
"""The longest label, in characters."""

CONTROLS = """
about; about us; accessibility; advertisement; back; back to top; blog; blogs; careers; click
to enlarge; click to expand; click to expand image; close; contact; contact us; cookie policy;
cookie settings; cookies; copy link; countries; deutsch; donate; donate now; download;
download pdf; download the pdf; e-mail; email; english; español; events; explore topics;
facebook; français; gallery; give now; home; homepage; instagram; jobs; join; join us;
language; languages; latest news; learn more; leave a comment; like; linkedin; listen to this
article; load more; log in; login; main menu; menu; more; most popular; most read; most
viewed; multimedia; news; newsletter; newsletters; next; next article; next page; our work;
photo; photos; play video; please recycle; português; press; press room; previous; previous
article; previous page; print; privacy; privacy notice; privacy policy; privacy statement;
publications; read more; region; region / country; regions; register; related; related
articles; related content; related links; related news; related stories; related topics; rss;
search; see all; see more; share; show more; sign in; sign up; site map; sitemap; sponsored;
subscribe; support us; telegram; terms; terms and conditions; terms of service; terms of use;
toggle navigation; top; topics; trending; tweet; twitter; video; videos; view all; what we do;
whatsapp; who we are; x; youtube; русский; العربية; 中文
"""
"""What one clicks on."""

_NAME = r"[A-ZÀ-Þ][\w’'.-]*"
_NAMES = rf"{_NAME}(?:\s(?:{_NAME}|de[nr]?|d[aiou]|la|van|von|bin|ibn|al)){{1,4}}"
_MONTH = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|"
    r"Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = rf"(?:\d{{1,2}}\s{_MONTH},?\s\d{{4}}|{_MONTH}\s\d{{1,2}},?\s\d{{4}}|\d{{4}}-\d\d-\d\d)"
_DATE = rf"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s)?{_DAY}"
_TIME = r"\d{1,2}[:.]\d\d(?:\s?[AaPp]\.?[Mm]\.?)?(?:\s[A-Z]{2,4})?"

WHOLE = [
    # Links that jump, and buttons.
    r"(?i:(?:skip|jump)\s(?:to|over)\s(?:the\s)?(?:main\s|primary\s)?(?:content|navigation|menu|"
    r"search|footer|main)\W*)+",
    r"(?i:share\s(?:this\s?)?(?:(?:article|page|story|post)\s?)?(?:(?:on|via)\s[\w\s]{1,30})?)|(?:Tags|Topics|Filed\sunder|Categories):.*|"
    r"\d{1,3}[\s-]min(?:ute)?s?\sread|(?:Next|Previous)\s(?:article|story|post):.*",
    # Breadcrumbs.
    r"(?:[\w’'&-]+(?:\s[\w’'&-]+){0,3}\s[>»›|•·]\s){2,}[\w’'&-]+(?:\s[\w’'&-]+){0,7}",
    r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    # Bylines.
    rf"(?:By|BY)\s{_NAMES}(?:(?:,|,?\sand|\s&)\s{_NAMES}){{0,3}}(?:(?:,|\s\||\sin)\s[^.!?]{{2,60}})?",
    rf"(?:(?:Written|Posted|Published|Reporting|Edited|Editing)\sby:?\s{_NAMES}"
    rf"(?:(?:,|,?\sand|\s&)\s{_NAMES}){{0,3}}[;.]?\s?){{1,2}}|Authors?:\s.{{2,120}}",
    # Datelines.
    rf"(?:(?:[Ff]irst\s)?(?:[Pp]ublished|[Uu]pdated|[Pp]osted|[Rr]eleased|[Dd]ate|[Ll]ast\s(?:[Uu]pdated|"
    rf"[Mm]odified))(?:\son)?:?\s)?\(?(?:{_NAME}(?:\s{_NAME}){{0,2}}(?:,\s|\s\(|\s[-–—]\s))?{_DATE}"
    rf"(?:,?\s(?:at\s|[-–—|]\s)?{_TIME})?(?:\s[-–—|]\s.{{1,40}})?\W*|{_TIME}\W*",
    # Mastheads of the United Nations.
    r"Distr\.:?\s?\w+|Original:\s?\w+|GE\.\d\d-\d{4,6}.{0,12}|\*?\d{7}\*?|"
    r"(?:United\sNations\s)?[A-Z]{1,4}(?:/[\w.]+){2,}\*?|[Pp]age\s\d+(?:\sof\s\d+)?|\d+\s?/\s?\d+",
]
"""What furniture looks like from end to end."""

_CREDIT = r"\b{}s?(?:\scredit|\scourtesy)?(?:\sby\s(?-i:[A-Z])|\s?:\s|/)"
_AGENCY = r"{}[\s).]*$"
WITHIN = {
    # Captions and rights.
    "©": r"©[^©]{0,80}$",
    "all rights": r"\ball\srights\sreserved\b",
    "copyright": r"^copyright\s(?:©|\(c\)|\d{4})",
    "file": r"^file(?:\sphoto)?\s?[-–—:]\s",
    **{thing: _CREDIT.format(thing) for thing in ("photo", "photograph", "image", "graphic")},
    **{name: _AGENCY.format(name) for name in ("/reuters", "/afp", "/ap", "/epa", "/getty images")},
    # Appeals.
    "deductible": r"\byour?\b.{0,60}\btax[\s-]deductible\b|\btax[\s-]deductible\sgift\b",
    "gift": r"\byour\s(?:[\w-]+\s){0,2}gifts?\b",
    "donation": r"\byour\s(?:[\w-]+\s){0,2}donations?\b|^(?:please\s)?make\sa\sdonation\b",
    "donate": r"^(?:please\s)?donate\s(?:now|today|generously|to\s(?:us|our))\b",
    "newsletter": r"\b(?:sign\sup|subscribe)\b.{0,60}\bnewsletters?\b",
    "updates": r"\b(?:sign\sup|subscribe)\b.{0,60}\bupdates\b",
    "us on": r"^(?:follow|like|find|join)\sus\son\b",
    "support our": r"^support\sour\s(?:work|journalism|reporting)\b",
    # Notices and addresses.
    "cookies": r"\b(?:we|site|website)\suses?\scookies\b|\baccept\s(?:all\s)?cookies\b",
    "please": r"^for\s(?:more|further)\b.{0,120}\bplease\s(?:contact|call|write|visit|see)\b",
    "contact": r"^(?:media\s|press\s)?contacts?:|^for\s(?:media|press)\b.{0,80}\bcontact\b",
    "tel": r"\btel(?:ephone)?[.:]?\s*\+?\d[\d\s().-]{6,}",
    "phone": r"\bphone[.:]?\s*\+?\d[\d\s().-]{6,}",
}
"""A word, in lower case, and what around it gives furniture away."""

_WHOLE = re.compile("|".join(WHOLE))
_WITHIN = {word: re.compile(pattern, re.IGNORECASE) for word, pattern in WITHIN.items()}
_CONTROLS = frozenset(control.strip() for control in CONTROLS.replace("\n", " ").split(";"))
_LABEL = re.compile(r"[^\W\d_](?:[^.!?:;,]|\.(?=\w))*")
_END = re.compile(r"\W+$")


class Part(NamedTuple):
    """A line, or several that prose was wrapped over: `start` to `end` of a passage's text."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """The text in one line."""
        return " ".join(self.passage.text[self.start : self.end].split())


def main_text(passages: Iterable[Passage]) -> Iterator[Passage]:
    """The passages without page furniture; what is left keeps its offsets.

    A passage with furniture in it comes in several, or not at all.
    """
    for _, document in groupby(passages, key=lambda passage: passage.doc):
        parts, copies = tee(_parts(document))
        verdicts = zip(parts, furniture(part.text for part in copies), strict=True)
        for _, found in groupby(verdicts, key=lambda pair: id(pair[0].passage)):
            yield from _kept(list(found))


def furniture(lines: Iterable[str]) -> Iterator[bool]:
    """Whether each line, or sentence, of a document is page furniture, in order.

    Some lines further are read than are told of. The last label of a menu is taken for the heading
    of the text below it; labels below a line that ends with a colon are no menu.
    """
    row = _Row()
    for line in lines:
        yield from row.take(line)
    yield from row.verdicts()


def judge(line: str) -> bool | None:
    """Whether a line is furniture by itself; None for a label, which may be part of a menu."""
    line = " ".join(line.split())
    if len(line) > LONGEST:
        return False
    lower = line.lower()
    if len(line) <= LINE and (_END.sub("", lower) in _CONTROLS or _WHOLE.fullmatch(line)):
        return True
    if any(word in lower and pattern.search(line) for word, pattern in _WITHIN.items()):
        return True
    is_short = len(line) <= LABEL and line.count(" ") < 5 and line[:1].isupper()
    return None if is_short and _LABEL.fullmatch(line) else False


class _Row:
    """A row of labels and furniture, which may be a menu."""

    def __init__(self) -> None:
        self.held: list[bool | None] = []
        self.labels = 0
        self.is_list = False

    def take(self, line: str) -> list[bool]:
        """Read a line; the verdicts that have become certain."""
        verdict = judge(line)
        if verdict is None and self.is_list:
            verdict = False
        else:
            self.is_list = line.rstrip().endswith(":")
        if verdict is False:
            found = [*self.verdicts(heading=True), False]
            self.held, self.labels = [], 0
            return found
        return self._hold(verdict)

    def _hold(self, verdict: bool | None) -> list[bool]:
        self.held.append(verdict)
        self.labels += verdict is None
        if self.labels == 0 or (self.labels > MENU and verdict is None):
            # Nothing that comes can change what stands before the latest label.
            last = self.held.pop()
            found = [True] * len(self.held)
            self.held = [last]
            return found
        return []

    def verdicts(self, *, heading: bool = False) -> list[bool]:
        """What the row is, if it ends here; its last label may be a `heading`."""
        is_menu = self.labels >= MENU
        spared = max((at for at, held in enumerate(self.held) if held is None), default=-1)
        return [
            held is True or (is_menu and not (heading and at == spared))
            for at, held in enumerate(self.held)
        ]


def _parts(passages: Iterable[Passage]) -> Iterator[Part]:
    for passage in passages:
        text = passage.text
        for block in blocks(text):
            for piece in pieces(text, *block):
                yield from (Part(passage, *part) for part in _lines(text, piece))


def _lines(text: str, piece: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """A piece, cut where both a line and a sentence end."""
    first, *sentences = sentences_at_stops(text, [piece])
    start, end = first
    for begins, ends in sentences:
        if any(text.find(char, end, begins) >= 0 for char in BREAKS):
            yield start, end
            start = begins
        end = ends
    yield start, end


def _kept(parts: list[tuple[Part, bool]]) -> Iterator[Passage]:
    """What a passage keeps of its parts, as many of them together as stand together."""
    passage = parts[0][0].passage
    if not any(dropped for _, dropped in parts):
        yield passage
        return
    for dropped, run in groupby(parts, key=lambda pair: pair[1]):
        if not dropped:
            found = [part for part, _ in run]
            start, end = found[0].start, found[-1].end
            yield replace(passage, text=passage.text[start:end], offset=passage.offset + start)
