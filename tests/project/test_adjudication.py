"""Several coders' labels, and one answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from framelens.core.codebook import Frame, Scheme
from framelens.core.errors import FramelensError
from framelens.project.adjudication import coders_each, disputed, merge_files, merged
from framelens.project.items import Item, write_items

FRAMES = ("look", "talk", "hear")
Labels = tuple[str, ...] | None


def coded(*labels: Labels, **fields: object) -> list[Item]:
    return [
        Item(id=str(at), text=f"Text {at}.", labels=given, probability=0.5, **fields)  # type: ignore[arg-type]
        for at, given in enumerate(labels)
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([("look",)], ("look",)),
        ([("look",), ("look", "talk")], None),
        ([("look",), ("look", "talk"), ("look",)], ("look",)),
        ([("look",), ("talk",), ("look", "talk")], ("look", "talk")),
        ([(), (), ("talk",)], ()),
        ([("talk",), None, None], ("talk",)),
        ([None, None], None),
        # Three who each see another frame do not agree that there is none.
        ([("look",), ("talk",), ("hear",)], None),
        ([("look",), ("talk",), ()], None),
    ],
)
def test_the_majority_of_each_frame(said: list[Labels], expected: Labels) -> None:
    coders = {f"c{at}.csv": coded(labels) for at, labels in enumerate(said)}
    (gold,) = merged(coders, FRAMES)
    assert gold.labels == expected
    assert gold.probability == 0.5


def test_disagreements_are_listed_with_what_was_said_and_settled() -> None:
    coders = {"a/ana.csv": coded(("look",), ()), "a/ben.csv": coded((), ())}
    (open_item,) = disputed(coders)
    assert open_item.labels is None
    assert open_item.meta == {"said by ana": "look", "said by ben": "none"}
    settled = [Item(id="0", text="Text 0.", labels=("talk",))]
    assert [item.labels for item in merged(coders, FRAMES, settled)] == [("talk",), ()]


def test_notes_and_doubts_are_kept() -> None:
    coders = {"a": coded((), note="One."), "b": coded((), note="Two.", unsure=True)}
    (gold,) = merged(coders, FRAMES)
    assert (gold.note, gold.unsure) == ("One.; Two.", True)


def test_a_blank_at_the_end_of_an_id_makes_no_other_sentence(tmp_path: Path) -> None:
    scheme = Scheme("", tuple(Frame(name, "", name[0], "red") for name in FRAMES))
    one, other = coded(("look",), ()), coded(("look",), ())
    files = [tmp_path / "ana.csv", tmp_path / "ben.csv"]
    write_items(one, files[0])
    write_items([replace(other[0], id="0 "), other[1]], files[1])
    found = merge_files(files, scheme)
    assert [item.id for item in found.gold] == ["0", "1"]
    assert found.each == {2: 2}
    write_items([*other, replace(other[0], id="0 ")], files[1])
    assert [item.id for item in merge_files(files, scheme).gold] == ["0", "1", "0 "]


def test_how_many_have_labelled_a_sentence_is_counted() -> None:
    coders = {"a": coded((), ("look",), None), "b": coded((), None, None)}
    assert coders_each(coders) == {2: 1, 1: 1, 0: 1}


def test_coders_of_other_samples_are_refused() -> None:
    other = [Item(id="0", text="Text 0.", labels=(), probability=0.1)]
    with pytest.raises(FramelensError, match="b: the sentence '0' has another"):
        merged({"a": coded(()), "b": other}, FRAMES)
    for change in ({"probability": 0.1}, {"design": "field bloc"}):
        apart = [replace(item, id=f"b{item.id}", **change) for item in coded((), ())]
        with pytest.raises(FramelensError, match="b: 'b0' was drawn in another way than '0' of a"):
            merged({"a": coded(()), "b": apart}, FRAMES)
    with pytest.raises(FramelensError, match="no coder has"):
        merged({"a": coded(())}, FRAMES, [Item(id="9", text="x", labels=())])
    with pytest.raises(
        FramelensError, match="the sentence '0' has another text where it was settled"
    ):
        merged({"a": coded(())}, FRAMES, [Item(id="0", text="x", labels=())])
