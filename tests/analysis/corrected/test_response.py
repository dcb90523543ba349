"""Whether labels are missing by chance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from framelens.analysis.corrected.response import Part, uneven
from framelens.core.types import Bools

ONE = np.zeros(200, dtype=np.int64)
EAST = np.arange(200) % 2 == 0
FIELDS = [{"bloc": "east" if it else "west"} for it in EAST]


def found(
    labelled: Bools, given: Mapping[str, Bools] | None = None, strata: Bools | None = None
) -> list[Part]:
    parts = ONE if strata is None else strata.astype(np.int64)
    return uneven(labelled, parts, given or {}, FIELDS)


def test_chance_is_seldom_taken_for_more() -> None:
    random = np.random.default_rng(0)
    told = [bool(found(random.random(200) < 0.7)) for _ in range(100)]
    assert sum(told) <= 4


def test_a_stratum_that_lacks_labels_is_allowed_for_already() -> None:
    labelled = ~EAST | (np.arange(200) % 3 == 0)
    assert [part.value for part in found(labelled)] == ["east", "west"]  # fewest labels first
    assert found(labelled, strata=EAST) == []


def test_what_framelens_gives_is_looked_at_too() -> None:
    given = np.arange(200) < 60
    (part,) = found(given, {"talk": given})
    assert (part.drawn, part.labelled, part.others, part.others_labelled) == (60, 60, 140, 0)
    assert part.silent
    assert part.message() == (
        "of the 60 sentences drawn to which framelens gives talk, 60 have labels; of the 140 others, 0"
    )


def test_a_few_that_lack_labels_say_nothing() -> None:
    assert found(np.arange(200) > 3) == []


def test_a_small_silent_part_is_told_and_no_more() -> None:
    few = np.arange(200) < 8
    (part,) = (it for it in found(~few, {"talk": few}) if not it.field)
    assert part.labelled == 0
    assert not part.silent
