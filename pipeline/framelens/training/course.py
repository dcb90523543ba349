"""A course of training: from labelled sentences to a model that has been compared and tested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from framelens.core.errors import FramelensError
from framelens.core.types import counted
from framelens.evaluation.trial import Overlap
from framelens.project.folds import hold_out
from framelens.project.labelled.consistency import check_consistent
from framelens.project.labelled.reading import Note
from framelens.project.labelled.sentence import LabelledSentence
from framelens.project.rare import rare_labels, rules_without, without_labels
from framelens.rules.rule_files import RuleSet
from framelens.statistics.metrics import Figures
from framelens.training.comparison import HeldOut, compare, evaluate, unseen
from framelens.training.learned import Progress
from framelens.training.stance import why_no_stances
from framelens.training.train import MIN_EXAMPLES, Trained, train


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Options of a training.

    `test` are sentences to test on, called `test_name`; or `holdout` is the share of the labelled
    sentences to hold out. With `compared` the model is compared with others, with `curve` there is a
    learning curve, with `skip_rare` labels of too few sentences are left out, and with
    `allow_conflicts` a text may be labelled in different ways.
    """

    seed: int = 0
    test: Sequence[LabelledSentence] = ()
    test_name: str = "sentences to test on"
    holdout: float | None = None
    compared: bool = True
    curve: bool = False
    skip_rare: bool = False
    allow_conflicts: bool = False


def follow(
    course: Course,
    sentences: Sequence[LabelledSentence],
    rules: RuleSet,
    *,
    progress: Progress = lambda _, __: None,
    note: Note = lambda _: None,
) -> Trained:
    """Train, compare and test as a course says; `note` is told what was left out.

    Raise FramelensError as `train` does, where texts are labelled in different ways, and where nothing
    is left to learn from or to test on.
    """
    if course.test and course.holdout is not None:
        raise FramelensError("--test and --holdout exclude each other; expected one of them")
    if not course.allow_conflicts:
        check_consistent(sentences)
    learned, tested, overlap = list(sentences), list(course.test), Overlap()
    if course.holdout is not None:
        progress("holding sentences out", 0.0)
        learned, tested = hold_out(sentences, course.holdout, course.seed)
    if course.skip_rare and (rare := rare_labels(learned, rules.scheme.names, MIN_EXAMPLES)):
        learned, tested = without_labels(learned, rare), without_labels(tested, rare)
        rules = rules_without(rules, list(rare))
        counts = ", ".join(f"{name} ({count})" for name, count in rare.items())
        note(f"trained without labels of fewer than {MIN_EXAMPLES} sentences: {counts}")
    if course.test:
        tested, overlap = unseen(tested, learned)
    if reason := why_no_stances(learned, rules):
        note(f"the model tells no stances, though scheme.toml names some: {reason}")
    trained = train(
        learned,
        rules,
        seed=course.seed,
        curve=course.curve,
        progress=lambda name, done: progress(name, 0.8 * done),
    )
    if 2 * (most := max(Counter(trained.folds).values())) > len(learned):
        note(
            f"{most:,} of {counted(len(learned), 'sentence')} are in one fold, for they must stay together "
            "(a document, a minimal pair, near-duplicates): cross-validated figures, and all that is chosen "
            f"by them, are mostly of models that have learned from the other {len(learned) - most:,}"
        )
    if course.compared:
        progress("comparing with other models", 0.8)
        comparison = compare(trained, learned, rules)
        if comparison.own:
            trained = _with_meta(trained, compared=_means(comparison.systems))
        trained = replace(trained, comparison=comparison)
    if tested:
        progress(f"testing on {counted(len(tested), 'sentence')}", 0.9)
        evaluation = evaluate(
            trained.model, rules, learned=learned, tested=tested, overlap=overlap, seed=course.seed
        )
        name = course.test_name
        if course.holdout is not None:
            name = f"{course.holdout:.0%} held out, seed {course.seed}"
        means = _means(evaluation.systems)
        record = {"what": name, "sentences": evaluation.sentences, "macro_f1": means}
        trained = replace(_with_meta(trained, held_out=record), held_out=HeldOut(name, evaluation))
    return trained


def _means(systems: Mapping[str, Figures]) -> dict[str, Any]:
    return {name: asdict(figures.macro_f1) for name, figures in systems.items()}


def _with_meta(trained: Trained, **fields: Any) -> Trained:
    """The same with more fields in the model's `meta`."""
    return replace(trained, model=replace(trained.model, meta={**trained.model.meta, **fields}))
