"""Labels with too few sentences to learn from: told all at once, and left out where that is asked.

A codebook without some of its labels is a rules folder of its own, which the model carries. Its
scheme says what was `skipped`, and of which rules it is a part (`part_of`, their digest): a project
whose rules are these uses the model with the rules that it carries.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from framelens.core.codebook import parse_toml
from framelens.core.errors import FramelensError
from framelens.core.files import RULES
from framelens.project.labelled.sentence import LabelledSentence, stances_in
from framelens.rules.rule_files import SCHEME, RuleSet, parse_rules, read_sources, sources_digest

TABLE = re.compile(r"^(?=[ \t]*\[{1,2}[A-Za-z_][\w.-]*\]{1,2}[ \t]*(?:#.*)?$)", re.MULTILINE)
"""The places where tables of a TOML file begin: headers on lines of their own."""

FRAMES = re.compile(r"^[ \t]*frames[ \t]*=[ \t]*\[[^\]]*\]", re.MULTILINE)


def rare_labels(
    sentences: Sequence[LabelledSentence], frames: Sequence[str], fewest: int
) -> dict[str, int]:
    """The labels that fewer than `fewest` sentences have, each with their number."""
    counts = {frame: sum(frame in row.labels for row in sentences) for frame in frames}
    return {frame: count for frame, count in counts.items() if count < fewest}


def without_labels(
    sentences: Iterable[LabelledSentence], labels: Iterable[str]
) -> list[LabelledSentence]:
    """The sentences without some labels and their stances; those without any other label are left out."""
    gone = set(labels)
    kept = []
    for row in sentences:
        left = tuple(label for label in row.labels if label not in gone)
        if left or not row.labels:
            primary = row.primary if row.primary in left else None
            meta = dict(row.meta)
            # Where a codebook has no stances, a field of that name is the user's.
            with suppress(FramelensError):
                if stances := stances_in(row):
                    kept_stances = {name: stances[name] for name in stances if name not in gone}
                    meta["stances"] = kept_stances
            kept.append(replace(row, labels=left, primary=primary, meta=meta))
    return kept


def rules_without(rules: RuleSet, labels: Sequence[str]) -> RuleSet:
    """The rules of a codebook without some of its labels; raise FramelensError where none is left,
    or something else in the files names one of them."""
    kept = [name for name in rules.scheme.names if name not in labels]
    if not kept:
        raise FramelensError("no label has sentences enough; expected some to learn from")
    sources = {
        name: _without_frames(text, labels) if name == SCHEME else _without_rules(text, labels)
        for name, text in rules.sources.items()
    }
    names = ", ".join(json.dumps(name, ensure_ascii=False) for name in labels)
    head = f'skipped = [{names}]\npart_of = "{rules.digest}"\n'
    sources[SCHEME] = head + sources[SCHEME]
    compiled = parse_rules(sources)
    if list(compiled.scheme.names) != kept:
        raise FramelensError(f"{SCHEME}: its [[frame]] tables cannot be told apart")
    return compiled


def skipped_labels(rules: RuleSet) -> tuple[str, ...]:
    """The labels that a codebook was trained without."""
    return tuple(map(str, parse_toml(rules.sources[SCHEME]).get("skipped", ())))


def carries_part_of(model: Path, rules: Path) -> bool:
    """Whether a model carries rules that are a part of those in a folder."""
    scheme = model / RULES / SCHEME
    if not scheme.is_file() or not rules.is_dir():
        return False
    whole = parse_toml(scheme.read_text(encoding="utf-8")).get("part_of")
    return whole is not None and whole == sources_digest(read_sources(rules))


def _without_frames(text: str, labels: Sequence[str]) -> str:
    return "".join(
        part
        for part in TABLE.split(text)
        if not part.lstrip().startswith("[[frame]]") or _name(part) not in labels
    )


def _name(part: str) -> object:
    (frame,) = parse_toml(part)["frame"]
    return frame.get("name")


def _without_rules(text: str, labels: Sequence[str]) -> str:
    """A rule file without the labels' rules, and without what must not count for them alone."""
    gone = parse_toml(text).get("frame") in labels
    parts = []
    for part in TABLE.split(text):
        head = part.lstrip()
        if head.startswith("[[exclusion]]"):
            parts.append(_without_names(part, labels))
        elif not (gone and head.startswith("[[rule]]")):
            parts.append(part)
    return "".join(parts)


def _without_names(part: str, labels: Sequence[str]) -> str:
    """An exclusion for the labels that are left, if there are any."""
    (row,) = parse_toml(part)["exclusion"]
    named = row.get("frames", [])
    left = [name for name in named if name not in labels]
    if left == named:
        return part
    return (
        FRAMES.sub(f"frames = {json.dumps(left, ensure_ascii=False)}", part, count=1)
        if left
        else ""
    )
