"""Rich text → passages, through striprtf."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from framelens.core.types import Kind, Passage
from framelens.preprocessing.printed_dates import printed_date
from framelens.readers.extracted import Block, Extracted, day_of, foreign, passages, single_spaced
from framelens.readers.rejects import Bad
from framelens.readers.source import Reading, Source

LIMIT = 32 * 1024 * 1024
"""The most bytes of a file."""
MADE = re.compile(r"\\creatim\\yr(\d{1,4})\\mo(\d\d?)\\dy(\d\d?)")
ABOUT = r"\{\\%s\s([^{}]{1,400})\}"
SIGNS = re.compile(r"\\[^a-zA-Z]|[{}]|\\(?:footnote|shptxt)(?![a-zA-Z])\s?")
"""An escaped character, a brace, and the word that opens a footnote or an endnote, or a text box."""
OPENS, CLOSES = "\ue000", "\ue001"
"""Marks around a note in the plain text: characters that no one uses in texts."""
BOX_OPENS, BOX_CLOSES = "\ue003", "\ue004"
"""Marks around the text of a box."""
SHAPE = re.compile(r"(\\\\)|(?:\\\*)?\\shp(?:inst)?(?![a-zA-Z])")
"""The words that open a shape, for which striprtf would pass over what is in it."""
WORDS = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{0,10})[ ]?|\\'[0-9a-fA-F]{2}|\\[^a-zA-Z]|[{}]|[^\\{}]+"
)
"""A control word and its number, an escaped character, a brace, or plain text."""
UNSEEN = frozenset({"v", "deleted", "mvf"})
"""Words for text that is hidden, and that tracked changes took out or moved elsewhere."""
CHARACTERS = frozenset({"u", "par", "line", "tab", "emdash", "endash", "emspace", "enspace", "qmspace",
                        "bullet", "lquote", "rquote", "ldblquote", "rdblquote"})  # fmt: skip
"""Words that stand for a character or the end of a line."""
LINE, BREAK = re.compile(r"(\\\\)|\\line(?![a-zA-Z])\s?"), "\ue002"
"""The end of a line within a paragraph, and its mark in the plain text."""
NOTE = re.compile(f"{OPENS}([^{OPENS}{CLOSES}]*){CLOSES}")
BOX = re.compile(f"{BOX_OPENS}([^{BOX_OPENS}{BOX_CLOSES}]*){BOX_CLOSES}")


def read_rtf(source: Source, reading: Reading) -> Iterator[Passage]:
    """The text of a file of rich text, footnotes and endnotes last, tracked changes accepted.

    Hidden text is left out. Raise Bad if it is none or holds no text.
    """
    from striprtf import striprtf

    rtf_to_text: Callable[..., str] = striprtf.rtf_to_text

    content = source.content(LIMIT).decode("latin-1")
    if not content.lstrip().startswith("{\\rtf"):
        raise Bad("not rich text: does not begin with {\\rtf")
    with foreign("rich text"):
        # striprtf leaves out numbers of paragraphs under their older name only.
        numbered = content.replace(r"{\pntext", r"{\listtext")
        lined = LINE.sub(lambda word: word[1] or _coded(BREAK), _seen(numbered))
        text = rtf_to_text(_with_notes(lined), errors="replace")
        stated = {name: re.search(ABOUT % name, content) for name in ("title", "author")}
        about = {name: rtf_to_text(match[1]) for name, match in stated.items() if match}
    notes = [" ".join(note[1].replace(BREAK, " ").split()) for note in NOTE.finditer(text)]
    blocks = list(_blocks(_boxes_apart(NOTE.sub("", text))))
    made_on = day_of(MADE.search(content))
    meta = {**about, "date": printed_date((one for one, _ in blocks), made_on)}
    document = Extracted(blocks, list(filter(None, notes)), meta, made=made_on)
    return passages(document, source, reading)


def _seen(content: str) -> str:
    """Rich text without what is hidden or deleted."""
    if not any(rf"\{word}" in content for word in UNSEEN):
        return content
    seen: list[str] = []
    above: list[frozenset[str]] = []
    unseen: frozenset[str] = frozenset()
    for token in WORDS.finditer(content):
        mark, word = token[0], token[1]
        if mark == "{":
            above.append(unseen)
        elif mark == "}":
            unseen = above.pop() if above else frozenset()
        elif word == "plain":
            unseen = frozenset()
        elif word in UNSEEN:
            unseen = unseen - {word} if token[2] == "0" else unseen | {word}
        elif unseen and mark != r"\*" and (word is None or word in CHARACTERS):
            continue
        seen.append(mark)
    return "".join(seen)


def _with_notes(content: str) -> str:
    """Rich text whose notes stand between OPENS and CLOSES, and boxes between BOX_OPENS and BOX_CLOSES, as
    text that striprtf does not pass over."""
    if r"\shptxt" in content:
        content = SHAPE.sub(r"\1", content)
    elif r"\footnote" not in content:
        return content
    parts: list[str] = []
    within: list[str] = []
    end = 0
    for sign in SIGNS.finditer(content):
        mark = sign[0]
        if mark == "{":
            within.append("")
        elif mark == "}" and within:
            if closes := within.pop():
                parts += [content[end : sign.start()], _coded(closes)]
                end = sign.start()
        elif len(mark) > 2 and within:
            is_note = mark.startswith(r"\footnote")
            opens, within[-1] = (OPENS, CLOSES) if is_note else (BOX_OPENS, BOX_CLOSES)
            # `\*` before it tells older programs to skip the group.
            parts += [content[end : sign.start()].removesuffix(r"\*"), _coded(opens)]
            end = sign.end()
    return "".join([*parts, content[end:]])


def _coded(mark: str) -> str:
    return rf"{{\uc1\u{ord(mark)}?}}"


def _boxes_apart(text: str) -> str:
    """The plain text with each box below the line that it is anchored in."""
    boxes = (box[1] for box in BOX.finditer(text))
    lines: list[str] = []
    for line in BOX.sub(BOX_OPENS, text).split("\n"):
        lines += [line.replace(BOX_OPENS, ""), *islice(boxes, line.count(BOX_OPENS))]
    return "\n".join(lines)


def _blocks(text: str) -> Iterator[Block]:
    """The lines of the plain text; striprtf ends the cells of a table with "|"."""
    for line in text.split("\n"):
        cells = line.split("|") if line.rstrip().endswith("|") else [line]
        kind: Kind | None = "table" if len(cells) > 1 else None
        for cell in cells:
            if cell_text := single_spaced(cell.replace(BREAK, "\n")):
                yield cell_text, kind
