"""Numbers as text, and back."""

from __future__ import annotations

from framelens.report.corpus.packing import DIGITS, HALF, pack, unsigned
from hypothesis import given
from hypothesis import strategies as st


def unpack(text: str) -> list[int]:
    found, number, scale = [], 0, 1
    for char in text:
        digit = DIGITS.index(char)
        number += digit % HALF * scale
        scale *= HALF
        if digit < HALF:
            found.append(number)
            number, scale = 0, 1
    return found


def signed(number: int) -> int:
    return -(number + 1) // 2 if number % 2 else number // 2


@given(st.lists(st.integers(0, 10**9)))
def test_numbers_come_back(numbers: list[int]) -> None:
    text = pack(numbers)
    assert unpack(text) == numbers
    assert not set(text) & set("\"'&<>\\")
    assert text.isascii()


@given(st.integers(-(10**6), 10**6))
def test_signs_come_back(number: int) -> None:
    assert unsigned(number) >= 0
    assert signed(unsigned(number)) == number
