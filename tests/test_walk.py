"""The walk that the README tells of: from folders of documents to a corrected table by group."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from framelens.cli.main import run
from framelens.core.files import CHECKOUT, data_path
from framelens.core.types import NOTHING
from framelens.project.items import read_items, write_items
from framelens.rules.rule_files import read_rules
from framelens.serve.labelling.answers import Answers

from tests.made_statements import BLOCS, made_statements
from tests.test_readme import README, blocks

SCHEME = read_rules(data_path("rules")).scheme
FRAMES = SCHEME.names


@pytest.fixture
def truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, ...]]:
    """What each sentence carries: of the statements as they were made, of the two documents by the
    evaluation set; both folders lie in the working directory."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(CHECKOUT / "corpus" / "documents", "corpus/documents")
    lines = (CHECKOUT / "corpus" / "evaluation.jsonl").read_text("utf-8").splitlines()
    labelled = {row["text"]: tuple(row["labels"]) for row in map(json.loads, lines)}
    return labelled | made_statements(Path("statements"), 300)


def test_from_folders_of_documents_to_a_corrected_table_by_group(
    truth: dict[str, tuple[str, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = blocks(README, "bash")
    walk = [shlex.split(line, comments=True)[1:] for line in block.splitlines()]
    assert [command[0] for command in walk] == ["sample", "serve", "coders", "coders", "correct"]
    sample, serve, disagree, settle, correct = walk
    assert run(sample) == 0
    label(Path(serve[-1]), truth)
    assert run(disagree) == 0
    settle_by(Path(disagree[-1]), truth)
    assert run(settle) == 0
    capsys.readouterr()
    assert run(correct) == 0
    table = capsys.readouterr().out
    held = {
        (bloc, frame): low <= 100 * share(bloc, frame, truth) <= high
        for bloc in BLOCS
        for frame, (low, high) in zip(FRAMES, ranges(table, bloc), strict=False)
    }
    assert len(held) == 12
    assert sum(held.values()) >= 11
    assert re.search(rf"^ *{re.escape(NOTHING)} +\d+ +\d+ +no estimate", table, re.MULTILINE)


def label(sample: Path, truth: dict[str, tuple[str, ...]]) -> None:
    """What two coders answer on the page; ben now and then sees a frame too few."""
    answers = Answers(sample, SCHEME)
    given = [replace(item, labels=truth[item.text]) for item in answers.items]
    write_items(given, answers.path("ana"))
    fewer = [replace(item, labels=(item.labels or ())[1:]) for item in given[::9]]
    missed = {item.id: item for item in fewer}
    write_items([missed.get(item.id, item) for item in given], answers.path("ben"))
    answers.answer("ana", given[0].id, truth[given[0].text], False, "first")


def settle_by(path: Path, truth: dict[str, tuple[str, ...]]) -> None:
    """The adjudicator's labels of the sentences on which they disagree."""
    items = read_items(path, FRAMES)
    assert items
    write_items([replace(item, labels=truth[item.text]) for item in items], path)


def ranges(table: str, bloc: str) -> list[tuple[float, float]]:
    """The corrected intervals of a bloc, in per cent, frame by frame."""
    (line,) = re.findall(rf"^{bloc} .*%.*$", table, re.MULTILINE)
    return [(float(low), float(high)) for low, high in re.findall(r"([\d.]+)–([\d.]+)", line)]


def share(bloc: str, frame: str, truth: dict[str, tuple[str, ...]]) -> float:
    """The true share in the statements of a bloc."""
    texts = [path.read_text("utf-8") for path in Path("statements").glob(f"{bloc}_*.txt")]
    sentences = [f"{text}." for found in texts for text in found.strip(" .\n").split(". ")]
    return sum(frame in truth[text] for text in sentences) / len(sentences)
