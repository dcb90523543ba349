"""Labelled sentences → a model, and the scikit-learn estimator that it was made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import sklearn
import spacy.about
from scipy.sparse import csr_matrix, hstack
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline

from framelens.classification.model import HEADS, Model
from framelens.classification.persistence import META, WEIGHTS
from framelens.core.errors import FramelensError
from framelens.core.files import open_whole, rules_folder
from framelens.core.tables import html_table, text_table
from framelens.core.types import Bools, Floats, Ints
from framelens.core.version import __version__
from framelens.project.labelled import LabelledSentence, digest, fingerprint, read_labelled
from framelens.rules.rule_files import RuleSet, read_rules
from framelens.statistics.bootstrap import checked_seed
from framelens.statistics.metrics import Figures, figures
from framelens.training.carried import carry_rules
from framelens.training.features import (
    TERMS_WHERE_RULES_LEAD,
    RuleColumns,
    ScaledTerms,
    SentenceReader,
    term_vectorizer,
)
from framelens.training.fitting import (
    FOLDS,
    STRENGTHS,
    STRENGTHS_WHERE_RULES_LEAD,
    Fitted,
    calibrated,
    choose_and_fit,
    cut_folds,
)
from framelens.training.model_card import CARD, write_card
from framelens.training.stance import fit_stances
from framelens.training.weights import about_weights, hybrid_weights, term_weights, used_terms

FEWEST = 10
"""Sentences with a frame, and without it, below which nothing can be learned or checked."""
LEAST = 2
ESTIMATOR = "pipeline.joblib"
FILES = (WEIGHTS, META, ESTIMATOR, CARD)
"""What a model folder holds."""
"""Sentences that a term must stand in."""


@dataclass(frozen=True, slots=True, repr=False)
class Trained:
    """A model with the scikit-learn estimator it was made from and its cross-validated figures.

    `ablation` holds the same figures for rules alone and for terms alone; `probabilities` are
    cross-validated, sentences × frames. `sources` are the rule files' texts by name.
    """

    model: Model
    estimator: Pipeline
    figures: Figures
    ablation: Mapping[str, Figures]
    probabilities: Floats
    folds: tuple[int, ...]
    sources: Mapping[str, str]

    def __repr__(self) -> str:
        return f"{self._title()}\n{text_table(*self._table())}"

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return html_table(*self._table(), caption=self._title())

    def save(self, path: Path | str) -> None:
        """Write the model, the estimator and the model card into a folder."""
        save(self, path)

    def _title(self) -> str:
        return f"Model trained on {len(self.folds):,} sentences, cross-validated"

    def _table(self) -> tuple[list[str], list[list[str]]]:
        systems = {"rules and terms": self.figures, **self.ablation}
        return ["system", "macro F1", "95%"], [
            [name, f"{row.macro_f1.value:.3f}", f"{row.macro_f1.low:.3f}–{row.macro_f1.high:.3f}"]
            for name, row in systems.items()
        ]


def train(
    labelled: Path | str | Sequence[LabelledSentence],
    rules: Path | str | RuleSet | None = None,
    *,
    seed: int = 0,
    progress: Callable[[str], None] = lambda _: None,
) -> Trained:
    """Train a model; the same sentences, rules, seed and versions give the same model.

    `labelled` is a file or sentences, `rules` a folder, by default the shipped one. Raise
    FramelensError where a file is not as it should be or a frame has too few examples.
    """
    if not isinstance(rules, RuleSet):
        rules = read_rules(rules_folder(rules, None))
    sentences = labelled
    if isinstance(sentences, (str, Path)):
        sentences = read_labelled(Path(sentences), rules.scheme.names)
    return _train(sentences, rules, seed, progress)


def _train(
    sentences: Sequence[LabelledSentence],
    rules: RuleSet,
    seed: int,
    progress: Callable[[str], None],
) -> Trained:
    checked_seed(seed)
    frames = rules.scheme.names
    if not sentences:
        raise FramelensError("no labelled sentences to train on")
    gold = label_matrix(sentences, frames)
    _check_enough(gold, frames)
    progress(f"finding rules and terms in {len(sentences)} sentences")
    reader, terms, columns = SentenceReader.of(rules), term_vectorizer(LEAST), RuleColumns.of(rules)
    finds = reader.transform([sentence.text for sentence in sentences])
    try:
        term_values, rule_values = terms.fit_transform(finds), columns.transform(finds)
    except ValueError:  # scikit-learn's word for an empty vocabulary
        problem = f"no word stands in {LEAST} of the labelled sentences"
        raise FramelensError(f"{problem}; expected sentences to learn from") from None

    progress(f"cross-validating in {FOLDS} folds, and fitting")
    folds, counts = cut_folds(sentences, gold, seed), sentence_weights(sentences)
    scale = 1.0
    strengths: Sequence[float] = STRENGTHS
    if rules.scheme.rules_lead:
        scale, strengths = TERMS_WHERE_RULES_LEAD, STRENGTHS_WHERE_RULES_LEAD
    features = hstack([scale * term_values, rule_values]).tocsr()
    hybrid = choose_and_fit(features, gold, folds, seed, weights=counts, strengths=strengths)
    missed = [frame.missed for frame in rules.scheme if frame.missed is not None]
    if len(missed) == len(frames):
        strong = rule_values[:, len(rules.rules) :].toarray()
        hybrid = calibrated(hybrid, features, strong, np.array(missed), counts)
    progress("the same without rules")
    terms_only = choose_and_fit(term_values.tocsr(), gold, folds, seed, weights=counts)
    about = _fit_about(sentences, term_values.tocsr(), folds, seed)

    progress("measuring the model")
    by_rules = rule_values[:, len(rules.rules) :].toarray() > 0
    predicted = {
        name: figures(frames, gold, labels, seed=seed)
        for name, labels in (
            ("rules and terms", hybrid.probabilities >= hybrid.thresholds),
            ("rules alone", by_rules),
            ("terms alone", terms_only.probabilities >= terms_only.thresholds),
        )
    }
    cross_validated = predicted.pop("rules and terms")
    names = terms.get_feature_names_out()
    kept = used_terms([hybrid, terms_only, *([about] if about else [])], len(names))
    model = Model(
        frames=frames,
        terms=tuple(names[kept].tolist()),
        rules=tuple(rule.id for rule in rules.rules),
        rules_digest=rules.digest,
        idf=terms.idf_[kept],
        hybrid=hybrid_weights(hybrid, kept, rules, scale, columns.own),
        terms_only=term_weights(terms_only, kept),
        meta=_meta(sentences, (hybrid.strength, terms_only.strength), seed, cross_validated),
        about=about_weights(about, kept) if about else None,
        stance=fit_stances(sentences, rules),
    )
    scaled = make_pipeline(terms, ScaledTerms(scale).fit())
    union = FeatureUnion([("terms", scaled), ("rules", columns)])
    steps = [("sentences", reader), ("features", union), ("frames", hybrid.estimator)]
    return Trained(
        model=model,
        estimator=Pipeline(steps),
        figures=cross_validated,
        ablation=predicted,
        probabilities=hybrid.probabilities,
        folds=tuple(folds.tolist()),
        sources=dict(rules.sources),
    )


def sentence_weights(sentences: Sequence[LabelledSentence]) -> Floats:
    """How much each sentence counts: its field `weight`, by default 1.

    Raise FramelensError for a weight that is no positive number.
    """
    found = [sentence.meta.get("weight", 1) for sentence in sentences]
    for sentence, weight in zip(sentences, found, strict=True):
        if isinstance(weight, bool) or not isinstance(weight, (int, float)) or not 0 < weight < 1e6:
            problem = f"the weight of the sentence {sentence.id!r} is {weight!r}"
            raise FramelensError(f"{problem}; expected a positive number")
    return np.array(found, dtype=np.float64)


def _fit_about(
    sentences: Sequence[LabelledSentence], terms: csr_matrix, folds: Ints, seed: int
) -> Fitted | None:
    """What the terms say of whether a sentence is about the codebook's subject, where all of them
    have a field `about` that tells."""
    told = [sentence.meta.get("about") for sentence in sentences]
    if not all(isinstance(value, bool) for value in told) or len(set(told)) < 2:
        return None
    return choose_and_fit(terms, np.array(told)[:, None], folds, seed)


def save(trained: Trained, path: Path | str) -> None:
    """Write the model, and beside it `pipeline.joblib` with the estimator, the model card, and in
    `rules/` the rules that it was trained with.

    Raise FramelensError where that folder holds rules of another kind.
    """
    folder = Path(path)
    carry_rules(folder, trained.sources)
    trained.model.save(folder)
    write_card(folder, trained.model, {"rules and terms": trained.figures, **trained.ablation})
    with open_whole(folder / ESTIMATOR) as out:
        joblib.dump(trained.estimator, out.buffer, compress=("zlib", 9))


def load_sklearn(path: Path | str, *, trust: bool = False) -> Pipeline:
    """The fitted scikit-learn estimator of a model folder: texts in, probabilities out.

    `pipeline.joblib` is a pickle, and opening a pickle runs whatever its maker put into it: raise
    FramelensError unless `trust` says that you know where the folder comes from.
    """
    file = Path(path) / ESTIMATOR
    if not trust:
        raise FramelensError(
            f"{file}: opening a pickle can run any code in it; pass trust=True only if you made "
            "this model or know who did (classifying needs only weights.npz and meta.json)"
        )
    if not file.is_file():
        raise FramelensError(f"{file}: no such file; `framelens train` writes it")
    estimator: Pipeline = joblib.load(file)
    return estimator


def label_matrix(sentences: Sequence[LabelledSentence], frames: Sequence[str]) -> Bools:
    """Labels as Booleans, sentences × frames."""
    rows = [[frame in sentence.labels for frame in frames] for sentence in sentences]
    return np.array(rows, dtype=bool).reshape(len(rows), len(frames))


def _check_enough(gold: Bools, frames: Sequence[str]) -> None:
    rows = list(zip(frames, gold.T, strict=True))
    few = [
        f"{count} {kind} {frame}"
        for kind, counts in (
            ("with", [(frame, column.sum()) for frame, column in rows]),
            ("without", [(frame, (~column).sum()) for frame, column in rows]),
        )
        for frame, count in counts
        if count < FEWEST
    ]
    if few:
        raise FramelensError(
            f"too few sentences of some frames: {', '.join(few)}; expected at least {FEWEST}: label "
            "more of them, or train without such frames (--skip-rare)"
        )


def _meta(
    sentences: Sequence[LabelledSentence],
    strengths: tuple[float, float],
    seed: int,
    found: Figures,
) -> dict[str, Any]:
    return {
        "made_with": {
            "framelens": __version__,
            "scikit-learn": sklearn.__version__,
            "spacy": spacy.about.__version__,
            "numpy": np.__version__,
        },
        "seed": seed,
        "strengths": dict(zip(HEADS, strengths, strict=True)),
        "corpus_sentences": len(sentences),
        "corpus_digest": digest(sentences),
        "cross_validation": asdict(found),
        "trained_on": sorted(fingerprint(sentence.text) for sentence in sentences),
    }
