"""Many small numbers as text: half the room that JSON takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

HALF = 44
DIGITS = "".join(chr(code) for code in range(33, 127) if chr(code) not in "\"&'<>\\")
"""A number is written in base 44, its lowest digit first: the last digit is one of the first half
of these, the ones before it of the second. None means anything in HTML or JSON."""


def pack(numbers: Iterable[int]) -> str:
    """Numbers from 0 on, one after the other."""
    return "".join(digit for number in numbers for digit in _digits(number))


def unsigned(number: int) -> int:
    """A number that may be below 0 as one from 0 on: 0, −1, 1, −2, 2 …"""
    return 2 * number if number >= 0 else -2 * number - 1


def _digits(number: int) -> Iterator[str]:
    while number >= HALF:
        number, rest = divmod(number, HALF)
        yield DIGITS[HALF + rest]
    yield DIGITS[number]
