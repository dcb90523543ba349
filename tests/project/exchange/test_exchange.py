"""Other tools' files: nothing is lost on the way, and what the tools save is read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from framelens.core.codebook import Frame, Scheme
from framelens.core.errors import FramelensError
from framelens.core.settings import Tool
from framelens.project.exchange import TOOLS, export_items, import_items
from framelens.project.items import Item
from framelens.rules.rule_files import RuleSet
from hypothesis import given, settings

from tests.helpers import Put
from tests.project.test_items import ITEMS

FRAMES = ("look", "talk")
ENDINGS = {"label-studio": "json", "doccano": "jsonl", "prodigy": "jsonl"}
ITEM = Item(
    id="speech.txt#4", document="speech.txt", start=10, end=25, before="Before.", after="=1+1",
    text="The talks failed.", proposed=("talk",), probability=0.125, stratum="A", design="random",
)  # fmt: skip


@pytest.mark.parametrize("tool", list(TOOLS))
@given(items=ITEMS)
@settings(max_examples=30)
def test_nothing_is_lost(
    tool: Tool, items: list[Item], tmp_path_factory: Any, small_rules: RuleSet
) -> None:
    path: Path = tmp_path_factory.mktemp("out") / f"out.{ENDINGS.get(tool, tool)}"
    export_items(items, small_rules.scheme, path, tool)
    assert import_items(path, FRAMES, tool) == items


def test_label_studio_gives_back_annotations(
    put: Put, tmp_path: Path, small_rules: RuleSet
) -> None:
    path = tmp_path / "tasks.json"
    export_items([ITEM], small_rules.scheme, path, "label-studio")
    (task,) = json.loads(path.read_text())
    assert task["predictions"][0]["result"][0]["value"] == {"choices": ["talk"]}
    assert 'hotkey="t"' in (tmp_path / "tasks.config.xml").read_text()
    result = [
        {"id": "a", "from_name": "frames", "to_name": "text", "type": "choices",
         "value": {"choices": ["look", "talk"]}, "origin": "manual"},
        {"id": "b", "from_name": "sure", "to_name": "text", "type": "choices",
         "value": {"choices": ["unsure"]}},
        {"id": "c", "from_name": "note", "to_name": "text", "type": "textarea",
         "value": {"text": ["Hm."]}},
    ]  # fmt: skip
    cancelled = {"id": 3, "was_cancelled": True, "result": []}
    saved = {
        "id": 17, "data": task["data"], "project": 1, "created_at": "2023-01-01T00:00:00Z",
        "annotations": [{"id": 2, "completed_by": 5, "result": result}, cancelled],
    }  # fmt: skip
    (found,) = import_items(put("e.json", json.dumps([saved])), FRAMES, "label-studio")
    assert (found.labels, found.unsure, found.note) == (("look", "talk"), True, "Hm.")
    assert (found.coder, found.id, found.probability) == ("5", ITEM.id, 0.125)


def test_of_several_people_in_label_studio_one_is_taken(put: Put) -> None:
    """They are two coders, to be merged, and not one whose last answer counts."""

    def answer(who: str, *chosen: str) -> dict[str, object]:
        result = [{"from_name": "frames", "value": {"choices": chosen}}]
        return {"completed_by": {"email": who}, "result": result}

    answers = [[answer("ana", "look"), answer("ben", "talk")], [answer("ben", "none")]]
    saved = [
        {"data": {"id": str(at), "text": "x"}, "annotations": rows}
        for at, rows in enumerate(answers)
    ]
    path = put("e.json", json.dumps(saved))
    with pytest.raises(FramelensError, match=r"ana, ben have labelled .*; name one with coder="):
        import_items(path, FRAMES, "label-studio")
    for who, expected in (("ana", [("look",), None]), ("ben", [("talk",), ()])):
        found = import_items(path, FRAMES, "label-studio", coder=who)
        assert [item.labels for item in found] == expected
        assert {item.coder for item in found} == {who}


@pytest.mark.parametrize(
    ("put", "problem"),
    [
        (
            lambda path: path.write_text("<View>my own</View>"),
            "in the way of the labelling interface",
        ),
        (os.mkfifo, "in the way of the labelling interface"),
        (lambda path: path.mkdir(), "is a folder"),
    ],
)
def test_what_is_in_the_place_of_label_studios_interface_stays(
    tmp_path: Path, small_rules: RuleSet, put: Callable[[Path], object], problem: str
) -> None:
    path = tmp_path / "tasks.json"
    for _ in range(2):  # its own is written anew
        export_items([ITEM], small_rules.scheme, path, "label-studio")
    before, interface = path.read_bytes(), tmp_path / "tasks.config.xml"
    interface.unlink()
    put(interface)
    with pytest.raises(FramelensError, match=problem):
        export_items([ITEM, replace(ITEM, id="b")], small_rules.scheme, path, "label-studio")
    assert path.read_bytes() == before
    assert not interface.is_file() or interface.read_text() == "<View>my own</View>"


def test_doccano_gives_back_labels_under_an_id_of_its_own(
    put: Put, tmp_path: Path, small_rules: RuleSet
) -> None:
    path = tmp_path / "out.jsonl"
    export_items([ITEM], small_rules.scheme, path, "doccano")
    record = json.loads(path.read_text())
    assert record["label"] == []
    for label, expected in ((["talk"], ("talk",)), (["none"], ()), ([], None)):
        saved = {**record, "id": 41, "label": label, "Comments": ["Hm."]}
        file = put("all.jsonl", json.dumps(saved) + "\n")
        (found,) = import_items(file, FRAMES, "doccano", coder="ana")
        assert (found.id, found.labels, found.coder) == (ITEM.id, expected, "ana")
        assert (found.note, found.start) == ("Hm.", 10)


def test_prodigy_gives_back_answers(put: Put, tmp_path: Path, small_rules: RuleSet) -> None:
    path = tmp_path / "out.jsonl"
    export_items([ITEM], small_rules.scheme, path, "prodigy")
    record = json.loads(path.read_text())
    assert [option["id"] for option in record["options"]] == ["look", "talk"]
    for answer, accept, expected in (
        ("accept", ["talk"], ("talk",)),
        ("accept", [], ()),
        ("ignore", [], None),
    ):
        saved = {
            **record, "accept": accept, "answer": answer, "_input_hash": 1, "_task_hash": 2,
            "_annotator_id": "frames-ben", "_timestamp": 1674000000,
        }  # fmt: skip
        (found,) = import_items(put("db.jsonl", json.dumps(saved)), FRAMES, "prodigy")
        assert (found.labels, found.coder) == (expected, "frames-ben")
        assert found.probability == ITEM.probability


@pytest.mark.parametrize(
    ("tool", "saved"),
    [
        (
            "label-studio",
            [{"data": {"id": "a", "text": "It rained."}, "annotations": [{"result": [
                {"from_name": "frames", "value": {"choices": ["none", "look"]}},
            ]}]}],
        ),
        (
            "prodigy",
            {"framelens": {"id": "a"}, "text": "It rained.", "accept": ["none", "look"], "answer": "accept"},
        ),
        ("doccano", {"framelens": "{}", "text": "It rained.", "label": ["none", "look"]}),
    ],
)  # fmt: skip
def test_none_beside_a_frame_is_told(tool: Tool, saved: object, put: Put) -> None:
    with pytest.raises(FramelensError, match="'none' beside others; expected one of look, talk"):
        import_items(put("saved.jsonl", json.dumps(saved)), FRAMES, tool)


@pytest.mark.parametrize("tool", ["label-studio", "prodigy", "doccano"])
def test_a_frame_may_be_called_none(tool: Tool, tmp_path: Path) -> None:
    scheme = Scheme("Any", tuple(Frame(name, "?", name[0], "red") for name in ("none", "look")))
    path = tmp_path / f"out.{ENDINGS[tool]}"
    labelled = [replace(ITEM, proposed=None, labels=("none",))]
    export_items(labelled, scheme, path, tool)
    assert import_items(path, scheme.names, tool) == labelled


@pytest.mark.parametrize(("exclusive", "none"), [(False, False), (True, False), (True, True)])
def test_tools_offer_the_codebooks_labels(
    exclusive: bool, none: bool, tmp_path: Path, small_rules: RuleSet
) -> None:
    scheme = replace(small_rules.scheme, exclusive=exclusive, none=none)
    export_items([ITEM], scheme, tmp_path / "tasks.json", "label-studio")
    config = (tmp_path / "tasks.config.xml").read_text()
    assert (' <Choice value="none"' in config) is (none or not exclusive)
    assert ('choice="single"' in config) is exclusive
    export_items([ITEM], scheme, tmp_path / "out.jsonl", "prodigy")
    style = json.loads((tmp_path / "out.jsonl").read_text())["config"]["choice_style"]
    assert style == ("single" if exclusive else "multiple")


@pytest.mark.parametrize(
    ("tool", "content", "problem"),
    [
        ("label-studio", "{}", "expected a list of tasks"),
        ("label-studio", "[{}]", "task 1 has no data"),
        ("label-studio", "nothing", "not JSON"),
        ("label-studio", "[]", "no sentences in it"),
        ("label-studio", '[{"data": {"id": "a"}}]', r"f.json, task 1: text is missing"),
        (
            "label-studio",
            '[{"data": {"id": "a", "text": "x"}}, {"data": {"id": "a", "text": "x"}}]',
            "f.json: 1 sentence there twice, such as 'a'; expected one coder's file",
        ),
        ("doccano", "", "no sentences in it"),
        ("prodigy", "\n", "no sentences in it"),
        ("doccano", '{"id": 1, "text": "x", "label": []}', "no field 'framelens'"),
        ("prodigy", '{"text": "x", "accept": []}', "no field 'framelens'"),
        (
            "label-studio",
            '[{"data": {"id": "a", "text": "x"}, "annotations": [3]}]',
            "not as label",
        ),
        ("label-studio", '[{"data": {"id": "a", "text": "x"}, "annotations": 3}]', "not as label"),
        (
            "label-studio",
            '[{"data": {"id": "a", "text": "x"}, "annotations": [{"result": [{"from_name": "mood", '
            '"value": {"choices": ["look"]}}, {"from_name": "sure", "value": {"choices": []}}]}]}]',
            "f.json: task 1 has answers under mood and none under 'frames'",
        ),
        (
            "prodigy",
            '{"text": "x", "framelens": {"id": "a"}, "label": "look", "answer": "accept"}',
            "f.jsonl:1: no field 'accept'",
        ),
        ("csv", "id,text,label\n1,One.,talk\n", "no labels: expected a column 'labels'"),
        ("xlsx", "x", "no workbook by what is in it"),
    ],
)
def test_files_that_framelens_did_not_make(
    put: Put, tool: Tool, content: str, problem: str
) -> None:
    with pytest.raises(FramelensError, match=problem):
        import_items(put(f"f.{ENDINGS.get(tool, tool)}", content), FRAMES, tool)
