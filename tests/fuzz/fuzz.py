"""A fuzz run over the library: `python -m tests.fuzz --minutes 30 [--seed N]`.

Case `n` of seed `s` is always the same: `--seed s --only n` runs it again by itself. Each finding
is saved to the folder of findings, with its case's files.
"""

from __future__ import annotations

import argparse
import faulthandler
import gc
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
from framelens.core.errors import FramelensError
from framelens.preprocessing.language import foreign_language

from tests.fuzz.checks import Broken
from tests.fuzz.commands import commands, requests
from tests.fuzz.targets import TARGETS, Target

WEIGHED = {**TARGETS, commands: 20, requests: 20}
"""The targets, and how often each is drawn."""

SECONDS = {"training": 60.0, "reports": 60.0, "runs": 30.0, "commands": 60.0}
"""Processor seconds that a case of a target may take, if not the usual ten."""
USUAL, HANG = 10.0, 600
MEMORY = 6 * 1024**3
KEPT = 3
"""Cases that are kept of findings at one place."""
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
MAKERS = {"os.mkdir", "os.rename", "os.link", "os.symlink", "os.truncate"}


class TooLong(BaseException):
    """A case that goes on beyond its time; no library code can catch it by mistake."""


class Outside(BaseException):
    """A file written where no case may write."""


@dataclass
class Tally:
    """How the run stands."""

    cases: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, tuple[float, int]] = field(default_factory=dict)

    def line(self, begun: float) -> str:
        """One line for the log."""
        minutes = (time.monotonic() - begun) / 60
        cases = ", ".join(
            f"{name} {count} ({self.refused[name]} refused, slowest {self.slowest[name][0]:.1f} s)"
            for name, count in sorted(self.cases.items())
        )
        found = f"{sum(self.findings.values())} findings at {len(self.findings)} places"
        return f"{minutes:5.1f} min  {sum(self.cases.values())} cases: {cases}; {found}"


def main() -> None:
    """Run until the time is up, or one case; the exit code is 1 where there are findings."""
    options = _options()
    faulthandler.enable()
    gc.enable()  # which the tests' own settings, imported above, switch off
    foreign_language(
        "Il pleut et il fait froid dans la ville de mon enfance. " * 9
    )  # reads its own file by way of a temporary one, once
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    root = Path(tempfile.mkdtemp(prefix="fuzz-"))
    tempfile.tempdir = str(root / "temporary")  # what is written to standard output is made there
    Path(tempfile.tempdir).mkdir()
    options.findings.mkdir(parents=True, exist_ok=True)
    allowed = (str(root), str(options.findings.resolve()), "/dev/")
    sys.addaudithook(_watch(allowed))
    tally, begun, told = Tally(), time.monotonic(), 0.0
    number = options.only if options.only is not None else options.start
    try:
        while options.only is not None or time.monotonic() - begun < 60 * options.minutes:
            run(options.seed, number, root, options.findings.resolve(), tally)
            number += 1
            if time.monotonic() - told > 60 or options.only is not None:
                told = time.monotonic()
                print(f"{tally.line(begun)}; next case {number}", flush=True)
            if options.only is not None:
                break
    finally:
        shutil.rmtree(root, ignore_errors=True)
    print(f"done: {tally.line(begun)}")
    for place, count in tally.findings.most_common():
        print(f"  {count}  {place}")
    sys.exit(1 if tally.findings else 0)


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=int, default=0, help="the first case")
    parser.add_argument("--only", type=int, help="the one case to run")
    parser.add_argument("--findings", type=Path, default=Path(tempfile.gettempdir()) / "findings")
    return parser.parse_args()


def run(seed: int, number: int, root: Path, findings: Path, tally: Tally) -> None:
    """Make and run one case; count it, and save it where something is wrong."""
    chance = random.Random(f"{seed}-{number}")
    np.random.seed(number % 2**32)  # for what libraries draw
    target = chance.choices(list(WEIGHED), weights=list(WEIGHED.values()))[0]
    folder = root / "case"
    folder.mkdir()
    name, begun = target.__name__, time.process_time()
    try:
        with _within(SECONDS.get(name, USUAL)):
            _play(target, chance, folder, tally)
        made = [*root.iterdir(), *Path(tempfile.gettempdir()).iterdir()]
        if beside := {*made} - {folder, Path(tempfile.gettempdir())}:
            raise Outside(f"beside the case's folder: {beside}")
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        _save(error, f"{seed}-{number}-{name}", folder, findings, tally)
    took = time.process_time() - begun
    tally.cases[name] += 1
    tally.slowest[name] = max(tally.slowest.get(name, (0.0, 0)), (took, number))
    shutil.rmtree(folder)


def _play(target: Target, chance: random.Random, folder: Path, tally: Tally) -> None:
    try:
        target(chance, folder)
    except FramelensError as error:
        tally.refused[target.__name__] += 1
        message = str(error)
        if not message or "\n" in message or len(message) > 2000:
            raise AssertionError(f"no one-line message: {message[:200]!r}") from error


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    # Processor time, for the machine may be busy; what hangs without any ends the run, with a trace.
    signal.signal(signal.SIGPROF, _too_long)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    faulthandler.dump_traceback_later(HANG, exit=True)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        faulthandler.cancel_dump_traceback_later()


def _too_long(_: int, __: FrameType | None) -> None:
    raise TooLong


def _watch(allowed: tuple[str, ...]) -> Any:
    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES
        if (writes or event in MAKERS) and isinstance(arguments[0], (str, bytes)):
            place = os.path.abspath(os.fsdecode(arguments[0]))  # noqa: PTH100  # .. counts as it is written
            if not place.startswith(allowed) and "__pycache__" not in place:
                raise Outside(f"{event} {place}")

    return hook


def _save(error: BaseException, name: str, folder: Path, findings: Path, tally: Tally) -> None:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/framelens/" in frame.filename] or frames[-1:]
    place = f"{type(error).__name__} at {Path(own[-1].filename).name}:{own[-1].name}"
    if isinstance(error, Broken):
        place = f"Broken at {frames[-2].name}: {str(error)[:20]}"
    tally.findings[place] += 1
    if tally.findings[place] > KEPT:
        return
    kept = findings / name
    shutil.copytree(folder, kept, dirs_exist_ok=True, symlinks=True)
    (kept / "error.txt").write_text(
        "".join(traceback.format_exception(error)), encoding="utf-8", errors="backslashreplace"
    )
    print(f"FINDING {name}: {place}: {ascii(str(error))[:300]}", flush=True)


if __name__ == "__main__":
    main()
