"""The forms in which words are compared.

Words in rules and in texts have one spelling, British and American alike (`known_form`): the American
one, but for `dialogue` and the like. Words of texts that are no English ones are read as what they were
meant to be (`meant`), if a slip of a writer or of a program that reads scans and PDFs explains them;
and so are words with spaces in them (`spaces_within_words`) or none between them (`run_together`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import accumulate, product
from math import prod
from pathlib import Path
from string import ascii_lowercase
from unicodedata import normalize

ONE_FOR_ONE = str.maketrans(
    {
        **{chr(char): chr(char - 0xFEE0) for char in range(0xFF01, 0xFF5F)},  # full-width forms
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u02b9\u2032\uff07\u00b4`\u2039\u203a", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02", '"'),
        # Letters of other alphabets that look like these.
        **dict(zip("асеорхуіѕјАВЕКМНОРСТХІЅЈ", "aceopxyisjABEKMHOPCTXISJ", strict=True)),
        **dict(zip("οΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oABEZHIKMNOPTYX", strict=True)),
        # Windows-1252 that was read as Latin-1.
        **{chr(byte): bytes([byte]).decode("cp1252") for byte in (0x96, 0x97)},
        **dict.fromkeys("\x91\x92", "'"),
        **dict.fromkeys("\x93\x94", '"'),
        **dict.fromkeys("\u2010\u2011\u2212\ufe63\uff0d", "-"),
        **dict.fromkeys("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006", " "),
        **dict.fromkeys("\u2007\u2008\u2009\u200a\u202f\u205f\u3000\x1c\x1d\x1e\x1f", " "),
    }
)
# Letters that look bold or slanted, signs of fonts, and pictures.
ONE_FOR_ONE |= {char: normalize("NFKC", chr(char)) for char in range(0x1D400, 0x1D800)}
ONE_FOR_ONE |= {
    0x100000 + ord(letter): letter for letter in "ƟƩƫŌ"
}  # which some PDFs have so far on
ONE_FOR_ONE |= dict.fromkeys([*range(0x1F1E6, 0x1F200), *range(0x1F300, 0x1FB00)], "\u2600")
"""Variants of a character that are one character themselves."""

INITIALS = r"(?!(?:a\.m|e\.g|h\.e|i\.e|i\.t|p\.m|u\.s)\.(?!\w))[a-z](?:\.[a-z])+\."
"""`u.n.`, but for what would be another word without its dots."""
_WORD_OF_INITIALS = re.compile(INITIALS)

_OUR = (
    "arbour|ardour|armour|behaviour|candour|clamour|colour|demeanour|endeavour|favour|fervour|"
    "flavour|glamour|harbour|honour|humour|labour|misdemeanour|neighbour|odour|parlour|rancour|"
    "rigour|rumour|saviour|savour|splendour|tumour|valour|vapour|vigour"
)
_DOUBLED = (
    "cancel|channel|counsel|dial|dishevel|equal|fuel|grovel|jewel|label|level|libel|marshal|"
    "marvel|model|panel|pedal|pencil|quarrel|signal|snorkel|total|travel|tunnel|unravel"
)
_KEEP_ISE = re.compile(
    r"(?:adv|advert|appra|ar|ax|br|bru|chast|circumc|comprom|compr|conc|cru|dem|desp|dev|disgu|"
    r"enfranch|enterpr|exc|exerc|exp|expert|franch|gu|impr|improv|inc|l|likew|merchand|mort|no|otherw|"
    r"parad|po|pra|pract|prec|prem|prom|ra|rev|r|surm|superv|surpr|telev|treat|turqu|v|w)"
    r"is(?:e[ds]?|er[s]?|ing|ement|es)$"
)
_ISE = re.compile(r"([a-z]{3,})is(e|es|ed|er|ers|ing|ation|ations|ational|able)$")
_YSE = re.compile(r"(anal|paral|catal|dial)ys(e|es|ed|er|ers|ing)$")

_RULES = [
    (re.compile(rf"^((?:un|dis|mis|re)?)({_OUR})(?=s?$|ed$|ing$|s?hood|ly$|al|able|ite|er|ful|ist)"),
     lambda match: match[1] + match[2][:-3] + "or"),
    (re.compile(rf"^((?:un|re|dis|mis)?(?:{_DOUBLED}))l(?=ed$|ing$|ings$|ers?$|ors?$)"),
     lambda match: match[1]),
    (re.compile(r"^((?:mis|pre|self|fore)?judg|acknowledg|abridg|lodg)ement(s?)$"),
     lambda match: f"{match[1]}ment{match[2]}"),
    (re.compile(r"^(cent|theat|met|kilomet|centimet|lit|fib|spect|calib|scept|sab|manoeuv)re(s?|d)$"),
     lambda match: f"{match[1]}er{'ed' if match[2] == 'd' else match[2]}"),
    (re.compile(r"^(dialog|catalog|analog|monolog|prolog|epilog)(s?)$"),
     lambda match: f"{match[1]}ue{match[2]}"),
    (re.compile(r"^(defen|offen|preten|licen)ce(s?|d|less)$"),
     lambda match: f"{match[1]}se{match[2]}"),
    (re.compile(r"^practis(e|es|ed|ing)$"), lambda match: f"practic{match[1]}"),
    (re.compile(r"^enquir(y|ies|e|es|ed|ing|er|ers)$"), lambda match: f"inquir{match[1]}"),
    (re.compile(r"^(.*)(paed|anaem|haem|gynaec|orthopaed|foet|oedem|manoeuv)(.+)$"),
     lambda match: match[1] + match[2].replace("ae", "e").replace("oe", "e") + match[3]),
]  # fmt: skip
_MAY_CHANGE = re.compile(
    "|".join(f"(?:{part.pattern})" for part in (_ISE, _YSE, *(rule for rule, _ in _RULES)))
)
"""Matches each word that a rule changes; most words match nothing and need no more tests."""
_OTHER_WORDS = {
    "gov't": "government", "govt": "government", "int'l": "international", "intl": "international",
    "nat'l": "national", "cttee": "committee", "cmte": "committee", "comm'n": "commission",
    "ageing": "aging", "grey": "gray", "sceptic": "skeptic", "sceptics": "skeptics",
    "sceptical": "skeptical", "scepticism": "skepticism", "cheque": "check", "tyre": "tire",
    "whilst": "while", "amongst": "among", "learnt": "learned", "spelt": "spelled",
    "storey": "story", "plough": "plow", "mould": "mold", "aluminium": "aluminum",
    "draught": "draft", "gaol": "jail", "gaoled": "jailed", "kerb": "curb", "pyjamas": "pajamas",
    "onsite": "on-site", "offsite": "off-site", "factfinding": "fact-finding",
    "benefitted": "benefited", "benefitting": "benefiting", "focussed": "focused",
    "focussing": "focusing", "worshipped": "worshiped", "kidnapped": "kidnaped",
    "cosy": "cozy", "artefact": "artifact", "artefacts": "artifacts", "towards": "toward",
    "n't": "not",
    "programme": "program", "programmes": "programs",
    "fulfil": "fulfill", "fulfils": "fulfills", "fulfilment": "fulfillment", "enrol": "enroll",
    "enrols": "enrolls", "enrolment": "enrollment", "enrolments": "enrollments",
    "instalment": "installment", "instalments": "installments", "skilful": "skillful",
    "skilfully": "skillfully", "wilful": "willful", "wilfully": "willfully", "distil": "distill",
    "instil": "instill", "instils": "instills",
}  # fmt: skip


def written(word: str) -> str:
    """A word as views have it, in its own spelling and case."""
    plain = word.translate(ONE_FOR_ONE)
    if plain in ("n't", "N'T"):
        return "not" if plain.islower() else "NOT"
    of_initials = plain.isupper() and _WORD_OF_INITIALS.fullmatch(plain.lower())
    return plain.replace(".", "") if of_initials else plain


@lru_cache(maxsize=100_000)
def known_form(lower: str) -> str:
    """The form of a lower-case word in rules and terms: American spelling, straight quotes."""
    if not lower.isascii():
        lower = lower.translate(ONE_FOR_ONE)
    if (word := _OTHER_WORDS.get(lower)) is not None:
        return word
    if not lower.isalpha() or not lower.isascii():
        return lower.replace(".", "") if _WORD_OF_INITIALS.fullmatch(lower) else lower
    if not _MAY_CHANGE.match(lower):
        return lower
    if _ISE.match(lower) and not _KEEP_ISE.match(lower):
        return _ISE.sub(r"\1iz\2", lower)
    if _YSE.match(lower):
        return _YSE.sub(r"\1yz\2", lower)
    for pattern, changed in _RULES:
        if pattern.match(lower):
            return pattern.sub(changed, lower, count=1)
    return lower


DICTIONARY = "frequency_dictionary_en_82_765.txt"
"""The file of symspellpy with English words, British and American, and how often books have each."""

NEW_WORDS = frozenset({"defund", "fracking", "repost", "specialty", "tribals", "vaping"})
"""English words that its books are too old for, or too few of, and that are a slip away from others."""

LOST = ("ti", "tt", "fi", "fl", "ff", "ft", "tti", "ffi")
"""Letters that fonts draw as one sign, which programs that read PDFs may leave out."""

LOST_OFTEN = ("ti", "tt")
"""Those that have no sign of their own in Unicode."""

LOST_TWICE = (("ti", "ti"), ("tt", "ti"))
"""Those that words have two of, in order: `negotiation`, `attention`."""

LOOK_ALIKE = (
    ("rn", "m"), ("m", "rn"), ("li", "h"), ("h", "li"), ("cl", "d"), ("d", "cl"), ("1", "l"), ("0", "o"),
)  # fmt: skip
"""What scanned letters are misread as, and the letters themselves."""

UNKNOWN = "\ue000"
"""What stands in views for a character within a word that nobody could tell."""

CLEARLY = 5
"""How many times as frequent a word must be to be clearly the one meant, and not another."""

BY_FAR = 100
"""How many times as frequent one beside a piece must be to be hardly the rest of the word."""

RARE, SHORT = 1_000_000, 5
"""How often books have a word that is rather a piece of another, and the most letters of such a one."""

LONG_PIECE, LONGEST = 4, 40
"""Letters from which on a piece is hardly a name or a sign; most of a piece, or of words to be cut."""

ENOUGH = 12
"""Letters, and digits of its frequency, of a word that others may have run into: `of`, 10; `against`, 5."""

SHORTEST, SHORTEST_NAME = 5, 8
"""Fewest letters of a misspelt word, in lower case and with a capital, which names have, too; shorter
ones are like too many others."""

_UNKNOWN = r"\0-\x1f\x7f\ue000-\uf8ff"
_IN_QUESTION = re.compile(rf"[a-z{_UNKNOWN}][a-z01{_UNKNOWN}]{{3,23}}")
_LETTERS = re.compile("[a-z]+")
_OPEN = r"""[(\["'“‘]*"""
"""What may stand right before a word."""

_CLOSE = r"""(?:'s?)?[^\w\s/'-]*"""
"""What may stand right behind it."""

# Words as their pieces stand: `(Sanc tions)`, `inves tiga tion's`.
_WORD = re.compile(f"{_OPEN}([A-Z][a-z]*|[a-z]+){_CLOSE}")
_PIECES = re.compile(f"{_OPEN}((?:[A-Z][a-z]*|[a-z]+)(?: [a-z]+){{1,2}}){_CLOSE}")

_PREFIX = re.compile(
    "^(?:anti|counter|cyber|de|inter|mis|multi|non|over|pre|re|sub|un|under)(?=[a-z]{5})"
)
_ENDING = re.compile("(?<=[a-z]{4})(?:ings?|ed|ers?)$")
_ANY_UNKNOWN = re.compile(f"[{_UNKNOWN}]")


@lru_cache(maxsize=1)
def _frequencies() -> dict[str, str]:
    """How often books have each English word, in digits: all are read, and hardly any is compared."""
    package = find_spec("symspellpy")
    assert package is not None  # a dependency; to import it would take longer than to read its file
    (folder,) = package.submodule_search_locations or [""]
    words = Path(folder, DICTIONARY).read_text("utf-8-sig").split()
    return dict(zip(words[::2], words[1::2], strict=True))


@cache
def _from_start() -> Sequence[str]:
    """The English words in the order of their letters."""
    return sorted(_frequencies())


@cache
def _from_end() -> Sequence[str]:
    """The English words, each written backwards, in the order of their letters."""
    return sorted([word[::-1] for word in _frequencies()])


def _is_start(letters: str, words: Sequence[str]) -> bool:
    """Whether one of the words, which are in order, begins with some letters."""
    at = bisect_left(words, letters)
    return at < len(words) and words[at].startswith(letters)


@lru_cache(maxsize=100_000)
def meant(lower: str, is_name: bool = False) -> tuple[str, ...]:
    """The known forms of what a word in lower case may have been meant to be: `goverment`, `violaons`.

    These are the English words that are one slip away, the likeliest first; none for a word that is
    English itself. A slip is what programs make of LOST and LOOK_ALIKE letters or, unless a short word
    may be a name, a letter too many, too few or wrong, or two that have changed places (Damerau 1964).
    """
    if not _IN_QUESTION.fullmatch(lower) or _is_english(lower):
        return ()
    if is_name and len(lower) < SHORTEST_NAME:
        return tuple(map(known_form, _likely(_restored(lower, LOST_OFTEN))))
    words = _likely(_restored(lower))
    if len(lower) >= SHORTEST:
        words = [*words, *_likely(_respelt(lower))] or _likely(_restored_twice(lower))
    return tuple(dict.fromkeys(map(known_form, words)))


def _is_english(word: str) -> bool:
    """Whether a word is listed, or made of one that is: `defunded`, `kettling`, `recommender`."""
    words = _frequencies()
    if word in words or word in NEW_WORDS or _PREFIX.sub("", word, count=1) in words:
        return True
    ending = _ENDING.search(word)
    if ending is None:
        return False
    # Not of one that wants its last letter doubled: "commited".
    base = word[: ending.start()]
    return f"{base}e" in words or (ending[0].startswith("er") and base in words)


def _likely(slips: Set[str]) -> list[str]:
    """The English words among some, the most frequent first, but for those CLEARLY less frequent."""
    words = sorted(_frequencies().keys() & slips, key=lambda word: (-_frequency(word), word))
    return [word for word in words if CLEARLY * _frequency(word) >= _frequency(words[0])]


def run_together(word: str) -> list[tuple[str, ...]]:
    """The two or three English words that a word in lower case may be, the likeliest first: `groundsin`."""
    if word in _frequencies() or len(word) > LONGEST:
        return []
    if not _LETTERS.fullmatch(word) or _is_english(word):
        return []
    return sorted(_cut(word, 3), key=lambda words: (len(words), -prod(map(_frequency, words))))


def _cut(word: str, most: int) -> Iterator[tuple[str, ...]]:
    """A word cut into frequent ones in each way, into `most` at most."""
    for at in range(2, len(word) - 1):
        if _is_frequent(first := word[:at]):
            if _is_frequent(rest := word[at:]):
                yield first, rest
            elif most > 2:
                yield from ((first, *others) for others in _cut(rest, most - 1))


def _is_frequent(word: str) -> bool:
    """Whether letters are a word, and no ending: one letter less takes a digit more of frequency."""
    digits = _frequencies().get(word)
    return digits is not None and len(word) + len(digits) >= ENOUGH


def may_be_piece(stretch: str) -> bool:
    """Whether what stands between two spaces may be a piece of a word."""
    if stretch in _frequencies() and len(stretch) > SHORT:
        return False
    letters = _WORD.fullmatch(stretch) if len(stretch) <= LONGEST else None
    return letters is not None and _are_of_word(letters[1])


def spaces_within_words(stretches: Sequence[str], pieces: Set[str]) -> list[int]:
    """Where spaces stand within words, or for LOST letters: `rap porteur`, `viola ons`.

    `stretches` are what stands between the spaces of a view's text, `pieces` those that may be pieces.
    """
    within, done = list[int](), 0
    for at, stretch in enumerate(stretches):
        for first, end in _windows(at, done, stretches) if stretch in pieces else ():
            if _is_broken(" ".join(stretches[first:end])):
                within += range(first, end - 1)
                done = end
                break
    ends = list(accumulate([len(stretch) + 1 for stretch in stretches])) if within else []
    return [ends[at] - 1 for at in within]


def _windows(at: int, first: int, stretches: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where a word that a piece belongs to may begin, from `first` on, and end: of three pieces or two."""
    for start, pieces in ((at - 1, 3), (at, 3), (at - 2, 3), (at, 2), (at - 1, 2)):
        end = start + pieces
        if first <= start and end <= len(stretches) and stretches[start][-1:].isalpha():
            middle = stretches[start + 1]
            if middle.islower() and (pieces == 2 or len(middle) == 1 or not _frequency(middle)):
                yield start, end


@lru_cache(maxsize=20_000)
def _is_broken(stretches: str) -> bool:
    pieces = _PIECES.fullmatch(stretches)
    return pieces is not None and _are_pieces(pieces[1].split(" "))


def _are_of_word(letters: str) -> bool:
    """Whether letters may be a piece of a word: a short and rare word, or none, which a word begins or
    ends with or, if they are few and in lower case, may have within."""
    word = letters.lower()
    if not (frequency := _frequency(word)):
        may_be_within = letters == word and len(word) <= SHORT
        return may_be_within or _is_start(word, _from_start()) or _is_start(word[::-1], _from_end())
    is_rare = len(word) <= SHORT and frequency < RARE
    return is_rare or _is_rarer(word, f"{word}tion")


def _are_pieces(pieces: Sequence[str]) -> bool:
    """Whether spaces stand within a word, or for LOST letters of it: `rap porteur`, `inves ga on`.

    Two words are taken for one if it is clearly more frequent than the rarer of them: `occas ion`,
    `viola on`. A short piece, or one with a capital, is a name or a sign beside a word that is by far
    more frequent than both together: `Anders on`; a single letter beside one that is more frequent: `C all`.
    """
    frequencies = _frequencies()
    first, *rest = lower = [piece.lower() for piece in pieces]
    others = [piece for piece in pieces if piece.lower() not in frequencies]
    if not others:
        whole = f"{first}tion" if rest == ["on"] else "".join(pieces)
        return len(rest) == 1 and any(_is_rarer(piece, whole) for piece in pieces)
    if any(len(piece) > 1 and piece in frequencies for piece in rest[:-1]):
        return False
    if frequency := _frequency("".join(lower)):
        if any(len(piece) >= LONG_PIECE and piece.islower() for piece in others):
            return True
        factor = BY_FAR if any(len(piece) > 1 for piece in others) else 1
        return factor * frequency > max(map(_frequency, lower))
    endings = [[lost + piece for lost in ("", *LOST)] for piece in rest]
    return not frequencies.keys().isdisjoint(map("".join, product([first], *endings)))


def _is_rarer(word: str, other: str) -> bool:
    return _frequency(other) > CLEARLY * _frequency(word)


def _frequency(word: str) -> int:
    return int(_frequencies().get(word, 0))


def _halves(word: str) -> list[tuple[str, str]]:
    return [(word[:at], word[at:]) for at in range(len(word) + 1)]


def _restored(word: str, lost: Sequence[str] = LOST) -> set[str]:
    """A word with LOST letters put in or where an unknown one stands, or others for those misread."""
    if _ANY_UNKNOWN.search(word):
        return {_ANY_UNKNOWN.sub(letters, word, count=1) for letters in LOST}
    put_in = {start + letters + end for start, end in _halves(word) for letters in lost}
    return put_in | {
        start + letters + end.removeprefix(seen)
        for seen, letters in LOOK_ALIKE
        if seen in word
        for start, end in _halves(word)
        if end.startswith(seen)
    }


def _restored_twice(word: str) -> set[str]:
    """A word with letters in two places where one sign is unknown or one that is often LOST twice."""
    if _ANY_UNKNOWN.search(word):
        return {twice for once in _restored(word) for twice in _restored(once)}
    return {
        start + first + middle + second + end
        for start, rest in _halves(word)
        for middle, end in _halves(rest)
        for first, second in LOST_TWICE
    }


def _respelt(word: str) -> set[str]:
    """A word without one of its letters, with another one, one more, or two that change places; or with
    any letter for one unknown."""
    if _ANY_UNKNOWN.search(word):
        return {_ANY_UNKNOWN.sub(letter, word, count=1) for letter in ascii_lowercase}
    halves = _halves(word)
    return {start + end[1:] for start, end in halves}.union(
        {start + end[1::-1] + end[2:] for start, end in halves},
        {start + letter + end[1:] for start, end in halves for letter in ascii_lowercase},
        {start + letter + end for start, end in halves for letter in ascii_lowercase},
    )
