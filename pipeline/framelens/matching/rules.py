"""Rule files: TOML in, frozen rules out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from framelens.errors import FramelensError
from framelens.frames import Scheme, read_scheme

Pattern = tuple[Mapping[str, Any], ...]
"""A pattern in spaCy's token-pattern language, `LEMMA` and `@list` still to be expanded."""

RULE_KEYS = {"id", "note", "weak", "patterns", "phrases", "matches", "skips"}
EXCLUSION_KEYS = {"id", "note", "frames", "scope", "patterns", "phrases", "matches", "skips"}
FILE_KEYS = {"frame", "lists", "rule", "exclusion"}
SCHEME = "scheme.toml"
MAX_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which a frame is said.

    A `weak` rule is a cue: it counts through the weight that a model learned for it, and
    decides nothing where rules decide alone.
    """

    id: str
    frame: str
    note: str
    patterns: tuple[Pattern, ...]
    phrases: tuple[str, ...]
    matches: tuple[str, ...]
    skips: tuple[str, ...]
    weak: bool
    file: Path


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What must not count: a hit of one of `frames` inside it, or with scope
    `sentence` anywhere in the sentence, is dropped."""

    id: str
    note: str
    frames: tuple[str, ...]
    whole_sentence: bool
    patterns: tuple[Pattern, ...]
    phrases: tuple[str, ...]
    matches: tuple[str, ...]
    skips: tuple[str, ...]
    file: Path


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A folder of rules: the scheme, the rules in file order, the exclusions, the word lists, and
    the files' texts by name."""

    scheme: Scheme
    rules: tuple[Rule, ...]
    exclusions: tuple[Exclusion, ...]
    lists: Mapping[str, tuple[str, ...]]
    sources: Mapping[str, str]

    @property
    def digest(self) -> str:
        """A digest of all that the files say, comments included."""
        made = sha256()
        for name, text in sorted(self.sources.items()):
            made.update(f"{name}\0{text}\0".encode())
        return made.hexdigest()


def read_rules(folder: Path) -> RuleSet:
    """Read every TOML file of a rules folder; raise FramelensError with file and reason."""
    if not folder.is_dir():
        raise FramelensError(f"{folder}: no such folder; expected a rules folder with scheme.toml")
    sources = {path.name: _read_source(path) for path in sorted(folder.glob("*.toml"))}
    return parse_rules(sources, folder)


def parse_rules(sources: Mapping[str, str], folder: Path | str = "rules") -> RuleSet:
    """The rules in the texts of a rules folder, by file name; `folder` names it in errors."""
    where = Path(folder)
    if SCHEME not in sources:
        raise FramelensError(f"{where / SCHEME}: no such file; a rules folder needs it")
    scheme = read_scheme(sources[SCHEME], where / SCHEME)
    names = sorted(name for name in sources if name != SCHEME)
    tables = {where / name: _read_table(sources[name], where / name) for name in names}
    rules = [rule for path, table in tables.items() for rule in _rules(path, table, scheme)]
    exclusions = [row for path, table in tables.items() for row in _exclusions(path, table, scheme)]
    _check_ids([*rules, *exclusions])
    return RuleSet(scheme, tuple(rules), tuple(exclusions), _merge_lists(tables), dict(sources))


def _read_source(path: Path) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise FramelensError(f"{path}: over {MAX_BYTES >> 20} MB, which no rule file is")
    try:
        return path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FramelensError(f"{path}: cannot be read: {error}") from None


def _read_table(source: str, path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(source)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FramelensError(f"{path}: not TOML: {error}") from None
    unknown = sorted(table.keys() - FILE_KEYS)
    if unknown:
        raise FramelensError(f"{path}: unknown key {unknown[0]!r}; expected {sorted(FILE_KEYS)}")
    return table


def _merge_lists(tables: Mapping[Path, Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    lists: dict[str, tuple[str, ...]] = {}
    for path, table in tables.items():
        for name, words in table.get("lists", {}).items():
            if name in lists:
                raise FramelensError(f"{path}: the list {name!r} is defined twice")
            lists[name] = _strings(words, f"{path}: list {name!r}")
    return lists


def _rules(path: Path, table: Mapping[str, Any], scheme: Scheme) -> Iterable[Rule]:
    rows = table.get("rule", [])
    frame = table.get("frame")
    if rows and frame not in scheme.names:
        raise FramelensError(f"{path}: frame is {frame!r}; expected one of {list(scheme.names)}")
    for number, row in enumerate(rows, start=1):
        common = _common(path, f"rule {number}", row, RULE_KEYS)
        yield Rule(frame=str(frame), weak=bool(row.get("weak", False)), file=path, **common)


def _exclusions(path: Path, table: Mapping[str, Any], scheme: Scheme) -> Iterable[Exclusion]:
    for number, row in enumerate(table.get("exclusion", []), start=1):
        common = _common(path, f"exclusion {number}", row, EXCLUSION_KEYS)
        where = f"{path}: {common['id']}"
        frames = _strings(row.get("frames", list(scheme.names)), f"{where}: frames")
        unknown = [name for name in frames if name not in scheme.names]
        if unknown:
            raise FramelensError(f"{where}: unknown frame {unknown[0]!r}")
        scope = row.get("scope", "span")
        if scope not in ("span", "sentence"):
            raise FramelensError(f"{where}: scope is {scope!r}; expected 'span' or 'sentence'")
        yield Exclusion(frames=frames, whole_sentence=scope == "sentence", file=path, **common)


def _common(path: Path, place: str, row: Any, keys: set[str]) -> dict[str, Any]:
    where = f"{path}: {place}"
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise FramelensError(f"{where}: expected a table with an id")
    where = f"{path}: {row['id']}"
    unknown = sorted(row.keys() - keys)
    if unknown:
        raise FramelensError(f"{where}: unknown key {unknown[0]!r}; expected {sorted(keys)}")
    patterns, phrases = _patterns(row.get("patterns", []), where), row.get("phrases", [])
    if not patterns and not phrases:
        raise FramelensError(f"{where}: neither patterns nor phrases")
    return {
        "id": row["id"],
        "note": str(row.get("note", "")),
        "patterns": patterns,
        "phrases": _strings(phrases, f"{where}: phrases"),
        "matches": _strings(row.get("matches", []), f"{where}: matches"),
        "skips": _strings(row.get("skips", []), f"{where}: skips"),
    }


def _patterns(value: Any, where: str) -> tuple[Pattern, ...]:
    if not isinstance(value, list) or not all(
        isinstance(pattern, list) and pattern and all(isinstance(token, dict) for token in pattern)
        for pattern in value
    ):
        raise FramelensError(f"{where}: patterns must be lists of token tables")
    return tuple(tuple(pattern) for pattern in value)


def _strings(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise FramelensError(f"{where}: expected a list of strings")
    return tuple(value)


def _check_ids(items: Iterable[Rule | Exclusion]) -> None:
    seen: dict[str, Path] = {}
    for item in items:
        if item.id in seen:
            raise FramelensError(f"{item.file}: the id {item.id!r} is in {seen[item.id]} already")
        seen[item.id] = item.file
