"""Labelled sentences → a model, and the scikit-learn estimator that it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import sklearn
import spacy.about
from sklearn.pipeline import Pipeline

from framelens.classification.exclusive import decide
from framelens.classification.model import Model
from framelens.core.errors import FramelensError
from framelens.core.tables import Tabular
from framelens.core.types import Bools, Floats, counted
from framelens.core.version import __version__
from framelens.evaluation.evaluate import figures_table
from framelens.evaluation.groups import documents_of, resampled
from framelens.evaluation.trial import matrix
from framelens.project.labelled.consistency import check_exclusive
from framelens.project.labelled.sentence import LabelledSentence, digest, fingerprint
from framelens.rules.rule_files import RuleSet
from framelens.statistics.bootstrap import checked_seed
from framelens.statistics.metrics import Figures, figures
from framelens.training.features import RuleColumns, SentenceReader
from framelens.training.fitting import cut_folds
from framelens.training.learned import (
    Learned,
    Progress,
    TrainingData,
    learn_by_search,
    learn_where_rules_lead,
)
from framelens.training.learning_curve import LearningCurve, learning_curve
from framelens.training.saving import save
from framelens.training.stance import fit_stances

if TYPE_CHECKING:
    from framelens.training.comparison import Comparison, HeldOut

MIN_EXAMPLES = 10
"""Fewest sentences with a frame, and without it, from which one can be learned and tested."""


@dataclass(frozen=True, slots=True, repr=False)
class Trained(Tabular):
    """A model, the scikit-learn estimator it was made from, and its cross-validated figures.

    `ablation` holds the same figures for rules alone and for terms alone, `resampled` says by what
    their intervals are; `probabilities` are cross-validated, sentences × frames. `sources` are the
    rule files' texts by name. `comparison`, `held_out`, `curve` and `drawing` (the curve as SVG) are
    None unless they were asked for.
    """

    model: Model
    estimator: Pipeline
    figures: Figures
    ablation: Mapping[str, Figures]
    resampled: str
    probabilities: Floats
    folds: tuple[int, ...]
    sources: Mapping[str, str]
    curve: LearningCurve | None = None
    drawing: str | None = None
    comparison: Comparison | None = None
    held_out: HeldOut | None = None

    def save(self, path: Path | str) -> None:
        """Write the model, the estimator and the model card into a folder."""
        save(self, path)

    def _title(self) -> str:
        return f"Model trained on {counted(len(self.folds), 'sentence')}, cross-validated"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        return figures_table({"rules and terms": self.figures, **self.ablation})


def train(
    sentences: Sequence[LabelledSentence],
    rules: RuleSet,
    *,
    seed: int = 0,
    curve: bool = False,
    fewest: int = MIN_EXAMPLES,
    progress: Progress = lambda _, __: None,
) -> Trained:
    """Train a model; the same sentences, rules, seed and versions give the same model.

    `curve` asks for a learning curve, too. Raise FramelensError where a frame has fewer examples than
    `fewest` and, unless that is 0, where there are fewer documents than folds.
    """
    data = _training_data(sentences, rules, checked_seed(seed), fewest, progress)
    learn = learn_where_rules_lead if rules.scheme.rules_lead else learn_by_search
    learned = learn(data, progress)
    progress("measuring the model", 0.9)
    cross_validated, ablation = _cross_validate(data, learned)
    drawn = None
    if curve:
        progress("learning from fewer sentences", 0.92)
        drawn = learning_curve(data, learned)
    return Trained(
        model=_model(data, learned, cross_validated),
        estimator=learned.estimator,
        figures=cross_validated,
        ablation=ablation,
        resampled=resampled(sentences),
        probabilities=learned.probabilities,
        folds=tuple(data.folds.tolist()),
        sources=dict(rules.sources),
        curve=drawn,
    )


def _model(data: TrainingData, learned: Learned, figures: Figures) -> Model:
    sentences, rules = data.sentences, data.rules
    return Model(
        frames=rules.scheme.names,
        terms=tuple(learned.terms),
        rules=tuple(rule.id for rule in rules.rules),
        rules_digest=rules.digest,
        idf=learned.idf,
        hybrid=learned.hybrid,
        terms_only=learned.terms_only,
        meta=_meta(data, learned, figures),
        about=learned.about,
        stance=fit_stances(sentences, rules),
        letters=tuple(learned.letters),
        normalised=not rules.scheme.rules_lead,
        exclusive=rules.scheme.exclusive,
        none=rules.scheme.none,
    )


def _training_data(
    sentences: Sequence[LabelledSentence],
    rules: RuleSet,
    seed: int,
    fewest: int,
    progress: Progress,
) -> TrainingData:
    if not sentences:
        raise FramelensError("no labelled sentences to train on")
    scheme = rules.scheme
    check_exclusive(sentences, scheme)
    gold = matrix([sentence.labels for sentence in sentences], scheme.names)
    _check_enough(gold, scheme.names, fewest)
    progress(f"finding rules and terms in {counted(len(sentences), 'sentence')}", 0.0)
    reader = SentenceReader.of(rules)
    texts = reader.transform([sentence.text for sentence in sentences])
    progress("cutting folds", 0.1)
    folds = cut_folds(sentences, gold, seed, apart=fewest > 0)
    weights = sentence_weights(sentences)
    return TrainingData(sentences, rules, reader, texts, gold, folds, weights, seed)


def _cross_validate(data: TrainingData, learned: Learned) -> tuple[Figures, dict[str, Figures]]:
    """The cross-validated figures of the model, and those of its rules and its terms alone."""
    scheme, gold = data.rules.scheme, data.gold
    systems = {"rules and terms": decide(learned.probabilities, learned.hybrid.thresholds, scheme)}
    if any(not rule.weak for rule in data.rules.rules):  # weak rules alone give no frame
        columns = RuleColumns.of(data.rules).transform(data.texts)
        hits = columns[:, len(data.rules.rules) :].toarray()
        if scheme.exclusive:  # the frame of most rules, the first of equals
            hits = np.where(hits == hits.max(axis=1, keepdims=True), hits, 0)
            hits[np.cumsum(hits > 0, axis=1) > 1] = 0
        systems["rules alone"] = hits > 0
    systems["terms alone"] = decide(
        learned.terms_probabilities, learned.terms_only.thresholds, scheme
    )
    groups = documents_of(data.sentences)
    results = {
        name: figures(scheme.names, gold, labels, groups=groups, seed=data.seed)
        for name, labels in systems.items()
    }
    return results.pop("rules and terms"), results


def sentence_weights(sentences: Sequence[LabelledSentence]) -> Floats:
    """How much each sentence counts: its field `weight`, by default 1.

    Raise FramelensError for a weight that is no positive number.
    """
    weights = [sentence.meta.get("weight", 1) for sentence in sentences]
    for sentence, weight in zip(sentences, weights, strict=True):
        if isinstance(weight, bool) or not isinstance(weight, (int, float)) or not 0 < weight < 1e6:
            problem = f"the weight of the sentence {sentence.id!r} is {weight!r}"
            raise FramelensError(f"{problem}; expected a positive number")
    return np.array(weights, dtype=np.float64)


def _check_enough(gold: Bools, frames: Sequence[str], fewest: int) -> None:
    few = [
        f"{count} {kind} {frame}"
        for kind, table in (("with", gold), ("without", ~gold))
        for frame, count in zip(frames, table.sum(axis=0), strict=True)
        if count < fewest
    ]
    if few:
        raise FramelensError(
            f"too few sentences of some frames: {', '.join(few)}; expected at least {fewest}: label "
            "more of them, or train without such frames (--skip-rare)"
        )


def _meta(data: TrainingData, learned: Learned, figures: Figures) -> dict[str, Any]:
    sentences = data.sentences
    return {
        "made_with": {
            "framelens": __version__,
            "scikit-learn": sklearn.__version__,
            "spacy": spacy.about.__version__,
            "numpy": np.__version__,
        },
        "seed": data.seed,
        **learned.chosen,
        "corpus_sentences": len(sentences),
        "corpus_digest": digest(sentences),
        "cross_validation": asdict(figures),
        "trained_on": sorted(fingerprint(sentence.text) for sentence in sentences),
    }
