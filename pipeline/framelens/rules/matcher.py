"""Rules at work: tokens in, hits out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby, pairwise
from operator import itemgetter
from sys import maxsize
from typing import NamedTuple

import numpy as np
from spacy.tokenizer import Tokenizer
from spacy.vocab import Vocab

from framelens.core.types import Bools, Ints
from framelens.rules.block import BlockSearch
from framelens.rules.compiling import compiled
from framelens.rules.rule_files import RuleSet
from framelens.rules.search import MAX_SPAN, WINDOW, SentenceSearch, numbers

FEW = 8
"""Sentences below which each is read by itself: what reads many is not made for a single text."""


class Hit(NamedTuple):
    """A rule's occurrence: the rule's number and the tokens it covers, the end exclusive."""

    rule: int
    start: int
    end: int


class Reading(NamedTuple):
    """What rules find in a sentence: the `hits` that count, and those `set_aside` because of the
    `cues` (numbered as in `RuleSet.items`) of another subject than the codebook's, or for want of
    any cue."""

    hits: list[Hit]
    set_aside: list[Hit]
    cues: list[Hit]


HIT, SET_ASIDE, CUE = range(len(Reading._fields))
"""What an occurrence is in a reading: the number of the list that it stands in."""


class Readings:
    """The readings of many sentences, made into objects where they are asked for.

    `found` are occurrences by sentence, in rows sentence, rule, start and end; `part` says what
    each is; `own` are the readings of sentences that were read by themselves.
    """

    def __init__(self, size: int, found: Ints, part: Ints, own: Mapping[int, Reading]) -> None:
        self._size, self._found, self._part, self._own = size, found, part, own
        self._first: list[int] = np.searchsorted(found[0], np.arange(size + 1)).tolist()

    @classmethod
    def none(cls, size: int, own: Mapping[int, Reading] | None = None) -> Readings:
        """Those of so many sentences in which nothing was sought, or of which all were read by
        themselves."""
        nothing = np.empty((4, 0), dtype=np.int64)
        return cls(size, nothing, nothing[0], own or {})

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Reading]:
        return map(self.__getitem__, range(self._size))

    def __getitem__(self, at: int) -> Reading:
        if (own := self._own.get(at)) is not None:
            return own
        rows, found = slice(self._first[at], self._first[at + 1]), Reading([], [], [])
        parts, hits = self._hits
        for part, hit in zip(parts[rows], hits[rows], strict=True):
            found[part].append(hit)
        return found

    @cached_property
    def _hits(self) -> tuple[list[int], list[Hit]]:
        """What each occurrence is, and the occurrences."""
        return self._part.tolist(), list(map(Hit._make, self._found[1:].T.tolist()))

    def hits(self) -> Ints:
        """All hits, with those set aside: rows sentence, rule, start and end."""
        own = [
            (at, *hit)
            for at, reading in self._own.items()
            for hit in (*reading.hits, *reading.set_aside)
        ]
        rows = np.array(own, dtype=np.int64).reshape(-1, 4).T
        return np.concatenate([self._found[:, self._part <= SET_ASIDE], rows], axis=1)

    def pairs(self) -> tuple[Ints, Ints]:
        """Each sentence with each rule that has a hit in it that counts."""
        counts = np.flatnonzero(self._part == HIT)
        sentences, rules = self._found[0][counts], self._found[1][counts]
        again = (sentences[1:] == sentences[:-1]) & (rules[1:] == rules[:-1])
        first = np.concatenate([[0], np.flatnonzero(~again) + 1])[: len(counts)]
        own = [
            (at, rule)
            for at, reading in self._own.items()
            for rule in sorted({hit.rule for hit in reading.hits})
        ]
        more = np.array(own, dtype=np.int64).reshape(-1, 2).T
        return (
            np.concatenate([sentences[first], more[0]]),
            np.concatenate([rules[first], more[1]]),
        )


class RuleMatcher:
    """A compiled rule set at work on the words of a vocabulary.

    What a rule may ask for is bounded, however it is written. A match spans at most MAX_SPAN tokens.
    In each sentence (in one of over WINDOW tokens, in every window) a rule or an exclusion may take
    its share of BUDGET steps, equal for all; when it is spent, its matches found until then stand,
    and no more are sought. Below that, matches are all that spaCy's own Matcher finds in a
    sentence without its quotation marks round few words, unless the rule set sees these.

    A matcher belongs to one thread.
    """

    def __init__(self, rules: RuleSet, vocab: Vocab, tokenizer: Tokenizer) -> None:
        self.rules = rules
        self._index, self.vocab = compiled(rules, tokenizer), vocab
        self._matches = SentenceSearch(self._index, vocab, len(rules.items))
        self._first_exclusion = len(rules.rules)
        self._first_subject = self._first_exclusion + len(rules.exclusions)
        self._frames = [rule.frame for rule in rules.rules]
        self._anywhere = np.array([rule.anywhere for rule in rules.rules], dtype=bool)
        self._needs_own = np.array([rule.needs_own for rule in rules.rules], dtype=bool)
        self._own = [
            number
            for number, subject in enumerate(rules.subjects, start=self._first_subject)
            if subject.own
        ]

    @property
    def steps(self) -> int:
        """The steps taken so far in sentences read one by one."""
        return self._matches.steps

    def hits(self, orths: Sequence[int]) -> list[Hit]:
        """The hits in one sentence, given as the ORTH keys of its tokens."""
        return self.read(orths).hits

    def read(self, orths: Sequence[int]) -> Reading:
        """The hits in one sentence, given as the ORTH keys of its tokens, and what set others aside.

        Of a rule's matches those are kept that no exclusion covers and, of overlapping ones, the
        first and then the longest.
        """
        # Of those that begin at one place only the longest can count: what covers it covers all.
        longest: dict[tuple[int, int], int] = {}
        for rule, start, ends in self._matches(orths):
            end = start + ends.bit_length() - 1
            if end > longest.get((rule, start), 0):
                longest[rule, start] = end
        return self._reading([Hit(rule, start, end) for (rule, start), end in longest.items()])

    def read_block(self, orths: Sequence[int], lengths: Ints) -> Readings:
        """What `read` says of each of many sentences, given as the ORTH keys of all tokens and how
        many each sentence has."""
        first = np.concatenate([[0], np.cumsum(lengths)]).tolist()
        if len(lengths) < FEW:
            each = [self.read(orths[start:end]) for start, end in pairwise(first)]
            return Readings.none(len(lengths), dict(enumerate(each)))
        matches, searched = self._blocks(orths, lengths, MAX_SPAN)
        searched &= lengths <= WINDOW
        found = np.array(matches.longest())
        alone = np.flatnonzero(~searched).tolist()
        own = {at: self.read(orths[first[at] : first[at + 1]]) for at in alone}
        found = found[:, searched[found[0]]]
        intricate = self._intricate(found, len(lengths))
        mixed = found[:, intricate[found[0]]]
        for at, rows in groupby(mixed.T.tolist(), itemgetter(0)):
            own[at] = self._reading([Hit(*hit) for _, *hit in rows])
        found = found[:, ~intricate[found[0]]]
        part = self._parts(found, len(lengths))
        kept = part >= 0
        return Readings(len(lengths), found[:, kept], part[kept], own)

    @cached_property
    def _blocks(self) -> BlockSearch:
        return BlockSearch(self._index, self.vocab)

    def _intricate(self, found: Ints, size: int) -> Bools:
        """The sentences with exclusions, or in which occurrences of a rule overlap."""
        sentence, rule, start, end = found
        excluded = (rule >= self._first_exclusion) & (rule < self._first_subject)
        excluded[1:] |= (
            (sentence[1:] == sentence[:-1]) & (rule[1:] == rule[:-1]) & (start[1:] < end[:-1])
        )
        intricate = np.zeros(size, dtype=bool)
        intricate[sentence[excluded]] = True
        return intricate

    def _parts(self, found: Ints, size: int) -> Ints:
        """What each occurrence is; −1 where it is a cue that sets nothing aside."""
        sentence, rule = found[:2]
        cues = rule >= self._first_subject
        other, own, sets_aside = (np.zeros(size, dtype=bool) for _ in range(3))
        other[sentence[cues]] = True
        own[sentence[cues & np.isin(rule, self._own)]] = True
        part = np.where(cues, -1, HIT)
        rows = np.flatnonzero(~cues & ~own[sentence])
        elsewhere = other[sentence[rows]] & ~self._anywhere[rule[rows]]
        rows = rows[elsewhere | self._needs_own[rule[rows]]]
        part[rows] = SET_ASIDE
        sets_aside[sentence[rows]] = True
        part[cues & sets_aside[sentence]] = CUE
        return part

    def _reading(self, found: Iterable[Hit]) -> Reading:
        """The reading of a sentence, given the longest occurrences."""
        matches = sorted(found)
        masks = self._masks(matches)
        kept: list[Hit] = []
        rule, reached = -1, 0
        for hit in matches:
            if hit.rule >= self._first_exclusion:
                break
            if hit.rule != rule:
                rule, reached = hit.rule, 0
            if hit.start >= reached and not _covered(masks.get(self._frames[rule], ()), hit):
                kept.append(hit)
                reached = hit.end
        return self._of_the_subject(
            kept, [hit for hit in matches if hit.rule >= self._first_subject]
        )

    def _of_the_subject(self, hits: list[Hit], cues: list[Hit]) -> Reading:
        if any(cue.rule in self._own for cue in cues):
            return Reading(hits, [], [])
        kept: list[Hit] = []
        set_aside: list[Hit] = []
        for hit in hits:
            lost = self._needs_own[hit.rule] or (cues and not self._anywhere[hit.rule])
            (set_aside if lost else kept).append(hit)
        return Reading(kept, set_aside, cues if set_aside else [])

    def spans(self, orths: Sequence[int]) -> set[Hit]:
        """Every match of every rule and, numbered after the rules, every exclusion."""
        return {
            Hit(rule, start, start + length)
            for rule, start, ends in self._matches(orths)
            for length in numbers(ends)
        }

    def _masks(self, matches: Iterable[Hit]) -> dict[str, list[tuple[int, int]]]:
        """What exclusions cover, by frame: stretches in order, none of them inside another."""
        found: dict[str, list[tuple[int, int]]] = {}
        first = self._first_exclusion
        masks = (self._mask(hit) for hit in matches if first <= hit.rule < self._first_subject)
        for start, end, rule in sorted(masks):
            for frame in self.rules.exclusions[rule].frames:
                held = found.setdefault(frame, [])
                if not held or -end > held[-1][1]:
                    held.append((start, -end))
        return found

    def _mask(self, hit: Hit) -> tuple[int, int, int]:
        number = hit.rule - self._first_exclusion
        if self.rules.exclusions[number].whole_sentence:
            return 0, -maxsize, number
        return hit.start, -hit.end, number


def _covered(masks: Sequence[tuple[int, int]], hit: Hit) -> bool:
    before = bisect_right(masks, (hit.start, maxsize))
    return before > 0 and masks[before - 1][1] >= hit.end
