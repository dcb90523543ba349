"""Which words have a hyphen of their own."""

from __future__ import annotations

import re

COMPOUND = re.compile(
    r"(?:non|quasi|socio|self(?!-(?:ish|less))|ever(?!-y)|anti(?!-cip))-\w+|"
    r"\w{3,}ly-\w+(?:ed|ing|en|wn)|"
    r"\w+-(?:based|building|called|driven|finding|friendly|funded|led|maker|makers|making|"
    r"oriented|owned|related|sensitive|sponsored|win)|"
    r"(?:long|medium|short)-(?:lasting|lived|range|standing|term|time)|"
    r"(?:deep|far|well)-(?:being|documented|established|founded|known|reaching|rooted)|"
    r"(?:high|low)-(?:income|level|profile|ranking|risk)|follow-ups?|ill-treat\w*|vice-\w{5,}|"
    r"cross-(?:border|cutting|regional|sectoral)|human-rights|"
    r"(?:first|second|third|one|two)-(?:class|day|hand|party|sided|state|thirds|time|way|year)"
)
"""What usually has a hyphen, unless the document writes it otherwise."""


def keeps_hyphen(left: str, right: str) -> bool:
    """Whether a hyphen at a line's end, between two halves, belongs to the word."""
    if not left or not right or right[0].isupper():
        return True
    return COMPOUND.fullmatch(f"{left.lower()}-{right.lower()}") is not None
