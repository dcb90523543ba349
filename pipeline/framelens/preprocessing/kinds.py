"""The kinds of sentences (prose, heading, table, …), and lines of page furniture, by the look of their text.

What a reader knows from a document's format (a Word heading, a table's cell) comes first. Frames are
counted in prose: in doubt, `Kinds.read` decides for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from framelens.core.memory import compiled
from framelens.core.types import Kind
from framelens.preprocessing.printed_dates import MONTH, WEEKDAY
from framelens.preprocessing.speakers import ADDRESSED, STATE
from framelens.preprocessing.un_documents import POINT, is_spoken, recommending

LONGEST_HEADING = 160
"""In characters; in words, the most are:"""
MOST_WORDS = 22
FEWEST_IN_CELL = 5
"""Words from which a table's cell that ends like a sentence is one."""
LONG_CELL = 12
"""Words from which a cell with another end is one."""

_ENDS = re.compile(
    r"[.!?…;:,][\"'”’»)\]*_]{0,4}(?:[\[(]\d{1,3}[\])]|\d{1,3}(?:[,–-]\d{1,3}){0,20}|[¹²³⁰⁴-⁹]+|[ivx]{1,5})?"
    r"(?:\s(?:and|or))?$"
)
_NOTED = re.compile(r"[^\W\d_][.!?;][\"'”’»)]{0,2}(?:[\[(]\d{1,3}[\])]|\d{1,3}|[¹²³⁰⁴-⁹]{1,3})$")
"""The end of a sentence with the mark of a note behind it."""
_TAGGED = re.compile(
    r"[.!?…][\"'”’)]{0,2}(?:\s(?:https?://\S+|[#@]\w+|\d{1,2}/\d{0,2}|[^\x00-\x7f\w\s]{1,8}))+$"
)
"""The end of a sentence with links, tags, emoji and its place in a thread behind it, as of posts."""
_STOPS = frozenset(".!?;")
_SHORT = 25
_TITLED = (
    r"[\W\d]{0,6}(?:(?:H\.\s?E|S\.\s?E)\.?\s|(?:His|Her)\sExcellency\s)?"
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof(?:essor)?|Sir|Dame|Ambassador|Judge|M|Mme|Sr|Sra)\.?\s[A-ZÀ-Þ]"
)
_TITLED_ALONE = (
    rf"{_TITLED}[\w’'.-]*(?:\s(?:[A-ZÀ-Þ][\w’'.-]*|de|del|da|do|dos|la|van|von|der|bin|bint|al|el|y|and))*"
    r"\s?(?:\([^()]{0,80}\)\s?)?"
    r"(?:[,;|\t–—-]\s*(?=[A-ZÀ-Þ\d(]|$|(?:head|member|advis[eo]r|deputy|acting|first|second)\b)|\.?$)"
)
"""A name with its title, followed by an office, a country or nothing."""
_OFFICE = re.compile(
    r"[\W\d]{0,6}[A-ZÀ-Þ][\w’'.-]+(?:\s(?:[A-ZÀ-Þ][\w’'.-]*|de|da|do|van|von|bin|al)){1,5}\s?[,–—-]\s(?:\w+\s){0,3}"
    r"(?:Minister|Ambassador|Director|Representative|Attach[ée]|Counsellor|Secretary|Head|Advis[eo]r|"
    r"Officer|Chief|Member|Delegate|Commissioner|President|Chair\w*|Expert|Judge|Prosecutor|Rapporteur|"
    r"Interpreter|Coordinator|Professor|Ministry|Mission)\b"
)
_PRESENT = (
    r"(?:Also\s)?(?:Members\s)?(?:Present|PRESENT|present|Apologies|Absent|Excused|Regrets|In\sattendance|"
    r"Attend(?:ance|ees|ing)|Participants)(?:\s\([^()]{1,30}\))?\s?:\s(?=[A-ZÀ-Þ])"
)
"""`Present: Ms. Dlamini (chair), Mr. Li`, as in minutes."""
_VERB = re.compile(
    r"\b(?:I|[Ww]e|is|are|was|were|has|have|had|be|been|will|would|can|could|may|must|should|shall|said|says|"
    r"told|tells|did|do|does|went|came|made|took|gave|met|[a-z]{2,}(?:[^aeiouns]ed|[aeiou][a-z]ed|sed))\b"
)
_STATES = rf"(?:[A-Z][\w\s-]{{1,40}}:\s)?{STATE}(?:,\s(?:and\s)?{STATE}|\sand\s{STATE}){{3,}}[.;]?"
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|(?:…\s?){2,}|(?<!_)_{4,}+\s?\d+$")
_DOTS = ("..", ". .", "…", "__")
"""Every match of `_LEADERS` has one of these."""
_CONTENTS = re.compile(
    r"(?:Table\sof\s)?[Cc]ontents(?:\s\(continued\))?|TABLE\sOF\sCONTENTS|CONTENTS"
)
_CONTENTS_HEAD = re.compile(r"(?:(?:Page|Pages|Paragraphs?|Chapter|\*)\s?)+", re.IGNORECASE)
_PAGE = re.compile(r"\s(?:\d{1,4}(?:[–-]\d{1,4})?|[ivxl]{1,6})$")
_NUMBERED = re.compile(r"^(?:[IVXLC]{1,6}|[A-Z]|\d{1,3}(?:\.\d{1,2})*)[.)]?\s+")
_REFERENCES = re.compile(
    r"(?:End\s?notes|Foot\s?notes|References|Bibliography|Works\scited)", re.IGNORECASE
)
_NOTES = re.compile(r"(?:Notes|NOTES)")
_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[ivxl]{1,6}|[*†‡§¹²³⁰⁴-⁹]{1,3})[\])]?[.)]?\s*(?=\S)")
_CITED = (
    r"(?:See|Ibid|Ib\.|Cf|Id\.|Idem|Op\.\s?cit|Available\s(?:at|from|online)|Accessed|https?://|www\.|"
    r"(?:[Ff]or|Supra)\b.{0,60}\bnote\s\d|(?:A|E|S|CCPR|CAT|CEDAW|CERD|CRC|CED|CRPD|CMW|HRI)/[A-Z0-9])"
)
_NOTE = (
    rf"(?:[\[(]?\d{{1,3}}[\])]?\.?\s+|[*†‡§¹²³⁰⁴-⁹]{{1,3}}\s*)\W?{_CITED}|(?:Ibid|Op\.\s?cit)\b|"
    r"\[\^[\w-]{1,20}\]:\s|\*{2,4}\s[A-Z]|\*\s?(?:The\s\d+\w\w\s[Mm]eeting|Adopted|Agreed|Available|Circulated|In\saccordance|Late|Previously|Re-?issued|"
    r"Reproduced|Submitted|Th(?:e|is)\s(?:present|annex(?:es)?|document|information|report|original|submission|"
    r"experts?(?=:))\b)|"
    r"\[(?:Resolution\s)?[Aa]dopted\s(?:by|without|as|at)\b|"
    r"The\s(?:voting|vote|result\sof\sthe\svote)\swas\sas\sfollows\b|"
    r"This\srecord\s(?:is\ssubject\sto|contains)\b|"
    r"(?:Any\s)?[Cc]orrections\s(?:to|should)\b.{0,80}\b(?:record|language)s?\b"
)
_CAPTION = (
    r"(?:Figure|Fig\.|Table|Box|Chart|Map|Graph|Photo|Plate|Diagram|Exhibit)\s(?:[A-Z]\.?)?\d{0,3}(?:\.\d{1,2})?"
    r"(?:[.:–—-]|\s[–—-]|\s(?=[A-Z]))|(?:Source|Photo|Image|Credit)s?:\s"
)
_ASKS = (
    r"(?!(?:Address|End|Lift|Release|Reform|Request|Respect|Review|Support)\s(?:to|from|on|with|and)\s)"
    r"(?:Abolish|Accede|Accelerate|Accept|Address|Adhere|Adopt|Advance|Align|Allocate|Allow|Amend|Apply|Approve|"
    r"Bring|Build|Carry|Combat|Commute|Complement|Complete|Comply|Conclude|Conduct|Consider|Consolidate|Continue|"
    r"Cooperate|Create|Criminali[sz]e|Declare|Decriminali[sz]e|Deepen|Define|Develop|Devote|Eliminate|"
    r"Enact|Encourage|End|Enforce|Engage|Enhance|Ensure|Establish|Expand|Expedite|Extend|Facilitate|"
    r"Finali[sz]e|Foster|Fully|Further(?=\s[a-z]+(?:e|en|er|op|te)\s)|Give|Grant|Guarantee|Halt|Harmoni[sz]e|Identify|Implement|Impose|Improve|Include|"
    r"Incorporate|Increase|Integrate|Intensify|Introduce|Investigate|Invite|Join|Launch|Lift|Maintain|Make|"
    r"Monitor|Participate|Pay|Prevent|Prohibit|Promote|Promptly|Prosecute|Protect|Provide|Punish|Pursue|Put|Ratify|"
    r"Recogni[sz]e|Reconsider|Redouble|Reduce|Refrain|Reform|Reinforce|Release|Remove|Repeal|Request|Respect|"
    r"Resolve|Respond|Restore|Resume|Review|Revise|Safeguard|Seek|Sign|Step\sup|Stop|Strengthen|Strive|Submit|Support|Suspend|"
    r"Tackle|Take|Undertake|Uphold|Withdraw)\s(?!(?:of|for|in|by)\s)"
)
"""Beginnings of recommendations, which in tables and lists have no full stop."""
LONG_LINE = 10
"""Words from which a line without a full stop is a sentence if it has a finite verb."""
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|must|should|shall|do|does|did|said|says|"
    r"told|came|went|made|took|gave)\b"
)
_LABELLED = re.compile(r"[A-Z][a-z]+(?:\s[a-z]+){0,2}:\s(?=[a-z])")

_BULLET = re.compile(r"[•●▪■◦‣·○□➢►✓*\uf020-\uf0ff–-]\s|\([a-z]{1,4}\)\s|[a-z]\)\s")
_MASTHEAD = (
    r"\bDistr(?:\.|ibution)\s?:?\s?\w+|^Original:\s|^GE\.\d\d|^\*?\s?\d{6,8}(?:\s\w)?$|\bPlease\srecycle\b|"
    r"^Held\s(?:at|in|by)\s.{2,80}\b[A-Z][a-z]+\s\d{4}\b|"
    r"^(?:Acting\s)?(?:President|Chair\w*):\s?(?:Mr|Mrs|Ms|Sir|Dr|H\.E)\b"
)
_COLUMNS = re.compile(r"\S(?:\t|[^\S\n]{3,}|[^\S\n]+\|\s+)\S")
_FIGURE = re.compile(r"[\W\d]*\d[\d.,%/–-]*|[–—-]|n/?a|\.\.", re.IGNORECASE)
_HINTS = (
    "ookies", "ewsletter", "onat", "reserved", "ubscribe", "ign up", "ollow us", "deductible",
    "your gift", "lease ", "ceiving this", "ceived this", ". . .", "....", "\t", "   ", " a.m.", " p.m.",
)  # fmt: skip
_ODD_HINTS = ("©", "…")
"""Every text that ends like a sentence and is furniture, a table or contents has one of these hints."""
_TITLES = ("Mr", "Ms", "Mrs", "Dr", "H.", "His ", "Her ", "S.", "Prof", "Sir", "Dame", "Mme", "M. ",
           "Figure", "Fig.", "Table", "Box", "Photo", "Source", "Ibid", "Chart", "Map", "Graph", "Image",
           "Ambassador", "Judge", "Miss", "Mx", "Notes", "Op", "Credit", "Plate", "Diagram", "Exhibit",
           "Original", "Distr", "Held", "The voting", "The vote was", "The result", "This record",
           "Correction", "Any corr", "Present:", "Apologies:", "Absent:", "In attendance", "Attend",
           "Participants:", "Also present:", "Members present")  # fmt: skip
"""Beginnings of names, captions and notes that end like sentences."""


class Kinds:
    """The kinds of a document's sentences, read in order."""

    def __init__(self) -> None:
        self.last: Kind = "prose"
        self.within: Kind | None = None
        self.marked = False
        self.listed = False
        self.bare = False  # whether the last was an item of a list without stops
        self.titles: set[str] = set()

    def read(self, text: str, hint: Kind | None, *, opens: bool, alone: bool) -> Kind:
        """The kind of the next sentence.

        `hint` is the kind that the reader gives its paragraph, if any; `opens` says whether it begins a
        line, `alone` whether it is the line's only sentence.
        """
        unhinted = hint is None and self.within is None and (opens or self.last == "prose")
        if unhinted and _is_plain(text):
            self.last, self.listed, self.bare = "prose", text[-1] == ";", False
            return "prose"
        kind = self._kind(text, hint, opens, alone)
        # After an item with a bullet or number, a line without one is not in the list.
        ends = (":",) if POINT.match(text) or _BULLET.match(text) else (":", ";", "; and", "; or")
        self.bare = (self.listed or self.bare) and kind == "prose" and not _ENDS.search(text)
        self.listed = kind == "prose" and text.endswith(ends)
        self.last = kind
        return kind

    def _kind(self, text: str, hint: Kind | None, opens: bool, alone: bool) -> Kind:
        if hint in ("note", "caption", "contents", "menu", "names", "quoted"):
            return hint
        if not opens and self.last in ("note", "caption", "contents"):
            return self.last
        if kind := self._section(text, hint, opens):
            return kind
        # `Monday, 26 March 2018, 10 a.m. New York`
        if not opens and self.last == "menu" and judge(text) is None:
            return "menu"
        if len(text) <= LINE and compiled(STAMPS).fullmatch(text):
            return "menu"
        if hint == "heading":
            is_sentence = _ENDS.search(text) and len(text.split()) > FEWEST_IN_CELL
            return "prose" if is_sentence else "heading"
        if _is_names(text):
            return "names"
        if hint == "table":
            follows = not opens and self.last == "prose" and text[-1] in _STOPS
            if not (follows or _is_sentence_in_cell(text)):
                return "table"
            return "menu" if judge(text) else "prose"
        if opens and compiled(_NOTE).match(text):
            return "note"
        is_caption = opens and compiled(_CAPTION).match(text) and len(text) <= 2 * LONGEST_HEADING
        if is_caption and not _is_labelled_sentence(text):
            return "caption"
        if (len(text) <= 120 and compiled(_MASTHEAD).search(text)) or judge(text):
            return "menu"
        if _is_table(text):
            cells = filter(None, map(str.strip, text.split("|"))) if text[0] == "|" else ()
            return "prose" if any(map(_is_sentence_in_cell, cells)) else "table"
        return self._heading(text, hint, opens and alone)

    def _section(self, text: str, hint: Kind | None, opens: bool) -> Kind | None:
        """The kind of a text by its section: contents or notes, which begin with a heading of their own."""
        if opens and len(text) < 40 and _CONTENTS.fullmatch(text):
            self.within = "contents"
            return "contents"
        is_led = any(mark in text for mark in _DOTS) and _LEADERS.search(text)
        if is_led and not text.endswith(("...", "…")):
            self.titles.add(_title(text))
            self.within = "contents"
            return "contents"
        if opens and len(text) < 40 and (_REFERENCES.fullmatch(text) or _NOTES.fullmatch(text)):
            self.within = "note"
            self.marked = bool(_NOTES.fullmatch(text))
            return "heading"
        if self.within == "contents":
            return self._in_contents(text)
        if self.within == "note" and opens:
            ends = hint == "heading" or text.startswith(("Annex", "Appendix"))
            if ends or (self.marked and not _MARK.match(text)):
                self.within = None
        return "note" if self.within == "note" else None

    def _in_contents(self, text: str) -> Kind | None:
        if _CONTENTS_HEAD.fullmatch(text):
            return "contents"
        # `- Update on the ponds`: on pages of the web, contents have links and no page numbers.
        linked = _BULLET.match(text) if self.last == "contents" and not _ENDS.search(text) else None
        if linked and len(text) < LONGEST_HEADING:
            self.titles.add(_title(text[linked.end() :]))
            return "contents"
        if _title(text) not in self.titles and _PAGE.search(text) and len(text) < LONGEST_HEADING:
            self.titles.add(_title(text))
            return "contents"
        self.within = None
        return None

    def _heading(self, text: str, hint: Kind | None, alone: bool) -> Kind:
        if not alone or hint == "prose" or self.listed or len(text) > LONGEST_HEADING:
            return "prose"
        if _title(text) in self.titles:
            return "heading"
        words = text.split()
        if _TAGGED.search(text) or (self.bare and _is_item(words)):
            return "prose"
        if _BULLET.match(text) or POINT.match(text) or len(words) > MOST_WORDS:
            return "prose"
        if _ENDS.search(text):
            short = len(words) <= 3 and text.endswith(":")
            numbered = len(words) == 1 and not words[0][0].isalpha()
            return "heading" if (short and not is_spoken(text)) or numbered else "prose"
        is_prose = recommending(text) or text[0].islower() or _is_unended(words, text)
        return "prose" if is_prose else "heading"


def _is_item(words: Sequence[str]) -> bool:
    """Whether words may be an item of a list, and hardly a heading: without a number, most of them in
    lower case."""
    lower = sum(word[0].islower() for word in words)
    is_numbered = words[0][-1] in ".)"
    return len(words) >= FEWEST_IN_CELL and 2 * lower > len(words) and not is_numbered


def _is_plain(text: str) -> bool:
    """Whether a text is prose without doubt, as most are; a fast test."""
    if text[-1] not in _STOPS or len(text) <= _SHORT or not text[0].isupper():
        return False
    if text.startswith(_TITLES) or (_OFFICE.match(text) if "," in text[:80] else False):
        return False
    if text.count(",") >= 3 and compiled(_STATES).fullmatch(text):
        return False
    for hint in _HINTS if text.isascii() else _HINTS + _ODD_HINTS:  # noqa: SIM110  # see below
        # A generator takes twice the time, on every sentence.
        if hint in text:
            return False
    return True


def _title(text: str) -> str:
    """A heading in lower case without number and page, the same in the contents and in the text."""
    bare = _PAGE.sub("", _LEADERS.split(text, maxsplit=1)[0].strip())
    return _NUMBERED.sub("", _PAGE.sub("", bare)).strip(" .…\t").lower()


def _is_names(text: str) -> bool:
    """Whether a text only lists people with their offices, or States."""
    if ADDRESSED.match(text):
        return False
    if (present := compiled(_PRESENT).match(text)) and not _VERB.search(text, present.end()):
        return len(text) < 1_000
    titled = compiled(_TITLED_ALONE).match(text)
    if ("," not in text and not titled) or is_spoken(text):
        return False
    if text.count(",") >= 3 and compiled(_STATES).fullmatch(text):
        return True
    if not (titled or _OFFICE.match(text)):
        return False
    return len(text) < 300 and not _VERB.search(text) and not text.endswith(("?", "!"))


def _is_sentence_in_cell(text: str) -> bool:
    words = text.split()
    if recommending(text) and len(words) > 2:
        return True
    lower = sum(word[0].islower() for word in words)
    recommends = POINT.match(text) or compiled(_ASKS).match(text)
    if recommends and len(words) >= FEWEST_IN_CELL and lower >= 2:
        return True
    if text.rstrip("\"'”’»)]")[-1:] in _STOPS or _NOTED.search(text):
        return len(words) >= FEWEST_IN_CELL and 2 * lower >= len(words) - 1
    return len(words) >= LONG_CELL and 2 * lower >= len(words)


def _is_unended(words: Sequence[str], text: str) -> bool:
    """Whether a line without a full stop is a sentence: mostly lower case and a recommendation, or long
    with a finite verb."""
    lower = sum(word[0].islower() for word in words)
    if len(words) < FEWEST_IN_CELL or 2 * lower < len(words) or _NUMBERED.match(text):
        return False
    return bool(compiled(_ASKS).match(text) or (len(words) >= LONG_LINE and _FINITE.search(text)))


def _is_labelled_sentence(text: str) -> bool:
    """Whether a text with a label such as those of captions goes on as a sentence:
    `Source: the keepers have told the court.`"""
    if text[-1:] not in _STOPS or not (label := _LABELLED.match(text)):
        return False
    return len(text.split()) > FEWEST_IN_CELL and _FINITE.search(text, label.end()) is not None


def _is_table(text: str) -> bool:
    """Whether a text is a row of cells: set apart by tabs or wide spaces, or mostly figures."""
    if len(text) > 400 or _ENDS.search(text):
        return False
    if any(mark in text for mark in ("\t", "|", "  ", "\xa0")) and _COLUMNS.search(text):
        return True
    words = text.split()
    return len(words) >= 3 and 2 * sum(bool(_FIGURE.fullmatch(word)) for word in words) > len(words)


LONGEST = 500
"""Most characters of furniture."""
MENU = 5
"""Labels in a row that make a menu."""
LINE = 200
"""Most characters of a byline, dateline or line of a menu."""
LABEL = 40
"""Most characters of a label."""

CONTROLS = """
a+ a; about; about us; access options; accessibility; advertisement; aller au contenu principal; back; back
to top; blog; blogs; careers; cite this article; click to enlarge; click to expand; click to expand image;
close; contact; contact us; continue reading; cookie policy; cookie settings; cookies; copy link; countries;
deutsch; donate; donate now; download; download pdf; download the pdf; e-mail; editor's choice; editor's
picks; editor’s choice; email; english; español; events; explore topics; facebook; find out more; français;
gallery; give now; header image for news printout; home; homepage; in progress at unhq; instagram; jobs;
join; join us; language; languages; latest news; learn more; leave a comment; like; linkedin; listen to this
article; load more; log in; login; main menu; menu; more; most popular; most read; most shared; most viewed;
multimedia; news; newsletter; newsletters; next; next article; next page; no comments; our work; pasar al
contenido principal; photo; photos; play video; please recycle; português; post a comment; press; press
room; previous; previous article; previous page; print; privacy; privacy notice; privacy policy; privacy
statement; publications; read more; region; region / country; regions; register; related; related articles;
related content; related links; related news; related stories; related topics; rss; search; see all; see
more; share; share page; show more; sign in; sign up; site map; sitemap; sponsored; spread the word;
subscribe; support us; telegram; terms; terms and conditions; terms of service; terms of use; toggle
navigation; top; top of page; top stories; topics; trending; tweet; twitter; video; videos; view all; view
this email in your browser; what we do; whatsapp; who we are; x; youtube; перейти к основному содержанию;
русский; العربية; تجاوز إلى المحتوى الرئيسي; 中文; 跳转到主要内容
"""
"""Texts of links and buttons."""

_NAME = r"[A-ZÀ-Þ][\w’'.-]*"
_NAMES = rf"{_NAME}(?:\s(?:{_NAME}|de[nr]?|d[aiou]|la|van|von|bin|ibn|al)){{1,4}}"
_DAY = (
    rf"(?:\d{{1,2}}\s{MONTH},?\s\d{{4}}|{MONTH}\s\d{{1,2}},?\s\d{{4}}|\d{{4}}-\d\d-\d\d|"
    rf"\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}|\d{{1,2}}-{MONTH}-(?:\d\d)?\d\d)"
)
_DATE = rf"(?:{WEEKDAY},?\s)?{_DAY}"
_TIME = r"(?:\d{1,2}[:.]\d\d(?:\s?[AaPp]\.?[Mm]\.?)?|\d{1,2}\s[AaPp]\.?[Mm]\.?)(?:\s[A-Z]{2,4})?"

_WHEN = (
    rf"(?:{_DATE}|{MONTH}\s\d{{4}}|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}|\d{{4}}|"
    rf"\d{{1,3}}\s(?:minute|hour|day|week|month|year)s?\sago|(?={_TIME}))(?:,?\s?(?:at\s|[-–—|]\s)?{_TIME})?"
)
_STAMP = (
    r"(?:(?:first|last|originally)\s)?(?:published|updated|posted|released|issued|created|modified|revised|"
    r"reviewed|retrieved|accessed|edited|(?:publication\s)?date(?:\sof\s(?:publication|issue|release))?)"
    rf"(?:\s(?:on|in|at))?\s?:?\s{_WHEN}"
)
STAMPS = rf"(?i:{_STAMP}(?:(?:\W{{1,3}}|\sand\s){_STAMP}){{0,2}})(?:\sby\s[^.!?]{{2,60}})?\W*"
"""A line that says when a page was published and changed: `Updated 3 May 2020`."""

WHOLE = [
    # Links that jump, and buttons.
    r"[\W_]+|(?i:(?:skip|jump)\s(?:to|over)\s(?:the\s)?(?:main\s|primary\s)?(?:content|navigation|menu|"
    r"search|footer|main)\W*)+",
    r"(?i:share\s(?:this\s?)?(?:(?:article|page|story|post)\s?)?(?:(?:on|via)\s[\w\s]{1,30})?)|(?:Tags|Topics|Filed\sunder|Categories):.*|"
    r"\d{1,3}[\s-]min(?:ute)?s?\sread|(?:Next|Previous)\s(?:article|story|post):.*",
    # What stands beside a film: its length, format and size.
    r"(?:/\s)?(?:\d{1,3}(?::\d\d){1,2}|MP[34]|\d{1,4}(?:\.\d)?\s[KMG]B)",
    # Breadcrumbs.
    r"(?:[\w’'&-]+(?:\s[\w’'&-]+){0,3}\s[>»›|•·]\s){2,}[\w’'&-]+(?:\s[\w’'&-]+){0,7}",
    r"\[?(?i:see\salso):?\shttps?://\S+|(?i:posts\stagged|archive\sfor)\s(?:the\s)?['‘’“\"].{1,60}",
    r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    # Bylines.
    rf"(?:By|BY)\s{_NAMES}(?:(?:,|,?\sand|\s&)\s{_NAMES}){{0,3}}(?:(?:,|\s\||\sin)\s[^.!?]{{2,60}})?",
    rf"(?:(?:Written|Posted|Published|Reporting|Edited|Editing)\sby:?\s{_NAMES}"
    rf"(?:(?:,|,?\sand|\s&)\s{_NAMES}){{0,3}}[;.]?\s?){{1,2}}|Authors?:\s.{{2,120}}",
    # What stands under posts that a page shows.
    rf"[—–-]\s.{{2,80}}\s\(@\w{{1,15}}\)(?:\s{_DATE})?",
    # Datelines.
    rf"(?:(?:[Ff]irst\s)?(?:[Pp]ublished|[Uu]pdated|[Pp]osted|[Rr]eleased|[Dd]ate|[Ll]ast\s(?:[Uu]pdated|"
    rf"[Mm]odified))(?:\son)?:?\s)?\(?(?:{_NAME}(?:\s{_NAME}){{0,2}}(?:,\s|\s\(|\s[-–—]\s))?{_DATE}"
    rf"(?:,?\s(?:at\s|[-–—|]\s)?{_TIME})?(?:\s[-–—|]\s.{{1,40}})?\W*|{_TIME}\W*",
    STAMPS,
    # Mastheads of the United Nations.
    r"Distr\.:?\s?\w+|Original:\s?\w+|GE\.\d\d-\d{4,6}.{0,12}|\*?\d{7}\*?|"
    r"(?:United\sNations\s)?(?:[A-Z]{1,5}(?:/[\w.-]+){2,}|[AEST]/[\w.-]*\d)\*?|[Pp]age\s\d+(?:\sof\s\d+)?|\d+\s?/\s?\d+",
]
"""Expressions that match a whole line of furniture."""

_CREDIT = r"\b{}s?(?:\scredit|\scourtesy)?(?:\sby\s(?-i:[A-Z])|\s?:\s|/)"
_AGENCY = r"{}[\s).]*$"
WITHIN = {
    # Captions and rights.
    "©": r"©[^©]{0,80}$",
    "all rights": r"\ball\srights\sreserved\b(?!,?\s(?!by\b)[a-z])",
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
    "this": r"^you(?:\sare|['’]re)?\srecei(?:ving|ved)\sthis\s(?:e-?mail|message|newsletter)\s"
    r"(?:because|since|as\s(?:you|an?\s(?:member|subscriber)))\b",
    "unsubscribe": r"\bunsubscribe\s(?:from\s(?:this|these|our)\s|here\b|at\sany\stime\b)",
    "mailing address": r"^our\smailing\saddress\sis\b",
    "updates": r"\b(?:sign\sup|subscribe)\b.{0,60}\bupdates\b",
    "us on": r"^(?:follow|like|find|join)\sus\son\b",
    "support our": r"^support\sour\s(?:work|journalism|reporting)\b",
    # Notices and addresses.
    "cookies": r"\b(?:we|site|website)\suses?\scookies\b|\baccept\s(?:all\s)?cookies\b",
    "please": r"^for\s(?:more|further|(?:any\s)?(?:media\s)?[ie]nquiries)\b.{0,120}"
    r"\bplease\s(?:contact|call|write|visit|see)\b",
    "contact": r"^(?:media\s|press\s)?contacts?:|^for\s(?:media|press)\b.{0,80}\bcontact\b",
    "tel": r"\btel(?:ephone)?[.:]?\s*\+?\d[\d\s().-]{6,}",
    "phone": r"\bphone[.:]?\s*\+?\d[\d\s().-]{6,}",
}
"""Expressions that match in furniture, each by a lower-case text that is always in such a line."""

_WHOLE = "|".join(WHOLE)
_CONTROLS = frozenset(control.strip() for control in CONTROLS.replace("\n", " ").split(";"))
_LABEL = re.compile(r"[^\W\d_](?:[^.!?:;,]|\.(?=\w))*")
_AROUND = re.compile(r"^\W+|\W+$")


def judge(line: str) -> bool | None:
    """Whether a line is furniture by itself; None for a label, which may be part of a menu."""
    line = " ".join(line.split())
    if len(line) > LONGEST or _is_labelled_sentence(line):
        return False
    lower = line.lower()
    if len(line) <= LINE and (
        _AROUND.sub("", lower) in _CONTROLS or compiled(_WHOLE).fullmatch(line)
    ):
        return True
    if any(word in lower and compiled(form, re.I).search(line) for word, form in WITHIN.items()):
        return True
    is_short = len(line) <= LABEL and line.count(" ") < 5 and line[:1].isupper()
    return None if is_short and _LABEL.fullmatch(line) else False
