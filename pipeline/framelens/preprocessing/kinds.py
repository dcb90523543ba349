"""What kind of line a sentence is: prose, or what surrounds prose in documents.

What a reader knows of a document's structure (a Word heading, a table's cell) is heard first; the
rest is told from the text's own look. Whoever counts frames counts prose: `Kinds.read` errs
towards it.
"""

from __future__ import annotations

import re

from framelens.core.types import Kind
from framelens.preprocessing.boilerplate import judge
from framelens.preprocessing.speakers import SPOKEN, STATE, recommending
from framelens.preprocessing.un_documents import POINT

LONGEST_HEADING = 160
"""In characters; and in words:"""
MOST_WORDS = 22
FEWEST_IN_CELL = 5
"""Words from which a table's cell that ends as a sentence does is one."""
LONG_CELL = 12
"""Words from which one is that does not."""

_ENDS = re.compile(
    r"[.!?…;:,][\"'”’»)\]*_]{0,4}(?:\[\d{1,3}\]|\d{1,3}(?:[,–-]\d{1,3})*|[¹²³⁰⁴-⁹]+)?(?:\s(?:and|or))?$"
)
_STOPS = frozenset(".!?;")
_SHORT = 25
_TITLED = re.compile(
    r"[\W\d]{0,6}(?:(?:H\.\s?E|S\.\s?E)\.?\s|(?:His|Her)\sExcellency\s)?"
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof(?:essor)?|Sir|Dame|Ambassador|Judge|M|Mme|Sr|Sra)\.?\s[A-ZÀ-Þ]"
)
_OFFICE = re.compile(
    r"[\W\d]{0,6}[A-ZÀ-Þ][\w’'.-]+(?:\s(?:[A-ZÀ-Þ][\w’'.-]*|de|da|do|van|von|bin|al)){1,5}\s?[,–—-]\s(?:\w+\s){0,3}"
    r"(?:Minister|Ambassador|Director|Representative|Attach[ée]|Counsellor|Secretary|Head|Advis[eo]r|"
    r"Officer|Chief|Member|Delegate|Commissioner|President|Chair\w*|Expert|Judge|Prosecutor|Rapporteur|"
    r"Interpreter|Coordinator|Professor|Ministry|Mission)\b"
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|be|been|will|would|can|could|may|must|should|shall|said|says|"
    r"told|tells|did|do|does|went|came|made|took|gave|met|[a-z]{2,}(?:[^aeiouns]ed|[aeiou][a-z]ed|sed))\b"
)
_STATES = re.compile(
    rf"(?:[A-Z][\w\s-]{{1,40}}:\s)?{STATE}(?:,\s(?:and\s)?{STATE}|\sand\s{STATE}){{3,}}[.;]?"
)
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|(?:…\s?){2,}|_{4,}\s?\d+$")
_DOTS = ("..", ". .", "…", "__")
"""Without one of them nothing is led to a page's number."""
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
_NOTE = re.compile(
    rf"(?:[\[(]?\d{{1,3}}[\])]?\.?\s+|[*†‡§¹²³⁰⁴-⁹]{{1,3}}\s*)\W?{_CITED}|(?:Ibid|Op\.\s?cit)\b"
)
_CAPTION = re.compile(
    r"(?:Figure|Fig\.|Table|Box|Chart|Map|Graph|Photo|Plate|Diagram|Exhibit)\s(?:[A-Z]\.?)?\d{0,3}(?:\.\d{1,2})?"
    r"(?:[.:–—-]|\s[–—-]|\s(?=[A-Z]))|(?:Source|Photo|Image|Credit)s?:\s"
)
_ASKS = re.compile(
    r"(?:Abolish|Accede|Accelerate|Accept|Address|Adhere|Adopt|Align|Allocate|Allow|Amend|Apply|Approve|"
    r"Bring|Build|Carry|Combat|Commute|Complete|Comply|Conclude|Conduct|Consider|Consolidate|Continue|"
    r"Cooperate|Create|Criminali[sz]e|Declare|Decriminali[sz]e|Deepen|Define|Develop|Devote|Eliminate|"
    r"Enact|Encourage|End|Enforce|Engage|Enhance|Ensure|Establish|Expand|Expedite|Extend|Facilitate|"
    r"Finali[sz]e|Foster|Fully|Give|Grant|Guarantee|Halt|Harmoni[sz]e|Implement|Improve|Include|"
    r"Incorporate|Increase|Integrate|Intensify|Introduce|Investigate|Invite|Launch|Lift|Maintain|Make|"
    r"Monitor|Prevent|Prohibit|Promote|Promptly|Prosecute|Protect|Provide|Punish|Pursue|Put|Ratify|"
    r"Recogni[sz]e|Reconsider|Reduce|Refrain|Reform|Reinforce|Release|Remove|Repeal|Request|Respect|"
    r"Respond|Restore|Resume|Review|Revise|Safeguard|Seek|Sign|Stop|Strengthen|Submit|Support|Suspend|"
    r"Tackle|Take|Undertake|Uphold|Withdraw)\s(?!(?:of|for|in|by)\s)",
)
"""How recommendations begin, which in tables end without a full stop."""
_BULLET = re.compile(r"[•●▪■◦‣·○□➢►✓*–-]\s|\([a-z]{1,4}\)\s|[a-z]\)\s")
_MASTHEAD = re.compile(
    r"\bDistr(?:\.|ibution)\s?:?\s?\w+|^Original:\s|^GE\.\d\d|^\*?\s?\d{6,8}(?:\s\w)?$|\bPlease\srecycle\b"
)
_COLUMNS = re.compile(r"\S(?:\t|\s{3,}|\s\|\s)\S")
_FIGURE = re.compile(r"[\W\d]*\d[\d.,%/–-]*|[–—-]|n/?a|\.\.", re.IGNORECASE)
_HINTS = (
    "ookies", "ewsletter", "onat", "reserved", "ubscribe", "ign up", "ollow us", "deductible",
    "your gift", "lease ", ". . .", "....", "\t", "   ",
)  # fmt: skip
_ODD_HINTS = ("©", "…")
"""What furniture, tables and lines of contents that end as sentences do have in them."""
_TITLES = ("Mr", "Ms", "Mrs", "Dr", "H.", "His ", "Her ", "S.", "Prof", "Sir", "Dame", "Mme", "M. ",
           "Figure", "Fig.", "Table", "Box", "Photo", "Source", "Ibid", "Chart", "Map", "Graph", "Image",
           "Ambassador", "Judge", "Miss", "Mx", "Notes", "Op", "Credit", "Plate", "Diagram", "Exhibit",
           "Original", "Distr")  # fmt: skip
"""How names, captions and notes begin that look like prose at their end."""


class Kinds:
    """The kinds of a document's sentences, read in order."""

    def __init__(self) -> None:
        self.last: Kind = "prose"
        self.within: Kind | None = None
        self.marked = False
        self.listed = False
        self.titles: set[str] = set()

    def read(self, text: str, hint: Kind | None, *, opens: bool, alone: bool) -> Kind:
        """The kind of the next sentence.

        `hint` is what the reader knows of its paragraph; `opens` whether it begins a line, and
        `alone` whether no other sentence stands on that.
        """
        calm = hint is None and self.within is None and (opens or self.last == "prose")
        if calm and _is_plain(text):
            self.last, self.listed = "prose", text[-1] == ";"
            return "prose"
        found = self._kind(text, hint, opens, alone)
        self.listed = found == "prose" and text.endswith((":", ";", "; and", "; or"))
        self.last = found
        return found

    def _kind(self, text: str, hint: Kind | None, opens: bool, alone: bool) -> Kind:
        if hint in ("note", "caption", "contents", "menu", "names"):
            return hint
        if not opens and self.last in ("note", "caption", "contents"):
            return self.last
        if kind := self._section(text, hint, opens):
            return kind
        if hint == "heading":
            return (
                "prose" if _ENDS.search(text) and len(text.split()) > FEWEST_IN_CELL else "heading"
            )
        if _is_names(text):
            return "names"
        if hint == "table":
            return "prose" if _is_sentence_in_cell(text) else "table"
        if opens and (_NOTE.match(text)):
            return "note"
        if opens and _CAPTION.match(text) and len(text) <= 2 * LONGEST_HEADING:
            return "caption"
        if (len(text) <= 120 and _MASTHEAD.search(text)) or judge(text):
            return "menu"
        if _is_table(text):
            return "table"
        return self._heading(text, hint, opens and alone)

    def _section(self, text: str, hint: Kind | None, opens: bool) -> Kind | None:
        """What a table of contents or a list of notes, which a heading of its own opens, holds."""
        if opens and len(text) < 40 and _CONTENTS.fullmatch(text):
            self.within = "contents"
            return "contents"
        if any(mark in text for mark in _DOTS) and _leads_to_page(text):
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
        if _title(text) not in self.titles and _PAGE.search(text) and len(text) < LONGEST_HEADING:
            self.titles.add(_title(text))
            return "contents"
        self.within = None
        return None

    def _heading(self, text: str, hint: Kind | None, alone: bool) -> Kind:
        if not alone or hint == "prose" or self.listed or len(text) > LONGEST_HEADING:
            return "prose"
        words = text.split()
        if _BULLET.match(text) or POINT.match(text) or len(words) > MOST_WORDS:
            return "prose"
        if _ENDS.search(text):
            short = len(words) <= 3 and text.endswith(":")
            numbered = len(words) == 1 and not words[0][0].isalpha()
            return "heading" if (short and not SPOKEN.match(f"{text} ")) or numbered else "prose"
        return "prose" if recommending(text) or text[0].islower() else "heading"


def _is_plain(text: str) -> bool:
    """Whether a text is prose at a glance, as most are: this is asked of every sentence."""
    if text[-1] not in _STOPS or len(text) <= _SHORT or not text[0].isupper():
        return False
    if text.startswith(_TITLES) or (_OFFICE.match(text) if "," in text[:80] else False):
        return False
    if text.count(",") >= 3 and _STATES.fullmatch(text):
        return False
    for hint in _HINTS if text.isascii() else _HINTS + _ODD_HINTS:  # noqa: SIM110  # see below
        # A generator takes twice the time, on every sentence.
        if hint in text:
            return False
    return True


def _leads_to_page(text: str) -> bool:
    return _LEADERS.search(text) is not None and not text.endswith(("...", "…"))


def _title(text: str) -> str:
    """A heading's words, without its number and page, as contents and text both have them."""
    bare = _PAGE.sub("", _LEADERS.split(text, maxsplit=1)[0].strip())
    return _NUMBERED.sub("", _PAGE.sub("", bare)).strip(" .…\t").lower()


def _is_names(text: str) -> bool:
    """Whether a text lists people with their offices, or States, and says nothing of them."""
    if "," not in text and not _TITLED.match(text):
        return False
    if text.count(",") >= 3 and _STATES.fullmatch(text):
        return True
    if not (_TITLED.match(text) or _OFFICE.match(text)):
        return False
    return len(text) < 300 and not _VERB.search(text) and not text.endswith(("?", "!"))


def _is_sentence_in_cell(text: str) -> bool:
    words = text.split()
    if recommending(text) and len(words) > 2:
        return True
    small = sum(word[0].islower() for word in words)
    asks = POINT.match(text) or _ASKS.match(text)
    if asks and len(words) >= FEWEST_IN_CELL and small >= 2:
        return True
    if text.rstrip("\"'”’»)]")[-1:] in {".", "!", "?", ";"}:
        return len(words) >= FEWEST_IN_CELL and 2 * small >= len(words) - 1
    return len(words) >= LONG_CELL and 2 * small >= len(words)


def _is_table(text: str) -> bool:
    """Whether a text is a row of cells: set apart by tabs or wide spaces, or mostly figures."""
    if len(text) > 400:
        return False
    if _ENDS.search(text):
        return False
    if any(mark in text for mark in ("\t", "|", "  ", "\xa0")) and _COLUMNS.search(text):
        return True
    words = text.split()
    return len(words) >= 3 and 2 * sum(bool(_FIGURE.fullmatch(word)) for word in words) > len(words)
