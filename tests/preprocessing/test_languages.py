"""Texts that are not English are told, however short; English ones never are."""

from __future__ import annotations

import pytest
from framelens.preprocessing.structure import foreign_language

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


@pytest.mark.parametrize("times", [1, 40])
@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_is_told_once_and_repeated(language: str, times: int) -> None:
    assert foreign_language(f"{SENTENCES[language]} " * times) == language


@pytest.mark.parametrize("text", ENGLISH)
def test_english_sentences_names_and_headings_are_no_other_language(text: str) -> None:
    assert foreign_language(text) is None
