"""The normalised view of a text, with offsets back into the text itself, which is never changed.

In the view, white space of any kind and length is one space; soft hyphens, zero-width and direction
marks are gone; hyphens, apostrophes and quotation marks have one form each; ligatures and HTML's
character references are unfolded; a note mark glued to a word or a full stop is cut off, and so are
the quoting of e-mails, marks of emphasis (`*urges*`), tags and links, the number of a paragraph at
its beginning, what points elsewhere in brackets (`(see A/72/351, para. 3)`, `(2018)`, `(UPR)`), and
brackets round what was put in (`[the] State`); an ellipsis within is a space; `U.N.` is `UN`,
`isn't` is `is not`, `[T]he` is `The` and `human-rights` is `human rights`; a word broken at a line's
end is whole; letters and marks that decoders and fonts of PDFs lose are told where the words around
tell them (what other damaged words were meant to be, `spelling` says); a heading in capitals is in
lower case; and the text ends with a full stop, unless it asks or shouts. Quotation marks round one to
three words are curly ones: rules pass over them, stances count them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from framelens.core.memory import compiled
from framelens.preprocessing.spelling import INITIALS, ONE_FOR_ONE, UNKNOWN
from framelens.preprocessing.words import ABBREVIATIONS, CARRIES_ON, OPENERS, keeps_hyphen

# Letters that look bold or slanted, and pictures, would make the expression slow.
_FORMS = re.compile(f"[{''.join(chr(char) for char in ONE_FOR_ONE if char < 0x1D400)}]")

MIN_BLANKS = 3
"""Blanks from which on a text in capitals is a heading, and not a name or a cry."""

INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
"""Soft hyphens, zero-width and direction marks, and selectors of variants."""

LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
GLYPHS = {"Ɵ": "ti", "Ʃ": "tt", "ƫ": "tti", "Ō": "ft"}
"""What some PDFs have for a font's own ligatures."""

_BREAK = r"[\n\r\x85\u2028\u2029]"
_AFTER_STOP = r"(?:(?<=[.!?\"'”’)]\d)|(?<=[.!?\"'”’)]\d\d)|(?<=[.!?\"'”’)]\d{3}))"
"""Behind a note mark at a full stop, where what a comma parts is another one: `rights.4, 5 The`."""

# What points elsewhere, or says in short what stands before: `(see A/72/351, paras. 3-5)`, `(UPR)`.
_POINTER = (
    r"(?>[A-Z]+(?:[-/.]\w+)+|\d[\w./–-]*|https?://[^\s()\[\]]+|"
    r"(?:(?!(?:NOT?|NEVER|NONE)\b)[A-Z][A-Z\d]{1,9}s?|[a-zIVX]|[ivx]{2,5}|see|also|cf|e\.g|and|to|of|the|at|in|paras?|paragraphs?|"
    r"[Aa]rts?|[Aa]rticles?|sects?|sections?|pp?|pages?|chaps?|chapters?|annex|notes?|nn|fn|[Nn]os?(?=\.?\s?\d)|"
    r"vol|ibid|supra|infra|above|below|sic|original|emphasis|added|citation|needed|"
    r"[Rr]ecommendations?|resolutions?|doc|[Rr]ev|[Aa]dd|[Cc]orr)\b\.?)"
)
# What makes them more than words put in, such as "[recommendations]".
_POINTS = (
    r"(?=[^()\[\]]{0,99}(?:\d|[A-Z]{2}|above|added|below|https?:|ibid|infra|needed|original|sic|supra)|"
    r"(?:[a-z]|[ivx]{2,5}|[IVX]{1,5})[)\]])"
)
_YEAR = r"(?:19|20)\d\d[a-z]?(?:[:,] ?(?:pp?\. ?)?\d{1,4}(?:[–-]\d{1,4})?)?"
_NAME = r"[A-Z][\w.'’-]{1,20}"  # one word each, for "(Human Rights Dialogue, 2018)" is none's
_ASIDE = (
    rf"{_POINTS}{_POINTER}(?:[\s,;:]{{1,4}}(?:{_POINTER}|[–-])){{0,15}}|"
    rf"{_NAME}(?:(?:,|,?\s(?:and|&))\s{_NAME}){{0,3}}(?:\set\sal\.)?,?\s{_YEAR}|"
    r"here(?:inafter|after|in)\b[^()\[\]]{0,40}[\"“][Tt]he\s[^()\[\]\"“”]{1,40}[\"”]|"
    r"[\"“]the(?:\s[\w.'’-]{1,20}){1,2}[\"”]|"
    r"\.\.\.|…|\.\s\.\s\."
)

# The number or mark of a paragraph, or of a point in a list: the sentence opens behind it.
_LABEL = (
    r"\A\s*(?:(?:\(?(?:[a-z]|[ivx]{2,5}|\d{1,3})\)|"
    r"\d{1,3}(?:\.\d{1,3}){0,3}\.|\d{1,3}(?:\.\d{1,3}){1,3}(?=\s+[A-Z])|"
    r"§+\s?\d{1,4}(?:\.\d{1,3}){0,2}\.?|\#{1,6}|\[\d{1,3}\]|[•·▪◦‣●○■–—*-])"
    r"(?:\s+|(?<=[.)])(?=[A-Z][a-z]))){1,2}(?=[^\W\d_]|[\"'“‘\[])"
)
_WORDS_OF_GRAMMAR = "|".join(sorted(filter(str.isalpha, CARRIES_ON | set(map(str.lower, OPENERS)))))

_PARTS = {
    "label": _LABEL,
    # Words that differ by a diaeresis or a hyphen that many leave out.
    "coop": rf"(?<![^\W\d_])[Cc][Oo](?: ?-+ ?|-{_BREAK}+[ \t]*)[Oo](?=per|rdin|PER|RDIN)",
    "diaeresis": r"(?<=[Cc]o)ö(?=(?:per|rdin))",
    "rights": r"(?:(?<=\b[Hh]uman)(?:-\s*)?(?=[Rr]ights)|(?<=\bHUMAN)-\s*(?=RIGHTS))",
    "with": r"(?<![^\s(])w/o?(?=\s)",
    "initials": rf"(?<![\w.])(?=[A-Z]\.[A-Z]\.)(?i:{INITIALS})(?=s?(?!\w))",
    "not": r"(?:\b(?:[Cc]a|CA|[Ww]o|WO)|(?<=[A-Za-z]))[nN](?:'|&(?:\#39|\#x27|apos|rsquo);)[tT]\b",
    # A letter that whoever quotes has put in, and marks of emphasis: *urges*, **urges**, _urges_.
    "put_in": r"(?<!\w)\[[A-Za-z]\](?=[a-z])",
    "emphasis": r"(?<![\w*@#/])[*_]{1,3}(?=[^\W_])|(?<=[^\s*_@#/])[*_]{1,3}(?![\w*/])",
    "quote": rf"(?:^|(?<={_BREAK}))(?:>[ \t]?)+",
    # A line's end may have become a space: "moni- toring", but not "mid- to long-term".
    "broken": rf"(?<=[^\W\d_])[-\u2010\u00ad¬][ \t]?{_BREAK}+[ \t]*(?:>[ \t]?)*(?=[^\W\d_])|"
    rf"(?<=[a-z]{{2}})(?:[-\u2010\u00ad] |¬)(?!(?:{_WORDS_OF_GRAMMAR})\b)(?=[a-z]++(?!/|'(?!s\b)))",
    "invisible": f"[{INVISIBLE}]+",
    "ligature": f"[{''.join(LIGATURES)}](?:(?<=[ﬁﬂﬃﬄ]) (?=[a-z]))?|"  # "ﬁ nding", as of PDFs
    f"(?:(?<=[a-z])[{''.join(GLYPHS)}]|[{''.join(GLYPHS).replace('Ō', '')}](?=[a-z]))",
    "entity": r"&(?:amp;)?(?:\#\d{1,6}|\#[xX][0-9a-fA-F]{1,5}|[A-Za-z]{2,8});",
    # Note marks: superscripts, numbers in brackets, digits and letters after a full stop or a word.
    "raised": r"(?<=\S)(?:<sup>\[?\d{1,3}\]?</sup>|\^\d{1,3}|"
    r"[¹²³⁰⁴-⁹ᵃ-ᶻ†‡]+(?:(?:, ?|[⁻–-])[¹²³⁰⁴-⁹]+)*)",
    "bracket": r"(?:(?<=[^\W_])|(?<=[.,;:!?)]))"
    r"(?:[–-]?\[{1,2}(?:\^?\d{1,3}(?:(?:, ?|[–-])\d{1,3})*|(?<=[^\W_]\[)[a-z]|"
    r"(?:(?:foot)?note|fn|n) \d{1,3}|citation needed)\]{1,2}|\{\{[^{}]{1,60}\}\})+",
    "aside": rf"(?<=[^\s(\[])\s{{1,3}}(?:\((?:{_ASIDE})\)|\[(?:{_ASIDE})\])",
    # What others have left out, put in, or linked; tags.
    "ellipsis": r"(?<=[^\W\d_])\s?(?:…|\.{3,4}|\. \. \.)\s?(?=[a-z])",
    "link": r"\]\(https?://[^\s()]{1,200}\)|\[\[[^\[\]|]{1,60}\||"
    r"\[{1,2}(?=[^\W\d_][^\[\],;]{0,30}\])|(?<=[^\W\d_])\]{1,2}",
    "twin": r"(?<![^\W_])''+|''+(?![^\W_])",
    "tag": r"</?(?:a|abbr|b|cite|em|font|i|mark|s|small|span|strong|su[bp]|u)(?:\s[^<>]{0,200})?>",
    "gap": r"</?(?:br|div|h[1-6]|li|p|t[dr]|ul)(?:\s[^<>]{0,200})?/?>|"
    r"\\[nrt]|<https?://[^\s<>]{1,300}>|[\u2600-\u27bf]+",
    "hash": r"(?<![^\s(])[\#@](?=[^\W\d_])",
    "semicolon": r"(?<=[^\W_]);(?=[^\W\d_])|(?<=[\"”’)]);(?=[^\W\d_])",
    "note": r"(?<=[a-z]{3})(?P<mark>[.,;:!?][\"'”’)]{0,2}|)"
    rf"(?P<digits>\d{{1,3}}(?:{_AFTER_STOP}(?:, \d{{1,3}}){{1,2}}|(?:[,–-]\d{{1,3}}){{0,2}}))"
    r"(?=\s|$|[.,;:!?)”\"’']|[A-Z][a-z])",
    "paren": r"(?<=[a-z]{2}[.!?])\(\d{1,3}\)(?=\s|$)",
    "letter": r"(?<=[a-z]{3}\.)(?:[a-z]|[ivx]{2,6})(?=\s+[A-Z]|\s*$)",
    "space": r"[\s]{2,}|[^\S ]",
}

_IN_DOCUMENTS = frozenset(
    {"quote", "invisible", "ligature", "raised", "bracket", "note", "paren", "letter", "space"}
)
"""What is rewritten before sentences are found."""


def _either(names: Iterable[str]) -> str:
    return "|".join(f"(?P<{name}>{_PARTS[name]})" for name in names)


_REWRITTEN = _either(_PARTS)
_REWRITTEN_IN_DOCUMENTS = _either(name for name in _PARTS if name in _IN_DOCUMENTS)

_MARKS = rf"&@*_\[\]>ö¹²³⁰⁴-⁹ᵃ-ᶻ†‡^#<{{\\…¬\u2600-\u27bf{INVISIBLE}{''.join(LIGATURES | GLYPHS)}"
"""Characters that some part begins with, and next to no text has."""

# Where some part may begin: to try all parts at every character would take thirty times as long.
# `_candidates` knows how far before a match of these a part may begin.
_FIRST = re.compile(
    rf"[\t-\r\x1c-\x1f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000{_MARKS}]"
)
_FIRST_SPACE = re.compile(r" (?=[\s(\[…]|\.\.\.|\. \.)")
_FIRST_OTHERS = [
    re.compile(part)
    for part in ("w/", "''", ";", r"\.(?:\.\.| \. \.)", r"[–-]\[", "rights", "Rights")
]
_FIRST_DIGIT = re.compile(r"\d(?<=[a-z.,;:!?\"'”’)]\d)")
_FIRST_HYPHEN = re.compile(
    rf"[-\u2010](?:(?=[ \t]?{_BREAK}|\s*(?:[Rr]ights|RIGHTS)| [a-z])|(?<=[Cc][Oo]-)|(?<=[Cc][Oo] -))"
)
_BEFORE_LETTER = re.compile(r"\.(?=[a-z])")
_AMONG_INITIALS = re.compile(r"\.[A-Z]\.")
_GLUED_PAREN = re.compile(r"[.!?](?=\(\d)")
_CONTRACTED = re.compile("(?<=[nN])['&]")

# Searched for first: most texts have none of these, and need no rewriting.
_SUSPECT = re.compile(rf"[\x00-\x1f\x7f\x85\u2028\u2029Ö{_MARKS}]")
_GLUED_DIGIT = re.compile(
    r"[0-9](?:(?<=[a-z]{3}.)|(?<=[a-z]{3}[.,;:!?].)|(?<=[a-z]{3}[.!?][\"'”’)].))"
)
_HYPHENED = re.compile(r"-(?: [a-z]|\s*(?:[Rr]ights|RIGHTS)|(?:(?<=[Oo]-)|(?<=[Oo] -)) ?[Oo])")
_GLUED_LETTER = re.compile(r"\.(?=(?:[a-z]|[ivx]{2,6})(?:\s|$))")
_GLUED_SEMICOLON = re.compile(_PARTS["semicolon"])
_LABELLED = re.compile(_LABEL)
_BRACKETED = rf"\((?:{_ASIDE})\)"
_NOT = re.compile(r"'(?:(?<=[Nn]')[Tt]|')")
_BROKEN = re.compile(_PARTS["broken"])
# Not in "a »new« law": there the space is outside already.
_GUILLEMETS = re.compile(r"(?<![^\s(])«[ \u00a0\u202f]|[ \u00a0\u202f]»(?!\w)")
UNDECODED = "\ufffd"
"""What decoders put for bytes that they cannot decode; some put a question mark."""

# Behind a whole word, a question mark before a capital is one: "Did he?They did."; in an address, `?s=`.
_LOST_APOSTROPHE = re.compile(
    rf"(?<=[^\W\d_])(?:[{UNDECODED}?](?=(?:s|t|re|ve|ll)\b(?!=))|(?:{UNDECODED}|(?<=\b[A-Z])\?)(?=[A-Z][a-z]))"
)
_LOST_LETTER = re.compile(rf"(?:(?<=[A-Za-z])|(?<!\w)){UNDECODED}(?=[a-z]{{2}})")
_LOST_QUOTES = re.compile(
    rf"(?<!\w){UNDECODED}(?=\w)([^{UNDECODED}]*)(?<=[\w.,!?]){UNDECODED}(?!\w)"
)

# How bytes from 0x80 on look in Windows-1252 or, where it has none, in Latin-1.
_BYTES = {bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(0x80, 0xC0)}
# Without white space, which no sentence ends with.
_NEXT = f"[{''.join(char for char in _BYTES if not char.isspace())}\x80-\x84\x86-\x9f]"
# A single letter of other scripts, when a mark would be its second byte, is what it looks like: „Spaß“.
_MISREAD = re.compile(
    f"(?:(?:[Æ-ß]{_NEXT}){{2,}}|[Â-Å]{_NEXT}|[Æ-ß](?![‘-„…–—‹›«»]){_NEXT}|"
    f"[à-ï]{_NEXT}{{2}}|[ð-ô]{_NEXT}{{3}})+|â€{UNDECODED}?|Â(?=\\s)"
)
# Where none of these is, neither is one of those, and to look takes a tenth of the time.
_MAY_BE_MISREAD = re.compile(r"[Â-ô](?:[^\x00-\x7f]|(?<=Â)\s)")
_WORDS = re.compile(r"\S+")
_WORD_BEFORE = re.compile(r"[^\W\d_]+$")
_WORD_AFTER = re.compile(r"[^\W\d_]+")
# Ends of whole words: behind one of them, "- " is a dash or a compound's hyphen.
_INFLECTED = re.compile(
    r"(?:[a-z]{2}(?:[^\We]ed|ings?|ly|[st]ions?|ments?)|[a-z]ness|[a-z][dklt]s)$"
)
_LOOK_BACK = 40
_BEFORE_DIGITS = frozenset({"covid", "sars", "cop", "article", "page", "note"})
"""Words after which digits without a space are no note mark."""
ROUND_FEW = "“”"
"""Quotation marks round one to three words in the view, where nothing else has this form."""
# Bounded, as otherwise each mark in a run without white space would be searched for to the run's end.
_FEW = r"""[^\s"]{1,50}?"""
_ROUND_FEW = re.compile(rf"""(["'])(?<![^\s(\[/–—].)(?=\w)({_FEW}(?: {_FEW}){{0,2}}?)\1(?!\w)""")
_TRAILING = re.compile(r"(?<![\s.…:;,–—-])[\s.…:;,–—-]*+$")
_CLOSED_SENTENCE = re.compile(r"[.!?][\"')\]]*$")


class View:
    """A normalised text.

    `offsets` are the offsets in the original text of each of its characters and of its end; None if
    no character has moved. They are computed when they are first asked for.
    """

    __slots__ = ("_offsets", "text")

    def __init__(
        self, text: str, offsets: Sequence[int] | Callable[[], Sequence[int]] | None = None
    ) -> None:
        self.text, self._offsets = text, offsets

    @property
    def offsets(self) -> Sequence[int] | None:
        if callable(self._offsets):
            self._offsets = self._offsets()
        return self._offsets

    def start(self, at: int) -> int:
        """The offset in the original text of the character at an offset of the view."""
        offsets = self.offsets
        return at if offsets is None else offsets[at]

    def end(self, at: int) -> int:
        """The end in the original text of a span that ends at an offset of the view."""
        offsets = self.offsets
        return at if offsets is None or at == 0 else offsets[at - 1] + 1


def normalised(text: str) -> View:
    """The view of a sentence, or of another text without paragraphs."""
    reread = _reread(text)
    view = flattened(_told(text if reread is None else reread.text))
    whole = view if reread is None else _within(reread, view)
    return with_short_quotes(_with_full_stop(_lower_cased(whole)))


def without(view: View, places: Sequence[int]) -> View:
    """The view without the characters at some places, such as spaces within words."""
    if not places:
        return view
    kept = sorted(set(range(len(view.text) + 1)).difference(places))
    text = "".join([view.text[at] for at in kept[:-1]])
    return View(text, lambda: [view.start(at) for at in kept])


def with_short_quotes(view: View) -> View:
    """The view with curly quotation marks round one to three words."""
    text = view.text
    if '"' not in text and "'" not in text:
        return view
    return View(_ROUND_FEW.sub(r"“\2”", text), view._offsets)


def _lower_cased(view: View) -> View:
    """The view in lower case if it is a heading in capitals."""
    text = view.text
    if not text.isupper() or text.count(" ") < MIN_BLANKS:
        return view
    lower = text.lower()
    return View(lower, view.offsets) if len(lower) == len(text) else view


def flattened(text: str) -> View:
    """The view of a phrase or a part of a sentence: case, end and quotation marks stay."""
    if "«" in text:
        text = _GUILLEMETS.sub(lambda match: match[0][::-1], text)  # the space outside of the marks
    has_forms = ("`" in text or not text.isascii()) and (
        _FORMS.search(text) or max(text) > "\uffff"
    )
    plain = text.translate(ONE_FOR_ONE) if has_forms else text
    if "  " not in f" {plain}" and not _is_suspect(plain):
        return View(plain)
    joined = " ".join(plain.split())
    if joined != plain and not _is_suspect(joined) and not _BROKEN.search(plain):
        # In most texts that need rewriting, such as wrapped ones, it is white space alone.
        return View(joined, lambda: _word_offsets(plain))
    return _rewritten(plain, _REPLACE)


def prepared(text: str) -> View:
    """The view of a document's text for finding sentences: line breaks stay."""
    if (reread := _reread(text)) is not None:
        return _within(reread, _prepared(reread.text))
    return _prepared(text)


def _prepared(text: str) -> View:
    return _rewritten(text, _REPLACE_IN_DOCUMENTS) if _is_marked(text) else View(text)


def _reread(text: str) -> View | None:
    """The view with bytes of UTF-8 that were read as Windows-1252 read as UTF-8; None if there are none."""
    if text.isascii() or not _MAY_BE_MISREAD.search(text):
        return None
    matches = list(_MISREAD.finditer(text))
    if not matches:
        return None
    parts, offsets, done = [], [], 0
    for match in matches:
        new = _of_bytes(match[0])
        parts += [text[done : match.start()], new]
        offsets += [*range(done, match.start()), *range(match.start(), match.start() + len(new))]
        done = match.end()
    return View("".join([*parts, text[done:]]), [*offsets, *range(done, len(text) + 1)])


def _of_bytes(misread: str) -> str:
    """What misread bytes say, as often as they were misread; as they stand if they are no UTF-8."""
    while True:
        try:
            misread = bytes(_BYTES.get(char, ord(char)) for char in misread).decode()
        except ValueError:
            return "" if misread == "Â" else '"' if misread.startswith("â€") else misread


def _within(outer: View, inner: View) -> View:
    """A view of a view's text as one of the text itself."""
    places = inner.offsets or range(len(inner.text) + 1)
    return View(inner.text, [outer.start(at) for at in places])


def _told(text: str) -> str:
    """A text with what its words tell of letters and marks that were lost, each as one character."""
    if UNDECODED in text or text.find("?", 0, -1) >= 0:
        text = _LOST_QUOTES.sub(r'"\1"', _LOST_APOSTROPHE.sub("'", text))
        text = _LOST_LETTER.sub(UNKNOWN, text)
    return text


def _word_offsets(text: str) -> Sequence[int]:
    """The offsets of a text's words joined by single spaces, and of the end."""
    offsets: list[int] = []
    for match in _WORDS.finditer(text):
        offsets += [*(offsets and [offsets[-1] + 1]), *range(*match.span())]
    return [*offsets, len(text)]


def _is_marked(text: str) -> bool:
    """Whether a text may need rewriting before sentences are found."""
    return bool(
        _SUSPECT.search(text)
        or _GLUED_DIGIT.search(text)
        or _GLUED_LETTER.search(text)
        or _GLUED_PAREN.search(text)
    )


def _is_suspect(text: str) -> bool:
    """Whether a text may need rewriting beyond white space."""
    return bool(
        _is_marked(text)
        or _AMONG_INITIALS.search(text)
        or "..." in text
        or ". . ." in text
        or "w/" in text
        or (";" in text and _GLUED_SEMICOLON.search(text))
        or ("'" in text and _NOT.search(text))
        or ("-" in text and _HYPHENED.search(text))
        or ("(" in text and compiled(_BRACKETED).search(text))
        or "anrights" in text
        or "anRights" in text
        or ((not text[:1].isalpha() or ")" in text[1:6]) and _LABELLED.match(text))
    )


def _with_full_stop(view: View) -> View:
    """The view with a full stop in place of dots, dashes, colons and commas at its end."""
    text = view.text
    if text[-1:] in (".", "!", "?") and text[-2:-1] not in (".", "…", " ", ";", ","):
        return view
    if _CLOSED_SENTENCE.search(text[-4:]) and not text.endswith(("..", "…", ";.", ",.")):
        return view
    last = _TRAILING.search(text)
    assert last is not None
    end = last.start()
    if not end:
        return view

    def offsets() -> Sequence[int]:
        before = range(len(text) + 1) if view.offsets is None else view.offsets
        # The added stop has the offset of the last character.
        return [*before[:end], before[end - 1], before[-1]]

    return View(text[:end] + ".", offsets)


Replace = Callable[[re.Match[str]], str | None]
"""The text that replaces a match in the view; None for no change."""


def _matches(text: str, parts: str) -> Iterator[re.Match[str]]:
    """The matches of `_REWRITTEN`, or some of its parts, as `finditer` would find them, but faster."""
    end, expression = 0, compiled(parts)
    for at in sorted(_candidates(text)):
        if at >= end and (match := expression.match(text, at)):
            yield match
            end = match.end()


def _candidates(text: str) -> set[int]:
    """The offsets at which a match of `_REWRITTEN` may begin."""
    firsts = (_FIRST, _FIRST_SPACE, *_FIRST_OTHERS)
    places = {0, *(match.start() for part in firsts for match in part.finditer(text))}
    for glued in (_BEFORE_LETTER, _GLUED_PAREN):
        places.update(match.start() + 1 for match in glued.finditer(text))
    places.update(match.start() - 1 for match in _AMONG_INITIALS.finditer(text, 1))
    for match in _CONTRACTED.finditer(text):
        places.update(max(match.start() - back, 0) for back in (1, 3))
    for match in _FIRST_HYPHEN.finditer(text):
        places.update(max(match.start() - back, 0) for back in (0, 2, 3))
    for match in _FIRST_DIGIT.finditer(text):
        places.update(range(max(match.start() - 3, 0), match.start() + 1))
    return places


def _rewritten(text: str, replace: Mapping[str, Replace]) -> View:
    parts: list[str] = []
    offsets: list[int] = []
    done = 0
    for match in _matches(text, _REWRITTEN if replace is _REPLACE else _REWRITTEN_IN_DOCUMENTS):
        name = match.lastgroup if match.lastgroup not in ("mark", "digits") else "note"
        new = replace[name or ""](match)
        if new is None:
            continue
        start, end = match.span()
        parts += [text[done:start], new]
        offsets += range(done, start)
        # A longer replacement repeats the first offset, a shorter one has the first offsets; the space
        # after a note mark has that of the next sentence.
        longer = max(len(new) - (end - start), 0)
        offsets += [max(start, start + at - longer) for at in range(len(new))]
        if name == "note" and new.endswith(" "):
            offsets[-1] = end
        elif name in ("coop", "initials", "not"):
            offsets[-1] = end - 1  # a span of the word covers all of its original form
        done = end
    parts.append(text[done:])
    offsets += range(done, len(text) + 1)
    return (
        _single_spaced("".join(parts), offsets)
        if replace is _REPLACE
        else View("".join(parts), offsets)
    )


def _single_spaced(text: str, offsets: Sequence[int]) -> View:
    """The view without double spaces, as there are round cuts, and without spaces at its ends."""
    places = range(len(text) - len(text.lstrip(" ")), len(text))
    kept = [at for at in places if text[at] != " " or text[at + 1 : at + 2] not in ("", " ")]
    return View("".join([text[at] for at in kept]), [*(offsets[at] for at in kept), offsets[-1]])


def _unescaped(match: re.Match[str]) -> str | None:
    char = html.unescape(html.unescape(match[0]))
    return None if char == match[0] else " " if char.isspace() else char.translate(ONE_FOR_ONE)


def _note(match: re.Match[str]) -> str | None:
    """A note mark: removed, or a space before a next sentence; other numbers stay."""
    word = _WORD_BEFORE.search(match.string, max(0, match.start() - _LOOK_BACK), match.start())
    name = word[0] if word else ""
    is_abbreviated = match["mark"][:1] == "." and name in ABBREVIATIONS
    if is_abbreviated or name.lower() in _BEFORE_DIGITS:
        return None
    is_glued = match.string[match.end() : match.end() + 1].isalpha()
    return match["mark"] + (" " if is_glued else "")


def _paren(match: re.Match[str]) -> str | None:
    """A number in round brackets at a full stop: a note mark, but not that of `para.(1)`."""
    at = match.start() - 1
    word = _WORD_BEFORE.search(match.string, max(0, at - _LOOK_BACK), at)
    return None if word and word[0] in ABBREVIATIONS else ""


_VISIBLE = re.compile(rf"[^\s{INVISIBLE}][{INVISIBLE}]*$")


def _superscript(match: re.Match[str]) -> str | None:
    """A superscript: removed as a note mark, unless no visible character is before it."""
    before = match.string[max(0, match.start() - _LOOK_BACK) : match.start()]
    return "" if _VISIBLE.search(before) else None


def _not(match: re.Match[str]) -> str:
    """`isn't` as `is not`, `can't` as `cannot`, in capitals if it was."""
    first = match[0][0]
    rest = {"c": "annot", "w": "ill not"}.get(first.lower())
    new = " not" if rest is None else first + rest
    return new.upper() if match[0].isupper() else new


def _aside(match: re.Match[str]) -> str | None:
    """What points elsewhere: removed, but among capitals words in capitals may say anything."""
    around = match.string[max(0, match.start() - _LOOK_BACK) : match.end() + _LOOK_BACK]
    return None if around.isupper() and match[0].isupper() else ""


def _broken(match: re.Match[str]) -> str:
    """A hyphen at a line's end, or what was one: kept if it belongs to the word."""
    text = match.string
    left = _WORD_BEFORE.search(text, max(0, match.start() - _LOOK_BACK), match.start())
    right = _WORD_AFTER.match(text, match.end())
    words = (left[0] if left else "", right[0] if right else "")
    is_whole = match[0] == "- " and _INFLECTED.search(words[0])
    return "-" if is_whole or keeps_hyphen(*words) else ""


_REPLACE: dict[str, Replace] = {
    "label": lambda _: "",
    "coop": lambda match: match[0][:2] + ("O" if match[0][:2].isupper() else "o"),
    "diaeresis": lambda _: "o",
    "rights": lambda _: " ",
    "initials": lambda match: match[0].replace(".", ""),
    "not": _not,
    "with": lambda match: match[0][0] + ("ithout" if len(match[0]) == 3 else "ith"),
    "put_in": lambda match: match[0][1],
    "emphasis": lambda _: "",
    "quote": lambda _: "",
    "broken": _broken,
    "invisible": lambda _: "",
    "ligature": lambda match: (LIGATURES | GLYPHS)[match[0][0]],
    "entity": _unescaped,
    "raised": _superscript,
    "bracket": lambda _: "",
    "aside": _aside,
    "ellipsis": lambda _: " ",
    "link": lambda _: "",
    "twin": lambda _: '"',
    "tag": lambda _: "",
    "gap": lambda _: " ",
    "hash": lambda _: "",
    "semicolon": lambda _: "; ",
    "note": _note,
    "paren": _paren,
    "letter": lambda _: "",
    "space": lambda _: " ",
}

_REPLACE_IN_DOCUMENTS: dict[str, Replace] = {
    **_REPLACE,
    "space": lambda match: match[0] if re.search(_BREAK, match[0]) else " ",
}
