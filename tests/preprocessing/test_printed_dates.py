"""Dates as they are printed on the first lines of documents."""

from __future__ import annotations

import pytest
from framelens.preprocessing.printed_dates import printed_date
from framelens.preprocessing.un_documents import masthead

ALONE = [
    ("7 May 2014", "2014-05-07"),
    ("7th of May, 2014", "2014-05-07"),
    ("7 MAY 2014", "2014-05-07"),
    ("May 7, 2014", "2014-05-07"),
    ("7 Sept. 2014", "2014-09-07"),
    ("2014-05-07", "2014-05-07"),
    ("07.05.2014", "2014-05-07"),
    ("17/05/2014", "2014-05-17"),
    ("05/17/2014", "2014-05-17"),
    ("05/07/2014", "2014"),
    ("18-Jan-24", "2024-01-18"),
    ("18-Jan-2024", "2024-01-18"),
    ("18-Jan-94", "1994-01-18"),
    ("June 2013", "2013-06"),
    ("Frog Rights Watch | June 2013", "2013-06"),
    ("Geneva, 2–6 June 2013", "2013-06"),
    ("Wednesday 7 May 2014", "2014-05-07"),
    ("Wednesday, 7 May 2014, 10 a.m.", "2014-05-07"),
    ("Thursday, 25 September 2014, 9.30 a.m. New York", "2014-09-25"),
    ("Geneva, 7 May 2014", "2014-05-07"),
    ("Geneva (7 May 2014)", "2014-05-07"),
    ("June 2013 | Frog Rights Watch", "2013-06"),
    ("Held at the Pond House, Geneva, on Wednesday, 7 May 2014, at 10 a.m.", "2014-05-07"),
    ("Date: 07.05.2014", "2014-05-07"),
    ("Press release - 7 May 2014", "2014-05-07"),
    ("Pond City – Wednesday, 7 May 2014", "2014-05-07"),
    ("Frog Rights Watch - June 2013", "2013-06"),
    ("May 7, 2014 4:00AM EDT | News Release", "2014-05-07"),
    ("(Geneva, Monday 7 May 2014)", "2014-05-07"),
    (
        "GENEVA (7 May 2014) - The minister, who had said that all ponds would stay open, came.",
        "2014-05-07",
    ),
    (f"(New York/Geneva, 7 May 2014) – The minister came{', and came' * 20}.", "2014-05-07"),
    ("Geneva, 7 May 2014 (FROG) — The minister came.", "2014-05-07"),
    ("Statement of 7 May 2014", "2014-05-07"),
    ("Press release dated 7 May 2014", "2014-05-07"),
    ("Posted 7 May 2014 by admin", "2014-05-07"),
    ("Pond Ministry Spokesperson Mo Lin's Regular Press Conference on May 7, 2014", "2014-05-07"),
    ("Press conference on 7 May 2014", "2014-05-07"),
    ("Briefing by Spokeswoman Ana Pond, Lakeville, May 7, 2014", "2014-05-07"),
    ("Invitation to the press conference on 7 May 2014", None),
    ("The press conference on 7 May 2014 was long.", None),
    ("7.5.2014 - Press release", "2014-05-07"),
    ("Source: Frogwire| 2014-05-07 20:42:28|Editor: pond", "2014-05-07"),
    ("Brussels, 17/05/2014 - 14:22", "2014-05-17"),
    ("Brussels, 07/05/2014 - 14:22", "2014"),
    ("The Pond Decision (7 May 2014) – The court held that ponds are ponds.", None),
    ("Law No. 5 (7 May 2014) - On ponds, as it has been read ever since.", None),
    ("Pond City - 7 May 2014", None),
    ("The fall of Pond City: 7 May 2014", None),
    ("Wednesday, 7 May", None),
    ("31 June 2014", None),
    ("1.2.2014.3", None),
    ("Adopted by the Council on 7 May 2014", None),
    ("It was closed in June 2013", None),
    ("The ponds were closed, and on 7 May 2014", None),
    *(
        (line, None)
        for line in (
            "Photo: A pond, 3 March 2016",
            "Deadline: 1 March 2030",
            "Pond Convention (23 May 1969)",
            "Last updated: 7 May 2014",
            "Resolution 217, 10 December 1948",
            "Next meeting: 7 May 2014",
        )
    ),
]


@pytest.mark.parametrize(("line", "expected"), ALONE)
def test_a_date_that_stands_alone(line: str, expected: str | None) -> None:
    assert printed_date(["Ponds and their keepers", line, "The minister came."]) == expected


YEARS_ELSEWHERE = [
    (["Wednesday, 7 May", "Annual meeting 2014"], None, "2014-05-07"),
    (["Annual meeting 2014, after that of 2013", "Wednesday, 7 May"], None, "2014-05-07"),
    (["Wednesday, 0 May", "Annual meeting 2014"], None, None),
    (["Tuesday, 7 May", "Annual meeting 2014"], None, None),
    (["Wednesday, 7 May"], "2014-06-01", "2014-05-07"),
    (["7 May", "Annual meeting 2014"], "2016-06-01", "2014-05-07"),
    (["7 May", "Meetings of 2013 and 2014"], None, None),
    (["7 May"], "2014-06-01", None),
    (["Brussels, 07/05/2014 - 14:22"], "2014-05-07", "2014-05-07"),
    (["Brussels, 07/05/2014 - 14:22"], "2014-07-05", "2014-07-05"),
    (["Brussels, 07/05/2014 - 14:22"], "2016-07-05", "2014"),
    (["June 2013", "7 May 2014"], None, "2014-05-07"),
    (["Pond City - 7 May 2014", "Report 2014/2"], None, "2014-05-07"),
    (["Pond City - 7 May 2014"], "2014-06-01", "2014-05-07"),
    (["Pond City - 7 May 1914", "Report 2014/2"], "2014-06-01", None),
]


@pytest.mark.parametrize(("lines", "made", "expected"), YEARS_ELSEWHERE)
def test_a_year_may_stand_elsewhere(
    lines: list[str], made: str | None, expected: str | None
) -> None:
    assert printed_date(lines, made) == expected


def test_only_the_first_lines_are_looked_at() -> None:
    assert printed_date([*["Ponds"] * 25, "7 May 2014"]) is None


RECORD = """United Nations A/69/PV.7
General Assembly
Sixty-ninth session
Official Records
7th plenary meeting
Thursday, 25 September 2014, 9 a.m.
New York

President: Mr. Pond (Lowland)
"""


def test_the_masthead_of_a_verbatim_record() -> None:
    found = {"symbol": "A/69/PV.7", "session": "Sixty-ninth session", "date": "2014-09-25"}
    assert masthead(RECORD) == found
    assert masthead("The 7th meeting was held in Provisional City.\n\n7 May 2014") == {
        "date": "2014-05-07"
    }
    assert masthead("See Official Records of the Council, 7th meeting, 7 May 2014.") == {}
