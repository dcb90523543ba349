"""The library: what `import framelens` offers, which is all that the command line can do.

Folders of models and rules are by default the shipped ones; a model brings the rules that it was
trained with. Whatever a caller can mend is raised as FramelensError; what the command line tells of
an input is given as a warning. A parameter that they name without its function may be a field of `tables`
or `form`.

Labelled: labelled sentences, which are a file, LabelledSentence objects, dicts with `text` and
    `labels`, or a table of pandas, polars or pyarrow with these columns. Other columns, and all that is
    to be said of tables, are told by a `framelens.LabelForm` (`form`) and, of texts,
    `framelens.Tables` (`tables`).
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from itertools import chain, groupby
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack, get_args, overload

from framelens.core.checks import (
    of_fields,
    of_kind,
    one_of,
    place,
    places,
    probabilities,
    probability,
    whole,
    yes_or_no,
)
from framelens.core.checks import several as stream_of
from framelens.core.checks import texts as list_of_texts
from framelens.core.errors import FramelensError, in_python, one_line
from framelens.core.files import (
    PAGES,
    check_apart,
    check_format,
    check_writable,
    files_of,
    format_of,
)
from framelens.core.settings import (
    ENGLISH,
    FORMAT_ENDS,
    Format,
    Mode,
    Settings,
    Tables,
    Tool,
    check_languages,
)
from framelens.core.types import (
    DOCUMENT,
    KINDS,
    MOST_GROUPS,
    Classified,
    Detail,
    Kind,
    Passage,
    SentenceFrames,
    Unit,
)
from framelens.project.project import Project
from framelens.project.relevance import Relevant
from framelens.project.repeats import Repeats
from framelens.writers.records import record

if TYPE_CHECKING:
    from spacy.language import Language

    from framelens.analysis.corrected.results import Corrected
    from framelens.analysis.summary import Summary
    from framelens.classification.explanation import Explanation
    from framelens.classification.model import Model
    from framelens.core.codebook import Scheme
    from framelens.evaluation.assessment import Assessment
    from framelens.evaluation.evaluate import Evaluation
    from framelens.project.adjudication import Merged
    from framelens.project.folder import Codebook
    from framelens.project.items import Item
    from framelens.project.labelled.forms import LabelForm
    from framelens.project.labelled.sentence import LabelledSentence
    from framelens.project.sampling import Draw
    from framelens.rules.examples import FailedExample
    from framelens.rules.lint import Finding
    from framelens.statistics.corrected import Target
    from framelens.training.train import Trained

__all__ = [
    "assess", "check_rules", "classify", "classify_files", "classify_rows", "correct", "evaluate",
    "explain", "export_sample", "import_labels", "lint_rules", "load", "load_model", "load_sklearn",
    "merge_coders", "new_codebook", "report", "sample", "summarize", "train",
]  # fmt: skip


class Deciding(TypedDict, total=False):
    """How frames are decided on.

    `model` and `rules` are folders: by default the shipped ones, and a model brings the rules that
    it was trained with. `mode` is "hybrid", "rules" or "model": rules and model together, rules
    alone, or the model's terms alone; `thresholds` are probabilities by frame, in place of the
    model's. `unit="sentence"` takes each text, line or record as one sentence, unsplit.
    """

    unit: Unit
    model: Path | str | None
    rules: Path | str | None
    mode: Mode
    thresholds: Mapping[str, float] | None


class Options(Deciding, total=False):
    """How files are read and classified, for all functions that take files.

    `encoding` is that of text; `tables` says how tables are read, and which fields come from paths
    and from a table of metadata; `skip_bad` passes over bad files and records, which are an error
    otherwise. `main_text` leaves out page furniture. `only` are the kinds of sentences to take (see
    `framelens.core.types.KINDS`; none for all), `min_words` the fewest words of one, `languages`
    those of documents (none for all). With `about` only sentences count that name one of these
    words, or stand beside one that does, with `min_about` only those that are about the codebook's
    subject with this probability, from 0 to 1, where the model tells it.
    """

    encoding: str
    tables: Tables | None
    skip_bad: bool
    main_text: bool
    only: Sequence[Kind]
    min_words: int
    languages: Sequence[str]
    about: Sequence[str]
    min_about: float


class GroupOptions(Options, total=False):
    """How sentences are grouped where shares are counted, beside how files are read.

    Fields are crossed with `over`, a field or `year`, `quarter`, `month` or `day` of the date; `top`
    values of each have groups of their own (30 if not given, None: all), in the order of `sort`;
    `cluster` is the field within which sentences are taken to be alike, by default the document.
    """

    over: str | None
    top: int | None
    sort: Literal["size", "name", "share"]
    cluster: str


def classify(
    texts: Iterable[str], *, evidence: Detail = True, **options: Unpack[Deciding]
) -> Iterator[list[SentenceFrames]]:
    """Classify texts as they come: for each, the list of its sentences with their frames.

    Offsets are characters of the text; for the options see `Deciding`. `evidence=False` leaves the
    evidence out and `evidence="labels"` gives that for and against the frames given, which is
    faster. Raise FramelensError where a folder is missing or damaged, before the first text is
    taken, and for what is no text.
    """
    _check_names(options, Deciding)
    stream = stream_of("texts", texts, "a list or another stream of texts")
    return _by_text(stream, Project.open(_settings(evidence, **options)))


def classify_rows(texts: Iterable[str], **options: Unpack[Deciding]) -> list[dict[str, Any]]:
    """Classify texts into rows ready for `pandas.DataFrame`, one a sentence.

    A row has `text_index` (the number of its text, from 0), `index` (of the sentence in it),
    `start`, `end`, `text`, `labels` (a list), `primary`, and for each frame its name with a Boolean
    and `p_NAME` with its probability. For the options see `Deciding`.
    """
    _check_names(options, Deciding)
    rows: list[dict[str, Any]] = []
    for number, sentences in enumerate(classify(texts, evidence=False, **options)):
        for index, frames in enumerate(sentences):
            rows.append(
                {
                    "text_index": number,
                    "index": index,
                    "start": frames.start,
                    "end": frames.end,
                    "text": frames.text,
                    "labels": list(frames.labels),
                    "primary": frames.primary,
                    **{frame: frame in frames.labels for frame in frames.scores},
                    **{f"p_{frame}": value for frame, value in frames.scores.items()},
                }
            )
    return rows


@overload
def classify_files(
    paths: Path | str | Sequence[Path | str],
    output: None = None,
    *,
    form: Format | None = ...,
    evidence: Detail = ...,
    jobs: int = ...,
    resume: bool = ...,
    **options: Unpack[Options],
) -> Iterator[dict[str, Any]]: ...


@overload
def classify_files(
    paths: Path | str | Sequence[Path | str],
    output: Path | str,
    *,
    form: Format | None = ...,
    evidence: Detail = ...,
    jobs: int = ...,
    resume: bool = ...,
    **options: Unpack[Options],
) -> None: ...


def classify_files(
    paths: Path | str | Sequence[Path | str],
    output: Path | str | None = None,
    *,
    form: Format | None = None,
    evidence: Detail = "labels",
    jobs: int = 1,
    resume: bool = False,
    **options: Unpack[Options],
) -> Iterator[dict[str, Any]] | None:
    """Classify files, folders, patterns: write `output`, or without one give records as they come.

    A record has the fields of a line of JSON (see `framelens.writers.records`). `form`, `jobs` and
    `resume` belong to a file that is written: its format (by default by its name, else jsonl), how
    many processes work on it, and whether a run that was ended goes on. For the options see `Options`;
    with `about` every sentence is kept and has a field that says whether it counts.
    """
    form = None if form is None else one_of("form", form, get_args(Format))
    written = None if output is None else place("output", output)
    form = format_of(form, written, FORMAT_ENDS)
    settings = replace(_settings(evidence, **options), form=form)
    read, jobs, resume = _places(paths), whole("jobs", jobs, 1), yes_or_no("resume", resume)
    if written is None:
        return _records(read, settings)
    from framelens.parallel.run import classify_to_file
    from framelens.readers import skipped_messages

    outcome = classify_to_file(read, settings, written, jobs=jobs, resume=resume)
    for note in (*skipped_messages(read), *outcome.notes):
        _warn(note)
    return None


def explain(found: SentenceFrames) -> Explanation:
    """Explain the decisions on a sentence that was classified with all its evidence."""
    from framelens.classification.explanation import explain as explained

    if not isinstance(found, SentenceFrames):
        raise FramelensError(f"{type(found).__name__} given; expected a SentenceFrames")
    return explained(found)


def load(
    *,
    model: Path | str | None = None,
    rules: Path | str | None = None,
    mode: Mode = "hybrid",
    thresholds: Mapping[str, float] | None = None,
) -> Language:
    """A ready spaCy pipeline: English tokens, sentence boundaries, frames at `sent._.frames`.

    For the parameters see `Deciding`. Raise FramelensError where a folder is missing or damaged, or where
    the model was trained with other rules.
    """
    import spacy

    from framelens.classification.component import FrameTagger

    config = {
        "mode": one_of("mode", mode, get_args(Mode)),
        "model": None if model is None else str(place("model", model)),
        "rules": None if rules is None else str(place("rules", rules)),
        "thresholds": {} if thresholds is None else probabilities("thresholds", thresholds),
    }
    nlp = spacy.blank("en")
    nlp.add_pipe("framelens_sentences")
    tagger = nlp.add_pipe("framelens", config=config)
    assert isinstance(tagger, FrameTagger)
    assert tagger.classifier  # rules and model are read now
    return nlp


def load_model(folder: Path | str) -> Model:
    """Read a trained model; raise FramelensError where the folder is none or is damaged."""
    from framelens.classification.model import Model

    return Model.load(place("folder", folder))


def load_sklearn(path: Path | str, *, trust: bool = False) -> Any:
    """The fitted scikit-learn estimator of a model folder: texts in, probabilities out.

    `pipeline.joblib` is a pickle, and opening a pickle runs whatever its maker put into it: raise
    FramelensError unless `trust` says that you know where the folder comes from.
    """
    from framelens.training.saving import load_sklearn as loaded

    return loaded(place("path", path), trust=yes_or_no("trust", trust))


def new_codebook(
    folder: Path | str,
    labelled: Path | str | Sequence[Path | str] = (),
    *,
    labels: Sequence[str] = (),
    title: str | None = None,
    form: LabelForm | None = None,
    holdout: float | None = None,
    seed: int = 0,
    progress: Callable[[str], None] = lambda _: None,
) -> Codebook:
    """Write a codebook's folder: a scheme of labels, a file of rules a label, a page to fill in.

    The labels are `labels`, and those of the `labelled` files, which are read as `form` says; from
    these come weak rules, too: the words that speak most for each label, which no model knows of until
    you have confirmed them. They come from all sentences but for the share `holdout`, which `train`
    holds out with the same share and `seed`. `progress` is told what is
    done, and what should be known of the labels. Raise FramelensError where the folder is a project
    already, or a label has a name that none can have.
    """
    from framelens.analysis.cues import codebook_of
    from framelens.project.folder import check_new, write_codebook
    from framelens.statistics.bootstrap import checked_seed

    folder = place("folder", folder)
    if holdout is not None:
        probability("holdout", holdout)
        if not places("labelled", labelled):
            raise FramelensError("a share to hold out goes with labelled sentences, given by files")
    if title is not None:
        of_kind("title", title, str, "a text")
    form = _label_form("form", form)
    check_new(folder)
    codebook = codebook_of(
        title or Path(realpath(folder)).name,
        places("labelled", labelled),
        labels=list_of_texts("labels", labels),
        form=form,
        holdout=holdout,
        seed=checked_seed(seed),
        progress=_callback(progress),
    )
    write_codebook(folder, codebook)
    return codebook


class Training(TypedDict, total=False):
    """How a model is trained, and what is measured of it.

    `form` says how files of labelled sentences are read, by default with columns `text` and `labels`;
    `skip_rare` trains without the labels that too few sentences have; `allow_conflicts` takes texts
    that are labelled in different ways. `test` are labelled sentences to test on, read by the usual
    columns where those of `form` are not there, or `holdout` is the share of the sentences to hold out
    of training for that; `learning_curve` learns from fewer of them, too. `baselines` says whether the
    model is compared with others.
    """

    form: LabelForm | None
    skip_rare: bool
    allow_conflicts: bool
    test: Any
    holdout: float | None
    learning_curve: bool
    baselines: bool
    seed: int
    progress: Callable[[str, float], None]


def train(labelled: Any, rules: Path | str | None = None, **options: Unpack[Training]) -> Trained:
    """Train a model on labelled sentences (see `Labelled`); `Trained.save` writes it to a folder.

    For the options see `Training`; what they ask to measure stands in `Trained.comparison`,
    `Trained.held_out` and `Trained.curve`.

    The same sentences, rules, seed and versions give the same model. Raise FramelensError where a
    sentence is not as it should be, a text is labelled in different ways (unless `allow_conflicts`),
    or a frame has too few examples.
    """
    from framelens.report.learning_curve import with_drawing
    from framelens.rules.rule_files import read_rules
    from framelens.training.course import Course, follow

    given: dict[str, Any] = dict(options)
    _check_names(given, Training)
    compiled = read_rules(_rules(rules))
    form, test = _label_form("form", given.pop("form", None)), given.pop("test", None)
    if (holdout := given.get("holdout")) is not None:
        probability("holdout", holdout)
    progress = _callback(given.pop("progress", lambda _, __: None))
    for name in ("skip_rare", "allow_conflicts", "learning_curve", "baselines"):
        if name in given:
            yes_or_no(name, given[name])
    given["compared"] = given.pop("baselines", True)
    given["curve"] = given.pop("learning_curve", False)
    if test is not None:
        elsewhere = form and replace(form, of_others=True, group_if_there=True)
        given["test"] = _labelled(test, compiled.scheme.names, elsewhere)
        if isinstance(test, (str, Path)):
            given["test_name"] = Path(test).name
    sentences = _labelled(labelled, compiled.scheme.names, form)
    trained = follow(Course(**given), sentences, compiled, progress=progress, note=_warn)
    return with_drawing(trained)


class Evaluating(TypedDict, total=False):
    """How framelens is measured.

    `model` and `rules` are folders, `modes` those to measure. `by` names fields of the sentences to
    give figures by; `coders` are labelled files, one a coder, whose agreement with framelens and with
    each other is measured. A model that was trained on some of the sentences is refused, unless
    `allow_overlap`, or `leave_out_overlap`, which passes them over, and near-duplicates of what it was
    trained on, if `trained_on` names these files, in the order that `train` had. TF-IDF with logistic
    regression learns from them, too, where the codebook is not the shipped one.
    """

    model: Path | str | None
    rules: Path | str | None
    modes: Sequence[Mode]
    allow_overlap: bool
    leave_out_overlap: bool
    trained_on: Path | str | Sequence[Path | str]
    by: Sequence[str]
    coders: Path | str | Sequence[Path | str]
    seed: int
    form: LabelForm | None


def evaluate(
    labelled: Any = None, *, baselines: bool = True, **options: Unpack[Evaluating]
) -> Evaluation:
    """Measure framelens on labelled sentences (see `Labelled`), by default the evaluation set.

    `baselines` says whether other systems are measured, too; for the options see `Evaluating`. Raise
    FramelensError where the model was trained on some of the sentences, unless an option says what
    to do about it.
    """
    from framelens.evaluation.evaluate import evaluate as evaluated

    sentences, asked = _measuring(labelled, options)
    return evaluated(sentences, baselines=yes_or_no("baselines", baselines), **asked)


def assess(
    labelled: Any = None, output: Path | str | None = None, **options: Unpack[Evaluating]
) -> Assessment:
    """Measure as `evaluate` does, with all that a reliability report shows; `output` writes one."""
    from framelens.evaluation.assessment import assess as assessed

    given = [Path(labelled)] if isinstance(labelled, (str, Path)) else []
    coders = places("coders", options.get("coders", ()))
    learned_from = places("trained_on", options.get("trained_on", ()))
    written = None if output is None else place("output", output)
    beside = files_of(options.get("model"), options.get("rules"))
    check_apart([written], chain(given, coders, learned_from, beside))
    if written is not None:
        check_format(written, PAGES)
    sentences, asked = _measuring(labelled, options)
    assessment = assessed(sentences, **asked)
    if written is not None:
        from framelens.report.reliability import write_reliability_report

        write_reliability_report(assessment, written)
    return assessment


def _measuring(labelled: Any, options: Evaluating) -> tuple[Any, dict[str, Any]]:
    """Labelled sentences and checked options, as `framelens.evaluation` takes them."""
    given: dict[str, Any] = {**options, "note": _warn}
    _check_names(given.keys() - {"note"}, Evaluating)
    for name, check in _CHECKS_OF_EVALUATION.items():
        if given.get(name, ()) is None:
            del given[name]
        elif name in given:
            given[name] = check(name, given[name])
    model, rules, form = (given.get(name) for name in ("model", "rules", "form"))
    sentences = _given(labelled, rules, model, form)
    learned_from, near = given.pop("trained_on", ()), given.get("leave_out_overlap", False)
    if not learned_from and not near:
        return sentences, given
    from framelens.training.comparison import background  # scikit-learn takes its time

    return sentences, {
        **given,
        **background(places("trained_on", learned_from), model, rules, form, near=near),
    }


def summarize(
    paths: Path | str | Sequence[Path | str],
    *,
    by: Sequence[str] = (),
    stances: bool = False,
    **options: Unpack[GroupOptions],
) -> Summary:
    """The share of sentences that carry each frame, with 95% intervals, and by the fields in `by`.

    With `stances` the sentences with each frame are split by how they treat it, too.

    What framelens wrote is not classified again: JSON Lines, CSV and Parquet with its columns. For
    the options see `GroupOptions` and `Options`; only prose of documents in English is counted,
    unless they say otherwise.
    """
    from framelens.analysis.summary import summarize as summarized

    grouping, rest = _apart(options)
    project = _counting(False, rest)
    return summarized(
        _relevant_rows(paths, project),
        project.frames,
        by=list_of_texts("by", by),
        **grouping,
        stances=project.scheme.stances if yes_or_no("stances", stances) else None,
    )


def sample(
    paths: Path | str | Sequence[Path | str],
    n: int = 200,
    *,
    output: Path | str | None = None,
    by: str | None = None,
    draw: Draw = "random",
    blind: bool = False,
    avoid: Sequence[Path | str] = (),
    seed: int = 0,
    **options: Unpack[Options],
) -> list[Item]:
    """Draw sentences to label, each with its probability to be drawn; `output` writes them.

    `by` draws as many of each value of a field; `draw="unsure"` draws more often where scores are
    near a threshold, rules decide otherwise than rules and model together, or a frame is given.
    `avoid` are files of earlier waves by the same design. `blind` leaves out what framelens gives.
    The same texts and seed give the same sentences. They are drawn from those that `summarize` counts
    with the same options. Raise FramelensError where there are fewer than `n`.
    """
    from framelens.analysis.corrected.drawing import draw_sample
    from framelens.project.items import check_named, check_unlabelled, write_items

    paths, earlier = _places(paths), places("avoid", avoid)
    written = None if output is None else place("output", output)
    if written is not None:
        check_named(written)
        check_writable(written)
        _check_apart(written, paths, earlier, options)
        check_unlabelled(written)
    project = _counting(False, options)
    items = draw_sample(
        _relevant_rows(paths, project, written),
        project,
        n,
        by=None if by is None else of_kind("by", by, str, "the name of a field"),
        draw=one_of("draw", draw, ("random", "unsure")),
        blind=yes_or_no("blind", blind),
        avoid=earlier,
        seed=seed,
        note=_warn,
    )
    if written is not None:
        write_items(items, written)
    return items


def export_sample(
    drawn: Path | str, output: Path | str, to: Tool, *, rules: Path | str | None = None
) -> list[Item]:
    """Write a file that `sample` wrote for a tool that people label with, and return its sentences.

    `to` is "label-studio", "doccano", "prodigy", "csv" or "xlsx". Ids, places and probabilities go
    with the sentences. Raise FramelensError where `drawn` is no such file, or `output` is named as
    another format, or is a table in which people have labelled what `drawn` leaves blank.
    """
    from framelens.project.exchange import TOOLS, export_items
    from framelens.project.items import check_unlabelled, read_items

    source, written, to = place("drawn", drawn), place("output", output), one_of("to", to, [*TOOLS])
    scheme = _scheme(rules)
    check_apart([written], [source, *files_of(None, rules)])
    items = read_items(source, scheme.names)
    if to in ("csv", "xlsx") and all(item.labels is None for item in items):
        check_unlabelled(written)
    export_items(items, scheme, written, to)
    return items


def import_labels(
    saved: Path | str,
    tool: Tool,
    output: Path | str | None = None,
    *,
    coder: str = "",
    rules: Path | str | None = None,
    encoding: str = "utf-8",
) -> list[Item]:
    """Read what coders have labelled in a tool (see `export_sample`); `output` writes it, for
    `merge_coders` and `correct`.

    `coder` is who labelled, where the file doesn't say, or the one whose labels are taken where several
    people have labelled the same sentences; `encoding` is that of a table that is not UTF-8. Raise
    FramelensError where the file is not as the tool saves it, or a label is none of the codebook's.
    """
    from framelens.project.exchange import TOOLS, import_items
    from framelens.project.items import check_labels, check_named, write_items

    source, tool = place("saved", saved), one_of("tool", tool, [*TOOLS])
    written = None if output is None else place("output", output)
    scheme = _scheme(rules)
    if written is not None:
        check_named(written)
        check_apart([written], [source, *files_of(None, rules)])
    coder = of_kind("coder", coder, str, "a name")
    encoding = of_kind("encoding", encoding, str, "the name of one")
    items = import_items(source, scheme.names, tool, coder=coder, encoding=encoding)
    check_labels(items, scheme, source)
    if written is not None:
        write_items(items, written)
    return items


def merge_coders(
    coded: Path | str | Sequence[Path | str],
    output: Path | str | None = None,
    *,
    disagreements: Path | str | None = None,
    adjudicated: Path | str | None = None,
    rules: Path | str | None = None,
    encoding: str = "utf-8",
) -> Merged:
    """Make gold of coders' labels: of each frame what most say, and what was settled.

    `coded` are files of one sample, one a coder; `output` writes the gold, `disagreements` the
    sentences to settle, and `adjudicated` is that file with its labels filled in, which decide.
    Sentences on which a frame is tied have no labels until they are settled. Raise FramelensError
    where files are of different samples, or one to write holds labels already.
    """
    from framelens.project.adjudication import merge_files

    files = {"disagreements": disagreements, "adjudicated": adjudicated, "output": output}
    checked = {name: None if it is None else place(name, it) for name, it in files.items()}
    encoding = of_kind("encoding", encoding, str, "the name of one")
    check_apart([checked["output"], checked["disagreements"]], files_of(None, rules))
    return merge_files(places("coded", coded), _scheme(rules), **checked, encoding=encoding)


def correct(
    paths: Path | str | Sequence[Path | str],
    labelled: Path | str | Sequence[Path | str],
    *,
    by: Sequence[str] = (),
    over: str | None = None,
    cluster: str = DOCUMENT,
    target: Target = "documents",
    trained_on: Sequence[Path | str] = (),
    form: LabelForm | None = None,
    stances: bool = False,
    **options: Unpack[Options],
) -> Corrected:
    """Shares of frames corrected for errors of classification, with 95% intervals; `rows`, `methods` and
    `outlook` of `framelens.analysis.corrected.tables` make a table for pandas of them, and words.

    `labelled` are files of sentences that `sample` drew from the same texts and coders labelled,
    one file a wave. `by` are fields to give shares by, `over` one with dates, `cluster` the one within
    which sentences are taken to be alike. `target` says what the shares are of: "documents" like these,
    or these "texts" alone. With `stances` there are shares of frames treated in one way, too, if the
    sentences have `stances`. `trained_on` are the files that the model was trained on, if it has seen
    sentences of the texts, read as `form` says: models without them are then trained to predict them,
    which takes as long as training five times. The options are as in `summarize`, and as they were in
    `sample`. Raise FramelensError where the sentences were not drawn with known probabilities, or the
    model was trained on them and nothing says on what.
    """
    from framelens.analysis.corrected.tables import warnings as warnings_on
    from framelens.training.out_of_fold import correct_by

    project = _counting(False, options)
    corrected = correct_by(
        places("labelled", labelled),
        _relevant_rows(paths, project),
        project,
        trained_on=places("trained_on", trained_on),
        form=_label_form("form", form),
        stances=yes_or_no("stances", stances),
        note=_warn,
        by=list_of_texts("by", by),
        over=None if over is None else of_kind("over", over, str, "the name of a field"),
        cluster=of_kind("cluster", cluster, str, "the name of a field"),
        target=one_of("target", target, ("documents", "texts")),
    )
    for note in warnings_on(corrected):
        _warn(note)
    return corrected


def report(
    paths: Path | str | Sequence[Path | str],
    output: Path | str,
    *,
    title: str | None = None,
    by: Sequence[str] | None = None,
    compare: Sequence[str] = (),
    labelled: Path | str | Sequence[Path | str] = (),
    target: Target = "documents",
    trained_on: Sequence[Path | str] = (),
    form: LabelForm | None = None,
    **options: Unpack[GroupOptions],
) -> None:
    """Write a page on which to read and compare texts with their frames.

    What framelens wrote is not classified again: JSON Lines, CSV and Parquet with its columns.
    `by` are fields to compare groups by, `compare` names of documents to lay side by side;
    `labelled` are samples that correct shares, and `target` what of, `trained_on` and `form` as in
    `correct`; the options are as in `summarize`.
    """
    from framelens.analysis.corrected.shares import Corrector
    from framelens.report.corpus.findings import Grouping
    from framelens.report.corpus.methods import Coverage
    from framelens.report.corpus.page import write_documents_report
    from framelens.training.out_of_fold import read_sample

    paths, written = _places(paths), place("output", output)
    samples = places("labelled", labelled)
    if not samples and (trained_on or target != "documents"):
        raise FramelensError("target and trained_on go with a sample to correct by, labelled")
    if title is not None:
        of_kind("title", title, str, "a text")
    grouping, rest = _apart(options)
    _check_apart(written, paths, [*samples, *places("trained_on", trained_on)], rest)
    check_format(written, PAGES)
    project = _counting(True, rest)
    rows, relevant, corrector = _read(paths, project, written), _relevant(project), None
    if samples:
        target = one_of("target", target, ("documents", "texts"))
        form, learned_from = _label_form("form", form), places("trained_on", trained_on)
        waves, folds = read_sample(samples, project, learned_from, form=form, note=_warn)
        corrector = Corrector(
            project.frames,
            waves,
            cluster=grouping["cluster"],
            target=target,
            unit=project.settings.unit,
            folds=folds,
            bare=project.scheme.may_be_none,
        )
    write_documents_report(
        rows,
        project.classifier,
        written,
        title=title,
        compare=list_of_texts("compare", compare),
        grouping=Grouping(by=None if by is None else list_of_texts("by", by), **grouping),
        coverage=Coverage(relevant, project.left_out, project.recorded),
        corrector=corrector,
    )
    if relevant.chooses:
        _warn(relevant.message())


def lint_rules(folder: Path | str | None = None) -> tuple[Finding, ...]:
    """The errors and likely slips in a folder of rules."""
    from framelens.preprocessing.tokenizer import english_tokenizer
    from framelens.rules.lint import lint

    return lint(_rules(folder), english_tokenizer())


def check_rules(folder: Path | str | None = None) -> list[FailedExample]:
    """The examples of rules and exclusions that fail."""
    from framelens.preprocessing.tokenizer import english_tokenizer
    from framelens.rules.examples import failed_examples
    from framelens.rules.rule_files import read_rules

    rules = read_rules(_rules(folder))
    return list(failed_examples(rules, english_tokenizer()))


def _rules(folder: Path | str | None) -> Path:
    from framelens.core.files import rules_folder

    return rules_folder(None if folder is None else place("rules", folder), None)


def _scheme(rules: Path | str | None) -> Scheme:
    from framelens.rules.rule_files import read_rules

    return read_rules(_rules(rules)).scheme


def _settings(evidence: Detail, /, **options: Unpack[Options]) -> Settings:
    """The options of a caller as settings, all of them checked."""
    given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    _check_names(given, Deciding, Options)
    for name, check in _CHECKS.items():
        if name in given:
            given[name] = check(name, given[name])
    check_languages(given.get("languages", ()))
    return Settings(evidence=one_of("evidence", evidence, (True, False, "labels")), **given)


def _check_names(given: Iterable[str], *options: Any) -> None:
    """Raise FramelensError for a name that is none of those of some TypedDicts of options."""
    known = dict.fromkeys(name for kind in options for name in kind.__annotations__)
    if unknown := set(given) - known.keys():
        from framelens.project.labelled.forms import LabelForm

        name, expected = min(unknown), f"one of {', '.join(known)}"
        for holder, kind in (("tables", Tables), ("form", LabelForm)):
            if holder in known and name in {one.name for one in fields(kind)}:
                expected = f"{holder}=framelens.{kind.__name__}({name}=...)"
        raise FramelensError(f"{name!r} is no option; expected {expected}")


def _check_apart(
    output: Path, paths: Sequence[Path], others: Sequence[Path], options: Options
) -> None:
    """Raise FramelensError where the output is one of the files that are read."""
    from framelens.parallel.stream import read_beside
    from framelens.readers import find

    sources = find(paths, skip_bad=True)
    beside = read_beside(_settings(False, **options))
    check_apart([output], [*(source.path for source in sources), *others, *beside])


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "unit": lambda name, value: one_of(name, value, get_args(Unit)),
    "model": lambda name, value: str(place(name, value)),
    "rules": lambda name, value: str(place(name, value)),
    "mode": lambda name, value: one_of(name, value, get_args(Mode)),
    "thresholds": lambda name, value: tuple(probabilities(name, value).items()),
    "encoding": lambda name, value: of_kind(name, value, str, "the name of one"),
    "skip_bad": yes_or_no,
    "main_text": yes_or_no,
    "tables": lambda name, value: _tables(name, value),
    "only": lambda name, value: tuple(
        one_of(name, kind, KINDS) for kind in list_of_texts(name, value)
    ),
    "min_words": lambda name, value: whole(name, value, 0),
    "languages": list_of_texts,
    "about": list_of_texts,
    "min_about": probability,
}
"""The check of each option, which gives the value that the settings take."""


def _counting(evidence: Detail, options: Options) -> Project:
    """The project for shares, which takes prose of documents in English unless the options say
    otherwise."""
    chosen: Options = {"only": ("prose",), "languages": (ENGLISH,)}
    chosen.update(options)
    return Project.open(_settings(evidence, **chosen))


def _apart(options: GroupOptions) -> tuple[dict[str, Any], Options]:
    """The options of grouping, with defaults, and the other options."""
    usual: dict[str, Any] = {"over": None, "top": MOST_GROUPS, "sort": "size", "cluster": DOCUMENT}
    grouping = {name: options.get(name, value) for name, value in usual.items()}
    one_of("sort", grouping["sort"], ("size", "name", "share"))
    for name in ("over", "cluster"):
        if grouping[name] is not None:
            of_kind(name, grouping[name], str, "the name of a field")
    if grouping["top"] is not None:
        grouping["top"] = whole("top", grouping["top"], 1)
    rest: Any = {name: value for name, value in options.items() if name not in usual}
    return grouping, rest


def _tables(name: str, value: Any) -> Tables:
    tables: Tables = of_kind(name, value, Tables, "framelens.Tables")
    if tables.metadata is not None:
        tables = replace(tables, metadata=str(place(f"{name}: metadata", tables.metadata)))
    return of_fields(name, tables)


def _label_form(name: str, value: Any) -> Any:
    """A LabelForm that was checked, or None."""
    if value is None:
        return None
    from framelens.project.labelled.forms import LabelForm

    form = of_fields(name, of_kind(name, value, LabelForm, "a framelens.LabelForm"))
    if not form.separator:
        raise FramelensError(f"{name}: separator is empty; expected what stands between labels")
    return form


def _callback(value: Any) -> Any:
    return of_kind("progress", value, Callable, "a function that is told")  # type: ignore[arg-type]


def _modes(name: str, value: Any) -> tuple[Mode, ...]:
    modes = tuple(one_of(name, mode, get_args(Mode)) for mode in list_of_texts(name, value))
    if not modes:
        raise FramelensError(f"{name} are none; expected at least one")
    return modes


_CHECKS_OF_EVALUATION: dict[str, Callable[[str, Any], Any]] = {
    "model": place,
    "rules": place,
    "modes": _modes,
    "trained_on": places,
    "by": list_of_texts,
    "coders": places,
    "form": _label_form,
    "allow_overlap": yes_or_no,
    "leave_out_overlap": yes_or_no,
}


def _relevant(project: Project) -> Relevant:
    return Relevant(project.settings.about, project.settings.min_about)


def _places(paths: Path | str | Sequence[Path | str]) -> list[Path]:
    """The files to read, at least one: no paths are standard input, on the command line alone."""
    checked = places("paths", paths)
    if not checked:
        raise FramelensError("paths are none; expected at least one")
    return checked


def _by_text(texts: Iterable[str], project: Project) -> Iterator[list[SentenceFrames]]:
    """The frames of each text's sentences; an empty list for a text without sentences."""
    taken = 0

    def passages() -> Iterator[Passage]:
        nonlocal taken
        for number, text in enumerate(texts):
            if not isinstance(text, str):
                raise FramelensError(f"text {number} is {type(text).__name__}; expected a string")
            taken = number + 1
            yield Passage(str(number), str(text))  # and not numpy's kind of text

    done = 0
    for name, group in groupby(project.classify(passages()), key=lambda row: row.sentence.doc):
        while done < int(name):
            yield []
            done += 1
        yield [row.frames for row in group]
        done += 1
    for _ in range(done, taken):
        yield []


def _read(
    paths: Path | str | Sequence[Path | str],
    project: Project,
    output: Path | None = None,
    *,
    anew: bool = False,
) -> Iterator[Classified]:
    """The sentences of files; files that framelens has written are classified only if `anew`, where they are
    not counted. Give warnings on what was skipped, left out, passed over (kept beside `output`), copied or
    noticed."""
    from framelens.parallel.stream import sources_of, streamed
    from framelens.readers import skipped_messages

    read = _places(paths)
    sources = sources_of(read, project.settings, output)
    for note in skipped_messages(read):
        _warn(note)
    repeats = Repeats()
    with streamed(sources, project, output, anew=anew) as stream:
        yield from stream.checked() if anew else repeats.of(stream.checked())
    for note in (*stream.messages(), *filter(None, [repeats.message()])):
        _warn(note)


def _relevant_rows(
    paths: Path | str | Sequence[Path | str], project: Project, output: Path | None = None
) -> Iterator[Classified]:
    """The relevant sentences of files; give a warning on how many these are, if any can be left out."""
    relevant = _relevant(project)
    yield from relevant.of(_read(paths, project, output))
    if message := relevant.message():
        _warn(message)


def _records(paths: Sequence[Path | str], settings: Settings) -> Iterator[dict[str, Any]]:
    rows = _read(paths, Project.open(settings), anew=True)
    return (record(row, unit=settings.unit, explain=settings.evidence is True) for row in rows)


def _given(
    labelled: Any, rules: Path | str | None, model: Path | str | None, form: LabelForm | None
) -> Any:
    """Labelled sentences as `framelens.evaluation` takes them: a path, sentences, or None."""
    if labelled is None:
        return None
    if isinstance(labelled, (str, Path)):
        return place("labelled", labelled)
    from framelens.core.files import rules_folder
    from framelens.rules.rule_files import read_rules

    return _labelled(labelled, read_rules(rules_folder(rules, model)).scheme.names, form)


def _warn(note: str) -> None:
    """Give a warning that names the caller's line, however deep in the library it comes from."""
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("framelens."):
        level, frame = level + 1, frame.f_back
    warnings.warn(one_line(in_python(note)), stacklevel=level)


ROWS_OF_TABLES = {"to_pylist": (), "to_dicts": (), "to_dict": ("records",)}
"""The methods by which tables of pyarrow, polars and pandas give rows, and what these take."""


def _labelled(
    labelled: Any, frames: Sequence[str], form: LabelForm | None = None
) -> Sequence[LabelledSentence]:
    from framelens.project.labelled.reading import labelled_from, read_labelled
    from framelens.project.labelled.sentence import LabelledSentence, check_given
    from framelens.readers.formats.records import twice

    if isinstance(labelled, (str, Path)):
        return read_labelled(place("labelled", labelled), frames, form, note=_warn)
    for way in ROWS_OF_TABLES:
        if hasattr(labelled, "columns") and hasattr(labelled, way):
            if repeated := twice(map(str, getattr(labelled, "column_names", labelled.columns))):
                problem = f"the column {repeated!r} is there twice; expected it once"
                raise FramelensError(f"labelled: {problem}")
            labelled = getattr(labelled, way)(*ROWS_OF_TABLES[way])
            break
    try:
        rows = list(labelled)
    except TypeError:
        kind = type(labelled).__name__
        raise FramelensError(f"{kind} given; expected labelled sentences or a file") from None
    if rows and all(isinstance(row, LabelledSentence) for row in rows):
        sentences: list[LabelledSentence] = rows
        check_given(sentences, frames)
        return sentences
    return labelled_from(rows, frames, form, note=_warn)


# `help` shows what is in `__all__`: of the options what is said of them, and not that they are dicts.
for _kind in (Deciding, Options, GroupOptions, Training, Evaluating):
    __doc__ = f"{__doc__}\n{_kind.__name__}: {_kind.__doc__}"
