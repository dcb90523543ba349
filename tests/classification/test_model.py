"""Model files from anyone: what is damaged is refused in a line, and nothing in them is run."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from framelens.classification.classifier import weights_for
from framelens.classification.model import Model, Weights
from framelens.classification.persistence import MAX_BYTES
from framelens.core.errors import FramelensError
from framelens.rules.rule_files import RuleSet


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


@pytest.mark.parametrize(
    ("name", "array", "reason"),
    [
        ("idf", np.array([np.nan, 1.0]), "idf is not all finite"),
        ("idf", np.array([np.inf, 1.0]), "idf is not all finite"),
        ("idf", np.array([-1.0, 1.0]), "an idf is not positive"),
        ("idf", np.array([0.0, 1.0]), "an idf is not positive"),
        ("idf", np.array([1e7, 1.0]), "idf holds a number beyond 1,000,000"),
        ("idf", np.array([1.0, 2.0, 3.0]), r"idf has the shape \(3,\); expected \(2,\)"),
        ("idf", np.ones((2, 1)), "idf has the shape"),
        ("idf", np.ones(()), "idf has the shape"),
        ("idf", np.array([1, 2]), "idf.npy is of int64"),
        ("idf", np.array([1.0, 2.0], dtype=np.float32), "idf.npy is of float32"),
        ("idf", np.array([1.0, 2.0], dtype=">f8"), "idf.npy is of >f8"),
        ("idf", np.array(["1", "2"]), "idf.npy is of <U1"),
        ("idf", np.array([Trap(), Trap()], dtype=object), "idf.npy is of object"),
        ("hybrid_bias", np.array([-1e300, 0.0]), "hybrid_bias holds a number beyond"),
        ("hybrid_rule_weights", np.ones((2, 2)), "hybrid_rule_weights has the shape"),
        ("hybrid_rule_weights", np.ones((2, 3)), "hybrid_rule_weights has the shape"),
        ("terms_thresholds", np.array([0.5, 0.0]), "threshold is not between"),
        ("terms_thresholds", np.array([0.5, 1.1]), "threshold is not between"),
        ("more", np.ones(1), "does not hold the arrays of a model"),
        ("../idf", np.ones(2), "does not hold the arrays of a model"),
    ],
)
def test_wrong_arrays_are_refused(
    folder: Path,
    name: str,
    array: np.ndarray[Any, Any],
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(folder)
    rewrite_weights(folder, name, array)
    refused(folder, f"weights.npz: damaged: .*{reason}")
    assert not (folder / "trapped").exists()


def refused(folder: Path, reason: str) -> None:
    """The folder is refused in one line that names the file and gives the reason."""
    with pytest.raises(FramelensError, match=reason) as caught:
        Model.load(folder)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"format": 99}, "format 1"),
        ({"rules_digest": None}, "rules_digest is missing"),
        ({"weights_sha256": "1"}, "weights.npz: damaged: its digest"),
        ({"frames": None}, "frames is not a list"),
        ({"terms": "visit"}, "terms is not a list"),
        ({"terms": ["a", 1]}, "terms is not a list"),
        ({"terms": ["a", "a"]}, "names something twice"),
        ({"terms": ["a"]}, "idf has the shape"),
        ({"terms": ["a", "of the talks"]}, "'of the talks' is not one word, or two"),
        ({"terms": ["a", "of  talks"]}, "is not one word, or two"),
        ({"terms": ["a", " talks"]}, "is not one word, or two"),
        ({"terms": ["a", ""]}, "'', which is no name"),
        ({"rules": ["a", "b", "c" * 301]}, "which is no name"),
        ({"terms": [str(number) for number in range(200_001)]}, "over 200,000 terms"),
        ({"rules": ["look.visit"]}, "rule_weights has the shape"),
        ({"rules": ["a", "b", "c\nd"]}, r"rules holds 'c\\nd'"),
        ({"frames": ["look", "ta\x00lk"]}, "frames holds"),
        ({"stances": ["lacking"]}, "stances without their features, or the reverse"),
        ({"frames": ["look", ""]}, "frames holds"),
        (
            {"seed": "\ud800"},
            "surrogates not allowed",
        ),  # which ended in a traceback when saved again
    ],
)
def test_an_edited_meta_is_refused(folder: Path, change: dict[str, Any], reason: str) -> None:
    rewrite_meta(folder, lambda meta: meta.update(change))
    refused(folder, reason)


@pytest.mark.parametrize(
    "change",
    [
        lambda rules: rules[::-1],
        lambda rules: ("look.other", *rules[1:]),
        lambda rules: rules[:-1],
    ],
)
def test_weights_are_not_given_to_other_rules(
    model: Model, small_rules: RuleSet, change: Callable[[tuple[str, ...]], tuple[str, ...]]
) -> None:
    """They belong to rules by their order."""
    own = replace(model, rules_digest=small_rules.digest)
    assert weights_for(small_rules, own, "hybrid") is own.hybrid
    with pytest.raises(FramelensError, match="names other rules"):
        weights_for(small_rules, replace(own, rules=change(own.rules)), "hybrid")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            {"frames": ("look", "smell")},
            "the model knows the frames look, smell, the rules look, talk;",
        ),
        ({"exclusive": True}, "for a codebook with other values of exclusive or none"),
    ],
)
def test_a_model_of_another_scheme_is_refused(
    model: Model, small_rules: RuleSet, change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(FramelensError, match=reason):
        weights_for(small_rules, replace(model, **change), "model")


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
        archive.writestr("idf.npy", b"\0" * (MAX_BYTES + 1))
    (folder / "weights.npz").write_bytes(buffer.getvalue())
    digest = sha256(buffer.getvalue()).hexdigest()
    rewrite_meta(folder, lambda meta: meta.update(weights_sha256=digest))
    refused(folder, "over 64 MB when unpacked")


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
    refused(folder, "weights.npz: damaged: ")


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_other_ways_of_packing_are_refused(folder: Path, method: int) -> None:
    repacked(folder, lambda data: data, method)
    refused(folder, "packed by method")


def test_weights_with_any_byte_changed_load_or_are_refused(folder: Path) -> None:
    whole = (folder / "weights.npz").read_bytes()
    meta = json.loads((folder / "meta.json").read_bytes())
    for place in range(len(whole)):
        odd = bytearray(whole)
        odd[place] ^= 0xFF
        meta["weights_sha256"] = sha256(odd).hexdigest()
        with suppress(FramelensError):
            Model.from_bytes(json.dumps(meta).encode(), bytes(odd))
