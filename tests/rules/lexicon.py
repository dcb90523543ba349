"""Makes `irregular.txt`, the irregular forms that framelens ships, from lemminflect's lexicon.

python -m tests.rules.lexicon
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import lemminflect
from framelens.rules.compiling import IRREGULAR_FILE, _regular

HEAD = """\
# English verbs and nouns whose forms do not follow from their spelling: each word, then its other
# forms. Made by tests/rules/lexicon.py; change that, not this file.
# Source: the SPECIALIST Lexicon of the U.S. National Library of Medicine, as lemminflect (MIT) has it.
"""

LACKING: Mapping[str, str] = {
    "be": "am is are was were been being",
    "have": "has had having",
    "do": "does did done doing",
    "panel": "panels paneled panelled paneling panelling",
    "program": "programs programmed programming",
}
"""Words whose forms the lexicon lacks, in part at least."""

COMPOUNDS = (
    "inter-cut mis-hear mis-speak out-bid out-sell over-bid over-commit over-think re-commit"
)
"""Words that the lexicon lacks and that change as their second half does."""

WRONG = {"stay": {"staid", "staves"}}
"""Forms that no text of our day has."""


def lexicon() -> dict[str, tuple[str, ...]]:
    """Every verb and noun of one word in the lexicon, with its inflected forms."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    file = Path(lemminflect.__file__).parent / "resources" / "infl_lu.csv.gz"
    for line in gzip.decompress(file.read_bytes()).decode().splitlines():
        word, kind, *cells = line.split(",")
        if kind in ("verb", "noun") and re.fullmatch("[a-z]+", word):
            texts = (text for cell in cells for text in cell.split("/"))
            found[word].update((text, None) for text in texts if re.fullmatch("[a-z]+", text))
    return {word: tuple(texts) for word, texts in found.items()}


def irregular_forms() -> dict[str, tuple[str, ...]]:
    """The words whose forms are not all regular, in alphabetical order."""
    found = lexicon()
    found |= {word: tuple(texts.split()) for word, texts in LACKING.items()}
    for prefix, base in (compound.split("-") for compound in COMPOUNDS.split()):
        found[prefix + base] = tuple(prefix + text for text in found[base])
    rows = {}
    for word, texts in sorted(found.items()):
        others = tuple(
            dict.fromkeys(text for text in texts if text not in {word, *WRONG.get(word, ())})
        )
        if not set(others) <= set(_regular(word)):
            rows[word] = others
    return rows


def file_text() -> str:
    """The whole of `irregular.txt`."""
    rows = (" ".join((word, *texts)) for word, texts in irregular_forms().items())
    return HEAD + "".join(f"{row}\n" for row in rows)


if __name__ == "__main__":
    IRREGULAR_FILE.write_text(file_text(), encoding="utf-8", newline="\n")
