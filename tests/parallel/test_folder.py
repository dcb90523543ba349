"""Many files into a folder, shard by shard, and again."""

from __future__ import annotations

import json
import os
import random
import resource
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from framelens.cli.main import Exit, run
from framelens.core.errors import FramelensError
from framelens.core.settings import Settings
from framelens.parallel import manifest, plan
from framelens.parallel.manifest import locked
from framelens.parallel.run import classify_to_folder
from framelens.parallel.stream import Tally, state
from framelens.parallel.work import sealed
from framelens.readers import find

from tests.parallel.conftest import Reference, entries, joined, paragraphs, records


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "SHARD", 3_000)


@pytest.fixture
def many(inputs: list[Path]) -> list[Path]:
    """The inputs, and tables of Parquet in small row groups, one with a text missing."""
    folder = inputs[0].parent
    lines = (folder / "named.jsonl").read_text("utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line.strip()]
    for name, columns in (("a", ["id", "text"]), ("b", ["text"])):
        table = pa.table({column: [row[column] for row in rows] for column in columns})
        pq.write_table(table, folder / f"{name}.parquet", row_group_size=7)
    return sorted(folder.iterdir())


def test_the_shards_together_are_the_output_of_one_process(
    many: list[Path], task: Settings, reference: Reference, tmp_path: Path
) -> None:
    out, seen = tmp_path / "out", list[Tally]()
    tally = classify_to_folder(many, task, out, progress=seen.append)
    assert joined(out, many) == reference(many, task)
    found = entries(out)
    assert tally.shards == tally.done == len(found) == len(seen) - 1
    assert tally.sentences == joined(out, many).count(b"\n")
    assert tally.size_done == tally.size == sum(row.size for row in plans(many, task))
    for name in ("named.jsonl", "nameless.jsonl", "table.csv", "a.parquet", "b.parquet"):
        assert sum(output.startswith(f"{name}.0") for output in found) > 1
    assert {path.name for path in out.iterdir()} == {*found, "manifest.json"}


def plans(paths: list[Path], task: Settings) -> list[plan.Shard]:
    return plan.plan_folder([(source, state(source)) for source in find(paths)], task)


def test_the_manifest_says_what_is_where(
    inputs: list[Path], task: Settings, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    classify_to_folder(inputs, task, out)
    for name, row in entries(out).items():
        content = Path(row["inputs"][0][0]).read_bytes()
        part = content[slice(*row["part"])] if row["part"] else content
        output = (out / name).read_bytes()
        assert row["input_digest"] == sha256(part).hexdigest()
        assert row["digest"] == sha256(output).hexdigest()
        assert (row["size"], row["sentences"]) == (len(output), output.count(b"\n"))
        assert row["line"] == 1 + content[: content.index(part)].count(b"\n")
    found = json.loads((out / "manifest.json").read_text())
    assert found["settings"]["rules_digest"] == sealed(task).rules_digest


def test_a_rerun_does_only_what_is_not_done(
    inputs: list[Path], task: Settings, reference: Reference, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = classify_to_folder(inputs, task, out)
    assert classify_to_folder(inputs, task, out) == Tally(first.shards, 0, kept=first.shards)
    manifest = (out / "manifest.json").read_bytes()
    (out / "named.jsonl.00001.jsonl").unlink()
    os.truncate(out / "long.txt.00000.jsonl", 10)
    tally = classify_to_folder(inputs, task, out)
    assert (tally.done, tally.kept) == (2, first.shards - 2)
    assert joined(out, inputs) == reference(inputs, task)
    assert (out / "manifest.json").read_bytes() == manifest


def test_a_run_that_was_ended_keeps_what_it_had_done(
    inputs: list[Path], task: Settings, reference: Reference, tmp_path: Path
) -> None:
    out = tmp_path / "out"

    def end(tally: Tally) -> None:
        if tally.done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        classify_to_folder(inputs, task, out, progress=end)
    with (out / "manifest.journal").open("a") as stream:
        stream.write('{"output": "cut o')
    assert classify_to_folder(inputs, task, out).kept == 5
    assert joined(out, inputs) == reference(inputs, task)
    assert not (out / "manifest.journal").exists()


def test_a_changed_input_is_done_again_and_a_copied_one_is_not(
    inputs: list[Path], task: Settings, reference: Reference, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    classify_to_folder(inputs, task, out)
    changed, copied = (path for path in inputs if path.name in ("long.txt", "nameless.jsonl"))
    made = {path: path.stat().st_mtime_ns for path in out.glob("nameless.jsonl.*")}
    changed.write_text(paragraphs(random.Random(1), 3), encoding="utf-8")
    os.utime(copied, ns=(1, 1))
    classify_to_folder(inputs, task, out)
    assert joined(out, inputs) == reference(inputs, task)
    assert made == {path: path.stat().st_mtime_ns for path in made}
    assert classify_to_folder(inputs, task, out).done == 0


def test_an_input_that_has_become_shorter_leaves_no_old_shard(
    inputs: list[Path], task: Settings, reference: Reference, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    classify_to_folder(inputs, task, out)
    (named,) = (path for path in inputs if path.name == "named.jsonl")
    named.write_bytes(records(random.Random(2), 3, named=True))
    classify_to_folder(inputs, task, out)
    assert joined(out, inputs) == reference(inputs, task)
    assert {path.name for path in out.iterdir()} == {*entries(out), "manifest.json"}


def test_another_input_is_added(inputs: list[Path], task: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    classify_to_folder(inputs[:2], task, out)
    before = entries(out)
    classify_to_folder(inputs[2:], task, out)
    assert before.items() <= entries(out).items()


def test_an_input_that_changes_while_it_is_read(
    inputs: list[Path], task: Settings, tmp_path: Path
) -> None:
    def change(tally: Tally) -> None:
        if not tally.done:
            os.utime(inputs[0], ns=(1, 1))

    out = tmp_path / "out"
    with pytest.raises(FramelensError, match=rf"{inputs[0].name}: was changed while it was read"):
        classify_to_folder(inputs, task, out, progress=change)
    assert not list(out.glob(f"{inputs[0].name}.*"))


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"unit": "sentence"}, "unit is not what it was"),
        ({"form": "csv"}, "form is not what it was"),
        ({"thresholds": (("look", 0.3),)}, "thresholds is not what it was"),
    ],
)
def test_another_task_is_refused(
    options: dict[str, object], reason: str, inputs: list[Path], task: Settings, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    classify_to_folder(inputs, task, out)
    with pytest.raises(FramelensError, match=reason):
        classify_to_folder(inputs, replace(task, **options), out)  # type: ignore[arg-type]


def test_bad_shards_do_not_keep_the_others(
    inputs: list[Path], task: Settings, reference: Reference, tmp_path: Path
) -> None:
    bad, out = inputs[0].parent / "bad.jsonl", tmp_path / "out"
    bad.write_text("nonsense")
    inputs = sorted([*inputs, bad])
    reason = r"bad.jsonl:1: not JSON.*; skip_bad=True goes on without it; all else .* is kept"
    with pytest.raises(FramelensError, match=reason):
        classify_to_folder(inputs, task, out)
    inputs.remove(bad)
    assert joined(out, inputs) == reference(inputs, task)
    assert classify_to_folder(inputs, task, out).done == 0
    for done in (1, 0):  # what is kept tells of its bad records, too
        tally = classify_to_folder([bad], replace(task, skip_bad=True), out)
        assert (tally.done, tally.rejected) == (done, 1)
    assert (out / "bad.jsonl.00000.jsonl.rejects.jsonl").read_bytes().count(b"\n") == 1


def twins(inputs: list[Path]) -> list[str]:
    for folder in (inputs[0].parent, inputs[0].parents[1]):
        (folder / "twin.txt").write_text("The talks failed.")
    return ["twin.txt", "../twin.txt"]


@pytest.mark.parametrize(
    ("paths", "reason"),
    [
        (lambda inputs: ["-"], "stdin: cannot be cut into shards"),  # noqa: ARG005
        (lambda inputs: [inputs[0].parents[1]], "which is read; expected another folder"),
        (twins, "would be written to one file with"),
    ],
)
def test_inputs_that_cannot_be(
    paths: Callable[[list[Path]], list[Path | str]],
    reason: str,
    inputs: list[Path],
    task: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(inputs[0].parent)
    out = tmp_path / "out"
    out.mkdir()
    (out / "old.txt").write_text("The talks failed.")
    with pytest.raises(FramelensError, match=reason):
        classify_to_folder(paths(inputs), task, out)


def test_two_runs_do_not_write_one_folder(
    inputs: list[Path], task: Settings, tmp_path: Path
) -> None:
    with (
        locked(tmp_path / "rules" / manifest.JOURNAL, tmp_path),
        pytest.raises(FramelensError, match="another run is writing it"),
    ):
        classify_to_folder(inputs, task, tmp_path / "rules")


def test_the_command_with_two_processes(
    many: list[Path], small_folder: Path, task: Settings, reference: Reference, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    options = ["--rules", str(small_folder), "--rules-only", "--jobs", "2"]
    assert run(["classify", *map(str, many), "-o", f"{out}/", *options]) == Exit.OK
    assert joined(out, many) == reference(many, task)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--output", "out/", "--format", "table"], "expected --format jsonl or csv"),
        (["--output", "out/", "--text", "x"], "do not go with a folder"),
        (["--output", "out.jsonl", "--backend", "loky"], "expected --output DIR/"),
        (["--jobs", "2"], "--jobs and --resume go with --format"),
        (["--jobs", "2", "--format", "parquet"], "--jobs and --resume go with --format"),
        (["--resume"], "--jobs and --resume go with --format"),
        (["--output", "out/", "--backend", "dask"], "expected --scheduler ADDRESS"),
        (["--output", "out/", "--scheduler", "x:1"], "--scheduler goes with --backend dask"),
    ],
)
def test_options_that_do_not_go_together(
    arguments: list[str],
    reason: str,
    capsys: pytest.CaptureFixture[str],
    inputs: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    paths = [] if "--text" in arguments else [str(inputs[0])]
    assert run(["classify", *paths, *arguments]) == Exit.BAD_INPUT
    assert reason in capsys.readouterr().err


def test_an_edit_that_keeps_size_and_time_is_noticed(
    inputs: list[Path], task: Settings, reference: Reference, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    classify_to_folder(inputs, task, out)
    edited = inputs[0]
    before = edited.stat()
    edited.write_bytes(
        edited.read_bytes().replace(b"talks", b"Talks").replace(b"failed", b"FAILED")
    )
    os.utime(edited, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert classify_to_folder(inputs, task, out).done > 0
    assert joined(out, inputs) == reference(inputs, task)


def test_an_id_that_comes_again_in_a_later_file_renames_what_was_done(
    task: Settings, tmp_path: Path
) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"id": "x", "text": "The talks failed."}')
    classify_to_folder([folder], task, out)
    assert json.loads((out / "a.jsonl.00000.jsonl").read_text())["doc"] == "x"
    (folder / "b.jsonl").write_text('{"id": "x", "text": "They went on."}')
    tally = classify_to_folder([folder], task, out)
    assert (tally.done, "the id of another" in tally.notes[0]) == (2, True)
    for name in "ab":
        row = json.loads((out / f"{name}.jsonl.00000.jsonl").read_text())
        assert (row["doc"], row["meta"]["id"]) == (f"{name}.jsonl:1", "x")


def test_a_disk_that_is_full_at_once_is_told_of_by_the_folder(
    inputs: list[Path], task: Settings, tmp_path: Path
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(FramelensError, match=rf"^{tmp_path / 'out'}: cannot be written: "):
            classify_to_folder(inputs, task, tmp_path / "out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
