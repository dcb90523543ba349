"""TOML from strangers, parsed in bounded time."""

from __future__ import annotations

import re
from typing import Any

import tomli  # the standard library's parser, compiled: rules are read at every start

from framelens.core.errors import FramelensError

MOST_PARTS = 50
"""Parts of a dotted key: the parser takes time that grows with their square."""

_PART = r"""(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(rf"(?<![\w-])(?:{_PART}[ \t]*+\.[ \t]*+){{{MOST_PARTS}}}")


def parse_toml(text: str) -> dict[str, Any]:
    """The table that a TOML text holds; raise FramelensError with the reason."""
    dotted = [line for line in text.split("\n") if line.count(".") >= MOST_PARTS]
    if any(map(_LONG_KEY.search, dotted)):
        raise FramelensError(f"not TOML for framelens: a key has over {MOST_PARTS} parts")
    try:
        return tomli.loads(text)
    except (ValueError, RecursionError) as error:
        raise FramelensError(f"not TOML: {error}") from None
