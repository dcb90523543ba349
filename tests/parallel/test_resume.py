"""Runs that are ended before their end, and go on."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from framelens.core.errors import FramelensError
from framelens.core.files import WORK
from framelens.core.settings import Format, Settings
from framelens.parallel.manifest import JOURNAL, locked
from framelens.parallel.run import classify_to_file
from framelens.parallel.stream import Outcome, Tally

from tests.parallel.conftest import Reference, records

LEFT = [f"out.jsonl{WORK}"]


class Ended(BaseException):
    """What ends a run in these tests."""


@pytest.fixture(autouse=True)
def cut_small(small_parts: None) -> None:
    """Every run in these tests has many parts."""


def end_after(count: int) -> Callable[[Tally], None]:
    def progress(tally: Tally) -> None:
        if tally.kept + tally.done == count:
            raise Ended

    return progress


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("out"))


def parts(out: Path) -> list[Path]:
    return sorted(work(out).glob("*.part"))


def work(out: Path) -> Path:
    return out.with_name(out.name + WORK)


@pytest.fixture
def ended(inputs: list[Path], task: Settings, tmp_path: Path) -> Path:
    """An output under way: the file that is not there yet."""
    out = tmp_path / "out.jsonl"
    with pytest.raises(Ended):
        classify_to_file(inputs, task, out, progress=end_after(12))
    return out


@pytest.mark.parametrize("step", [1, 2, 7, 33])
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_run_that_goes_on_writes_what_an_unbroken_one_does(
    step: int,
    form: Format,
    inputs: list[Path],
    task: Settings,
    reference: Reference,
    tmp_path: Path,
) -> None:
    task = replace(task, form=form)
    out = tmp_path / "out.jsonl"
    out.write_text("old")
    for times in range(1, 4):
        end = end_after(min(step * times, 20))
        with pytest.raises(Ended):
            classify_to_file(inputs, task, out, resume=True, progress=end)
        assert out.read_text() == "old"
        assert left(tmp_path) == ["out.jsonl", *LEFT]
    outcome = classify_to_file(inputs, task, out, resume=True)
    expected = reference(inputs, task)
    assert out.read_bytes() == expected
    assert left(tmp_path) == ["out.jsonl"]
    if form == "jsonl":
        assert outcome == Outcome(expected.count(b"\n"), 0)


def test_what_is_done_is_not_done_again(ended: Path, inputs: list[Path], task: Settings) -> None:
    before = {path: path.stat().st_mtime_ns for path in parts(ended)}
    assert len(before) == 12
    with pytest.raises(Ended):
        classify_to_file(inputs, task, ended, resume=True, progress=end_after(14))
    after = {path: path.stat().st_mtime_ns for path in parts(ended)}
    assert before.items() <= after.items()


def test_bad_records_go_on_too(task: Settings, tmp_path: Path) -> None:
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = records(random.Random(3), 80, named=True).split(b"\n")
    lines[5:60:11] = [b"nonsense"] * len(lines[5:60:11])
    path.write_bytes(b"\n".join(lines))
    task = replace(task, skip_bad=True)
    whole = classify_to_file([path], task, tmp_path / "whole")
    with pytest.raises(Ended):
        classify_to_file([path], task, out, progress=end_after(6))
    assert classify_to_file([path], task, out, resume=True) == replace(
        whole, rejects=tmp_path / "out.jsonl.rejects.jsonl"
    )
    for end in ("", ".rejects.jsonl"):
        assert (tmp_path / f"whole{end}").read_bytes() == (
            tmp_path / f"out.jsonl{end}"
        ).read_bytes()


def test_old_bad_records_go_when_there_are_none_any_more(task: Settings, tmp_path: Path) -> None:
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_text('{"text": "One."}\nnonsense\n')
    classify_to_file([path], replace(task, skip_bad=True), out)
    assert left(tmp_path) == ["out.jsonl", "out.jsonl.rejects.jsonl"]
    path.write_text('{"text": "One."}\n')
    classify_to_file([path], replace(task, skip_bad=True), out)
    assert left(tmp_path) == ["out.jsonl"]


def test_after_a_bad_record_a_run_can_go_on_past_it(task: Settings, tmp_path: Path) -> None:
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_bytes(records(random.Random(3), 60, named=True) + b"nonsense\n")
    with pytest.raises(FramelensError, match=r"not JSON.*resume=True goes on from there"):
        classify_to_file([path], task, out)
    assert classify_to_file([path], replace(task, skip_bad=True), out, resume=True).rejected == 1


def test_what_was_cut_off_is_done_again(
    ended: Path, inputs: list[Path], task: Settings, reference: Reference
) -> None:
    with (work(ended) / JOURNAL).open("ab") as stream:
        stream.write(b'{"output": "0000')
    os.truncate(parts(ended)[3], 5)
    parts(ended)[5].unlink()
    classify_to_file(inputs, task, ended, resume=True)
    assert ended.read_bytes() == reference(inputs, task)


def test_without_resume_it_begins_again(
    ended: Path, inputs: list[Path], task: Settings, reference: Reference
) -> None:
    parts(ended)[0].write_text("something else")
    classify_to_file(inputs, task, ended)
    assert ended.read_bytes() == reference(inputs, task)


def test_with_nothing_to_resume_it_begins(
    inputs: list[Path], task: Settings, reference: Reference, tmp_path: Path
) -> None:
    classify_to_file(inputs, task, tmp_path / "out", resume=True)
    assert (tmp_path / "out").read_bytes() == reference(inputs, task)


@pytest.mark.parametrize(("share", "kept"), [(1 / 2, [f"out.jsonl{WORK}"]), (1 / 5, [])])
def test_a_full_disk_loses_nothing(
    inputs: list[Path],
    task: Settings,
    reference: Reference,
    tmp_path: Path,
    share: float,
    kept: list[str],
) -> None:
    out, expected = tmp_path / "out.jsonl", reference(inputs, task)
    told = "resume=True goes on from there" if kept else ""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(len(expected) * share), hard))
    try:
        with pytest.raises(FramelensError, match=rf"^{out}: cannot be written: .*{told}$"):
            classify_to_file(inputs, task, out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert left(tmp_path) == kept
    classify_to_file(inputs, task, out, resume=True)
    assert out.read_bytes() == expected


def rewrite(inputs: list[Path]) -> None:
    """An edit that keeps size and time of change."""
    before = inputs[3].stat()
    inputs[3].write_bytes(inputs[3].read_bytes().replace(b"talks", b"TALKS"))
    os.utime(inputs[3], ns=(before.st_atime_ns, before.st_mtime_ns))


def touch(inputs: list[Path]) -> None:
    os.utime(inputs[3], ns=(1, 1))


def drop(inputs: list[Path]) -> None:
    del inputs[0]


@pytest.mark.parametrize("change", [rewrite, touch, drop])
def test_what_changed_in_the_input_is_done_again(
    change: Callable[[list[Path]], None],
    ended: Path,
    inputs: list[Path],
    task: Settings,
    reference: Reference,
) -> None:
    change(inputs)
    classify_to_file(inputs, task, ended, resume=True)
    assert ended.read_bytes() == reference(inputs, task)


def test_an_input_that_changes_during_a_run_ends_it(
    inputs: list[Path], task: Settings, tmp_path: Path
) -> None:
    def change(tally: Tally) -> None:
        if tally.done == 2:
            rewrite(inputs)

    with pytest.raises(FramelensError, match="was changed while it was read"):
        classify_to_file(inputs, task, tmp_path / "out.jsonl", progress=change)


def test_a_part_that_is_not_what_it_was_is_noticed(
    ended: Path, inputs: list[Path], task: Settings
) -> None:
    first = parts(ended)[0]
    first.write_bytes(first.read_bytes().swapcase())
    with pytest.raises(FramelensError, match="does not hold what its manifest says"):
        classify_to_file(inputs, task, ended, resume=True)


def rule(ended: Path) -> None:
    with (ended.parent / "rules" / "talk.toml").open("a") as stream:
        stream.write("# Changed.\n")


@pytest.mark.parametrize(
    ("change", "options", "reason"),
    [
        (rule, {}, "rules_digest is not what it was"),
        (None, {"unit": "sentence"}, "unit is not what it was"),
        (None, {"evidence": True}, "evidence is not what it was"),
        (None, {"thresholds": (("look", 0.3),)}, "thresholds is not what it was"),
    ],
)
def test_another_way_of_doing_it_is_refused_and_nothing_lost(
    change: Callable[[Path], None] | None,
    options: dict[str, object],
    reason: str,
    ended: Path,
    inputs: list[Path],
    task: Settings,
) -> None:
    if change:
        change(ended)
    before = parts(ended)
    with pytest.raises(FramelensError, match=reason) as caught:
        classify_to_file(inputs, replace(task, **options), ended, resume=True)  # type: ignore[arg-type]
    assert "run without resume=True to begin again" in str(caught.value)
    assert parts(ended) == before


def test_two_runs_do_not_write_one_file(inputs: list[Path], task: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    work(out).mkdir()
    with (
        locked(work(out) / JOURNAL, out),
        pytest.raises(FramelensError, match="another run is writing it"),
    ):
        classify_to_file(inputs, task, out)


def test_a_lock_that_was_removed_while_it_was_waited_for_is_none(tmp_path: Path) -> None:
    path = tmp_path / JOURNAL

    with locked(path, path), path.open("ab"):
        path.unlink()
        path.touch()
        # The name leads to another file now, which nobody holds.
        with locked(path, path):
            pass


@pytest.mark.parametrize("output", [None, Path("/dev/null")])
def test_only_files_can_be_resumed(output: Path | None, inputs: list[Path], task: Settings) -> None:
    with pytest.raises(FramelensError, match="resume=True goes with files"):
        classify_to_file(inputs, task, output, resume=True)


def test_a_run_that_fails_early_leaves_nothing(task: Settings, tmp_path: Path) -> None:
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_text("nonsense")
    with pytest.raises(FramelensError, match="not JSON"):
        classify_to_file([path], task, out)
    assert left(tmp_path) == []


def test_what_is_in_the_way_and_no_run_made_is_left_alone(task: Settings, tmp_path: Path) -> None:
    path, out = tmp_path / "in.txt", tmp_path / "out.jsonl"
    path.write_text("One.")
    diary = work(out) / "diary.txt"
    diary.parent.mkdir()
    diary.write_text("mine")
    with pytest.raises(FramelensError, match="move it away"):
        classify_to_file([path], task, out)
    assert diary.read_text() == "mine"
    diary.unlink()
    diary.parent.rmdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    work(out).symlink_to(elsewhere)
    with pytest.raises(FramelensError, match="move it away"):
        classify_to_file([path], task, out)
    assert list(elsewhere.iterdir()) == []


RUN = """
import sys
from framelens.cli.main import run
from framelens.parallel import plan
plan.PART = 4_000
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize(("jobs", "kills"), [(1, 2), (2, 1)])
def test_kill_9_loses_nothing(
    jobs: int,
    kills: int,
    task: Settings,
    small_folder: Path,
    reference: Reference,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    chance = random.Random(jobs)
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_bytes(records(chance, 800, named=True))
    expected = reference([path], task)
    out.write_text("old")
    command = [sys.executable, "-c", RUN, "classify", str(path), "--output", str(out), "--resume"]
    command += ["--rules", str(small_folder), "--rules-only", "--format", "jsonl"]
    for done in sorted(chance.randrange(2, 25) for _ in range(kills)):
        with subprocess.Popen([*command, "--jobs", str(jobs)]) as process:
            wait_for(out, done, process)
            time.sleep(chance.uniform(0, 0.02))
            process.send_signal(signal.SIGKILL)
        assert out.read_text() == "old"
        assert left(tmp_path) == ["out.jsonl", *LEFT]
    subprocess.run(command, check=True)
    assert out.read_bytes() == expected
    assert left(tmp_path) == ["out.jsonl"]


def wait_for(out: Path, count: int, process: subprocess.Popen[bytes]) -> None:
    while len(parts(out)) < count:
        assert process.poll() is None, "the run ended before it was killed"
        time.sleep(0.001)
