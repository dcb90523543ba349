"""Output files that are whole or not there."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from framelens.core import files
from framelens.core.errors import FramelensError
from framelens.core.files import check_writable, data_path, make_folder, open_whole, rules_folder


def test_a_file_appears_when_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with open_whole(path) as stream:
        stream.write("é\n")
        assert [name.name[:10] for name in tmp_path.iterdir()] == [".out.jsonl"]
    assert path.read_bytes() == b"\xc3\xa9\n"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, GeneratorExit, OSError])
def test_a_failed_block_leaves_what_was_there(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")

    def fail() -> None:
        with open_whole(path) as stream:
            stream.write("new")
            raise error

    with pytest.raises(error):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "real" / "out.csv")
    with open_whole(link) as stream:
        stream.write("x")
    assert link.is_symlink()
    assert (tmp_path / "real" / "out.csv").read_text() == "x"


def test_standard_output(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    for path in (None, Path("/dev/stdout")):
        with open_whole(path) as stream:
            assert stream is sys.stdout
            stream.write("é\n")
    assert capsysbinary.readouterr().out == b"\xc3\xa9\n" * 2


def test_devices_and_pipes_are_written_directly(tmp_path: Path) -> None:
    with open_whole(Path("/dev/null")) as stream:
        stream.write("x")
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    with open_whole(pipe) as stream:
        stream.write("x")
    reader.join()
    assert read == ["x"]
    assert pipe.is_fifo()


def test_a_descriptor_of_a_file_is_appended_to(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("old ")
    with path.open("a") as log, open_whole(Path(f"/dev/fd/{log.fileno()}")) as stream:
        stream.write("new")
    assert path.read_text() == "old new"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_named() -> None:
    with (
        pytest.raises(FramelensError, match=r"^/dev/full: cannot be written: No space left"),
        open_whole(Path("/dev/full")) as stream,
    ):
        stream.write("x")


def test_folders_that_are_missing_are_made(tmp_path: Path) -> None:
    path = tmp_path / "one" / "two" / "out.csv"
    check_writable(path)
    assert not path.parent.exists()
    with open_whole(path) as stream:
        stream.write("x")
    assert path.read_text() == "x"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("folder", "is a folder; expected a file to write"),
        ("file/out.csv", "cannot be written: .*file is no folder"),
        ("file/deep/out.csv", "cannot be written: .*file is no folder"),
        ("x" * 300, "cannot be written: File name too long"),
        ("loop", "cannot be written: links lead round"),
        ("loop/out.csv", "cannot be written: links lead round"),
    ],
)
def test_what_cannot_be_written_is_told_before_the_block(
    tmp_path: Path, path: str, problem: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(FramelensError, match=problem), open_whole(tmp_path / path):
        pytest.fail("the block was entered")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_permissions_are_heeded(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.touch(0o444)
    tmp_path.chmod(0o555)
    for refused in (path, tmp_path / "new.csv"):
        with pytest.raises(FramelensError, match="no permission"):
            check_writable(refused)


def test_a_folder_too_deep_to_be_made(tmp_path: Path) -> None:
    with pytest.raises(FramelensError, match="cannot be written: File name too long"):
        make_folder(tmp_path / ("a/" * 50_000))


def test_a_partial_file_that_is_cleared_away_before_it_is_held_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, made = files._opened, list[Path]()

    def interrupted(path: Path, named: Path, mode: str) -> Any:
        stream = opened(path, named, mode)
        if not made:
            files.clear_away(tmp_path.iterdir())
        made.append(path)
        return stream

    monkeypatch.setattr(files, "_opened", interrupted)
    with files.open_whole(tmp_path / "out.txt") as out:
        out.write("whole")
    assert (tmp_path / "out.txt").read_text() == "whole"
    assert len(made) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]


def test_only_what_is_read_of_models_and_rules_is_an_input(tmp_path: Path) -> None:
    for name in ("scheme.toml", "out.csv", "meta.json", "MODEL_CARD.md", "deep/other.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    known = {path.name for path in files.files_of(tmp_path, tmp_path) if path.exists()}
    assert known == {"scheme.toml", "meta.json"}


def test_rules_are_not_taken_for_those_of_a_model_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "own" / "rules").mkdir(parents=True)
    assert rules_folder(None, tmp_path / "own") == tmp_path / "own" / "rules"
    assert rules_folder(None, data_path("models/default")) == rules_folder(None, None)
    with pytest.raises(FramelensError, match="owm: no such folder; expected a trained model"):
        rules_folder(None, tmp_path / "owm")
    with pytest.raises(FramelensError, match="no model in it; expected a trained model"):
        rules_folder(None, tmp_path)
