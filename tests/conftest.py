"""What many tests use: blank English, small rules made for the tests, the shipped classifier."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from pathlib import Path

import pytest
import spacy
from framelens.classification.classifier import FrameClassifier
from framelens.core.files import CHECKOUT
from framelens.core.memory import collect_seldom
from framelens.rules.rule_files import RuleSet, parse_rules, read_rules
from hypothesis import settings
from spacy.language import Language

from tests.helpers import Put, open_classifier

# How long an example takes says more of the machine than of the code.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
# In CI the same commit passes or fails each time; what is new is looked for at people's desks.
settings.load_profile("ci" if os.environ.get("CI") else "default")

# What one process has compiled is there for the others: the tests start some hundred.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# What is imported and collected stays: it is not looked through for garbage again and again.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()
    collect_seldom()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The longest test begins first: at the end it would have one processor at work and none beside.
    items.sort(key=lambda item: item.path.name != "test_readme.py")


SCHEME = """
title = "Two frames"
[[frame]]
name = "look"
test = "Someone looks."
letter = "L"
colour = "blue"
keywords = ["visit"]
[[frame]]
name = "talk"
test = "Someone talks."
letter = "T"
colour = "red"
keywords = ["talk"]
"""

LOOK = """
frame = "look"
[lists]
watchers = ["observer", "rapporteur"]
[[rule]]
id = "look.visit"
note = "A visit looks."
patterns = [[{LEMMA = "visit"}, {OP = "{0,3}"}, {LEMMA = {IN = ["prison", "camp"]}}]]
phrases = ["fact-finding mission"]
matches = ["They visited the old prison.", "A fact-finding mission came."]
skips = ["They visited friends.", "The prison is old."]
[[rule]]
id = "look.watcher"
note = "A watcher may look."
weak = true
patterns = [[{LOWER = {IN = ["@watchers"]}}]]
matches = ["An observer sat there.", "The rapporteur left."]
skips = ["The minister sat there.", "Nobody left."]
[[exclusion]]
id = "not.camp-shop"
note = "Visiting the gift shop is no scrutiny."
patterns = [[{LEMMA = "visit"}, {LOWER = "the"}, {LOWER = "prison"}, {LOWER = "shop"}]]
matches = ["He visited the prison shop.", "Visit the prison shop!"]
skips = ["He visited the prison.", "The prison shop is closed."]
"""

TALK = """
frame = "talk"
[[rule]]
id = "talk.talks"
note = "Talks are talk."
patterns = [[{LOWER = {IN = ["talks", "dialogue"]}}]]
matches = ["The talks failed.", "A dialogue began."]
skips = ["She said no.", "He walks."]
"""

SOURCES = {"scheme.toml": SCHEME, "look.toml": LOOK, "talk.toml": TALK}


@pytest.fixture(scope="session")
def nlp() -> Language:
    return spacy.blank("en")


@pytest.fixture(scope="session")
def small_rules() -> RuleSet:
    return parse_rules(SOURCES, "small")


@pytest.fixture(scope="session")
def rules_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small rules, to be read only."""
    folder = tmp_path_factory.mktemp("rules")
    for name, text in SOURCES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def small_folder(rules_folder: Path, tmp_path: Path) -> Path:
    """The small rules, to be changed, too."""
    return Path(shutil.copytree(rules_folder, tmp_path / "rules"))


@pytest.fixture(scope="session")
def shipped_rules() -> RuleSet:
    return read_rules(CHECKOUT / "rules")


@pytest.fixture(scope="session")
def shipped() -> FrameClassifier:
    return open_classifier()


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Write a file in the test's folder."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
