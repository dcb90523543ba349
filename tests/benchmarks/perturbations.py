"""How many sentences change their labels when they are written in another way that means the same.

    python -m tests.benchmarks.perturbations LABELLED.jsonl [...] [--grammar] [--table FILE.md]

Each file holds an object with `text` a line. For each change the table gives the share of the
sentences that it affects whose labels differ after it, and how many labels are lost and gained, of
those before it; `right became wrong` counts, among sentences with `labels`, those that were right
before it and not after. With --grammar, what is changed is not how a sentence is written but its
grammar (`grammar.py`).
"""

from __future__ import annotations

import argparse
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from pathlib import Path
from zlib import crc32

from framelens.classification.classifier import FrameClassifier
from framelens.core.types import Passage, Unit
from framelens.preprocessing.spelling import known_form

from tests.benchmarks.grammar import GRAMMAR
from tests.benchmarks.tables import markdown, write
from tests.helpers import classify_passages, open_classifier

Change = Callable[[str], str]

BRITISH = {
    "ize": "ise", "izes": "ises", "ized": "ised", "izing": "ising", "ization": "isation",
    "izations": "isations",
}  # fmt: skip
WORD = re.compile(r"[A-Za-z]+")


def american(text: str) -> str:
    """The American spelling of each word in lower case."""
    return WORD.sub(lambda match: _as(match[0], known_form(match[0].lower())), text)


def british(text: str) -> str:
    """The British spelling of what American English writes in another way."""

    def changed(match: re.Match[str]) -> str:
        word = match[0].lower()
        for end, other in BRITISH.items():
            if word.endswith(end) and len(word) > len(end) + 3:
                return _as(match[0], word[: -len(end)] + other)
        for stem in ("labor", "honor", "favor", "behavior", "neighbor", "color", "harbor"):
            if word.startswith(stem):
                return _as(match[0], stem[:-2] + "our" + word[len(stem) :])
        fixed = {"program": "programme", "programs": "programmes", "center": "centre",
                 "judgment": "judgement", "defense": "defence", "labeled": "labelled"}  # fmt: skip
        return _as(match[0], fixed.get(word, word))

    return WORD.sub(changed, text)


def _as(word: str, new: str) -> str:
    """A word with the capitals that another has."""
    if new == word.lower():
        return word
    if word.isupper() and len(word) > 1:
        return new.upper()
    return new.capitalize() if word[0].isupper() else new


def _middle(text: str, new: str) -> str:
    places = [match.start() for match in re.finditer(" ", text)]
    if not places:
        return text
    at = places[len(places) // 2]
    return text[:at] + new + text[at + 1 :]


def _longest(text: str) -> str:
    word = max(re.findall(r"[^\W\d_]+", text), key=len, default="")
    return text.replace(word, _soft(word), 1) if len(word) > 5 else text


def _soft(word: str) -> str:
    return f"{word[: len(word) // 2]}\u00ad{word[len(word) // 2 :]}"


def _glued(text: str, note: str) -> str:
    return text + note if re.search(r"[a-z]{3}\.$", text) else text


def _glued_within(text: str) -> str:
    words = list(re.finditer(r"\b[a-z]{4,}(?= [a-z])", text))
    if not words:
        return text
    word = words[len(words) // 2]
    return f"{text[: word.end()]}3{text[word.end() :]}"


def _wrapped(text: str, width: int = 72) -> str:
    return textwrap.fill(text, width, break_on_hyphens=False)


def _broken(text: str) -> str:
    return re.sub(r"\b([Cc])ooper(?=[a-z])", r"\1ooper-\n", text)


def _dotted(text: str) -> str:
    """Words of capitals with a full stop after each, but for those that would be other words."""
    return re.sub(
        r"\b(?!(?:US|HE|IT)\b)[A-Z]{2,6}(?=s?\b)", lambda match: ".".join(match[0]) + ".", text
    )


def _contracted(text: str) -> str:
    """As one says it: `isn't`, `can't`, `won't`."""
    text = re.sub(r"\b([Cc])annot\b", r"\1an't", re.sub(r"\b([Ww])ill not\b", r"\1on't", text))
    return re.sub(
        r"\b((?:[Dd](?:o(?:es)?|id)|[Ii]s|[Aa]re|[Ww](?:as|ere|ould)|ha[sd]|have|[Cc]ould|[Ss]hould)) not\b",
        r"\1n't",
        text,
    )


def _quoted(text: str, words: int, marks: str) -> str:
    """Quotation marks round the longest word within a sentence that has none, and words after it."""
    if re.search('["“”‘]', text):
        return text
    run = rf"(?<=\w )(?=([A-Za-z-]+)){' '.join(['[A-Za-z-]+'] * words)}(?=[ ,.;:])"
    found = max(re.finditer(run, text), key=lambda match: len(match[1]), default=None)
    if found is None:
        return text
    return f"{text[: found.start()]}{marks[0]}{found[0]}{marks[-1]}{text[found.end() :]}"


def _after_word(text: str, new: str) -> str:
    """Something put in behind a word in the middle."""
    words = list(re.finditer(r"\b[a-z]{4,}(?= [a-z])", text))
    if not words:
        return text
    at = words[len(words) // 2].end()
    return text[:at] + new + text[at:]


def _marked(text: str, before: str, after: str) -> str:
    """Marks round the longest word in lower case."""
    word = max(re.findall(r"(?<= )[a-z]{6,}(?=[ ,.;])", text), key=len, default="")
    return text.replace(f" {word}", f" {before}{word}{after}", 1) if word else text


def _cut_in_two(text: str, new: str) -> str:
    """Something put in the middle of the longest word in lower case."""
    word = max(re.findall(r"(?<= )[a-z]{8,}(?=[ ,.;])", text), key=len, default="")
    half = len(word) // 2
    return text.replace(f" {word}", f" {word[:half]}{new}{word[half:]}", 1) if word else text


def _fullwidth(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def _bold(text: str) -> str:
    """The letters of posts that look bold."""
    return re.sub(
        "[A-Za-z]",
        lambda match: chr(ord(match[0]) + (0x1D5D4 - 65 if match[0] < "a" else 0x1D5EE - 97)),
        text,
    )


def _shortened(text: str) -> str:
    short = {"Government": "Gov't", "government": "gov't", "International": "Int'l", "Committee": "Cttee",
             "international": "int'l", "recommendations": "recs"}  # fmt: skip
    return re.sub(rf"\b(?:{'|'.join(short)})\b", lambda match: short[match[0]], text)


def _misread(text: str, encoding: str) -> str:
    """Quotation marks, dashes and no-break spaces in UTF-8 that was read in another encoding."""
    curly = re.sub(r"(?<=\w)'(?=\w)", "’", re.sub(r'"([^"]*)"', r"“\1”", text))
    seen = re.sub(r" (?=[–—])", "\u00a0", curly)
    return re.sub(
        "[‘’“”–—…\u00a0]", lambda match: match[0].encode().decode(encoding, "replace"), seen
    )


def _lost(text: str, new: str) -> str:
    """Fonts' ligatures lost within words."""
    return re.sub("(?<=[a-z])t(?:ti|i|t)(?=[a-z])", new, text)


def _each_long(text: str, change: Callable[[str, int], str]) -> str:
    """Each long word in lower case, changed at its middle."""
    return re.sub("[a-z]{8,}", lambda match: change(match[0], len(match[0]) // 2), text)


def _cut(text: str, of: int) -> str:
    """A space within one in `of` long words, anywhere but next to their edges."""

    def cut(match: re.Match[str]) -> str:
        word, chance = match[0], crc32(f"{match.start()}{text}".encode())
        at = 2 + chance // of % (len(word) - 3)
        return match[0] if chance % of else f"{word[:at]} {word[at:]}"

    return re.sub(r"\b[A-Za-z][a-z]{7,}\b", cut, text)


def _run_together(text: str, of: int) -> str:
    """No space in one of `of` places before or behind a long word, the other word in lower case."""
    return re.sub(
        r"(?<=[a-z]{8}) (?=[a-z])|(?<=[a-z]) (?=[a-z]{8})",
        lambda match: match[0] if crc32(f"{match.start()}{text}".encode()) % of else "",
        text,
    )


CHANGES: Mapping[str, Change] = {
    "a double space for every space": lambda text: text.replace(" ", "  "),
    "a no-break space for every space": lambda text: text.replace(" ", "\u00a0"),
    "a tab for every space": lambda text: text.replace(" ", "\t"),
    "a line break for every space": lambda text: text.replace(" ", "\n"),
    "one double space in the middle": lambda text: _middle(text, "  "),
    "hard wrap at 72 columns": lambda text: _wrapped(text),
    "a soft hyphen in the longest word": _longest,
    "a soft hyphen in every long word": lambda text: re.sub(
        r"[^\W\d_]{6,}", lambda match: _soft(match[0]), text
    ),
    "a zero-width space after each space": lambda text: text.replace(" ", " \u200b"),
    "direction marks around the sentence": lambda text: f"\u202a{text}\u202c",
    "a byte order mark before it": lambda text: f"\ufeff{text}",
    "a note mark at the end: .1": lambda text: _glued(text, "1"),
    "a note mark at the end: .¹": lambda text: _glued(text, "¹"),
    "a note mark at the end: .[12]": lambda text: _glued(text, "[12]"),
    "a note's digit glued to a word": _glued_within,
    "ligatures": lambda text: text.replace("ffi", "ﬃ").replace("fi", "ﬁ").replace("fl", "ﬂ"),
    "U+2010 for the hyphen": lambda text: text.replace("-", "\u2010"),
    "U+2011 for the hyphen": lambda text: text.replace("-", "\u2011"),
    "co-operation": lambda text: re.sub(r"\b([Cc])oop(?=er)", r"\1o-op", text),
    "co\u2011operation with U+2011": lambda text: re.sub(r"\b([Cc])oop(?=er)", "\\1o\u2011op", text),
    "coöperation": lambda text: re.sub(r"\b([Cc])oop(?=er)", r"\1oöp", text),
    "cooper- at a line's end": _broken,
    "British to American spelling": american,
    "American to British spelling": british,
    "the final full stop dropped": lambda text: text.removesuffix("."),
    "an ellipsis for the final full stop": lambda text: re.sub(r"\.$", "…", text),
    "e-mail quoting": lambda text: f"> {_wrapped(text)}".replace("\n", "\n> "),
    "quotation marks escaped as in HTML": lambda text: re.sub("[\"“”]", "&quot;", text).replace("’", "&#39;"),
    "U+02BC for the apostrophe": lambda text: re.sub("['’]", "\u02bc", text),
    "straight quotation marks and apostrophes": lambda text: re.sub("[“”]", '"', re.sub("[‘’]", "'", text)),
    "isn't for is not": _contracted,
    "U.N. for UN": _dotted,
    "human-rights": lambda text: re.sub(r"\b([Hh]uman) (?=rights\b)", r"\1-", text),
    "[T]he": lambda text: re.sub(r"^([A-Z])(?=[a-z])", r"[\1]", text),
    "*marks* of *emphasis*": lambda text: re.sub(r"\b([A-Za-z]{6,})\b", r"*\1*", text),
    "_one_ mark of emphasis": lambda text: re.sub(r"\b([A-Za-z]{6,})\b", r"_\1_", text, count=1),
    "quotation marks round one word": lambda text: _quoted(text, 1, "“”"),
    "single quotation marks round one word": lambda text: _quoted(text, 1, "‘’"),
    "quotation marks round two words": lambda text: _quoted(text, 2, '"'),
    **{
        f"behind a word: {aside.strip()}": partial(_after_word, new=aside)
        for aside in (
            " (A/HRC/37/L.36)", " (see A/72/351, paras. 3–5)", " (2018)", " (Smith & Jones, 2018: 12)",
            " (arts. 2, 12 and 13)", " [emphasis added]", " (hereinafter “the Committee”)", " (UPR)",
            " [sic]", " [12]", "[12, 13]", "[[12]]", "[fn 3]", "^12", "†", "<sup>12</sup>",
            "[citation needed]", " […]", " (...)", " ...", " . . .", "…", " 🇺🇳", "<br>", "&amp;nbsp;",
        )
    },
    **{
        f"a word within {before} and {after}": partial(_marked, before=before, after=after)
        for before, after in (
            ("[", "]"), ("[[", "]]"), ("[", "](https://www.ohchr.org/en)"), ("<b>", "</b>"), ("« ", " »"),
            ("``", "''"), ("‹", "›"), ("#", ""),
        )
    },
    **{
        f"before it: {label.strip()}": partial(str.__add__, label)
        for label in ("1. ", "128.45 ", "(iv) ", "§ 12 ", "• ", "## ", "Q: ", "Mr. SMITH (Norway): ")
    },
    "moni- toring": lambda text: _cut_in_two(text, "- "),
    "moni-\\n  toring": lambda text: _cut_in_two(text, "-\n  "),
    "moni¬toring": lambda text: _cut_in_two(text, "¬"),
    "compounds at a line's end": lambda text: re.sub("(?<=[a-z])-(?=[a-z])", "-\n", text),
    "a space behind the ligature ﬁ": lambda text: re.sub("fi(?=[a-z])", "ﬁ ", text),
    "full-width letters": _fullwidth,
    "letters that look bold": _bold,
    "#HumanRights": lambda text: re.sub(r"\b[Hh]uman [Rr]ights\b", "#HumanRights", text),
    "@UN": lambda text: re.sub(r"\bUN\b", "@UN", text),
    "dont and isnt": lambda text: re.sub(
        r"\b(do|does|did|is|are|was|were|has|have|had|would|could|should) not\b", r"\1nt", text
    ),
    "no space behind semicolons": lambda text: text.replace("; ", ";"),
    "letters of Cyrillic": lambda text: text.translate(str.maketrans("aceopxy", "асеорху")),
    "w/ and w/o": lambda text: text.replace(" with ", " w/ ").replace(" without ", " w/o "),
    "gov't, int'l, Cttee, recs": _shortened,
    "commas as dashes": lambda text: re.sub(r", (?=[a-z])", " – ", text),
    "& for and": lambda text: text.replace(" and ", " & "),
    "UTF-8 read as Windows-1252": lambda text: _misread(text, "cp1252"),
    "UTF-8 read as Latin-1": lambda text: _misread(text, "latin-1"),
    "Â before spaces": lambda text: text.replace(" ", "Â\u00a0"),
    "Windows-1252 read as Latin-1": lambda text: text.replace("'", "\x92").replace("’", "\x92"),
    "U+FFFD for apostrophes": lambda text: re.sub(r"(?<=\w)['’](?=\w)", "\ufffd", text),
    "? for apostrophes": lambda text: re.sub(r"(?<=[a-z])['’](?=s\b)", "?", text),
    "U+FFFD for quotation marks": lambda text: re.sub('"([^"]*)"', "\ufffd\\1\ufffd", text),
    "sancƟons, commiƩee, aŌer": lambda text: (
        text.replace("ti", "Ɵ").replace("tt", "Ʃ").replace("ft", "Ō")
    ),
    "sancons": lambda text: _lost(text, ""),
    "sanc\ufffdons": lambda text: _lost(text, "\ufffd"),
    "sanc ons": lambda text: _lost(text, " "),
    "m for rn": lambda text: text.replace("rn", "m"),
    "rn for m in long words": lambda text: _each_long(text, lambda w, _: w.replace("m", "rn", 1)),
    "1 for l in long words": lambda text: _each_long(text, lambda w, _: w.replace("l", "1", 1)),
    "long words with a letter too few": lambda text: _each_long(
        text, lambda w, at: w[:at] + w[at + 1 :]
    ),
    "long words with a letter twice": lambda text: _each_long(
        text, lambda w, at: w[:at] + w[at - 1 :]
    ),
    "long words with two letters swapped": lambda text: _each_long(
        text, lambda w, at: w[: at - 1] + w[at] + w[at - 1] + w[at + 1 :]
    ),
    "long words with a wrong letter": lambda text: _each_long(
        text, lambda w, at: w[:at] + ("e" if w[at] != "e" else "a") + w[at + 1 :]
    ),
    "a space within a fifth of the long words": partial(_cut, of=5),
    "a space within all long words": partial(_cut, of=1),
    "no space at a fifth of the long words' edges": partial(_run_together, of=5),
    "no space at half of the long words' edges": partial(_run_together, of=2),
    "ALL CAPS": str.upper,
    "Title Case": lambda text: re.sub(r"\b[a-z]", lambda match: match[0].upper(), text),
}  # fmt: skip
"""What is done to a sentence, by name; it is not affected where it comes out as it was."""


@dataclass(frozen=True, slots=True)
class Row:
    """A change, how many sentences it affects, how many of those get other labels, how many of those
    that were right are wrong then, and their labels before it, of which some are lost, and others
    gained."""

    change: str
    affected: int
    changed: int
    wronged: int
    labels: int = 0
    lost: int = 0
    gained: int = 0


def measured(rows: Sequence[Mapping[str, object]], change: str) -> Row:
    """The row of a change over records with `text` and perhaps `labels`."""
    made = {**CHANGES, **GRAMMAR}[change]
    pairs = [(row, text) for row in rows if (text := made(str(row["text"]))) != row["text"]]
    before, after = _labels((str(row["text"]), text) for row, text in pairs)
    changed = [
        at for at, (one, other) in enumerate(zip(before, after, strict=True)) if one != other
    ]
    gold = [frozenset(row["labels"]) if "labels" in row else None for row, _ in pairs]  # type: ignore[call-overload]
    wronged = sum(gold[at] == before[at] for at in changed)
    return Row(change, len(pairs), len(changed), wronged, *_moved(before, after))


def _moved(
    before: Sequence[frozenset[str]], after: Sequence[frozenset[str]]
) -> tuple[int, int, int]:
    """The labels before a change, those lost and those gained."""
    lost = sum(len(one - other) for one, other in zip(before, after, strict=True))
    gained = sum(len(other - one) for one, other in zip(before, after, strict=True))
    return sum(map(len, before)), lost, gained


def _labels(
    pairs: Iterable[tuple[str, str]], unit: Unit = "sentence"
) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
    """The labels of the first texts, and of the second."""
    passages = [Passage(str(at), text) for at, text in enumerate(chain.from_iterable(pairs))]
    labels = [frozenset[str]()] * len(passages)
    for row in classify_passages(passages, _classifier(), unit=unit, evidence=False):
        labels[int(row.sentence.doc)] |= frozenset(row.frames.labels)
    return labels[::2], labels[1::2]


@cache
def _classifier() -> FrameClassifier:
    """The shipped rules and model, opened once for all changes."""
    return open_classifier()


def measured_in_documents(rows: Sequence[Mapping[str, object]], *, width: int = 72) -> Row:
    """The same where each text is a document, wrapped at a width, whose sentences are sought."""
    texts = [str(row["text"]) for row in rows]
    pairs = [(text, wrapped) for text in texts if (wrapped := _wrapped(text, width)) != text]
    before, after = _labels(pairs, unit="document")
    changed = sum(one != other for one, other in zip(before, after, strict=True))
    name = f"hard wrap at {width} columns, as documents"
    return Row(name, len(pairs), changed, 0, *_moved(before, after))


def main() -> None:
    """Measure every change on the sentences of the files named."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.perturbations")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--grammar", action="store_true")
    parser.add_argument("--table", type=Path)
    options = parser.parse_args()
    records = [
        json.loads(line)
        for path in options.files
        for line in path.read_text("utf-8").split("\n")
        if line.strip()
    ]
    found = [measured(records, change) for change in (GRAMMAR if options.grammar else CHANGES)]
    if not options.grammar:
        found.append(measured_in_documents(records))
    cells = [
        [
            row.change,
            f"{row.affected:,}",
            str(row.changed),
            f"{100 * row.changed / max(1, row.affected):.2f}%",
            f"{100 * row.lost / max(1, row.labels):.2f}%",
            f"{100 * row.gained / max(1, row.labels):.2f}%",
            str(row.wronged),
        ]
        for row in found
    ]
    heads = [
        "change",
        "affected",
        "labels changed",
        "share",
        "lost",
        "gained",
        "right became wrong",
    ]
    table = markdown(heads, cells)
    print(table)
    if options.table:
        write(options.table, table)


if __name__ == "__main__":
    main()
