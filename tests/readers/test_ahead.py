"""What the dates of a whole input show: which of 03/04/2019 is the day."""

from __future__ import annotations

import json
from io import BytesIO, TextIOWrapper
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest
from framelens.core.errors import FramelensError
from framelens.core.settings import Settings, Tables
from framelens.parallel import plan
from framelens.parallel.run import classify_to_file
from framelens.readers import Rejects, Source, find, look_ahead, read_sources, reading_of
from framelens.readers.rejects import Notes

from tests.helpers import Put

WRITTEN = ["03/04/2019", "13/04/2019", "05/01/2020", "2021-02-03", "25/12/2021"]
DAYS = ["2019-04-03", "2019-04-13", "2020-01-05", "2021-02-03", "2021-12-25"]
NOTE = "2 dates were read with the day first, for others beside can be read only so, such as '03/04/2019'"


def dates(*sources: Source, **options: object) -> tuple[list[object], list[str]]:
    """The dates of records, and what was noted."""
    notes = Notes()
    found, settings = look_ahead(sources, Settings(tables=Tables(**options)), notes)  # type: ignore[arg-type]
    reading = reading_of(settings, Rejects(None))
    passages = list(read_sources(found, reading))
    return [one.meta.get("date") for one in passages], [
        *notes.messages(),
        *reading.notes.messages(),
    ]


def save(path: Path, written: list[str]) -> Path:
    """A table of texts with these dates, in the format of the file's name."""
    table = pd.DataFrame({"id": range(len(written)), "date": written, "text": "We met."})
    if path.suffix == ".csv":
        table.to_csv(path, index=False)
    elif path.suffix == ".jsonl":
        table.to_json(path, orient="records", lines=True)
    elif path.suffix == ".xlsx":
        table.to_excel(path, index=False)
    else:
        table.to_parquet(path)
    return path


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".xlsx", ".parquet"])
def test_the_day_is_first_where_some_dates_can_be_read_only_so(tmp_path: Path, suffix: str) -> None:
    path = save(tmp_path / f"a{suffix}", WRITTEN)
    assert dates(*find([path])) == (DAYS, [NOTE])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (["03/04/2019", "05/06/2019"], ["2019-03-04", "2019-05-06"]),
        (["03/04/2019", "04/13/2019"], ["2019-03-04", "2019-04-13"]),
        (["03/04/2019", "04/13/2019", "13/04/2019"], ["2019-03-04", "2019-04-13", "13/04/2019"]),
        (["03-04-2019", "04-13-2019 14:00"], ["2019-03-04", "2019-04-13"]),
        (["03.04.2019", "04/13/2019"], ["2019-04-03", "2019-04-13"]),
    ],
)
def test_without_such_a_date_the_month_is(
    tmp_path: Path, written: list[str], expected: list[str]
) -> None:
    assert dates(*find([save(tmp_path / "a.csv", written)]))[0] == expected


def test_each_file_shows_its_own(tmp_path: Path) -> None:
    paths = [
        save(tmp_path / "here.csv", ["03/04/2019", "13/04/2019"]),
        save(tmp_path / "there.csv", ["03/04/2019", "04/13/2019"]),
    ]
    expected = ["2019-04-03", "2019-04-13", "2019-03-04", "2019-04-13"]
    assert dates(*find(paths))[0] == expected
    with ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in paths:
            archive.write(path, path.name)
    assert dates(*find([tmp_path / "all.zip"]))[0] == expected


def test_a_table_beside_the_texts_shows_it_too(put: Put) -> None:
    texts = put("all/a.txt", "One."), put("all/b.txt", "Two.")
    table = put("about.csv", "file,date\na.txt,03/04/2019\nb.txt,13/04/2019\n")
    assert dates(*find(texts), metadata=str(table))[0] == DAYS[:2]


def test_what_is_asked_for_stands_above_it(tmp_path: Path) -> None:
    path = save(tmp_path / "a.csv", ["03/04/2019", "13/04/2019"])
    assert dates(*find([path]), date_format="%m/%d/%Y")[0] == ["2019-03-04", "13/04/2019"]
    path = save(tmp_path / "b.csv", ["03/04/2019", "04/13/2019"])
    assert dates(*find([path]), day_first=True)[0] == ["2019-04-03", "04/13/2019"]


def stream(written: list[str], head: int) -> Source:
    rows = "".join(json.dumps({"text": "We met.", "date": day}) + "\n" for day in written).encode()
    return Source("stdin", None, head=rows[:head])


def test_the_beginning_of_a_stream_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO()))
    assert dates(stream(WRITTEN, 10_000)) == (DAYS, [NOTE])


def test_a_stream_that_shows_it_too_late_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = stream(WRITTEN, 10_000).head
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(whole[50:])))
    with pytest.raises(
        FramelensError, match=r"^stdin:2: 13/04/2019 can be read only .*day_first=True"
    ):
        dates(stream(WRITTEN, 50))
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(whole[50:])))
    assert dates(stream(WRITTEN, 50), day_first=True)[0] == DAYS


def test_parts_of_a_file_are_read_alike(
    tmp_path: Path, small_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "PART", 600)
    path = save(tmp_path / "a.csv", ["03/04/2019"] * 60 + ["13/04/2019"])
    settings = Settings(rules=str(small_folder), mode="rules")
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    first = classify_to_file([path], settings, one)
    second = classify_to_file([path], settings, two, jobs=2)
    assert one.read_bytes() == two.read_bytes()
    assert first.notes == second.notes
    assert b"2019-03-04" not in one.read_bytes()
