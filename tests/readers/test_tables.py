"""Tables as people have them, and fields from beside the texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from framelens.core.errors import FramelensError
from framelens.core.settings import Settings, Tables
from framelens.core.types import Passage
from framelens.readers import Rejects, find, read_sources, reading_of
from framelens.readers.columns import columns_of

from tests.helpers import Put


def read(*paths: Path, skip_bad: bool = False, **options: Any) -> tuple[list[Passage], list[str]]:
    """The passages, and what was noted on the way."""
    settings = Settings(tables=Tables(**options), skip_bad=skip_bad)
    reading = reading_of(settings, Rejects(None))
    passages = list(read_sources(find(paths), reading))
    return passages, reading.notes.told()


@pytest.mark.parametrize(
    ("name", "content", "options"),
    [
        ("a.csv", "id,text,country\n1,One.,Togo\n", {}),
        ("a.csv", "ID,Text,country\n1,One.,Togo\n", {}),
        ("a.csv", "id;TEXT;country\n1;One.;Togo\n", {}),
        ("a.csv", "id\ttext\tcountry\n1\tOne.\tTogo\n", {}),
        ("a.tsv", "id,text,country\n1,One.,Togo\n", {}),
        ("a.csv", "\ufeffid|text|country\n1|One.|Togo\n", {}),
        ("a.csv", '"id";"text";"country"\n1;"One.";Togo\n', {}),
        ("a.csv", "id#text#country\n1#One.#Togo\n", {"delimiter": "#"}),
        ("a.csv", "id\ttext\tcountry\n1\tOne.\tTogo\n", {"delimiter": "tab"}),
        ("a.csv", "id;speech;country\n1;One.;Togo\n", {"text_column": "speech"}),
        ("a.csv", "no,text,country\n1,One.,Togo\n", {"id_column": "no"}),
        ("a.jsonl", '{"ID": 1, "Text": "One.", "country": "Togo"}', {}),
        (
            "a.jsonl",
            '{"n": 1, "s": "One.", "country": "Togo"}',
            {"text_column": "s", "id_column": "n"},
        ),
    ],
)
def test_texts_are_found(put: Put, name: str, content: str, options: dict[str, Any]) -> None:
    (passage,), notes = read(put(name, content), **options)
    assert (passage.text, passage.id, passage.meta) == ("One.", "1", {"country": "Togo"})
    assert not notes


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        ("a;b\n1;2\n", {}, "no column 'text' in the header; found a;b (cells between comma)"),
        ("text,b\n1,2\n", {"text_column": "speech"}, "no column 'speech' in the header; found te"),
        ("text,b\n1,2\n", {"delimiter": "::"}, "--delimiter ::: expected one character, or tab"),
    ],
)
def test_what_was_found_instead(
    put: Put, content: str, options: dict[str, Any], expected: str
) -> None:
    with pytest.raises(FramelensError) as caught:
        read(put("a.csv", content), **options)
    assert expected in str(caught.value)


def test_rows_that_are_a_cell_short(put: Put) -> None:
    passages, notes = read(put("a.csv", "text,country,\nOne.,Togo\nTwo.,Chad\n"))
    assert [row.meta for row in passages] == [{"country": "Togo"}, {"country": "Chad"}]
    assert notes == [
        "2 rows are one cell short of the header and were filled up, such as 'a.csv:2'"
    ]
    with pytest.raises(FramelensError, match="expected 3 cells, found 2"):
        read(put("b.csv", "text,country,year\nOne.,Togo,2019\nTwo.,Chad\n"))


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_rows_of_one_id_are_documents_of_their_own(put: Put, name: str) -> None:
    rows = [("a", "One."), ("a", "Two."), ("b", "Three."), ("a", "Four.")]
    lines = [f"{one},{text}" for one, text in rows]
    if name.endswith("jsonl"):
        lines = [f'{{"id": "{one}", "text": "{text}"}}' for one, text in rows]
    else:
        lines.insert(0, "id,text")
    passages, notes = read(put(name, "\n".join(lines)))
    second = 3 if name.endswith("csv") else 2
    assert [row.doc for row in passages] == ["a", f"a:{second}", "b", "a"]
    assert [row.id for row in passages] == [row.doc for row in passages]
    assert [note.split(",")[0] for note in notes] == [
        "1 records have the id of the one before them and got their line added to it",
        "1 ids occur again further on in their file",
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "id,text\n1,One.\n2,\n3,  \n"),
        ("a.jsonl", '{"text": "One."}\n{"text": null}\n{"text": " "}\n'),
    ],
)
def test_empty_texts_are_counted(put: Put, name: str, content: str) -> None:
    passages, (note,) = read(put(name, content))
    assert [row.text for row in passages if row.text.strip()] == ["One."]
    assert note.startswith("2 texts are empty, such as ")


def test_empty_files_are_counted(put: Put) -> None:
    passages, notes = read(put("a.txt", "One."), put("b.txt", " \n"), put("c.txt", ""))
    assert [row.text for row in passages] == ["One."]
    assert notes == ["2 texts are empty, such as 'b.txt'"]


@pytest.mark.parametrize(
    ("column", "value", "options", "expected"),
    [
        ("Date", "18 January 2024", {}, "2024-01-18"),
        ("published_date", "20240118T014500Z", {}, "2024-01-18"),
        ("Publication Date", "2024/01/18", {}, "2024-01-18"),
        ("Year", "2024", {}, "2024"),
        ("when", "18/01/2024", {"date_column": "when", "day_first": True}, "2024-01-18"),
        ("when", "18|1|24", {"date_column": "when", "date_format": "%d|%m|%y"}, "2024-01-18"),
        ("date", "2024-01-18T10:00:00", {}, "2024-01-18T10:00:00"),
        ("date", "18 Jan 2024", {}, "2024-01-18"),
    ],
)
def test_dates_are_one_field(
    put: Put, column: str, value: str, options: dict[str, Any], expected: str
) -> None:
    (passage,), notes = read(put("a.csv", f"text;{column}\nOne.;{value}\n"), **options)
    assert passage.meta["date"] == expected
    assert not notes


def test_a_year_stays_a_year(put: Put) -> None:
    (passage,), _ = read(put("a.jsonl", '{"text": "One.", "year": 2019}'))
    assert passage.meta == {"year": 2019}


def test_dates_that_cannot_be_read_are_counted(put: Put) -> None:
    table = "text,Date\nOne.,in spring\nTwo.,18/01/2024\nThree.,03/04/2024\nFour.,\n"
    passages, notes = read(put("a.csv", table))
    assert [row.meta.get("date") for row in passages] == [
        "in spring", "18/01/2024", "2024-03-04", None,
    ]  # fmt: skip
    assert [note.partition(" (")[0] for note in notes] == [
        "2 dates cannot be read",
        "1 dates were read with the month first",
    ]


def test_fields_from_paths(put: Put) -> None:
    put("all/Togo_44_2019.txt", "One.")
    put("all/Côte d'Ivoire_45_2020.txt", "Two.")
    put("all/notes.txt", "Three.")
    passages, notes = read(
        put("all/x.csv", "text\n").parent, names="{country}_{session}_{year}.txt", skip_bad=True
    )
    found = {row.text: dict(row.meta) for row in passages}
    assert found == {
        "One.": {"country": "Togo", "session": "44", "year": "2019"},
        "Two.": {"country": "Côte d'Ivoire", "session": "45", "year": "2020"},
        "Three.": {},
    }
    assert notes[0] == "2 files have a name that --names does not fit, such as 'notes.txt'"


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("{year}/{country}.txt", "2019/Togo.txt", {"year": "2019", "country": "Togo"}),
        (
            "{country}-{year}",
            "Guinea-Bissau-2019.txt",
            {"country": "Guinea", "year": "Bissau-2019"},
        ),
        ("{country}_*.txt", "deep/Togo_44.txt", {"country": "Togo"}),
        ("{date}.txt", "20240118.txt", {"date": "2024-01-18"}),
    ],
)
def test_patterns_of_paths(put: Put, pattern: str, name: str, expected: dict[str, str]) -> None:
    put(f"all/{name}", "One.")
    (passage,), _ = read(put(f"all/{name}", "One.").parents[name.count("/")], names=pattern)
    assert passage.meta == expected


@pytest.mark.parametrize("pattern", ["a.txt", "{a}_{a}", "{a b}.txt", "{}"])
def test_bad_patterns(put: Put, pattern: str) -> None:
    with pytest.raises(FramelensError, match=r"--names .*: expected fields in braces"):
        read(put("a.txt", "One."), names=pattern)


def test_a_table_is_joined(put: Put) -> None:
    table = put("meta.csv", "file;country;Date\na.txt;Togo;18 January 2024\nb;Chad;\n")
    passages, notes = read(
        put("in/a.txt", "One."), put("in/b.txt", "Two."), put("in/c.txt", "x"), metadata=str(table)
    )
    assert [dict(row.meta) for row in passages] == [
        {"country": "Togo", "Date": "18 January 2024", "date": "2024-01-18"},
        {"country": "Chad"},
        {},
    ]
    assert notes == ["1 documents have no row in the --metadata table, such as 'c.txt'"]


def test_a_table_is_joined_by_a_field_or_an_id(put: Put) -> None:
    regions = put("regions.jsonl", '{"country": "Togo", "region": "Africa"}')
    (one,), _ = read(
        put("Togo_1.txt", "One."), names="{country}_{n}", metadata=str(regions), key="country"
    )
    assert one.meta == {"country": "Togo", "n": "1", "region": "Africa"}
    ids = put("ids.csv", "id,region\n7,Asia\n")
    (other,), _ = read(put("a.csv", "id,text\n7,One.\n"), metadata=str(ids))
    assert other.meta == {"region": "Asia"}


@pytest.mark.parametrize(
    ("content", "key", "expected"),
    [
        ("file,x\na,1\na,2\n", None, "meta.csv:3: a second row for 'a'; expected one row a file"),
        ("x,y\na,1\n", None, "no column that names files; name it with --key; found x, y"),
        ("file,y\na,1\n", "name", "no column 'name'; found file, y"),
        ("file,y\na,1,2\n", None, "meta.csv:2: expected 2 cells, found 3"),
        ("file,y\n", None, "no rows in it"),
    ],
)
def test_bad_metadata(put: Put, content: str, key: str | None, expected: str) -> None:
    with pytest.raises(FramelensError) as caught:
        read(put("a.txt", "One."), metadata=str(put("meta.csv", content)), key=key)
    assert expected in str(caught.value)


def test_a_key_needs_a_table(put: Put) -> None:
    with pytest.raises(FramelensError, match="--key goes with --metadata"):
        read(put("a.txt", "One."), key="file")


def test_fields_from_beside_are_columns(put: Put) -> None:
    table = put("meta.csv", "file,region\na_1.csv,Africa\n")
    source = put("a_1.csv", "text,Date\nOne.,\n")
    settings = Settings(tables=Tables(names="{x}_{n}", metadata=str(table)))
    assert columns_of(find([source]), settings) == ("Date", "x", "n", "region", "date")
