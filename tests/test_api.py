"""The library: every public function, and what it says of a wrong argument."""

from __future__ import annotations

import inspect
import pydoc
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import framelens
import pytest
from framelens import api
from framelens.classification.classifier import FrameClassifier
from framelens.cli.main import run
from framelens.core.errors import FramelensError, in_python
from framelens.core.files import CHECKOUT
from framelens.core.settings import Tables
from framelens.core.types import Passage
from framelens.preprocessing.sentences import split
from framelens.project.items import write_items
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import classify_passages, visible

TEXTS = [
    "Impunity must end. It rained.",
    "",
    "They agreed to a technical cooperation programme.",
    " \n ",
]


def test_classify_streams_a_list_a_text() -> None:
    found = list(framelens.classify(TEXTS))
    assert [[row.labels for row in rows] for rows in found] == [
        [("accountability",), ()],
        [],
        [("cooperation",)],
        [],
    ]


def test_classify_takes_an_endless_stream() -> None:
    def endless() -> Iterator[str]:
        while True:
            yield "Impunity must end."

    results = framelens.classify(endless())
    assert next(results)[0].labels == ("accountability",)


def test_a_text_that_is_no_string_is_named() -> None:
    with pytest.raises(FramelensError, match="text 1 is int"):
        list(framelens.classify(["fine", 3]))  # type: ignore[list-item]


def test_unit_sentence_does_not_split() -> None:
    (rows,) = framelens.classify(["One. Two."], unit="sentence")
    assert [row.text for row in rows] == ["One. Two."]


def test_thresholds_decide() -> None:
    text = "They agreed to a technical cooperation programme."
    (rows,) = framelens.classify([text], thresholds={"cooperation": 1.0, "dialogue": 0.0})
    assert rows[0].labels == ("dialogue",)
    with pytest.raises(FramelensError, match="unknown frame 'smell'"):
        framelens.classify([text], thresholds={"smell": 0.5})
    with pytest.raises(FramelensError, match="from 0 to 1"):
        framelens.classify([text], thresholds={"dialogue": 1.5})


def test_without_evidence_the_rest_is_the_same() -> None:
    (full,), (bare,) = (
        next(framelens.classify(["Impunity must end."], evidence=evidence))
        for evidence in (True, False)
    )
    assert full.evidence
    assert bare.evidence == ()
    assert (full.labels, full.scores, full.primary) == (bare.labels, bare.scores, bare.primary)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_covered_and_offsets_slice_back(shipped: FrameClassifier, text: str) -> None:
    found = classify_passages([Passage("text", text)], shipped)
    rows = [row.frames for row in found]
    assert [(row.start, row.end) for row in rows] == split(text)
    assert all(text[row.start : row.end] == row.text for row in rows)
    covered = {at for row in rows for at in range(row.start, row.end)}
    left = "".join(char for at, char in enumerate(text) if at not in covered)
    assert not visible(left)


@pytest.mark.parametrize("code", ["framelens.classify(['Impunity must end.'])", "framelens.load()"])
def test_classifying_imports_neither_scikit_learn_nor_scipy(code: str) -> None:
    script = (
        f"import sys, framelens; list({code} if 'classify' in {code!r} else [{code}('x')]); "
        "print([name for name in ('sklearn', 'scipy', 'joblib') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_what_is_not_offered_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'clasify'"):
        framelens.clasify  # type: ignore[attr-defined]  # noqa: B018


WRONG: list[tuple[str, Callable[[], object], str]] = [
    (
        "a string for texts",
        lambda: framelens.classify("a string"),
        "texts is 'a string'; expected a list",
    ),
    ("bytes for texts", lambda: framelens.classify(b"x"), "texts is b'x'; expected a list"),  # type: ignore[arg-type]
    ("a number among texts", lambda: list(framelens.classify([1])), "text 0 is int"),  # type: ignore[list-item]
    ("an unknown unit", lambda: framelens.classify([], unit="page"), "unit is 'page'"),  # type: ignore[arg-type]
    ("an unknown mode", lambda: framelens.classify([], mode="best"), "mode is 'best'"),  # type: ignore[arg-type]
    ("an unknown frame", lambda: framelens.classify([], thresholds={"x": 0.5}), "unknown frame"),
    ("nothing to train on", lambda: framelens.train([]), "."),
    ("nothing to evaluate", lambda: framelens.evaluate([]), "."),
    ("a number to train on", lambda: framelens.train(3), "int given"),
    (
        "texts without labels",
        lambda: framelens.evaluate([{"text": "x"}]),
        "no column 'labels'; found text",
    ),
    (
        "a label that is none",
        lambda: framelens.evaluate([{"text": "x", "labels": ["smell"]}]),
        "unknown label 'smell'",
    ),
    (
        "a label to test on that is none, in a column of its own",
        lambda: framelens.train(
            [{"text": "x", "topic": "dialogue"}],
            form=framelens.LabelForm(label_column=["topic"]),
            test=[{"text": "x", "labels": ["smell"]}],
        ),
        "unknown label 'smell'",
    ),
    ("a text explained", lambda: framelens.explain("x"), "expected a SentenceFrames"),  # type: ignore[arg-type]
    ("no such folder", lambda: framelens.load_model("nowhere"), "nowhere"),
    ("no such format", lambda: framelens.classify_files([], "o", form="xml"), "form is 'xml'"),  # type: ignore[call-overload]
    ("no format", lambda: framelens.classify_files([], "o", form=""), "form is ''"),  # type: ignore[call-overload]
]


@pytest.mark.parametrize(("call", "reason"), [row[1:] for row in WRONG], ids=[r[0] for r in WRONG])
def test_what_is_wrong_is_said_in_one_line(call: Callable[[], object], reason: str) -> None:
    with pytest.raises(FramelensError, match=reason) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_rows_for_a_data_frame() -> None:
    rows = framelens.classify_rows(["The rapporteur was refused access. It rained.", "", "Yes."])
    assert [(row["text_index"], row["index"]) for row in rows] == [(0, 0), (0, 1), (2, 0)]
    assert rows[0]["monitoring"] is True
    assert rows[0]["p_monitoring"] > 0.5
    assert rows[1]["labels"] == []


def test_records_of_files(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("text,country\nThe talks failed.,Togo\n")
    found = framelens.classify_files(tmp_path / "s.csv")
    (record,) = found
    assert record["meta"] == {"kind": "prose", "country": "Togo"}


def test_labelled_sentences_come_in_many_forms() -> None:
    pandas = pytest.importorskip("pandas")
    rows = [
        {"text": "The rapporteur was refused access.", "labels": ["monitoring"]},
        {"text": "It rained.", "labels": []},
    ]
    plain = framelens.evaluate(rows, baselines=False)
    frame = framelens.evaluate(pandas.DataFrame(rows), baselines=False)
    joined = [{**row, "labels": "|".join(row["labels"])} for row in rows]
    piped = framelens.evaluate(joined, baselines=False)
    assert plain == frame == piped
    assert "macro F1" in repr(plain)
    assert plain._repr_html_().startswith("<table>")


def test_one_file_or_column_is_as_good_as_several(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,said\nThe rapporteur was refused access.,monitoring\n")
    path = str(tmp_path / "a.csv")
    found = framelens.evaluate(
        path, coders=path, form=framelens.LabelForm(label_column="said"), baselines=False
    )
    several = framelens.LabelForm(label_column=["said"])
    assert found == framelens.evaluate(path, coders=[path], form=several, baselines=False)


def test_tables_of_pandas_are_read_as_their_form_says() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"said": ["Impunity must end."], "topic": ["accountability"]})
    form = framelens.LabelForm(text_column="said", label_column="topic")
    assert framelens.evaluate(frame, form=form, baselines=False).sentences == 1
    with pytest.raises(FramelensError, match="predictions=True"):
        framelens.evaluate(pandas.DataFrame(framelens.classify_rows(TEXTS)))


def test_what_a_notebook_shows_is_a_small_table(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("text,country\nThe talks <b> failed.,<i>\nIt rained.,\n")
    summary = framelens.summarize(tmp_path / "s.csv", by=["country"])
    rows = [{"text": "Impunity must end.", "labels": ["accountability"]}]
    for found in (summary, framelens.assess(rows)):
        assert len(repr(found)) < 1000
        assert found._repr_html_().startswith("<table>")
    assert "&lt;i&gt;" in summary._repr_html_()


def test_warnings_name_the_line_that_called(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,labels\nThe talks failed.,\nIt rained.,\n")
    (tmp_path / "s.txt").write_text("The talks failed.\n")
    rows = [{"text": "It rained.", "labels": ""}]
    tables = framelens.Tables(names="{country}_{year}.txt")
    calls: list[Callable[[], object]] = [
        lambda: framelens.evaluate(tmp_path / "a.csv", baselines=False),
        lambda: framelens.evaluate(rows, baselines=False),
        lambda: framelens.summarize(tmp_path / "s.txt", tables=tables),
        lambda: list(framelens.classify_files(tmp_path / "s.txt", tables=tables)),
        lambda: framelens.classify_files(tmp_path / "s.txt", tmp_path / "o.jsonl", tables=tables),
    ]
    for call in calls:
        with pytest.warns(UserWarning, match=".") as told:
            call()
        assert {Path(one.filename).name for one in told} == {"test_api.py"}


SAME: list[tuple[str, Callable[..., object]]] = [
    ("summary texts --about talk*", partial(framelens.summarize, "texts", about=["talk*"])),
    (
        "sample texts --about talk* --n 2 --output s.csv",
        partial(framelens.sample, "texts", 2, output="s.csv", about=["talk*"]),
    ),
    (
        "correct texts --labelled drawn.csv --format csv",
        partial(framelens.correct, "texts", "drawn.csv"),
    ),
    (
        "report texts --about talk* --output r.html",
        partial(framelens.report, "texts", "r.html", about=["talk*"]),
    ),
    (
        "classify texts --output c.jsonl --format jsonl",
        partial(framelens.classify_files, "texts", "c.jsonl"),
    ),
]


@pytest.mark.parametrize(("command", "call"), SAME)
def test_the_library_warns_of_what_the_command_line_tells(
    command: str,
    call: Callable[..., object],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("texts").mkdir()
    Path("texts/b.png").write_text("")
    Path("texts/a_2020.txt").write_text("TALKS\n\nThe talks failed. It rained.\n\nNobody came.\n")
    Path("texts/fr.txt").write_text("Nous avons parlé des droits de la personne hier.\n" * 3)
    Path("texts/s.jsonl").write_text('{"text": "They talked."}\n{"text"\n')
    with warnings.catch_warnings(action="ignore"):
        items = framelens.sample("texts", 4, skip_bad=True)
    # One has no labels, and the others are too few.
    labelled = [replace(item, labels=() if at else None) for at, item in enumerate(items)]
    write_items(labelled, Path("drawn.csv"))
    with pytest.warns(UserWarning, match=".") as warned:
        call(skip_bad=True, tables=Tables(names="{who}_{year}.txt"))
    capsys.readouterr()
    assert run([*command.split(), "--skip-bad", "--names", "{who}_{year}.txt"]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("framelens: ")]
    assert len(told) >= 4
    assert sorted(f"framelens: {one.message}" for one in warned) == sorted(map(in_python, told))


def test_models_say_what_they_are() -> None:
    model = framelens.load_model(CHECKOUT / "models" / "default")
    assert "rules and" in repr(model)
    assert "<caption>Model of" in model._repr_html_()


def test_help_tells_of_all_functions_and_of_their_options_alone() -> None:
    shown = pydoc.plain(pydoc.render_doc("framelens.api"))
    functions = {name for name in framelens.__all__ if inspect.isfunction(getattr(framelens, name))}
    assert set(api.__all__) == functions
    assert [name for name in functions if f"\n    {name}(" not in shown] == []
    for name in ("Labelled", "Deciding", "Options", "GroupOptions", "Training", "Evaluating"):
        assert f"\n    {name}: " in shown
    assert "fromkeys" not in shown


def test_the_public_names_are_listed() -> None:
    assert set(framelens.__all__) <= set(dir(framelens))
    for name in framelens.__all__:
        assert getattr(framelens, name).__doc__ or name == "__version__", name


def test_report_stays_the_function_but_for_what_users_put_in_its_place() -> None:
    import framelens.report.corpus

    assert framelens.report is api.report
    with mock.patch("framelens.report") as put:
        assert framelens.report is put
    assert framelens.report is api.report


def test_paths_may_come_from_a_stream(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("The talks failed. They met again.\n")
    stream: Any = iter([source])
    assert len(framelens.sample(stream, 2, output=tmp_path / "s.csv")) == 2
    stream = iter([source])
    framelens.report(stream, tmp_path / "r.html")
    assert (tmp_path / "r.html").is_file()
