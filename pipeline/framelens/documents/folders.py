"""Paths → the files to read."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from stat import S_ISDIR
from typing import NoReturn

from framelens.documents.decoding import storable
from framelens.documents.source import Source
from framelens.errors import at

STDIN = Source("stdin", None)


def sources(paths: Sequence[Path | str], suffixes: Collection[str]) -> list[Source]:
    """The files that paths lead to, each once, in the order given; folders in sorted order.

    A file is named by its path within the folder given, else by its file name, or, where several
    would have the same name, by its path as given. Raise FramelensError for a path that leads
    nowhere, a folder with nothing to read in it, and a file with none of `suffixes`.
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
    if _is_folder(path):
        real = path.resolve()
        for inner in _walk(path, suffixes):
            yield real / inner, Source(storable(inner.as_posix()), path / inner)
    elif path.suffix.lower() in suffixes:
        yield path.resolve(), Source(storable(path.name), path)
    else:
        raise at(path, None, f"cannot tell what is in it; expected {_listed(suffixes)}")


def _told_apart(source: Source) -> Source:
    return Source(storable(source.path.as_posix()), source.path) if source.path else source


def _is_folder(path: Path) -> bool:
    try:
        return S_ISDIR(path.stat().st_mode)
    except FileNotFoundError:
        raise at(path, None, "no such file or folder") from None
    except OSError as error:
        raise at(path, None, f"cannot be read: {error.strerror}") from None


def _walk(folder: Path, suffixes: Collection[str]) -> list[Path]:
    """The files within a folder, by their paths in it; links to folders are not followed."""
    found: list[Path] = []
    for place, folders, names in os.walk(folder, onerror=_fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        inner = Path(place).relative_to(folder)
        paths = (inner / name for name in names if not name.startswith("."))
        found.extend(path for path in paths if path.suffix.lower() in suffixes)
    if not found:
        raise at(folder, None, f"nothing to read in it; expected {_listed(suffixes)}")
    return sorted(found, key=lambda path: path.parts)


def _fail(error: OSError) -> NoReturn:
    raise at(error.filename, None, f"cannot be read: {error.strerror}") from None


def _listed(suffixes: Collection[str]) -> str:
    return f"files ending in {', '.join(sorted(suffixes))}"
