"""Two fields at once: the table of generated speeches is the one that pandas makes."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import BytesIO, StringIO, TextIOWrapper
from typing import Any

import numpy as np
import pandas as pd
import pytest
from framelens.analysis.summary import Summary, summarize
from framelens.analysis.tables import COLUMNS, as_json, table, write_csv, write_summary
from framelens.cli.render.shares import uncertainty
from framelens.core.errors import FramelensError
from framelens.core.types import Classified, Passage, Sentence, SentenceFrames

FRAMES = ("look", "talk")
COUNTRIES = ("Chad", "Togo", "Fiji", "Peru", "Oman")


def row(doc: str, labels: tuple[str, ...], **meta: Any) -> Classified:
    frames = SentenceFrames("Text.", 0, 5, labels, None, {})
    return Classified(Sentence(Passage(doc, "Text.", meta=meta), 0, 0, "Text."), frames)


def speeches(seed: int = 1) -> list[dict[str, Any]]:
    """Sentences of speeches by country and date; nobody spoke in 2014, Oman only in 2012."""
    dice = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for number in range(160):
        country = COUNTRIES[number % 5]
        year = 2012 if country == "Oman" else int(dice.choice([2011, 2012, 2013, 2015, 2016]))
        rate = 0.2 + 0.1 * (country == "Togo") * (year - 2011)
        day = f"{year}-{dice.integers(1, 13):02d}-{dice.integers(1, 28):02d}"
        for _ in range(int(dice.integers(2, 25))):
            rows.append(  # noqa: PERF401  # each takes its own throw
                {
                    "doc": f"s{number}",
                    "country": country,
                    "date": day,
                    "year": year,
                    "look": bool(dice.random() < rate),
                    "talk": bool(dice.random() < 0.1),
                }
            )
    return rows


def classified(rows: list[dict[str, Any]]) -> Iterator[Classified]:
    for it in rows:
        labels = tuple(name for name in FRAMES if it[name])
        yield row(it["doc"], labels, country=it["country"], date=it["date"])


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return speeches()


@pytest.fixture(scope="module")
def found(rows: list[dict[str, Any]]) -> Summary:
    return summarize(classified(rows), FRAMES, by=["country"], over="year", top=None, sort="name")


def test_country_by_year_is_the_table_of_pandas(rows: list[dict[str, Any]], found: Summary) -> None:
    frame = pd.DataFrame(rows)
    expected = frame.groupby(["country", "year"]).agg(
        sentences=("look", "size"),
        look=("look", "sum"),
        talk=("talk", "sum"),
        documents=("doc", "nunique"),
    )
    (crossed,) = found.crosses
    cells = {
        (line.value, int(column)): group
        for line in crossed.lines[1:]
        for column, group in zip(crossed.columns, line.cells, strict=True)
        if group is not None
    }
    assert set(cells) == set(expected.index)
    for place, counted in expected.iterrows():
        group = cells[place]
        assert (group.sentences, group.documents) == (counted.sentences, counted.documents)
        assert [share.given for share in group.shares[:2]] == [counted.look, counted.talk]
        assert group.shares[0].share == counted.look / counted.sentences


def test_periods_are_in_order_and_none_is_missing(found: Summary) -> None:
    (crossed,) = found.crosses
    assert crossed.columns == ("2011", "2012", "2013", "2014", "2015", "2016")
    assert [line.value for line in crossed.lines] == ["all sentences", *sorted(COUNTRIES)]
    everyone, oman = crossed.lines[0], crossed.lines[3]
    assert everyone.cells[3] is None
    assert [cell is not None for cell in oman.cells] == [False, True, False, False, False, False]


def test_differences_are_from_all_others_in_the_period(
    rows: list[dict[str, Any]], found: Summary
) -> None:
    frame = pd.DataFrame(rows)
    frame = frame[frame.year == 2012]
    (crossed,) = found.crosses
    togo = next(line for line in crossed.lines if line.value == "Togo")
    differences = togo.differences[1]
    assert differences is not None
    mine = frame.country == "Togo"
    expected = frame[mine].look.mean() - frame[~mine].look.mean()
    assert differences[0].difference == pytest.approx(expected)
    assert differences[0].low < expected < differences[0].high
    assert differences[0].p <= differences[0].adjusted


def test_a_trend_is_found_where_there_is_one(found: Summary) -> None:
    (crossed,) = found.crosses
    trends = {line.value: line.trends for line in crossed.lines}
    togo, oman = trends["Togo"][0], trends["Oman"][0]
    assert togo is not None
    assert togo.slope == pytest.approx(0.1, abs=0.04)
    assert togo.test.p < 0.001
    assert oman is None


def test_groups_that_differ_are_told(found: Summary) -> None:
    compared = found.comparisons["country"]
    assert compared.compared == 5
    by_frame = {it.frame: it for it in compared.tests}
    assert by_frame["look"].adjusted < 0.001
    assert by_frame["talk"].test.p > 0.01


@pytest.mark.parametrize(
    ("over", "columns"),
    [
        ("quarter", 24),
        ("date", 24),
        ("country", 5),
    ],
)
def test_what_can_be_crossed(rows: list[dict[str, Any]], over: str, columns: int) -> None:
    (crossed,) = summarize(classified(rows), FRAMES, over=over).crosses
    assert crossed.field == ""
    assert len(crossed.columns) == columns
    (line,) = crossed.lines
    assert sum(cell.sentences for cell in line.cells if cell) == len(rows)


@pytest.mark.parametrize(
    ("over", "expected"),
    [("month", "no sentence has a date"), ("state", "'state'; there are: document, kind, place")],
)
def test_what_nobody_has_cannot_be_crossed(over: str, expected: str) -> None:
    with pytest.raises(FramelensError, match=expected):
        summarize([row("a", (), place="x")], FRAMES, over=over)


def test_the_top_and_the_order_of_groups() -> None:
    rows = [row(str(at), ("look",) if at < 3 else (), n=f"v{at}") for at in (10, 2, 2, 1, 1, 1)]

    def names(**options: Any) -> list[str]:
        return [group.value for group in summarize(rows, FRAMES, by=["n"], **options).by["n"]]

    assert names() == ["v1", "v2", "v10"]
    assert names(sort="name") == ["v1", "v2", "v10"]
    assert names(top=2) == ["v1", "v2", "(1 other values)"]
    assert names(sort="share", top=None)[-1] == "v10"


def test_dates_come_in_their_order() -> None:
    dates = ("2020-05-01", "2018", "2019-02", "2019-02")
    rows = [row(str(at), (), date=one) for at, one in enumerate(dates)]
    found = summarize(rows, FRAMES, by=["date"], over="year")
    assert [group.value for group in found.by["date"]] == ["2018", "2019-02", "2020-05-01"]
    assert [line.value for line in found.crosses[0].lines[1:]] == ["2018", "2019-02", "2020-05-01"]


def test_clusters_of_ones_own() -> None:
    """Two speeches of one speaker say less than those of two."""
    rows = [
        row(f"d{at}", ("look",) if at < 4 else (), speaker="AB"[at // 4]) for at in range(8)
    ] * 3
    whole = summarize(rows, FRAMES).whole
    assert (whole.clusters, whole.documents) == (24, 24)
    mine = summarize(rows, FRAMES, cluster="speaker").whole
    assert (mine.clusters, mine.documents) == (2, 24)
    assert mine.shares[0].high - mine.shares[0].low > whole.shares[0].high - whole.shares[0].low
    with pytest.raises(FramelensError, match="'speakr'; there are"):
        summarize(rows, FRAMES, cluster="speakr")


def test_csv_parquet_and_json_hold_the_same(found: Summary) -> None:
    from pyarrow.parquet import read_table

    out = StringIO()
    write_csv(found, out)
    lines = list(csv.DictReader(StringIO(out.getvalue())))
    stream = BytesIO()
    wrapper = TextIOWrapper(stream, write_through=True)
    write_summary(found, wrapper, form="parquet")
    rows = read_table(BytesIO(stream.getvalue())).to_pylist()
    assert [tuple(row) for row in rows] == [COLUMNS] * len(lines)
    assert [tuple(row.values()) for row in rows] == list(table(found))
    shares = ["" if row["share"] is None else str(row["share"]) for row in rows]
    assert [line["share"] for line in lines] == shares
    text = StringIO()
    write_summary(found, text, form="json")
    given = json.loads(text.getvalue())
    assert given == json.loads(json.dumps(as_json(found)))
    cell = given["over"][0]["lines"][1]["cells"][0]
    line = next(it for it in lines if it["value"] == "Chad" and it["period"] == "2011")
    assert (str(cell["sentences"]), str(round(cell["shares"][0]["share"], 4))) == (
        line["sentences"],
        line["share"],
    )


def test_groups_on_few_clusters_are_counted() -> None:
    found = summarize([row("a", ())], FRAMES, by=["document"])
    assert (found.uncertain, found.single) == (1, 1)
    said = uncertainty(found)
    assert said.startswith(
        "1 group rests on fewer than 10 documents: intervals and tests of so few"
    )
    assert "; 1 of them on a single one, as if its sentences were independent" in said
    both = summarize([row("a", ()), row("b", ())], FRAMES, by=["document"])
    assert uncertainty(both).startswith("2 groups rest on fewer than 10 documents")


def test_all_sentences_together_are_no_group() -> None:
    assert summarize([row("a", ())], FRAMES).uncertain == 0


def test_p_values_are_not_held_to_shares_that_nobody_could_have() -> None:
    """Where every sentence has one frame, that of no frame is no test."""
    given = [
        row(f"{country}{at}", ("look" if at % (2 + place) else "talk",), country=country)
        for place, country in enumerate(("Chad", "Togo"))
        for at in range(40)
    ]
    found = summarize(given, FRAMES, by=["country"]).comparisons["country"]
    assert [test.frame for test in found.tests] == list(FRAMES)
    for test in found.tests:
        assert test.adjusted == pytest.approx(2 * test.test.p)
    assert all(np.isnan(part[-1].adjusted) for part in found.differences)
