"""The forms of an English verb or noun, listed when rules are read so that none is sought later.

Regular words follow the spelling rules here. Words that do not ("undergo", "permit", "crisis")
stand with all their forms in `irregular.txt`, which is made from a lexicon: the lexicon itself
would make every start a sixth of a second longer.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

IRREGULAR_FILE = Path(__file__).with_name("irregular.txt")

_ENDS_IN_CONSONANT_AND_Y = re.compile(r".*[^aeiou]y")
_ONE_SHORT_SYLLABLE = re.compile(r"(?:qu|[^aeiou])*[aeiouy][^aeiouwxy]")
"""`stop` doubles its last consonant (`stopped`); longer words that do are in the file."""


def forms(lemma: str) -> tuple[str, ...]:
    """Every form of a lower-case verb or noun, the lemma first and none twice.

    A noun gets the forms of a verb, too, and a verb the plural of a noun: what no text has does no
    harm.
    """
    return tuple(dict.fromkeys((lemma, *(irregular().get(lemma) or _regular(lemma)))))


@cache
def irregular() -> dict[str, tuple[str, ...]]:
    """The words whose forms do not follow from their spelling, each with its other forms."""
    lines = IRREGULAR_FILE.read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return {lemma: tuple(others) for lemma, *others in rows}


def _regular(lemma: str) -> tuple[str, ...]:
    """Third person or plural (two for a word in -o), past and present participle."""
    if lemma.endswith("ie"):
        return f"{lemma}s", f"{lemma}d", f"{lemma[:-2]}ying"
    if lemma.endswith(("ee", "oe", "ye")):
        return f"{lemma}s", f"{lemma}d", f"{lemma}ing"
    if lemma.endswith("e"):
        return f"{lemma}s", f"{lemma}d", f"{lemma[:-1]}ing"
    if _ENDS_IN_CONSONANT_AND_Y.fullmatch(lemma):
        return f"{lemma[:-1]}ies", f"{lemma[:-1]}ied", f"{lemma}ing"
    if lemma.endswith("o"):
        return f"{lemma}es", f"{lemma}s", f"{lemma}ed", f"{lemma}ing"
    plural = f"{lemma}es" if lemma.endswith(("s", "x", "z", "ch", "sh")) else f"{lemma}s"
    stem = lemma + lemma[-1] if _ONE_SHORT_SYLLABLE.fullmatch(lemma) else lemma
    return plural, f"{stem}ed", f"{stem}ing"
