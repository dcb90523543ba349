from __future__ import annotations

import pytest
from framelens.rules.inflection import IRREGULAR, forms


@pytest.mark.parametrize(
    ("lemma", "expected"),
    [
        ("monitor", {"monitor", "monitors", "monitored", "monitoring"}),
        ("release", {"releases", "released", "releasing"}),
        ("comply", {"complies", "complied", "complying"}),
        ("stop", {"stops", "stopped", "stopping"}),
        ("agree", {"agrees", "agreed", "agreeing"}),
        ("breach", {"breaches", "breached", "breaching"}),
        ("survey", {"surveys", "surveyed", "surveying"}),
        ("hold", {"holds", "held", "holding"}),
        ("die", {"dies", "died", "dying"}),
    ],
)
def test_forms(lemma: str, expected: set[str]) -> None:
    assert expected <= set(forms(lemma))


def test_the_lemma_comes_first_and_no_form_twice() -> None:
    for lemma in ("visit", *IRREGULAR):
        found = forms(lemma)
        assert found[0] == lemma
        assert len(found) == len(set(found))
