from __future__ import annotations

from framelens.core.tables import html_table, text_table


def test_columns_are_lined_up() -> None:
    assert text_table(["system", "F1"], [["a", "0.5"], ["rules only", "1"]]) == (
        "system       F1\na           0.5\nrules only    1"
    )
    assert text_table(["system", "F1"], []) == "system  F1"


def test_cells_and_caption_are_escaped() -> None:
    assert html_table(["<"], [["&"]], caption='"') == (
        "<table><caption>&quot;</caption><tr><th>&lt;</th></tr><tr><td>&amp;</td></tr></table>"
    )
