"""Files that are no tables of sensible size: devices, pipes, and far too many rows."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from framelens.cli.main import Exit, run
from framelens.core.errors import FramelensError
from framelens.core.files import read_text
from framelens.project.labelled.reading import read_labelled
from framelens.readers import rows, rows_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="devices and named pipes")

COMMANDS = [
    "evaluate /dev/zero",
    "train /dev/zero --output m",
    "summary a.txt --metadata /dev/zero",
    "correct a.txt --labelled /dev/zero",
    "coders merge /dev/zero --output m.csv",
    "export /dev/zero --to csv --output m.csv",
    "import /dev/zero --from doccano --output m.csv",
    "import /dev/zero --from label-studio --output m.csv",
    "sample a.txt --avoid /dev/zero --output m.csv",
    "codebook new c --from /dev/zero",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_device_is_no_table(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("The talks failed.")
    assert run(command.split()) == Exit.BAD_INPUT
    assert capsys.readouterr().err.splitlines() == [
        "framelens: error: /dev/zero: is a pipe or a device; expected a file"
    ]


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    content = b"text,labels\nThe talks failed.,dialogue\n"
    threading.Thread(target=path.write_bytes, args=(content,), daemon=True).start()
    return path


def test_a_pipe_is_read_whole(pipe: Path) -> None:
    (sentence,) = read_labelled(pipe, ("dialogue",))
    assert (sentence.text, sentence.labels) == ("The talks failed.", ("dialogue",))


def test_a_pipe_is_read_as_text(pipe: Path) -> None:
    assert read_text(pipe).startswith("text,labels\n")


def test_a_table_has_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text\n" + "a\n" * 11)
    assert len(list(rows_of(path))) == 11
    monkeypatch.setattr(rows, "MOST", 10)
    with pytest.raises(FramelensError, match=r"a\.csv:12: over 10 rows; expected a smaller table"):
        list(rows_of(path))
    with path.open("wb") as stream:
        stream.truncate(1 << 40)  # of holes: it takes no room
    for read in (read_text, lambda path: list(rows_of(path))):
        with pytest.raises(FramelensError, match="larger than 256 MB; expected a smaller file"):
            read(path)
