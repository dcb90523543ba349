"""Manifests and journals that are damaged, or a stranger's: one line, and nothing outside goes."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from framelens.core import files
from framelens.core.errors import FramelensError
from framelens.core.files import WORK
from framelens.core.settings import Settings
from framelens.parallel.manifest import JOURNAL, NAME
from framelens.parallel.run import classify_to_file, classify_to_folder

SETTINGS = Settings(mode="rules")
ODD: tuple[Any, ...] = (
    None, True, -1, 1.5, "x", "../secret.txt", "/etc/passwd", [], {}, [None], [[]], [1, 2],
    [["a"]], [["a", float("inf"), 1, 1]], [["a", 1, 2, 3, 4]], {"a": 1},
)  # fmt: skip
RAW = (b"", b"\xff", b"{", b"[]", b"null", b"[" * 100_000, b'{"framelens":2}', b"1" * 5_000)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "in").mkdir()
    for name in "ab":
        (folder / "in" / f"{name}.txt").write_text(f"The talks failed in {name}.")
    classify_to_folder([folder / "in"], SETTINGS, folder / "out")
    return folder


def _rerun(made: Path, folder: Path, name: str, content: bytes) -> None:
    """Go on from a manifest or journal that holds something; an error is one line."""
    shutil.rmtree(folder / "out", ignore_errors=True)
    shutil.copytree(made / "out", folder / "out")
    (folder / "out" / NAME).unlink()
    (folder / "out" / name).write_bytes(content)
    secret = folder / "secret.txt"
    secret.write_text("mine")
    said = None
    try:
        classify_to_folder([made / "in"], SETTINGS, folder / "out")
    except FramelensError as error:
        said = str(error)
    if said is not None:
        assert said.count("\n") == 0
        assert "give another folder, or empty this one" in said
    else:
        for path in (made / "out").glob("*.jsonl"):
            assert (folder / "out" / path.name).read_bytes() == path.read_bytes()
    assert secret.read_text() == "mine"


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_odd_values_in_manifest_and_journal(made: Path, tmp_path: Path, odd: Any) -> None:
    whole = json.loads((made / "out" / NAME).read_text())
    shard = whole["shards"][0]
    rows = [{**whole, name: odd} for name in whole]
    rows += [{**whole, "shards": [{**shard, name: odd}]} for name in shard]
    for row in rows:
        _rerun(made, tmp_path, NAME, json.dumps(row).encode())
    for name in shard:
        lines = [{**whole, "shards": []}]
        lines.append({**shard, name: odd})
        journal = "".join(json.dumps(line) + "\n" for line in lines)
        _rerun(made, tmp_path, JOURNAL, journal.encode())


@pytest.mark.parametrize("raw", RAW, ids=lambda raw: repr(raw[:12]))
@pytest.mark.parametrize("name", [NAME, JOURNAL])
def test_what_is_no_manifest(made: Path, tmp_path: Path, name: str, raw: bytes) -> None:
    _rerun(made, tmp_path, name, raw)


STRANGE: tuple[dict[str, Any], ...] = (
    {"output": "thesis.txt"}, {"output": "manifest.journal"}, {"output": "thesis.00000.jsonl"},
    {"output": "link/thesis.00000.jsonl"}, {"output": "a.txt.00000.jsonl/"}, {"inputs": []},
    {"output": "x" * 5_000 + ".00000.jsonl"}, {"inputs": [["/" + "x" * 10_000, 1, 1, 1]]},
    {"notes": [["{0} {x.y} {foo", 1, ""]]}, {"rejected": 1}, {"unknown": 1}, {"sentences": -1},
)  # fmt: skip


@pytest.mark.parametrize("change", STRANGE, ids=lambda change: str(change)[:40])
def test_a_manifest_removes_only_what_its_shards_wrote(
    made: Path, tmp_path: Path, change: dict[str, Any]
) -> None:
    kept = tmp_path / "secret"
    kept.mkdir()
    out = tmp_path / "out"
    shutil.copytree(made / "out", out)
    (out / "link").symlink_to(kept)
    places = [out / "thesis.txt", out / "thesis.00000.jsonl", kept / "thesis.00000.jsonl"]
    for place in places:
        place.write_text("mine")
    whole = json.loads((out / NAME).read_text())
    gone = {"inputs": [[str(made / "in" / "gone.txt"), 1, 1, 1]], "size": 4}
    whole["shards"].append({**whole["shards"][0], **gone, **change})
    _rerun_in(out, made, json.dumps(whole))
    assert [place.read_text() for place in places] == ["mine"] * 3
    for path in (made / "out").glob("*.jsonl"):
        assert (out / path.name).read_bytes() == path.read_bytes()


def _rerun_in(out: Path, made: Path, manifest: str) -> None:
    (out / NAME).write_text(manifest)
    with suppress(FramelensError):  # refused, or passed over
        classify_to_folder([made / "in"], SETTINGS, out)


def test_settings_that_are_missing_are_not_taken_for_the_same(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / "out", tmp_path / "out")
    whole = json.loads((made / "out" / NAME).read_text())
    for settings in ({}, {**whole["settings"], "mode": "combined"}):
        (tmp_path / "out" / NAME).write_text(json.dumps({**whole, "settings": settings}))
        with pytest.raises(FramelensError, match="is not what it was"):
            classify_to_folder([made / "in"], SETTINGS, tmp_path / "out")


@pytest.mark.parametrize("name", [NAME, JOURNAL])
@pytest.mark.parametrize("is_there", [True, False])
def test_no_link_is_followed(made: Path, tmp_path: Path, name: str, is_there: bool) -> None:
    (tmp_path / "out").mkdir()
    target = tmp_path / "secret.json"
    if is_there:
        target.write_text("mine")
    (tmp_path / "out" / name).symlink_to(target)
    with pytest.raises(FramelensError):
        classify_to_folder([made / "in"], SETTINGS, tmp_path / "out")
    assert not is_there or target.read_text() == "mine"
    assert target.exists() == is_there


@pytest.mark.parametrize("name", [NAME, JOURNAL])
def test_a_pipe_in_the_place_of_a_file_is_refused(made: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "out").mkdir()
    os.mkfifo(tmp_path / "out" / name)
    with pytest.raises(FramelensError):
        classify_to_folder([made / "in"], SETTINGS, tmp_path / "out")


def test_what_somebody_else_put_among_work_files_stays(made: Path, tmp_path: Path) -> None:
    mine = tmp_path / "out" / ".partial" / ".thesis.partial"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    classify_to_folder([made / "in"], SETTINGS, tmp_path / "out")
    work = tmp_path / f"one.jsonl{WORK}"
    work.mkdir()
    (work / JOURNAL).write_text("my diary")
    with pytest.raises(FramelensError, match="in the way of a run's work files"):
        classify_to_file([made / "in"], SETTINGS, tmp_path / "one.jsonl")
    assert (mine.read_text(), (work / JOURNAL).read_text()) == ("mine", "my diary")


@pytest.mark.parametrize("skip_bad", [False, True])
def test_what_is_in_the_place_of_bad_records_and_is_none_stays(
    tmp_path: Path, skip_bad: bool
) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text('{"text": "The talks failed."}\n')
    mine = tmp_path / "out" / "a.jsonl.00000.jsonl.rejects.jsonl"
    mine.parent.mkdir()
    mine.write_text("mine")
    with pytest.raises(FramelensError, match="in the way") if skip_bad else nullcontext():
        classify_to_folder([source], replace(SETTINGS, skip_bad=skip_bad), tmp_path / "out")
    assert mine.read_text() == "mine"


def test_what_a_killed_run_has_left_goes(tmp_path: Path) -> None:
    out, texts = tmp_path / "out", tmp_path / "texts"
    (tmp_path / "a.txt").write_text("The talks failed.")
    for folder in (out, out / "deep", texts):
        folder.mkdir()
        (folder / ".b.txt.00000.jsonl.0123abcd.partial").write_text("The ta")
    classify_to_folder([tmp_path / "a.txt"], SETTINGS, out)
    classify_to_file([tmp_path / "a.txt"], SETTINGS, tmp_path / "one.jsonl", texts=texts)
    assert not list(tmp_path.rglob(".*.partial"))


def test_a_manifest_that_cannot_be_written_is_told_of_before_the_work(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(os, "access", lambda path, _: Path(path).name != NAME)
    (tmp_path / "out" / NAME).write_bytes((made / "out" / NAME).read_bytes())
    with pytest.raises(FramelensError, match=f"{NAME}: cannot be written: no permission"):
        classify_to_folder([made / "in"], SETTINGS, tmp_path / "out")
    assert not list((tmp_path / "out").glob("*.jsonl"))


def test_what_is_left_over_is_looked_for_once_however_many_shards_have_bad_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    for name in "abc":
        (tmp_path / "in" / f"{name}.jsonl").write_text("{\n")
    looks: list[object] = []
    monkeypatch.setattr(files, "clear_away", looks.append)
    tally = classify_to_folder(
        [tmp_path / "in"], replace(SETTINGS, skip_bad=True), tmp_path / "out"
    )
    assert (tally.rejected, len(looks)) == (3, 1)  # for the manifest


def test_a_folder_in_the_place_of_results_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The talks failed.")
    place = tmp_path / "out" / "a.txt.00000.jsonl"
    place.mkdir(parents=True)
    with pytest.raises(FramelensError, match=f"^{place}: "):
        classify_to_folder([tmp_path / "a.txt"], SETTINGS, tmp_path / "out")


def test_bad_records_that_are_gone_are_looked_for_again(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text('{"text": "The talks failed."}\n{"text": 0 0}\n')
    settings = replace(SETTINGS, skip_bad=True)
    assert classify_to_folder([source], settings, tmp_path / "out").rejected == 1
    rejects = tmp_path / "out" / "a.jsonl.00000.jsonl.rejects.jsonl"
    rejects.unlink()
    assert classify_to_folder([source], settings, tmp_path / "out").rejected == 1
    assert rejects.exists()


def test_names_that_are_no_text_stay_apart(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for byte in (b"\xfe", b"\xff"):
        (tmp_path / "in" / os.fsdecode(byte + b".txt")).write_text("The talks failed.")
    for _ in range(2):
        classify_to_folder([tmp_path / "in"], SETTINGS, tmp_path / "out")
    assert len(list((tmp_path / "out").glob("*.jsonl"))) == 2
    classify_to_file([tmp_path / "in"], SETTINGS, tmp_path / "one.jsonl")
    rows = (tmp_path / "one.jsonl").read_text().splitlines()
    assert len({json.loads(row)["doc"] for row in rows}) == 2


@pytest.mark.parametrize("name", ["c: notes.txt", "a\nb.txt", "[1].txt"])
def test_odd_names_have_results(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_text("The talks failed.")
    for _ in range(2):
        classify_to_folder([tmp_path / "in"], SETTINGS, tmp_path / "out")
    assert (tmp_path / "out" / f"{name}.00000.jsonl").exists()


@pytest.mark.parametrize("pattern", ["in", "in/*.txt"])
def test_results_of_a_file_that_is_gone_go(tmp_path: Path, pattern: str) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "in" / name).write_text("The talks failed.")
    classify_to_folder([tmp_path / pattern], SETTINGS, tmp_path / "out")
    (tmp_path / "in" / "b.txt").unlink()
    classify_to_folder([tmp_path / pattern], SETTINGS, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").glob("*.jsonl")] == ["a.txt.00000.jsonl"]
