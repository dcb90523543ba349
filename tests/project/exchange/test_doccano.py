"""A sample in the real doccano, installed from the registry into an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from framelens.project.exchange import export_items, import_items
from framelens.project.items import Item
from framelens.rules.rule_files import RuleSet

FRAMES = ("look", "talk")
SCRIPT = Path(__file__).with_name("in_doccano.py")

ITEMS = [
    Item(
        id="speech.txt#4", document="speech.txt", start=10, end=27, before="Before.",
        text="The talks failed.", proposed=("talk",), probability=0.125, stratum="A", design="field b",
    ),
    Item(id="=1+1", text="“Ünïcode” 😀, with a\ttab", document="a b.txt", proposed=()),
    Item(id="7", text="They looked.", labels=("look",), start=0, end=12, probability=1 / 3),
    Item(id="none", text="It rained.", labels=(), unsure=True, note="Hm.", meta={"bloc": "east"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with doccano: that which DOCCANO_PYTHON names, or a new one."""
    if named := os.environ.get("DOCCANO_PYTHON"):
        return Path(named)
    folder = tmp_path_factory.mktemp("doccano")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    found = folder / "bin" / "python"
    install = [
        str(found),
        "-m",
        "pip",
        "install",
        "--quiet",
        "doccano>=1.8",
        "marshmallow<4",
        "numpy<2",
    ]
    if subprocess.run(install, check=False).returncode:
        pytest.skip("doccano does not install here")
    return found


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_doccano_loses_nothing(python: Path, tmp_path: Path, small_rules: RuleSet) -> None:
    source = tmp_path / "in.jsonl"
    export_items(ITEMS, small_rules.scheme, source, "doccano")
    given = json.dumps({0: ["talk", "look"], 1: ["none"]})
    environment = {**os.environ, "DOCCANO_HOME": str(tmp_path / "home"), "PYTHONPATH": ""}
    (tmp_path / "home").mkdir()
    done = subprocess.run(
        [python, SCRIPT, source, tmp_path, given],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = import_items(tmp_path / "all.jsonl", FRAMES, "doccano")
    labels = [("look", "talk"), (), ("look",), ()]
    assert found == [replace(item, labels=own) for item, own in zip(ITEMS, labels, strict=True)]
