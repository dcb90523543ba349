"""How far coders and framelens agree."""

from __future__ import annotations

import numpy as np
import pytest
from framelens.statistics.agreement import Codes, agreements

FRAMES = ("look", "talk")


def codes(*columns: str) -> Codes:
    """Codes from a string a frame: 0, 1, or - for not coded."""
    values = {"0": 0, "1": 1, "-": -1}
    return np.array([[values[c] for c in row] for row in zip(*columns, strict=True)], dtype=np.int8)


ANA = codes("1100110010", "0000011000")
BEN = codes("1101110000", "0000011000")
CID = codes("11--1100-1", "---001----")
SYSTEM = ("framelens", codes("1100111010", "0100011000"))


def test_two_coders_give_a_pair_and_framelens_with_each() -> None:
    found = agreements(FRAMES, {"ana": ANA, "ben": BEN}, SYSTEM)
    assert [(row.frame, row.between, row.kind) for row in found[:4]] == [
        ("look", ("ana", "ben"), "pair"),
        ("look", ("framelens", "ana"), "pair"),
        ("look", ("framelens", "ben"), "pair"),
        ("look", ("framelens", "ana", "ben"), "mean of pairs"),
    ]
    between = found[0]
    assert (between.sentences, between.observed, between.with_system) == (10, 0.8, False)
    assert between.kappa is not None
    # The table is [[4, 1], [1, 4]]: observed .8, expected .5.
    assert between.kappa.value == pytest.approx(0.6)
    assert between.kappa.low <= 0.6 <= between.kappa.high


def test_three_coders_are_summed_up() -> None:
    found = agreements(FRAMES, {"ana": ANA, "ben": BEN, "cid": CID}, SYSTEM)
    look = [row for row in found if row.frame == "look"]
    mean, beside, together = look[-3:]
    pairs = [row for row in look if row.kind == "pair" and not row.with_system]
    assert (mean.kind, mean.with_system, beside.with_system) == ("mean of pairs", False, True)
    assert mean.alpha is not None
    assert mean.alpha.value == pytest.approx(
        np.mean([row.alpha.value for row in pairs if row.alpha])
    )
    assert (together.kind, together.between) == ("all together", ("ana", "ben", "cid"))
    assert together.kappa is not None
    assert together.kappa.value == pytest.approx(
        np.mean([row.kappa.value for row in pairs if row.kappa])
    )


def test_of_a_pair_only_what_both_coded_counts() -> None:
    found = agreements(FRAMES, {"ana": ANA, "cid": CID}, SYSTEM)
    shared = (CID[:, 0] >= 0).nonzero()[0]
    alone = agreements(
        FRAMES, {"ana": ANA[shared], "cid": CID[shared]}, ("framelens", SYSTEM[1][shared])
    )
    assert found[0].sentences == len(shared)
    for name in ("alpha", "kappa", "ac1"):
        values = [getattr(rows[0], name).value for rows in (found, alone)]
        assert values[0] == pytest.approx(values[1])


def test_what_is_undefined_is_none() -> None:
    nothing = np.zeros((5, 2), dtype=np.int8)
    row = agreements(FRAMES, {"ana": nothing, "ben": nothing}, ("framelens", nothing))[0]
    assert (row.alpha, row.kappa, row.observed) == (None, None, 1.0)
    apart = codes("1----", "-----"), codes("-1---", "-----")
    row = agreements(FRAMES, {"ana": apart[0], "ben": apart[1]}, ("framelens", nothing))[0]
    assert (row.alpha, row.kappa, row.ac1, row.observed, row.sentences) == (None,) * 4 + (0,)
