"""One pattern at work: where in a sentence it occurs.

A set of places in a sentence is one integer, bit `n` standing for the place before token `n`, and
an element of a pattern moves all places at once (bitwise data parallelism: Cameron et al., PACT
2014). So a pattern costs a few steps an element however it is written: none can make it backtrack.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from framelens.matching.alphabet import Kind
from framelens.matching.patterns import Element


class Places(dict[int, int]):
    """The places in a sentence whose token passes a test, by the test's number."""

    def __init__(self, tokens: Sequence[Kind]) -> None:
        super().__init__()
        self._tokens = tokens
        self.all = (2 << len(tokens)) - 1

    def __missing__(self, test: int) -> int:
        found, bit = 0, 1
        if test < 0:
            return self._open(test)
        for kind in self._tokens:
            if test in kind.listed:
                found |= bit
            bit <<= 1
        self[test] = found
        return found

    def _open(self, test: int) -> int:
        found, bit, wanted = 0, 1, 1 << ~test
        for kind in self._tokens:
            if kind.open & wanted:
                found |= bit
            bit <<= 1
        self[test] = found
        return found


class Sought:
    """A pattern to be sought in sentences."""

    __slots__ = ("_length", "elements")

    def __init__(self, elements: Sequence[Element]) -> None:
        self.elements = tuple(elements)
        fixed = not any(element.optional for element in elements)
        self._length = len(self.elements) if fixed else None

    def spans(self, places: Places, longest: int) -> Iterator[tuple[int, int]]:
        """Every occurrence of at most `longest` tokens, as its first place and the one after it."""
        ends = self._ends(places)
        while ends:
            end = ends.bit_length() - 1
            ends ^= 1 << end
            if self._length is None:
                for start in self._starts(places, end, longest):
                    yield start, end
            elif self._length <= longest:
                yield end - self._length, end

    def _ends(self, places: Places) -> int:
        here = places.all
        for element in self.elements:
            passed = places[element.test]
            if element.repeats:
                # The carry of the sum runs through each row of places that pass.
                here |= ((passed & here) + passed) ^ passed
            elif element.optional:
                here |= (passed & here) << 1
            else:
                here = (passed & here) << 1
                if not here:
                    break
        return here

    def _starts(self, places: Places, end: int, longest: int) -> Iterator[int]:
        """The same backwards from `end`, last start first."""
        first = max(end - longest, 0)
        here = 1 << (end - first)
        for element in reversed(self.elements):
            before = (places[element.test] >> first) << 1
            if not element.optional:
                here = (here & before) >> 1
                continue
            more = (here & before) >> 1
            here |= more
            while element.repeats and (more := ((more & before) >> 1) & ~here):
                here |= more
        while here:
            start = here.bit_length() - 1
            here ^= 1 << start
            yield first + start
