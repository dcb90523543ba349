"""How codebooks whose rules do not lead are learned: a grid search, by cross-validated macro F1, over
character n-grams, the strength of the penalty and the weight of rare frames."""

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
from framelens.training.fitting import FOLDS, UNSEEN, Fitted, Linear, best_thresholds, fit_per_frame

STRENGTHS = (0.3, 1.0, 3.0, 10.0, 30.0)
"""Inverse strengths of the L2 penalty that are tried."""
STEPS = np.arange(1, 100) / 100
"""Thresholds that are tried: of rare frames the best may be low."""
TOO_FEW = 600
"""Sentences up to which there is no search: with so few, which setting scores best is mostly chance."""
MAX_SEARCHED = 6_000
"""Sentences that settings are compared on, at most; the model itself learns from all."""
SEARCHED_FOLDS = 2
"""Folds on which settings are compared where there are more sentences than that."""
MAX_NGRAM_WORK = 50_000_000
"""Non-zero n-gram values × frames up to which n-grams are tried."""
MIN_PARALLEL = 200_000
"""Non-zero values × frames from which a fit is worth a thread of its own."""
MAX_PARALLEL_WEIGHTS = 1_500_000
"""Weights of a multinomial fit up to which fits run in parallel: each takes several times the memory."""
TOLERANCE, TOLERANCE_BY_FRAMES = 1e-3, 1e-2
"""Gradient tolerance of a multinomial fit, and the same × frames, the smaller of which counts: with many
frames gradients are small before anything is learned."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Hyperparameters: whether character n-grams (`letters`) count beside words, whether rare frames
    weigh as much as frequent ones, and the inverse strength of the penalty."""

    letters: bool = False
    balanced: bool = True
    strength: float = 3.0


FOR_FEW = Setting(letters=True, strength=1.0)
"""The setting for few sentences, measured in tests/benchmarks/README.md."""


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Labelled sentences as matrices: words, character n-grams (`letters`) and rules, all sentences ×
    features; labels, and the fold and the weight of each sentence."""

    scheme: Scheme
    words: csr_matrix
    letters: csr_matrix
    rules: csr_matrix
    gold: Bools
    folds: Ints
    weights: Floats

    def features(self, setting: Setting) -> csr_matrix:
        """The features that a setting learns from, sentences × features."""
        parts = [self.words, *([self.letters] if setting.letters else []), self.rules]
        return hstack(parts).tocsr()

    def subset(self, rows: Ints) -> Task:
        """The task of some sentences alone."""
        names = ("words", "letters", "rules", "gold", "folds", "weights")
        return replace(self, **{name: getattr(self, name)[rows] for name in names})


def search(task: Task, seed: int, tell: Callable[[float], None] = lambda _: None) -> Setting:
    """The setting with the best cross-validated macro F1; `tell` gets the share that is done.

    N-grams, strength and balance are chosen one after the other; of equals the first tried, with fewer
    features, is taken. Few sentences get `FOR_FEW`.
    """
    tested = range(FOLDS)
    with_letters = 0 < task.letters.nnz * task.gold.shape[1] <= MAX_NGRAM_WORK
    if len(task.gold) <= TOO_FEW:
        return replace(FOR_FEW, letters=with_letters)
    if len(task.gold) > MAX_SEARCHED:
        drawn = np.random.default_rng(seed).choice(len(task.gold), MAX_SEARCHED, replace=False)
        task, tested = task.subset(np.sort(drawn)), range(SEARCHED_FOLDS)
    best = Setting()
    tried: dict[Setting, float] = {}
    steps: list[Callable[[Setting], list[Setting]]] = [
        lambda best: [best, *([replace(best, letters=True)] if with_letters else [])],
        lambda best: [replace(best, strength=strength) for strength in STRENGTHS],
        lambda best: [
            best, *(replace(best, balanced=False, strength=best.strength * by) for by in (1, 3)),
        ],
    ]  # fmt: skip
    for number, step in enumerate(steps):
        candidates = step(best)
        untried = [setting for setting in candidates if setting not in tried]
        for setting, scores in zip(untried, _out_of_fold(task, untried, tested), strict=True):
            tried[setting] = _macro_f1(task, scores, tested)
        best = max(candidates, key=tried.__getitem__)
        tell((number + 1) / len(steps))
    return best


def learn(task: Task, setting: Setting) -> Fitted:
    """Fit on all sentences, with thresholds and probabilities from cross-validation."""
    (scores,) = _out_of_fold(task, [setting], range(FOLDS))
    linear = fit_rows(task, task.features(setting), setting, np.arange(len(task.gold)))
    return Fitted(linear, setting.strength, thresholds(task, scores), chances(task.scheme, scores))


def thresholds(task: Task, scores: Floats) -> Floats:
    """A threshold for each frame: 0 where frames exclude one another, as the likeliest is given."""
    if task.scheme.exclusive:
        return np.zeros(scores.shape[1])
    return best_thresholds(task.gold, probability(scores), task.weights, steps=STEPS)


def _macro_f1(task: Task, scores: Floats, tested: Sequence[int]) -> float:
    """The macro F1 of scores on the `tested` folds."""
    rows = np.isin(task.folds, tested)
    task, scores = task.subset(np.flatnonzero(rows)), scores[rows]
    given = decide(chances(task.scheme, scores), thresholds(task, scores), task.scheme)
    return macro_f1(task.gold, given)


def _out_of_fold(task: Task, settings: Sequence[Setting], tested: Sequence[int]) -> list[Floats]:
    """Cross-validated scores for each setting, sentences × frames; 0 outside of the tested folds."""
    jobs = [
        (at, np.flatnonzero(task.folds == fold)) for at in range(len(settings)) for fold in tested
    ]
    tables = {letters: task.features(Setting(letters)) for letters in {s.letters for s in settings}}
    # Threads: fits spend their time outside of Python, and share the features.
    parallel = Parallel(n_jobs=_threads(task, list(tables.values())), prefer="threads")
    fold_scores = parallel(
        delayed(_held_out_scores)(task, tables[settings[at].letters], settings[at], rows)
        for at, rows in jobs
    )
    scores = [np.zeros(task.gold.shape) for _ in settings]
    for (at, rows), rows_scores in zip(jobs, fold_scores, strict=True):
        scores[at][rows] = rows_scores
    return scores


def _threads(task: Task, tables: Sequence[csr_matrix]) -> int:
    """The number of fits to run in parallel."""
    frames = task.gold.shape[1]
    light = max((table.nnz for table in tables), default=0) * frames < MIN_PARALLEL
    large = max((table.shape[1] for table in tables), default=0) * frames > MAX_PARALLEL_WEIGHTS
    # liblinear's fits share one stream of random numbers: with threads, the order would be by chance.
    return 1 if light or large or not task.scheme.exclusive else min(cpu_count(), 4)


def _held_out_scores(task: Task, table: csr_matrix, setting: Setting, rows: Ints) -> Floats:
    training = np.setdiff1d(np.arange(len(task.gold)), rows)
    return fit_rows(task, table, setting, training).scores(table[rows])


def fit_rows(task: Task, table: csr_matrix, setting: Setting, rows: Ints) -> Linear:
    """A linear model fitted on some sentences, rounded: multinomial where frames exclude one another,
    else one-vs-rest."""
    table, gold, weights = table[rows], task.gold[rows], task.weights[rows]
    # Features that none of these sentences has get no weight.
    used = np.flatnonzero(np.bincount(table.indices, minlength=table.shape[1]))
    used_table = table[:, used]
    if task.scheme.exclusive:
        linear = _multinomial(used_table, gold, weights, setting)
    else:
        regression = _regression(setting, solver="liblinear", dual=True, tol=1e-2, max_iter=1000)
        linear = fit_per_frame(regression, used_table, gold, weights)
    coefficients = np.zeros((table.shape[1], gold.shape[1]))
    coefficients[used] = linear.coefficients
    return Linear(coefficients, linear.bias).rounded()


def _multinomial(table: csr_matrix, gold: Bools, weights: Floats, setting: Setting) -> Linear:
    frames = gold.shape[1]
    classes = np.where(gold.any(axis=1), gold.argmax(axis=1), frames)
    linear = Linear(np.zeros((table.shape[1], frames + 1)), np.full(frames + 1, UNSEEN))
    seen = np.unique(classes)
    if len(seen) == 1:
        linear.bias[seen] = -UNSEEN
    else:
        # Next to no memory beside the weights; lbfgs holds twenty times as many numbers.
        slope = min(TOLERANCE, TOLERANCE_BY_FRAMES / len(seen))
        regression = _regression(setting, solver="newton-cg", tol=slope, max_iter=50)
        fitted = regression.fit(table, classes, sample_weight=weights)
        if len(seen) == 2:
            linear.coefficients[:, seen[1]] = fitted.coef_[0]
            linear.bias[seen] = 0.0, fitted.intercept_[0]
        else:
            linear.coefficients[:, seen], linear.bias[seen] = fitted.coef_.T, fitted.intercept_
    # None of the frames, if there are such sentences, has a score of 0.
    if frames in seen:
        linear = Linear(
            linear.coefficients - linear.coefficients[:, -1:], linear.bias - linear.bias[-1]
        )
    return Linear(linear.coefficients[:, :frames], linear.bias[:frames])


def _regression(setting: Setting, **options: object) -> LogisticRegression:
    balance = "balanced" if setting.balanced else None
    return LogisticRegression(C=setting.strength, class_weight=balance, random_state=0, **options)
