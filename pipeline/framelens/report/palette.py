"""The colours of frames on a page, light and dark, from the names that the scheme gives."""

from __future__ import annotations

import re

from framelens.core.codebook import Scheme

COLOURS = {
    "blue": ("#2c5d9b", "#8fb8ec"),
    "green": ("#2a6e45", "#7cc798"),
    "red": ("#a8382c", "#f19b8e"),
    "magenta": ("#8b3c84", "#dd9fd7"),
    "cyan": ("#1c6d7a", "#74c8d4"),
    "yellow": ("#80620c", "#dcc05e"),
    "white": ("#5a5f66", "#bcc1c8"),
    "black": ("#3c4046", "#d3d6da"),
}
"""Each stands out against the page by at least 4.5 to 1 (WCAG 2.2, contrast minimum)."""

HEX = re.compile(r"#[0-9a-fA-F]{6}")


def palette(scheme: Scheme) -> list[tuple[str, str]]:
    """The colour of each frame on light and on dark paper; a name that is not known gets the next
    colour that no frame has, and a colour such as #336699 stands for itself."""
    names = [frame.colour.removeprefix("bright_") for frame in scheme]
    free = [pair for name, pair in COLOURS.items() if name not in names] or [*COLOURS.values()]
    found = []
    for number, name in enumerate(names):
        known = (name, name) if HEX.fullmatch(name) else COLOURS.get(name)
        found.append(known or free[number % len(free)])
    return found
