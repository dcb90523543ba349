"""Files: output that appears only when it is complete, checks of paths, and the data in the package."""

from __future__ import annotations

import codecs
import errno
import io
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from glob import escape
from hashlib import sha256
from itertools import chain
from os.path import realpath
from pathlib import Path
from secrets import token_hex
from typing import IO, Any, Protocol, TextIO, TypeVar

from framelens.core.errors import FramelensError, at


class Writer(Protocol):
    """Anything with a `write` for text."""

    def write(self, text: str, /) -> object: ...


FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
WORK = ".framelens-work"
"""Suffix of the working folder of an output; files in it are no input."""
DASH = Path("-")
"""Standard output or standard input."""
STANDARD_OUTPUT = (None, DASH, Path("/dev/stdout"))
MODEL_FILES = ("meta.json", "weights.npz", "pipeline.joblib")
"""Files of a model's folder that are read."""
DESCRIPTORS = {Path("/dev"), Path("/dev/fd"), Path("/proc/self/fd")}


def open_whole(
    path: Path | None, *, named: Path | None = None, follow: bool = True
) -> AbstractContextManager[TextIO]:
    """A text stream (UTF-8, line breaks as written) to a file, or to standard output for `None` and "-".

    Lone surrogates, which UTF-8 cannot hold, are written as U+FFFD.

    The file appears, or is replaced, only when the block ends without an error; missing folders are made.
    Devices and pipes are written to directly. Links are followed to the file they lead to, unless `follow`
    is False: then a link itself is replaced, and files left by killed processes stay for `clear_away`.
    Raise FramelensError as `check_writable` does, and when the disk is full; errors call the file `named`.
    """
    if path is None or path in STANDARD_OUTPUT:
        return _standard_output()
    check_writable(path)
    if not follow:
        return _replacing(Path(realpath(path.parent)) / path.name, named or path, clears=False)
    return _replacing(Path(realpath(path)), named or path) if replaces(path) else _direct(path)


def replaces(path: Path | None) -> bool:
    """Whether the path is for a regular file, which is replaced, and not for a stream, device or pipe."""
    # /dev/fd/3 may lead to a regular file; its name still must not be replaced.
    if path is None or path == DASH or path.parent in DESCRIPTORS:
        return False
    return path.is_file() or not path.exists()


LONGEST = 255
"""Most bytes of a file's name."""


def short(name: str, room: str) -> str:
    """A file name, cut and with a digest if it is too long to have the suffix `room`."""
    raw, most = os.fsencode(name), LONGEST - len(room)
    if len(raw) <= most:
        return name
    return f"{raw[: most - 9].decode(errors='ignore')}-{sha256(raw).hexdigest()[:8]}"


NO_FOLDER = "is standard output; expected a folder"


def make_folder(folder: Path) -> None:
    """Make a folder and its parents if they are missing; raise FramelensError if that fails."""
    if folder.parts[:1] == DASH.parts:
        raise at(DASH, None, NO_FOLDER)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise at(folder, None, f"cannot be written: {error.strerror}") from None
    except RecursionError:  # of a folder in a folder, some thousand times
        raise at(folder, None, "cannot be written: File name too long") from None


def check_apart(outputs: Iterable[Path | None], inputs: Iterable[Path | None]) -> None:
    """Raise FramelensError if an output is also an input, or another output.

    Links are followed, and so is standard output ("-") to a file.
    """
    written: dict[tuple[int, int] | None, Path] = {}
    for path in outputs:
        if path is not None and (identity := _identity(path)) is not None:
            if identity in written:
                raise at(path, None, f"is {written[identity]}, too; expected two files to write")
            written[identity] = path
    for path in inputs if written else ():
        # As an input "-" is standard input.
        identity = None if path is None or path in STANDARD_OUTPUT else _identity(path)
        if identity in written:
            raise at(
                written[identity], None, f"is read, too (as {path}); expected another file to write"
            )


LARGEST = 256 * 1024 * 1024
"""Most bytes of a table, or of a text that is read as a whole."""

TOO_LARGE = f"larger than {LARGEST >> 20} MB; expected a smaller file"


def check_regular(path: Path) -> None:
    """Raise FramelensError for a device, a socket or a pipe, which may be endless, and for a file that is
    too large; a missing file is left to its reader."""
    if path.exists() and not path.is_dir():
        if not path.is_file():
            raise at(path, None, "is a pipe or a device; expected a file")
        if path.stat().st_size > LARGEST:
            raise at(path, None, TOO_LARGE)


def read_text(path: Path) -> str:
    """A UTF-8 file's text with its line breaks as they are; raise FramelensError where it cannot be read."""
    if not path.is_fifo():
        check_regular(path)
    try:
        with path.open("rb") as stream:
            text = stream.read(LARGEST + 1)
        if len(text) > LARGEST:
            raise at(path, None, TOO_LARGE)
        return text.decode("utf-8-sig")
    except FileNotFoundError:
        raise at(path, None, "no such file") from None
    except IsADirectoryError:
        raise at(path, None, "is a folder; expected a file") from None
    except OSError as error:
        raise at(path, None, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise at(path, None, f"not UTF-8 (byte {error.start})") from None


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, which need not exist."""
    identity = _identity(one)
    if identity is not None and identity == _identity(other):
        return True
    return realpath(one) == realpath(other)


def _identity(path: Path) -> tuple[int, int] | None:
    """The device and inode of a regular file; None if there is none."""
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
    if problem:
        raise at(path, None, problem)


F = TypeVar("F", bound=str)

FORMATS = frozenset(
    [".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".xlsx", ".xls", ".ods", ".parquet", ".feather",
     ".html", ".htm", ".xhtml", ".xml", ".pdf", ".docx", ".doc", ".odt", ".rtf", ".zip", ".gz",
     ".md", ".toml", ".txt", ".text"]
)  # fmt: skip
"""Suffixes of file names that say what is in a file."""
PAGES = (".html", ".htm")
"""Suffixes of reports."""


def check_format(path: Path, expected: Sequence[str]) -> None:
    """Raise FramelensError if the suffix of an output is that of another format than the `expected`."""
    end = path.suffix.lower()
    if end in FORMATS and end not in expected:
        *most, last = expected
        named = f"{', '.join(most)} or {last}" if most else last
        raise at(path, None, f"{end} is not written here; expected a name in {named}")


def format_of(form: F | None, output: Path | None, ends: Mapping[F, Sequence[str]]) -> F:
    """The format to write: that asked for, else that by whose end the output is named, else the first
    of `ends`. Raise FramelensError where none is asked for and the name is that of another format."""
    if form is None and output is not None:
        check_format(output, [*chain.from_iterable(ends.values())])
        form = next((name for name, own in ends.items() if output.suffix.lower() in own), None)
    return form or next(iter(ends))


def _problem(path: Path) -> str | None:
    if path == DASH:
        return None
    if path.parts[:1] == DASH.parts:
        return f"{DASH} {NO_FOLDER}"
    if path.is_dir():
        return "is a folder; expected a file to write"
    target = Path(realpath(path))
    if target.name == PROJECT and target.exists():
        return "says what a codebook is made of; expected another file to write"
    if any(folder.is_symlink() for folder in (target, *target.parents)):
        return "cannot be written: links lead round in a circle"
    # Folders that are missing are made when the file is written.
    nearest = next(folder for folder in (target, *target.parents) if folder.exists())
    if nearest != target and not nearest.is_dir():
        return f"cannot be written: {nearest} is no folder"
    rights = os.W_OK if nearest == target else os.W_OK | os.X_OK
    writable = os.access(nearest, rights)
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
    """A new partial file, locked so that no other process takes it for left over."""
    while True:
        # Other processes, also on other machines, that write the same file have other names.
        partial = target.with_name(f".{name}.{token_hex(4)}.partial")
        stream = _opened(partial, named, "x")
        # A process that checks whether it is left over holds the lock for a moment only.
        is_held(stream, waits=True)
        if partial.exists():  # else another process has removed it in between
            return partial, stream
        stream.close()


PARTIAL = re.compile(r"\..+\.[0-9a-f]{8}\.partial", re.DOTALL)


def clear_away(paths: Iterable[Path]) -> None:
    """Remove partial files that killed processes have left."""
    for path in paths:
        if PARTIAL.fullmatch(path.name) and path.is_file() and not path.is_symlink():
            with suppress(OSError), path.open("r+b") as stream:
                if is_held(stream):
                    path.unlink()


def is_held(stream: IO[Any], *, waits: bool = False) -> bool:
    """Try to lock a file until it is closed; return whether it is locked now."""
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
"""The folder of data in the wheel, apart from packages such as `rules`."""
CHECKOUT = Path(__file__).parents[3]


def data_path(name: str) -> Path:
    """The path of shipped data such as `rules` or `models/default`."""
    for root in (SHIPPED, CHECKOUT):
        if (root / name).exists():
            return root / name
    raise FramelensError(f"{name} is neither in {SHIPPED} nor in {CHECKOUT}; reinstall framelens")


RULES = "rules"
"""The folder of the shipped rules, and of the rules in a model's folder."""
MODEL = "models/default"
PROJECT = "framelens.toml"
"""The file that makes a folder a project: a codebook's rules, model and labelled sentences."""


def model_folder(model: Path | str | None) -> Path:
    """The folder of a model, by default the shipped one."""
    return Path(model) if model else data_path(MODEL)


def rules_folder(rules: Path | str | None, model: Path | str | None) -> Path:
    """The given rules folder, else that in the given model's folder, else the shipped one.

    Raise FramelensError where the given model is none: with rules alone nothing else would tell.
    """
    if rules:
        return Path(rules)
    if model and (Path(model) / RULES).is_dir():
        return Path(model) / RULES
    if model and not (Path(model) / MODEL_FILES[0]).is_file():
        problem = "no model in it" if Path(model).is_dir() else "no such folder"
        raise FramelensError(
            f"{model}: {problem}; expected a trained model, as framelens train writes it"
        )
    return data_path(RULES)


def files_of(model: Path | str | None, rules: Path | str | None) -> Iterator[Path]:
    """The files of a model and of rules, by default the shipped ones."""
    yield from (model_folder(model) / name for name in MODEL_FILES)
    yield from rules_folder(rules, model).glob("*.toml")


REPLACING = "framelens.storable"
"""The name of an error handler that writes U+FFFD for each lone surrogate."""


def _replaced(error: Any) -> tuple[bytes, int]:
    # As bytes: the encoder of UTF-8 takes no text but ASCII here.
    return "\ufffd".encode() * (error.end - error.start), error.end


codecs.register_error(REPLACING, _replaced)
