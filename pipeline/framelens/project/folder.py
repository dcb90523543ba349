"""A project as a folder: rules, model and labelled sentences of one codebook, under one name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from framelens.core.codebook import parse_toml
from framelens.core.errors import FramelensError, at
from framelens.core.files import PROJECT, RULES

MODEL = "model"
READING: Mapping[str, type[Any]] = {
    "text_column": str,
    "label_column": list,
    "separator": str,
    "group": str,
    "encoding": str,
    "delimiter": str,
    "predictions": bool,
}
"""How labelled files are read: the names of options, and what they hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFolder:
    """What the `framelens.toml` in a folder says: where rules, model and labelled files lie.

    `reading` says how the labelled files are read, by the names of options such as `text_column`.
    """

    root: Path
    rules: Path
    model: Path
    labelled: tuple[Path, ...] = ()
    reading: Mapping[str, Any] = field(default_factory=dict)


def read_project(folder: Path) -> ProjectFolder:
    """The project in a folder; raise FramelensError where there is none, or its file is not as it
    should be."""
    path = folder / PROJECT
    try:
        table = parse_toml(path.read_text(encoding="utf-8"))
        labelled = table.pop("labelled", {})
        if not isinstance(labelled, dict):
            raise FramelensError("labelled is no table")
        files = labelled.pop("files", [])
        if not isinstance(files, list) or not all(isinstance(name, str) for name in files):
            raise FramelensError("files is no list of names")
        _check(table, {"rules": str, "model": str})
        _check(labelled, READING)
    except FileNotFoundError:
        advice = "expected a project, such as `framelens codebook new` writes"
        raise at(folder, None, f"no {PROJECT} in it; {advice}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise at(path, None, f"cannot be read: {error}") from None
    except FramelensError as error:
        raise at(path, None, str(error)) from None
    return ProjectFolder(
        root=folder,
        rules=folder / table.get("rules", RULES),
        model=folder / table.get("model", MODEL),
        labelled=tuple(folder / name for name in files),
        reading=labelled,
    )


def _check(table: Mapping[str, Any], kinds: Mapping[str, type[Any]]) -> None:
    for name, value in table.items():
        if name not in kinds:
            raise FramelensError(f"unknown key {name!r}; expected {', '.join(kinds)}")
        if not isinstance(value, kinds[name]):
            raise FramelensError(f"{name} is {value!r}; expected {KINDS[kinds[name]]}")


KINDS = {str: "a text", list: "a list", bool: "true or false"}
