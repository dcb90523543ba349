from __future__ import annotations

import pytest
from framelens.core.codebook import Frame, Scheme
from framelens.project.folder import colours_for
from framelens.report.palette import COLOURS, palette

LIGHT, DARK = "#fcfbf8", "#17191c"


def scheme(*colours: str) -> Scheme:
    return Scheme("x", tuple(Frame(f"{at}", "", "X", name) for at, name in enumerate(colours)))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lights = sorted((luminance(one), luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


@pytest.mark.parametrize("name", COLOURS)
def test_colours_can_be_read_on_their_paper(name: str) -> None:
    light, dark = COLOURS[name]
    assert contrast(light, LIGHT) >= 4.5
    assert contrast(dark, DARK) >= 4.5


def test_known_names_keep_their_colour_and_others_get_a_free_one() -> None:
    found = palette(scheme("red", "bright_blue", "salmon", "#336699", "puce"))
    assert found[0] == COLOURS["red"]
    assert found[1] == COLOURS["blue"]
    assert found[3][0] == "#336699"
    assert len(set(found)) == 5


def test_two_hundred_colours_by_number_can_be_read_and_told_apart() -> None:
    found = palette(scheme(*colours_for(200)))
    assert all(contrast(light, LIGHT) >= 4.5 for light, _ in found)
    assert all(contrast(dark, DARK) >= 4.5 for _, dark in found)
    assert len(set(found)) == 200


@pytest.mark.parametrize("name", ["red; } body { display: none", "#fff;x", "url(x)", ""])
def test_no_name_gets_into_the_style_sheet(name: str) -> None:
    assert palette(scheme(name))[0] in COLOURS.values()
