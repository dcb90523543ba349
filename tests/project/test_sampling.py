"""What is drawn, with which probabilities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest
from framelens.core.errors import FramelensError
from framelens.core.types import SentenceFrames
from framelens.project.items import Item
from framelens.project.sampling import (
    DIFFER,
    GIVEN,
    NEAR,
    NOTHING,
    Sampler,
    allocated,
    band,
)
from hypothesis import given
from hypothesis import strategies as st


def draw(n: int, strata: Iterable[str], **options: object) -> list[Item]:
    sampler = Sampler(n, **options)  # type: ignore[arg-type]
    for number, stratum in enumerate(strata):
        sampler.add(Item(id=f"d#{number}", text="A text.", stratum=stratum))
    return sampler.drawn()


def test_every_sentence_has_the_same_chance() -> None:
    found = draw(30, [""] * 120)
    assert len({item.id for item in found}) == 30
    assert {item.probability for item in found} == {0.25}


def test_over_many_seeds_all_are_drawn_alike() -> None:
    counts = Counter(item.id for seed in range(2000) for item in draw(5, [""] * 20, seed=seed))
    assert len(counts) == 20
    assert all(400 < count < 600 for count in counts.values())


def test_the_draw_depends_on_the_seed_alone() -> None:
    assert draw(10, [""] * 50, seed=3) == draw(10, [""] * 50, seed=3)
    assert draw(10, [""] * 50, seed=3) != draw(10, [""] * 50, seed=4)


def test_a_second_wave_avoids_the_first_and_adds_to_its_probability() -> None:
    first = draw(20, [""] * 100)
    second = draw(30, [""] * 100, avoid=first)
    assert not {item.id for item in first} & {item.id for item in second}
    assert {item.probability for item in second} == {0.3}  # 0.2 + 0.3: half are in either


def test_a_second_wave_must_be_drawn_as_the_first() -> None:
    first = [Item(id="d#1", text="x", probability=0.5, stratum="A", design="field bloc")]
    with pytest.raises(FramelensError, match="same design"):
        Sampler(5, avoid=first)


def test_a_second_wave_must_be_of_the_strata_of_the_first() -> None:
    """As they are not where labels that were read are of another model, or thresholds are others."""
    first = draw(20, ["given"] * 50 + ["none"] * 50, design="unsure a")
    with pytest.raises(
        FramelensError, match=r"d#\d+: .* the stratum 'none', and now it is of 'given'"
    ):
        draw(20, ["given"] * 100, design="unsure a", avoid=first)


def test_fields_give_as_many_of_each_value() -> None:
    found = draw(60, ["A"] * 500 + ["B"] * 100 + ["C"] * 10, design="field bloc")
    assert Counter(item.stratum for item in found) == {"A": 25, "B": 25, "C": 10}
    chances = {item.stratum: item.probability for item in found}
    assert chances == {"A": 0.05, "B": 0.25, "C": 1.0}


def test_likely_errors_are_drawn_more_often() -> None:
    strata = [DIFFER] * 200 + [NEAR] * 200 + [GIVEN] * 300 + [NOTHING] * 1600
    found = draw(400, strata, design="unsure")
    chance = {item.stratum: item.probability or 0 for item in found}
    assert chance[DIFFER] > chance[NEAR] > chance[GIVEN] > chance[NOTHING] > 0


@pytest.mark.parametrize(
    ("shares", "errors", "most"),
    [
        ((0.04, 0.10, 0.06, 0.80), (0.105, 0.107, 0.035, 0.010), 0.9),
        ((0.07, 0.18, 0.03, 0.72), (0.127, 0.115, 0.056, 0.030), 0.95),
        ((0.16, 0.44, 0.01, 0.39), (0.190, 0.175, 0.110, 0.100), 1.0),
    ],
    ids=["good", "middling", "bad"],
)
def test_a_draw_by_likely_errors_is_as_precise_as_one_at_random(
    shares: tuple[float, ...], errors: tuple[float, ...], most: float
) -> None:
    """The variance of the share of errors, by bands and how often a classifier errs in each, beside
    that of as many labels drawn at random."""
    bands = (DIFFER, NEAR, GIVEN, NOTHING)
    strata = [
        name for name, share in zip(bands, shares, strict=True) for _ in range(int(6000 * share))
    ]
    drawn = Counter(item.stratum for item in draw(400, strata, design="unsure"))
    parts = zip(bands, shares, errors, strict=True)
    variance = sum(share**2 * error / drawn[name] for name, share, error in parts)
    assert variance <= most * sum(map(float.__mul__, shares, errors)) / 400


@pytest.mark.parametrize(
    ("labels", "score", "rules", "expected"),
    [
        (("look",), 0.99, ("look",), GIVEN),
        (("look",), 0.99, (), DIFFER),
        ((), 0.01, ("look",), DIFFER),
        ((), 0.4, (), NEAR),
        (("look",), 0.6, None, NEAR),
        ((), 0.01, None, NOTHING),
    ],
)
def test_bands(
    labels: tuple[str, ...], score: float, rules: tuple[str, ...] | None, expected: str
) -> None:
    frames = SentenceFrames("x", 0, 1, labels, None, {"look": score}, thresholds={"look": 0.5})
    assert band(frames, rules) == expected


def test_more_than_there_are() -> None:
    with pytest.raises(FramelensError, match="only 10 sentences"):
        draw(11, [""] * 10)


def test_too_few_for_the_strata() -> None:
    with pytest.raises(FramelensError, match="at least 2 a stratum"):
        draw(3, ["A", "B"] * 10)


@given(
    st.dictionaries(st.sampled_from("ABCDE"), st.integers(2, 200), min_size=1),
    st.integers(10, 400),
)
def test_all_are_allotted_and_none_twice(left: dict[str, int], n: int) -> None:
    n = min(n, sum(left.values()))
    if n < 2 * len(left):
        return
    counts = allocated(n, left, dict.fromkeys(left, 1.0))
    assert sum(counts.values()) == n
    assert all(2 <= counts[name] <= left[name] for name in left)
