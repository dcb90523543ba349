"""How a sentence treats a frame that it carries: cues and where they stand → one stance of several.

    score(stance) = bias(stance) + Σ weight(feature, stance)

The features of a frame in a sentence are the frame's own rules that hit, the cues of stance (see
`rules/stance.toml`), each by its kind, its name and its words, with their distance from the frame's
evidence, their side of it and whether both are in one clause, words of grammar beside the evidence,
quotation marks around it, round few words or many, and a cue that opens the sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np
from spacy.attrs import ORTH
from spacy.tokenizer import Tokenizer

from framelens.core.types import Floats, FrameStance, Ints
from framelens.preprocessing.normalise import ONE_FOR_ONE, ROUND_FEW, known_form
from framelens.preprocessing.tokenizer import sentence_tokens
from framelens.rules.block import ranges
from framelens.rules.matcher import RuleMatcher
from framelens.rules.rule_files import WORD, RuleSet

OPENING = "opening"
"""The kind of cues that count where they open a sentence, such as the verb of a recommendation."""

CLOSE = 4
"""Words between a cue and the evidence up to which its own words, too, say something."""

DISTANCES = ((1, "next"), (CLOSE, "near"), (9, "apart"))
"""Distances in words, up to each, and what they are called; what is farther is far."""

OF_NAMES = ("next", "near")
"""Distances that single cues are told apart by; kinds of cues by all."""

BOUNDS = frozenset(
    [",", ";", ":", "(", ")", "–", "—", "and", "but", "which", "who", "whose", "that", "as", "because",
     "while", "although", "where", "when", "if"]
)  # fmt: skip
"""What begins a new clause, as far as it can be told without a parser."""

BEFORE_OPENING = frozenset(["also", "further"])
LEADING = frozenset(
    ["after", "as", "at", "by", "following", "for", "from", "in", "on", "pending", "through",
     "together", "under", "until", "with", "within", "without"]
)  # fmt: skip
"""What begins a phrase before a recommendation: With the help of others, do so."""

QUOTES = frozenset(f"\"'{ROUND_FEW}")
QUOTED = ("quoted", "few words quoted")
"""Features: evidence has quotation marks in it or beside it, and such round few words."""

QUOTE, ROUND, BOUND, LEAD, GRAMMAR = range(5)
"""What is known of a token, by bits: the last is the lowest of its word of grammar's number."""

WITHIN, BEFORE, AFTER, ELSEWHERE = range(4)
USUAL, OPENS, MARKS, WORDS = range(4)
"""What features come from: a frame and its usual stance, the opening, quotation marks, or else words of
grammar, from the last on."""

SIDES = ("within", "before", "after")
CALLED = (*(called for _, called in DISTANCES), "far")
PLACES = len(SIDES) * len(CALLED) * 2
"""Places of a cue to the evidence: its side, how its distance is called, whether both are in one
clause."""

MOST_EVIDENCE, MOST_CUES = 100, 1000
"""Pieces of evidence for a frame, and cues in a sentence, that are held against each other: the first so
many of what may be a whole book that was given as one sentence."""

MOST_SAID = 1 << 16
"""Wordings of cues, wordings at places, and words, after which all are forgotten."""


NOWHERE = np.empty((4, 0), dtype=np.int64)


class Found(NamedTuple):
    """Features of pairs of a sentence and a frame, each once: the pair's number, in order, and the
    feature's; and where they come from, by pair: `cues` in rows pair, first token, end and the code
    of wording and place, `hits` in rows pair, first token, end and rule."""

    pair: Ints
    feature: Ints
    cues: Ints = NOWHERE
    hits: Ints = NOWHERE


@dataclass(frozen=True, eq=False)
class StanceModel:
    """Weights (features × stances) and a bias a stance, in log-odds."""

    stances: tuple[str, ...]
    features: tuple[str, ...]
    weights: Floats
    bias: Floats

    def decide(self, found: Found, pairs: int, *, because: bool = True) -> list[FrameStance]:
        """Of each of so many pairs the likeliest stance, the probability of each, and, if wanted,
        what spoke for it, the most first."""
        scores = np.tile(self.bias, (pairs, 1))
        for total, weights in zip(scores.T, self.weights[found.feature].T, strict=True):
            total += np.bincount(found.pair, weights, minlength=pairs)
        best: list[int] = scores.argmax(axis=1).tolist()
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        rows = (likely / likely.sum(axis=1, keepdims=True)).tolist()
        named = [dict(zip(self.stances, row, strict=True)) for row in rows]
        spoke: list[tuple[tuple[str, float], ...]] = [()] * pairs
        if because:
            features = np.split(found.feature, np.searchsorted(found.pair, np.arange(1, pairs)))
            spoke = list(map(self._because, features, best))
        given = map(self.stances.__getitem__, best)
        return list(map(FrameStance, given, named, spoke))

    def _because(self, features: Ints, stance: int) -> tuple[tuple[str, float], ...]:
        weights = self.weights[features, stance].tolist()
        weighed = [
            (self.features[at], weight)
            for at, weight in zip(features.tolist(), weights, strict=True)
            if weight
        ]
        weighed.sort(key=lambda item: (-abs(item[1]), item[0]))
        return (("bias", float(self.bias[stance])), *weighed)


class StanceFinder:
    """Finds the features of stance, with the cues of a rule set; `matcher` is one of the set's
    `sought_cues`, and is to seek them.

    Features are numbered as in `known`, what is not in there left out; without `known` they are
    numbered as they come, which is for training. `scales` says of each how easily a model may lean
    on it in training; the model's weights hold it already.
    """

    def __init__(
        self, rules: RuleSet, matcher: RuleMatcher, known: Sequence[str] | None = None
    ) -> None:
        self.matcher = matcher
        self.names = list(known or ())
        self.scales = [1.0] * len(self.names)
        self._numbers = {name: number for number, name in enumerate(self.names)}
        self._is_open = known is None
        self._of_frame = self._row([f"frame {name}" for name in rules.scheme.names], 1.0)
        self._of_rule = self._row([f"rule {rule.id}" for rule in rules.rules], 1.0)
        frames = [rules.scheme.names.index(rule.frame) for rule in rules.rules]
        self._frames = np.array(frames, dtype=np.int64)
        self._weak = np.array([rule.weak for rule in rules.rules], dtype=bool)
        words = [
            word for cue in rules.cues if cue.frame == WORD for word in dict.fromkeys(cue.phrases)
        ]
        self._grammar = {word: number for number, word in enumerate(words, start=1)}
        self._of_grammar = self._grammar_table(words)
        self.words = [""] * WORDS + words
        marked = {*words, *QUOTES, *BOUNDS, *LEADING}
        self._marked = {word: self._mark(word) for word in marked}
        self._vocab = matcher.vocab
        self._kinds = [(cue.frame, cue.id.rpartition(".")[2]) for cue in self.matcher.rules.rules]
        self._opening = np.array([kind == OPENING for kind, _ in self._kinds], dtype=bool)
        self._forget()

    @cached_property
    def telling(self) -> set[str]:
        """The words of grammar that tell a reader something alone: those that are cues by themselves,
        as must and no are, not be or those."""
        words = list(self._grammar)
        keys = [self._vocab.strings.add(word) for word in words]
        cues = self.matcher.read_block(keys, np.ones(len(keys), dtype=np.int64)).hits()
        return {words[at] for at in cues[0].tolist()}

    def _forget(self) -> None:
        self._marks: dict[int, int] = {}
        self._said: dict[tuple[int, ...], int] = {}
        self._wordings: list[tuple[int, str]] = []
        self._of_place: dict[int, tuple[int, ...]] = {}

    def _number(self, name: str, scale: float) -> int:
        """The number of a feature, −1 of one that is not known."""
        found = self._numbers.get(name, -1)
        if found < 0 and self._is_open:
            found = self._numbers[name] = len(self.names)
            self.names.append(name)
            self.scales.append(scale)
        return found

    def _row(self, names: Sequence[str], scale: float) -> Ints:
        return np.array([self._number(name, scale) for name in names], dtype=np.int64)

    def _grammar_table(self, words: Sequence[str]) -> Ints:
        """The features of each word of grammar: that it is there, and that it touches the evidence
        in one of five ways; 0 is no such word."""
        touching = ("within", "before by 1", "before by 2", "after by 1", "after by 2")
        rows = [
            [
                self._number(f"word {word}", 0.5),
                *(self._number(f"{word} {how}", 0.8) for how in touching),
            ]
            for word in words
        ]
        return np.array([[-1] * (len(touching) + 1), *rows], dtype=np.int64)

    def _mark(self, lower: str) -> int:
        flags = (lower in QUOTES) << QUOTE | (lower in BOUNDS) << BOUND | (lower in LEADING) << LEAD
        flags |= (lower in ROUND_FEW) << ROUND
        return flags | self._grammar.get(lower.translate(ONE_FOR_ONE), 0) << GRAMMAR

    def find(
        self,
        keys: Sequence[int],
        lengths: Ints,
        hits: Ints,
        cues: Ints,
        *,
        pairs: tuple[Ints, Ints],
    ) -> Found:
        """The features of pairs of a sentence and a frame, given by their numbers.

        Sentences are given as the ORTH keys of all tokens and how many each has; `hits` are what the
        rules found there, with what was set aside, and `cues` what the matcher found: rows sentence,
        rule, start and end.
        """
        if max(len(self._said), len(self._of_place), len(self._marks)) > MOST_SAID:
            self._forget()
        sentences, frames = pairs
        first = np.concatenate([[0], np.cumsum(lengths)])
        for key in set(keys).difference(self._marks):
            self._marks[key] = self._marked.get(self._vocab[key].lower_, 0)
        marks = np.fromiter(map(self._marks.__getitem__, keys), np.int64, len(keys))
        room = first[sentences], first[sentences + 1]
        own, rules, spans, seen = self._evidence(hits, first, pairs)
        spans = _first_of_each(spans, MOST_EVIDENCE)
        cues = _first_of_each(cues, MOST_CUES)
        cues[2:] += first[cues[0]]
        opening = self._opening[cues[1]]
        opens = np.zeros(len(lengths), dtype=bool)
        opens[self._opened(cues[:, opening], first, keys, marks)] = True
        *of_cues, told = self._from_cues(cues[:, ~opening], spans, sentences, keys, marks)
        parts = [
            (np.arange(len(frames)), self._of_frame[frames]),
            (own, self._of_rule[rules]),
            *(
                _all(_quoted(spans, room, marks >> bit), self._number(name, 2.0))
                for bit, name in zip((QUOTE, ROUND), QUOTED, strict=True)
            ),
            _all(np.flatnonzero(opens[sentences]), self._number(OPENING, 2.0)),
            *self._touching(spans, room, marks >> GRAMMAR),
            of_cues,
        ]
        pair, feature = (np.concatenate(column) for column in zip(*parts, strict=True))
        known, size = feature >= 0, max(len(self.names), 1)
        each = distinct(pair[known] * size + feature[known])
        return Found(*np.divmod(each, size), told, seen)

    def _evidence(
        self, hits: Ints, first: Ints, pairs: tuple[Ints, Ints]
    ) -> tuple[Ints, Ints, Ints, Ints]:
        """Each pair's hits, as the pair and the rule, its evidence, as rows pair, first token and
        end: the hits that are not weak, else all, else the whole sentence; and where its hits are."""
        sentences, frames = pairs
        numbers = np.full((len(first), len(self._of_frame)), -1)
        numbers[sentences, frames] = np.arange(len(frames))
        own = numbers[hits[0], self._frames[hits[1]]]
        hits, own = hits[:, own >= 0], own[own >= 0]
        sentence, rules, start, end = hits
        strong, has_strong, has_any = ~self._weak[rules], *np.zeros((2, len(frames)), dtype=bool)
        has_strong[own[strong]] = has_any[own] = True
        told, bare = strong | ~has_strong[own], np.flatnonzero(~has_any)
        seen = np.array([own, first[sentence] + start, first[sentence] + end, rules])
        spans = seen[:3, told]
        whole = np.array([bare, first[sentences[bare]], first[sentences[bare] + 1]])
        return own, rules, np.concatenate([spans, whole], axis=1), seen

    def _touching(
        self, spans: Ints, room: tuple[Ints, Ints], words: Ints
    ) -> Iterator[tuple[Ints, Ints]]:
        """Words of grammar: that they are there, and whether they touch the evidence."""
        own, start, end = spans
        low, high = room
        table = self._of_grammar[words].T
        yield np.repeat(np.arange(len(low)), high - low), table[0, ranges(low, high)]
        yield np.repeat(own, end - start), table[1, ranges(start, end)]
        for step in (1, 2):
            there = start - step >= low[own]
            yield own[there], table[1 + step, start[there] - step]
            there = end + step <= high[own]
            yield own[there], table[3 + step, end[there] + step - 1]

    def _opened(self, cues: Ints, first: Ints, keys: Sequence[int], marks: Ints) -> Ints:
        """The sentences that a cue opens, but for an adverb, a mark or a phrase with a comma before
        it."""
        begun = first[cues[0]]
        found = cues[2] == begun
        may = ~found & ((cues[2] - begun < 2) | (marks[begun] >> LEAD & 1 > 0))
        for at in np.flatnonzero(may).tolist():
            found[at] = _opens(self._lower(keys[begun[at] : cues[2, at]]))
        sentences: Ints = cues[0, found]
        return sentences

    def _from_cues(
        self, cues: Ints, spans: Ints, sentences: Ints, keys: Sequence[int], marks: Ints
    ) -> tuple[Ints, Ints, Ints]:
        """What cues say, in each sentence all of them to all of the evidence, and where they are."""
        said = np.array(
            [self._say(cue, keys[start:end]) for _, cue, start, end in cues.T.tolist()],
            dtype=np.int64,
        )
        where = sentences[spans[0]]
        low, high = (np.searchsorted(cues[0], where, side=side) for side in ("left", "right"))
        own, start, end = np.repeat(spans, high - low, axis=1)
        at = ranges(low, high)
        places = _places(cues[2, at], cues[3, at], start, end, marks >> BOUND & 1)
        coded = said[at] * PLACES + places
        rows, features = self.of_cues(coded)
        return own[rows], features, np.array([own, *cues[2:, at], coded])

    def of_cues(self, coded: Ints) -> tuple[Ints, Ints]:
        """The features of wordings at places: the number of each in the row, and the feature."""
        codes, which = np.unique(coded, return_inverse=True)
        features = [self._at_place(code) for code in codes.tolist()]
        counts = np.array([len(row) for row in features], dtype=np.int64)
        flat = np.fromiter(chain.from_iterable(features), np.int64, counts.sum())
        ends, counts = np.cumsum(counts)[which], counts[which]
        return np.repeat(np.arange(len(coded)), counts), flat[ranges(ends - counts, ends)]

    def _lower(self, keys: Sequence[int]) -> list[str]:
        return [self._vocab[key].lower_ for key in keys]

    def _say(self, cue: int, own: Sequence[int]) -> int:
        """The number of a cue's wording."""
        if (found := self._said.get((cue, *own))) is None:
            found = self._said[cue, *own] = len(self._wordings)
            text = " ".join(map(known_form, self._lower(own)))
            self._wordings.append((cue, text))
        return found

    def of_rules(self, rules: Ints) -> Ints:
        """The features of hits of the frame's own, −1 of one that is not known."""
        return self._of_rule[rules]

    def sources(self) -> tuple[Ints, Ints]:
        """What each known feature comes from, and, the last, the bias: −1 where that is a cue or a rule,
        a word of grammar by its number in `words`, −1 where it tells nothing alone; and where that
        touches the evidence, if it does."""
        size = len(self.names) + 1
        found, sides = np.full(size, -1), np.full(size, WITHIN)
        numbers = [
            MARKS if word in QUOTES else at if word in self.telling else -1
            for at, word in enumerate(self.words)
        ]
        found[self._of_grammar[1:]] = np.array(numbers[WORDS:])[:, None]
        sides[self._of_grammar[1:]] = ELSEWHERE, WITHIN, BEFORE, BEFORE, AFTER, AFTER
        sides[found == MARKS] = ELSEWHERE
        found[[self._numbers.get(name, -1) for name in QUOTED]] = MARKS
        found[self._numbers.get(OPENING, -1)] = OPENS
        found[self._of_frame] = found[-1] = USUAL
        return found, sides

    @staticmethod
    def remoteness(codes: Ints) -> Ints:
        """How far from the evidence wordings stand at their places, to compare by."""
        sides, called = np.divmod(codes % PLACES // 2, len(CALLED))
        return called * len(SIDES) + sides

    @staticmethod
    def place_in_words(code: int) -> str:
        """A place as a reader understands it; nothing within the evidence."""
        rest, in_one_clause = divmod(code % PLACES, 2)
        side, called = SIDES[rest // len(CALLED)], CALLED[rest % len(CALLED)]
        if side == "within":
            return ""
        how = {"next": "right ", "far": "far "}.get(called, "")
        clause = "in the same clause" if in_one_clause else "in another clause"
        return f"{how}{side} the evidence, {clause}"

    def _at_place(self, code: int) -> tuple[int, ...]:
        """The features of a wording at a place."""
        if (found := self._of_place.get(code)) is None:
            said, place = divmod(code, PLACES)
            cue, text = self._wordings[said]
            rest, in_one_clause = divmod(place, 2)
            side, called = SIDES[rest // len(CALLED)], CALLED[rest % len(CALLED)]
            kind, name = self._kinds[cue]
            off = called if called in OF_NAMES else "off"
            of_cue = [
                f"any {kind}",
                f"any {name}",
                f"{kind} {side} {called}",
                f"{name} {side} {off}",
            ]
            if in_one_clause:
                of_cue += [f"{kind} {side} in one clause", f"{name} {side} in one clause"]
            of_words = [f"{name} {text}"]
            if called in OF_NAMES:
                of_words.append(f"{text} {side} close")
            told = [self._number(feature, 1.0) for feature in of_cue]
            told += [self._number(feature, 0.7) for feature in of_words]
            found = self._of_place[code] = tuple([number for number in told if number >= 0])
        return found


def distinct(codes: Ints) -> Ints:
    """What there is, sorted, each once: np.unique takes several times as long."""
    codes = np.sort(codes)
    return codes[np.diff(codes, prepend=-1) > 0]


def _first_of_each(rows: Ints, most: int) -> Ints:
    """The first so many columns of each group, which the first row numbers, group by group."""
    rows = rows[:, np.argsort(rows[0], kind="stable")]
    begun = np.searchsorted(rows[0], rows[0])
    found: Ints = rows[:, np.arange(len(begun)) - begun < most]
    return found


def _all(pairs: Ints, feature: int) -> tuple[Ints, Ints]:
    return pairs, np.full(len(pairs), feature)


def _counted(flags: Ints) -> Ints:
    """How many there are before each token, and in all."""
    return np.concatenate([[0], np.cumsum(flags)])


def _quoted(spans: Ints, room: tuple[Ints, Ints], marks: Ints) -> Ints:
    """The pairs with evidence that has quotation marks in it or beside it."""
    own, start, end = spans
    before = _counted(marks & 1)
    low, high = np.maximum(start - 1, room[0][own]), np.minimum(end + 1, room[1][own])
    found: Ints = own[before[high] > before[low]]
    return found


def _places(first: Ints, last: Ints, start: Ints, end: Ints, bounds: Ints) -> Ints:
    """Where cues stand to evidence, each given by its first token and its end."""
    before, after = last <= start, first >= end
    sides = np.where(before, BEFORE, np.where(after, AFTER, WITHIN))
    between = np.where(before, start - last, np.where(after, first - end, 0))
    called = np.searchsorted([most for most, _ in DISTANCES], between)
    counted = _counted(bounds)
    nearer, farther = np.minimum(first, start) + 1, np.maximum(first, start) + 1
    found: Ints = (sides * len(CALLED) + called) * 2 + (counted[farther] == counted[nearer])
    return found


def _opens(before: Sequence[str]) -> bool:
    """Whether a cue opens a sentence after these words."""
    first = before[0]
    if len(before) == 1:
        return first.endswith("ly") or not first.isalpha() or first in BEFORE_OPENING
    return first in LEADING and "," in before and before.index(",") == len(before) - 1


def stance_features(
    pairs: Sequence[tuple[str, str]],
    tokenizer: Tokenizer,
    matcher: RuleMatcher,
    finder: StanceFinder,
) -> Found:
    """The features of frames in sentences, given as texts and frames; `matcher` finds the frames'
    rules."""
    docs = [sentence_tokens(text, tokenizer) for text, _ in pairs]
    keys = list(chain.from_iterable(doc.to_array([ORTH]).tolist() for doc in docs))
    lengths = np.array(list(map(len, docs)))
    frames = np.array([matcher.rules.scheme.names.index(frame) for _, frame in pairs])
    hits, cues = (which.read_block(keys, lengths).hits() for which in (matcher, finder.matcher))
    return finder.find(keys, lengths, hits, cues, pairs=(np.arange(len(docs)), frames))
