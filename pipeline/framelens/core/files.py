"""Files: output that is whole or not there (written beside its place, then renamed into it), the
data that comes with the package, names that say what is in a file, and text that every encoding can
hold."""

from __future__ import annotations

import codecs
import errno
import io
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from glob import escape
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import IO, Any, Protocol, TextIO

from framelens.core.errors import FramelensError, at


class Writer(Protocol):
    """Anything with a `write` for text."""

    def write(self, text: str, /) -> object: ...


FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
WORK = ".framelens-work"
"""What the folder of work on an output is called after its name: what lies in it is no input."""
DASH = Path("-")
"""Standard output where something is written, as it is standard input where something is read."""
STANDARD_OUTPUT = (None, DASH, Path("/dev/stdout"))
MODEL_FILES = ("meta.json", "weights.npz", "pipeline.joblib")
"""What is read of a model's folder."""
DESCRIPTORS = {Path("/dev"), Path("/dev/fd"), Path("/proc/self/fd")}


def open_whole(
    path: Path | None, *, named: Path | None = None, follow: bool = True
) -> AbstractContextManager[TextIO]:
    """A text stream (UTF-8, line breaks as written) to a file, or to standard output for `None` and "-".

    Lone surrogates, which UTF-8 cannot hold, are written as U+FFFD.

    The file appears, or is replaced, only when the block ends without an error; folders above it
    that are missing are made. Devices and pipes
    are written to directly. A link leads to the file that is written, unless `follow` is False, as
    where nobody named the file: whatever is there is replaced itself, and what processes that were
    killed have left is for `clear_away`, once for a folder. Raise FramelensError at once where
    `check_writable` does, and later
    when the disk is full; errors call the file `named`, where its own name tells a user nothing.
    """
    if path is None or path in STANDARD_OUTPUT:
        return _standard_output()
    check_writable(path)
    if not follow:
        return _replacing(path.parent.resolve() / path.name, named or path, clears=False)
    return _replacing(path.resolve(), named or path) if replaces(path) else _direct(path)


def replaces(path: Path | None) -> bool:
    """Whether writing there replaces a file, and does not go to a stream, a device or a pipe."""
    # /dev/fd/3 may lead to a regular file; its name still must not be replaced.
    if path is None or path == DASH or path.parent in DESCRIPTORS:
        return False
    return path.is_file() or not path.exists()


LONGEST = 255
"""Bytes of a name that file systems take."""


def short(name: str, room: str) -> str:
    """A name with room for something more: one that is too long for that is cut, and gets a digest."""
    raw, most = os.fsencode(name), LONGEST - len(room)
    if len(raw) <= most:
        return name
    return f"{raw[: most - 9].decode(errors='ignore')}-{sha256(raw).hexdigest()[:8]}"


NO_FOLDER = "is standard output; expected a folder"


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, where there are none; raise FramelensError if that fails."""
    if folder.parts[:1] == DASH.parts:
        raise at(DASH, None, NO_FOLDER)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise at(folder, None, f"cannot be written: {error.strerror}") from None
    except RecursionError:  # of a folder in a folder, some thousand times
        raise at(folder, None, "cannot be written: File name too long") from None


def check_apart(outputs: Iterable[Path | None], inputs: Iterable[Path | None]) -> None:
    """Raise FramelensError where a file to write is one of those that are read, or another one that
    is written.

    Links lead to what they name: a file is the same by whatever name. So is standard output ("-")
    where it goes to a file.
    """
    written: dict[tuple[int, int] | None, Path] = {}
    for path in outputs:
        if path is not None and (known := _identity(path)) is not None:
            if known in written:
                raise at(path, None, f"is {written[known]}, too; expected two files to write")
            written[known] = path
    for path in inputs if written else ():
        # As an input "-" is standard input.
        known = None if path is None or path in STANDARD_OUTPUT else _identity(path)
        if known in written:
            raise at(
                written[known], None, f"is read, too (as {path}); expected another file to write"
            )


LARGEST = 256 * 1024 * 1024
"""Bytes of a table, or of a text that is read as a whole."""

TOO_LARGE = f"larger than {LARGEST >> 20} MB; expected a smaller file"


def check_regular(path: Path) -> None:
    """Raise FramelensError where a path leads to a device, a socket or a pipe, which may have no
    end, or to a file that is too large; what is missing is for its reader."""
    if path.exists() and not path.is_dir():
        if not path.is_file():
            raise at(path, None, "is a pipe or a device; expected a file")
        if path.stat().st_size > LARGEST:
            raise at(path, None, TOO_LARGE)


def same_file(one: Path, other: Path) -> bool:
    """Whether two names lead to one file, be it there or not."""
    known = _identity(one)
    if known is not None and known == _identity(other):
        return True
    return one.resolve() == other.resolve()


def _identity(path: Path) -> tuple[int, int] | None:
    """What a file is known by, whatever its name; nothing where there is none, or no regular one."""
    try:
        status = os.fstat(1) if path in STANDARD_OUTPUT else path.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None


def check_writable(path: Path) -> None:
    """Raise FramelensError if no file can be written at a path."""
    try:
        problem = _problem(path)
    except OSError as error:
        problem = f"cannot be written: {error.strerror}"
    except RuntimeError:  # of Python up to 3.12
        problem = "cannot be written: links lead round in a circle"
    if problem:
        raise at(path, None, problem)


FORMATS = frozenset(
    [".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".xlsx", ".xls", ".ods", ".parquet", ".feather",
     ".html", ".htm", ".xml", ".pdf", ".docx", ".doc", ".odt", ".rtf", ".zip", ".gz", ".md", ".toml",
     ".txt", ".text"]
)  # fmt: skip
"""Ends of names that say what is in a file."""
PAGES = (".html", ".htm")
"""Those of reports."""


def check_format(path: Path, expected: Sequence[str]) -> None:
    """Raise FramelensError where the name of a file to write says that it is something else than
    what is written, whose names end in one of `expected`."""
    end = path.suffix.lower()
    if end in FORMATS and end not in expected:
        *most, last = expected
        named = f"{', '.join(most)} or {last}" if most else last
        raise at(path, None, f"{end} is not written here; expected a name in {named}")


def _problem(path: Path) -> str | None:
    if path == DASH:
        return None
    if path.parts[:1] == DASH.parts:
        return f"{DASH} {NO_FOLDER}"
    if path.is_dir():
        return "is a folder; expected a file to write"
    target = path.resolve()
    if target.name == PROJECT and target.exists():
        return "says what a codebook is made of; expected another file to write"
    # Folders that are missing are made when the file is written.
    place = next(folder for folder in (target, *target.parents) if folder.exists())
    if place != target and not place.is_dir():
        return f"cannot be written: {place} is no folder"
    right = os.W_OK if place == target else os.W_OK | os.X_OK
    writable = os.access(place, right)
    return None if writable else "cannot be written: no permission"


@contextmanager
def _standard_output() -> Iterator[TextIO]:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors=REPLACING, newline="\n")
    yield sys.stdout
    sys.stdout.flush()


@contextmanager
def _direct(path: Path) -> Iterator[TextIO]:
    # Appending, lest a file that the shell has opened for >> lose what it holds.
    with reporting(path), _opened(path, path, "a") as stream:
        yield stream


@contextmanager
def _replacing(target: Path, named: Path, *, clears: bool = True) -> Iterator[TextIO]:
    make_folder(target.parent)
    name = short(target.name, "..12345678.partial")
    if clears:
        clear_away(target.parent.glob(f".{escape(name)}.*.partial"))
    partial, stream = _held(target, name, named)
    try:
        with reporting(named):
            with stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
                if os.name == "posix":  # as long as it is held
                    partial.replace(target)
            if os.name != "posix":
                partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _held(target: Path, name: str, named: Path) -> tuple[Path, io.TextIOWrapper]:
    """A partial file that nobody else takes for left over."""
    while True:
        # Of any other that writes the same file, a process elsewhere too, the name is another.
        partial = target.with_name(f".{name}.{token_hex(4)}.partial")
        stream = _opened(partial, named, "x")
        # Whoever has it open to see whether it is left over is soon done.
        is_held(stream, waits=True)
        if partial.exists():  # else one that came in between has cleared it away
            return partial, stream
        stream.close()


PARTIAL = re.compile(r"\..+\.[0-9a-f]{8}\.partial", re.DOTALL)


def clear_away(paths: Iterable[Path]) -> None:
    """Remove those files among some that processes which were killed have left."""
    for path in paths:
        if PARTIAL.fullmatch(path.name) and path.is_file() and not path.is_symlink():
            with suppress(OSError), path.open("r+b") as stream:
                if is_held(stream):
                    path.unlink()


def is_held(stream: IO[Any], *, waits: bool = False) -> bool:
    """Hold a file until it is closed, where nobody else does, no other process either; whether it is
    held from now on."""
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock

        flock(stream, LOCK_EX | (0 if waits else LOCK_NB))
    except (ImportError, OSError):  # Windows has no such locks, nor have some file systems
        return False
    return True


def _opened(path: Path, named: Path, mode: str) -> io.TextIOWrapper:
    try:
        return io.TextIOWrapper(
            path.open(f"{mode}b"), encoding="utf-8", errors=REPLACING, newline="\n"
        )
    except OSError as error:
        raise at(named, None, f"cannot be written: {error.strerror}") from None


@contextmanager
def reporting(path: Path) -> Iterator[None]:
    """Name the file when the disk is full; let other errors of the block through."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise at(path, None, f"cannot be written: {error.strerror}") from error
        raise


SHIPPED = Path(__file__).parents[1] / "data"
"""Where the wheel has them: apart, so that a package may be called `rules`."""
CHECKOUT = Path(__file__).parents[3]


def data_path(name: str) -> Path:
    """The path of shipped data such as `rules` or `models/default`."""
    for root in (SHIPPED, CHECKOUT):
        if (root / name).exists():
            return root / name
    raise FramelensError(f"{name} is neither in {SHIPPED} nor in {CHECKOUT}; reinstall framelens")


RULES = "rules"
"""The shipped rules; the same is the name under which a model's folder holds those it belongs to."""
MODEL = "models/default"
PROJECT = "framelens.toml"
"""The file by which a folder is a project: a codebook's rules, model and labelled sentences."""


def model_folder(model: Path | str | None) -> Path:
    """The folder of a model, by default the shipped one."""
    return Path(model) if model else data_path(MODEL)


def rules_folder(rules: Path | str | None, model: Path | str | None) -> Path:
    """The folder of rules that is given, else that which the given model carries, else the shipped
    one."""
    if rules:
        return Path(rules)
    if model and (Path(model) / RULES).is_dir():
        return Path(model) / RULES
    return data_path(RULES)


def files_of(model: Path | str | None, rules: Path | str | None) -> Iterator[Path]:
    """The files of a model and of rules, by default the shipped ones."""
    yield from (model_folder(model) / name for name in MODEL_FILES)
    yield from rules_folder(rules, model).glob("*.toml")


REPLACING = "framelens.storable"
"""The error handler that lets a stream write U+FFFD for each of them."""


def _replaced(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    # As bytes: the encoder of UTF-8 takes no text but ASCII here.
    return "\ufffd".encode() * (error.end - error.start), error.end


codecs.register_error(REPLACING, _replaced)
