"""The sentences that a model was trained on, which must not be among those it is measured on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from framelens.classification.model import Model
from framelens.core.errors import FramelensError
from framelens.core.files import data_path, model_folder, rules_folder
from framelens.evaluation.trial import trained_on
from framelens.project.items import Item
from framelens.project.labelled.forms import LabelForm
from framelens.project.labelled.reading import read_many
from framelens.project.labelled.sentence import LabelledSentence, digest, fingerprint
from framelens.project.project import Project
from framelens.project.rare import skipped_labels, without_labels
from framelens.rules.rule_files import RuleSet, read_rules


def is_of_shipped_sentences(corpus_digest: object) -> bool:
    """Whether the digest of what a model learned from is that of the shipped training sentences."""
    meta = json.loads(data_path("models/default/meta.json").read_text(encoding="utf-8"))
    return bool(corpus_digest == meta["corpus_digest"])


def seen_by(model: Model | None) -> frozenset[str]:
    """The fingerprints of the sentences whose labels a model knows that people may have drawn to correct it.

    There are none where it learned from the shipped sentences alone, which were there before any
    sample: that some texts hold a few of them, as `The meeting rose at 1 p.m.`, favours no sample.
    """
    if model is None or is_of_shipped_sentences(model.meta.get("corpus_digest")):
        return frozenset()
    return trained_on(model)


def check_unseen(waves: Sequence[Sequence[Item]], project: Project) -> None:
    """Raise FramelensError where a project's model was trained on sentences that are to correct it."""
    if project.settings.mode == "rules":
        return
    folder = model_folder(project.settings.model)
    known = seen_by(Model.load(folder))
    if seen := sum(fingerprint(item.text) in known for wave in waves for item in wave):
        raise FramelensError(
            f"{folder}: trained on {seen} of the labelled sentences, on which it errs less than "
            "elsewhere; name all files that it was trained on (--trained-on), so that models that have "
            "not seen a sentence predict it, or take another model"
        )


def read_training(
    paths: Sequence[Path],
    model: Path | str | None,
    rules: Path | str | None,
    form: LabelForm | None = None,
) -> tuple[list[LabelledSentence], RuleSet]:
    """The sentences of files that a model, by default the shipped one, learned from, without those held
    out of its training; and its rules.

    Raise FramelensError where the model was trained on others.
    """
    compiled = read_rules(rules_folder(rules, model))
    skipped = skipped_labels(compiled)
    whole = read_many(paths, (*compiled.scheme.names, *skipped), form)
    return learned_from(without_labels(whole, skipped), Model.load(model_folder(model))), compiled


def learned_from(sentences: Sequence[LabelledSentence], model: Model) -> list[LabelledSentence]:
    """Those of the sentences that a model learned from.

    Raise FramelensError where it learned from others, too.
    """
    known = trained_on(model)
    kept = [row for row in sentences if fingerprint(row.text) in known]
    if model.meta.get("corpus_digest") != digest(kept):
        raise FramelensError(
            "--trained-on: the model was trained on other sentences; expected the files that "
            "framelens train was given, as they were then, in the same order"
        )
    return kept
