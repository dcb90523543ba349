"""Where a sentence stands in a document of the United Nations, and what a masthead says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from framelens.preprocessing.sentences import blocks, split
from framelens.preprocessing.un_documents import Fields, Place, masthead, recommending, turn

RESOLUTION = """
                            | Human Rights Council
                            | Agenda item 3
                            | 34/99. Rights of keepers
                            | The Human Rights Council,
              preambular    | Guided by the purposes of the Charter,
              preambular    | Recalling its resolution 12/3,
              preambular    | Deeply concerned that keepers are refused access, and are not asked,
              preambular    | On the recommendation of its Pond Group,
1           | operative     | 1. Calls upon all States:
1 (a)       | operative     | (a) To let observers visit the ponds;
1 (b)       | operative     | (b) To train the keepers:
1 (b)(i)    | operative     | (i) In frog law;
1 (b)(ii)   | operative     | (ii) In talks;
2           | operative     | 2. Also calls upon States to hold those responsible to account;
3           | operative     | 3. Decides to remain seized of the matter.
                            | 52nd meeting
                            | 24 March 2024
                            | Keepers welcomed the text.
"""

UNNUMBERED = """
                            | The Security Council,
              preambular    | Reaffirming all its resolutions,
              preambular    | Having considered the report,
              operative     | Decides that the ponds shall be opened;
              operative     | Requests the Secretary-General to report;
              operative     | Decides to remain seized of the matter.
                            | The resolution was adopted without a vote.
"""

DRAFT = """
PP1         | preambular    | PP1 Recalling the Charter,
PP2 bis     | preambular    | PP2 bis. Noting the report,
OP1         | operative     | OP1 Calls for dialogue;
OP10        | operative     | OP 10: Urges States to cooperate;
"""

EXCERPT = """
              preambular    | Recalling its resolution 12/3 of 1 October 2009,
              preambular    | Noting with concern the report,
1           | operative     | 1. Calls upon all States to talk;
                            | The minister welcomed the text.
"""

REPORT = """
                            | II. Findings
                            | A. Access to ponds
12          |               | 12. The Committee notes that access was refused.
13          |               | 13. The Committee recommends that the State party:
13 (a)      |               | (a) Open the ponds;
13 (b)      |               | (b) Investigate.
                            | Right to water
14          |               | 14. The Committee is concerned.
14          |               | “A quotation goes on.”
14          |               | and so does what begins in lower case.
15          |               | 15.The gap may be missing.
15 (a)      |               | (a)The gap of an item, too.
16          |               | 16. A number may be missing.
96          |               | 96. So may many.
                            | 3 of the keepers came.
                            | 2017. The year does not count.
1           |               | 1. A list within begins anew.
2           |               | 2. It goes on.
17          |               | 17. Then the outer one does.
17 bis      |               | 17 bis. And so on.
"""

LETTERS = """
1           |               | 1. The State should:
1 (g)       |               | (g) See to it;
1 (h)       |               | (h) See to it;
1 (i)       |               | (i) See to it;
1 (j)       |               | (j) See to it;
1 (j)(i)    |               | (i) In this way;
1 (j)(iv)   |               | (iv) In that way.
2           |               | 2. The keepers should:
2 (a)       |               | a) Open it;
2 (b)       |               | b. Close it.
2 (b)       |               | p. 12 of the report says how.
2 (b)       |               | e. g. with reeds.
2 (b)       |               | etc) until it is dry.
"""

PROSE = """
                            | The Committee, recalling its general comment, recommends dialogue.
                            | The Minister, who came late, spoke of ponds.
                            | Recalling the talks, he wept.
                            | Speaking in Geneva, the minister refused.
                            | Calls for dialogue went unheard.
                            | (a) Nothing is numbered here.
"""


def parsed(table: str) -> tuple[list[str], list[dict[str, str]]]:
    """The sentences of a table and the fields expected of each."""
    sentences, fields = [], []
    for row in table.strip("\n").split("\n"):
        *cells, sentence = (cell.strip() for cell in row.split("|"))
        found = {}
        for cell in filter(None, cells):
            part = cell in {"preambular", "operative"}
            found["part" if part else "paragraph"] = cell
        sentences.append(sentence)
        fields.append(found)
    return sentences, fields


@pytest.mark.parametrize("table", [RESOLUTION, UNNUMBERED, DRAFT, EXCERPT, REPORT, LETTERS, PROSE])
def test_paragraphs_and_parts(table: str) -> None:
    sentences, expected = parsed(table)
    found = [fields for (fields,) in un_fields([[sentence] for sentence in sentences])]
    assert list(zip(sentences, found, strict=True)) == list(zip(sentences, expected, strict=True))


def un_fields(paragraphs: Sequence[Sequence[str]]) -> list[list[Fields]]:
    """The fields of each sentence of a document's paragraphs."""
    place = Place()
    return [
        [place.move(sentence, opens=at == 0) for at, sentence in enumerate(sentences)]
        for sentences in paragraphs
    ]


def fields_of(text: str) -> list[tuple[str, str | None]]:
    """The first words of each sentence of a text, and who speaks it."""
    paragraphs = [
        [text[start + first : start + last] for first, last in split(text[start:end])]
        for start, end in blocks(text)
    ]
    return [
        (" ".join(sentence.split()[:3]), fields.get("speaker"))
        for sentences, found in zip(paragraphs, un_fields(paragraphs), strict=True)
        for sentence, fields in zip(sentences, found, strict=True)
    ]


VERBATIM = """The meeting was called to order at 10 a.m.

The President (spoke in Spanish): I open the meeting. We will hear a briefing.

Mr. Nebi-Zadeh (Pondland) (spoke in Russian): I thank you.

We want dialogue. Mr. President, hear us.
Ms. van der Berg (Lowland): We do not.

The meeting rose at 1 p.m.

It was late."""


def test_speakers_of_a_verbatim_record() -> None:
    assert fields_of(VERBATIM) == [
        ("The meeting was", None),
        ("The President (spoke", "The President"),
        ("We will hear", "The President"),
        ("Mr. Nebi-Zadeh (Pondland)", "Mr. Nebi-Zadeh (Pondland)"),
        ("We want dialogue.", "Mr. Nebi-Zadeh (Pondland)"),
        ("Mr. President, hear", "Mr. Nebi-Zadeh (Pondland)"),
        ("Ms. van der", "Ms. van der Berg (Lowland)"),
        ("The meeting rose", None),
        ("It was late.", None),
    ]


SUMMARY = """1. Mr. Li Wei (Pondland) said that the visit was useful. He thanked the experts.

2. His Government had trained keepers.

3. The Chair invited the delegation to reply.

4. Ms. Ruiz (Highland), noting the lack of data, asked who monitored the ponds.

5. Mr. Frog asked why.

6. Ms. ÉTANG, whom nobody had asked, said that she would come."""


@pytest.mark.parametrize(
    "text", [SUMMARY, SUMMARY.replace(". Mr.", ".Mr.").replace(". Ms.", ".Ms.")]
)
def test_speakers_of_a_summary_record(text: str) -> None:
    assert [speaker for _, speaker in fields_of(text)] == [
        "Mr. Li Wei (Pondland)",
        "Mr. Li Wei (Pondland)",
        "Mr. Li Wei (Pondland)",
        "The Chair",
        "Ms. Ruiz (Highland)",
        "Mr. Frog",
        "Ms. ÉTANG",
    ]


def test_a_resolution_ends_a_speech() -> None:
    text = "Mr. Li (Pondland): I move the text.\n\nThe Council,\n\nRecalling all,\n\n1. Decides so."
    assert [speaker for _, speaker in fields_of(text)] == ["Mr. Li (Pondland)", *[None] * 3]


TURNS = [
    ("The President: I open the meeting.", "The President"),
    ("The Acting President (spoke in French): I open.", "The Acting President"),
    ("The Vice-President: I open.", "The Vice-President"),
    ("The Chair (interpretation from Spanish): I open.", "The Chair"),
    ("The Secretary-General: I come.", "The Secretary-General"),
    ("The Secretary-General: his office is late.", None),
    ("King Coal: the mines have taken the water.", None),
    ("Ada Frog, Minister of Ponds: born in a pond.", None),
    ("The High Commissioner for Human Rights: I come.", "The High Commissioner for Human Rights"),
    ("The representative of Pondland: We agree.", "The representative of Pondland"),
    ("The Chair (Pondland): We agree.", "The Chair (Pondland)"),
    ("Mr. Guterres: I come.", "Mr. Guterres"),
    ("Mr. Al-Mannai (Qatar): I come.", "Mr. Al-Mannai (Qatar)"),
    ("Ms. de la Cruz Ñandú (Bosnia and Herzegovina): I come.",
     "Ms. de la Cruz Ñandú (Bosnia and Herzegovina)"),
    ("Mr. O’Neill (Ireland), on behalf of the European Union: We come.", "Mr. O’Neill (Ireland)"),
    ("Sir Mark L. Frog (United Kingdom): I come.", "Sir Mark L. Frog (United Kingdom)"),
    ("Ms. Frog (Pondland) (spoke in Chinese; English text provided by the delegation): I come.",
     "Ms. Frog (Pondland)"),
    ("Mrs. Frog\n(Pondland): I come.", "Mrs. Frog (Pondland)"),
    ("12. Mr. Frog (Pondland): I come.", "Mr. Frog (Pondland)"),
    ("Ms. Frog, High Commissioner for Ponds: I come.", "Ms. Frog"),
    ("Ms. Frog (Pondland), Minister of Ponds (spoke in French): I come.", "Ms. Frog (Pondland)"),
    ("Ada Frog, United Nations High Commissioner for Ponds: I come.", "Ada Frog"),
    ("The PRESIDENT: I open the meeting.", "The PRESIDENT"),
    ("MR. FROG (Pondland): I come.", "MR. FROG (Pondland)"),
    ("Ms. Frog, who came late, said: no.", None),
    ("Mr. President: I thank you.", None),
    ("Madam Chair: I thank you.", None),
    ("Mr. Frog (Pondland) came late.", None),
    ("Mr. Frog said this: no.", None),
    ("The minister: no.", None),
    ("The Council: no.", None),
    ("Dr. No", None),
    ("General Assembly Distr.: General", None),
    ("General Debate: item 3", None),
    ("Justice Department: no.", None),
    ("12. Mr. Frog (Pondland) said that he came.", None),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), TURNS)
def test_turns(sentence: str, expected: str | None) -> None:
    found = turn(sentence)
    assert (found.speaker if found else None) == expected


DOUBTFUL = [
    "King Coal: The mines have taken the water.",
    "General Motors: A strike goes on.",
    "Justice Delayed: How courts fail keepers.",
    "The Director: A life among frogs.",
    "Father Frog: Nobody knew him.",
]


@pytest.mark.parametrize("line", DOUBTFUL)
def test_a_name_before_a_colon_speaks_where_more_says_so(line: str) -> None:
    name = line.split(":")[0]
    assert fields_of(f"{line}\n\nIt is a book.") == [
        (" ".join(line.split()[:3]), None), ("It is a", None)
    ]  # fmt: skip
    again = fields_of(f"{line}\n\nKeepers: Why?\n\n{name}: Nobody was there.")
    in_record = fields_of(f"The President: I open the meeting.\n\n{line}")
    for found in (again, in_record, fields_of(f"{name}: I was there.")):
        assert found[-1][1] == name
    office = f"{name} (Pondland): The mines are open."
    assert fields_of(office)[0][1] == f"{name} (Pondland)"


REPORTED = [
    ("12. Mr. Frog (Pondland) said that he came.", "Mr. Frog (Pondland)"),
    ("12. Ms. Frog (Pondland), speaking on behalf of the Ponds, asked why.", "Ms. Frog (Pondland)"),
    ("12. The Chair invited him to speak.", "The Chair"),
    ("12. Mr. Frog (Pondland) was detained.", None),
    ("12. Mr. Frog said that he came.", None),
    ("12. The Committee noted that he came.", None),
    ("26. Togo commended the keepers.", "Togo"),
    ("26. The Russian Federation also asked about the ponds.", "Russian Federation"),
    ("26. Côte d’Ivoire, speaking on behalf of the Ponds, took note.", "Côte d’Ivoire"),
    ("26. The representative of Togo noted the visit.", "The representative of Togo"),
    ("26. JS4 recommended opening the ponds.", "JS4"),
    ("26. Togo, Chad and the Gambia asked about the ponds.", "Togo, Chad and the Gambia"),
    ("26. Keepers asked for it.", None),
    ("5. In response to questions on ponds, the delegation stated that it came.", "The delegation"),
    ("5. The Minister for Ponds, Ms. Frog, explained the law.", "The Minister for Ponds"),
    ("5. The head of the delegation recalled the visit.", "The head of the delegation"),
    ("5. The delegation stated that it came.", "The delegation"),
    ("8. The representative of Togo said that her country agreed.", "The representative of Togo"),
    ("8. The Minister for Ponds, Frogs and Newts said that he asked.",
     "The Minister for Ponds, Frogs and Newts"),
    ("8. The representative of China objected to it.", "The representative of China"),
    ("7. During the ensuing discussion, Peru welcomed the law.", "Peru"),
    ("7. Referring to ponds, Denmark asked why.", "Denmark"),
    ("7. Speaking on behalf of the Nordic States, Iceland commended the law.", "Iceland"),
    ("7. Frog Rights Watch stated that ponds froze.", "Frog Rights Watch"),
    ("7. The Union of Ponds stated that they froze.", None),
    ("7. Several States welcomed the law.", None),
    ("7. Draft resolution A/POND/31/L.5 was adopted.", None),
    ("7. At the request of Egypt, a vote was taken.", None),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), REPORTED)
def test_turns_in_reported_speech(sentence: str, expected: str | None) -> None:
    found = turn(sentence, numbered=True)
    assert (found.speaker if found else None) == expected


OPENING = [
    ("Peru: The ponds are open.", "Peru"),
    ("PERU: The ponds are open.", "PERU"),
    ("The Gambia (on behalf of the Ponds): We agree.", "The Gambia"),
    ("Delegation of Viet Nam: We agree.", "Delegation of Viet Nam"),
    ("Ms. LOPEZ (Peru) said that the ponds were open.", "Ms. LOPEZ (Peru)"),
    ("Ms. Lopez (Peru), speaking for the Ponds, asked why.", "Ms. Lopez (Peru)"),
    ("Mr. O’HARA GARCÍA asked why.", "Mr. O’HARA GARCÍA"),
    ("The CHAIRMAN invited him to speak.", "The CHAIRMAN"),
    ("The representative of South Africa, speaking on behalf of the Pond Group, said that he came.",
     "The representative of South Africa"),
    ("The delegation of Trinidad and Tobago noted the visit.", "The delegation of Trinidad and Tobago"),
    ("The observer for the Union of Ponds (UP) asked why.", "The observer for the Union of Ponds (UP)"),
    ("ANA DE LA ROSA FROG (Peru) said that ponds froze.", "ANA DE LA ROSA FROG (Peru)"),
    ("ANA FROG, High Commissioner for Ponds, said they froze.", "ANA FROG"),
    ("PONDS AND FROGS, a report, said they froze.", None),
    ("The representative of the union said that he came.", None),
    ("The representative of Peru was detained.", None),
    ("Peru: 12 ponds are open.", None),
    ("Perugia: The ponds are open.", None),
    ("Ponds: The keepers came.", None),
    ("Ms. Lopez said that the ponds were open.", None),
    ("Ms. Lopez (55) said that the ponds were open.", None),
    ("Ms. LOPEZ (Peru) was detained.", None),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), OPENING)
def test_turns_that_open_a_paragraph(sentence: str, expected: str | None) -> None:
    found = turn(sentence, opens=True)
    assert (found.speaker if found else None) == expected
    assert turn(sentence) is None


ENDING = [
    "Several delegations welcomed the law.",
    "A union from the north of Pondland added that it was late.",
    "The Frog Union, speaking from a pond, asked why.",
    "On frogs, the Union of Ponds objected.",
    "Draft resolution A/POND/31/L.5, as orally revised, was adopted by 21 votes to 12.",
    "The amendment was withdrawn.",
    "It was so decided.",
    "A recorded vote was taken.",
    "The Pond Committee then approved the draft.",
    "Also speaking was the representative of Cuba.",
    "Statements in explanation of vote were made by Chad and Togo.",
    "At the request of Egypt, a vote was taken.",
]
GOING_ON = [
    "Her country, he said, had ponds.",
    "Turning to frogs, she added that they sang.",
    "The questions raised by the experts would be answered.",
    "The law that the union had welcomed was new.",
    "Ponds had been opened.",
    "His Government stated that they were.",
]


@pytest.mark.parametrize("number", ["", "2. "])
@pytest.mark.parametrize("line", [*ENDING, *GOING_ON])
def test_what_ends_a_turn_in_reported_speech(line: str, number: str) -> None:
    first = ["ANA FROG (Peru) said so.", "BEN TOAD (Chad) said so."]
    if number:
        first = [f"1. Ms. {first[0]}"]
    *_, (found,) = un_fields([[paragraph] for paragraph in [*first, number + line]])
    assert ("speaker" in found) == (line in GOING_ON)


def test_speeches_in_full_may_tell_what_others_said() -> None:
    text = "Ms. Frog (Peru): I come.\n\nThe union welcomed it.\n\nIt was so decided."
    assert [speaker for _, speaker in fields_of(text)] == ["Ms. Frog (Peru)"] * 2 + [None]


TRANSCRIPTS = [
    ("QUESTION: Has he come?", "QUESTION"),
    ("Q: Has he come?", "Q"),
    ("Q    Jen, has he come?", "Q"),
    ("MODERATOR: Thank you.", "MODERATOR"),
    ("MR. TOAD: He has.", "MR. TOAD"),
    ("THE PRESIDENT: He has.", "THE PRESIDENT"),
    ("SENATOR FROG: He has.", "SENATOR FROG"),
    ("DEPUTY SECRETARY VAN FROG: He has.", "DEPUTY SECRETARY VAN FROG"),
    ("Sir Ben Frog (Holborn) (Lab): He has.", "Sir Ben Frog (Holborn) (Lab)"),
    ("Ana Toad (Islington North) (Ind): He has.", "Ana Toad (Islington North) (Ind)"),
    ("Hon. Members: Hear, hear.", "Hon. Members"),
    ("Ana Frog (S&D).", "Ana Frog (S&D)"),
    ("Ana Frog (S&D). – Madam President, he has.", "Ana Frog (S&D)"),
    ("Ana Frog, on behalf of the Pond Group. – Madam President, he has.", "Ana Frog"),
    ("Ana Frog, Vice-President of the Commission/High Representative for Ponds.", "Ana Frog"),
    ("Mr. FROG.", "Mr. FROG"),
    ("Ms. McTOAD of West Virginia. He has.", "Ms. McTOAD of West Virginia"),
    ("The PRESIDING OFFICER.", "The PRESIDING OFFICER"),
    ("Mr. Frog.", None),
    ("Ana Frog, keeper of the pond.", None),
    ("President.", None),
    ("A: He has.", None),
    ("Q Magazine came.", None),
    ("SENATORS: They have.", None),
    ("Ana Frog (1990) came.", None),
]


@pytest.mark.parametrize(("line", "expected"), TRANSCRIPTS)
def test_speakers_of_transcripts(line: str, expected: str | None) -> None:
    (found,) = un_fields([[line]])[0]
    assert found.get("speaker") == expected


@pytest.mark.parametrize(
    "form", ["[00:12:31] {}: {}", "12:31 {}: {}", "{} (00:12:31): {}", "00:12:31.120 {}: {}"]
)
def test_times_stand_beside_speakers(form: str) -> None:
    said = [form.format("MS. FROG", "Good."), form.format("Ana Li", "We met."), "[00:13] It left."]
    assert [speaker for _, speaker in fields_of("\n\n".join(said))] == ["MS. FROG", None, None]


@pytest.mark.parametrize("name", ["MR. POND", "Ms. Pond (Fiji)", "The Chair:"])
def test_a_name_above_a_speech_ends_the_one_before(name: str) -> None:
    said = fields_of(f"Ms. Frog: We met.\n\n{name}\n\nIt left.")
    assert [said[0][1], said[-1][1]] == ["Ms. Frog", None]


@pytest.mark.parametrize("line", ["Mr. President", "Mr. Minister.", "Justice For All"])
def test_whom_a_speech_addresses_does_not_end_it(line: str) -> None:
    assert fields_of(f"Ms. Frog: We met.\n\n{line}\n\nIt left.")[-1][1] == "Ms. Frog"


@pytest.mark.parametrize(
    "told", ["The hearing was adjourned by the judge.", "The meeting concluded that."]
)
def test_what_a_speech_tells_of_meetings_does_not_end_it(told: str) -> None:
    assert fields_of(f"Ms. Frog: We met. {told}")[-1][1] == "Ms. Frog"


def test_names_alone_take_the_floor_in_hearings() -> None:
    place = Place()
    lines = [
        ("Mr. POND.", True),
        ("We meet today.", False),
        ("It rains.", True),
        ("Ms. FROG.", True),
    ]
    found = [place.move(line, opens=opens, prose=line[:2] not in ("Mr", "Ms"), names=True).get("speaker")
             for line, opens in [*lines, ("Hear.", False), ("[Whereupon, it rose.]", True)]]  # fmt: skip
    assert found == [None, "Mr. POND", "Mr. POND", None, "Ms. FROG", None]


def test_a_president_without_a_name_speaks_in_a_record() -> None:
    lines = ["Ana Frog (S&D). – He has.", "President. – It is closed."]
    assert [speaker for _, speaker in fields_of("\n\n".join(lines))][-1] == "President"


def test_a_briefing_ends() -> None:
    said = fields_of("MS. FROG: Bye.\n\n(The briefing was concluded at 2 p.m.)\n\nIt rained.")
    assert [speaker for _, speaker in said] == ["MS. FROG", None, None]


def test_lines_of_a_transcript_need_no_blank_lines() -> None:
    lines = [
        "MR. FROG: Good morning.",
        "QUESTION: Why?",
        "A: So.",
        "It is.",
        "Q Ben, why?",
        "Frog Union: We ask.",
    ]
    place = Place()
    found = [place.move(line, opens=False, begins=True).get("speaker") for line in lines]
    assert found == ["MR. FROG", "QUESTION", "A", "A", "Q", None]


def test_speakers_of_a_committee_that_numbers_questions() -> None:
    lines = [
        "Chair: Ana Frog",
        "Q12 Chair: Thank you for coming.",
        "Mr Li: It is open.",
        "Q13 Ben Toad: Is it?",
        "Mr Li: It is.",
        "Chair: We will see.",
    ]
    place = Place()
    found = [place.move(line, opens=True, begins=True).get("speaker") for line in lines]
    assert found == [None, "Chair", "Mr Li", "Ben Toad", "Mr Li", "Chair"]


DEBATE = """Peru: The ponds are open. We keep them.

It is known.

Viet Nam: We thank the keepers.

They were there.

Mr. LOPEZ (Peru) asked why.

It was late.

Ms. FROG (Viet Nam) said that it was early.

Nobody knew.

Keepers International: We knew. Peru: So did we."""


def test_speakers_of_a_debate() -> None:
    assert [speaker for _, speaker in fields_of(DEBATE)] == [
        "Peru", "Peru", None, "Viet Nam", None, "Mr. LOPEZ (Peru)", None, "Ms. FROG (Viet Nam)",
        "Ms. FROG (Viet Nam)", None, "Peru",
    ]  # fmt: skip


REVIEW = """B. Dialogue and responses

5. The delegation stated that ponds were open. Keepers were paid.

6. Laws had been passed.

26. Togo commended the keepers. It recommended more ponds.

27. In addition, ponds had been opened in Togo.

27. During the interactive dialogue, 90 delegations spoke.

28. The Netherlands asked about frogs.

II. Conclusions

186. The following will be examined:

186.1. Ratify the Pond Convention (Latvia);

186.2 Open the ponds (Spain; Bosnia and Herzegovina)."""


def test_speakers_of_a_review() -> None:
    assert [speaker for _, speaker in fields_of(REVIEW)] == [
        None, "The delegation", "The delegation", "The delegation", "Togo", "Togo", None, None,
        "Netherlands",
        None, None, None, None,
    ]  # fmt: skip


def test_recommendations_of_a_review() -> None:
    found = [dict(fields) for (fields, *_) in un_fields([[p] for p in REVIEW.split("\n\n")])]
    assert found[-2:] == [
        {"paragraph": "186.1", "recommended_by": "Latvia"},
        {"paragraph": "186.2", "recommended_by": "Spain; Bosnia and Herzegovina"},
    ]


def test_a_count_goes_on_where_a_part_is_left_out() -> None:
    paragraphs = [["5. Frogs sang."], ["25. Togo spoke."], ["26. Chad spoke."], ["27. Fiji spoke."]]
    found = [fields.get("paragraph") for (fields,) in un_fields(paragraphs)]
    assert found == ["5", "25", "26", "27"]


def test_a_number_that_was_a_page_ends_no_count() -> None:
    paragraphs = [
        ["5. Frogs sang."],
        ["212. Ponds froze."],
        ["6. Togo spoke."],
        ["3. Why."],
        ["7. Oh."],
    ]
    found = [fields.get("paragraph") for (fields,) in un_fields(paragraphs)]
    assert found == ["5", "212", "6", None, "7"]


def test_what_is_no_prose_does_not_carry_a_count_far() -> None:
    place = Place()
    assert place.move("5. Frogs sang.", opens=True)["paragraph"] == "5"
    assert "paragraph" not in place.move("212. Ponds", opens=True, prose=False)


@pytest.mark.parametrize("line", ["Ms. Frog (Pondland): Head", "The President: Ms. Frog"])
def test_only_prose_takes_the_floor(line: str) -> None:
    place = Place()
    assert "speaker" in place.move(line, opens=True)
    assert "speaker" not in Place().move(line, opens=True, prose=False)


DISTR = "Distr.: General"
HEADS: list[tuple[str, Mapping[str, str]]] = [
    (f"A/POND/40/12 {DISTR} 18 January 2019 Fortieth session",
     {"symbol": "A/POND/40/12", "session": "Fortieth session", "date": "2019-01-18"}),
    (f"{DISTR}\nMarch 5, 2020\n43rd session\nCAT/C/POND/CO/3",
     {"symbol": "CAT/C/POND/CO/3", "session": "43rd session", "date": "2020-03-05"}),
    (f"{DISTR}\nSeventy-third special session", {"session": "Seventy-third special session"}),
    (f"{DISTR}\nThe present session", {}),
    (f"3 May 2018\n{DISTR}", {}),
    (f"{DISTR} 45 May 2018", {}),
    ("A/POND/40/12 of 18 January 2019", {}),
    ("x" * 5_000 + f" A/POND/1 {DISTR}", {}),
    ("A/POND/RES/46/99\n\nResolution adopted by the Pond Council on 23 March 2021",
     {"symbol": "A/POND/RES/46/99", "date": "2021-03-23"}),
    ("S/PV.8213", {"symbol": "S/PV.8213"}),
    ("CEDAW/C/POND/CO/7-8\n\nObservations of 3 May 2019", {"symbol": "CEDAW/C/POND/CO/7-8"}),
    ("E/CN.4/2004/SR.12\n\nHeld at the Palais of Ponds, on Monday, 22 March 2004, at 3 p.m.",
     {"symbol": "E/CN.4/2004/SR.12", "date": "2004-03-22"}),
    (f"A/POND/SR.2\n{DISTR} 3 May 2019\nHeld at the Pond,\non Monday, 8 April 2019, at 3 p.m.",
     {"symbol": "A/POND/SR.2", "date": "2019-04-08"}),
    ("Distr.: General\nOriginal: English\n\nReport under resolution 60/251 of 15 March 2006", {}),
    (
        "Distr.: General\n\nResolution 60/251 of 15 March 2006\n18 January 2019",
        {"date": "2019-01-18"},
    ),
    ("Distr.: General\n\nFortieth session\n25 February–22 March 2019", {"session": "Fortieth session"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), HEADS)
def test_masthead(text: str, expected: Mapping[str, str]) -> None:
    assert masthead(text) == expected


STATES = [
    ("Open the ponds (Latvia);", "Latvia"),
    ("Open the ponds\n(Iran (Islamic\nRepublic of)).", "Iran (Islamic Republic of)"),
    ("Open the ponds (Sweden) (Togo)", "Sweden; Togo"),
    ("Open the ponds (Latvia); (see annex); (Spain, Togo); (Fiji);", "Spain; Togo; Fiji"),
    ("Open the ponds (Norway, on behalf of the Nordic countries).",
     "Norway, on behalf of the Nordic countries"),
    ("Open the ponds (Spain and the Gambia); 12", "Spain; the Gambia"),
    ("Open the ponds (Cote d'Ivoire, UK/US and Lao PDR)", "Cote d'Ivoire; UK; US; Lao PDR"),
    ("Open the ponds (Chile, Norway, on behalf of Fiji)", "Chile; Norway, on behalf of Fiji"),
    ("2. Open the ponds (Spain)/ Keep them (Fiji);", "Spain; Fiji"),
    ("2. Open the ponds (Spain)/ Keep them.", None),
    ("Open the ponds (see annex).", None),
    ("Open the ponds (Nigerians).", None),
    ("(Latvia) opened the ponds.", None),
    ("(" * 500 + ")", None),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), STATES)
def test_recommending(sentence: str, expected: str | None) -> None:
    assert recommending(sentence) == expected
