"""A trained model: weights, their loading and saving, and the scores they give.

    score = bias + Σ weight(rule) · hit(rule) + Σ weight(term) · tfidf(term)

A model is a folder. `weights.npz` holds plain arrays and `meta.json` says what they mean; nothing
else is read to classify, and neither can hold code.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from framelens.classification.terms import Occurrences, TermIndex
from framelens.core.arrays import Floats, Ints
from framelens.core.errors import FramelensError

FORMAT = 1
MAX_BYTES = 256 * 1024 * 1024
HEADS = ("hybrid", "terms")
PARTS = ("term_weights", "rule_weights", "bias", "thresholds")
LISTS = ("frames", "terms", "rules")

DAMAGED = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, OSError, RuntimeError)
"""What unpacking raises; RuntimeError where a member is encrypted or of an unknown kind."""


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Weights of one linear model: a row a feature, a column a frame.

    `bias` (log-odds) and `thresholds` (probabilities) hold one number a frame.
    """

    term_weights: Floats
    rule_weights: Floats
    bias: Floats
    thresholds: Floats


@dataclass(frozen=True, slots=True, eq=False)
class TermValues:
    """Where a block's sentences hold the model's terms, and the tf-idf value of each occurrence.

    A term that occurs twice in a sentence shares its value out between its occurrences.
    """

    found: Occurrences
    values: Floats


@dataclass(frozen=True, eq=False)
class Model:
    """What training learned: `hybrid` weighs rules and terms, `terms` does without rules.

    `idf` is a positive number a term; `meta` says how the model was made.
    """

    frames: tuple[str, ...]
    terms: tuple[str, ...]
    rules: tuple[str, ...]
    rules_digest: str
    idf: Floats
    hybrid: Weights
    terms_only: Weights
    meta: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def index(self) -> TermIndex:
        return TermIndex(self.terms)

    def weigh(self, words: Ints, sentences: Ints, weights: Weights) -> TermValues:
        """The tf-idf value (binary tf, smooth idf, no norm) of every term that has a weight and
        occurs in a block of sentences, given as in `TermIndex.find`."""
        found = self.index.find(words, sentences).of(np.any(weights.term_weights != 0, axis=1))
        keys = found.sentence * max(len(self.terms), 1) + found.term
        _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
        return TermValues(found, self.idf[found.term] / counts[inverse])

    @classmethod
    def load(cls, path: Path | str) -> Model:
        """Load a model folder; nothing in it is run.

        Raise FramelensError where a file is missing, damaged, oversized or not what `meta.json`
        says.
        """
        folder = Path(path)
        meta, weights = (_read_bytes(folder / name) for name in ("meta.json", "weights.npz"))
        return cls.from_bytes(meta, weights, folder)

    @classmethod
    def from_bytes(cls, meta: bytes, weights: bytes, where: Path | str = "model") -> Model:
        """The model in the bytes of `meta.json` and `weights.npz`; `where` names it in errors."""
        folder = Path(where)
        found = _read_meta(folder / "meta.json", meta)
        return _assemble(folder, found, _read_arrays(folder / "weights.npz", weights, found))

    def save(self, path: Path | str) -> None:
        """Write `weights.npz` and `meta.json` into a folder, which is made."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        meta, weights = self.to_bytes()
        (folder / "weights.npz").write_bytes(weights)
        (folder / "meta.json").write_bytes(meta)

    def to_bytes(self) -> tuple[bytes, bytes]:
        """`meta.json` and `weights.npz`; the same model gives the same bytes."""
        arrays = {"idf": self.idf}
        for head, weights in zip(HEADS, (self.hybrid, self.terms_only), strict=True):
            arrays |= {f"{head}_{part}": getattr(weights, part) for part in PARTS}
        packed = _pack(arrays)
        meta = {
            **self.meta,
            "format": FORMAT,
            "weights_sha256": sha256(packed).hexdigest(),
            "rules_digest": self.rules_digest,
            **{name: list(getattr(self, name)) for name in LISTS},
        }
        return (
            json.dumps(meta, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        ).encode(), packed


def model_digest(path: Path | str) -> str:
    """The digest of a model folder: that of its `meta.json`, which holds that of the weights.

    Raise FramelensError where there is none.
    """
    return sha256(_read_bytes(Path(path) / "meta.json")).hexdigest()


def _pack(arrays: Mapping[str, Floats]) -> bytes:
    """An .npz with a fixed date, which `numpy.savez` does not give."""
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


def _read_bytes(path: Path) -> bytes:
    if not path.is_file():
        raise FramelensError(
            f"{path}: no such file; a model folder holds weights.npz and meta.json"
        )
    if path.stat().st_size > MAX_BYTES:
        raise FramelensError(f"{path}: over {MAX_BYTES >> 20} MB, which no framelens model is")
    return path.read_bytes()


def _read_meta(path: Path, data: bytes) -> dict[str, Any]:
    try:
        meta = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise FramelensError(f"{path}: damaged: not JSON: {error}") from None
    if not isinstance(meta, dict) or meta.get("format") != FORMAT:
        raise FramelensError(f"{path}: not a framelens model of format {FORMAT}")
    for name in LISTS:
        if not isinstance(meta.get(name), list) or not all(
            isinstance(item, str) for item in meta[name]
        ):
            raise FramelensError(f"{path}: damaged: {name} is not a list of strings")
        if len(set(meta[name])) != len(meta[name]):
            raise FramelensError(f"{path}: damaged: {name} names something twice")
    for name in ("weights_sha256", "rules_digest"):
        if not isinstance(meta.get(name), str):
            raise FramelensError(f"{path}: damaged: {name} is missing")
    return meta


def _read_arrays(path: Path, data: bytes, meta: Mapping[str, Any]) -> dict[str, Floats]:
    if sha256(data).hexdigest() != meta["weights_sha256"]:
        raise FramelensError(f"{path}: damaged: its digest is not the one that meta.json states")
    shapes = _shapes(meta)
    limit = sum(8 * int(np.prod(shape)) + 1024 for shape in shapes.values())
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > limit:
                raise FramelensError(f"{path}: damaged: larger inside than meta.json allows")
            return {name: _read_array(archive, name, shape) for name, shape in shapes.items()}
    except DAMAGED as error:
        raise FramelensError(f"{path}: damaged: {error}") from None


def _read_array(archive: zipfile.ZipFile, name: str, shape: tuple[int, ...]) -> Floats:
    """An array of a known shape; ValueError where the file holds anything else.

    Its header must be the one that `_pack` writes: numpy's own reader believes any other, and
    asks for as much memory as it says.
    """
    member = archive.getinfo(f"{name}.npy")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"{name} is packed by method {member.compress_type}")
    data, header = archive.read(member), _header(shape)
    if not data.startswith(header) or len(data) != len(header) + 8 * math.prod(shape):
        raise ValueError(f"{name} is not {shape} finite numbers")
    array = np.frombuffer(data, "<f8", offset=len(header)).reshape(shape).astype(np.float64)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} is not {shape} finite numbers")
    return array


def _header(shape: tuple[int, ...]) -> bytes:
    made = io.BytesIO()
    about = {"descr": "<f8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(made, about)
    return made.getvalue()


def _shapes(meta: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    frames, terms, rules = (len(meta[name]) for name in LISTS)
    sizes: Sequence[tuple[int, ...]] = ((terms, frames), (rules, frames), (frames,), (frames,))
    found: dict[str, tuple[int, ...]] = {"idf": (terms,)}
    for head in HEADS:
        found |= {f"{head}_{part}": size for part, size in zip(PARTS, sizes, strict=True)}
    found["terms_rule_weights"] = (0, frames)
    return found


def _assemble(folder: Path, meta: Mapping[str, Any], arrays: Mapping[str, Floats]) -> Model:
    heads = [Weights(**{part: arrays[f"{head}_{part}"] for part in PARTS}) for head in HEADS]
    for weights in heads:
        if not ((weights.thresholds > 0) & (weights.thresholds <= 1)).all():
            raise FramelensError(f"{folder}: damaged: a threshold is not between 0 and 1")
    if not (arrays["idf"] > 0).all():
        raise FramelensError(f"{folder}: damaged: an idf is not positive")
    frames, terms, rules = (tuple(meta[name]) for name in LISTS)
    return Model(
        frames, terms, rules, meta["rules_digest"], arrays["idf"], heads[0], heads[1], meta
    )
