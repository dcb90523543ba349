"""Corrects shares where the model was trained on sentences of the same texts, with models trained out of
fold (cross-prediction-powered inference; Zrnic and Candès, Proceedings of the National Academy of Sciences
121, 2024).

A model errs less on sentences it was trained on, and errors measured there would correct too little.
So each sentence of a document with labels, in the sample or in training, is predicted by a model that was
trained without the document (without the sentence alone, if its document is not known), and every other
sentence by the mean of these models.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from framelens.analysis.corrected.out_of_fold import Folds
from framelens.analysis.corrected.results import Corrected
from framelens.analysis.corrected.shares import correct
from framelens.analysis.corrected.waves import read_wave
from framelens.analysis.stance_labels import items_with_pairs, pairs_of, with_pairs
from framelens.classification.classifier import FrameClassifier
from framelens.core.errors import FramelensError
from framelens.core.types import Classified
from framelens.evaluation.unseen import check_unseen, learned_from, seen_by
from framelens.project.items import Item
from framelens.project.labelled.forms import LabelForm
from framelens.project.labelled.reading import Note, read_many
from framelens.project.labelled.sentence import LabelledSentence, fingerprint
from framelens.project.project import Project
from framelens.project.rare import skipped_labels, without_labels
from framelens.training.train import train

FOLDS = 5
READ_AS = "what a model was trained on is read as --project says"
"""What to do about columns, separators and encodings, as options for these are those of the texts."""


def read_sample(
    paths: Sequence[Path],
    project: Project,
    trained_on: Sequence[Path] = (),
    *,
    form: LabelForm | None = None,
    note: Note = lambda _: None,
    progress: Note = lambda _: None,
) -> tuple[list[list[Item]], Folds]:
    """The samples, one for each file, and the models that predict sentences out of fold.

    `trained_on` are the files that the model was trained on, in the order and the `form` that `train`
    had them. `note` is told what to know of the samples, `progress` what is being done. Raise
    FramelensError where sentences of the sample were trained on and `trained_on` is missing or wrong.
    """
    model = project.classifier.model if project.settings.mode != "rules" else None
    was_seen = bool(trained_on) and model is not None
    waves = [read_wave(path, project, labelled=True, note=note) for path in paths]
    if not was_seen:
        check_unseen(waves, project)
    drawn = [item for wave in waves for item in wave]
    items = [item for item in drawn if item.labels is not None]
    if blank := sum(item.labels is None and not item.is_disputed for item in drawn):
        note(
            f"{blank:,} of the {len(drawn):,} sentences drawn have no labels: they are "
            "taken to be like the others, which holds only if nobody left out sentences of one kind"
        )
    if not was_seen:
        return waves, Folds(seen=dict.fromkeys(seen_by(model)), own=project.classifier)
    form = form or LabelForm(encoding=project.settings.encoding)
    form = replace(form, predictions=True)  # train has asked whether people have read them
    skipped = skipped_labels(project.classifier.rules)
    try:
        whole = read_many(trained_on, (*project.frames, *skipped), form, note=note)
    except FramelensError as error:
        raise FramelensError(f"{error}; {READ_AS}") from None
    return waves, folds_without(items, without_labels(whole, skipped), project, progress=progress)


def correct_by(
    labelled: Sequence[Path],
    rows: Iterable[Classified],
    project: Project,
    *,
    trained_on: Sequence[Path] = (),
    form: LabelForm | None = None,
    stances: bool = False,
    note: Note = lambda _: None,
    progress: Note = lambda _: None,
    **options: Any,
) -> Corrected:
    """Correct the shares of sentences that a project has classified by samples (see `read_sample`).

    With `stances` there are shares of frames treated in one way, too; for the other options see
    `analysis.corrected.shares.correct`. Raise FramelensError as both do, and where the codebook or a
    sentence of the sample has no stances.
    """
    waves, folds = read_sample(
        labelled, project, trained_on, form=form, note=note, progress=progress
    )
    frames, scheme = project.frames, project.scheme
    if stances and folds.classifiers:
        raise FramelensError(
            "the model was trained on sentences of the sample, and models without them tell no "
            "stances; expected a sample that the model has not seen"
        )
    if stances:
        frames, rows = pairs_of(scheme), with_pairs(rows)
        waves = [items_with_pairs(wave, scheme) for wave in waves]
    unit, bare = project.settings.unit, scheme.may_be_none
    return correct(rows, frames, waves, unit=unit, folds=folds, bare=bare, **options)


def folds_without(
    items: Sequence[Item],
    sentences: Sequence[LabelledSentence],
    project: Project,
    *,
    folds: int = FOLDS,
    progress: Note = lambda _: None,
) -> Folds:
    """Train a model for each fold without its sentences: `items` of the sample and training `sentences`.

    Sentences of a known document are in one fold. Raise FramelensError where the project's model was
    not trained on `sentences`.
    """
    model = project.classifier.model
    if model is None:
        raise FramelensError("--trained-on: there is no model that was trained on anything")
    sentences = learned_from(sentences, model)
    drawn = {fingerprint(item.text) for item in items}  # and so have a fold
    alone = (row for row in sentences if row.document or fingerprint(row.text) not in drawn)
    rows: list[Item | LabelledSentence] = [*alone, *items]
    by_id = fold_of(rows, folds)
    by_text = {fingerprint(row.text): by_id[row.id] for row in rows}
    by_document = {row.document: by_id[row.id] for row in rows if row.document is not None}
    if len(by_document) < folds:
        by_document = {}
    classifiers = []
    for fold in range(folds):
        progress(f"training without fold {fold + 1} of {folds}")
        texts_in_fold = {fingerprint(row.text) for row in rows if by_id[row.id] == fold}
        kept = [row for row in sentences if fingerprint(row.text) not in texts_in_fold]
        classifiers.append(_classifier(kept, project, int(model.meta.get("seed", 0))))
    return Folds(classifiers, by_id, by_text, by_document)


def _classifier(
    sentences: Sequence[LabelledSentence], project: Project, seed: int
) -> FrameClassifier:
    classifier, rules = project.classifier, project.classifier.rules
    return FrameClassifier(
        rules,
        # However few examples are left, they are what teaches; no share needs stances.
        replace(train(sentences, rules, seed=seed, fewest=0).model, stance=None),
        tokenizer=classifier.tokenizer,
        mode=project.settings.mode,
        thresholds=dict(project.settings.thresholds),
    )


def fold_of(items: Sequence[Item | LabelledSentence], folds: int) -> dict[str, int]:
    """The fold of each sentence, by id; sentences of a document share one, if there are enough documents."""
    documents = sorted({item.document for item in items if item.document is not None})
    together = len(documents) >= folds
    names = [item.document if together and item.document else item.id for item in items]
    order = np.random.default_rng(0).permutation(len(set(names))).tolist()
    numbers = {name: order[at] % folds for at, name in enumerate(sorted(set(names)))}
    return {item.id: numbers[name] for item, name in zip(items, names, strict=True)}
