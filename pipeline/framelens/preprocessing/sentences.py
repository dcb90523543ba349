"""Where sentences begin and end: text → blocks → pieces → sentences.

A blank line ends a block. Line breaks end a piece where lines stand for themselves (headings,
menus, items, captions), not where prose was wrapped. A stop is a full stop, "!", "?" or "…" before
white space. An ordered chain of rules looks at each: True ends the sentence, False carries it on (a
line break is then as any white space), and None leaves it to the next rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeVar

from framelens.preprocessing.normalise import prepared
from framelens.preprocessing.words import (
    ABBREVIATIONS,
    AFTER_CLOCK,
    CARRIES_ON,
    NEVER_LAST,
    NUMBERED,
    OPENERS,
    SELDOM_LAST,
)

MAX_BLOCK = 100_000
MAX_SENTENCE = 10_000

Span = tuple[int, int]
At = TypeVar("At")

BREAKS = "\n\r\x85\u2028\u2029"
_BLANK_LINE = re.compile(rf"[{BREAKS}](?:(?<=\r)\n)?+[^\S{BREAKS}]*+[{BREAKS}]")
_BLANK_LINE_OF_LF = re.compile(r"\n[^\S\n]*+\n")
_NON_SPACE = re.compile(r"\S")
_WORD = re.compile(r"[^\W_]")


def blocks(text: str) -> Iterator[Span]:
    """The spans between blank lines, without white space at their ends.

    One over MAX_BLOCK characters is cut where the last sentence before that begins, else after its last
    line break, else at white space, else within a word. When text is appended, all blocks but the last
    stay as they are: a reader may take blocks from a buffer, hold back the last one, and read on.
    """
    # The regex engine finds one character ten times as fast as one of five.
    only_lf = all(char not in text for char in BREAKS if char != "\n")
    blank_line = _BLANK_LINE_OF_LF if only_lf else _BLANK_LINE
    next_text = _NON_SPACE.search(text)
    while next_text:
        start = next_text.start()
        end = _block_end(text, start, blank_line)
        yield start, _trimmed(text, start, end)
        next_text = _NON_SPACE.search(text, end)


def split(text: str) -> list[Span]:
    """The sentences of a text: (start, end) offsets in order, without white space at their ends.

    Every visible character is in exactly one. Sentences begin and end at white space, except where one
    without any would exceed MAX_SENTENCE characters, and after a note mark glued to the next sentence.
    """
    view = prepared(text)
    spans = _split(view.text)
    if view.offsets is None:
        return spans
    return [(view.start(start), view.start(end)) for start, end in spans]


def _split(text: str) -> list[Span]:
    sentences: list[Span] = []
    for start, end in blocks(text):
        of_block = sentences_at_stops(text, pieces(text, start, end))
        if not all(_has_word(text, span) for span in of_block):
            of_block = _join_wordless(text, of_block)
        if end - start > MAX_SENTENCE:
            of_block = [part for span in of_block for part in _cut(text, *span)]
        sentences += of_block
    return sentences


def edges(text: str) -> Span:
    """The span of a text that is one sentence, without white space and invisible characters at its ends,
    as `split` would have it."""
    view = prepared(text)
    start = len(view.text) - len(view.text.lstrip())
    return view.start(start), view.start(len(view.text.rstrip()))


def _block_end(text: str, start: int, blank_line: re.Pattern[str]) -> int:
    cap = start + MAX_BLOCK
    if blank := blank_line.search(text, start, cap):
        return blank.start()
    if not _NON_SPACE.search(text, cap):
        return len(text)
    begin = max(start, cap - MAX_SENTENCE)
    near = text[begin:cap]  # what stands around it may not be read yet, or not be kept
    if len(spans := sentences_at_stops(near, pieces(near, 0, len(near)))) > 1:
        return begin + spans[-1][0]
    line_break = max(text.rfind(char, start, cap) for char in BREAKS)
    return line_break if line_break > start else _last_space(text, start, cap)


def _last_space(text: str, start: int, cap: int) -> int:
    """The offset to cut at: `cap`, or the start of the word that it would cut if there are others before."""
    if text[cap - 1].isspace() or text[cap].isspace():
        return cap
    words = text[start:cap].rsplit(None, 1)
    return cap - len(words[1]) if len(words) == 2 else cap


def _trimmed(text: str, start: int, end: int) -> int:
    """The end of a span without the white space there."""
    return start + len(text[start:end].rstrip()) if text[end - 1].isspace() else end


def _has_word(text: str, span: Span) -> bool:
    return text[span[0]].isalnum() or _WORD.search(text, *span) is not None


def _join_wordless(text: str, sentences: Iterable[Span]) -> list[Span]:
    """Join spans without letters and digits to the sentence before, or the first to the one after."""
    joined: list[Span] = []
    worded = False
    for span in sentences:
        has_word = _has_word(text, span)
        if joined and not (has_word and worded):
            joined[-1] = joined[-1][0], span[1]
        else:
            joined.append(span)
        worded = worded or has_word
    return joined


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """A sentence in parts of at most MAX_SENTENCE characters."""
    while end - start > MAX_SENTENCE:
        cut = _last_space(text, start, start + MAX_SENTENCE)
        yield start, _trimmed(text, start, cut)
        rest = _NON_SPACE.search(text, cut)
        start = rest.start() if rest else end
    yield start, end


LINES_NEAR = 4
UNWRAPPED = 130
"""Characters of a line beyond which it is a paragraph: nobody wraps prose wider than this."""
PROSE = 50
"""Characters of a line below which prose is seldom wrapped, unless line after line begins in lower case."""

_LINE = re.compile(rf"[^{BREAKS}]++")
_BARE_LABEL = re.compile(r"[^\w\s]{1,2}|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]")
_BULLET = re.compile(r"[•●▪■◦‣·○□➢►✓*\uf020-\uf0ff]\s")  # the last are those of symbol fonts
_DASH = re.compile(r"[-–—]\s")
_ITEM = re.compile(
    r"(?:\(?(?:\d{1,3}(?:\.\d{1,2})*|[a-z]{1,2}|[ivxl]{1,5}|[IVXL]{1,5}|[A-Z])\)"
    r"|(?:\d{1,3}(?:\.\d{1,2})*|[a-z]|[ivx]{1,5}|[IVXL]{1,5}|[A-Z])\."
    r"|\d{1,3}(?:\.\d{1,3}){1,3}|[QA]:|#{1,6}|\[\d{1,3}\])\s"
)
_BRACKETED = re.compile(r"(?:\([A-ZÀ-Þ][^()]{2,200}\)[\s/]{0,3}){1,8}[;.,]?")
"""A line of nothing but brackets, as of States behind a recommendation."""
_ENDED = re.compile(r"[.!?…:;,]['\"”’»)\]*_]{0,4}(?:\[\d{1,3}\]|\d{1,3})?(?:\s(?:and|or))?$")
_STOP_WITHIN = re.compile(r"[a-z)”\"][.!?]\s[A-Z]")
_FURNITURE = re.compile(
    r"©|By\s[A-Z]|(?:Photo|Image|Source|Published|Updated|Share|Read more)\b|https?://|www\.|"
    r"(?:\d{1,2}\s)?(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December)(?:\s\d{1,2},)?\s\d{4}$"
)


class LineBreak(NamedTuple):
    """The context of a line break: the trimmed lines `before` and `after`, those two with a few more on
    either side (`near`), and whether `before` is the first line of its piece (`leads`)."""

    before: str
    after: str
    near: Sequence[str]
    leads: bool

    def width(self) -> int:
        """The length of the longest line near."""
        return max(map(len, self.near))


def pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """The spans between line breaks that end a sentence."""
    if all(text.find(char, start, end) < 0 for char in BREAKS):
        yield start, end
        return
    offsets, lines = _lines(text, start, end)
    for at, (before, after) in enumerate(pairwise(lines)):
        near = lines[max(0, at - LINES_NEAR + 1) : at + LINES_NEAR + 1]
        if ends_at(LINE_RULES, LineBreak(before, after, near, offsets[at] == start)):
            yield start, offsets[at] + len(before)
            start = offsets[at + 1]
    yield start, end


def _lines(text: str, start: int, end: int) -> tuple[list[int], list[str]]:
    """The offsets and the trimmed texts of the lines that are not blank."""
    offsets, lines = [], []
    for match in _LINE.finditer(text, start, end):
        line = match[0].lstrip()
        if line:
            offsets.append(match.end() - len(line))
            lines.append(line.rstrip())
    return offsets, lines


def ends_at(rules: Iterable[Callable[[At], bool | None]], place: At) -> bool:
    """Whether a piece or sentence ends at a place: the verdict of the first rule that has one, else True."""
    for rule in rules:
        verdict = rule(place)
        if verdict is not None:
            return verdict
    return True


def _fits(line: LineBreak, share: float = 0.8) -> bool:
    """Whether the next line's first word would have fitted on the line: nobody wrapped it."""
    first = line.after.split(None, 1)[0]
    return len(line.before) + 1 + len(first) <= share * line.width()


def _runs_on(line: LineBreak) -> bool | None:
    """Most breaks of wrapped prose, from a word to a word in lower case."""
    if not line.after[0].islower() or not line.before[-1].isalnum():
        return None
    return None if _ITEM.match(line.after) or line.before.endswith((" and", " or")) else False


def _wordless(line: LineBreak) -> bool | None:
    if _BARE_LABEL.fullmatch(line.before):
        return False
    return None if _WORD.search(line.after) else _BARE_LABEL.fullmatch(line.after) is not None


def _bullet(line: LineBreak) -> bool | None:
    return True if _BULLET.match(line.after) else None


def _item(line: LineBreak) -> bool | None:
    """Items and numbered paragraphs, unless a wrapped line happens to begin with the number.

    Two in a row that begin so, the next with a capital, do not happen, but for lines of comments (`#`).
    """
    mark = _ITEM if _ITEM.match(line.after) else _DASH
    opening = mark.match(line.after)
    if not opening:
        return None
    is_comment = line.before.startswith("#")
    if mark.match(line.before) and not is_comment and not line.after[opening.end() :][:1].islower():
        return True
    return _ENDED.search(line.before[-24:]) is not None or _fits(line) or line.width() < PROSE


def _stopped(line: LineBreak) -> bool | None:
    """Where a line ends with a full stop, the rules of full stops decide, unless it is short."""
    if line.before.rstrip("\"'”’»)]*_")[-1:] in {".", "!", "?", "…", "。"}:
        return _fits(line)
    return None


def _listed(line: LineBreak) -> bool | None:
    """`… the treaty;` and `The State should:` above an item."""
    if not line.before.endswith((";", ":", "; and", "; or")):
        return None
    ends_alike = line.after.endswith((";", ".", "; and", "; or"))
    in_list = line.after[0].isupper() or (ends_alike and not line.after.startswith(("and ", "or ")))
    return in_list or _fits(line) or line.width() > UNWRAPPED


def _mid_phrase(line: LineBreak) -> bool | None:
    if line.before[-1] in ",-–—([“/" or line.after[0] in ",;:.!?)]”’%":
        return line.after[0].isupper() and (_fits(line, 0.6) or line.width() > UNWRAPPED)
    word = line.before[-16:].rsplit(None, 1)[-1]
    return False if (word.lower() if line.before.isupper() else word) in CARRIES_ON else None


def _in_brackets(line: LineBreak) -> bool | None:
    """`… against Torture (United` above `Kingdom);`, and `(Denmark)` above `(Ghana);`"""
    is_open = line.before.rfind("(") > line.before.rfind(")")
    return False if (is_open or _BRACKETED.fullmatch(line.after)) and not _fits(line) else None


def _goes_on(line: LineBreak) -> bool | None:
    return False if line.after[0].islower() else None


def _furniture(line: LineBreak) -> bool | None:
    return True if _FURNITURE.match(line.after) or _FURNITURE.match(line.before) else None


def _capitals(line: LineBreak) -> bool | None:
    """A heading in capitals above or below a line that is none."""
    if line.before.isupper() == line.after.isupper():
        return None
    heading = line.leads if line.before.isupper() else not line.before.split()[-1].isupper()
    return True if heading else None


def _paragraphs(line: LineBreak) -> bool | None:
    return True if line.width() > UNWRAPPED or _fits(line) else None


def _title(line: LineBreak) -> bool | None:
    if not line.leads:
        return None
    words = line.before.split(None, 16)[:16]
    heads = [word for word in words if word not in CARRIES_ON]
    return True if all(not word[0].islower() for word in heads) else None


def _wrapped(line: LineBreak) -> bool | None:
    if sum(near[0].islower() for near in line.near) / len(line.near) >= 0.3:
        return False
    stopped = line.after[-1] in ".!?,;" or _STOP_WITHIN.search(line.after)
    return False if stopped and line.width() >= PROSE else None


LINE_RULES = (
    _runs_on, _wordless, _bullet, _item, _stopped, _listed, _goes_on, _mid_phrase, _in_brackets,
    _furniture, _capitals, _paragraphs, _title, _wrapped,
)  # fmt: skip

LOOK_BACK = 24
"""How many characters before a stop the rules see."""

_OPENING = "“\"‘'«‹([*_"
_CLOSING = "”’»›)]}\"',;:.!?…%"

_WORDS = "|".join(sorted(word for word in OPENERS if len(word) > 1))
_OPENER = rf"""["'“‘(\[]{{0,2}}(?:{_WORDS})(?![\w.@/(-])"""
"""What sentences open with so often that they do so without white space before it, too."""

# It begins with one plain character set, so that the regex engine skips to the next stop fast;
# every repetition is bounded or possessive, so that no text takes more than linear time.
_STOP = re.compile(
    r"""
    ([.!?…](?<![.!?…][.!?…])[.!?…"'”’»›)\]*_]{0,12}+)                  # marks and what they close
    ((?:\[(?:\w{1,3}|\^\w{1,20}|\d{1,3}(?:[,–-]\x20?\d{1,3}){1,4})\]|[¹²³⁰⁴-⁹†‡]){1,6}  # marks of notes
       |\d{1,3}(?:[,–-]\d{1,3}){0,2})?+
    [”"’»)\]]{0,3}+ (?:\x20(?:[”"'»)\]]{1,3}|\[\d{1,3}\])(?!\S)){0,3}+  # more of both, set apart
    (?P<gap>\s++|(?=OPENER))
    (?=(?:(?:\[(?:…|\.{3})\]\s?|[“"‘'«‹(\[*_…¿¡]){0,8}+)([^\W_]{1,20}|\S|)(\.?))
    """.replace("OPENER", _OPENER),
    re.VERBOSE,
)
_LABEL = re.compile(
    r"""[#*_(\[\s]*
    (?:(?:Article|Section|Rule|Principle|Part|Chapter|Table|Figure|Box|Annex|Recommendation|Goal|
          Question|Step)\s)?
    (?:(?:\d{1,3}|[IVXLC]{1,6}|[A-Z])(?:\.(?:\d{1,3}|[a-z])){0,4}|\d{1,3}/\d{1,4}|[ivx]{1,5}|[a-z])""",
    re.VERBOSE,
)
_GLUED = re.compile(r"(?:\d{1,3}\.|\w{3,20}:)(?=[A-Z][a-z]{0,3}$)")
"""A number or label with no gap before an abbreviation: `2.Ms`, `Chair:Mr`."""
_ADDRESS = re.compile(r"[./@:_\\]")
"""What no word has that ends a sentence with no gap behind it: `frogs.example.The`."""
_LETTERS = re.compile(r"[^\W\d_](?:\.-?[^\W\d_])*")
_NAMED_BY_LETTER = re.compile(
    r"\b(?i:part|annex|appendix|section|chapter|category|group|schedule|table|plan|phase|tier|title|"
    r"war)\s[A-Z]$"
)
_STOP_AFTER_ELLIPSIS = re.compile(r"[^.…]\.$")
_NUMBER = re.compile(r"\d.*|[IVXLCDM]+|[^\W\d_]|Nos?")


class Stop(NamedTuple):
    """The context of a stop.

    `lead` is the sentence before it, at most LOOK_BACK characters; `whole` says whether that is all,
    `word` is its last word. `marks` are the stop itself with closing marks, `note` is a note mark.
    `following` is the next word, or a character that is none, `dot` a full stop right after it, and
    `opening` the first character after the white space.
    """

    lead: str
    whole: bool
    word: str
    marks: str
    note: str
    following: str
    dot: str
    opening: str = ""


def sentences_at_stops(text: str, pieces: Iterable[Span]) -> list[Span]:
    """The sentences of a text's pieces, which end at stops and at the ends of pieces."""
    sentences = []
    for start, end in pieces:
        for match in _STOP.finditer(text, start, end):
            stop = _stop(text, start, match)
            may_end = match["gap"] or not _ADDRESS.search(stop.word)
            if may_end and ends_at(STOP_RULES, stop):
                sentences.append((start, match.start("gap")))
                start = match.end()
        sentences.append((start, end))
    return sentences


def _stop(text: str, start: int, match: re.Match[str]) -> Stop:
    at = match.start()
    lead = text[max(start, at - LOOK_BACK) : at]
    word = "" if not lead or lead[-1].isspace() else lead.rsplit(None, 1)[-1].lstrip(_OPENING)
    if word[:1].isdigit() or ":" in word:
        word = _GLUED.sub("", word)
    elif word[-1:].isupper() and word[-2:-1] in tuple("/—–"):
        word = word[-1]  # an initial: `OHCHR/J. Smith`
    marks, note, _, following, dot = match.groups("")
    opening = text[match.end() : match.end() + 1]
    return Stop(lead, at - start <= LOOK_BACK, word, marks, note, following, dot, opening)


def _lower_case_follows(stop: Stop) -> bool | None:
    return False if stop.following.islower() else None


def _nothing_opens(stop: Stop) -> bool | None:
    return False if not stop.following or stop.following in _CLOSING else None


def _plain_word(stop: Stop) -> bool | None:
    """Most sentences end in a word that is no abbreviation."""
    plain = stop.marks == "." and not stop.whole and not stop.note and len(stop.word) > 3
    return True if plain and stop.word.islower() and stop.word not in ABBREVIATIONS else None


def _asks_or_shouts(stop: Stop) -> bool | None:
    if "?" in stop.marks or "!" in stop.marks:
        return not stop.lead.endswith(("(", "["))
    return None


def _ellipsis(stop: Stop) -> bool | None:
    """Three dots set apart stand for words left out; right after a word they end a sentence."""
    if not stop.marks.startswith(("…", "..")) or _STOP_AFTER_ELLIPSIS.search(stop.marks):
        return None
    before = stop.lead.rstrip()
    if not before or before[-1] in _OPENING + ":,;":
        return False
    return before == stop.lead or before[-1] in ".!?" or stop.following in OPENERS


def _leader(stop: Stop) -> bool | None:
    """`1. Thematic work ...... 10`: dots between an entry of the contents and its page."""
    return False if stop.marks.startswith(".....") and stop.following.isdecimal() else None


def _digits_are_no_note(stop: Stop) -> bool | None:
    """`L.36`, `No.5`, `2.12`, `6.a.1`, but `rights.12`."""
    if not stop.note[:1].isdigit():
        return None
    word = stop.word
    if "." in word and _LABEL.fullmatch(word):
        return False
    plain = len(word) > 1 and "/" not in word and not word[-1].isdigit()
    return None if plain and word not in ABBREVIATIONS else False


def _label(stop: Stop) -> bool | None:
    """`12. The Committee`, `46/99. Frogs`, `II. Findings`, `Article 5. No`, `the State should: 1. Ratify`."""
    label = stop.lead if stop.whole else ""
    if stop.lead[: -len(stop.word)].rstrip().endswith((":", ";")):
        label = stop.word
    return False if label and _LABEL.fullmatch(label) else None


def _something_follows(stop: Stop) -> bool | None:
    return False if stop.word in NEVER_LAST else None


def _number_follows(stop: Stop) -> bool | None:
    if stop.word not in NUMBERED or not _NUMBER.fullmatch(stop.following):
        return None
    return None if stop.following in "AI" and stop.word[0].islower() else False


def _clock(stop: Stop) -> bool | None:
    if stop.word not in {"a.m", "p.m"}:
        return None
    return stop.following not in AFTER_CLOCK


def _named_by_letter(stop: Stop) -> bool | None:
    """`Part V.`, `plan B.`"""
    return True if _NAMED_BY_LETTER.search(stop.lead) else None


def _bracket_follows(stop: Stop) -> bool | None:
    """`Smith et al. (2019)`, `Ibid. (A/HRC/40/2)`."""
    return False if stop.word in ABBREVIATIONS and stop.opening in "([" else None


def _opener_follows(stop: Stop) -> bool | None:
    """`U.S.`, `J.` and the like end a sentence before `The`, not before `Smith`."""
    if stop.word in SELDOM_LAST or _LETTERS.fullmatch(stop.word):
        return stop.following in OPENERS and not stop.dot
    return None


STOP_RULES = (
    _lower_case_follows, _nothing_opens, _plain_word, _asks_or_shouts, _leader, _ellipsis,
    _digits_are_no_note, _label, _something_follows, _number_follows, _clock, _named_by_letter,
    _bracket_follows, _opener_follows,
)  # fmt: skip
