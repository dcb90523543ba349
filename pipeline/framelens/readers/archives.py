"""Zip archives → the files in them, within bounds."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import PurePosixPath, PureWindowsPath
from stat import S_ISLNK
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from framelens.core.files import WORK
from framelens.core.types import storable
from framelens.readers.rejects import Bad
from framelens.readers.source import CHUNK, Source

ARCHIVE = ".zip"

MEMBERS = 10_000
"""The most files in an archive."""
UNPACKED = 2 * 1024**3
"""The most bytes that its files may have together when unpacked."""
RATIO = 200
"""How many times larger than the archive they may be; plain text packs to a third or a tenth."""
HARMLESS = 16 * 1024**2
"""Unpacked bytes up to which the ratio does not matter."""

MOST_TAGS = 4_000_000
"""The most tags in a document's parts, each of which takes some 200 bytes once it is read."""

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
ENCRYPTED = 0x1 | 0x40
PATCHED = 0x20
"""Flags of a file in an archive: the plain and the strong encryption, and a patch to another."""


def members(source: Source, suffixes: Collection[str]) -> Iterator[Source]:
    """The files of an archive that can be read, by name; hidden ones are passed over.

    Nothing is unpacked to disk: a file is unpacked as it is read. Raise Bad before the first one
    if the archive is damaged, itself within an archive, too large (see `check`), encrypted, holds
    a name that leads out of it or one name twice, or has nothing to read in it.
    """
    if source.unpack is not None:
        raise Bad("an archive within an archive is not read; unpack it first")
    with opened(source) as (_, archive):
        infos = [info for info in archive.infolist() if _is_wanted(info, suffixes)]
        _check_names([info.filename for info in infos])
        if not infos:
            expected = f"expected files ending in {', '.join(sorted(suffixes))}"
            raise Bad(f"nothing to read in it; {expected}")
        for info in sorted(infos, key=lambda info: PurePosixPath(info.filename).parts):
            path = source.path / info.filename if source.path else None
            name = f"{source.name}/{storable(info.filename)}"
            unpack = partial(_unpack, archive, info)
            yield Source(name, path, unpack=unpack, day_first=source.day_first & {name})


@contextmanager
def opened(source: Source) -> Iterator[tuple[BinaryIO, ZipFile]]:
    """The bytes of an archive, from their start on, and the archive; raise Bad if it is none, or as
    `check` does."""
    with source.seekable() as stream:
        try:
            archive = ZipFile(stream)
        except (BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise Bad(f"not a zip archive that can be read: {error}") from None
        with archive:
            check(archive, stream.seek(0, 2))
            stream.seek(0)
            yield stream, archive


def check(archive: ZipFile, packed: int) -> None:
    """Raise Bad if an archive of so many bytes holds too many files or unpacks to too much.

    The sizes are those the archive states; unpacking stops there, whatever the data hold.
    """
    infos = archive.infolist()
    if len(infos) > MEMBERS:
        raise Bad(f"holds {len(infos):,} files; expected at most {MEMBERS:,}")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > UNPACKED:
        raise Bad(f"unpacks to {unpacked >> 20:,} MB; expected at most {UNPACKED >> 20:,} MB")
    if unpacked > HARMLESS and unpacked > RATIO * packed:
        times = unpacked // max(packed, 1)
        raise Bad(f"unpacks to {times:,} times its size; expected at most {RATIO} times")


def is_passed_by(name: str) -> bool:
    """Whether a file or folder of that name is no input of the folder, or archive, that it lies in:
    hidden ones, what Office puts beside a document that is open, and the work of runs that have not
    ended."""
    return name.startswith((".", "~$")) or name.endswith(WORK)


def _is_wanted(info: ZipInfo, suffixes: Collection[str]) -> bool:
    path = PureWindowsPath(info.filename)  # which knows both kinds of slash
    hidden = any(is_passed_by(part) and part != ".." for part in path.parts)
    if info.is_dir() or hidden or path.parts[:1] == ("__MACOSX",):
        return False
    return path.suffix.lower() in suffixes


def _check_names(names: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in names:
        path = PureWindowsPath(name)
        absolute = name.startswith(("/", "\\")) or path.drive
        if absolute or ".." in path.parts or CONTROL.search(name):
            raise Bad(f"holds the name {name[:80]!r}, which leads out of it")
        if name in seen:
            raise Bad(f"holds the name {name[:80]!r} twice")
        seen.add(name)


def _unpack(archive: ZipFile, info: ZipInfo) -> BinaryIO:
    if info.flag_bits & ENCRYPTED:
        raise Bad("is encrypted; expected a file that opens without a password")
    if info.flag_bits & PATCHED:
        raise Bad("is a patch; expected a file")
    if S_ISLNK(info.external_attr >> 16):
        raise Bad("is a link; expected a file")
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Bad(f"is packed by method {info.compress_type}; expected deflated or stored")
    try:
        return archive.open(info)  # type: ignore[return-value]  # stub: IO[bytes]
    except ValueError as error:  # what stands before the content, its name among it, is damaged
        raise BadZipFile(str(error)) from None


def check_tags(archive: ZipFile) -> None:
    """Raise Bad where the parts of a document hold more tags than memory is meant for."""
    tags = 0
    for info in archive.infolist():
        if info.filename.lower().endswith((".xml", ".rels")):
            with archive.open(info) as part:
                for chunk in iter(partial(part.read, CHUNK), b""):
                    tags += chunk.count(b"<")
    if tags > MOST_TAGS:
        raise Bad(f"holds {tags:,} tags; expected at most {MOST_TAGS:,}: split the document")
