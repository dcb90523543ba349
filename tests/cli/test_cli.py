"""The command line as a user meets it: real processes, real files."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from framelens import classify_files
from framelens.cli.main import Exit, run
from framelens.core.files import CHECKOUT
from framelens.core.version import __version__

DOCUMENTS = CHECKOUT / "corpus" / "documents"
STATEMENT = "The rapporteur was refused access. We stand for dialogue."


def framelens(
    *arguments: str | Path, stdin: str | bytes = b"", cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    data = stdin.encode() if isinstance(stdin, str) else stdin
    command = [sys.executable, "-m", "framelens", *map(str, arguments)]
    return subprocess.run(command, input=data, capture_output=True, cwd=cwd, check=False)


def fails(arguments: Sequence[str | Path], capsys: pytest.CaptureFixture[str]) -> str:
    """Run in this process, expect exit code 2 and one line; return the line."""
    assert run([str(word) for word in arguments]) == Exit.BAD_INPUT
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert said.err.startswith("framelens: error: ")
    return said.err


def jsonl(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> list[dict[str, Any]]:
    assert run(["classify", *map(str, arguments), "--format", "jsonl"]) == Exit.OK
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("arguments", "after"),
    [
        (["classify", ""], ""),
        (["classify", "a.txt", "--output", ""], " after --output"),
        (["train", "a.csv", "--output="], " after --output"),
        (["serve", "--host", ""], " after --host"),
    ],
)
def test_a_variable_without_a_value_is_no_path(
    arguments: list[str], after: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = fails(arguments, capsys)
    assert said == f"framelens: error: an empty argument{after}; expected a value\n"


@pytest.mark.parametrize("arguments", [["report", "--output"], ["evaluate", "--report"]])
def test_a_report_is_a_page(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "a.txt"
    source.write_text("The talks failed.")
    said = fails([*arguments, "r.csv", source], capsys)
    assert "r.csv: .csv is not written here; expected a name in .html" in said


def test_columns_that_no_text_has_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "a.csv"
    source.write_text("text,country\nThe talks failed.,Mali\n")
    assert run(["classify", str(source), "--id-column", "x", "--date-column", "y"]) == Exit.OK
    assert capsys.readouterr().err.splitlines() == [
        "framelens: 1 record has no field that --id-column names, such as 'a.csv, line 2'",
        "framelens: 1 document has no field that --date-column names, such as 'y'",
    ]


def test_help_explains_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    from framelens.cli.main import app_for
    from typer.main import get_command

    def commands(command: object, path: str) -> list[tuple[str, object]]:
        inner = getattr(command, "commands", {})
        rows = [(path, command)]
        for name, sub in inner.items():
            rows += commands(sub, f"{path} {name}")
        return rows

    for path, command in commands(get_command(app_for([])), "framelens"):
        assert getattr(command, "help", None), path
        for parameter in command.params:  # type: ignore[attr-defined]
            assert getattr(parameter, "help", None), f"{path} {parameter.name}"
    assert run(["--help"]) == Exit.OK
    assert "classify" in capsys.readouterr().out


def test_no_arguments_show_the_help_and_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == Exit.BAD_INPUT
    said = capsys.readouterr()
    assert "classify" in said.out
    assert said.err == ""


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == Exit.OK
    assert capsys.readouterr().out == f"framelens {__version__}\n"


def test_classify_text_as_jsonl(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = jsonl(capsys, "--text", STATEMENT)
    assert list(first)[:10] == [
        "id", "doc", "index", "start", "end", "text", "labels", "primary", "scores", "about",
    ]  # fmt: skip
    assert (first["labels"], first["primary"]) == (["monitoring"], "monitoring")
    assert (second["labels"], second["index"], second["start"]) == (["dialogue"], 1, 35)
    assert {"frame", "kind", "name", "start", "end", "text", "weight"} <= set(first["evidence"][0])


def test_classify_both_documents(capsys: pytest.CaptureFixture[str]) -> None:
    rows = jsonl(capsys, DOCUMENTS)
    assert len({row["doc"] for row in rows}) == 2
    for row in rows:
        text = (DOCUMENTS / str(row["doc"])).read_bytes().decode("utf-8")
        assert text[row["start"] : row["end"]] == row["text"]


def test_a_record_keeps_its_id_and_its_other_fields(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text('{"id": "a", "text": "One. Two.", "country": "X", "year": 1998}\n')
    (row,) = jsonl(capsys, path, "--unit", "sentence")
    assert (row["id"], row["text"], row["meta"]) == (
        "a",
        "One. Two.",
        {"kind": "prose", "country": "X", "year": 1998},
    )
    assert [row["id"] for row in jsonl(capsys, path)] == ["a#0", "a#1"]


def test_standard_input(tmp_path: Path) -> None:
    done = framelens("classify", "--format", "jsonl", stdin=STATEMENT, cwd=tmp_path)
    assert len(done.stdout.splitlines()) == 2
    assert done.stderr == b""


def test_csv_neutralises_formulas(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text(json.dumps({"id": "=1+1", "text": "@SUM(A1) and dialogue"}) + "\n")
    for flags, mark in (([], "'"), (["--keep-formulas"], "")):
        arguments = ["classify", str(path), "--unit", "sentence", "--format", "csv", *flags]
        assert run(arguments) == Exit.OK
        (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
        assert row["id"] == f"{mark}=1+1"
        assert row["text"] == f"{mark}@SUM(A1) and dialogue"


def test_the_table_is_plain_in_a_pipe_and_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["classify", "--text", STATEMENT, "--explain"]) == Exit.OK
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "M···  The rapporteur was refused access.  [monitoring lacking]" in shown
    assert "rule monitoring." in shown


def test_control_characters_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["classify", "--text", "\x1b[31mdialogue\x07\x9b2J"]) == Exit.OK
    assert not {"\x1b", "\x07", "\x9b"} & set(capsys.readouterr().out)


def test_output_is_written_whole_or_not_at_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad, out = tmp_path / "a.jsonl", tmp_path / "b.jsonl", tmp_path / "out.jsonl"
    good.write_text('{"text": "Impunity must end."}\n')
    bad.write_text('{"text": "x"}\n{"text":\n')
    assert run(["classify", str(good), "--format", "jsonl", "-o", str(out)]) == Exit.OK
    before = out.read_bytes()
    said = fails(["classify", good, bad, "--format", "jsonl", "-o", out], capsys)
    assert "b.jsonl:2: " in said
    assert out.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "b.jsonl", "out.jsonl"]


LONG = "x" * 5000


def test_skip_bad_goes_on_counts_and_keeps_the_rejects(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "s.jsonl", tmp_path / "out.jsonl"
    path.write_text('{"text": "One."}\nnonsense\n{"text": "Two."}\n')
    arguments = ["classify", str(path), "--skip-bad", "--format", "jsonl", "-o", str(out)]
    assert run(arguments) == Exit.OK
    assert len(out.read_text().splitlines()) == 2
    (reject,) = (tmp_path / "out.jsonl.rejects.jsonl").read_text().splitlines()
    assert json.loads(reject)["line"] == 2
    assert "1 bad record" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["classify", LONG],
        ["classify", "--text", "x", "--threshold", f"{LONG}=0.5"],
        ["classify", "--text", "x", "--model", LONG],  # of which the system complains
        ["classify", "--text", "x", "--format", LONG],  # of which typer complains
        ["classify", f"--{LONG}"],
        ["classify", "o.csv", "--rules-only", "--date-column", LONG],  # which is a note
        [LONG],
    ],
)
def test_long_arguments_are_not_echoed_whole(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("o.csv").write_text("text,country\nThey talked.,Chad\n")
    run(arguments)
    assert 0 < len(capsys.readouterr().err) < 600


@pytest.mark.parametrize(
    ("name", "begins"),
    [("o.txt", "text\n"), ("o", "text\n"), ("o.csv", "id,doc,"), ("o.jsonl", '{"id": '),
     ("o.NDJSON", '{"id": '), ("o.parquet", "PAR1")],
)  # fmt: skip
def test_the_format_goes_by_the_name_of_the_output(name: str, begins: str, tmp_path: Path) -> None:
    """Also in Python, which writes no tables for the screen."""
    source, output = tmp_path / "source.txt", tmp_path / name
    source.write_text("They talked.")
    assert run(["classify", str(source), "--output", str(output)]) == 0
    assert output.read_bytes().startswith(begins.replace("text\n", "source.txt\n").encode())
    if not begins.startswith("text"):
        output.unlink()
        classify_files(source, output)
        assert output.read_bytes().startswith(begins.encode())


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["classify", "none.txt"], "none.txt: no such file"),
        (["classify", "--text", "x", "some.txt"], "exclude each other"),
        (["classify", "We talk."], "expected one, or the text itself behind --text"),
        (["explain", "dialogue " * 99], "expected one, or the text itself behind --text"),
        (["sample", "some.txt", "--output", "x.txt"], ".txt is not written here; expected"),
        (
            ["classify", "--text", "x", "--output", "x.jsonl.gz"],
            ".gz is not written here; expected",
        ),
        (["summary", "some.txt", "--output", "x.xlsx"], ".xlsx is not written here; expected"),
        (["report", "some.txt", "--target", "texts"], "go with a sample to correct by"),
        (["report", "some.txt", "--trained-on", "gold.csv"], "go with a sample to correct by"),
        (
            ["codebook", "new", "x", "--label", "a", "--holdout", "0.2"],
            "goes with labelled sentences",
        ),
        (["classify", "--text", "x", "--rules-only", "--model-only"], "exclude each other"),
        (["classify", "--text", "x", "--threshold", "dialogue"], "expected FRAME=P"),
        (["classify", "--text", "x", "--threshold", "smell=0.5"], "unknown frame 'smell'"),
        (["classify", "--text", "x", "--model", "nowhere"], "nowhere: no such folder"),
        (["classify", "--text", "x", "--rules", "nowhere"], "expected a rules folder"),
        (["classify", "--text", "x", "--output", "/dev/null/where.jsonl"], "is no folder"),
        (["classify", "--nonsense"], "No such option"),
        (["classify", "--format", "xml"], "'xml'"),
        (["nonsense"], "nonsense"),
        (["evaluate", "none.jsonl"], "none.jsonl: no such file"),
        (["evaluate", str(CHECKOUT / "corpus" / "training.jsonl")], "was trained on"),
        (["train", "none.jsonl", "--output", "m"], "none.jsonl: no such file"),
        (["rules", "show", "dialogue.dialog-word"], "the nearest: dialogue.dialogue-word"),
    ],
)
def test_bad_input_gets_one_line_and_exit_code_2(
    arguments: list[str],
    reason: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert reason in fails(arguments, capsys)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.jsonl", b"", "no records in it"),
        ("a.txt", b"caf\xe9 here", "--encoding"),
        ("a.txt", b"\x00\x01\x02", "binary"),
        ("a.jsonl", b"[1]\n", "a.jsonl:1: "),
        ("a.csv", b"id,body\n1,x\n", "text"),
        ("a.xyz", b"x", ".xyz"),
    ],
)
def test_unreadable_files(
    name: str, content: bytes, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes(content)
    assert reason in fails(["classify", tmp_path / name], capsys)


def test_a_table_to_test_on_may_have_columns_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text("text,topic,user\nThe talks failed.,dialogue,ann\n")
    (tmp_path / "b.csv").write_text("text,labels\nThe talks failed.,smell\n")
    options = ["--label-column", "topic", "--output", tmp_path / "m", "--test", tmp_path / "b.csv"]
    train = ["train", tmp_path / "a.csv", *options, "--group"]
    assert run(list(map(str, [*train, "user"]))) == Exit.BAD_INPUT
    assert "b.csv:2: unknown label 'smell'" in capsys.readouterr().err
    assert run(list(map(str, [*train, "usr"]))) == Exit.BAD_INPUT
    assert "a.csv: no column 'usr'; found text, topic, user" in capsys.readouterr().err


def test_an_empty_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tmp_path.name in fails(["classify", tmp_path], capsys)


def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("Impunity must end. " * 5_000)
    with subprocess.Popen(
        [sys.executable, "-m", "framelens", "classify", str(path), "--format", "jsonl"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline()
        process.stdout.close()
        assert process.wait(60) == Exit.OK
        assert process.stderr.read() == b""


def test_ctrl_c_ends_with_130() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "framelens", "classify"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == Exit.INTERRUPTED


INTERRUPTED_AT = {
    "an import of the command line": ("typer", "{interrupt}"),
    "code made of a string": ("command", "exec('{interrupt}')"),
    "a callback, where Python drops it": (
        "command",
        "lost = type('Lost', (), dict(__del__=lambda _: exec('{interrupt}')))()\ndel lost",
    ),
}


@pytest.mark.parametrize("where", INTERRUPTED_AT)
def test_ctrl_c_ends_with_130_wherever_it_comes(where: str, tmp_path: Path) -> None:
    module, code = INTERRUPTED_AT[where]
    interrupt = "import os, signal; os.kill(os.getpid(), signal.SIGINT)"
    code = code.format(interrupt=interrupt) + "\nimport time; time.sleep(60)\n"
    (tmp_path / f"{module}.py").write_text(code)
    (tmp_path / "start.py").write_text(
        "import signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from framelens.__main__ import main\n"
        "if 'command' in sys.argv:\n"
        "    import framelens.cli.main\n"
        "    framelens.cli.main.app_for = lambda _: lambda *_, **__: __import__('command')\n"
        "main()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-m", "start", module], cwd=tmp_path, capture_output=True, timeout=50
    )
    assert (ended.returncode, ended.stderr) == (Exit.INTERRUPTED, b"")


def test_evaluate_prints_every_system(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate"]) == Exit.OK
    shown = capsys.readouterr().out
    for system in ("framelens", "rules only", "model only", "keyword list", "majority answer"):
        assert system in shown
    assert run(["evaluate", "--format", "json", "--rules-only"]) == Exit.OK
    found = json.loads(capsys.readouterr().out)
    assert set(found["systems"]) == {"rules only", "keyword list", "majority answer"}
    assert found["sentences"] == 72


def test_train_writes_a_model_that_classifies(
    tmp_path: Path, small_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.training.test_train import corpus

    path = tmp_path / "mine.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "labels"])
        writer.writerows([row.text, "|".join(row.labels)] for row in corpus())
    folder = tmp_path / "model"
    arguments = ["train", str(path), "--output", str(folder), "--rules", str(small_folder)]
    assert run(arguments) == Exit.OK
    assert "cross-validated" in capsys.readouterr().out
    chosen: list[str | Path] = ["--model", folder, "--rules", small_folder]
    (row,) = jsonl(capsys, "--text", "The clerks inspected ruins.", *chosen)
    assert row["labels"] == ["look"]


def test_rules_commands(capsys: pytest.CaptureFixture[str], small_folder: Path) -> None:
    rules = ["--rules", str(small_folder)]
    assert run(["rules", "list", *rules]) == Exit.OK
    assert "look.watcher (weak)\tA watcher may look.\n" in capsys.readouterr().out
    assert run(["rules", "show", "look.visit", *rules]) == Exit.OK
    assert "phrase   fact-finding mission" in capsys.readouterr().out
    assert run(["rules", "test", *rules]) == Exit.OK
    assert "4 rules, 16 examples, 0 failed" in capsys.readouterr().out
    broken = small_folder / "talk.toml"
    broken.write_text(broken.read_text().replace('"He walks."', '"More talks."'))
    assert run(["rules", "test", *rules]) == Exit.FAILED
    assert "talk.talks must not fire in “More talks.”" in capsys.readouterr().out


def test_rules_stats(
    capsys: pytest.CaptureFixture[str], small_folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "l.jsonl"
    rows = [("The talks failed.", ["talk"]), ("He talks.", []), ("They visited a camp.", ["look"])]
    path.write_text("\n".join(json.dumps({"text": t, "labels": n}) for t, n in rows))
    rules = ["--rules", str(small_folder)]
    assert run(["rules", "stats", str(path), "--format", "json", *rules]) == Exit.OK
    found = {row["rule"]: row for row in json.loads(capsys.readouterr().out)}
    talks = found["talk.talks"]
    assert (talks["hits"], talks["right"], talks["precision"]) == (2, 1, 0.5)
    assert talks["f1"] == pytest.approx(2 / 3)
    assert talks["f1_without"] == 0
    assert found["look.watcher"]["precision"] is None
    assert run(["rules", "stats", str(path), *rules]) == Exit.OK
    assert "look.watcher (weak)" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"], ["classify", "--no-such"]])
def test_help_and_errors_wait_for_nothing_large(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom framelens.cli.main import run\n"
        f"run({arguments!r})\n"
        "large = {'numpy', 'pandas', 'rich', 'sklearn', 'spacy'} & set(sys.modules)\n"
        "sys.exit(' '.join(sorted(large)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
