"""One pattern at work: where in a row of symbols it occurs.

Every element of a pattern is one bit of an integer, and a symbol moves all of them at once (the
bit-parallel simulation of Baeza-Yates and Gonnet, "A new approach to text searching", CACM 35(10),
1992). So a text costs a few steps a symbol however a pattern is written: none can make it
backtrack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Element:
    """One step of a pattern: the number of a token test, and how often it may be passed."""

    test: int
    optional: bool = False
    repeats: bool = False


class Automaton(dict[int, int]):
    """A pattern over symbols; as a dictionary, the elements that a symbol satisfies.

    `tests_of(symbol)` gives the token tests that a symbol passes. Both are bit sets, as are the
    elements awaited at a place of the text: bit `n` stands for element `n`, and the bit after the
    last for the end of the pattern.
    """

    def __init__(self, elements: Sequence[Element], tests_of: Callable[[int], int]) -> None:
        super().__init__()
        self.elements, self.tests_of = tuple(elements), tests_of
        self._optional = self._repeats = 0
        for at, element in enumerate(elements):
            if element.optional:
                self._optional |= 1 << at
                self._repeats |= element.repeats << at
        self._end = 1 << len(elements)
        self._first = self._skipping(1)

    @property
    def required(self) -> int:
        """The tests that some symbol must pass wherever the pattern occurs, as a bit set."""
        tests = {element.test for element in self.elements if not element.optional}
        return sum(1 << test for test in tests)

    def __missing__(self, symbol: int) -> int:
        tests, found, bit = self.tests_of(symbol), 0, 1
        for element in self.elements:
            if tests >> element.test & 1:
                found |= bit
            bit <<= 1
        self[symbol] = found
        return found

    def _skipping(self, awaited: int) -> int:
        """Add the elements that are reached by leaving optional ones out."""
        while more := ((awaited & self._optional) << 1) & ~awaited:
            awaited |= more
        return awaited

    def spans(self, symbols: Sequence[int], longest: int) -> Iterator[tuple[int, int]]:
        """Every occurrence of at most `longest` symbols, as its first index and the one after its
        last."""
        for end in self._ends(symbols):
            for start in self._starts(symbols, end, longest):
                yield start, end

    def _ends(self, symbols: Sequence[int]) -> Iterator[int]:
        awaited = self._first
        for index, symbol in enumerate(symbols, start=1):
            taken = awaited & self[symbol]
            if not taken:
                awaited = self._first
                continue
            awaited = self._skipping(taken << 1 | taken & self._repeats)
            if awaited & self._end:
                yield index
            awaited |= self._first

    def _starts(self, symbols: Sequence[int], end: int, longest: int) -> Iterator[int]:
        """The same backwards from `end`, last start first. Bits are shifted by one, so that bit 0
        stands for the beginning of the pattern."""
        awaited = self._skipping_back(self._end)
        for index in range(end - 1, max(end - 1 - longest, -1), -1):
            taken = awaited & self[symbols[index]] << 1
            awaited = self._skipping_back(taken >> 1 | taken & self._repeats << 1)
            if awaited & 1:
                yield index
            if not awaited & ~1:
                return

    def _skipping_back(self, awaited: int) -> int:
        while more := ((awaited & self._optional << 1) >> 1) & ~awaited:
            awaited |= more
        return awaited
