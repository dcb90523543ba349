"""Which sentences must stay together when a corpus is cut into folds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from framelens.core.errors import FramelensError
from framelens.core.types import Ints, counted, given_value
from framelens.project.labelled import LabelledSentence
from framelens.project.near_duplicates import alike_pairs, shingles


def fold_groups(sentences: Sequence[LabelledSentence], *, folds: int = 0) -> list[int]:
    """A number a sentence: those of one document, one minimal pair (`meta["pair"]`) or
    near-duplicates share it.

    A sentence whose document or pair is blank shares it with no other on that account. Raise
    FramelensError where there are fewer groups than `folds`.
    """
    joined = _Joined(len(sentences))
    first: dict[tuple[str, str], int] = {}
    for at, sentence in enumerate(sentences):
        for kind, name in (("document", sentence.document), ("pair", sentence.meta.get("pair"))):
            if (value := given_value(name)) is not None:
                joined.join(first.setdefault((kind, value), at), at)
    _join_near_duplicates(joined, [shingles(sentence.text) for sentence in sentences])
    groups = [joined.root(at) for at in range(len(sentences))]
    if (count := len(set(groups))) < folds:
        raise FramelensError(
            f"{counted(len(groups), 'labelled sentence')} in {counted(count, 'group')} that must "
            f"stay together (a document, a minimal pair, near-duplicates); expected at least "
            f"{folds}, one a fold"
        )
    return groups


def spread(
    sentences: Sequence[LabelledSentence], groups: Sequence[int], random: np.random.Generator
) -> list[list[int]]:
    """The numbers of the sentences of each group, groups in the order of their rarest labels and of
    their sizes, by lot where these are the same: every n-th of them are much like all."""
    frequency = Counter(label for row in sentences for label in row.labels)
    rows: dict[int, list[int]] = {}
    for at, group in enumerate(groups):
        rows.setdefault(group, []).append(at)
    lots = random.permutation(len(rows)).tolist()

    def place(numbered: tuple[int, list[int]]) -> tuple[int, str, int, int]:
        number, own = numbered
        labels = {label for at in own for label in sentences[at].labels}
        count, rarest = min(((frequency[label], label) for label in labels), default=(0, ""))
        return count, rarest, len(own), lots[number]

    return [own for _, own in sorted(enumerate(rows.values()), key=place)]


def hold_out(
    sentences: Sequence[LabelledSentence], share: float, seed: int
) -> tuple[list[LabelledSentence], list[LabelledSentence]]:
    """Sentences to learn from, and about a share of all to be held out.

    What belongs together (documents, minimal pairs, near-duplicates) is held out together. Groups
    are drawn systematically, each with the same chance, in the order of their rarest labels and of
    their sizes: so both sides have about the same of each. Raise FramelensError where the share is
    not between 0 and 1, or one side would be empty.
    """
    if not 0 < share < 1:
        raise FramelensError(f"a share of {share:g} to hold out; expected one such as 0.2")
    random = np.random.default_rng(seed)
    order = spread(sentences, fold_groups(sentences), random)
    marks = np.floor(np.arange(len(order) + 1) * share + random.random())
    held = {
        at for rows, drawn in zip(order, np.diff(marks) > 0, strict=True) if drawn for at in rows
    }
    if not 0 < len(held) < len(sentences):
        raise FramelensError(
            f"{counted(len(sentences), 'labelled sentence')} in {counted(len(order), 'group')} that "
            f"must stay together; expected more of them to hold out a share of {share:g}"
        )
    return (
        [row for at, row in enumerate(sentences) if at not in held],
        [row for at, row in enumerate(sentences) if at in held],
    )


class _Joined:
    """A union-find forest: which sentences are in one group."""

    def __init__(self, size: int) -> None:
        self.parents = list(range(size))

    def root(self, at: int) -> int:
        """The number of a sentence's group."""
        parents = self.parents
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    def join(self, one: int, other: int) -> None:
        """Put the group of `other` under that of `one`."""
        self.parents[self.root(other)] = self.root(one)


def _join_near_duplicates(joined: _Joined, sets: Sequence[frozenset[str]]) -> None:
    """Join sentences as all their near-duplicate pairs would, in the order of the later one.

    The order decides which number a group bears, and with it how folds are cut. Sentences with the
    same shingles stand for one another, and only pairs that join groups are sought, so that a text
    that comes a thousand times makes no million pairs.
    """
    firsts: dict[frozenset[str], int] = {}
    copied = [firsts.setdefault(own, at) for at, own in enumerate(sets)]
    distinct = list(firsts.values())

    def groups() -> Ints:
        return np.array([joined.root(at) for at in distinct])

    done = 0
    for pairs in alike_pairs(list(firsts), groups=groups):
        for earlier, later in pairs:
            at = distinct[later]
            done = _join_copies(joined, copied, done, at)
            joined.join(distinct[earlier], at)
    _join_copies(joined, copied, done, len(sets))


def _join_copies(joined: _Joined, copied: Sequence[int], start: int, end: int) -> int:
    """Join the sentences from `start` to `end` with the first of which they are copies."""
    for at in range(start, end):
        joined.join(copied[at], at)
    return max(start, end)
