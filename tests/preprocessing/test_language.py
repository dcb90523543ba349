"""Texts that are not English are told from a sentence of some length on; English ones never are."""

from __future__ import annotations

import pytest
from framelens.preprocessing.language import foreign_language, sentence_language

SENTENCES = {
    "ar": "لم يتمكن المقرر من زيارة السجن مساء أمس.",
    "de": "Der Berichterstatter konnte das Gefängnis gestern Abend nicht besuchen.",
    "es": "El relator no pudo visitar la cárcel ayer por la noche.",
    "fr": "Le rapporteur n'a pas pu visiter la prison hier soir.",
    "hr": "Izvjestitelj sinoć nije mogao posjetiti zatvor.",
    "id": "Pelapor tidak dapat mengunjungi penjara tadi malam.",
    "it": "Il relatore non ha potuto visitare il carcere ieri sera.",
    "nl": "De rapporteur kon de gevangenis gisteravond niet bezoeken.",
    "pl": "Sprawozdawca nie mógł wczoraj wieczorem odwiedzić więzienia.",
    "pt": "O relator não conseguiu visitar a prisão ontem à noite.",
    "ru": "Докладчик вчера вечером не смог посетить тюрьму.",
    "sr": "Известилац синоћ није могао да посети затвор.",
    "sv": "Rapportören kunde inte besöka fängelset i går kväll.",
    "tr": "Raportör dün akşam cezaevini ziyaret edemedi.",
    "zh": "报告员昨晚未能访问监狱。",
}

ENGLISH = (
    "The talks failed.", "Nobody came.", "No comment.", "Talks collapse", "Table 3", "Annual report 2019",
    "Côte d'Ivoire urges restraint.", "Ms. Bachelet (Chile), Mr. Šefčovič, Ms. Jiménez (Peru)", "La Paz",
    "Santa Cruz de la Sierra, Bolivia", "Médecins Sans Frontières condemns attack", "Coup d'état condemned",
    "Der Spiegel reporter expelled", "Le Monde interviews Macron", "Deutschland", "A/HRC/41/12/Add.1",
    "Hong Kong's 李嘉誠 (Li Ka-shing) donates", "Les Misérables", "Rio de Janeiro favela raids kill dozens",
    "Police detain activists; journalists beaten, cameras seized, offices raided. Minister denies it.",
)  # fmt: skip


FOREIGN_NAMES = (
    "Ministère des Affaires étrangères statement", "Ministère de la Justice opens inquiry",
    "Médecins sans frontières hospital bombed", "Asociación de Madres y Abuelas wins case",
    "Cour européenne des droits de l'homme: Grand Chamber hearing", "Détente, coup d'état, raison d'être",
    "Movimento dos Trabalhadores Rurais Sem Terra occupies farm",
    "Asociación de Familiares de los Detenidos y de las Víctimas de la Guerra wins case",
    "Ligue des droits de l'homme et du citoyen de la région des Lacs sues mayor",
    "Ministère de la Justice opens inquiry.", "Movimiento de los Sin Tierra leaders arrested.",
    "Madres de la Plaza de Mayo mark anniversary.", "El Universal editor receives death threats.",
    "per diem allowances, ad hoc committee, inter alia",
    "per diem allowances, ad hoc committee, inter alia, prima facie evidence, habeas corpus petitions, "
    "de facto detention, sine die adjournment, pro bono counsel, mutatis mutandis, jus cogens norms",
    "Contact: Bureau des droits de l'étang, 14 avenue de la Source, 1211 Lacville. Victims may write here.",
    "Contact: Bureau de la Ligue des droits de l'étang, 14 rue de la Fontaine-aux-Lions, 75019 Lacville. "
    "Association pour la défense des droits des gardiens et de leurs familles, 3 place de la Source. "
    "Victims may write here.",
)  # fmt: skip
UNMARKED = {"id"}
"""The languages of those that have no sign to ask for a language by, in a text in English."""
TOO_SHORT = {"tr"}
"""The languages of those of the sentences that have none of their commonest words."""
REPORT = (
    "The keepers of the pond asked the minister for talks about the ponds that were closed last year, and he "
    "promised to meet them. "
)

SHORT = [
    ("fr", "Le ministre a refusé de répondre aux questions."),
    ("es", "Las autoridades deben investigar estos hechos."),
    ("de", "Niemand weiß, warum der Teich geschlossen wurde."),
    ("pt", "O ministro recusou-se a responder às perguntas."),
    ("nl", "Niemand weet waarom de vijver werd gesloten."),
    ("sv", "Ingen vet varför dammen stängdes i mars."),
]


@pytest.mark.parametrize(("language", "sentence"), SHORT)
def test_short_sentences(language: str, sentence: str) -> None:
    assert foreign_language(sentence) == language


@pytest.mark.parametrize(("language", "sentence"), [*SHORT, *SENTENCES.items()])
def test_sentences_of_bilingual_documents(language: str, sentence: str) -> None:
    expected = None if language in TOO_SHORT | UNMARKED else language
    assert sentence_language(sentence, None) == expected
    assert sentence_language(sentence, "fr") == "fr"  # what is not English is as the document
    assert sentence_language(REPORT, language) is None
    assert sentence_language("Merci.", "fr") == "fr"


@pytest.mark.parametrize("times", [2, 40, 200])
@pytest.mark.parametrize("language", sorted(SENTENCES.keys() - TOO_SHORT))
def test_a_sentence_is_told_once_and_repeated(language: str, times: int) -> None:
    assert foreign_language(SENTENCES[language]) == language
    assert foreign_language(f"{SENTENCES[language]} " * times) == language


@pytest.mark.parametrize("language", sorted(TOO_SHORT))
def test_a_sentence_without_common_words_is_not_told_by_itself(language: str) -> None:
    assert foreign_language(SENTENCES[language]) is None
    assert foreign_language(f"{SENTENCES[language]} " * 40) == language


@pytest.mark.parametrize("language", ["ar", "es", "zh"])
@pytest.mark.parametrize("at", range(3))
def test_a_text_is_in_the_language_of_most_of_it(language: str, at: int) -> None:
    foreign, english = SENTENCES[language] * (3_000 // len(SENTENCES[language])), REPORT * 24
    for most, other, expected in ((foreign, english, language), (english, foreign, None)):
        parts = [other if part == at else most for part in range(3)]
        assert foreign_language(" ".join(parts)) == expected
    assert foreign_language(" ".join([foreign, "12 34 " * 500, english])) is None


def test_an_english_report_with_a_summary_in_spanish_is_english() -> None:
    summary = f"{SENTENCES['es']} El relator pidió al ministro la libertad de los detenidos. " * 20
    assert len(summary) > 2_000
    assert foreign_language(summary) == "es"
    assert foreign_language(summary + REPORT * 40) is None


def test_a_table_of_figures_at_the_end_says_nothing_of_the_language() -> None:
    assert foreign_language(SENTENCES["es"] * 60 + " 12 34" * 900) == "es"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Газета The Guardian сообщила вчера об аресте трёх журналистов."),
        ("el", "Η οργάνωση Keepers Without Ponds ζήτησε τη συνάντηση με τον υπουργό."),
        ("ar", "نشرت جماعة Our Ponds أمس في الصحيفة تقريرا عن زيارة السجن."),
    ],
)
def test_names_in_english_make_no_text_in_other_letters_english(language: str, text: str) -> None:
    assert foreign_language(text) == language


@pytest.mark.parametrize("spoken", ["ary", "arz"])
def test_arabic_is_arabic_wherever_it_is_spoken(
    spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Named:
        def rank(self, _: str) -> list[tuple[str, float]]:
            return [(spoken, 0.8), ("ar", 0.2)]

    monkeypatch.setattr("framelens.preprocessing.language._identifier", Named)
    assert foreign_language(SENTENCES["ar"]) == "ar"


@pytest.mark.parametrize("text", ENGLISH + FOREIGN_NAMES)
def test_english_sentences_names_and_headings_are_no_other_language(text: str) -> None:
    assert foreign_language(text) is sentence_language(text, None) is None
