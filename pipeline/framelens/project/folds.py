"""Which sentences must stay together when a corpus is cut into folds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from framelens.project.labelled import LabelledSentence, normal_form

SHINGLE = 3
ALIKE = 0.5
"""Sentences that share half of their three-word runs (Broder's resemblance, "On the resemblance
and containment of documents", 1997) are near-duplicates."""


def shingles(text: str) -> frozenset[str]:
    """The runs of three words of a sentence's normal form; the whole of a shorter one."""
    words = normal_form(text).split()
    starts = range(max(1, len(words) - SHINGLE + 1))
    return frozenset(" ".join(words[at : at + SHINGLE]) for at in starts)


def near_duplicates(texts: Sequence[str]) -> list[tuple[int, int]]:
    """The pairs of texts that are alike, each with the earlier first."""
    sets = [shingles(text) for text in texts]
    holders: dict[str, list[int]] = defaultdict(list)
    pairs = []
    for at, own in enumerate(sets):
        shared: dict[int, int] = defaultdict(int)
        for shingle in own:
            for other in holders[shingle]:
                shared[other] += 1
            holders[shingle].append(at)
        pairs += [
            (other, at)
            for other, n in sorted(shared.items())
            if n >= ALIKE * len(own | sets[other])
        ]
    return pairs


def fold_groups(sentences: Sequence[LabelledSentence]) -> list[int]:
    """A number a sentence: those of one document, one minimal pair (`meta["pair"]`) or
    near-duplicates share it."""
    parent = list(range(len(sentences)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    first: dict[tuple[str, str], int] = {}
    for at, sentence in enumerate(sentences):
        for kind, name in (("document", sentence.document), ("pair", sentence.meta.get("pair"))):
            if name is not None:
                parent[root(at)] = root(first.setdefault((kind, str(name)), at))
    for one, other in near_duplicates([sentence.text for sentence in sentences]):
        parent[root(other)] = root(one)
    return [root(at) for at in range(len(sentences))]
