"""A sample in the real Label Studio, installed from the registry into an environment of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from framelens.project.exchange import export_items, import_items
from framelens.rules.rule_files import RuleSet

from tests.project.exchange.test_doccano import FRAMES, ITEMS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
TOKEN = "a-token-for-a-test"
SECONDS = 300
"""How long the server may take to start."""


class LabelStudio:
    """A server, asked as its documentation says (https://api.labelstud.io)."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"

    def ask(self, method: str, path: str, fields: object = None) -> Any:
        """What the JSON of the answer says."""
        body = None if fields is None else json.dumps(fields).encode()
        headers = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}
        asked = urllib.request.Request(self.address + path, body, headers, method=method)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return json.loads(answer.read())


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """label-studio: that which LABEL_STUDIO names, or one in a new environment."""
    if named := os.environ.get("LABEL_STUDIO"):
        return Path(named)
    folder = tmp_path_factory.mktemp("label-studio")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    install = [str(folder / "bin" / "pip"), "install", "--quiet", "label-studio>=1.12"]
    if subprocess.run(install, check=False).returncode:
        pytest.skip("Label Studio does not install here")
    return folder / "bin" / "label-studio"


@pytest.fixture(scope="module")
def studio(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabelStudio]:
    folder = tmp_path_factory.mktemp("data")
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = place.getsockname()[1]
    environment = {
        **os.environ,
        "LABEL_STUDIO_BASE_DATA_DIR": str(folder),
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "COLLECT_ANALYTICS": "false",
        "SENTRY_DSN": "",
        "PYTHONPATH": "",
    }
    command = [
        str(program), "start", "--no-browser", "--port", str(port), "--username", "ana@example.org",
        "--password", "for-a-test", "--user-token", TOKEN,
    ]  # fmt: skip
    log = folder / "log.txt"
    with log.open("w") as out:
        process = subprocess.Popen(
            command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    try:
        found = LabelStudio(port)
        _await(found, process, log)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=60)


def _await(found: LabelStudio, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(SECONDS):
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            found.ask("GET", "/api/projects")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(1)
        else:
            return
    pytest.fail(log.read_text()[-3000:])


def test_label_studio_loses_nothing(
    studio: LabelStudio, tmp_path: Path, small_rules: RuleSet
) -> None:
    source = tmp_path / "tasks.json"
    export_items(ITEMS, small_rules.scheme, source, "label-studio")
    config = (tmp_path / "tasks.config.xml").read_text("utf-8")
    project = studio.ask("POST", "/api/projects", {"title": "frames", "label_config": config})["id"]
    studio.ask("POST", f"/api/projects/{project}/import", json.loads(source.read_text("utf-8")))
    export = f"/api/projects/{project}/export?exportType=JSON&download_all_tasks=true"
    tasks = {task["data"]["id"]: task["id"] for task in studio.ask("GET", export)}
    answers = {"speech.txt#4": ["look", "talk"], "=1+1": ["none"]}
    for name, chosen in answers.items():
        choice = {"from_name": "frames", "to_name": "text", "type": "choices"}
        result = [{**choice, "value": {"choices": chosen}}]
        studio.ask("POST", f"/api/tasks/{tasks[name]}/annotations/", {"result": result})
    saved = tmp_path / "saved.json"
    saved.write_text(json.dumps(studio.ask("GET", export)), encoding="utf-8")
    found = {item.id: item for item in import_items(saved, FRAMES, "label-studio")}
    labels = [("look", "talk"), (), ("look",), ()]
    for item, own in zip(ITEMS, labels, strict=True):
        assert replace(found[item.id], coder="") == replace(item, labels=own)
