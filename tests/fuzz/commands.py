"""The command line and the server, given strange arguments, files and requests."""

from __future__ import annotations

import contextlib
import io
import json
import os
from base64 import b64encode
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from fastapi.testclient import TestClient
from framelens.cli.main import Exit, run
from framelens.core.settings import Settings
from framelens.serve.app import create_app
from framelens.serve.engine import Engine

from tests.fuzz import strange
from tests.fuzz.checks import hold
from tests.fuzz.files import any_file

COMMANDS = (
    "classify", "classify", "classify", "explain", "summary", "summary", "report", "evaluate", "rules",
    "sample", "correct", "export", "import", "coders", "train", "codebook",
)  # fmt: skip
OPTIONS: tuple[tuple[str, ...], ...] = (
    ("--format", "jsonl"), ("--format", "csv"), ("--format", "table"), ("--format", "parquet"),
    ("--unit", "sentence"), ("--skip-bad",), ("--rules-only",), ("--model-only",), ("--explain",),
    ("--main-text",), ("--encoding", "utf-16"), ("--encoding", "x"), ("--by", "document"),
    ("--by", "x"), ("--threshold", "dialogue=0.5"), ("--threshold", "x=1"), ("--resume",),
    ("--threshold", "dialogue=nan"), ("--save-text", "texts"), ("--title", "<b>"), ("--seed", "-1"),
    ("--over", "year"), ("--over", "x"), ("--by", "document", "--over", "year"), ("--top", "0"),
    ("--only", "prose"), ("--only", "verse"), ("--min-words", "-3"), ("--language", "xx"),
    ("--names", "{a}_{b}"), ("--names", "{"), ("--metadata", "in/f0.csv"), ("--key", "x"),
    ("--about", "\0"), ("--about", "rights"), ("--delimiter", "ab"), ("--date-format", "%"),
    ("--text-column", "x"), ("--id-column", "text"), ("--stance",), ("--cluster", "x"),
    ("--n", "0"), ("--n", "2"), ("--blind",), ("--draw", "unsure"), ("--labelled", "in/f0.csv"),
    ("--to", "doccano"), ("--from", "label-studio"), ("--project", "in"), ("--jobs", "0"),
)  # fmt: skip


def commands(chance: Random, folder: Path) -> None:
    """A command in this process: its exit code is known, an error is one line."""
    source = folder / "in"
    source.mkdir()
    for number in range(chance.randrange(1, 3)):
        suffix, data = any_file(chance)
        (source / f"f{number}{suffix}").write_bytes(data)
    files = sorted(str(path) for path in source.iterdir())
    words = [chance.choice(COMMANDS)]
    words += [
        chance.choice((str(source), files[0], f"{source}/**", "none.txt", strange_word(chance)))
    ]
    for option in chance.sample(OPTIONS, k=chance.randrange(4)):
        words += option
    if chance.random() < 0.6:
        words += ["--output", chance.choice(("out", "out.jsonl", "out.html", files[0], "made/"))]
    before = {path: Path(path).read_bytes() for path in files}
    code, said = called(words, folder)
    hold(code in set(Exit), f"exit code {code}")
    # What was noticed of the input may stand before.
    hold(code != Exit.BAD_INPUT or said.startswith("framelens: "), f"said {said[:80]!r}")
    errors = [line for line in said.splitlines() if line.startswith("framelens: error")]
    hold(code != Exit.BAD_INPUT or len(errors) == 1, f"said {said[:200]!r}")
    hold({path: Path(path).read_bytes() for path in files} == before, "an input was changed")


def strange_word(chance: Random) -> str:
    """A word that a shell could give to a program."""
    return strange.storable_text(chance, most=1).replace("\0", "")[:100] or "-x"


def called(words: list[str], folder: Path) -> tuple[int, str]:
    """The exit code of a command, and what it said on standard error."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    errors = io.StringIO()
    here = Path.cwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            code = run(words)
    finally:
        os.chdir(here)
    return code, errors.getvalue()


@cache
def client() -> TestClient:
    """The application around the shipped rules and model."""
    app = create_app(Engine.open(Settings()))
    return TestClient(app, base_url="http://localhost", raise_server_exceptions=True)


def _asked(chance: Random) -> tuple[str, dict[str, Any]]:
    """Where a request goes, and what it says."""
    if chance.random() < 0.3:
        suffix, data = any_file(chance)
        return "/file", {"name": f"case{suffix}", "content": b64encode(data).decode()}
    fields: dict[str, Any] = {"text": strange.text(chance), "explain": chance.random() < 0.3}
    return "/classify", fields


def requests(chance: Random, _: Path) -> None:
    """A request to the server: every answer is JSON with a known status and guarding headers."""
    path, fields = _asked(chance)
    if chance.random() < 0.3:
        odd: tuple[Any, ...] = (None, 1, [], {}, "x", True, "\ud800", 10**400)
        fields[chance.choice((*fields, "unit", "more"))] = chance.choice(odd)
    body = json.dumps(fields).encode()
    if chance.random() < 0.3:
        body = strange.mutated(body, chance)
    kind = chance.choice(
        ("application/json",) * 4 + ("text/plain", "application/json; charset=x", "")
    )
    host = chance.choice(("localhost",) * 5 + ("evil.example", "localhost:1", ""))
    path = chance.choice((path,) * 8 + ("/", "/health", "/openapi.json", "/../x", "/%00"))
    method = "POST" if path in ASKED else chance.choice(("GET", "POST", "HEAD", "PUT"))
    answer = client().request(
        method, path, content=body, headers={"content-type": kind, "host": host}
    )
    hold(answer.status_code in STATUSES, f"{answer.status_code}")
    hold("content-security-policy" in answer.headers, "no policy")
    if path in ASKED and answer.status_code != 400:
        found = answer.json()
        hold("sentences" in found or "\n" not in found["error"], "an error of several lines")


ASKED = ("/classify", "/file")
STATUSES = {200, 400, 404, 405, 408, 413, 415, 422}
