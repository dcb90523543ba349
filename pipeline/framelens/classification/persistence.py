"""A model's files: `weights.npz` holds plain arrays, and `meta.json` says what they mean.

Nothing else is read to classify, and neither can hold code. Files may come from anyone: how large
they may be, unpacked, does not depend on what they say of themselves.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framelens.core.codebook import BREAKS
from framelens.core.errors import FramelensError
from framelens.core.files import make_folder, model_folder, open_whole
from framelens.core.settings import Settings
from framelens.core.types import Floats

FORMAT = 1
META, WEIGHTS = "meta.json", "weights.npz"
LISTS = ("frames", "terms", "rules")
"""Lists in `meta.json` of the names of the arrays' columns (frames) and rows (terms, rules)."""

MAX_BYTES = 64 * 1024 * 1024
"""The size of either file, and of all arrays unpacked: a hundred times that of the shipped model."""

MAX_NAMES = 200_000
"""Terms of a model, and rules."""

MAX_NAME = 300
"""Most characters of a name that is not in a list of `OF_TEXTS`."""

OF_TEXTS = ("terms", "letters")
"""Lists of what stands in texts, where names may be of any length and have any characters."""

MAX_WEIGHT = 1e6

DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError,
    RuntimeError,  # a member is encrypted or of an unknown kind, or a header too deep
    SyntaxError, TokenError, TypeError, OverflowError,  # a header of an array is no Python literal
)  # fmt: skip
"""Errors by which unpacking tells of damaged files."""


def read_file(folder: Path, name: str) -> bytes:
    """The bytes of a model's file; raise FramelensError where it is missing or too large."""
    path = folder / name
    if not folder.is_dir():
        advice = (
            "expected a trained model, as framelens train writes it, or rules alone (--rules-only)"
        )
        raise FramelensError(f"{folder}: no such folder; {advice}")
    if not path.is_file():
        raise FramelensError(f"{path}: no such file; a model folder holds {WEIGHTS} and {META}")
    if path.stat().st_size > MAX_BYTES:
        raise FramelensError(f"{path}: over {MAX_BYTES >> 20} MB, which no framelens model is")
    return path.read_bytes()


def digest_of_model(settings: Settings) -> str | None:
    """The digest of the model as it is now, that of its `meta.json`, which holds that of the weights; None
    where the settings use no model.

    Raise FramelensError where there is none.
    """
    if settings.mode == "rules":
        return None
    return sha256(read_file(model_folder(settings.model), META)).hexdigest()


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, which is made."""
    make_folder(folder)
    for name, data in files.items():
        with open_whole(folder / name) as out:
            out.buffer.write(data)


def pack_meta(meta: Mapping[str, Any], weights: bytes) -> bytes:
    """`meta.json`, with the digest of the weights."""
    whole = {**meta, "format": FORMAT, "weights_sha256": sha256(weights).hexdigest()}
    return (json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def pack_arrays(arrays: Mapping[str, Floats]) -> bytes:
    """`weights.npz`: the same arrays give the same bytes, as all members have one date."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(arrays):
            member = io.BytesIO()
            array = np.ascontiguousarray(arrays[name], dtype="<f8")
            np.lib.format.write_array(member, array, version=(1, 0), allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, member.getvalue())
    return buffer.getvalue()


def unpack_meta(path: Path, data: bytes) -> dict[str, Any]:
    """The content of `meta.json`; raise FramelensError, naming `path`, where it is no model's."""
    try:
        meta = json.loads(data.decode("utf-8"))
        if b"\\u" in data:  # by which it may hold halves of surrogates, which no file can
            json.dumps(meta, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise FramelensError(f"{path}: damaged: not JSON: {error}") from None
    if not isinstance(meta, dict) or meta.get("format") != FORMAT:
        raise FramelensError(f"{path}: not a framelens model of format {FORMAT}")
    for name in LISTS:
        _check_names(path, name, meta.get(name))
    for term in meta["terms"]:
        if term.count(" ") > 1 or not all(term.split(" ")):
            raise FramelensError(
                f"{path}: damaged: the term {term[:50]!r} is not one word, or two with a blank between"
            )
    for name in ("stances", "stance_features", "letters"):
        if name in meta:
            _check_names(path, name, meta[name])
    if bool(meta.get("stances")) != bool(meta.get("stance_features")):
        raise FramelensError(f"{path}: damaged: stances without their features, or the reverse")
    for name in ("weights_sha256", "rules_digest"):
        if not isinstance(meta.get(name), str):
            raise FramelensError(f"{path}: damaged: {name} is missing")
    _check_origin(path, meta)
    return meta


def _check_origin(path: Path, meta: Mapping[str, Any]) -> None:
    """Raise FramelensError where an optional field on how a model was made has a wrong type."""
    fingerprints, versions = meta.get("trained_on", []), meta.get("made_with", {})
    count, digest = meta.get("corpus_sentences", 0), meta.get("corpus_digest", "")
    checks = {
        "trained_on": isinstance(fingerprints, list)
        and all(isinstance(text, str) for text in fingerprints),
        "made_with": isinstance(versions, dict)
        and all(isinstance(text, str) for text in versions.values()),
        "corpus_sentences": type(count) is int and 0 <= count < 10**12,
        "corpus_digest": isinstance(digest, str),
    }
    for name, is_valid in checks.items():
        if not is_valid:
            raise FramelensError(f"{path}: damaged: {name} is {str(meta[name])[:40]!r}")


def _check_names(path: Path, what: str, names: object) -> None:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise FramelensError(f"{path}: damaged: {what} is not a list of strings")
    if len(names) > MAX_NAMES:
        raise FramelensError(f"{path}: damaged: over {MAX_NAMES:,} {what}")
    if len(set(names)) != len(names):
        raise FramelensError(f"{path}: damaged: {what} names something twice")
    for name in names:
        # They may well hold slashes ("and/or", "Sci/Tech"): none of them ever names a file. Terms are
        # of whatever texts have: long addresses, signs of somebody's own, joined emoji.
        if not name or (what not in OF_TEXTS and (len(name) > MAX_NAME or BREAKS.search(name))):
            raise FramelensError(f"{path}: damaged: {what} holds {name[:50]!r}, which is no name")


def unpack_arrays(
    path: Path, data: bytes, digest: str, shapes: Mapping[str, tuple[int, ...]]
) -> dict[str, Floats]:
    """The arrays in `weights.npz`, by name; raise FramelensError, naming `path`, unless they have the
    names and shapes of `shapes` and all numbers are finite and in bounds."""
    if sha256(data).hexdigest() != digest:
        raise FramelensError(f"{path}: damaged: its digest is not the one that {META} states")
    try:
        _check_members(data, {f"{name}.npy" for name in shapes})
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in shapes}
    except DAMAGED as error:
        reason = str(error).partition("\n")[0][:200]  # some quote what they stumbled on
        raise FramelensError(f"{path}: damaged: {reason or type(error).__name__}") from None
    for name, array in arrays.items():
        if problem := _problem(array, shapes[name]):
            raise FramelensError(f"{path}: damaged: {name} {problem}")
    return {name: array.astype(np.float64) for name, array in arrays.items()}


def _check_members(data: bytes, names: set[str]) -> None:
    """Raise ValueError where an archive holds other members than these, or too large ones."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > MAX_BYTES:
            raise ValueError(f"over {MAX_BYTES >> 20} MB when unpacked")
        if sorted(member.filename for member in members) != sorted(names):
            raise ValueError("it does not hold the arrays of a model")
        for member in members:
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ValueError(f"{member.filename} is packed by method {member.compress_type}")
            with archive.open(member) as file:
                _check_header(file, member)


def _check_header(file: Any, member: zipfile.ZipInfo) -> None:
    """Raise ValueError unless an array is of 64-bit floats and as large as its header says: numpy
    allocates what the header says before it reads."""
    version = np.lib.format.read_magic(file)
    if version != (1, 0):
        raise ValueError(f"{member.filename} is not of version 1.0")
    shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    size = dtype.itemsize
    for length in shape:
        size *= length
    if dtype != np.dtype("<f8"):
        raise ValueError(f"{member.filename} is of {dtype}, not of 64-bit numbers")
    if min(shape, default=1) < 0 or size + file.tell() != member.file_size:
        raise ValueError(f"{member.filename} is not as large as its header says")


def _problem(array: NDArray[Any], shape: tuple[int, ...]) -> str | None:
    if array.shape != shape:
        return f"has the shape {array.shape}; expected {shape}"
    if not np.isfinite(array).all():
        return "is not all finite numbers"
    if (np.abs(array) > MAX_WEIGHT).any():
        return f"holds a number beyond {MAX_WEIGHT:,.0f}"
    return None
