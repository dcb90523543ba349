"""What each kind of feature is worth: framelens trained again without it.

    python -m tests.benchmarks.ablation [LABELLED.jsonl ...] [--table FILE.md]

Every row chooses its penalty and its thresholds by cross-validation, as `framelens train` does, and
is tested on the evaluation set and on the files given.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from framelens.classification.model import probability
from framelens.core.errors import FramelensError
from framelens.core.files import data_path
from framelens.core.types import Bools, Ints
from framelens.rules.rule_files import RuleSet, read_rules
from framelens.training.features import RuleColumns, SentenceReader, vectorizer
from framelens.training.fitting import choose_and_fit, cut_folds
from framelens.training.learned import MIN_SENTENCES
from scipy.sparse import csr_matrix, hstack

from tests.benchmarks.samples import Sample, read_samples, training_sentences
from tests.benchmarks.tables import markdown, shown, write

SEED = 0
WORDS, PAIRS, STRONG, WEAK, SHARED = range(5)
"""Kinds of feature: words, pairs of words, a strong (not weak) rule's hit, a weak rule's hit, and
the number of a frame's strong rules that hit, through which they share a weight."""
ALL = frozenset(range(5))
KEPT: Mapping[str, frozenset[int]] = {
    "rules and terms": ALL,
    "terms alone": frozenset({WORDS, PAIRS}),
    "rules alone, weights learned": frozenset({STRONG, WEAK, SHARED}),
    "without strong rules": ALL - {STRONG, SHARED},
    "without weak rules": ALL - {WEAK},
    "without the weight that strong rules share": ALL - {SHARED},
    "without words": ALL - {WORDS},
    "without pairs of words": ALL - {PAIRS},
}
UNWEIGHED = "rules alone, any strong one decides"


@dataclass(frozen=True, slots=True)
class Features:
    """Features of the training sentences and of each sample; `kinds` has an entry a column."""

    kinds: Ints
    training: csr_matrix
    tested: Sequence[csr_matrix]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Labels given to the training sentences, out of fold, and to each sample; the number of
    features that have a weight, if any are weighed."""

    training: Bools
    tested: Sequence[Bools]
    weighed: int | None = None


def main(arguments: Sequence[str] | None = None) -> None:
    """Train and test every row, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.ablation")
    parser.add_argument("labelled", nargs="*", type=Path, help="more labelled files to test on")
    parser.add_argument("--table", type=Path, help="write the table here (Markdown)")
    options = parser.parse_args(arguments)
    try:
        text = ablation(options.labelled)
        print(text, end="")
        write(options.table, text)
    except FramelensError as error:
        sys.exit(f"ablation: error: {error}")


def ablation(labelled: Sequence[Path]) -> str:
    """The table: macro F1 with intervals, cross-validated and on each sample."""
    rules = read_rules(data_path("rules"))
    frames = rules.scheme.names
    rows = training_sentences(frames)
    trained_on = Sample("cross-validated", tuple(rows), frames, True)
    samples = read_samples(labelled, frames, rows)
    found = make_features(rules, trained_on, samples)
    folds = cut_folds(rows, trained_on.gold, SEED)
    outcomes = {UNWEIGHED: by_rules(found, len(frames))}
    for name, kinds in KEPT.items():
        print(f"{name} …", file=sys.stderr, flush=True)
        outcomes[name] = retrain(found, kinds, trained_on.gold, folds)
    cells = [[name, *_cells(row, trained_on, samples)] for name, row in outcomes.items()]
    heading = ["macro F1 (95%)", *(s.title for s in (trained_on, *samples)), "features"]
    return markdown(heading, cells) + "\n"


def _cells(row: Outcome, trained_on: Sample, samples: Sequence[Sample]) -> list[str]:
    pairs = zip((trained_on, *samples), (row.training, *row.tested), strict=True)
    figures = [shown(sample.figures(guess).macro_f1) for sample, guess in pairs]
    return [*figures, "" if row.weighed is None else f"{row.weighed:,}"]


def make_features(rules: RuleSet, trained_on: Sample, samples: Sequence[Sample]) -> Features:
    """The features that `framelens train` makes, and what kind each is."""
    reader, columns = SentenceReader.of(rules), RuleColumns.of(rules)
    terms = vectorizer(MIN_SENTENCES)
    own = reader.transform(trained_on.texts)
    training = hstack([terms.fit_transform(own), columns.transform(own)])
    others = [reader.transform(sample.texts) for sample in samples]
    tested = [hstack([terms.transform(rows), columns.transform(rows)]).tocsr() for rows in others]
    kinds = [
        *(PAIRS if " " in term else WORDS for term in terms.get_feature_names_out()),
        *(WEAK if rule.weak else STRONG for rule in rules.rules),
        *(SHARED for _ in rules.scheme.names),
    ]
    return Features(np.array(kinds), training.tocsr(), tested)


def retrain(found: Features, kinds: frozenset[int], gold: Bools, folds: Ints) -> Outcome:
    """Train on the features of some kinds alone."""
    kept = np.isin(found.kinds, sorted(kinds))
    training = found.training[:, kept]
    fitted = choose_and_fit(training, gold, folds, SEED)
    thresholds, linear, chances = fitted.thresholds, fitted.linear, fitted.probabilities
    weighed = np.any(linear.coefficients != 0, axis=1)
    tested = [probability(linear.scores(rows[:, kept])) >= thresholds for rows in found.tested]
    return Outcome(chances >= thresholds, tested, int(weighed.sum()))


def by_rules(found: Features, frames: int) -> Outcome:
    """What rules say without a model: a frame where any of its strong rules hits."""
    said = [rows[:, -frames:].toarray() > 0 for rows in (found.training, *found.tested)]
    return Outcome(said[0], said[1:])


if __name__ == "__main__":
    main()
