"""A project as a folder: rules, model and labelled sentences of one codebook; read, or written anew."""

from __future__ import annotations

import colorsys
import json
import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from os.path import realpath
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any

from framelens.core.codebook import BETWEEN, MAX_FRAMES, parse_toml, problem_of
from framelens.core.errors import FramelensError, at
from framelens.core.files import (
    PROJECT,
    RULES,
    check_regular,
    check_writable,
    make_folder,
    open_whole,
)
from framelens.core.tables import short_repr
from framelens.core.types import counted
from framelens.project.labelled.forms import NONE

MODEL = "model"
READING: Mapping[str, type[Any]] = {
    "text_column": str, "label_column": list, "separator": str, "group": str, "encoding": str,
    "delimiter": str, "predictions": bool,
}  # fmt: skip
"""The options for reading labelled files, and their types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFolder:
    """The content of a folder's `framelens.toml`: where rules, model and labelled files lie.

    `reading` are options for reading the labelled files, such as `text_column`. The cues come from
    all of the labelled sentences but for the share `holdout`, drawn with `seed`.
    """

    rules: Path
    model: Path
    labelled: tuple[Path, ...] = ()
    reading: Mapping[str, Any] = field(default_factory=dict)
    holdout: float | None = None
    seed: int = 0


def read_project(folder: Path) -> ProjectFolder:
    """The project in a folder; raise FramelensError where there is none, or its file has errors."""
    path = folder / PROJECT
    try:
        check_regular(path)
        table = parse_toml(path.read_text(encoding="utf-8"))
        labelled = table.pop("labelled", {})
        if not isinstance(labelled, dict):
            raise FramelensError("labelled is no table")
        files = labelled.pop("files", [])
        if not isinstance(files, list) or not all(isinstance(name, str) for name in files):
            raise FramelensError("files is no list of names")
        _check(table, {"rules": str, "model": str, "holdout": float, "seed": int})
        _check(labelled, READING)
        for text in (*files, *labelled.get("label_column", ()), labelled.get("separator", BETWEEN)):
            if not isinstance(text, str) or not text or "\0" in text:
                raise FramelensError(f"labelled: {text!r}; expected a text that is not empty")
    except FileNotFoundError:
        advice = "expected a project, such as `framelens codebook new` writes"
        raise at(folder, None, f"no {PROJECT} in it; {advice}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise at(path, None, f"cannot be read: {error}") from None
    except FramelensError as error:
        raise at(path, None, str(error)) from None
    return ProjectFolder(
        rules=folder / table.get("rules", RULES),
        model=folder / table.get("model", MODEL),
        labelled=tuple(folder / name for name in files),
        reading=labelled,
        holdout=table.get("holdout"),
        seed=table.get("seed", 0),
    )


def _check(table: Mapping[str, Any], kinds: Mapping[str, type[Any]]) -> None:
    for name, value in table.items():
        if name not in kinds:
            raise FramelensError(f"unknown key {name!r}; expected {', '.join(kinds)}")
        if not isinstance(value, kinds[name]):
            raise FramelensError(f"{name} is {value!r}; expected {KINDS[kinds[name]]}")


KINDS = {
    str: "a text", list: "a list", bool: "true or false", float: "a number such as 0.2",
    int: "a whole number",
}  # fmt: skip


CODEBOOK = "CODEBOOK.md"
NAMED = ("blue", "green", "red", "magenta", "cyan", "yellow")
"""Colours by name, for few labels; more of them have colours by number."""
LETTERS = (
    *ascii_uppercase, *digits, *ascii_lowercase, *"ΓΔΘΛΞΠΣΦΨΩБГДЖЗИЙЛПУФЦЧШЩЭЮЯαβγδεζηθλμξπρστφχψω",
    *"бгджзийклмнптфцчшщэюя", *(chr(code) for code in range(0x0531, 0x0557)),
    *(chr(code) for code in range(0x10D0, 0x10F1)),
)  # fmt: skip
"""Letters that can stand for a label: Latin, Greek, Cyrillic, Armenian, Georgian."""
RESERVED = {"scheme", "exclusions", "lists", "stance", "subjects"}
"""Names of rule files that no label's file may have."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A proposed rule: words that speak for a label, how many sentences with them have the label
    (`here`) and have not (`elsewhere`), and examples in which the rule hits and does not."""

    words: str
    here: int
    elsewhere: int
    matches: tuple[str, ...]
    skips: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label of a new codebook: how many sentences have it, some of them, and its cues."""

    name: str
    sentences: int = 0
    examples: tuple[str, ...] = ()
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """A new codebook, to be written.

    With `exclusive` a sentence has one label, with `none`, too, at most one. For the others see
    `ProjectFolder`.
    """

    title: str
    labels: tuple[Label, ...]
    exclusive: bool = False
    none: bool = False
    labelled: tuple[Path, ...] = ()
    reading: Mapping[str, Any] | None = None
    holdout: float | None = None
    seed: int = 0

    __repr__ = short_repr


def check_new(folder: Path) -> None:
    """Raise FramelensError where a folder is a project already, holds rules, or cannot be written."""
    for name in (PROJECT, RULES, CODEBOOK):
        if (folder / name).exists():
            raise at(folder / name, None, "is there already; expected a folder for a new codebook")
    check_writable(folder / PROJECT)


def check_names(names: Sequence[str]) -> None:
    """Raise FramelensError for names that no label can have."""
    if not names:
        raise FramelensError(
            "no labels; name them (--label), or name labelled sentences that have some (--from)"
        )
    if len(names) > MAX_FRAMES:
        raise FramelensError(
            f"{counted(len(names), 'label')} found, such as {', '.join(names[:5])}; expected at most "
            f"{MAX_FRAMES:,}: is this the column of labels (--label-column)?"
        )
    for name in names:
        problem = problem_of(name, names)
        if name.casefold() == NONE:
            problem = "stands for no label"
        if problem:
            raise FramelensError(f"the label {name[:60]!r} {problem}; expected another name")


def write_codebook(folder: Path, codebook: Codebook) -> list[Path]:
    """Write the files of a new codebook, and return them; raise FramelensError where there is one
    already, or for names that no label can have."""
    check_new(folder)
    check_names([label.name for label in codebook.labels])
    files = {
        PROJECT: _project(folder, codebook),
        CODEBOOK: "\n".join(_page(codebook)),
        **{f"{RULES}/{name}": text for name, text in rule_files(codebook).items()},
    }
    make_folder(folder / RULES)
    for name, text in files.items():
        with open_whole(folder / name) as out:
            out.write(text.rstrip("\n") + "\n")
    return [folder / name for name in files]


def rule_files(codebook: Codebook) -> dict[str, str]:
    """The texts of the scheme and of the rule files, by their names."""
    files = {"scheme.toml": "\n".join(_scheme(codebook))}
    names = file_names(label.name for label in codebook.labels)
    for label, name in zip(codebook.labels, names, strict=True):
        files[f"{name}.toml"] = "\n".join(_rules(label))
    return files


def rule_ids(label: Label) -> list[str]:
    """The ids of a label's cues, in their order."""
    ids: dict[str, None] = {}
    for number, cue in enumerate(label.cues, start=1):
        name = f"{label.name}.{slug(cue.words) or f'cue-{number}'}"
        ids[name if name not in ids else f"{name}-{number}"] = None
    return list(ids)


def file_names(names: Iterable[str]) -> list[str]:
    """A name in plain small letters for each, all different."""
    names_of_files: dict[str, None] = {}
    for number, name in enumerate(names, start=1):
        plain = slug(name)
        if not any(char.isalpha() for char in plain):
            plain = f"label-{number}"
        if plain in RESERVED or plain in names_of_files:
            plain = f"{plain}-{number}"
        names_of_files[plain] = None
    return list(names_of_files)


def slug(text: str) -> str:
    """A text in small Latin letters, digits and hyphens: empty where it has no such letter or digit."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = "".join(char if char.isalnum() else " " for char in plain).split()
    return "-".join(words)[:60].strip("-")


def letters_for(names: Sequence[str]) -> list[str]:
    """A letter for each name, all different: the first of one of its words, if it is free."""
    letters: list[str] = []
    for name in names:
        plain = unicodedata.normalize("NFKD", name).upper()
        firsts = [word[0] for word in plain.split()]
        wanted = (*firsts, *plain, *LETTERS)
        letters.append(
            next(
                (one for one in wanted if one in LETTERS and one not in letters),
                f"{LETTERS[len(letters) % len(LETTERS)]}{len(letters)}",
            )
        )
    return letters


def colours_for(count: int) -> list[str]:
    """So many colours, all different: by name, or by number around the circle of hues."""
    if count <= len(NAMED):
        return list(NAMED[:count])
    colours: dict[str, None] = {}
    turn = 0
    while len(colours) < count:
        # Steps of the golden ratio keep neighbours apart, however many there are.
        hue, light = (turn * 0.618034) % 1, (0.42, 0.34, 0.5)[turn // 24 % 3]
        channels = colorsys.hls_to_rgb(hue, light, 0.6)
        colours["#" + "".join(f"{round(255 * channel):02x}" for channel in channels)] = None
        turn += 1
    return list(colours)


def _quoted(text: str) -> str:
    """A text as TOML has it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _project(folder: Path, codebook: Codebook) -> str:
    lines = [
        "# What framelens takes in this folder, or with --project, unless told otherwise.",
        f'rules = "{RULES}"',
        'model = "model"',
    ]
    if codebook.holdout is not None:
        lines += [
            "",
            "# The share of the labelled sentences that no cue has seen, to be tested on.",
        ]
        lines += [f"holdout = {float(codebook.holdout)!r}", f"seed = {codebook.seed}"]
    if codebook.labelled:
        files = [os.path.relpath(realpath(path), realpath(folder)) for path in codebook.labelled]
        lines += ["", "# The labelled sentences, and how they are read.", "[labelled]"]
        lines.append(f"files = [{', '.join(_quoted(Path(name).as_posix()) for name in files)}]")
        for name, value in (codebook.reading or {}).items():
            if isinstance(value, str):
                lines.append(f"{name} = {_quoted(value)}")
            elif value:
                lines.append(f"{name} = [{', '.join(map(_quoted, value))}]")
    return "\n".join(lines)


def _scheme(codebook: Codebook) -> Iterator[str]:
    names = [label.name for label in codebook.labels]
    yield f"title = {_quoted(codebook.title)}"
    yield f"# A sentence has {how_many(codebook)}."
    yield f"exclusive = {str(codebook.exclusive).lower()}"
    if codebook.none:
        yield "none = true"
    letters, colours = letters_for(names), colours_for(len(names))
    for name, letter, colour in zip(names, letters, colours, strict=True):
        yield "\n[[frame]]"
        yield f"name = {_quoted(name)}"
        yield f"test = {_quoted(f'TO FILL IN: what a sentence says that is {name}, in one line.')}"
        yield f"letter = {_quoted(letter)}"
        yield f"colour = {_quoted(colour)}"


def how_many(codebook: Codebook) -> str:
    """How many labels a sentence has, in words."""
    if not codebook.exclusive:
        return "any of the labels, or none"
    return "one label, or none" if codebook.none else "one label, always"


def _rules(label: Label) -> Iterator[str]:
    if not label.cues:
        yield f"frame = {_quoted(label.name)}"
        yield "\n# Rules are written as rules/README.md of framelens says. One looks so:"
        yield "#"
        yield "# [[rule]]"
        yield f"# id = {_quoted(f'{label.name}.words-of-your-own')}"
        yield '# note = "Why this way of saying counts."'
        yield '# phrases = ["words as they stand in a text"]'
        yield '# matches = ["Two sentences, at least,", "in which it must hit."]'
        yield '# skips = ["Two sentences, at least,", "in which it must not."]'
        return
    yield f"# Cues of {label.name}, proposed from labelled sentences. A model knows nothing of those that"
    yield "# are marked so. Drop those that say nothing of the label; take the line proposed away from what"
    yield "# hints at it; and of what tells it for sure, make a rule (without weak, too), with your own"
    yield "# examples: what rules are is in rules/README.md of framelens."
    yield f"frame = {_quoted(label.name)}"
    for name, cue in zip(rule_ids(label), label.cues, strict=True):
        share = f"{cue.here} of {cue.here + cue.elsewhere}"
        yield "\n[[rule]]"
        yield f"id = {_quoted(name)}"
        yield f'note = "{share} labelled sentences with these words have the label."'
        yield "weak = true\nproposed = true"
        yield f"phrases = [{_quoted(cue.words)}]"
        for kind, texts in (("matches", cue.matches), ("skips", cue.skips)):
            yield f"{kind} = ["
            yield from (f"    {_quoted(text)}," for text in texts)
            yield "]"


def _page(codebook: Codebook) -> Iterator[str]:
    yield f"# {codebook.title}\n"
    yield "What the labels mean, for people who label and for those who read the figures. To fill in:"
    yield "for each label what it covers, what it does not, and examples of both; then who labelled"
    yield "what, from which texts, and how far they agreed (`framelens evaluate --coder`).\n"
    yield f"A sentence gets {how_many(codebook)}."
    for label in codebook.labels:
        yield f"\n## {label.name}\n\nOne-line test: …\n\nCovers: …\n\nDoes not cover: …"
        if label.examples:
            yield f"\nLabelled so ({counted(label.sentences, 'sentence')} in all), for instance:\n"
            yield from (f"- {' '.join(text.split())}" for text in label.examples)
