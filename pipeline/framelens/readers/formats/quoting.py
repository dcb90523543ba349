"""Lines of a message → which of them are the sender's own, and which are quoted or a signature."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from framelens.core.types import Kind
from framelens.readers.formats.wrapping import paragraphs

MARK = re.compile(r"^\s{0,3}>(?!From\s)(?:\s?>)*\s?")
"""What stands before quoted lines; `>From` is how files of many messages write `From`."""
INTRODUCES = re.compile(
    r"(?=.*(?:\d[:.h]\d\d|\d{4}|@))(?:On\s.{6,200}\swrote|Am\s.{6,200}\sschrieb(?:\s.{1,80})?|Le\s.{6,200}\sa\s[ée]crit|"
    r"El\s.{6,200}\sescribi[óo]|Em\s.{6,200}\sescreveu|Il\s.{6,200}\sha\sscritto|Op\s.{6,200}\sschreef.{0,80}|"
    r"[^:]{2,80}<[^<>\s]+@[^<>\s]+>\swrote|[^:]{2,80}\swrote\son\s.{6,60})\s?:",
)
"""`On Tue, 5 Mar 2024 at 10:00, Ada <ada@frogs.example> wrote:`; it may run over lines, and has a time,
a year or an address: `On Monday the minister wrote:` is the sender's own."""
MOST_LINES = 3
"""Over how many at most."""
DIVIDES = re.compile(
    r"[-_=\s]{2,}(?:Original|Forwarded)\s[Mm]essage(?:\sfrom\s.{1,80})?[-_=\s]{2,}|Begin\sforwarded\smessage:|"
    r"-{2,}\s?(?:Ursprüngliche\sNachricht|Weitergeleitete\sNachricht|Message\s(?:d'origine|transféré)|"
    r"Mensaje\s(?:original|reenviado))\s?-{2,}"
)
"""A line below which all is another message."""
HEADS = re.compile(
    r"\W{0,2}(?:From|Sent|Date|To|Cc|Subject|Von|Gesendet|An|Betreff|De|Envoyé|À|Objet|Enviado|Para|Asunto)"
    r"\W{0,2}\s?:\W{0,2}\s?\S"
)
RULE = re.compile(r"\s*[_=-]{10,}\s*")
"""What may stand above such lines."""
FEWEST_HEADS = 3
"""Lines such as `From: …`, `Sent: …`, `To: …` on end that head another message."""
SIGNED = re.compile(r"--\s?")
"""The line above a signature (RFC 3676, section 4.3)."""


def told_apart(lines: Sequence[str]) -> tuple[list[str], list[Kind | None]]:
    """The paragraphs of a message's lines, marks of quoting taken off, and what is known of each:
    "quoted", "menu" in a signature, else None."""
    texts: list[str] = []
    kinds: list[Kind | None] = []
    stripped = [
        (depth, MARK.sub("", line)) for depth, line in zip(_depths(lines), lines, strict=True)
    ]
    states = zip(quoted(lines), stripped, strict=True)
    for (kind, _), run in groupby(states, key=lambda one: (one[0], one[1][0])):
        found = paragraphs([line for _, (_, line) in run])
        texts += found
        kinds += [kind] * len(found)
    return texts, kinds


def quoted(lines: Sequence[str]) -> Iterator[Kind | None]:
    """Of each line, whether it is "quoted", in a signature ("menu"), or the sender's (None).

    A line that introduces what is quoted is part of it. Where the lines below have no marks, all of
    them are quoted.
    """
    rest: Kind | None = None
    introduced = 0
    for at, line in enumerate(lines):
        if rest != "quoted" and not introduced:
            introduced = _introduces(lines, at)
            goes_on = introduced and not _is_marked_below(lines[at + introduced :])
            if (
                DIVIDES.fullmatch(line.strip())
                or _is_headed(lines[at : at + 1 + FEWEST_HEADS])
                or goes_on
            ):
                rest = "quoted"
            elif SIGNED.fullmatch(line):
                rest = "menu"
        is_quoted = introduced or MARK.match(line)
        introduced = max(0, introduced - 1)
        yield "quoted" if is_quoted else rest


def _depths(lines: Sequence[str]) -> Iterator[int]:
    for line in lines:
        mark = MARK.match(line)
        yield mark[0].count(">") if mark else 0


def _introduces(lines: Sequence[str], at: int) -> int:
    """How many lines from one on introduce what is quoted below; 0 if they do not."""
    for count in range(1, MOST_LINES + 1):
        parts = [line.strip() for line in lines[at : at + count]]
        if not all(parts):
            return 0
        if INTRODUCES.fullmatch(" ".join(parts)):
            return count
    return 0


def _is_marked_below(lines: Sequence[str]) -> bool:
    below = next((line for line in lines if line.strip()), "")
    return MARK.match(below) is not None


def _is_headed(lines: Sequence[str]) -> bool:
    below = lines[1:] if RULE.fullmatch(lines[0]) else lines
    heads = below[:FEWEST_HEADS]
    return len(heads) == FEWEST_HEADS and all(map(HEADS.match, heads))
