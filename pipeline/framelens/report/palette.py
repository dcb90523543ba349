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

LIGHT, DARK = "#fcfbf8", "#17191c"
"""The two papers (see `style.css`)."""
READABLE = 4.5
"""The least contrast of a colour with its paper (WCAG 2.2, contrast minimum)."""
HEX = re.compile(r"#[0-9a-fA-F]{6}")


def palette(scheme: Scheme) -> list[tuple[str, str]]:
    """The colour of each frame on light and on dark paper; a name that is not known gets the next
    colour that no frame has, and a colour such as #336699 stands for itself, as far as it can be
    read."""
    names = [frame.colour.removeprefix("bright_") for frame in scheme]
    free = [pair for name, pair in COLOURS.items() if name not in names] or [*COLOURS.values()]
    colours = []
    for number, name in enumerate(names):
        pair_of_name = _readable(name) if HEX.fullmatch(name) else COLOURS.get(name)
        colours.append(pair_of_name or free[number % len(free)])
    return colours


def _readable(colour: str) -> tuple[str, str]:
    """A colour for light and for dark paper, mixed with black or white only as far as need be."""
    shades = []
    for paper, towards in ((LIGHT, 0.0), (DARK, 255.0)):
        mixed, share = colour, 0.0
        while _contrast(mixed, paper) < READABLE:
            share += 0.02
            parts = (part + (towards - part) * share for part in _channels(colour))
            mixed = "#" + "".join(f"{round(part):02x}" for part in parts)
        shades.append(mixed)
    return shades[0], shades[1]


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.2, from 0 to 1."""
    parts = [part / 255 for part in _channels(colour)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
