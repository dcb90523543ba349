"""One pattern at work: where in a sentence it occurs.

A set of places in a sentence is one integer, bit `n` standing for the place before token `n`, and
an element of a pattern moves all places at once (bitwise data parallelism: Cameron et al., PACT
2014). So a pattern costs a few steps an element however it is written: none can make it backtrack.
"""

from __future__ import annotations

from collections.abc import Sequence

from framelens.rules.alphabet import Kind
from framelens.rules.patterns import Element


class Places(dict[int, int]):
    """The places in a sentence whose token passes a test, by the test's number."""

    def __init__(self, tokens: Sequence[Kind]) -> None:
        super().__init__()
        self._tokens = tokens
        self.all = (2 << len(tokens)) - 1

    def __missing__(self, test: int) -> int:
        found, bit, wanted = 0, 1, 1 << ~test if test < 0 else 0
        for kind in self._tokens:
            if kind.open & wanted if wanted else test in kind.listed:
                found |= bit
            bit <<= 1
        self[test] = found
        return found

    def among(self, test: int, places: int) -> int:
        """Those of some places whose token passes a test."""
        if test in self or places & (places - 1):
            return self[test] & places
        place = places.bit_length() - 1
        if not 0 <= place < len(self._tokens):
            return 0
        kind = self._tokens[place]
        return places if kind.passes(test) else 0


class Sought:
    """A pattern to be sought in sentences, beginning with its element number `anchor`, which must
    not be optional; the fewer tokens pass that one's test, the better."""

    __slots__ = ("_left", "_right", "elements")

    def __init__(self, elements: Sequence[Element], anchor: int) -> None:
        self.elements = tuple(elements)
        self._left, self._right = self.elements[:anchor], self.elements[anchor + 1 :]

    def spans(self, anchors: int, places: Places, longest: int) -> list[tuple[int, int]]:
        """Every occurrence of at most `longest` tokens, as its first place and the one after it;
        `anchors` are all places whose token passes the anchor's test."""
        ends = _forward(self._right, places, anchors << 1)
        if not ends:
            return []
        anchor = anchors.bit_length() - 1
        if anchors == 1 << anchor:
            starts = _backward(self._left, places, anchor, longest)
            pairs = ((start, end) for start in _numbers(starts) for end in _numbers(ends))
            return [(start, end) for start, end in pairs if end - start <= longest]
        return [
            (start, end)
            for end in _numbers(_forward(self.elements, places, places.all))
            for start in _numbers(_backward(self.elements, places, end, longest))
        ]


def _forward(elements: Sequence[Element], places: Places, here: int) -> int:
    """Where some elements can end that begin at some places."""
    for test, optional, repeats in elements:
        if repeats:
            # The carry of the sum runs through each row of places that pass.
            passed = places[test]
            here |= ((passed & here) + passed) ^ passed
        elif optional:
            here |= places.among(test, here) << 1
        else:
            here = places.among(test, here) << 1
            if not here:
                break
    return here


def _backward(elements: Sequence[Element], places: Places, end: int, longest: int) -> int:
    """Where some elements can begin that end at a place, at most `longest` tokens before it."""
    here, first = 1 << end, max(end - longest, 0)
    for test, optional, repeats in reversed(elements):
        passed = places.among(test, here >> 1)
        if not optional:
            here = passed
            if not here:
                break
            continue
        here |= passed
        if repeats:
            row = places[test] >> first << first
            while more := row & here >> 1 & ~here:
                here |= more
    return here >> first << first


def _numbers(places: int) -> list[int]:
    """The numbers of places, the last first."""
    found = []
    while places:
        place = places.bit_length() - 1
        places ^= 1 << place
        found.append(place)
    return found
