"""How codebooks without leading rules are learned: what counts, how heavily rare frames do, and how
strong the penalty is are chosen by cross-validated macro F1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from joblib import Parallel, cpu_count, delayed
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from framelens.classification.exclusive import chances, decide
from framelens.classification.model import probability
from framelens.core.codebook import Scheme
from framelens.core.types import Bools, Floats, Ints
from framelens.statistics.metrics import macro_f1
from framelens.training.fitting import FOLDS, UNSEEN, Fitted, Linear, best_thresholds, one_by_one

STRENGTHS = (0.3, 1.0, 3.0, 10.0, 30.0)
"""Inverse strengths of the L2 penalty that are tried."""
STEPS = np.arange(1, 100) / 100
"""Thresholds that are tried: of rare frames the best may be low."""
FEW = 600
"""Sentences up to which nothing is searched for: what folds of so few say of settings is mostly chance."""
SEARCHED = 6_000
"""Sentences among which is searched, at most; the model itself learns from all."""
SEARCHED_FOLDS = 2
"""Folds on which settings are compared where there are more sentences than that."""
MOST_WORK = 50_000_000
"""Values of letters that are not nil × frames up to which letters are tried."""
PARALLEL = 200_000
"""Values that are not nil × frames from which a fit is worth a thread of its own."""
MOST_BY_THREADS = 1_500_000
"""Weights of a multinomial fit up to which fits run beside one another: each holds several times as
many numbers."""
TOLERANCE, TOLERANCE_BY_FRAMES = 1e-3, 1e-2
"""The largest slope at which a multinomial fit ends, and the same × frames: of many frames each has so
small a share of the sentences that slopes are small before anything is learned."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is chosen: whether runs of letters count beside words, whether rare frames weigh as much
    as frequent ones, and the inverse strength of the penalty."""

    letters: bool = False
    balanced: bool = True
    strength: float = 3.0


FOR_FEW = Setting(letters=True, strength=1.0)
"""What is taken where sentences are few, measured in tests/benchmarks/README.md."""


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Labelled sentences as matrices: words, letters and rules (sentences × features), labels and
    folds; `weights` says how much each sentence counts."""

    scheme: Scheme
    words: csr_matrix
    letters: csr_matrix
    rules: csr_matrix
    gold: Bools
    folds: Ints
    weights: Floats

    def features(self, setting: Setting) -> csr_matrix:
        """What a setting learns from: words, letters if it has them, rules."""
        parts = [self.words, *([self.letters] if setting.letters else []), self.rules]
        return hstack(parts).tocsr()

    def of(self, rows: Ints) -> Task:
        """The same of some sentences."""
        names = ("words", "letters", "rules", "gold", "folds", "weights")
        return replace(self, **{name: getattr(self, name)[rows] for name in names})


def search(task: Task, seed: int, tell: Callable[[float], None] = lambda _: None) -> Setting:
    """The setting with the best cross-validated macro F1; `tell` is told the share that is done.

    One thing is chosen after the other: letters, strength, balance. Of equals the first tried, with
    less to learn from, is taken. Of few sentences `FOR_FEW` is taken as it is.
    """
    tested = range(FOLDS)
    with_letters = 0 < task.letters.nnz * task.gold.shape[1] <= MOST_WORK
    if len(task.gold) <= FEW:
        return replace(FOR_FEW, letters=with_letters)
    if len(task.gold) > SEARCHED:
        drawn = np.random.default_rng(seed).choice(len(task.gold), SEARCHED, replace=False)
        task, tested = task.of(np.sort(drawn)), range(SEARCHED_FOLDS)
    best = Setting()
    tried: dict[Setting, float] = {}
    steps: list[Callable[[Setting], list[Setting]]] = [
        lambda now: [now, *([replace(now, letters=True)] if with_letters else [])],
        lambda now: [replace(now, strength=strength) for strength in STRENGTHS],
        lambda now: [
            now,
            *(replace(now, balanced=False, strength=now.strength * by) for by in (1, 3)),
        ],
    ]
    for number, step in enumerate(steps):
        candidates = step(best)
        fresh = [setting for setting in candidates if setting not in tried]
        for setting, found in zip(fresh, _out_of_fold(task, fresh, tested), strict=True):
            tried[setting] = _macro_f1(task, found, tested)
        best = max(candidates, key=tried.__getitem__)
        tell((number + 1) / len(steps))
    return best


def learn(task: Task, setting: Setting) -> Fitted:
    """Fit on all sentences, with thresholds and probabilities from cross-validation."""
    (scores,) = _out_of_fold(task, [setting], range(FOLDS))
    linear = fit_rows(task, task.features(setting), setting, np.arange(len(task.gold)))
    return Fitted(linear, setting.strength, thresholds(task, scores), chances(task.scheme, scores))


def thresholds(task: Task, scores: Floats) -> Floats:
    """A threshold a frame; where frames exclude one another the likeliest is given, at 0."""
    if task.scheme.exclusive:
        return np.zeros(scores.shape[1])
    return best_thresholds(task.gold, probability(scores), task.weights, steps=STEPS)


def _macro_f1(task: Task, scores: Floats, tested: Sequence[int]) -> float:
    """The macro F1 of scores on some of the folds."""
    rows = np.isin(task.folds, tested)
    task, scores = task.of(np.flatnonzero(rows)), scores[rows]
    given = decide(chances(task.scheme, scores), thresholds(task, scores), task.scheme)
    return macro_f1(task.gold, given)


def _out_of_fold(task: Task, settings: Sequence[Setting], tested: Sequence[int]) -> list[Floats]:
    """Scores (sentences × frames) by models that have not seen the sentences, a matrix a setting; of
    other folds than the tested ones they are 0."""
    jobs = [
        (at, np.flatnonzero(task.folds == fold)) for at in range(len(settings)) for fold in tested
    ]
    tables = {letters: task.features(Setting(letters)) for letters in {s.letters for s in settings}}
    # Threads: fits spend their time outside of Python, and share the features.
    run = Parallel(n_jobs=_threads(task, list(tables.values())), prefer="threads")
    found = run(
        delayed(_held)(task, tables[settings[at].letters], settings[at], rows) for at, rows in jobs
    )
    scores = [np.zeros(task.gold.shape) for _ in settings]
    for (at, rows), part in zip(jobs, found, strict=True):
        scores[at][rows] = part
    return scores


def _threads(task: Task, tables: Sequence[csr_matrix]) -> int:
    """How many fits may run beside one another."""
    frames = task.gold.shape[1]
    light = max((table.nnz for table in tables), default=0) * frames < PARALLEL
    large = max((table.shape[1] for table in tables), default=0) * frames > MOST_BY_THREADS
    # Fits of one frame each draw from liblinear's one row of random numbers, whose turn threads mix up.
    return 1 if light or large or not task.scheme.exclusive else min(cpu_count(), 4)


def _held(task: Task, table: csr_matrix, setting: Setting, rows: Ints) -> Floats:
    seen = np.setdiff1d(np.arange(len(task.gold)), rows)
    return fit_rows(task, table, setting, seen).scores(table[rows])


def fit_rows(task: Task, table: csr_matrix, setting: Setting, rows: Ints) -> Linear:
    """A linear model fitted on some of the sentences: multinomial where frames exclude one another,
    else a regression a frame; rounded, so that the last bits of a sum do not make another model."""
    table, gold, weights = table[rows], task.gold[rows], task.weights[rows]
    # What none of these sentences has gets no weight, and need not be sought one for.
    there = np.flatnonzero(np.bincount(table.indices, minlength=table.shape[1]))
    few = table[:, there]
    if task.scheme.exclusive:
        found = _multinomial(few, gold, weights, setting)
    else:
        regression = _regression(setting, solver="liblinear", dual=True, tol=1e-2, max_iter=1000)
        found = one_by_one(regression, few, gold, weights)
    coefficients = np.zeros((table.shape[1], gold.shape[1]))
    coefficients[there] = found.coefficients
    return Linear(coefficients, found.bias).rounded()


def _multinomial(table: csr_matrix, gold: Bools, weights: Floats, setting: Setting) -> Linear:
    frames = gold.shape[1]
    classes = np.where(gold.any(axis=1), gold.argmax(axis=1), frames)
    found = Linear(np.zeros((table.shape[1], frames + 1)), np.full(frames + 1, UNSEEN))
    seen = np.unique(classes)
    if len(seen) == 1:
        found.bias[seen] = -UNSEEN
    else:
        # Next to no memory beside the weights; lbfgs holds twenty times as many numbers.
        slope = min(TOLERANCE, TOLERANCE_BY_FRAMES / len(seen))
        regression = _regression(setting, solver="newton-cg", tol=slope, max_iter=50)
        fitted = regression.fit(table, classes, sample_weight=weights)
        if len(seen) == 2:
            found.coefficients[:, seen[1]] = fitted.coef_[0]
            found.bias[seen] = 0.0, fitted.intercept_[0]
        else:
            found.coefficients[:, seen], found.bias[seen] = fitted.coef_.T, fitted.intercept_
    # None of the frames, if there are such sentences, has a score of 0.
    if frames in seen:
        found = Linear(found.coefficients - found.coefficients[:, -1:], found.bias - found.bias[-1])
    return Linear(found.coefficients[:, :frames], found.bias[:frames])


def _regression(setting: Setting, **options: object) -> LogisticRegression:
    balance = "balanced" if setting.balanced else None
    return LogisticRegression(C=setting.strength, class_weight=balance, random_state=0, **options)
