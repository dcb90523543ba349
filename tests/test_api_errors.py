"""What the library says of wrong arguments: one kind of error, with what was expected."""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import re
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import framelens
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from framelens import LabelForm, Tables, api
from framelens.api import _labelled
from framelens.cli.main import app_for
from framelens.core.checks import shown
from framelens.core.errors import IN_PYTHON, OPTION, FramelensError, in_python
from framelens.core.files import CHECKOUT, data_path
from framelens.evaluation.trial import matrix
from framelens.rules.rule_files import RuleSet
from framelens.training.fitting import FOLDS, cut_folds
from framelens.training.train import train
from typer.main import get_command

from tests.helpers import plain_values

FRAMES = ("monitoring", "cooperation", "accountability", "dialogue")
SAME = [{"text": "Talks failed.", "labels": [name]} for name in FRAMES for _ in range(20)]
DOCUMENTS = data_path("corpus/documents")
ONE: list[dict[str, Any]] = [{"text": "Talks failed.", "labels": ["dialogue"]}]


class InBytes:
    """A path of bytes, as os.scandir(b".") gives them."""

    def __fspath__(self) -> bytes:
        return b"s.csv"


HUGE = 10**5000
SHIPPED = framelens.load_model(data_path("models/default"))
OPEN = StringIO("a.txt")
TWICE = pd.DataFrame([["a", [], []]], columns=["text", "labels", "labels"])


def _made(**fields: Any) -> framelens.LabelledSentence:
    """A labelled sentence with something wrong in it."""
    return framelens.LabelledSentence(**{"id": "1", "text": "A.", "labels": (), **fields})


CASES: list[tuple[Callable[[], Any], str]] = [
    (lambda: framelens.train([]), "no labelled sentences to train on"),
    (lambda: framelens.train(None), "expected labelled sentences or a file"),
    (lambda: framelens.train([1]), "expected a dict with text and labels"),
    (lambda: framelens.train([{"text": "a", "labels": ["x"]}]), "unknown label 'x'; expected one"),
    (lambda: framelens.train(ONE, seed=-1), "seed is -1; expected a whole number from 0 to"),
    (lambda: framelens.train(ONE, seed=2**70), "expected a whole number from 0 to 4294967295"),
    (lambda: framelens.train(ONE, seed=1.5), "seed is 1.5; expected a whole number"),  # type: ignore[arg-type]
    (lambda: framelens.train(SAME, allow_conflicts=True), "in 1 group that must stay together"),
    (lambda: framelens.train(SAME), "labelled in different ways"),
    (lambda: framelens.evaluate([]), "no labelled sentences given; expected at least one"),
    (lambda: framelens.evaluate([{"text": "a", "labels": ["x"]}]), "unknown label 'x'"),
    (lambda: framelens.evaluate(ONE, seed=-1), "seed is -1; expected"),
    (lambda: framelens.evaluate(ONE, by=["x"]), "no labelled sentence has the field 'x'"),
    (lambda: framelens.Model.load(3), "path is 3; expected a path"),  # type: ignore[arg-type]
    (lambda: SHIPPED.save(b"x"), "path is b'x'; expected a path"),  # type: ignore[arg-type]
    (lambda: framelens.load(mode="x"), "mode is 'x'; expected one of 'hybrid'"),  # type: ignore[arg-type]
    (lambda: framelens.load(thresholds={"x": 0.5}), "unknown frame 'x'; expected one of"),
    (lambda: framelens.classify(["a"], thresholds={"dialogue": "x"}), "expected a number from 0"),  # type: ignore[dict-item]
    (lambda: framelens.classify(["a"], thresholds={"dialogue": float("nan")}), "expected a number"),
    (lambda: framelens.classify(["a"], units="sentence"), "'units' is no option; expected one of"),  # type: ignore[call-arg]
    (lambda: framelens.sample("x", names="{a}.txt"), "expected tables=framelens.Tables(names=...)"),  # type: ignore[call-arg]
    (lambda: framelens.summarize("x", text_column="a"), "expected tables=framelens.Tables(text_column=...)"),  # type: ignore[call-arg]
    (lambda: framelens.evaluate([], label_column="a"), "form=framelens.LabelForm(label_column=...)"),  # type: ignore[call-arg]
    (lambda: framelens.train([], text_column="a"), "expected form=framelens.LabelForm(text_column=...)"),  # type: ignore[call-arg]
    (lambda: framelens.train([], day_first=True), "'day_first' is no option; expected one of form"),  # type: ignore[call-arg]
    (lambda: framelens.sample("x", 0), "n is 0; expected a whole number from 1 on"),
    (lambda: framelens.summarize("x", only=["verse"]), "only is 'verse'; expected one of 'prose'"),  # type: ignore[list-item]
    (lambda: framelens.classify(None), "texts is None; expected a list or another stream of texts"),  # type: ignore[arg-type]
    (lambda: framelens.classify(TWICE), "texts is a table; expected a list or another stream"),
    (lambda: framelens.classify({"text": "a"}), "texts is {'text': 'a'}; expected a list"),
    (lambda: framelens.summarize("x", about=TWICE), "about is a table; expected a list of texts"),
    (lambda: framelens.classify(np.array("a")), "texts is array('a', dtype='<U1'); expected a list"),
    (lambda: framelens.summarize(np.array("a")), "paths is array('a', dtype='<U1'); expected a path"),  # type: ignore[arg-type]
    (lambda: framelens.summarize("x", by=np.array(3)), "by is array(3); expected a list of texts"),  # type: ignore[arg-type]
    (lambda: framelens.classify(["a"], thresholds=[1]), "thresholds is [1]; expected probabilities"),  # type: ignore[arg-type]
    (lambda: framelens.summarize([]), "paths are none; expected at least one"),
    (lambda: framelens.summarize(None), "paths is None; expected a path, or a list of them"),  # type: ignore[arg-type]
    (lambda: framelens.summarize("x", min_words="a"), "min_words is 'a'; expected a whole number"),  # type: ignore[arg-type]
    (lambda: framelens.summarize("x", min_about=5), "min_about is 5; expected a number from 0 to 1"),
    (lambda: framelens.summarize("x", about=[1]), "about is 1; expected texts"),  # type: ignore[list-item]
    (lambda: framelens.summarize("x", tables="x"), "tables is 'x'; expected framelens.Tables"),  # type: ignore[arg-type]
    (lambda: framelens.summarize("x", top=0), "top is 0; expected a whole number from 1 on"),
    (lambda: framelens.summarize("x", sort="x"), "sort is 'x'; expected one of 'size'"),  # type: ignore[arg-type]
    (lambda: framelens.sample("x", "a"), "n is 'a'; expected a whole number from 1 on"),  # type: ignore[arg-type]
    (lambda: framelens.sample("x", by=["a"]), "by is ['a']; expected the name of a field"),  # type: ignore[arg-type]
    (lambda: framelens.sample("x", avoid=3), "avoid is 3; expected a path, or a list of them"),  # type: ignore[arg-type]
    (lambda: framelens.sample("x", output=3), "output is 3; expected a path"),  # type: ignore[arg-type]
    (lambda: framelens.export_sample(3, "o.csv", "csv"), "drawn is 3; expected a path"),  # type: ignore[arg-type]
    (lambda: framelens.export_sample("x", "o.csv", "excel"), "to is 'excel'; expected one of"),  # type: ignore[arg-type]
    (lambda: framelens.import_labels("x", "excel"), "tool is 'excel'; expected one of"),  # type: ignore[arg-type]
    (lambda: framelens.import_labels("x", "csv", coder=3), "coder is 3; expected a name"),  # type: ignore[arg-type]
    (lambda: framelens.import_labels("x", "csv", "o.pdf"), ".pdf is not written here; expected"),
    (lambda: framelens.merge_coders(3), "coded is 3; expected a path, or a list of them"),  # type: ignore[arg-type]
    (lambda: framelens.merge_coders([]), "no coders' files given; expected at least one"),
    (lambda: framelens.merge_coders("x", 3), "output is 3; expected a path"),  # type: ignore[arg-type]
    (lambda: framelens.merge_coders("x", encoding=3), "encoding is 3; expected the name of one"),  # type: ignore[arg-type]
    (lambda: framelens.correct("x", None), "labelled is None; expected a path, or a list"),  # type: ignore[arg-type]
    (lambda: framelens.classify_files("x", "y", jobs=0), "jobs is 0; expected a whole number from 1"),
    (lambda: framelens.evaluate(ONE, modes=["x"]), "modes is 'x'; expected one of 'hybrid'"),  # type: ignore[list-item]
    (lambda: framelens.evaluate(ONE, modes=[]), "modes are none; expected at least one"),
    (lambda: framelens.evaluate(ONE, model=3), "model is 3; expected a path"),  # type: ignore[arg-type]
    (lambda: framelens.train(ONE, form=3), "form is 3; expected a framelens.LabelForm"),  # type: ignore[arg-type]
    (lambda: framelens.new_codebook(3), "folder is 3; expected a path"),  # type: ignore[arg-type]
    (lambda: framelens.new_codebook("x", holdout=0.2), "to hold out goes with labelled sentences"),
    (lambda: framelens.report("x", "y.html", target="texts"), "target and trained_on go with a sample"),
    (lambda: framelens.new_codebook("x", form="x"), "form is 'x'; expected a framelens.LabelForm"),  # type: ignore[arg-type]
    (lambda: framelens.new_codebook("x", title=3), "title is 3; expected a text"),  # type: ignore[arg-type]
    (lambda: framelens.train(ONE, holdout="a"), "holdout is 'a'; expected a number from 0 to 1"),  # type: ignore[arg-type]
    (lambda: framelens.summarize(""), "paths is ''; expected a path, or a list of them"),
    (lambda: framelens.classify(["a"], model=""), "model is ''; expected a path"),
    (lambda: framelens.assess(ONE, "r.csv"), ".csv is not written here; expected a name in .html"),
    (lambda: framelens.evaluate(ONE, form=LabelForm(text_column=3)), "text_column is 3; expected"),  # type: ignore[arg-type]
    (lambda: framelens.evaluate(ONE, form=LabelForm(separator="")), "form: separator is empty"),
    (lambda: framelens.new_codebook("x", form=LabelForm(label_column=(3,))), "label_column is 3"),  # type: ignore[arg-type]
    (lambda: framelens.summarize("x", tables=Tables(date_format=3)), "date_format is 3"),  # type: ignore[arg-type]
    (lambda: framelens.summarize("x", tables=Tables(metadata=[])), "tables: metadata is []; expected a path"),  # type: ignore[arg-type]
    (lambda: framelens.summarize("x", over=[]), "over is []; expected the name of a field"),  # type: ignore[arg-type]
    (lambda: framelens.summarize("a\0b"), "paths is 'a\\x00b'; expected a path, or a list of them"),
    (lambda: framelens.evaluate("a" * 5000), "File name too long"),
    (lambda: framelens.load(model=[]), "model is []; expected a path"),  # type: ignore[arg-type]
    (lambda: framelens.lint_rules(3), "rules is 3; expected a path"),  # type: ignore[arg-type]
    (lambda: framelens.load(mode=np.array([1, 2])), "mode is array([1, 2]); expected one of"),  # type: ignore[arg-type]
    (lambda: framelens.load(mode=pd.DataFrame({"a": [1]})), "mode is a 0 1; expected one of"),
    (lambda: framelens.load(thresholds=float("nan")), "thresholds is nan; expected probabilities"),  # type: ignore[arg-type]
    (lambda: framelens.load(thresholds={3: 0.5}), "thresholds is 3; expected probabilities by the"),  # type: ignore[dict-item]
    (lambda: framelens.load(thresholds={"dialogue": HUGE}), "thresholds of 'dialogue' is of type int"),
    (lambda: framelens.train(ONE, seed=HUGE), "seed is of type int; expected a whole number from 0"),
    (lambda: framelens.sample("x", np.array([1, 2])), "n is array([1, 2]); expected a whole number"),  # type: ignore[arg-type]
    (lambda: framelens.summarize("x", skip_bad="no"), "skip_bad is 'no'; expected True or False"),  # type: ignore[arg-type]
    (lambda: framelens.train([{"text": b"a", "labels": []}]), "text is b'a'; expected a text"),
    (lambda: framelens.train([{**ONE[0], "start": 10**400, "end": 1}]), "are not offsets"),
    (lambda: framelens.evaluate([{**ONE[0], "id": HUGE}]), "labelled:1: id is a number of over"),
    (lambda: framelens.evaluate([{**ONE[0], "labels": [HUGE]}]), "labels is a number of over"),
    (lambda: framelens.train([_made(text=None)]), "labelled:1: text is missing or empty"),
    (lambda: framelens.train([_made(labels=("x",))]), "labelled:1: unknown label 'x'; expected one"),
    (lambda: framelens.train([_made(labels=None)]), "labelled:1: expected labels as a tuple"),
    (lambda: framelens.evaluate([_made(text=None)]), "labelled:1: text is missing or empty"),
    (lambda: framelens.load_sklearn("x", trust="no"), "trust is 'no'; expected True or False"),  # type: ignore[arg-type]
    (lambda: framelens.train(ONE, skip_rare=np.array([1, 2])), "skip_rare is array([1, 2]); expected"),  # type: ignore[arg-type]
    (lambda: framelens.sample("x", HUGE), "n is of type int; expected a whole number from 1 on"),
    (lambda: framelens.correct("x", "y", over=[]), "over is []; expected the name of a field"),  # type: ignore[arg-type]
    (lambda: framelens.correct(DOCUMENTS, "y", form=3), "form is 3; expected a framelens.LabelForm"),  # type: ignore[arg-type]
    (lambda: framelens.summarize(InBytes()), "expected a path, or a list of them"),  # type: ignore[arg-type]
    (lambda: framelens.train(pd.Series(["a"])), "labelled:1: str given; expected a dict"),
    (lambda: framelens.train(TWICE), "labelled: the column 'labels' is there twice"),
    (lambda: framelens.classify_files("x", jobs=0), "jobs is 0; expected a whole number from 1 on"),
    (lambda: framelens.classify_files(OPEN), "paths is <_io.StringIO object"),  # type: ignore[call-overload]
    (lambda: framelens.summarize("x", evidence=True), "'evidence' is no option; expected one of"),  # type: ignore[call-arg]
    (lambda: framelens.classify_rows(["a"], evidence=True), "'evidence' is no option"),  # type: ignore[call-arg]
    (lambda: framelens.classify(["a"], languages=["en"]), "'languages' is no option"),  # type: ignore[call-arg]
    (lambda: framelens.train(ONE, progress=3), "progress is 3; expected a function"),  # type: ignore[arg-type]
    (lambda: framelens.new_codebook("x", progress=3), "progress is 3; expected a function"),  # type: ignore[arg-type]
    (lambda: framelens.train(pa.table([[""], [""]], names=["text", "text"])), "is there twice"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "expected"), CASES, ids=range(len(CASES)))
def test_wrong_arguments(call: Callable[[], Any], expected: str) -> None:
    with pytest.raises(FramelensError) as caught:
        list(call())
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


class Nameless:
    """Something that cannot even be shown."""

    def __repr__(self) -> str:
        raise RuntimeError


def test_any_value_is_shown_on_a_short_line() -> None:
    assert shown(Nameless()) == "of type Nameless"
    assert shown(HUGE) == "of type int"
    assert shown(pd.DataFrame({"a": ["b" * 99] * 9})).startswith("a 0 bbb")
    assert len(shown("a" * 999)) == 100


def test_texts_of_numpy_are_texts() -> None:
    texts = np.array(["The talks failed.", "Nobody came."])
    of_arrow = (pa.array(texts.tolist()), pa.chunked_array([texts.tolist()]))
    for given in (texts, *of_arrow, pl.Series(texts)):
        assert list(framelens.classify(given)) == list(framelens.classify(texts.tolist()))


@pytest.mark.parametrize("table", [pd.DataFrame(ONE), pa.Table.from_pylist(ONE), pl.DataFrame(ONE)])
def test_tables_of_any_maker_are_labelled_sentences(table: Any) -> None:
    assert _labelled(table, FRAMES) == _labelled(ONE, FRAMES)


@pytest.mark.filterwarnings("ignore:labelled. left out 2 rows without labels")
def test_what_pandas_and_numpy_have_in_their_cells_is_read() -> None:
    table = pd.DataFrame(
        {
            "text": ["Talks failed.", "Talks went on.", "Talks ended.", "Nobody came."],
            "labels": [np.array(["dialogue"]), np.array([]), pd.NA, None],
            "start": np.arange(4),
            "end": np.arange(4),
            7: [1, 2, 3, 4],
        },
        index=["a", "a", "a", "a"],
    )
    for rows in (
        table,
        [{**row, "text": np.str_(row["text"])} for row in table.to_dict("records")],
    ):
        found = _labelled(rows, FRAMES)
        assert [row.labels for row in found] == [("dialogue",), ()]
        assert [type(row.text) for row in found] == [str, str]
        assert [row.start for row in found] == [0, 1]
        assert found[0].meta == {"7": 1}


def test_a_function_keeps_its_name_whatever_is_imported() -> None:
    for name in framelens.__all__:
        with suppress(ImportError):
            import_module(f"framelens.{name}")
        assert not isinstance(getattr(framelens, name), ModuleType)


def test_one_text_is_one_and_not_its_letters(tmp_path: Path) -> None:
    source = tmp_path / "s.csv"
    source.write_text("text,country\nThe talks on China failed.,Togo\nThe envoy left.,Mali\n")
    for found, expected in (
        (framelens.summarize(source, by="country"), framelens.summarize(source, by=["country"])),
        (framelens.summarize(source, about="China"), framelens.summarize(source, about=["China"])),
    ):
        assert plain_values(found) == plain_values(expected)


def test_a_sample_of_no_seed_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "s.csv"
    source.write_text("text\nThe talks failed.\nThe envoy left.\n")
    with pytest.raises(FramelensError, match=r"seed is 1\.5; expected a whole number"):
        framelens.sample(source, 2, seed=1.5)  # type: ignore[arg-type]


def test_sentences_without_words_are_nothing_to_learn_from(small_rules: RuleSet) -> None:
    words = hashlib.sha256
    rows = [
        _Labelled(words(str(at).encode()).hexdigest(), ("look",) if at % 2 else ("talk",))
        for at in range(40)
    ]
    with pytest.raises(FramelensError, match="no word stands in 2 of the labelled sentences"):
        train(rows, small_rules)  # type: ignore[arg-type]


class _Labelled:
    """What folds need to know of a sentence."""

    document = None

    def __init__(self, text: str, labels: tuple[str, ...]) -> None:
        self.text, self.labels, self.id = text, labels, text
        self.meta: dict[str, Any] = {}


@pytest.mark.parametrize("count", [4, 33, 64, 200])
def test_folds_of_many_frames(count: int) -> None:
    frames = [f"f{at}" for at in range(count)]
    rows = [
        _Labelled(f"{hashlib.sha256(str(at).encode()).hexdigest()}", (frames[-1 - at % 3],))
        for at in range(300)
    ]
    gold = matrix([row.labels for row in rows], frames)
    folds = cut_folds(rows, gold, 0)  # type: ignore[arg-type]
    for fold in range(FOLDS):
        assert gold[folds == fold][:, -3:].sum(axis=0).tolist() == [20, 20, 20]


@pytest.mark.parametrize("name", ["trained_on", "made_with", "corpus_sentences", "corpus_digest"])
@pytest.mark.parametrize("odd", [None, -1, [None], {"a": 1}])
def test_a_model_that_says_odd_things_of_its_making(tmp_path: Path, name: str, odd: Any) -> None:
    shipped = data_path("models/default")
    meta = json.loads((shipped / "meta.json").read_text())
    (tmp_path / "meta.json").write_text(json.dumps({**meta, name: odd}))
    (tmp_path / "weights.npz").write_bytes((shipped / "weights.npz").read_bytes())
    with pytest.raises(FramelensError, match=f"meta.json: damaged: {name} is "):
        framelens.load(model=tmp_path)


def test_fields_that_are_none_are_as_good_as_not_there() -> None:
    row = {"text": "Talks failed.", "labels": ["dialogue"], "doc": "d1"}
    blank = dict.fromkeys(("document", "weight", "evidence", "scores", "start", "end"))
    assert _labelled([{**row, **blank}], FRAMES) == _labelled([row], FRAMES)


def test_truth_values_of_numpy_are_such(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The talks failed.")
    found = framelens.summarize(path, main_text=np.True_)  # type: ignore[arg-type]
    assert found == framelens.summarize(path, main_text=True)


ROOM = CHECKOUT / "pipeline" / "framelens"
LINES_ALONE = {"backend", "port", "scheduler"}
"""Options on what only the command line does."""


def _options_named() -> set[str]:
    """The options that texts in the code of the library name, as its messages may."""
    return {
        found["option"]
        for path in ROOM.rglob("*.py")
        if "cli" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for found in re.finditer(OPTION, node.value)
        if found["option"]
    }


def _flags() -> dict[str, bool]:
    """The options of the command line, and whether they are given without a value."""
    commands: list[Any] = [get_command(app_for([]))]
    found: dict[str, bool] = {}
    for command in commands:
        commands += getattr(command, "commands", {}).values()
        for one in command.params:
            found |= dict.fromkeys(one.opts, getattr(one, "is_flag", False))
    return found


def _parameters() -> set[str]:
    """The names by which the library takes what the command line takes by options."""
    kinds = api.Deciding, api.Options, api.GroupOptions, api.Training, api.Evaluating
    functions = [getattr(api, name) for name in api.__all__]
    names = [*kinds, Tables, LabelForm]
    return {
        *(name for one in names for name in one.__annotations__),
        *(name for one in functions for name in inspect.signature(one).parameters),
    }


def test_options_that_messages_name_are_parameters_in_python() -> None:
    flags, parameters = _flags(), _parameters()
    named = {
        one for one in _options_named() if one.partition(" ")[0] in flags
    }  # style sheets have names, too
    assert len(named) > 30
    assert set(IN_PYTHON) <= named
    for option in named:
        name, equals, value = in_python(option).partition("=")
        assert equals, option
        assert name in parameters | LINES_ALONE, option
        assert name == "mode" or (value == "True") == flags.get(option, False), option


def test_no_error_of_the_library_names_an_option(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("title\nTalks failed.\n")
    with pytest.raises(FramelensError, match=r"text_column=, .* delimiter=; skip_bad=True goes"):
        list(framelens.classify_files(path))
    with pytest.raises(FramelensError, match=r"with text_column=$"):
        framelens.evaluate(path)
