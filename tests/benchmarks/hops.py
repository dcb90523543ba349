"""How far a reader must travel to follow one run: files entered, and returns into files left.

    python -m tests.benchmarks.hops [FILE] [--list]

Runs `classify FILE --format jsonl` in this process and watches every call and return. Of the code
that runs only framelens's own counts; what spaCy or Python do in between is passed over, and so is
the code that a module runs while it is imported.

Control moves from file to file, by a call or by coming back from one. A *return* is a move into a
file that was entered before. Moves between the same two files in the same direction are one return,
however often they are made: what is done to each sentence of a loop counts once. Beside it stand
the number of pairs of files that control moves between, in either direction, and the plain number
of moves into a file entered before, sentence by sentence.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from types import FrameType
from typing import Any

import framelens
from framelens.cli.main import run

ROOT = f"{Path(framelens.__file__).parent}{os.sep}"
MODULE = "<module>"
"""What Python calls the code of a module itself."""

TEXT = """The rapporteur was refused access to the prisons. They offered dialogue instead.

Those responsible must be brought to justice. It rained.
"""


class Hops:
    """The files that control has been in, in order of first entry, and the moves between them."""

    def __init__(self) -> None:
        self.files: dict[str, None] = {}
        self.moves: Counter[tuple[str, str]] = Counter()
        self._here = ""
        self._importing = 0

    @property
    def pairs(self) -> int:
        """How many pairs of files control moves between."""
        return len({frozenset(pair) for pair in self.moves})

    def watch(self, frame: FrameType, event: str, _: Any) -> None:
        """What `sys.setprofile` calls at every call and return."""
        if event not in ("call", "return"):
            return
        if frame.f_code.co_name == MODULE:
            self._importing += 1 if event == "call" else -1
        elif not self._importing and (file := own_file(frame)):
            into = file if event == "call" else _caller(frame)
            if into and into != self._here:
                self._enter(into)

    def _enter(self, file: str) -> None:
        if file in self.files:
            self.moves[self._here, file] += 1
        self.files[file] = None
        self._here = file


def own_file(frame: FrameType) -> str | None:
    """The file of framelens that a frame runs, named from the package on, if it is one."""
    name = frame.f_code.co_filename
    return name.removeprefix(ROOT) if name.startswith(ROOT) else None


def _caller(frame: FrameType) -> str | None:
    """The file of framelens that control comes back to when a frame is left."""
    above = frame.f_back
    while above is not None:
        if file := own_file(above):
            return file
        above = above.f_back
    return None


@contextmanager
def watched(hops: Hops) -> Iterator[None]:
    """Watch what the block does."""
    sys.setprofile(hops.watch)
    try:
        yield
    finally:
        sys.setprofile(None)


def hops_of(path: Path) -> Hops:
    """Watch the command line classify a file; SystemExit where it fails."""
    hops = Hops()
    with redirect_stdout(StringIO()), watched(hops):
        code = run(["classify", str(path), "--format", "jsonl"])
    if code:
        sys.exit(code)
    return hops


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures, with `--list` the files and moves, too."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.hops")
    parser.add_argument("file", nargs="?", type=Path, help="a small text file [four sentences]")
    parser.add_argument("--list", action="store_true", help="list the files and the returns")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or Path(folder) / "text.txt"
        if options.file is None:
            path.write_text(TEXT, encoding="utf-8")
        hops = hops_of(path)
    if options.list:
        print("\n".join(hops.files))
        for (left, entered), times in hops.moves.items():
            print(f"{times:6}  {left} → {entered}")
    print(f"{len(hops.files)} files, {len(hops.moves)} returns")
    print(f"between {hops.pairs} pairs of files; {hops.moves.total():,} moves in all")


if __name__ == "__main__":
    main()
