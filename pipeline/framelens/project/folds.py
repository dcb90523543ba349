"""Groups of sentences that must stay in one fold of a corpus: near-duplicates, among others.

Pairs of texts that share half of their three-word runs are found without comparing all with all.
Two sets with a Jaccard coefficient of at least t share an element of their prefixes: of the n
elements of each set, in one order of all elements, the first n - ⌈t·n⌉ + 1 (Chaudhuri, Ganti and
Kaushik, "A primitive operator for similarity joins in data cleaning", ICDE 2006; Bayardo, Ma and
Srikant, "Scaling up all pairs similarity search", WWW 2007). Ordered from the rarest on, a prefix
holds few elements that many sets have, so that few pairs are left to be compared in full.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import compress

import numpy as np
from scipy.sparse import csr_matrix

from framelens.core.errors import FramelensError
from framelens.core.types import Bools, Ints, counted, given_value
from framelens.project.labelled.sentence import LabelledSentence, normal_form

SHINGLE = 3
ALIKE = 0.5
"""Sentences that share half of their three-word runs (Broder's resemblance, "On the resemblance
and containment of documents", 1997) are near-duplicates."""

PAIRED_AT_ONCE = 4_000_000
"""Pairs that share a run, at most so many (or those of one text) are held in memory."""
COMPARED_AT_ONCE = 200_000
"""Pairs whose runs are held in memory side by side."""
COMPARED_WITH_ALL = 1_000
"""Texts that are compared with all known ones at once."""

Pairs = tuple[Ints, Ints]
"""Earlier texts and later ones, by number."""


def fold_groups(sentences: Sequence[LabelledSentence], *, folds: int = 0) -> list[int]:
    """The number of each sentence's group: sentences of one document, of one minimal pair
    (`meta["pair"]`) and near-duplicates share it; a blank document or pair is none.

    Near-duplicates or pairs of several documents join no documents, they share a number of their
    own: or a "Yes." that all interviews hold would make one group of all. A document of which they
    are more than half, such as a copy, is kept together all the same. Raise FramelensError where
    there are fewer groups than `folds`.
    """
    joined = _Joined(len(sentences))
    pairs = [given_value(sentence.meta.get("pair")) for sentence in sentences]
    documents = [given_value(sentence.document) for sentence in sentences]
    _join_named(joined, pairs)
    _join_near_duplicates(joined, [shingles(sentence.text) for sentence in sentences])
    roots = [joined.root(at) for at in range(len(sentences))]
    distinct = {(root, name) for root, name in zip(roots, documents, strict=True) if name}
    documents_in = Counter(root for root, _ in distinct)
    is_shared = [documents_in[root] > 1 for root in roots]
    sizes, shared = Counter(documents), Counter(compress(documents, is_shared))
    copies = {name for name in shared if 2 * shared[name] > sizes[name]}
    _join_named(
        joined,
        [
            None if apart and name not in copies else name
            for name, apart in zip(documents, is_shared, strict=True)
        ],
    )
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
    """The sentences of each group, by number. Groups are ordered by their rarest labels and their sizes,
    ties by lot, so that every n-th group together are a sample much like all."""
    frequency = Counter(label for row in sentences for label in row.labels)
    rows: dict[int, list[int]] = {}
    for at, group in enumerate(groups):
        rows.setdefault(group, []).append(at)
    lots = random.permutation(len(rows)).tolist()

    def place(numbered: tuple[int, list[int]]) -> tuple[int, str, int, int]:
        number, members = numbered
        labels = {label for at in members for label in sentences[at].labels}
        count, rarest = min(((frequency[label], label) for label in labels), default=(0, ""))
        return count, rarest, len(members), lots[number]

    return [members for _, members in sorted(enumerate(rows.values()), key=place)]


def hold_out(
    sentences: Sequence[LabelledSentence], share: float, seed: int
) -> tuple[list[LabelledSentence], list[LabelledSentence]]:
    """Sentences to learn from, and about a share of all to be held out.

    Groups (see `fold_groups`) are held out whole. They are drawn systematically, each with the same
    chance, in the order of their rarest labels and of their sizes: so both sides have about the same
    of each. Raise FramelensError where the share is
    not between 0 and 1, or one side would be empty.
    """
    if not 0 < share < 1:
        raise FramelensError(f"a share of {share:g} to hold out; expected one such as 0.2")
    random = np.random.default_rng(seed)
    order = spread(sentences, fold_groups(sentences), random)
    marks = np.floor(np.arange(len(order) + 1) * share + random.random())
    held_out = {
        at for rows, drawn in zip(order, np.diff(marks) > 0, strict=True) if drawn for at in rows
    }
    if not 0 < len(held_out) < len(sentences):
        raise FramelensError(
            f"{counted(len(sentences), 'labelled sentence')} in {counted(len(order), 'group')} that "
            f"must stay together; expected more of them to hold out a share of {share:g}"
        )
    return (
        [row for at, row in enumerate(sentences) if at not in held_out],
        [row for at, row in enumerate(sentences) if at in held_out],
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


def _join_named(joined: _Joined, names: Sequence[str | None]) -> None:
    """Join the sentences that have the same name."""
    first: dict[str, int] = {}
    for at, name in enumerate(names):
        if name is not None:
            joined.join(first.setdefault(name, at), at)


def _join_near_duplicates(joined: _Joined, sets: Sequence[frozenset[str]]) -> None:
    """Join sentences as all their near-duplicate pairs would, in the order of the later one.

    The order decides which number a group bears, and with it how folds are cut. Sentences with the
    same shingles stand for one another, and only pairs that join groups are sought, so that a text
    that comes a thousand times makes no million pairs.
    """
    firsts: dict[frozenset[str], int] = {}
    copied = [firsts.setdefault(runs, at) for at, runs in enumerate(sets)]
    distinct = list(firsts.values())

    def groups() -> Ints:
        return np.array([joined.root(at) for at in distinct])

    done = 0
    for pairs in alike_pairs(list(firsts), groups):
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


def shingles(text: str) -> frozenset[str]:
    """The runs of three words of a sentence's normal form; the whole of a shorter one."""
    words = normal_form(text).split()
    starts = range(max(1, len(words) - SHINGLE + 1))
    return frozenset(" ".join(words[at : at + SHINGLE]) for at in starts)


def any_alike(texts: Sequence[str], known: Sequence[str]) -> Bools:
    """Which texts are near-duplicates of some of the `known` ones.

    Time grows with the pairs of one and the other that share a run of words.
    """
    if not texts:
        return np.zeros(0, dtype=bool)
    whole = _incidence([shingles(text) for text in (*texts, *known)])
    asked, others = whole[: len(texts)], whole[len(texts) :].T.tocsr()
    sizes = np.diff(whole.indptr)
    are_alike = np.zeros(len(texts), dtype=bool)
    for start in range(0, len(texts), COMPARED_WITH_ALL):
        shared = (asked[start : start + COMPARED_WITH_ALL] @ others).tocoo()
        rows = shared.row + start
        union = sizes[rows] + sizes[shared.col + len(texts)] - shared.data
        are_alike[rows[shared.data >= ALIKE * union]] = True
    return are_alike


def alike_pairs(
    sets: Sequence[frozenset[str]], groups: Callable[[], Ints]
) -> Iterator[list[tuple[int, int]]]:
    """The pairs of alike sets, by number, the earlier one first; block by block of the later one.

    `groups`, called before each block, gives the group of each set. Pairs within a group are left
    out, and of the pairs of a set with one group all but the first.
    """
    if not sets:
        return
    incidence = _incidence(sets)
    sizes = np.diff(incidence.indptr)
    prefixes = _prefixes(incidence)
    holders = prefixes.T.tocsr()
    for start, end in _blocks(prefixes):
        sharing = (prefixes[start:end] @ holders[:, :end]).tocoo()
        earlier, later = sharing.col.astype(np.int64), sharing.row.astype(np.int64) + start
        few, many = np.sort([sizes[earlier], sizes[later]], axis=0)
        kept = (earlier < later) & (few >= ALIKE * many)
        earlier, later = earlier[kept], later[kept]
        earlier, later = _first_of_groups(incidence, earlier, later, groups())
        order = np.lexsort((earlier, later))
        yield list(zip(earlier[order].tolist(), later[order].tolist(), strict=True))


def _blocks(prefixes: csr_matrix) -> Iterator[tuple[int, int]]:
    """Runs of texts that share a prefix with others at most `PAIRED_AT_ONCE` times."""
    holders = np.bincount(prefixes.indices, minlength=prefixes.shape[1])
    ends = np.concatenate([[0], np.cumsum(holders[prefixes.indices])])
    paired = ends[prefixes.indptr]
    start, size = 0, prefixes.shape[0]
    while start < size:
        end = int(np.searchsorted(paired, paired[start] + PAIRED_AT_ONCE, side="right")) - 1
        end = min(max(end, start + 1), size)
        yield start, end
        start = end


def _first_of_groups(incidence: csr_matrix, earlier: Ints, later: Ints, groups: Ints) -> Pairs:
    """The first alike pair of each text with each group other than its own.

    The pairs of each text and group are tried in order, one at first, then four times as many:
    where texts are alike by the thousand, the first pair mostly decides.
    """
    apart = groups[earlier] != groups[later]
    earlier, later = earlier[apart], later[apart]
    order = np.lexsort((earlier, groups[earlier], later))
    earlier, later = earlier[order], later[order]
    _, starts, numbers = np.unique(
        later * len(groups) + groups[earlier], return_index=True, return_inverse=True
    )
    places = np.arange(len(earlier)) - starts[numbers]
    first = np.full(len(starts), len(earlier))
    tried, most = 0, 1
    while len(waiting := np.flatnonzero((places >= tried) & (first[numbers] == len(earlier)))):
        now = waiting[places[waiting] < most]
        alike = now[_alike(incidence, earlier[now], later[now])]
        np.minimum.at(first, numbers[alike], alike)
        tried, most = most, 4 * most
    decided = first[first < len(earlier)]
    return earlier[decided], later[decided]


def _incidence(sets: Sequence[frozenset[str]]) -> csr_matrix:
    """A matrix of texts × shingles, rarest shingles first: 1 where a text holds one."""
    counts = Counter(shingle for runs in sets for shingle in runs)
    ranks = {name: at for at, name in enumerate(sorted(counts, key=lambda s: (counts[s], s)))}
    columns = [sorted(map(ranks.__getitem__, runs)) for runs in sets]
    ends = np.cumsum([0, *map(len, columns)])
    flat = np.fromiter((at for ranked in columns for at in ranked), dtype=np.int32, count=ends[-1])
    ones = np.ones(len(flat), dtype=np.int32)
    return csr_matrix((ones, flat, ends), shape=(len(sets), len(ranks)))


def _prefixes(incidence: csr_matrix) -> csr_matrix:
    """The rarest shingles of each text: all but as many as an alike text can lack."""
    sizes = np.diff(incidence.indptr)
    lengths = sizes - np.ceil(ALIKE * sizes).astype(np.int64) + 1
    places = np.arange(incidence.nnz) - np.repeat(incidence.indptr[:-1], sizes)
    kept = places < np.repeat(lengths, sizes)
    ends = np.concatenate([[0], np.cumsum(lengths)])
    return csr_matrix((incidence.data[kept], incidence.indices[kept], ends), shape=incidence.shape)


def _alike(incidence: csr_matrix, earlier: Ints, later: Ints) -> Bools:
    """Whether each pair shares enough of its shingles to be alike."""
    sizes = np.diff(incidence.indptr)
    shared = np.zeros(len(earlier), dtype=np.int64)
    for start in range(0, len(earlier), COMPARED_AT_ONCE):
        part = slice(start, start + COMPARED_AT_ONCE)
        both = incidence[earlier[part]].multiply(incidence[later[part]])
        shared[part] = np.asarray(both.sum(axis=1)).ravel()
    alike: Bools = shared >= ALIKE * (sizes[earlier] + sizes[later] - shared)
    return alike
