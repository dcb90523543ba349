"""Subtitles (.srt, .vtt) → passages: a paragraph for each turn of a speaker."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html import unescape

from framelens.core.types import Passage, storable
from framelens.preprocessing.un_documents import turn
from framelens.readers.extracted import GAP, units_of
from framelens.readers.rejects import Bad
from framelens.readers.source import Reading, Source, decoded

TIMES = re.compile(
    r"(?m)^(?:(?:(?<=\n\n).+|\d+)\n)?(?:\d+:)?\d+:\d\d[.,]\d+ *--> *(?:\d+:)?\d+:\d\d[.,]\d+.*$"
)
"""A cue's times, with its name or number, which stands on the line before."""
REMARK = re.compile(r"\n\n(?:NOTE|STYLE|REGION)\b")
VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s([^<>]+)>")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<[\d:.]+>|\{\\[^{}]*\}")
NAMED = re.compile(
    r"(?:>> *|- ?)?(?!(?:An?|H(?:er|is)|Its|My|One|Our|The(?:ir)?|Th(?:at|is)|Your) [a-z])"
    r"([A-ZÀ-Þ][^\s:]*(?: [^\s:]+){0,5}): +(?=\S)"
)
"""`Ana Frog: `, and not `The reason: `, which counts where it begins several cues."""
CHANGE = re.compile(r">> *|- ?(?=[\"“‘'(\[]?[A-ZÀ-Þ])")
"""Marks of another speaker, who is not named."""
_FINITE = "is|are|was|were|has|have|had|do|does|did|will|would|can|could|may|might|must|should"
SOUND = re.compile(
    rf"[\[♪♫][^\[\]()♪♫]{{0,60}}[\]♪♫]|\((?![^()]*\b(?:{_FINITE})\b)[^\[\]()♪♫]{{0,60}}\)"
)
"""All of a line that tells of a sound: `[Applause]`; in round brackets, a sentence may be said."""
CARRIED = re.compile(r"(?:\.{3}|…) (?:\.{3}|…) ?")
"""Dots at the end of a cue and at the beginning of the next, which goes on with the sentence."""
STOP = re.compile(r"[.!?…]")
UNPOINTED = 1_000
"""Characters, on average, from one stop to the next, above which nobody has put any."""
NO_STOPS = "transcript{s} without full stops: each cue was taken as a sentence"

Line = tuple[str, bool, str]
"""The speaker, if named; whether another turn begins; and the text."""


def read_subtitles(source: Source, reading: Reading) -> Iterator[Passage]:
    """The text of a file of subtitles, its cues joined to paragraphs, which begin where the speaker
    changes and with the speaker's name, if that is known; sounds and remarks are left out.

    Raise Bad if it has no cues, or no text in them.
    """
    text = storable("".join(decoded(iter([source.content()]), reading.encoding)))
    cues = list(_cues("\n".join(line.strip() for line in text.splitlines())))
    if not cues:
        raise Bad("no cues in it; expected times such as 00:00:01.000 --> 00:00:04.000")
    turns = _turns(_lines(cues))
    if not turns:
        raise Bad("no text in it")
    words = "".join(line for _, lines in turns for line in lines)
    is_unpointed = len(words) > UNPOINTED * (len(STOP.findall(words)) + 1)
    if is_unpointed:
        reading.notes.add(NO_STOPS, source.name)
    offset = 0
    for name, lines in turns:
        lead = [f"{name}: {lines[0]}" if name else lines[0], *lines[1:]]
        whole = CARRIED.sub(" ", (GAP if is_unpointed else " ").join(lead))
        meta = {"speaker": name} if name else {}
        yield from units_of(Passage(source.name, whole, offset, meta=meta, kind="prose"), reading)
        offset += len(whole) + len(GAP)


def _cues(text: str) -> Iterator[str]:
    """The texts of the cues."""
    return (REMARK.split(cue.strip("\n"))[0] for cue in TIMES.split(text)[1:])


def _lines(cues: Iterable[str]) -> Iterator[Line]:
    """The lines of cues, without those that captions which roll up show again."""
    voiced = [list(_voiced(cue)) for cue in cues]
    begins = (NAMED.match(line) for cue in voiced for _, line in cue[:1])
    names = Counter(match[1] for match in begins if match)
    shown: frozenset[str] = frozenset()
    for cue in voiced:
        for name, text in cue:
            if text in shown or SOUND.fullmatch(text):
                continue
            if (match := NAMED.match(text)) and names[match[1]] > 1:
                yield match[1], False, text[match.end() :]
            elif match := CHANGE.match(text):
                yield name, True, text[match.end() :]
            else:
                begun = turn(text, opens=True)
                yield name, begun is not None and not begun.form.reports, text
        shown = frozenset(text for _, text in cue)


def _voiced(cue: str) -> Iterator[tuple[str, str]]:
    """The lines of a cue, each with the voice that the tag before it names."""
    parts = ["", *VOICE.split(cue)]
    for name, said in zip(parts[::2], parts[1::2], strict=True):
        for line in said.split("\n"):
            if plain := _plain(line):
                yield _plain(name), plain


def _plain(text: str) -> str:
    return " ".join(unescape(TAG.sub("", text)).split())


def _turns(lines: Iterable[Line]) -> list[tuple[str, list[str]]]:
    """The lines of each turn, with the speaker's name; a line without one goes on, unless another turn
    begins there."""
    turns: list[tuple[str, list[str]]] = []
    for name, begins, text in lines:
        if begins or not turns or (name and name != turns[-1][0]):
            turns.append((name, []))
        turns[-1][1].append(text)
    return turns
