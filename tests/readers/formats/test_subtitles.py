"""Subtitles → passages."""

from __future__ import annotations

import pytest
from framelens.preprocessing.structure import sentences_of

from tests.helpers import Put, read
from tests.readers.conftest import complaint_of, text_of


def cues(*texts: str, mark: str = ",") -> str:
    """A file of subtitles, a second each."""
    times = (f"00:00:{at:02}{mark}000 --> 00:00:{at:02}{mark}900" for at in range(len(texts)))
    numbered = (
        f"{at}\n{time}\n{text}"
        for at, (time, text) in enumerate(zip(times, texts, strict=True), start=1)
    )
    return "\n\n".join(numbered)


WEB = """\ufeffWEBVTT - Debate
Language: en

STYLE
::cue { color: white }

NOTE This is for
editors.

opening
00:01.000 --> 00:04.000 align:start
<v.loud Ana Frog>The <i>mission</i></v>

NOTE Another one.

00:04.000 --> 00:05.000
<v.loud Ana Frog>was<00:04.500> refused &amp; left.</v>

00:05.000 --> 00:06.000
<v Ben Pond>Who did it?
<v Ana Frog>The keepers."""
ROLLED = cues("so the mission", "so the mission\nwas refused", "was refused", "was refused\naccess")
FILES = [
    (cues("The mission\nwas refused", "access. It left."), ["The mission was refused access. It left."]),
    (cues("One.", "Two.").replace("\n\n", "\n").replace("\n", "\r\n"), ["One. Two."]),
    (cues("It met in", "\n2018", "in May."), ["It met in 2018 in May."]),
    (cues("{\\an8}<font color='red'>It</font> met.", "[Applause]", "♪ la la ♪", "(Laughter)\nIt left."),
     ["It met. It left."]),
    (cues("It met", "(music playing)", "(the minister was there)", "[it is noisy]", "and left."),
     ["It met (the minister was there) and left."]),
    (cues("MS. FROG: It met.", "CHAIR: Did it", "MR. POND (Fiji): It did"),
     ["MS. FROG: It met.", "CHAIR: Did it", "MR. POND (Fiji): It did"]),
    (cues("Ana Frog: It", "Ana Frog: met.", "Ben Pond: Did", "Ben Pond: it?", "Note: it did."),
     ["Ana Frog: It met.", "Ben Pond: Did it? Note: it did."]),
    (cues("The reason: it met.", "The reason: it left."), ["The reason: it met. The reason: it left."]),
    (cues("<v Ana Frog>- It met.", "<v Ana Frog>It left."), ["Ana Frog: It met. It left."]),
    (cues(">> Who met?", "- The keepers", "- and frogs", "-The toads."),
     ["Who met?", "The keepers - and frogs", "The toads."]),
    (cues("They say what", "The delegation of Fiji said", "in May."),
     ["They say what The delegation of Fiji said in May."]),
    (cues("It met...", "...and left.", "Who… ", "… came?"), ["It met and left. Who came?"]),
    (ROLLED, ["so the mission was refused access"]),
    (cues(*(["and so they met", "and then they left"] * 40)), ["and so they met", "and then they left"] * 40),
    (WEB, ["Ana Frog: The mission was refused & left.", "Ben Pond: Who did it?", "Ana Frog: The keepers."]),
]  # fmt: skip


@pytest.mark.parametrize("name", ["a.srt", "a.VTT"])
@pytest.mark.parametrize(("content", "expected"), FILES)
def test_cues_are_joined_by_turns(put: Put, name: str, content: str, expected: list[str]) -> None:
    assert text_of(put(name, content)) == "\n\n".join(expected)


def test_voices_are_speakers(put: Put) -> None:
    said = sentences_of(read([put("a.vtt", WEB)]), "document")
    assert [(it.meta.get("speaker"), it.kind, it.passage.offset) for it in said] == [
        ("Ana Frog", "prose", 0),
        ("Ben Pond", "prose", 43),
        ("Ana Frog", "prose", 66),
    ]


def test_marks_of_another_speaker_may_stand_before_names(put: Put) -> None:
    content = cues(
        ">> ANA FROG: It met.", "- BEN POND: Did it?", ">> ANA FROG: No.", "- BEN POND: Oh."
    )
    said = [one.meta.get("speaker") for one in read([put("a.srt", content)])]
    assert said == ["ANA FROG", "BEN POND"] * 2


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("The keepers met.", "no cues in it; expected times such as 00:00:01.000 --> 00:00:04.000"),
        (cues("[Applause]", " "), "no text in it"),
        (b"\0\1", "looks binary; expected text"),
    ],
)
def test_bad_files(put: Put, content: str | bytes, expected: str) -> None:
    assert complaint_of(put("a.srt", content)) == expected
