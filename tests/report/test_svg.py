from __future__ import annotations

import xml.etree.ElementTree as ET

from framelens.report.svg import Axes, drawing, element, label, path, track


def test_texts_and_attributes_are_escaped() -> None:
    made = element("text", "a < b & c", class_='x" onload="y')
    assert made == '<text class="x&#34; onload=&#34;y">a &lt; b &amp; c</text>'


def test_a_drawing_says_what_it_shows() -> None:
    parts = Axes(10, 10, 100).frame("across <", "up")
    made = drawing(120, 120, parts, name="one", title="A & B", text="In words.")
    root = ET.fromstring(made)
    assert root.get("role") == "img"
    titles = {node.get("id"): node.text for node in root if node.tag in ("title", "desc")}
    assert titles[root.get("aria-labelledby")] == "A & B"
    assert titles[root.get("aria-describedby")] == "In words."


def test_axes_run_upwards() -> None:
    axes = Axes(10, 20, 100)
    assert (axes.at(0, 0), axes.at(1, 1)) == ((10, 120), (110, 20))


def test_numbers_are_short() -> None:
    assert path([(1 / 3, 2), (3, 4.5)], "curve") == '<path d="M0.33 2 L3 4.5" class="curve"></path>'
    assert 'x="1"' in label((1.0001, 2), "x", "tick")


def test_a_track_stays_inside_and_is_not_read_aloud() -> None:
    root = ET.fromstring(track(-0.5, 0.5, 1.5))
    assert root.get("aria-hidden") == "true"
    line = next(node for node in root if node.get("class") == "span")
    assert (line.get("x1"), line.get("x2")) == ("2%", "98%")
    assert root[-1].get("cx") == "50%"
