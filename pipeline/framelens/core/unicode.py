"""Halves of surrogate pairs: characters that a string may hold, but no encoding can write."""

from __future__ import annotations

import codecs
import re

SURROGATES = re.compile("[\ud800-\udfff]")
REPLACING = "framelens.storable"
"""The error handler that lets a stream write U+FFFD for each of them."""


def storable(text: str) -> str:
    """The text with U+FFFD for each lone surrogate; the same object if it has none."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return SURROGATES.sub("\ufffd", text)
    return text


def _replaced(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    # As bytes: the encoder of UTF-8 takes no text but ASCII here.
    return "\ufffd".encode() * (error.end - error.start), error.end


codecs.register_error(REPLACING, _replaced)
