"""Samples drawn from what a project has classified."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from framelens.analysis.corrected.drawing import draw_sample
from framelens.core.errors import FramelensError
from framelens.core.settings import Settings
from framelens.core.types import NOTHING, Passage
from framelens.project.items import write_items
from framelens.project.project import Project

PASSAGES = [
    Passage(f"{at}.txt", text, 0, meta={"bloc": "east"} if at % 4 else {})
    for at, text in enumerate(["The keepers visited the old prison.", "Frogs sang all night."] * 80)
]


@pytest.fixture
def project(rules_folder: Path) -> Project:
    return Project.open(Settings(rules=str(rules_folder), mode="rules"))


def test_each_value_of_a_field_is_a_stratum_and_so_is_none(project: Project) -> None:
    drawn = draw_sample(project.classify(PASSAGES), project, 8, by="bloc")
    assert {item.design for item in drawn} == {"field bloc"}
    assert Counter((item.stratum, item.probability) for item in drawn) == {
        ("east", 4 / 120): 4,
        (NOTHING, 4 / 40): 4,
    }
    with pytest.raises(FramelensError, match="no sentence has the field 'block'"):
        draw_sample(project.classify(PASSAGES), project, 8, by="block")


def test_bands_are_those_of_these_rules_and_no_model(project: Project) -> None:
    drawn = draw_sample(project.classify(PASSAGES), project, 10, draw="unsure")
    digest = project.classifier.rules.digest[:8]
    assert {item.design for item in drawn} == {f"unsure {digest}-"}
    chances = {item.stratum: item.probability or 0 for item in drawn}
    assert chances.keys() == {"given", "none"}
    assert chances["given"] > chances["none"]


def test_strata_are_made_in_one_way(project: Project) -> None:
    with pytest.raises(FramelensError, match="drawn in one of these ways"):
        draw_sample([], project, 1, by="bloc", draw="unsure")


def test_what_an_earlier_wave_lacks_is_told(project: Project, tmp_path: Path) -> None:
    first = draw_sample(project.classify(PASSAGES), project, 10)
    write_items(first, tmp_path / "first.csv")
    told: list[str] = []
    avoid = [tmp_path / "first.csv"]
    again = draw_sample(project.classify(PASSAGES), project, 10, avoid=avoid, note=told.append)
    assert not {item.id for item in first} & {item.id for item in again}
    assert told == []
    draw_sample(project.classify(PASSAGES[:159]), project, 5, avoid=avoid, note=told.append)
    (note,) = told
    assert note.startswith("the sample stands for 160 sentences, and there are 159: ")
