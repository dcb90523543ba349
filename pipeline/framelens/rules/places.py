"""One pattern at work: where in a sentence it occurs.

A set of places in a sentence is one integer, bit `n` standing for the place before token `n`, and
an element of a pattern moves all places at once (bitwise data parallelism: Cameron et al., PACT
2014). So a pattern costs a few steps an element however it is written: none can make it backtrack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from framelens.rules.alphabet import Kind
from framelens.rules.patterns import Element

AnyKind = TypeVar("AnyKind", bound=Kind)


class Places(dict[int, int]):
    """The places in a sentence whose token passes a test, by the test's number.

    `tokens` is the kind of each token, `held` the places of each kind. `looked` counts the kinds
    that tests were asked of.
    """

    def __init__(self, tokens: Sequence[AnyKind], held: Mapping[AnyKind, int]) -> None:
        super().__init__()
        self._tokens: Sequence[Kind] = tokens
        self._held = held.items()
        self.looked = 0

    def __missing__(self, test: int) -> int:
        found, wanted = 0, 1 << ~test if test < 0 else 0
        for kind, there in self._held:
            if kind.open & wanted if wanted else test in kind.listed:
                found |= there
        self.looked += len(self._held)
        self[test] = found
        return found

    def among(self, test: int, places: int) -> int:
        """Those of some places whose token passes a test."""
        if test in self or places & (places - 1):
            return self[test] & places
        place = places.bit_length() - 1
        if not 0 <= place < len(self._tokens):
            return 0
        return places if self._tokens[place].passes(test) else 0


class Sought:
    """A pattern to be sought in sentences, beginning with its element number `anchor`, which must
    not be optional; the fewer tokens pass that one's test, the better."""

    __slots__ = ("_left", "_right", "anchor", "elements")

    def __init__(self, elements: Sequence[Element], anchor: int) -> None:
        self.elements, self.anchor = tuple(elements), anchor
        self._left, self._right = self.elements[:anchor], self.elements[anchor + 1 :]

    def spans(self, anchors: int, places: Places, longest: int) -> Iterator[tuple[int, int]]:
        """Every place where an occurrence of at most `longest` tokens begins, the first one first,
        with the places after all that begin there; `anchors` are all places whose token passes the
        anchor's test."""
        ends = _forward(self._right, places, anchors << 1)
        if not ends:
            return
        alone = not anchors & (anchors - 1)
        for start in numbers(_backward(self._left, places, anchors, longest)):
            if not alone:
                ends = _forward(self.elements, places, 1 << start)
            if near := ends & (2 << start + longest) - 1:
                yield start, near


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


def _backward(elements: Sequence[Element], places: Places, here: int, longest: int) -> int:
    """Where some elements can begin that end at some places, at most `longest` tokens before, or a
    little more."""
    for test, optional, repeats in reversed(elements):
        if repeats:
            # Rows of places that pass, twice as long in every round.
            row, reach = places[test], 1
            while reach <= longest:
                here |= row & here >> reach
                row &= row >> reach
                reach *= 2
        elif optional:
            here |= places.among(test, here >> 1)
        else:
            here = places.among(test, here >> 1)
            if not here:
                break
    return here


def numbers(places: int) -> Iterator[int]:
    """The numbers of places, the first first."""
    while places:
        lowest = places & -places
        places ^= lowest
        yield lowest.bit_length() - 1
