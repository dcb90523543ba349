"""Model files from anyone: what is damaged is refused in a line, and nothing in them is run."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from framelens.classification.model import MAX_BYTES, Model, Weights
from framelens.core.errors import FramelensError


def weights(terms: int, rules: int) -> Weights:
    random = np.random.default_rng(terms)
    shape = (terms, 2), (rules, 2), (2,)
    terms_table, rules_table, bias = (random.normal(size=size) for size in shape)
    return Weights(terms_table, rules_table, bias, np.array([0.4, 0.6]))


@pytest.fixture
def model() -> Model:
    return Model(
        frames=("look", "talk"),
        terms=("visit", "quiet talks"),
        rules=("look.visit", "look.watcher", "talk.talks"),
        rules_digest="0" * 64,
        idf=np.array([1.5, 2.5]),
        hybrid=weights(2, 3),
        terms_only=weights(2, 0),
        meta={"seed": 3},
    )


@pytest.fixture
def folder(model: Model, tmp_path: Path) -> Path:
    model.save(tmp_path / "m")
    return tmp_path / "m"


def test_a_model_comes_back_as_it_was(model: Model, folder: Path) -> None:
    found = Model.load(folder)
    assert (found.frames, found.terms, found.rules) == (model.frames, model.terms, model.rules)
    assert found.meta["seed"] == 3
    for head in ("hybrid", "terms_only"):
        for part in ("term_weights", "rule_weights", "bias", "thresholds"):
            assert np.array_equal(
                getattr(getattr(found, head), part), getattr(getattr(model, head), part)
            )


def test_the_same_model_gives_the_same_bytes(model: Model, folder: Path) -> None:
    assert model.to_bytes() == Model.load(folder).to_bytes()


def rewrite_meta(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = folder / "meta.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    change(meta)
    path.write_text(json.dumps(meta), encoding="utf-8")


def rewrite_weights(folder: Path, name: str, array: np.ndarray[Any, Any]) -> None:
    """Put another array in, with a digest that fits."""
    arrays = dict(np.load(folder / "weights.npz"))
    arrays[name] = array
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    (folder / "weights.npz").write_bytes(buffer.getvalue())
    digest = sha256(buffer.getvalue()).hexdigest()
    rewrite_meta(folder, lambda meta: meta.update(weights_sha256=digest))


class Trap:
    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path("trapped"),)


@pytest.mark.parametrize("name", ["weights.npz", "meta.json"])
def test_a_pickle_in_a_files_place_does_not_run(
    folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    (folder / name).write_bytes(pickle.dumps(Trap()))
    with pytest.raises(FramelensError, match="damaged"):
        Model.load(folder)
    assert not (folder / "trapped").exists()


def test_a_pickle_inside_the_arrays_does_not_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    rewrite_weights(folder, "idf", np.array([Trap(), Trap()], dtype=object))
    with pytest.raises(FramelensError, match="damaged"):
        Model.load(folder)
    assert not (folder / "trapped").exists()


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.array([np.nan, 1.0]), "finite"),
        (np.array([np.inf, 1.0]), "finite"),
        (np.array([-1.0, 1.0]), "not positive"),
        (np.array([1.0, 2.0, 3.0]), "finite numbers"),
        (np.array([1, 2]), "finite numbers"),
        (np.ones(200_000), "larger inside"),
    ],
)
def test_wrong_numbers_are_refused(folder: Path, array: np.ndarray[Any, Any], reason: str) -> None:
    rewrite_weights(folder, "idf", array)
    with pytest.raises(FramelensError, match=reason):
        Model.load(folder)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda meta: meta.update(format=99), "format 1"),
        (lambda meta: meta.pop("rules_digest"), "rules_digest is missing"),
        (lambda meta: meta.update(terms="visit"), "terms is not a list"),
        (lambda meta: meta.update(terms=["a", "a"]), "names something twice"),
        (lambda meta: meta.update(terms=["a"]), "damaged"),
        (lambda meta: meta.update(weights_sha256="1"), "digest"),
    ],
)
def test_an_edited_meta_is_refused(
    folder: Path, change: Callable[[dict[str, Any]], object], reason: str
) -> None:
    rewrite_meta(folder, change)
    with pytest.raises(FramelensError, match=reason):
        Model.load(folder)


@pytest.mark.parametrize("name", ["weights.npz", "meta.json"])
def test_a_truncated_or_missing_or_oversized_file_is_refused(folder: Path, name: str) -> None:
    path = folder / name
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FramelensError, match=f"{name}: damaged"):
        Model.load(folder)
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(FramelensError, match=f"{name}: over"):
        Model.load(folder)
    path.unlink()
    with pytest.raises(FramelensError, match=f"{name}: no such file"):
        Model.load(folder)


def test_a_zip_bomb_is_not_unpacked(folder: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("idf.npy", b"\0" * 50_000_000)
    (folder / "weights.npz").write_bytes(buffer.getvalue())
    digest = sha256(buffer.getvalue()).hexdigest()
    rewrite_meta(folder, lambda meta: meta.update(weights_sha256=digest))
    with pytest.raises(FramelensError, match="larger inside"):
        Model.load(folder)


def test_deep_json_is_refused(folder: Path) -> None:
    (folder / "meta.json").write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(FramelensError, match="damaged"):
        Model.load(folder)


def repacked(folder: Path, change: Callable[[bytes], bytes], method: int) -> None:
    """Put other bytes in the place of the idf, with the digest that goes with them."""
    made = io.BytesIO()
    with zipfile.ZipFile(folder / "weights.npz") as old, zipfile.ZipFile(made, "w", method) as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, change(data) if info.filename == "idf.npy" else data)
    (folder / "weights.npz").write_bytes(made.getvalue())
    digest = sha256(made.getvalue()).hexdigest()
    rewrite_meta(folder, lambda meta: meta.update(weights_sha256=digest))


ABOUT = "{'descr': '<f8', 'fortran_order': False, 'shape': (%s,), }"


@pytest.mark.parametrize(
    "header",
    [
        ABOUT % 10**12,
        ABOUT % 10**30,
        ABOUT % -1,
        ABOUT % "True",
        "(((((",
        "{'a'",
        "  x\n y",
        "{[]: 1}",
    ],
)
def test_an_odd_header_of_an_array_is_not_believed(folder: Path, header: str) -> None:
    start = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()
    repacked(folder, lambda _: start + bytes(16), zipfile.ZIP_DEFLATED)
    with pytest.raises(FramelensError, match="idf is not"):
        Model.load(folder)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_other_ways_of_packing_are_refused(folder: Path, method: int) -> None:
    repacked(folder, lambda data: data, method)
    with pytest.raises(FramelensError, match="packed by method"):
        Model.load(folder)


def test_weights_with_any_byte_changed_load_or_are_refused(folder: Path) -> None:
    whole = (folder / "weights.npz").read_bytes()
    meta = json.loads((folder / "meta.json").read_bytes())
    for place in range(len(whole)):
        odd = bytearray(whole)
        odd[place] ^= 0xFF
        meta["weights_sha256"] = sha256(odd).hexdigest()
        with suppress(FramelensError):
            Model.from_bytes(json.dumps(meta).encode(), bytes(odd))
