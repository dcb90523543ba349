"""Paths → the files to read."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from fnmatch import fnmatch
from glob import has_magic
from itertools import takewhile
from pathlib import Path
from stat import S_ISDIR
from typing import NoReturn

from framelens.core.errors import at
from framelens.core.unicode import storable
from framelens.readers.source import Source

STDIN = Source("stdin", None)


def sources(paths: Sequence[Path | str], suffixes: Collection[str]) -> list[Source]:
    """The files that paths lead to, each once, in the order given; folders in sorted order.

    A path that is no file may be a pattern with `*`, `?`, `[…]` and `**` for any folders, which
    leads to the files with one of `suffixes` that it matches; `**` follows links, and goes into each
    folder once. Only regular files are read. A file is named by its path within
    the folder given, or that the pattern begins with, else by its file name, or, where several
    would have the same name, by its path as given. Raise FramelensError for a path that leads
    nowhere, a folder or pattern with nothing to read, a file with none of `suffixes`, and a pipe or
    a device, which may have no end.
    """
    found: dict[Path | None, Source] = {}
    for path in paths:
        for place, source in _sources(path, suffixes):
            found.setdefault(place, source)
    count = Counter(source.name for source in found.values())
    return [_told_apart(source) if count[source.name] > 1 else source for source in found.values()]


def _sources(path: Path | str, suffixes: Collection[str]) -> Iterator[tuple[Path | None, Source]]:
    if str(path) == "-":
        yield None, STDIN
        return
    path = Path(path)
    if has_magic(str(path)) and not path.exists():
        yield from _matches(path, suffixes)
    elif _is_folder(path):
        real = path.resolve()
        for inner in _walk(path, suffixes):
            yield real / inner, Source(storable(inner.as_posix()), path / inner)
    elif _is_endless(path):
        raise at(path, None, "is a pipe or a device; expected a file, or - for standard input")
    elif path.suffix.lower() in suffixes:
        yield path.resolve(), Source(storable(path.name), path)
    else:
        raise at(path, None, f"cannot tell what is in it; expected {_listed(suffixes)}")


def _matches(pattern: Path, suffixes: Collection[str]) -> Iterator[tuple[Path, Source]]:
    found = _expanded(Path(pattern.anchor), pattern.parts[bool(pattern.anchor) :])
    files = [path for path in found if path.suffix.lower() in suffixes and path.is_file()]
    if not files:
        raise at(pattern, None, f"matches nothing to read; expected {_listed(suffixes)}")
    plain = takewhile(lambda part: not has_magic(part), pattern.parts[:-1])
    folder = Path(*plain)
    for path in sorted(files, key=lambda path: path.parts):
        yield path.resolve(), Source(storable(path.relative_to(folder).as_posix()), path)


def _expanded(folder: Path, parts: Sequence[str]) -> Iterator[Path]:
    """What the parts of a pattern match in a folder; hidden names only where a part asks for them.

    Python's own glob goes round and round through a link to a folder above it.
    """
    if not parts:
        yield folder
        return
    part, rest = parts[0], parts[1:]
    if part == "**":
        for inner in _folders(folder):
            yield from _expanded(inner, rest or ["*"])
    elif not has_magic(part):
        if (folder / part).exists():
            yield from _expanded(folder / part, rest)
    elif folder.is_dir():
        for name in _names(folder):
            if fnmatch(name, part) and (part.startswith(".") or not name.startswith(".")):
                yield from _expanded(folder / name, rest)


def _folders(folder: Path) -> Iterator[Path]:
    """A folder and those within, links followed, each once."""
    seen: set[tuple[int, int]] = set()
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        try:
            status = place.stat()
        except OSError:
            continue
        key = status.st_dev, status.st_ino
        if S_ISDIR(status.st_mode) and key not in seen:
            seen.add(key)
            yield place
            waiting += [place / name for name in _names(place)[::-1] if not name.startswith(".")]


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208  # names, not paths
    except OSError as error:
        _fail(error)


def _told_apart(source: Source) -> Source:
    return Source(storable(source.path.as_posix()), source.path) if source.path else source


def _is_folder(path: Path) -> bool:
    try:
        return S_ISDIR(path.stat().st_mode)
    except FileNotFoundError:
        raise at(path, None, "no such file or folder") from None
    except OSError as error:
        raise at(path, None, f"cannot be read: {error.strerror}") from None


def passed_over(paths: Sequence[Path | str], suffixes: Collection[str]) -> list[tuple[Path, str]]:
    """The files in the folders among `paths` that have none of `suffixes`, and why they stay unread."""
    found: list[tuple[Path, str]] = []
    for path in map(Path, paths):
        if path.is_dir():
            others = [one for one in _files(path) if one.suffix.lower() not in suffixes]
            for inner in sorted(others, key=lambda one: one.parts):
                kind = (
                    f"files ending in {inner.suffix}" if inner.suffix else "files without an ending"
                )
                found.append((path / inner, f"{kind} are not read"))
    return found


def _walk(folder: Path, suffixes: Collection[str]) -> list[Path]:
    """The files within a folder, by their paths in it; links to folders are not followed."""
    found = [
        path
        for path in _files(folder)
        if path.suffix.lower() in suffixes and not _is_endless(folder / path)
    ]
    if not found:
        raise at(folder, None, f"nothing to read in it; expected {_listed(suffixes)}")
    return sorted(found, key=lambda path: path.parts)


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder, onerror=_fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        inner = Path(place).relative_to(folder)
        yield from (inner / name for name in names if not name.startswith("."))


def _is_endless(path: Path) -> bool:
    """Whether a path leads to a pipe, a device or a socket; what is missing is for its reader."""
    return path.exists() and not path.is_file()


def _fail(error: OSError) -> NoReturn:
    raise at(error.filename, None, f"cannot be read: {error.strerror}") from None


def _listed(suffixes: Collection[str]) -> str:
    return f"files ending in {', '.join(sorted(suffixes))}"
