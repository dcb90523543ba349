"""One output file, however the work is cut up and by however many it is done."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from framelens.cli.main import run
from framelens.core.errors import FramelensError
from framelens.core.settings import Format, Settings
from framelens.parallel import run as running
from framelens.parallel import stream
from framelens.parallel.run import classify_text, classify_to_file, classify_to_folder
from framelens.parallel.stream import Outcome, sources_of, streamed
from framelens.project.project import Project
from framelens.readers import look_ahead, rejects_path

from tests.parallel.conftest import Reference

TASKS: list[dict[str, Any]] = [
    {},
    {"unit": "sentence"},
    {"evidence": True},
    {"form": "csv"},
    {"form": "csv", "unit": "sentence", "evidence": True},
]


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("options", TASKS)
def test_the_output_does_not_show_where_the_input_was_cut(
    options: dict[str, Any],
    inputs: list[Path],
    task: Settings,
    reference: Reference,
    tmp_path: Path,
) -> None:
    task = replace(task, **options)
    out = tmp_path / "out"
    outcome = classify_to_file(inputs, task, out)
    assert out.read_bytes() == reference(inputs, task)
    assert outcome == Outcome(outcome.sentences, 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out", "rules"]


@pytest.mark.usefixtures("small_parts")
def test_workers_write_the_same_bytes_in_the_same_order(
    inputs: list[Path], task: Settings, tmp_path: Path
) -> None:
    task = replace(task, skip_bad=True)
    inputs.insert(3, bad_records(tmp_path))
    for jobs in (1, 2):
        outcome = classify_to_file(inputs, task, tmp_path / f"{jobs}", jobs=jobs)
        assert outcome.rejected == 3
    for end in ("", ".rejects.jsonl"):
        assert (tmp_path / f"1{end}").read_bytes() == (tmp_path / f"2{end}").read_bytes()


def test_a_worker_that_is_killed_is_told_of(
    inputs: list[Path], task: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "do_shard", kill)
    with pytest.raises(FramelensError, match="ended from outside"):
        classify_to_file(inputs, task, tmp_path / "out", jobs=2)
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == []


def kill(*_: object) -> None:
    os.kill(os.getpid(), 9)


def bad_records(folder: Path) -> Path:
    rows = [json.dumps({"text": f"The talks number {n} failed."}) for n in range(60)]
    rows[20], rows[21], rows[50] = "nonsense", "{}", '"text"'
    path = folder / "bad.jsonl"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.mark.usefixtures("small_parts")
def test_bad_records_are_passed_over_in_order(task: Settings, tmp_path: Path) -> None:
    path, out = bad_records(tmp_path), tmp_path / "out.jsonl"
    outcome = classify_to_file([path], replace(task, skip_bad=True), out)
    rejects = tmp_path / "out.jsonl.rejects.jsonl"
    assert outcome == Outcome(57, 3, rejects)
    rows = [json.loads(line) for line in rejects.read_text("utf-8").splitlines()]
    assert [row["line"] for row in rows] == [21, 22, 51]
    assert rows[0] == {
        "file": str(path), "line": 21, "raw": "nonsense\n",
        "reason": "not JSON: Expecting value, column 1; expected one object a line",
    }  # fmt: skip


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("jobs", [1, 2])
def test_bad_records_are_named_where_the_output_is_no_file(
    jobs: int, task: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = bad_records(tmp_path)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    outcome = classify_to_file([path], replace(task, skip_bad=True), None, jobs=jobs)
    *named, last = outcome.notes
    assert [note.split(": ")[0] for note in named] == [
        f"passed over {path}:{line}" for line in (21, 22, 51)
    ]
    assert (last, outcome.rejects) == ("3 bad records passed over", None)


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("jobs", [1, 2])
def test_the_first_bad_record_ends_the_run(
    jobs: int, task: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = bad_records(tmp_path)
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", out)
    with pytest.raises(FramelensError, match=r"bad.jsonl:21: not JSON"):
        classify_to_file([path], task, None, jobs=jobs)
    assert len(out.buffer.getvalue().splitlines()) <= 20


def test_an_error_of_reading_ends_the_run_after_what_came_before(
    task: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = b"The talks failed.\n\n", b"caf\xe9 talks"
    for content in (b"{" + good, good + bad):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        with pytest.raises(FramelensError, match="stdin"):
            classify_to_file(["-"], task, tmp_path / "out")
        assert not (tmp_path / "out").exists()


def test_a_text(task: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert classify_text("The talks failed. He left.", task, out) == Outcome(2, 0)
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == ["text#0", "text#1"]


def test_an_empty_file_is_told_of_wherever_it_stands(task: Settings, tmp_path: Path) -> None:
    empty, full = tmp_path / "a.txt", tmp_path / "b.txt"
    empty.write_text("")
    full.write_text("The talks failed.")
    for paths in ([empty], [empty, full], [full, empty]):
        outcome = classify_to_file(paths, task, tmp_path / "out")
        assert outcome.notes == ("1 text is empty, such as 'a.txt'",)
        assert outcome.sentences == len(paths) - 1


@pytest.mark.parametrize("jobs", [1, 2])
def test_offsets_fit_the_texts_of_rows_of_one_id(task: Settings, jobs: int, tmp_path: Path) -> None:
    table, out, texts = tmp_path / "a.csv", tmp_path / "out", tmp_path / "texts"
    table.write_text("id,text\na,One. Two.\nb,Three.\na,Four. Five.\n")
    classify_to_file([table], task, out, jobs=jobs, texts=texts)
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["doc"] for row in rows] == [f"a.csv:{line}" for line in (2, 2, 3, 4, 4)]
    for row in rows:
        text = (texts / f"{row['doc'].replace(':', '_')}.txt").read_text()
        assert text[row["start"] : row["end"]] == row["text"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_left_out_is_told(task: Settings, jobs: int, tmp_path: Path) -> None:
    french = "Le comité a examiné le rapport de la délégation et recommandé une enquête. " * 4
    (tmp_path / "a.txt").write_text("Findings\n\nThe two sides held talks in the old town.")
    (tmp_path / "b.txt").write_text(french)
    (tmp_path / "c.txt").write_text(
        "The ferry to the island was late again because of the wind. " * 10
    )
    settings = replace(task, only=("prose",))
    inputs = [tmp_path / name for name in ("a.txt", "b.txt", "c.txt")]
    outcome = classify_to_file(inputs, settings, tmp_path / "out", jobs=jobs)
    assert outcome.notes == (
        "1 sentence of the kind heading was left out",
        "1 document is not all in English, such as 'b.txt (fr)'",
    )


@pytest.mark.parametrize("jobs", [1, 2])
def test_documents_beside_the_subject_are_named(jobs: int, tmp_path: Path) -> None:
    """When they are classified, and when what was written is read again."""
    inputs, out, settings = (
        [tmp_path / "a.txt", tmp_path / "b.txt"],
        tmp_path / "out.jsonl",
        Settings(),
    )
    inputs[0].write_text("The ferry to the island was late again because of the wind. " * 10)
    inputs[1].write_text(
        "Prisoners were tortured, and the Special Rapporteur was turned away. " * 10
    )
    (note,) = classify_to_file(inputs, settings, out, jobs=jobs).notes
    assert re.fullmatch(r"1 document is hardly about .*'a.txt \(0.\d\d\)'", note)
    with streamed(sources_of([out], settings), Project.open(settings), anew=False) as stream:
        assert len(list(stream.checked())) == 20
        assert re.fullmatch(r"hardly about .*: a.txt \(0.\d\d\)", stream.messages()[0])
    chosen = replace(settings, min_about=0.5)  # which leaves them out
    for paths in (inputs, [out]):
        with streamed(sources_of(paths, chosen), Project.open(chosen), anew=False) as stream:
            assert len(list(stream.checked())) == 20
            assert not [note for note in stream.messages() if "hardly" in note]


@pytest.fixture
def changing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that is changed as soon as it has been looked through."""
    source = tmp_path / "a.jsonl"
    source.write_text('{"id": "a", "text": "The talks failed."}\n')

    def changed(*arguments: Any) -> Any:
        found = look_ahead(*arguments)
        text = source.read_text()
        source.write_text(f'{text}{{"id": "{len(text)}", "text": "They failed."}}\n')
        return found

    monkeypatch.setattr(stream, "look_ahead", changed)
    return source


NOTICED = "was changed while it was read"


@pytest.mark.parametrize(
    ("into", "form"), [("file", "jsonl"), ("file", "parquet"), ("folder", "jsonl")]
)
def test_an_input_that_changes_after_it_is_looked_through_is_noticed(
    changing: Path, tmp_path: Path, into: str, form: Format
) -> None:
    write: Any = classify_to_folder if into == "folder" else classify_to_file
    with pytest.raises(FramelensError, match=NOTICED):
        write([changing], Settings(mode="rules", form=form), tmp_path / "out")
    assert not list(tmp_path.glob("out/*.jsonl"))
    assert not (tmp_path / "out").is_file()


def test_an_input_that_changes_is_noticed_where_all_of_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inputs: list[Path], task: Settings
) -> None:
    classify_to_folder(inputs, task, tmp_path / "out")
    monkeypatch.setattr(stream, "look_ahead", lambda *given: touched(inputs[0], *given))
    with pytest.raises(FramelensError, match=NOTICED):
        classify_to_folder(inputs, task, tmp_path / "out")


def touched(path: Path, *given: Any) -> Any:
    os.utime(path, ns=(1, 1))
    return look_ahead(*given)


@pytest.mark.parametrize("command", ["summary", "report", "sample", "classify --format table"])
def test_commands_that_count_notice_it_too(
    command: str, changing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / {"report": "out.html"}.get(command, "out.csv")
    assert run([*command.split(), str(changing), "--rules-only", "--output", str(output)]) == 2
    assert NOTICED in capsys.readouterr().err
    assert not output.exists()


def test_names_as_long_as_file_systems_take_have_results_of_their_own(
    task: Settings, tmp_path: Path
) -> None:
    inputs = [tmp_path / f"{'n' * 240}{end}.txt" for end in "ab"]
    for path in inputs:
        path.write_text("The talks failed.")
    assert classify_to_folder(inputs, task, tmp_path / "out").sentences == 2
    assert classify_to_folder(inputs, task, tmp_path / "out").kept == 2


def test_an_output_may_have_a_name_as_long_as_file_systems_take(
    task: Settings, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    path, out = bad_records(tmp_path), tmp_path / "out" / f"{'n' * 249}.jsonl"
    for _ in range(2):
        outcome = classify_to_file([path], replace(task, skip_bad=True), out)
        assert (outcome.rejects, outcome.rejected) == (rejects_path(out), 3)
        assert {*out.parent.iterdir()} == {out, rejects_path(out)}
    path.write_text('{"text": "The talks failed."}')
    classify_to_file([path], task, out)
    assert {*out.parent.iterdir()} == {out}


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("target", ["nowhere.txt", "link.txt"])
def test_a_link_that_leads_nowhere_is_put_aside(
    target: str, jobs: int, task: Settings, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("The talks failed.")
    (tmp_path / "in/link.txt").symlink_to(target)
    settings = replace(task, skip_bad=True)
    outcome = classify_to_file([tmp_path / "in"], settings, tmp_path / "out", jobs=jobs)
    assert (outcome.sentences, outcome.rejected) == (1, 1)
    assert classify_to_folder([tmp_path / "in"], settings, tmp_path / "outs").rejected == 1


def test_who_hands_shards_out_imports_no_spacy() -> None:
    code = "import sys, framelens.parallel.run; print('spacy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
