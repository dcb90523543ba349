"""The rules that a model carries in its folder, so that the folder alone classifies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from framelens.classification.persistence import META
from framelens.core.errors import at
from framelens.core.files import RULES, make_folder, model_folder, open_whole
from framelens.rules.rule_files import read_sources, sources_digest


def carry_rules(folder: Path, sources: Mapping[str, str]) -> None:
    """Write rule files, given as their texts by name, into the folder `rules` of a model, in place
    of those of its last training. The shipped model carries none: its rules lie beside it.

    Raise FramelensError where there are rules that the model in the folder was not trained with:
    they may be somebody's own.
    """
    place = folder / RULES
    if folder.resolve() == model_folder(None).resolve():
        return
    if place.exists():
        found = read_sources(place)
        if found == sources:
            return
        if found and sources_digest(found) not in _meta(folder):
            raise at(place, None, "rules of another making; expected another folder for the model")
        for name in found.keys() - sources.keys():
            (place / name).unlink()
    make_folder(place)
    for name, text in sources.items():
        with open_whole(place / name) as out:
            out.write(text)


def _meta(folder: Path) -> str:
    path = folder / META
    return path.read_text(encoding="utf-8") if path.is_file() else ""
