"""The numbers that word processors put before paragraphs, which files do not hold as text: `12.`,
`(b)`, `IV.`; from the levels of a list, and what they have counted up to."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass

ROMANS = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
PLACE = re.compile(r"%([1-9])")
LEVELS = 10
"""The most levels that a list has, in any word processor."""
LONGEST = 100
"""The most characters of a number with what is around it, as each paragraph of a list has it anew."""
LARGEST = 4_000
"""Numbers above it are printed in figures, whatever the file asks for."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list: where it `start`s, how numbers are written (a `form` of Word), and the
    `text` around them, in which %1 stands for the number of the first level."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    in_figures: bool = False


Levels = Mapping[int, Level]


def step(count: MutableMapping[int, int], depth: int, start: int) -> None:
    """Count one on at a level; those below begin anew."""
    count[depth] = count.get(depth, start - 1) + 1
    for below in [one for one in count if one > depth]:
        del count[below]


def printed(levels: Levels, count: Mapping[int, int], depth: int) -> str:
    """The text of a level with the numbers that the count has come to."""
    level = levels[depth]

    def number(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        one = levels.get(at, Level())
        plain = level.in_figures and at < depth
        return written(count.get(at, one.start), "decimal" if plain else one.form)

    return PLACE.sub(number, level.text[:LONGEST]).strip()[:LONGEST]


def written(number: int, form: str) -> str:
    """A number as Word writes it in one of its forms, in figures where the form is another one."""
    if form == "none":
        return ""
    if form == "decimalZero":
        return f"{number:02}"
    if not 0 < number <= LARGEST or not form.endswith(("Letter", "Roman")):
        return str(number)
    text = ""
    if form.endswith("Letter"):
        text = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    else:
        for value, letters in ROMANS:
            text += letters * (number // value)
            number %= value
    return text.upper() if form.startswith("upper") else text
