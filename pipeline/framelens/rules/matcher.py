"""Matches a rule set: the tokens of sentences in, the hits of rules out."""

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

from framelens.core.types import Bools, Ints
from framelens.rules.block import BlockSearch
from framelens.rules.compiling import compiled
from framelens.rules.rule_files import RuleSet
from framelens.rules.search import MAX_SPAN, WINDOW, SentenceSearch, set_bits

MIN_BLOCK = 8
"""Sentences below which each is searched by itself, which is then faster than `BlockSearch`."""


class Hit(NamedTuple):
    """A rule's occurrence: the rule's number and the tokens it covers, the end exclusive."""

    rule: int
    start: int
    end: int


class Reading(NamedTuple):
    """What rules find in a sentence.

    `hits` count. Those `set_aside` do not, because of `cues` (numbered as in `RuleSet.items`) of another
    subject than the codebook's, or because their rule needs a cue of the codebook's and there is none.
    """

    hits: list[Hit]
    set_aside: list[Hit]
    cues: list[Hit]


HIT, SET_ASIDE, CUE = range(len(Reading._fields))
"""Roles of an occurrence: the index of its list in a `Reading`."""


class Readings:
    """The readings of `size` sentences; `Reading` objects are made where they are asked for.

    `rows` are occurrences sorted by sentence (rows sentence, rule, start, end), `role` has the role of
    each. `single` are the readings, by number, of sentences that were searched by themselves.
    """

    def __init__(self, size: int, rows: Ints, role: Ints, single: Mapping[int, Reading]) -> None:
        self._size, self._rows, self._role, self._single = size, rows, role, single
        self._first: list[int] = np.searchsorted(rows[0], np.arange(size + 1)).tolist()

    @classmethod
    def none(cls, size: int, single: Mapping[int, Reading] | None = None) -> Readings:
        """Readings without rows: of sentences that were not searched, or each by itself."""
        nothing = np.empty((4, 0), dtype=np.int64)
        return cls(size, nothing, nothing[0], single or {})

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Reading]:
        return map(self.__getitem__, range(self._size))

    def __getitem__(self, at: int) -> Reading:
        if (single := self._single.get(at)) is not None:
            return single
        inside, reading = slice(self._first[at], self._first[at + 1]), Reading([], [], [])
        roles, hits = self._hits
        for role, hit in zip(roles[inside], hits[inside], strict=True):
            reading[role].append(hit)
        return reading

    @cached_property
    def _hits(self) -> tuple[list[int], list[Hit]]:
        """The role of each occurrence, and the occurrences."""
        return self._role.tolist(), list(map(Hit._make, self._rows[1:].T.tolist()))

    def hits(self) -> Ints:
        """All hits, also those set aside: rows sentence, rule, start and end."""
        single = [
            (at, *hit)
            for at, reading in self._single.items()
            for hit in (*reading.hits, *reading.set_aside)
        ]
        rows = np.array(single, dtype=np.int64).reshape(-1, 4).T
        return np.concatenate([self._rows[:, self._role <= SET_ASIDE], rows], axis=1)

    def pairs(self) -> tuple[Ints, Ints]:
        """Sentences and rules, in parallel: a pair for each rule with hits that count in a sentence."""
        counts = np.flatnonzero(self._role == HIT)
        sentences, rules = self._rows[0][counts], self._rows[1][counts]
        again = (sentences[1:] == sentences[:-1]) & (rules[1:] == rules[:-1])
        first = np.concatenate([[0], np.flatnonzero(~again) + 1])[: len(counts)]
        single = [
            (at, rule)
            for at, reading in self._single.items()
            for rule in sorted({hit.rule for hit in reading.hits})
        ]
        more = np.array(single, dtype=np.int64).reshape(-1, 2).T
        return (
            np.concatenate([sentences[first], more[0]]),
            np.concatenate([rules[first], more[1]]),
        )


class RuleMatcher:
    """Matches a rule set in sentences of tokens of the tokenizer's vocabulary. Not to be shared by threads.

    The work that a rule can cause is bounded. A match spans at most MAX_SPAN tokens; and each rule or
    exclusion may take an equal share of BUDGET steps in a sentence (in every window of WINDOW tokens
    of a longer one), after which no more of its matches are sought. Within these bounds, matches are
    all that spaCy's Matcher finds in the sentence; where `past_marks`, in the sentence without
    quotation marks round few words.
    """

    def __init__(self, rules: RuleSet, tokenizer: Tokenizer) -> None:
        self.rules = rules
        self._index, self.vocab = compiled(rules, tokenizer), tokenizer.vocab
        self._matches = SentenceSearch(self._index, self.vocab, len(rules.items))
        self._first_exclusion = len(rules.rules)
        self._first_subject = self._first_exclusion + len(rules.exclusions)
        self._frames = [rule.frame for rule in rules.rules]
        self._anywhere = np.array([rule.anywhere for rule in rules.rules], dtype=bool)
        self._needs_own = np.array([rule.needs_own for rule in rules.rules], dtype=bool)
        self._own_subjects = [
            number
            for number, subject in enumerate(rules.subjects, start=self._first_subject)
            if subject.own
        ]

    @property
    def steps(self) -> int:
        """The steps taken so far in sentences that were searched by themselves."""
        return self._matches.steps

    def parts(self, word: str) -> Sequence[str]:
        """The words that ran together in one (see `Alphabet.parts`)."""
        return self._index.alphabet.parts(word)

    def hits(self, orths: Sequence[int]) -> list[Hit]:
        """The hits in one sentence, given as the ORTH keys of its tokens."""
        return self.read(orths).hits

    def read(self, orths: Sequence[int]) -> Reading:
        """The reading of one sentence, given as the ORTH keys of its tokens.

        Hits are the matches of rules that no exclusion covers; of a rule's overlapping ones the first,
        and then the longest.
        """
        # Of a rule's matches with one start only the longest counts: what covers it covers all.
        longest: dict[tuple[int, int], int] = {}
        for rule, start, ends in self._matches(orths):
            end = start + ends.bit_length() - 1
            if end > longest.get((rule, start), 0):
                longest[rule, start] = end
        return self._reading([Hit(rule, start, end) for (rule, start), end in longest.items()])

    def read_block(self, orths: Sequence[int], lengths: Ints) -> Readings:
        """The reading of each of many sentences, given as the ORTH keys of all tokens and the number
        of tokens in each sentence."""
        first = np.concatenate([[0], np.cumsum(lengths)]).tolist()
        if len(lengths) < MIN_BLOCK:
            each = [self.read(orths[start:end]) for start, end in pairwise(first)]
            return Readings.none(len(lengths), dict(enumerate(each)))
        matches, searched = self._blocks(orths, lengths, MAX_SPAN)
        searched &= lengths <= WINDOW
        hits = np.array(matches.longest())
        alone = np.flatnonzero(~searched).tolist()
        single = {at: self.read(orths[first[at] : first[at + 1]]) for at in alone}
        hits = hits[:, searched[hits[0]]]
        needs_single = self._needs_single(hits, len(lengths))
        for at, rows in groupby(hits[:, needs_single[hits[0]]].T.tolist(), itemgetter(0)):
            single[at] = self._reading([Hit(*hit) for _, *hit in rows])
        hits = hits[:, ~needs_single[hits[0]]]
        roles = self._roles(hits, len(lengths))
        kept = roles >= 0
        return Readings(len(lengths), hits[:, kept], roles[kept], single)

    @cached_property
    def _blocks(self) -> BlockSearch:
        return BlockSearch(self._index, self.vocab)

    def _needs_single(self, rows: Ints, size: int) -> Bools:
        """Which sentences have exclusions, or overlapping occurrences of one rule: `_roles` knows
        neither."""
        sentence, rule, start, end = rows
        is_hard = (rule >= self._first_exclusion) & (rule < self._first_subject)
        is_hard[1:] |= (
            (sentence[1:] == sentence[:-1]) & (rule[1:] == rule[:-1]) & (start[1:] < end[:-1])
        )
        needs_single = np.zeros(size, dtype=bool)
        needs_single[sentence[is_hard]] = True
        return needs_single

    def _roles(self, rows: Ints, size: int) -> Ints:
        """The role of each occurrence; −1 for a cue that sets nothing aside."""
        sentence, rule = rows[:2]
        cues = rule >= self._first_subject
        has_cue, has_own, sets_aside = (np.zeros(size, dtype=bool) for _ in range(3))
        has_cue[sentence[cues]] = True
        has_own[sentence[cues & np.isin(rule, self._own_subjects)]] = True
        roles = np.where(cues, -1, HIT)
        aside = np.flatnonzero(~cues & ~has_own[sentence])
        elsewhere = has_cue[sentence[aside]] & ~self._anywhere[rule[aside]]
        aside = aside[elsewhere | self._needs_own[rule[aside]]]
        roles[aside] = SET_ASIDE
        sets_aside[sentence[aside]] = True
        roles[cues & sets_aside[sentence]] = CUE
        return roles

    def _reading(self, longest: Iterable[Hit]) -> Reading:
        """The reading of a sentence, given the longest occurrence of each rule at each start."""
        matches = sorted(longest)
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
        return self._of_subject(kept, [hit for hit in matches if hit.rule >= self._first_subject])

    def _of_subject(self, hits: list[Hit], cues: list[Hit]) -> Reading:
        if any(cue.rule in self._own_subjects for cue in cues):
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
            for length in set_bits(ends)
        }

    def _masks(self, matches: Iterable[Hit]) -> dict[str, list[tuple[int, int]]]:
        """What exclusions cover, by frame: pairs of start and end, in order, none within another."""
        masks: dict[str, list[tuple[int, int]]] = {}
        spans = []
        for hit in matches:
            if self._first_exclusion <= hit.rule < self._first_subject:
                exclusion = self.rules.exclusions[hit.rule - self._first_exclusion]
                whole = exclusion.whole_sentence
                spans.append(
                    (0, -maxsize, exclusion) if whole else (hit.start, -hit.end, exclusion)
                )
        for start, end, exclusion in sorted(spans, key=itemgetter(0, 1)):
            for frame in exclusion.frames:
                intervals = masks.setdefault(frame, [])
                if not intervals or -end > intervals[-1][1]:
                    intervals.append((start, -end))
        return masks


def _covered(masks: Sequence[tuple[int, int]], hit: Hit) -> bool:
    before = bisect_right(masks, (hit.start, maxsize))
    return before > 0 and masks[before - 1][1] >= hit.end
