"""Labelled sentences → cues: the words that speak most for each label, with examples of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path

import numpy as np

from framelens.analysis.keyness import Presence, content_terms, distinctive, without_parts
from framelens.core.codebook import composed
from framelens.core.errors import FramelensError
from framelens.core.types import Bools, counted
from framelens.preprocessing.tokenizer import english_tokenizer
from framelens.project.folder import Codebook, Cue, Label, check_names, rule_files, rule_ids
from framelens.project.folds import hold_out
from framelens.project.labelled.consistency import check_consistent
from framelens.project.labelled.forms import LabelForm
from framelens.project.labelled.reading import Note, read_many
from framelens.project.labelled.sentence import LabelledSentence
from framelens.rules.examples import failed_examples
from framelens.rules.rule_files import MAX_RUN, parse_rules

MOST, ALL_TOGETHER = 10, 600
"""Cues of a label, and of all labels."""
ENOUGH = 10
"""Sentences that a label needs to be learned."""
FEWEST = 3
"""Sentences that must hold a cue."""
EXAMPLES = 2
"""How many examples of each kind a cue has."""
SHOWN = 3
"""Sentences of a label that are shown of it."""
SIDE = 90
"""Characters of an example on either side of the cue."""
LONG = 2 * SIDE + 60
"""Characters from which a text is cut down."""
LOOKED_AT = 500
"""Sentences among which examples are sought."""


def codebook_of(
    title: str,
    paths: Sequence[Path],
    *,
    labels: Sequence[str] = (),
    form: LabelForm | None = None,
    holdout: float | None = None,
    seed: int = 0,
    progress: Note = lambda _: None,
) -> Codebook:
    """A codebook of these labels, and of those in labelled files, the commonest first, with cues.

    The cues see nothing of the share `holdout` of the sentences, drawn with `seed` as in training.

    `progress` takes warnings: of rare labels, of those that differ in capitals alone, of texts that
    are labelled in different ways.
    """
    form = form or LabelForm()
    sentences = read_many(paths, None, form, note=progress)
    counts = Counter(label for sentence in sentences for label in sentence.labels)
    names = [
        *map(composed, labels),
        *(name for name in sorted(counts, key=lambda one: (-counts[one], one))),
    ]
    names = list(dict.fromkeys(names))
    check_names(names)
    counts_of_labels = {len(row.labels) for row in sentences}
    exclusive = counts_of_labels in ({1}, {0, 1})
    none = exclusive and 0 in counts_of_labels
    if exclusive and not none and len(names) == 1:
        raise FramelensError(
            f"all {len(sentences):,} sentences have the one label {names[0]!r}; expected another one, or "
            "sentences without it"
        )
    reading = {name: value for name, value in asdict(form).items() if value != _USUAL[name]}
    codebook = Codebook(
        title=title,
        labels=tuple(Label(name=name) for name in names),
        exclusive=exclusive,
        none=none,
        labelled=tuple(paths),
        reading=reading,
        holdout=holdout,
        seed=seed,
    )
    if not sentences:
        return codebook
    for note in _notes(counts, sentences):
        progress(note)
    seen = sentences if holdout is None else hold_out(sentences, holdout, seed)[0]
    return with_cues(codebook, seen, progress=progress)


_USUAL = asdict(LabelForm())


def _notes(counts: Counter[str], sentences: Sequence[LabelledSentence]) -> Iterator[str]:
    rare = [f"{name} ({count})" for name, count in counts.items() if count < ENOUGH]
    if rare:
        yield (
            f"fewer than {ENOUGH} sentences, too few to learn from, have {', '.join(rare)}: label "
            "more, or leave these out (framelens train --skip-rare)"
        )
    alike: dict[str, list[str]] = {}
    for name in counts:
        alike.setdefault(name.casefold(), []).append(name)
    for names in alike.values():
        if len(names) > 1:
            yield f"labels that differ in capitals alone: {', '.join(names)}"
    try:
        check_consistent(sentences)
    except FramelensError as error:
        yield str(error)


def with_cues(
    codebook: Codebook, sentences: Sequence[LabelledSentence], *, progress: Note = lambda _: None
) -> Codebook:
    """The codebook with cues for its labels: the terms that set a label's sentences apart from the
    others, by log-odds with an informative prior, the surest first.

    A cue is proposed where there are examples enough: sentences with the label that hold the term,
    and sentences without the label that do not. Long texts are cut down around the term. The rules
    made of them pass `framelens rules test`.
    """
    tokenizer = english_tokenizer()
    progress(f"finding words in {counted(len(sentences), 'sentence')}")
    terms = [set(content_terms(sentence.text, tokenizer)) for sentence in sentences]
    texts = _Texts([sentence.text for sentence in sentences], _holders(terms), Presence(terms))
    most = max(3, min(MOST, ALL_TOGETHER // len(codebook.labels)))
    labels = []
    for label in codebook.labels:
        has = np.array([label.name in sentence.labels for sentence in sentences], dtype=bool)
        cues = tuple(islice(texts.cues(has), most))
        labels.append(replace(label, sentences=int(has.sum()), examples=texts.of(has), cues=cues))
    proposed = replace(codebook, labels=tuple(labels))
    progress("trying the cues on their examples")
    failed = {row.rule for row in failed_examples(parse_rules(rule_files(proposed)), tokenizer)}
    labels = []
    for label in proposed.labels:
        named = zip(rule_ids(label), label.cues, strict=True)
        labels.append(replace(label, cues=tuple(cue for name, cue in named if name not in failed)))
    return replace(proposed, labels=tuple(labels))


def _holders(terms_of: Sequence[set[str]]) -> dict[str, list[int]]:
    """The sentences, by number, that hold each term."""
    holders: dict[str, list[int]] = {}
    for number, terms in enumerate(terms_of):
        for term in terms:
            holders.setdefault(term, []).append(number)
    return holders


@dataclass(slots=True)
class _Texts:
    """Texts and what they hold; `matched` and `skipped` are the examples that were taken, so that
    no text is an example for one cue and against another."""

    texts: Sequence[str]
    holders: Mapping[str, Sequence[int]]
    presence: Presence
    matched: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)

    def cues(self, has: Bools) -> Iterator[Cue]:
        """The cues of the label that some of the texts have."""
        away_from = self._by_length(np.flatnonzero(~has).tolist())[:LOOKED_AT]
        chosen: list[set[str]] = []
        more = [one for one in distinctive(self.presence, has.tolist(), fewest=FEWEST) if one.z > 0]
        for number, term in enumerate(without_parts(more[: 5 * MOST])):
            words = set(term.item.split(" "))
            if any(words <= other or other <= words for other in chosen):
                continue  # one would hit only where the other does
            holders = set(self.holders[term.item])
            with_label = self._by_length([at for at in holders if has[at]])[:LOOKED_AT]
            turn = number * EXAMPLES % max(len(away_from), 1)
            away = [at for at in (*away_from[turn:], *away_from[:turn]) if at not in holders]
            matches = self._examples(with_label, term.item, self.skipped)
            skips = self._examples(away, None, self.matched)
            if len(matches) == len(skips) == EXAMPLES:
                self.matched |= set(matches)
                self.skipped |= set(skips)
                chosen.append(words)
                yield Cue(term.item, term.here, term.elsewhere, matches, skips)

    def of(self, has: Bools) -> tuple[str, ...]:
        """Some of the texts that have a label."""
        some = self._by_length(np.flatnonzero(has).tolist())
        return tuple(islice(filter(None, (_cut(self.texts[at], None) for at in some)), SHOWN))

    def _by_length(self, numbers: Iterable[int]) -> list[int]:
        """The texts, by number, those of middling length first."""
        return sorted(numbers, key=lambda at: (abs(len(self.texts[at]) - SIDE), at))

    def _examples(
        self, numbers: Iterable[int], term: str | None, taken: set[str]
    ) -> tuple[str, ...]:
        examples: dict[str, None] = {}
        for at in numbers:
            text = _cut(self.texts[at], term)
            if text and text not in taken:
                examples[text] = None
            if len(examples) == EXAMPLES:
                break
        return tuple(examples)


def _cut(text: str, term: str | None) -> str | None:
    """A text as an example: in one line, and of a long one the words around a term, or the first;
    None where that cannot be one."""
    line = " ".join(text.split())
    if not line.isprintable() or max(map(len, line.split()), default=0) > MAX_RUN:
        return None
    if len(line) <= LONG:
        return line
    place = re.search(r"\W+".join(map(re.escape, (term or "").split(" "))), line, re.IGNORECASE)
    if place is None:
        return None
    start, end = max(0, place.start() - SIDE), place.end() + SIDE
    if start:
        start = line.find(" ", start, place.start() + 1) + 1 or place.start()
    if end < len(line):
        end = max(line.rfind(" ", place.end(), end), place.end())
    return line[start:end]
