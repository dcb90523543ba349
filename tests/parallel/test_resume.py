"""Runs that are ended before their end, and go on."""

from __future__ import annotations

import json
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
from framelens.parallel import partial
from framelens.parallel.journal import locked
from framelens.parallel.partial import Places
from framelens.parallel.run import Outcome, classify_files
from framelens.parallel.task import Form, Task
from framelens.readers import rejects_path

from tests.parallel.conftest import Reference, records

LEFT = ["out.jsonl.journal", "out.jsonl.partial", "out.jsonl.rejects.jsonl.partial"]


class Ended(BaseException):
    """What ends a run in these tests."""


@pytest.fixture(autouse=True)
def kept_at_once(monkeypatch: pytest.MonkeyPatch, small_pieces: None) -> None:  # noqa: ARG001
    monkeypatch.setattr(partial, "EVERY", 0)


def end_after(count: int) -> Callable[[int], None]:
    left = count

    def progress(size: int) -> None:  # noqa: ARG001
        nonlocal left
        left -= 1
        if not left:
            raise Ended

    return progress


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("out"))


def places_of(out: Path) -> Places:
    return Places(out, rejects_path(out))


@pytest.fixture
def ended(inputs: list[Path], task: Task, tmp_path: Path) -> Path:
    """An output under way: the file that is not there yet."""
    out = tmp_path / "out.jsonl"
    with pytest.raises(Ended):
        classify_files(inputs, task, out, progress=end_after(12))
    return out


@pytest.mark.parametrize("pieces", [1, 2, 7, 33])
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_run_that_goes_on_writes_what_an_unbroken_one_does(
    pieces: int, form: Form, inputs: list[Path], task: Task, reference: Reference, tmp_path: Path
) -> None:
    task = replace(task, form=form)
    out = tmp_path / "out.jsonl"
    out.write_text("old")
    for times in range(1, 4):
        with pytest.raises(Ended):
            classify_files(
                inputs, task, out, resume=True, progress=end_after(min(pieces * times, 34))
            )
        assert out.read_text() == "old"
        assert left(tmp_path) == ["out.jsonl", *LEFT]
    outcome = classify_files(inputs, task, out, resume=True)
    expected = reference(inputs, task)
    assert out.read_bytes() == expected
    assert left(tmp_path) == ["out.jsonl"]
    if form == "jsonl":
        assert outcome == Outcome(expected.count(b"\n"), 0)


def test_bad_records_go_on_too(task: Task, tmp_path: Path) -> None:
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = records(random.Random(3), 80, named=True).split(b"\n")
    lines[5:60:11] = [b"nonsense"] * len(lines[5:60:11])
    path.write_bytes(b"\n".join(lines))
    task = replace(task, skip_bad=True)
    whole = classify_files([path], task, tmp_path / "whole")
    with pytest.raises(Ended):
        classify_files([path], task, out, progress=end_after(6))
    assert classify_files([path], task, out, resume=True) == replace(
        whole, rejects=tmp_path / "out.jsonl.rejects.jsonl"
    )
    for end in ("", ".rejects.jsonl"):
        assert (tmp_path / f"whole{end}").read_bytes() == (
            tmp_path / f"out.jsonl{end}"
        ).read_bytes()


def test_after_a_bad_record_a_run_can_go_on_past_it(task: Task, tmp_path: Path) -> None:
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_bytes(records(random.Random(3), 60, named=True) + b"nonsense\n")
    with pytest.raises(FramelensError, match=r"not JSON.*--resume goes on from there"):
        classify_files([path], task, out)
    assert classify_files([path], replace(task, skip_bad=True), out, resume=True).rejected == 1


def test_what_is_written_after_the_last_mark_is_cut_off(
    ended: Path, inputs: list[Path], task: Task, reference: Reference
) -> None:
    places = places_of(ended)
    for place, tail in ((places.text, b'{"id": "half a li'), (places.journal, b'{"pieces": 9')):
        with place.open("ab") as stream:
            stream.write(tail)
    classify_files(inputs, task, ended, resume=True)
    assert ended.read_bytes() == reference(inputs, task)


def test_without_resume_it_begins_again(
    ended: Path, inputs: list[Path], task: Task, reference: Reference
) -> None:
    places_of(ended).text.write_text("something else")
    classify_files(inputs, task, ended)
    assert ended.read_bytes() == reference(inputs, task)


def test_with_nothing_to_resume_it_begins(
    inputs: list[Path], task: Task, reference: Reference, tmp_path: Path
) -> None:
    classify_files(inputs, task, tmp_path / "out", resume=True)
    assert (tmp_path / "out").read_bytes() == reference(inputs, task)


def test_a_full_disk_loses_nothing(
    inputs: list[Path], task: Task, reference: Reference, tmp_path: Path
) -> None:
    out, expected = tmp_path / "out.jsonl", reference(inputs, task)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(expected) // 2, hard))
    try:
        with pytest.raises(FramelensError, match=r"out.jsonl: cannot be written: .* is kept"):
            classify_files(inputs, task, out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert left(tmp_path) == LEFT
    classify_files(inputs, task, out, resume=True)
    assert out.read_bytes() == expected


def touch(ended: Path, inputs: list[Path]) -> None:  # noqa: ARG001
    os.utime(inputs[3], ns=(1, 1))


def damage(ended: Path, inputs: list[Path]) -> None:  # noqa: ARG001
    text = places_of(ended).text
    text.write_bytes(text.read_bytes().replace(b"talks", b"TALKS"))


def shorten(ended: Path, inputs: list[Path]) -> None:  # noqa: ARG001
    os.truncate(places_of(ended).text, 100)


def rule(ended: Path, inputs: list[Path]) -> None:  # noqa: ARG001
    with (ended.parent / "rules" / "talk.toml").open("a") as stream:
        stream.write("# Changed.\n")


@pytest.mark.parametrize(
    ("change", "options", "reason"),
    [
        (touch, {}, "nameless.jsonl|named.jsonl|small"),
        (damage, {}, "does not hold what its journal says"),
        (shorten, {}, "shorter than its journal says"),
        (rule, {}, "rules is not what it was"),
        (None, {"unit": "sentence"}, "unit is not what it was"),
        (None, {"explain": True}, "explain is not what it was"),
        (None, {"thresholds": (("look", 0.3),)}, "thresholds is not what it was"),
    ],
)
def test_a_change_is_noticed_and_nothing_lost(
    change: Callable[[Path, list[Path]], None] | None,
    options: dict[str, object],
    reason: str,
    ended: Path,
    inputs: list[Path],
    task: Task,
) -> None:
    if change:
        change(ended, inputs)
    with pytest.raises(FramelensError, match=reason) as caught:
        classify_files(inputs, replace(task, **options), ended, resume=True)  # type: ignore[arg-type]
    assert "run without --resume to begin again" in str(caught.value)
    assert left(ended.parent) == LEFT


def test_another_list_of_files_is_noticed(ended: Path, inputs: list[Path], task: Task) -> None:
    with pytest.raises(FramelensError, match="the list of files is not what it was"):
        classify_files(inputs[:-1], task, ended, resume=True)


def test_two_runs_do_not_write_one_file(inputs: list[Path], task: Task, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with (
        locked(places_of(out).journal, out),
        pytest.raises(FramelensError, match="another run is writing it"),
    ):
        classify_files(inputs, task, out)


@pytest.mark.parametrize("output", [None, Path("/dev/null")])
def test_only_files_can_be_resumed(output: Path | None, inputs: list[Path], task: Task) -> None:
    with pytest.raises(FramelensError, match="--resume goes with files"):
        classify_files(inputs, task, output, resume=True)


def test_a_run_that_fails_early_leaves_nothing(task: Task, tmp_path: Path) -> None:
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_text("nonsense")
    with pytest.raises(FramelensError, match="not JSON"):
        classify_files([path], task, out)
    assert left(tmp_path) == []


RUN = """
import sys
from framelens.cli import run
from framelens.parallel import partial
from framelens.parallel import pieces
partial.EVERY, pieces.PIECE, pieces.LONG = 0, 20_000, 50_000
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize(("jobs", "kills"), [(1, 2), (2, 1)])
def test_kill_9_loses_nothing(
    jobs: int, kills: int, task: Task, small_folder: Path, reference: Reference, tmp_path: Path
) -> None:
    chance = random.Random(jobs)
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_bytes(records(chance, 4_000, named=True))
    expected = reference([path], task)
    out.write_text("old")
    command = [sys.executable, "-c", RUN, "classify", str(path), "--output", str(out), "--resume"]
    command += ["--rules", str(small_folder), "--rules-only", "--format", "jsonl"]
    for part in sorted(chance.uniform(0.05, 0.9) for _ in range(kills)):
        with subprocess.Popen([*command, "--jobs", str(jobs)]) as process:
            wait_for(places_of(out).text, int(part * len(expected)), process)
            time.sleep(chance.uniform(0, 0.02))
            process.send_signal(signal.SIGKILL)
        assert out.read_text() == "old"
        assert left(tmp_path) == ["out.jsonl", *LEFT]
        before = json.loads(places_of(out).journal.read_bytes().splitlines()[-2])
        assert before["size"] > 0
    subprocess.run(command, check=True)
    assert out.read_bytes() == expected
    assert left(tmp_path) == ["out.jsonl"]


def wait_for(path: Path, size: int, process: subprocess.Popen[bytes]) -> None:
    while not path.exists() or path.stat().st_size < size:
        assert process.poll() is None, "the run ended before it was killed"
        time.sleep(0.001)
