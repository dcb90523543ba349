"""Manifests and journals that are damaged, or a stranger's: one line, and nothing outside goes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from framelens.core.errors import FramelensError
from framelens.core.settings import Settings
from framelens.parallel.manifest import JOURNAL, NAME
from framelens.parallel.run import classify_to_folder

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
        lines = [{"framelens": whole["framelens"], "settings": whole["settings"]}]
        lines.append({**shard, name: odd})
        journal = "".join(json.dumps(line) + "\n" for line in lines)
        _rerun(made, tmp_path, JOURNAL, journal.encode())


@pytest.mark.parametrize("raw", RAW, ids=lambda raw: repr(raw[:12]))
@pytest.mark.parametrize("name", [NAME, JOURNAL])
def test_what_is_no_manifest(made: Path, tmp_path: Path, name: str, raw: bytes) -> None:
    _rerun(made, tmp_path, name, raw)
