"""Which sentences are classified, and what is said of the others."""

from __future__ import annotations

import pytest
from framelens.core.settings import Settings
from framelens.core.types import Kind, Passage, Sentence
from framelens.preprocessing.language import foreign_language
from framelens.preprocessing.main_text import main_text
from framelens.preprocessing.structure import LeftOut, selected, sentences_of
from framelens.readers.rejects import Notes

FRENCH = (
    "Le ministre a rencontré les gardiens de l'étang lundi et leur a promis des entretiens sur les étangs "
    "fermés l'année dernière. Les gardiens ont demandé que les personnes détenues soient libérées bientôt. "
)
ENGLISH = (
    "The minister met the keepers of the pond on Monday and promised them talks about the ponds that were "
    "closed last year. The keepers asked that the people who are held be freed without delay. "
)
SPANISH = (
    "El ministro se reunió el lunes con los guardianes del estanque y les prometió conversaciones sobre los "
    "estanques que fueron cerrados el año pasado. Los guardianes pidieron la libertad de los detenidos. "
)
LANGUAGES = [
    (FRENCH, "fr"),
    (SPANISH, "es"),
    (ENGLISH, None),
    ("Le ministre.", None),
    ("12 " * 99, None),
]


@pytest.mark.parametrize(("text", "expected"), LANGUAGES)
def test_languages(text: str, expected: str | None) -> None:
    assert foreign_language(text) == expected


def test_english_texts_do_not_wait_for_the_detector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("framelens.preprocessing.language._identifier", lambda: 1 / 0)
    assert foreign_language(ENGLISH * 9) is None


TEXT = "Pond report\n\nThe minister met the keepers. Good.\n\n1 See A/POND/3."


def taken(left_out: LeftOut, **options: object) -> list[str]:
    passages = [Passage("a", TEXT), Passage("b", FRENCH)]
    settings = Settings(**options)  # type: ignore[arg-type]  # a table's options
    rows = selected(sentences_of(passages, "document"), settings, left_out)
    return [f"{row.doc}{row.index}" for row in rows]


CASES = [
    ({}, ["a0", "a1", "a2", "a3", "b0", "b1"], ""),
    ({"only": ("prose",)}, ["a1", "a2", "b0", "b1"],
     "2 of 6 sentences left out: 1 heading, 1 note"),
    ({"min_words": 3, "only": ("prose",)}, ["a1", "b0", "b1"],
     "3 of 6 sentences left out: 1 heading, 1 note, 1 too short"),
    ({"languages": ("en",)}, ["a0", "a1", "a2", "a3"], "2 of 6 sentences left out: 2 in 'fr'"),
    ({"only": ("note",)}, ["a3"], "5 of 6 sentences left out: 4 sentences of prose, 1 heading"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "expected", "said"), CASES)
def test_selected(options: dict[str, object], expected: list[str], said: str) -> None:
    left_out = LeftOut()
    assert taken(left_out, **options) == expected
    assert left_out.described() == said
    assert left_out.documents == {"b": "fr"}


@pytest.mark.parametrize(
    ("only", "said"),
    [((), "2 lines of page furniture left out"),
     (("prose",), "1 of 2 sentences left out: 1 heading; and 2 lines of page furniture")],
)  # fmt: skip
def test_page_furniture_is_counted_apart(only: tuple[Kind, ...], said: str) -> None:
    left_out, notes = LeftOut(), Notes()
    text = "Subscribe\n\nPond report\n\nThe minister met the keepers.\n\n© 2024 Frog Rights Watch"
    sentences = sentences_of(main_text([Passage("a", text)], left_out.drop), "document")
    list(selected(sentences, Settings(only=only), left_out))
    assert left_out.described() == said
    notes.add_left_out(left_out)
    assert "2 lines of page furniture were left out" in notes.messages()


@pytest.mark.parametrize(
    ("chances", "expected"),
    [([0.1] * 9, {}),  # too few to tell
     ([0.1] * 10, {"a": 0.1}),
     ([0.1] * 10 + [0.9] * 10, {}),
     ([0.9] * 5 + [0.1] * 20, {"a": 0.26}),
     ([None] * 20, {})],  # a model that does not tell
)  # fmt: skip
def test_a_document_beside_the_subject_is_told(
    chances: list[float | None], expected: dict[str, float]
) -> None:
    left_out, notes = LeftOut(), Notes()
    for document in ("a", "b"):
        source = Passage(document, "One.")
        for about in chances if document == "a" else [0.1] * 9:
            left_out.count_about(Sentence(source, 0, 0, "One."), about)
        for _ in range(99):  # of what is no prose nothing is told
            left_out.count_about(Sentence(source, 0, 0, "One", kind="table"), 0.1)
    assert left_out.beside_subject == pytest.approx(expected)
    notes.add_left_out(left_out)
    told = "hardly about the codebook's subject, so that frames are often wrong there"
    named = [f"a ({mean:.2f})" for mean in expected.values()]
    assert list(left_out.told()) == [f"{told}: {name}" for name in named]
    assert notes.messages() == [f"1 document is {told}, such as {name!r}" for name in named]
