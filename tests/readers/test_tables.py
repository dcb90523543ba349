"""Tables as people have them, and fields from beside the texts."""

from __future__ import annotations

import json
import sys
from io import BytesIO, TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pandas as pd
import pytest
from framelens.core.errors import FramelensError
from framelens.core.settings import Settings, Tables
from framelens.core.types import Passage
from framelens.project.labelled.reading import read_labelled
from framelens.readers import Rejects, Source, find, look_ahead, read_sources, reading_of
from framelens.readers.columns import columns_of
from framelens.readers.formats import records
from framelens.readers.formats.records import SeenIds
from framelens.readers.rejects import Notes
from framelens.readers.rows import rows_of

from tests.helpers import Put


def read(*paths: Path, skip_bad: bool = False, **options: Any) -> tuple[list[Passage], list[str]]:
    """The passages, and what was noted on the way."""
    settings, notes = Settings(tables=Tables(**options), skip_bad=skip_bad), Notes()
    found, settings = look_ahead(find(paths), settings, notes)
    reading = reading_of(settings, Rejects(None))
    passages = list(read_sources(found, reading))
    return passages, [*notes.messages(), *reading.notes.messages()]


def test_a_cell_that_is_a_number_is_a_text_in_every_table(tmp_path: Path, put: Put) -> None:
    rows = pd.DataFrame({"text": [2020, 3.5], "labels": ["", ""]}, dtype=object)
    rows.to_excel(tmp_path / "a.xlsx", index=False)
    pd.DataFrame({"text": [0.5, 3.5], "labels": ["", ""]}).to_parquet(tmp_path / "a.parquet")
    put("a.jsonl", '{"text": 2020, "labels": []}\n{"text": 3.5, "labels": []}\n')
    for path in sorted(tmp_path.iterdir()):
        texts = [passage.text for passage in read(path)[0]]
        assert texts == [row.text for row in read_labelled(path, ["talk"])]
        assert texts == ["0.5" if path.suffix == ".parquet" else "2020", "3.5"]


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


def test_what_is_piped_is_a_table_where_a_column_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else a misspelt column would make prose of it, with its header and all cells."""

    def piped(content: bytes, column: str) -> list[str]:
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(content)))
        return [passage.text for passage in read(Path("-"), text_column=column)[0]]

    assert piped(b"speech\nOne.\n", "speech") == ["One."]
    assert piped(b"land;speech\nTogo;One.\n", "speech") == ["One."]
    with pytest.raises(FramelensError, match="stdin:1: no column 'speach' in the header"):
        piped(b"land;speech\nTogo;One.\n", "speach")


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        ("a;b\n1;2\n", {}, "no column 'text' in the header; found a, b (cells between semi"),
        ("text,b\n1,2\n", {"text_column": "speech"}, "no column 'speech' in the header; found te"),
        ("text,b\n1,2\n", {"delimiter": "::"}, "delimiter=::: expected one character, or tab"),
    ],
)
def test_what_was_found_instead(
    put: Put, content: str, options: dict[str, Any], expected: str
) -> None:
    with pytest.raises(FramelensError) as caught:
        read(put("a.csv", content), **options)
    assert expected in str(caught.value)


def test_html_in_records_is_told(put: Put) -> None:
    rows = ["<p>One.</p>", "Two.<br/>Two.", "3 < 4, p > 0.", "https://frogs.example/<p"]
    _, notes = read(put("a.jsonl", "\n".join(json.dumps({"text": row}) for row in rows)))
    note = "2 records have HTML in the text, whose tags are read as words, such as 'a.jsonl:1'"
    assert notes == [note]


def test_rows_that_are_a_cell_short(put: Put) -> None:
    passages, notes = read(put("a.csv", "text,country,\nOne.,Togo\nTwo.,Chad\n"))
    assert [row.meta for row in passages] == [{"country": "Togo"}, {"country": "Chad"}]
    assert notes == [
        "2 rows are one cell short of the header and were filled up, such as 'a.csv:2'"
    ]
    with pytest.raises(FramelensError, match="expected 3 cells, found 2"):
        read(put("b.csv", "text,country,year\nOne.,Togo,2019\nTwo.,Chad\n"))


HEADER = """No ; Country;"Date of\nstatement";"Statement\n\n(English)"\n1;Togo;7 May 2014;One.\n"""


def test_names_of_columns_are_tidy(put: Put, tmp_path: Path) -> None:
    book = pytest.importorskip("openpyxl").Workbook()
    book.active.append(["No ", " Country", "Date of\nstatement", "Statement\n\n(English)"])
    book.active.append([1, "Togo", "7 May 2014", "One."])
    book.save(tmp_path / "b.xlsx")
    for path in (put("a.csv", HEADER), tmp_path / "b.xlsx"):
        (passage,), _ = read(path, text_column="statement (English)")
        fields = {name: str(value) for name, value in passage.meta.items()}
        day = {"Date of statement": "7 May 2014", "date": "2014-05-07"}
        assert (passage.text, fields) == ("One.", {"No": "1", "Country": "Togo", **day})
        ((_, row),) = rows_of(path)
        assert [*row] == ["No", "Country", "Date of statement", "Statement (English)"]


def test_names_of_columns_that_only_blanks_tell_apart(put: Put) -> None:
    (passage,), _ = read(put("a.csv", "text,who,who \nOne.,Togo,Mr. A\n"))
    assert passage.meta == {"who": "Togo", "who ": "Mr. A"}


def test_a_header_without_the_column_is_told_by_the_mark_that_makes_most_of_it(put: Put) -> None:
    expected = "found No, Country, Date of statement, .* \\(cells between semicolon\\)"
    with pytest.raises(FramelensError, match=expected):
        read(put("a.csv", HEADER))


def test_the_columns_of_a_workbook_can_be_named(tmp_path: Path) -> None:
    book = pytest.importorskip("openpyxl").Workbook()
    book.active.append(["Speech", "No", "When"])
    book.active.append(["One.", 7, "18 January 2024"])
    book.save(tmp_path / "a.xlsx")
    options: dict[str, Any] = {"text_column": "speech", "id_column": "No", "date_column": "When"}
    (passage,), _ = read(tmp_path / "a.xlsx", **options)
    assert (passage.doc, passage.text, passage.meta["date"]) == ("7", "One.", "2024-01-18")
    with pytest.raises(FramelensError, match="no sheet with a column 'text'"):
        read(tmp_path / "a.xlsx")


def test_ids_that_stand_once_name_documents(put: Put) -> None:
    passages, notes = read(put("a.csv", "id,text\na,One.\n"), put("b.csv", "id,text\nb,Two.\n"))
    assert [row.doc for row in passages] == ["a", "b"]
    assert not notes


@pytest.mark.parametrize(
    ("files", "docs", "places"),
    [
        ({"a.csv": "id,text\na,One.\na,Two.\nb,x\n"},
         ["a.csv:2", "a.csv:3", "a.csv:4"], "a, a.csv:2 and a.csv:3"),
        ({"a.jsonl": '{"id": 1, "text": "x"}\n{"text": "y"}\n{"id": "1", "text": "z"}'},
         ["a.jsonl:1", "a.jsonl:2", "a.jsonl:3"], "1, a.jsonl:1 and a.jsonl:3"),
        ({"a.csv": "id,text\na,One.\n", "b.tsv": "id\ttext\na\tTwo.\n"},
         ["a.csv:2", "b.tsv:2"], "a, a.csv:2 and b.tsv:2"),
        ({"a.txt": "One.", "b.csv": "id,text\na.txt,x\n"}, ["a.txt", "b.csv:2"], "a.txt, a.txt and b.csv:2"),
        ({"a.csv": "speech,text\na,One.\na,Two.\n"}, ["a.csv:2", "a.csv:3"], "a, a.csv:2 and a.csv:3"),
    ],
)  # fmt: skip
def test_ids_that_stand_twice_are_fields(
    put: Put, files: dict[str, str], docs: list[str], places: str
) -> None:
    """However far apart, in one file or several: what a document is called depends on no order."""
    column = "speech" if "speech" in "".join(files.values()) else None
    passages, notes = read(*(put(*file) for file in files.items()), id_column=column)
    assert [row.doc for row in passages] == docs
    assert all(row.id is None for row in passages)
    assert str(passages[-1].meta.get(column or "id", "")) in places or docs[-1] == "a.csv:4"
    assert notes == [
        "1 record has the id of another: documents are named by file and line instead, and the id is a "
        f"field like others, such as {places!r}"
    ]


def test_ids_in_workbooks_parquet_and_archives(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame({"id": ["a", "b"], "text": ["One.", "Two."]})
    table.to_parquet(tmp_path / "a.parquet")
    table.to_excel(tmp_path / "a.xlsx", index=False)
    with ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("in.csv", "id,text\nb,Three.\n")
    for files in (("a.parquet", "a.xlsx"), ("a.parquet", "a.zip"), ("a.zip", "a.xlsx")):
        passages, (note,) = read(*(tmp_path / name for name in files))
        assert len({row.doc for row in passages}) == len(passages)
        assert "the id of another" in note
    (tmp_path / "a.xlsx").unlink()
    passages, notes = read(tmp_path / "a.parquet")
    assert [row.doc for row in passages] == ["a", "b"]
    assert not notes


def test_standard_input_names_a_second_record_by_its_line() -> None:
    rows = b'{"id": "a", "text": "x"}\n{"id": "b", "text": "y"}\n{"id": "a", "text": "z"}\n'
    reading = reading_of(Settings(), Rejects(None))
    found = list(islice(read_sources([Source("stdin", None, head=rows)], reading), 3))
    assert [row.doc for row in found] == ["a", "b", "stdin:3"]
    assert [row.meta for row in found] == [{}, {}, {"id": "a"}]
    assert reading.notes.messages()[0].endswith("such as 'a, line 3'")


def test_ids_that_were_seen_are_known_however_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "LATEST", 4)
    seen = SeenIds()
    assert not any(seen.add(str(number)) for number in range(101))
    assert all(seen.add(str(number)) for number in range(101))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "text,x,x\nOne.,1,2\n"),
        ("a.tsv", "text\ttext\nOne.\tTwo.\n"),
        ("a.jsonl", '{"text": "One.", "text": "Two."}'),
        ("a.jsonl", '{"text": "One.", "meta": {"x": 1, "x": 2}}'),
    ],
)
def test_a_column_twice_is_refused(put: Put, name: str, content: str) -> None:
    with pytest.raises(FramelensError, match=r"(text|x)' (stands )?twice"):
        read(put(name, content))


def test_a_column_twice_is_refused_in_files_of_cells(tmp_path: Path) -> None:
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    column = pyarrow.array(["One."])
    parquet.write_table(
        pyarrow.Table.from_arrays([column] * 3, names=["text", "x", "x"]), tmp_path / "a.parquet"
    )
    book = pytest.importorskip("openpyxl").Workbook()
    book.active.append(["text", "x", "x"])
    book.active.append(["One.", 1, 2])
    book.save(tmp_path / "a.xlsx")
    for path in (tmp_path / "a.parquet", tmp_path / "a.xlsx"):
        with pytest.raises(FramelensError, match="column 'x' twice"):
            read(path)


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


def test_the_year_of_a_day_may_be_a_column_of_its_own(put: Put) -> None:
    (passage,), notes = read(put("a.csv", 'text,date,Year\nOne.,"Wednesday, 7 May",2014\n'))
    assert (passage.meta["date"], notes) == ("2014-05-07", [])


def test_dates_that_cannot_be_read_are_counted(put: Put) -> None:
    table = "text,Date\nOne.,in spring\nTwo.,18/18/2024\nThree.,03/04/2024\nFour.,\n"
    passages, notes = read(put("a.csv", table))
    assert [row.meta.get("date") for row in passages] == [
        "in spring", "18/18/2024", "2024-03-04", None,
    ]  # fmt: skip
    assert [note.partition(" (")[0] for note in notes] == [
        "2 dates cannot be read",
        "1 date was read with the month first",
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
            {"country": "Guinea-Bissau", "year": "2019"},
        ),
        ("{iso:3}{n:d}", "TGO12.txt", {"iso": "TGO", "n": "12"}),
        ("{who}_{n:d}_*", "Cabo_Verde_7_en.txt", {"who": "Cabo_Verde", "n": "7"}),
        ("{who}-{date}", "Togo-2024-01-18.txt", {"who": "Togo", "date": "2024-01-18"}),
        ("{who}{year:4d}", "Togo72019.txt", {"who": "Togo7", "year": "2019"}),
        ("{country}_*.txt", "deep/Togo_44.txt", {"country": "Togo"}),
        ("{date}.txt", "20240118.txt", {"date": "2024-01-18"}),
        ("{who}_{n}.{kind}", "Togo_12.txt", {"who": "Togo", "n": "12", "kind": "txt"}),
        ("{who}.{n}", "Togo.12.txt", {"who": "Togo", "n": "12"}),
    ],
)
def test_patterns_of_paths(put: Put, pattern: str, name: str, expected: dict[str, str]) -> None:
    put(f"all/{name}", "One.")
    (passage,), _ = read(put(f"all/{name}", "One.").parents[name.count("/")], names=pattern)
    assert passage.meta == expected


@pytest.mark.parametrize(
    ("pattern", "name", "told"),
    [
        ("{a}{b}.txt", "abc.txt", "a a, b bc; or a ab, b c"),
        ("{who}-{what}", "Guinea-Bissau-en.txt",
         "who Guinea, what Bissau-en; or who Guinea-Bissau, what en"),
        ("{who}_*.txt", "Togo_44_1.txt", "who Togo; or who Togo_44"),
        ("{who}-{date}", "Togo-18-01-2024.txt",
         "who Togo, date 18-01-2024; or who Togo-18-01, date 2024"),
    ],
)  # fmt: skip
def test_a_name_that_can_be_read_in_two_ways_is_told(
    put: Put, pattern: str, name: str, told: str
) -> None:
    _, notes = read(put(f"all/{name}", "One.").parent, names=pattern)
    assert notes[0].startswith("1 file has a name that --names fits in more than one way (end ")
    assert notes[0].endswith(f"{{name:4d}}, {{name:d}}), such as '{name}: {told}'")


@pytest.mark.parametrize(
    "pattern", ["a.txt", "{a}_{a}", "{a b}.txt", "{}", "{a}_{b c}", "{a:x}", "{a:4d}{"]
)
def test_bad_patterns(put: Put, pattern: str) -> None:
    with pytest.raises(FramelensError, match=r"names=.*: expected fields in braces"):
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
    assert notes == ["1 document has no row in the --metadata table, such as 'c.txt'"]


def test_a_table_is_joined_by_a_field_or_an_id(put: Put) -> None:
    regions = put(
        "regions.jsonl", '{"country": "Togo", "region": ["Africa", "West"], "member": true}'
    )
    (one,), _ = read(
        put("Togo_1.txt", "One."), names="{country}_{n}", metadata=str(regions), key="country"
    )
    assert one.meta == {"country": "Togo", "n": "1", "region": "Africa, West", "member": "true"}
    ids = put("ids.csv", "id,region\n7,Asia\n")
    (other,), _ = read(put("a.csv", "id,text\n7,One.\n"), metadata=str(ids))
    assert other.meta == {"region": "Asia"}


@pytest.mark.parametrize(
    ("content", "key", "expected"),
    [
        ("file,x\na,1\na,2\n", None, "meta.csv:3: a second row for 'a'; expected one row a file"),
        ("x,y\na,1\n", None, "no column that names files; name it with key=; found x, y"),
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
    with pytest.raises(FramelensError, match="key= goes with metadata="):
        read(put("a.txt", "One."), key="file")


def test_fields_from_beside_are_columns(put: Put) -> None:
    table = put("meta.csv", "file,region\na_1.csv,Africa\n")
    source = put("a_1.csv", "text,Date\nOne.,\n")
    settings = Settings(tables=Tables(names="{x}_{n}", metadata=str(table)))
    assert columns_of(find([source]), settings) == ("Date", "x", "n", "region", "date")


def test_titles_may_stand_above_the_header_of_a_sheet(tmp_path: Path) -> None:
    rows = [
        ["Statements on ponds", None, None],
        [None] * 3,
        ["Country", "Date of statement", "Text"],
    ]
    table = pd.DataFrame([*rows, ["Togo", "7 May 2014", "One."]])
    table.to_excel(tmp_path / "a.xlsx", index=False, header=False)
    (passage,), _ = read(tmp_path / "a.xlsx")
    assert (passage.text, passage.meta["Country"], passage.meta["date"]) == (
        "One.",
        "Togo",
        "2014-05-07",
    )
    # Titles are passed over, for a message as well.
    expected = "'speech' .* found Sheet1: Country, Date of statement, Text; name it"
    with pytest.raises(FramelensError, match=expected):
        read(tmp_path / "a.xlsx", text_column="speech")
