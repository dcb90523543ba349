"""`framelens report` and `framelens summary` from end to end, with small rules."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from framelens.cli.main import run

from tests.helpers import read_payload

TEXTS = {
    "draft.txt": "They visited the old prison. The talks failed.",
    "final.txt": "They visited the old prison. Nobody came.",
}


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def means(small_folder: Path) -> list[str]:
    return ["--rules", str(small_folder), "--rules-only"]


def test_report_writes_a_page(
    inputs: Path, means: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    options = ["--output", str(page), "--title", "Draft & final", "--by", "document", *means]
    assert run(["report", str(inputs), *options]) == 0
    text = page.read_text(encoding="utf-8")
    assert "<h1>Draft &amp; final</h1>" in text
    assert read_payload(text)["pairs"][0]["documents"] == [0, 1]
    assert capsys.readouterr().err.strip() == f"{page}: 4 sentences of 2 documents"


def test_report_lays_documents_beside_each_other(
    inputs: Path, means: list[str], tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    asked = ["--compare", "final.txt", "--compare", "draft.txt"]
    assert run(["report", str(inputs), "--output", str(page), *asked, *means]) == 0
    payload = read_payload(page.read_text(encoding="utf-8"))
    assert payload["pairs"][0]["documents"] == [1, 0]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--by", "speaker"], "no sentence has the field 'speaker'"),
        (["--by", "DOCUMENT "], "no sentence has the field 'DOCUMENT ', but 'document'; there are"),
        (["--compare", "draft.txt"], "expected two or more"),
        (["--compare", "draft.txt", "--compare", "x"], "no such document"),
    ],
)
def test_report_refuses_what_is_not_there(
    options: list[str],
    problem: str,
    inputs: Path,
    means: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = tmp_path / "page.html"
    assert run(["report", str(inputs), "--output", str(page), *options, *means]) == 2
    assert problem in capsys.readouterr().err
    assert not page.exists()


def test_report_needs_a_place_to_write_before_it_reads(
    means: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "no").touch()
    assert run(["report", "nowhere", "--output", str(tmp_path / "no" / "page.html"), *means]) == 2
    assert "is no folder" in capsys.readouterr().err


def test_report_passes_over_bad_records(
    means: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, page = tmp_path / "in.jsonl", tmp_path / "page.html"
    source.write_text('{"text": "The talks failed."}\nnonsense\n', encoding="utf-8")
    assert run(["report", str(source), "--output", str(page), "--skip-bad", *means]) == 0
    assert "1 bad record passed over" in capsys.readouterr().err
    assert (tmp_path / "page.html.rejects.jsonl").exists()


def test_report_reads_places_in_documents_as_fields(means: list[str], tmp_path: Path) -> None:
    source, page = tmp_path / "record.txt", tmp_path / "page.html"
    source.write_text(
        "Ms. Dlamini (Eswatini): The talks failed.\n\nMr. Berg (Norway): They visited the prison.\n",
        encoding="utf-8",
    )
    assert run(["report", str(source), "--output", str(page), "--by", "speaker", *means]) == 0
    assert '<th scope="row">Mr. Berg (Norway)</th>' in page.read_text(encoding="utf-8")


def test_summary_prints_shares(
    inputs: Path, means: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["summary", str(inputs), "--by", "document", *means]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["look", "2", "50.0%", "0.6–99.4"] in lines
    assert ["draft.txt", "2", "50.0%", "9.5–90.5", "50.0%", "9.5–90.5", "0.0%"] in lines


def test_summary_as_csv_into_a_file(inputs: Path, means: list[str], tmp_path: Path) -> None:
    target = tmp_path / "shares.csv"
    options = ["--by", "document", "--format", "csv", "--output", str(target), *means]
    assert run(["summary", str(inputs), *options]) == 0
    rows = list(csv.DictReader(StringIO(target.read_text(encoding="utf-8"))))
    assert len(rows) == 9
    assert rows[0] == {
        "field": "",
        "value": "",
        "over": "",
        "period": "",
        "frame": "look",
        "sentences": "4",
        "documents": "2",
        "given": "2",
        "share": "0.5",
        "low": "0.0061",
        "high": "0.9939",
        **dict.fromkeys(["difference", "difference_low", "difference_high", "p", "p_holm"], ""),
    }


def test_summary_of_two_fields_at_once(
    means: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in.csv"
    rows = [f"{country};{day}/03/201{year};The talks failed." for country in ("Togo", "Chad")
            for year in (1, 3) for day in (20, 21)]  # fmt: skip
    source.write_text("\n".join(["Country;When;Speech", *rows]), encoding="utf-8")
    options = ["--text-column", "Speech", "--date-column", "When", "--day-first", *means]
    cross = ["--by", "Country", "--over", "year", "--top", "all", "--sort", "name"]
    assert run(["summary", str(source), *cross, *options]) == 0
    said = capsys.readouterr()
    lines = [line.split() for line in said.out.splitlines()]
    assert ["talk", "2011", "2012", "2013"] in [line[:4] for line in lines]
    assert ["Chad", "100.0%", "100.0%"] in [line[:3] for line in lines]
    assert "rest on fewer than 10 documents" in said.err
    assert run(["summary", str(source), *cross, *options, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["over"][0]["columns"] == ["2011", "2012", "2013"]


@pytest.mark.parametrize("top", ["0", "-1", "some"])
def test_top_is_a_number_or_all(
    top: str, inputs: Path, means: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["summary", str(inputs), "--top", top, *means]) == 2
    assert f"--top {top}: expected a whole number from 1 on, or all" in capsys.readouterr().err


def test_summary_of_records_by_a_field(
    means: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in.jsonl"
    rows = [{"text": "The talks failed.", "country": "\x1b[31mred"}, {"text": "Nobody came."}]
    source.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert run(["summary", str(source), "--by", "country", *means]) == 0
    out = capsys.readouterr().out
    assert "\x1b[31m" not in out
    assert "(not given)" in out
    assert run(["summary", str(source), "--by", "speaker", *means]) == 2
    assert (
        "no sentence has the field 'speaker'; there are: country, document"
        in capsys.readouterr().err
    )


def test_names_that_fit_nothing_are_told_with_the_error(
    tmp_path: Path, small_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("The talks failed.", encoding="utf-8")
    arguments = ["summary", str(tmp_path / "a.txt"), "--rules", str(small_folder), "--rules-only"]
    assert run([*arguments, "--by", "country", "--names", "{country}_{n}.txt"]) == 2
    said = capsys.readouterr().err
    assert "1 file has a name that --names does not fit, such as" in said
    assert "no sentence has the field 'country'" in said
