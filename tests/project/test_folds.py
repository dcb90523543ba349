from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import mean

import numpy as np
import pytest
from framelens.core.errors import FramelensError
from framelens.project import folds as searching
from framelens.project.folds import ALIKE, alike_pairs, fold_groups, shingles, spread
from framelens.project.labelled.sentence import LabelledSentence
from hypothesis import given
from hypothesis import strategies as st


def near_duplicates(texts: Sequence[str]) -> list[tuple[int, int]]:
    blocks = alike_pairs([shingles(text) for text in texts], lambda: np.arange(len(texts)))
    return [pair for block in blocks for pair in block]


def row(text: str, document: str | None = None, pair: str | None = None) -> LabelledSentence:
    return LabelledSentence(text, text, (), document=document, meta={"pair": pair} if pair else {})


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (
            "The state must release all the prisoners now",
            "The state must release all prisoners",
            False,
        ),
        (
            "The state must release all the prisoners now",
            "The state must release all the prisoners",
            True,
        ),
        ("Ratify it", "ratify it!", True),
        ("Ratify it", "Ratify them", False),
    ],
)
def test_near_duplicates(one: str, other: str, alike: bool) -> None:
    assert near_duplicates([one, "something else altogether", other]) == ([(0, 2)] if alike else [])


def test_what_belongs_together_shares_a_number() -> None:
    groups = fold_groups(
        [
            row("one thing was said here", "d"),
            row("another thing was done there", "d"),
            row("the third one stands alone"),
            row("a pair with a change", pair="p"),
            row("quite unlike its twin", pair="p"),
            row("one thing was said here!"),
        ]
    )
    assert groups[0] == groups[1] == groups[5]
    assert groups[3] == groups[4]
    assert len(set(groups)) == 3


def test_what_several_documents_have_in_common_does_not_join_them() -> None:
    said = ["the rent went up again", "no one came to help", "the school is far", "my boss shouts"]
    rows = [row(text, f"interview {at // 2}") for at, text in enumerate(said)]
    yes = [row("Yes.", f"interview {at}") for at in range(2)]
    groups = fold_groups([*rows, *yes, row("Yes!")], folds=3)
    assert groups[0] == groups[1] != groups[2] == groups[3]
    assert groups[4] == groups[5] == groups[6] not in groups[:4]


def test_a_document_that_stands_twice_is_kept_together() -> None:
    said = ["the rent went up again", "no one came to help", "the school is far"]
    copies = [row(text, name) for name in ("a", "b") for text in said]
    groups = fold_groups([*copies, row("my boss shouts", "a"), row("it rained", "c")], folds=2)
    assert len({*groups[:-1]}) == 1


def all_pairs(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The definition: every text against every earlier one."""
    sets = [shingles(text) for text in texts]
    for later, own in enumerate(sets):
        for earlier in range(later):
            if len(own & sets[earlier]) >= ALIKE * len(own | sets[earlier]):
                yield earlier, later


def joined_by_all_pairs(sentences: Sequence[LabelledSentence]) -> list[int]:
    """The definition: joins by pair, then by each pair of near-duplicates in order; then by
    document, but for what several documents have in common, unless that is most of the document."""
    parents = list(range(len(sentences)))

    def root(at: int) -> int:
        return at if parents[at] == at else root(parents[at])

    def join(names: Sequence[object]) -> None:
        first: dict[object, int] = {}
        for at, name in enumerate(names):
            if name is not None:
                parents[root(at)] = root(first.setdefault(name, at))

    join([sentence.meta.get("pair") for sentence in sentences])
    for earlier, later in all_pairs([sentence.text for sentence in sentences]):
        parents[root(later)] = root(earlier)
    roots = [root(at) for at in range(len(sentences))]
    found = {(at, row.document) for at, row in zip(roots, sentences, strict=True) if row.document}
    shared = {at for at in roots if len([None for other, _ in found if other == at]) > 1}
    of_document: dict[object, list[bool]] = {}
    for at, sentence in zip(roots, sentences, strict=True):
        of_document.setdefault(sentence.document, []).append(at in shared)
    join(
        [
            None if at in shared and mean(of_document[row.document]) <= 0.5 else row.document
            for at, row in zip(roots, sentences, strict=True)
        ]
    )
    return [root(at) for at in range(len(sentences))]


TEXTS = st.lists(st.lists(st.sampled_from("abc"), max_size=9).map(" ".join), max_size=25)
SENTENCES = st.lists(
    st.builds(
        row,
        st.lists(st.sampled_from("abc"), max_size=9).map(" ".join),
        st.sampled_from([None, None, "one", "two", "three"]),
        st.sampled_from([None, None, "p", "q"]),
    ),
    max_size=25,
)


@given(TEXTS, st.sampled_from([1, 40, 4_000_000]))
def test_pairs_are_those_of_the_definition(texts: list[str], at_once: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "PAIRED_AT_ONCE", at_once)
        patch.setattr(searching, "COMPARED_AT_ONCE", max(3, at_once // 20))
        assert near_duplicates(texts) == list(all_pairs(texts))


@given(SENTENCES, st.sampled_from([1, 40, 4_000_000]))
def test_groups_bear_the_numbers_of_the_definition(
    sentences: list[LabelledSentence], at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "PAIRED_AT_ONCE", at_once)
        assert fold_groups(sentences) == joined_by_all_pairs(sentences)


def test_a_text_that_comes_often_makes_no_square_of_pairs() -> None:
    text = "The Council thanked speaker {} for his report on the situation of human rights"
    often = [row(text.format(n % 700)) for n in range(20_000)]
    assert len(set(fold_groups(often))) == 1


@pytest.mark.parametrize("blank", [None, "", "  ", float("nan")])
def test_blank_cells_are_no_group(blank: str | None) -> None:
    rows = [
        LabelledSentence("1", "one thing was said here", (), document=blank, meta={"pair": blank}),
        LabelledSentence("2", "quite another was done", (), document=blank, meta={"pair": blank}),
    ]
    assert len(set(fold_groups(rows))) == 2


def test_fewer_groups_than_folds_are_refused() -> None:
    rows = [row(text, "d") for text in ("one thing was said", "another was not", "rain fell")]
    with pytest.raises(FramelensError, match=r"3 labelled .* in 1 group .* at least 2"):
        fold_groups(rows, folds=2)
    assert len(set(fold_groups([*rows, row("a stranger came by")], folds=2))) == 2


def test_every_fifth_group_is_much_like_all() -> None:
    names = ["rare"] * 10 + ["often"] * 90
    sentences = [LabelledSentence(str(at), str(at), (name,)) for at, name in enumerate(names)]
    order = spread(sentences, range(100), np.random.default_rng(0))
    assert sorted(at for own in order for at in own) == list(range(100))
    for first in range(5):
        labels = [sentences[at].labels[0] for own in order[first::5] for at in own]
        assert (labels.count("rare"), labels.count("often")) == (2, 18)
