"""What stands in a Parquet file, and how it is written."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from framelens.classification.classifier import FrameClassifier
from framelens.cli.main import run
from framelens.core.errors import FramelensError
from framelens.core.types import Classified, Passage
from framelens.writers.parquet import ROWS, check_installed, write_parquet
from framelens.writers.records import record
from pyarrow import Table
from pyarrow.parquet import ParquetFile, read_table

from tests.helpers import classify_passages, open_classifier

PASSAGES = [
    Passage(
        "a", "They visited the old prison. Nobody came. The talks failed.", meta={"year": 2019}
    ),
    Passage("b", "The talks failed: \udce9 =1+1"),
]


@pytest.fixture
def small(small_folder: Path) -> FrameClassifier:
    return open_classifier(rules=small_folder, mode="rules")


def written(rows: list[Classified], *, explain: bool = False) -> Table:
    out = io.BytesIO()
    write_parquet(rows, out, unit="document", frames=("look", "talk"), explain=explain)
    return read_table(io.BytesIO(out.getvalue()))


@pytest.mark.parametrize("explain", [False, True])
def test_rows_are_those_of_json_lines(small: FrameClassifier, explain: bool) -> None:
    rows = list(classify_passages(PASSAGES[:1], small))
    found = written(rows, explain=explain).to_pylist()
    for row, cells in zip(rows, found, strict=True):
        expected = record(row, unit="document", explain=explain)
        expected["meta"] = json.dumps(expected["meta"])
        lacking = {"about", "stances", *(["reasons"] if explain else [])}
        assert cells == {**dict.fromkeys(lacking), **expected}


def test_with_explain_reasons_are_those_of_json_lines_by_frame() -> None:
    classifier = open_classifier()
    rows = list(classify_passages([Passage("a", "They refused all dialogue.")], classifier))
    out = io.BytesIO()
    write_parquet(rows, out, unit="document", frames=classifier.frames, explain=True)
    (cells,) = read_table(io.BytesIO(out.getvalue()), columns=["reasons"]).to_pylist()
    told = {frame: reasons for frame, reasons in cells["reasons"].items() if reasons is not None}
    assert told == record(rows[0], unit="document", explain=True)["reasons"]
    assert told["dialogue"]


def test_what_cannot_be_written_is_replaced_and_formulas_stay(small: FrameClassifier) -> None:
    found = written(list(classify_passages(PASSAGES[1:], small))).to_pylist()
    assert found[0]["text"] == "The talks failed: \ufffd =1+1"
    assert json.loads(found[0]["meta"]) == {"kind": "prose"}


def test_nothing_is_a_file_without_rows() -> None:
    assert written([]).num_rows == 0


def test_rows_come_in_groups(small: FrameClassifier) -> None:
    rows = list(classify_passages([Passage("a", "Nobody came.")], small)) * (ROWS + 1)
    out = io.BytesIO()
    write_parquet(rows, out, unit="document", frames=("look", "talk"))
    assert ParquetFile(io.BytesIO(out.getvalue())).num_row_groups == 2


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(FramelensError, match=r"pip install 'framelens\[parquet\]'"):
        check_installed()


def test_classify_writes_it(small_folder: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "in.txt", tmp_path / "out.parquet"
    source.write_text("The talks failed. Nobody came.", encoding="utf-8")
    options = ["--rules", str(small_folder), "--rules-only", "--output", str(target)]
    assert run(["classify", str(source), "--format", "parquet", *options]) == 0
    assert [row["labels"] for row in read_table(target).to_pylist()] == [["talk"], []]
    assert not list(tmp_path.glob(".*partial"))


@pytest.mark.parametrize("options", [["--jobs", "2"], ["--resume"]])
def test_what_does_not_go_with_it(
    options: list[str], small_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in.txt"
    source.write_text("The talks failed.", encoding="utf-8")
    where = ["--rules", str(small_folder), "--rules-only", "--output", str(tmp_path / "o.parquet")]
    assert run(["classify", str(source), "--format", "parquet", *where, *options]) == 2
    assert "--format jsonl or csv" in capsys.readouterr().err
