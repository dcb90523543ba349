"""From texts to corrected shares on the command line: sample, label, correct, and the ways out."""

from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import framelens
import pytest
from framelens.cli.main import run
from framelens.core.files import CHECKOUT, data_path
from framelens.project.items import read_items, write_items
from framelens.project.labelled.forms import labels_in
from framelens.rules.rule_files import read_rules
from framelens.serve.labelling.answers import Answers

from tests.made_statements import made_statements

DOCUMENTS = str(CHECKOUT / "corpus" / "documents")
SCHEME = read_rules(data_path("rules")).scheme
FRAMES = SCHEME.names
GOLD = CHECKOUT / "corpus" / "evaluation.jsonl"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty sentences of the two documents, drawn and labelled as in the evaluation set."""
    folder = tmp_path_factory.mktemp("made")
    drawn, done = folder / "drawn.csv", folder / "labelled.csv"
    assert run(["sample", DOCUMENTS, "--n", "40", "--output", str(drawn)]) == 0
    gold = {row["text"]: row["labels"] for row in map(json.loads, GOLD.read_text().splitlines())}
    rows = rows_of(drawn)
    for row in rows:
        given = gold[row["text"]]
        row["labels"] = "|".join(name for name in FRAMES if name in given) or "none"
    put(done, rows)
    return done


@pytest.fixture
def labelled(made: Path, tmp_path: Path) -> Path:
    """A copy of them to work on."""
    return Path(shutil.copy(made, tmp_path))


def test_shares_are_corrected(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["correct", DOCUMENTS, "--labelled", str(labelled)]) == 0
    out = capsys.readouterr().out
    assert "corrected" in out
    assert "Shares are of 63 sentences of 2 documents" in out


@pytest.mark.parametrize(
    ("coder", "told"),
    [("ana", ": they are"), ("merged", " for coders")],
)
def test_labels_that_are_missing_are_told_and_why_if_that_is_known(
    labelled: Path, coder: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *rest = rows_of(labelled)
    put(labelled, [{**first, "labels": "", "coder": coder}, *rest])
    capsys.readouterr()
    assert run(["correct", DOCUMENTS, "--labelled", str(labelled)]) == 0
    said = capsys.readouterr()
    assert re.findall("1 of the 40 .* have no labels(:? [^ ]+ [^ ]+)", said.out + said.err) == [
        told
    ]


def test_what_people_have_labelled_is_not_written_over(
    labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = labelled.read_bytes()
    merge = ["coders", "merge", str(labelled), str(labelled), "--output"]
    gold = str(labelled.with_name("gold.csv"))
    blank = labelled.with_name("blank.csv")
    put(blank, [{**row, "labels": ""} for row in rows_of(labelled)])
    capsys.readouterr()
    for command in (
        ["export", str(blank), "--to", "csv", "--output", str(labelled)],
        ["sample", DOCUMENTS, "--n", "9", "--output", str(labelled)],
        [*merge, gold, "--disagreements", str(labelled)],
        [*merge, gold, "--disagreements", gold],
    ):
        assert run(command) == 2
        assert "expected" in capsys.readouterr().err
    assert labelled.read_bytes() == before
    assert not Path(gold).exists()


def test_all_commands_count_the_same_sentences(
    labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["summary", DOCUMENTS, "--format", "json"]) == 0
    counted = json.loads(capsys.readouterr().out)["all"]["sentences"]
    assert run(["correct", DOCUMENTS, "--labelled", str(labelled), "--format", "json"]) == 0
    share = json.loads(capsys.readouterr().out)["shares"][0]
    probability = float(rows_of(labelled)[0]["probability"])
    assert counted == share["sentences"] == round(40 / probability) == 63
    assert run(["correct", DOCUMENTS, "--labelled", str(labelled), "--only", "all"]) == 2
    assert "drawn from 63 sentences, and there are 72 now" in capsys.readouterr().err


@pytest.mark.parametrize("cluster", ["document", "delegation"])
def test_headings_count_in_no_command(
    cluster: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Summary, sample, correct and report give the same numbers, to the digit."""
    truth = made_statements(tmp_path / "texts", 12)
    count = 0
    delegations = ["file,delegation"]
    for number, path in enumerate(sorted((tmp_path / "texts").iterdir())):
        delegations.append(f"{path.stem},{min(number, 10)}")  # of the last two documents
        text = path.read_text("utf-8")
        count += text.count(".")
        path.with_suffix(".md").write_text(f"# Dialogue and monitoring\n\n{text}", "utf-8")
        path.unlink()
    texts, drawn, page = str(tmp_path / "texts"), tmp_path / "drawn.csv", tmp_path / "page.html"
    assert run(["sample", texts, "--n", "40", "--output", str(drawn)]) == 0
    items = read_items(drawn, FRAMES)
    write_items([replace(item, labels=truth[item.text]) for item in items], drawn)
    assert {round(40 / (item.probability or 1)) for item in items} == {count}
    table = tmp_path / "table.csv"
    table.write_text("\n".join(delegations), "utf-8")
    tables = framelens.Tables(metadata=str(table))
    counted = framelens.summarize(texts, cluster=cluster, tables=tables).whole
    whole = framelens.correct(texts, drawn, cluster=cluster, tables=tables).whole
    assert counted.sentences == whole.sentences == count
    assert counted.documents == whole.documents == 12
    given = ["--labelled", str(drawn), "--cluster", cluster, "--metadata", str(table)]
    capsys.readouterr()
    assert run(["report", texts, *given, "--output", str(page)]) == 0
    assert f"{count} sentences of 12 documents" in capsys.readouterr().err
    assert run(["correct", texts, *given]) == 0
    out = capsys.readouterr().out
    shown = re.sub(r"(<[^>]+>|\s)+", " ", page.read_text("utf-8"))
    for plain, share in zip(counted.shares, whole.shares, strict=True):
        assert share.counted == plain
        assert (found := share.corrected)
        assert f" {told(plain.share, plain)} {told(found.value, found)} " in shown
        assert re.search(r" +".join(map(re.escape, told(found.value, found).split())), out)


def told(share: float, interval: Any) -> str:
    """A share as the report has it."""
    return f"{100 * share:.1f}% {100 * interval.low:.1f}–{100 * interval.high:.1f}"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("tool", ["label-studio", "doccano", "prodigy", "csv", "xlsx"])
def test_a_sample_goes_out_and_its_labels_come_back(labelled: Path, tool: str) -> None:
    suffix = {"csv": "csv", "xlsx": "xlsx", "label-studio": "json"}.get(tool, "jsonl")
    out, back = labelled.with_name(f"out.{suffix}"), labelled.with_name("back.csv")
    assert run(["export", str(labelled), "--to", tool, "--output", str(out)]) == 0
    arguments = ["--from", tool, "--coder", "ana", "--output", str(back)]
    assert run(["import", str(out), *arguments]) == 0
    expected = [{**row, "coder": "ana"} for row in rows_of(labelled)]
    assert rows_of(back) == expected


def test_the_library_does_what_the_commands_do(labelled: Path, tmp_path: Path) -> None:
    tasks, gold, settle = (tmp_path / name for name in ("tasks.json", "gold.csv", "settle.csv"))
    drawn = framelens.export_sample(labelled, tasks, "label-studio")
    assert len(drawn) == 40
    back = framelens.import_labels(tasks, "label-studio", tmp_path / "ana.csv", coder="ana")
    assert back == [replace(item, coder="ana") for item in drawn]
    items = [replace(drawn[0], labels=FRAMES[:1]), replace(drawn[1], labels=()), *drawn[2:]]
    write_items(items, tmp_path / "ben.csv")
    coders = [tmp_path / "ana.csv", tmp_path / "ben.csv"]
    found = framelens.merge_coders(coders, gold, disagreements=settle)
    assert found.each == {2: 40}
    assert [item.id for item in found.disputed] == [
        item.id for item, other in zip(drawn, items, strict=True) if item.labels != other.labels
    ]
    arguments = ["coders", "merge", *map(str, coders), "--output", str(tmp_path / "again.csv")]
    assert run(arguments) == 0
    assert gold.read_bytes() == (tmp_path / "again.csv").read_bytes()
    write_items([replace(item, labels=()) for item in found.disputed], settle)
    settled = framelens.merge_coders(coders, adjudicated=settle)
    assert all(item.labels is not None for item in settled.gold)


@pytest.mark.parametrize(
    ("command", "begins"),
    [
        ("sample {documents} --n 9", "id,document,start"),
        ("classify {documents} --format jsonl", '{"id"'),
        ("summary {documents} --format csv", "field,value"),
        ("report {documents}", "<!DOCTYPE html>"),
        ("correct {documents} --labelled labelled.csv", "frame"),
        ("export labelled.csv --to doccano", '{"text"'),
        ("import labelled.csv --from csv", "id,document,start"),
        ("coders merge labelled.csv", "id,document,start"),
    ],
)
def test_a_dash_is_standard_output(
    labelled: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    begins: str,
) -> None:
    monkeypatch.chdir(labelled.parent)
    capsys.readouterr()
    assert run([part.format(documents=DOCUMENTS) for part in f"{command} --output -".split()]) == 0
    assert capsys.readouterr().out.startswith(begins)
    assert not Path("-").exists()


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("export labelled.csv --to label-studio --output -", "two files are written"),
        ("export labelled.csv --to xlsx --output -", "expected a name in .xlsx"),
        ("evaluate --report -", "is where the figures are printed"),
        ("train labelled.csv --output -", "is standard output; expected a folder"),
        ("codebook new - --label A --label B", "is standard output; expected a folder"),
        (
            "classify {documents} --format jsonl --output -/",
            "is standard output; expected a folder",
        ),
        ("classify {documents} --format jsonl --save-text -", "is standard output; expected a f"),
    ],
)
def test_what_one_stream_cannot_hold_is_refused(
    labelled: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    expected: str,
) -> None:
    monkeypatch.chdir(labelled.parent)
    capsys.readouterr()
    assert run([part.format(documents=DOCUMENTS) for part in command.split()]) == 2
    told = capsys.readouterr()
    assert expected in told.err
    assert not told.out
    assert not Path("-").exists()


def test_coders_are_merged_and_what_they_dispute_is_settled(
    labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ana, ben, settle, gold = (
        labelled.with_name(f"{n}.csv") for n in ("ana", "ben", "settle", "gold")
    )
    given = rows_of(labelled)
    put(ana, given)
    put(
        ben, [{**given[0], "labels": "monitoring|dialogue"}, {**given[1], "labels": ""}, *given[2:]]
    )
    merge = ["coders", "merge", str(ana), str(ben), "--output", str(gold)]
    assert run([*merge, "--disagreements", str(settle)]) == 0
    assert "labels for 39 of 40 sentences; 1 disputed, 1 of them still" in capsys.readouterr().err
    (row,) = rows_of(settle)
    assert (row["labels"], row["said by ben"]) == ("", "monitoring|dialogue")
    put(settle, [{**row, "labels": "dialogue"}])
    assert run([*merge, "--adjudicated", str(settle)]) == 0
    told = capsys.readouterr().err
    assert "; 1 disputed, 0 of them still to settle" in told
    assert "39 labelled by two coders or more, 1 by one; what one alone says has no second" in told
    assert told.endswith("; how far coders agree is told by framelens evaluate --coder\n")
    merged = rows_of(gold)
    assert [row["labels"] for row in merged] == ["dialogue", *(row["labels"] for row in given[1:])]
    assert {row["coder"] for row in merged} == {"merged"}


def test_coders_who_share_no_sentence_are_told_of(
    labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ana, ben = (labelled.with_name(f"{name}.csv") for name in ("ana", "ben"))
    given = rows_of(labelled)
    put(ana, given[:25])
    put(ben, given[25:])
    merge = ["coders", "merge", "--output", str(labelled.with_name("gold.csv")), str(ana)]
    capsys.readouterr()
    assert run([*merge, str(ben)]) == 0
    told = capsys.readouterr().err
    assert "0 labelled by two coders or more, 40 by one: where the files are of two" in told
    assert run([*merge, str(ana)]) == 2
    assert "is given twice" in capsys.readouterr().err


def test_a_sample_is_what_its_name_says(labelled: Path) -> None:
    sheet, gold = labelled.with_name("drawn.xlsx"), labelled.with_name("gold.xlsx")
    assert run(["sample", DOCUMENTS, "--n", "40", "--output", str(sheet)]) == 0
    assert sheet.read_bytes()[:2] == b"PK"
    answers = Answers(sheet, SCHEME)
    said = {row["id"]: row["labels"] for row in rows_of(labelled)}
    given = [replace(item, labels=labels_in(said[item.id], FRAMES, "|")) for item in answers.items]
    write_items(given, answers.path("ana"))
    assert answers.answer("ana", given[0].id, given[0].labels, True, "Hm.").suffix == ".xlsx"
    assert run(["coders", "merge", str(answers.path("ana")), "--output", str(gold)]) == 0
    shares = labelled.with_name("shares.json")
    for path, file in ((labelled, shares), (gold, shares.with_name("again.json"))):
        assert run(["correct", DOCUMENTS, "--labelled", str(path), "--output", str(file)]) == 0
    found, again = json.loads(shares.read_text()), json.loads(file.read_text())
    told = found["methods"].replace(
        "of them were labelled;",
        "of them were labelled (1 of them as unsure, which count as others do);",
    )
    assert {**found, "methods": told} == again


def test_names_of_other_formats_are_refused(
    labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(labelled)
    for command, end in (
        (["sample", DOCUMENTS, "--n", "9"], "parquet"),
        (["export", file, "--to", "doccano"], "csv"),
        (["export", file, "--to", "csv"], "json"),
        (["export", file, "--to", "label-studio"], "xlsx"),
        (["import", file, "--from", "csv"], "json"),
        (["coders", "merge", file], "tsv"),
        (["correct", DOCUMENTS, "--labelled", file], "xlsx"),
        (["correct", DOCUMENTS, "--labelled", file, "--format", "csv"], "json"),
    ):
        capsys.readouterr()
        path = labelled.with_name(f"other.{end}")
        assert run([*command, "--output", str(path)]) == 2
        (line,) = capsys.readouterr().err.strip().splitlines()
        assert f".{end} is not written here; expected a name in ." in line
        assert not path.exists()


def put(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["sample", DOCUMENTS, "--n", "5000"], "the texts have only 63 sentences to draw from"),
        (["sample", DOCUMENTS, "--n", "0"], "n is 0; expected a whole number from 1 on"),
        (["sample", "nowhere", "--n", "3"], "nowhere: no such file or folder"),
        (["sample", DOCUMENTS, "--only", "verse"], "--only verse: expected prose, "),
        (
            ["sample", DOCUMENTS, "--language", "english"],
            "language 'english': expected two letters",
        ),
        (["import", str(GOLD), "--from", "doccano"], "no field 'framelens'"),
        (["import", "nowhere.xlsx", "--from", "xlsx"], "nowhere.xlsx: no such file"),
        (["coders", "merge", str(GOLD), "nowhere.csv"], "nowhere.csv: no such file"),
    ],
)
def test_bad_input_is_one_line(
    arguments: list[str], expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*arguments, "--output", str(tmp_path / "x.csv")]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert expected in line
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize(
    ("kept", "drawn_by", "expected"),
    [
        (40, "random", ""),
        (20, "random", "the sample was drawn from 32 sentences, and there are 63 now"),
        (40, "", "was drawn by 'an unknown design', this by 'random'; expected the same design"),
    ],
)
def test_a_wave_avoids_waves_of_these_texts_alone(
    labelled: Path, capsys: pytest.CaptureFixture[str], kept: int, drawn_by: str, expected: str
) -> None:
    """Labels that were picked, and texts that are others now, would make no sample with what is drawn."""
    cells = {"design": drawn_by} | ({} if drawn_by else {"probability": ""})
    put(labelled, [{**row, **cells} for row in rows_of(labelled)[:kept]])
    second = labelled.with_name("second.csv")
    asked = ["sample", DOCUMENTS, "--n", "9", "--avoid", str(labelled), "--output", str(second)]
    capsys.readouterr()
    assert run(asked) == (2 if expected else 0)
    assert expected in capsys.readouterr().err
    assert second.exists() != bool(expected)


def test_a_wave_to_avoid_that_may_lack_rows_is_told(
    labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(labelled, [{**row, "probability": "0.629"} for row in rows_of(labelled)])
    second = labelled.with_name("second.csv")
    capsys.readouterr()
    assert run(["sample", DOCUMENTS, "--n", "9", "--avoid", str(labelled), "-o", str(second)]) == 0
    assert "the sample stands for 64 sentences, and there are 63" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_rows_that_may_be_missing_are_told_in_every_format(
    labelled: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    put(labelled, [{**row, "probability": "0.629"} for row in rows_of(labelled)])
    capsys.readouterr()
    assert run(["correct", DOCUMENTS, "--labelled", str(labelled), "--format", form]) == 0
    said = " ".join("".join(capsys.readouterr()).split())
    assert said.count("The sample stands for 64 sentences, and there are 63") == 1


@pytest.mark.parametrize(
    ("wrote", "corrects", "differ"),
    [
        ([], [], False),
        (["--rules-only", "--threshold", "dialogue=0.95"], [], True),
        (["--threshold", "dialogue=0.999"], ["--threshold", "dialogue=0.999"], False),
    ],
)
def test_labels_of_another_model_are_told(
    labelled: Path,
    capsys: pytest.CaptureFixture[str],
    wrote: list[str],
    corrects: list[str],
    differ: bool,
) -> None:
    """Those in a file that framelens wrote: whether that model has seen the sample, nobody looks at."""
    written = labelled.with_name("written.jsonl")
    classify = ["classify", DOCUMENTS, *wrote, "--format", "jsonl", "--output", str(written)]
    assert run(classify) == 0
    capsys.readouterr()
    asked = ["--labelled", str(labelled), "--format", "csv", *corrects]
    assert run(["correct", str(written), *asked]) == 0
    told = "of the 40 sentences drawn have other labels than this model gives"
    assert (told in capsys.readouterr().err) == differ
    assert run(["correct", DOCUMENTS, *asked]) == 0
    assert told not in capsys.readouterr().err


def test_shares_are_corrected_by_stance(
    labelled: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    gold = {row["text"]: row.get("stances", {}) for row in map(json.loads, GOLD.open())}
    rows, done = rows_of(labelled), tmp_path / "with stances.csv"
    for row in rows:
        row["stances"] = "|".join(f"{name}:{it}" for name, it in gold[row["text"]].items())
    put(done, rows)
    capsys.readouterr()
    asked = ["correct", DOCUMENTS, "--labelled", str(done), "--format", "json", "--stance"]
    assert run(asked) == 0
    shares = {row["frame"]: row for row in json.loads(capsys.readouterr().out)["shares"]}
    parts = [
        row["labels_alone"] for name, row in shares.items() if name.startswith("cooperation: ")
    ]
    assert len(parts) == 4
    assert sum(parts) == pytest.approx(shares["cooperation"]["labels_alone"], abs=0.001)
    assert run(["correct", DOCUMENTS, "--labelled", str(labelled), "--stance"]) == 2
    assert "has the stance None to" in capsys.readouterr().err
