"""Standard streams that are closed or full: one line and exit code 2, and no file is harmed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="closing streams in a shell")

FULL = "framelens: error: output: No space left on device\n"
EMPTY = "framelens: 1 text is empty, such as 'stdin'\n"
CLOSED = "framelens: error: output: Bad file descriptor\n"


def shell(arguments: str, folder: Path) -> tuple[int, str]:
    """The exit code and what was said, of a command line with redirections."""
    few = re.sub("^(classify|summary) ", r"\1 --rules rules --rules-only ", arguments)
    command = f"{sys.executable} -m framelens {few}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=folder)
    return done.returncode, done.stderr


@pytest.fixture
def folder(small_folder: Path) -> Path:
    """A text, and `rules` that are read fast."""
    (small_folder.parent / "a.txt").write_text("The talks failed. They went on.")
    return small_folder.parent


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("classify a.txt --format jsonl >&-", (2, CLOSED)),
        ("classify a.txt >&-", (2, CLOSED)),
        ("summary a.txt >&-", (2, CLOSED)),
        ("rules list >&-", (2, CLOSED)),
        ("--help >&-", (2, CLOSED)),
        ("classify a.txt --format jsonl > /dev/full", (2, FULL)),
        ("classify - --format jsonl <&-", (0, EMPTY)),
        ("classify --text ' '", (0, EMPTY.replace("stdin", "text"))),
        ("classify none.txt 2>&-", (2, "")),
        ("classify none.txt 2>/dev/full", (2, "")),
        ("codebook new c --label A 2>/dev/full", (0, "")),
        ("codebook new d --label A 2</dev/null", (0, "")),
    ],
)
def test_closed_and_full_streams(folder: Path, arguments: str, expected: tuple[int, str]) -> None:
    assert shell(arguments, folder) == expected


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_a_file_is_written_whichever_streams_are_closed(folder: Path, closed: str) -> None:
    assert shell(f"classify a.txt --format jsonl --output out.jsonl {closed}", folder)[0] == 0
    assert len((folder / "out.jsonl").read_text().splitlines()) == 2
