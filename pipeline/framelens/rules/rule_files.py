"""Rule files: TOML in, frozen rules out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from reprlib import repr as brief
from typing import Any, TypeVar

from framelens.core.codebook import Scheme, composed, parse_toml, read_scheme
from framelens.core.errors import FramelensError

COMMON_KEYS = {"id", "note", "patterns", "phrases", "matches", "skips"}
FILE_KEYS = {"frame", "lists", "rule", "exclusion", "subject", "cue"}
SCHEME = "scheme.toml"
WORD = "word"
"""The kind of stance cues that are function words (see `classification/stance.py`)."""

MAX_BYTES = 4 * 1024 * 1024
"""Most bytes of all files of a folder together."""

Pattern = tuple[Mapping[str, Any], ...]
"""A pattern in spaCy's token-pattern language, `LEMMA` and `@list` still to be expanded."""

MAX_TEXT = 2000
"""Most characters of a phrase or an example."""

MAX_RUN = 100
"""Most characters without white space: the tokenizer's time grows with their square."""


class RuleError(FramelensError):
    """What is wrong with a file of a rules folder, or with one rule or list (`item`) in it."""

    def __init__(self, file: Path, item: str, problem: str) -> None:
        super().__init__(file, item, problem)
        self.file, self.item, self.problem = file, item, problem

    @property
    def message(self) -> str:
        item = f"{self.item}: " if self.item else ""
        return f"{self.file}: {item}{self.problem}"


Report = Callable[[RuleError], None]
"""A callback for errors; if it returns, reading goes on without the faulty part."""


def refuse(error: RuleError) -> None:
    """The default `Report`: raise the error."""
    raise error


@contextmanager
def reporting(report: Report) -> Iterator[None]:
    """Report a RuleError that ends the block."""
    try:
        yield
    except RuleError as error:
        report(error)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """Fields of rules, exclusions and subjects alike: `note` says why there is one, it must hit in
    `matches` and must not in `skips`, which are sentences."""

    id: str
    note: str
    patterns: tuple[Pattern, ...]
    phrases: tuple[str, ...]
    matches: tuple[str, ...]
    skips: tuple[str, ...]
    file: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(_Item):
    """A rule of a frame.

    A `weak` rule counts only with the weight that a model learned for it, and not where rules decide
    alone. A `proposed` rule is weak, and models do not learn it until a person has confirmed it. Rules
    do not count in sentences about another subject, unless they count `anywhere`; one that `needs_own`
    counts only beside a cue of the codebook's own subject.
    """

    frame: str
    weak: bool = False
    anywhere: bool
    needs_own: bool = False
    proposed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion(_Item):
    """Drops hits of rules of `frames` that lie within a match of it or, with `whole_sentence`, anywhere
    in the sentence."""

    frames: tuple[str, ...]
    whole_sentence: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject(_Item):
    """Cues of the codebook's `own` subject, or of another. A sentence is about another subject if it has
    cues of one and none of the own."""

    own: bool


Item = Rule | Exclusion | Subject
ItemKind = TypeVar("ItemKind", Rule, Exclusion, Subject)


@dataclass(frozen=True, eq=False)
class RuleSet:
    """A folder of rules; `sources` are the files' texts by name, `list_files` the file of each word list.

    `cues` are cues of stance: rules whose `frame` is the kind of cue, matched separately in sentences with
    frames. `items` are rules, exclusions and subjects, in the order that matches number them. With
    `past_marks`, matching passes over quotation marks round few words and the words that the scheme names,
    which may change the stance of a frame, not the frame. Rule sets are equal only if they are the same
    object, so that they can be keys of caches.
    """

    scheme: Scheme
    rules: tuple[Rule, ...]
    exclusions: tuple[Exclusion, ...]
    subjects: tuple[Subject, ...]
    lists: Mapping[str, tuple[str, ...]]
    sources: Mapping[str, str]
    list_files: Mapping[str, Path] = field(default_factory=dict)
    cues: tuple[Rule, ...] = ()
    past_marks: bool = True
    items: tuple[Item, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", (*self.rules, *self.exclusions, *self.subjects))

    @cached_property
    def of_stance(self) -> RuleSet:
        """The cues of stance as a rule set."""
        return replace(self, rules=self.cues, exclusions=(), subjects=(), cues=(), past_marks=False)

    @cached_property
    def sought_cues(self) -> RuleSet:
        """`of_stance` without function words, which need no matching."""
        cues = self.of_stance
        return replace(cues, rules=tuple(cue for cue in cues.rules if cue.frame != WORD))

    @cached_property
    def digest(self) -> str:
        """The digest of the files' texts, comments included."""
        return sources_digest(self.sources)


def read_rules(folder: Path) -> RuleSet:
    """The rules in the TOML files of a folder; the same object as long as the files stay the same.

    Raise FramelensError with file and reason where they cannot be read.
    """
    return _parsed(folder, tuple(read_sources(folder).items()))


@lru_cache(maxsize=4)
def _parsed(folder: Path, sources: tuple[tuple[str, str], ...]) -> RuleSet:
    return parse_rules(dict(sources), folder)


def rules_digest(folder: Path) -> str:
    """The digest of the rules in a folder, without parsing them; raise FramelensError where a file
    cannot be read."""
    return sources_digest(read_sources(folder))


def sources_digest(sources: Mapping[str, str]) -> str:
    """The digest of rule files, given as their texts by name."""
    digest = sha256()
    for name, text in sorted(sources.items()):
        digest.update(f"{name}\0{text}\0".encode())
    return digest.hexdigest()


def read_sources(folder: Path, report: Report = refuse) -> dict[str, str]:
    """The texts of a folder's TOML files by name; raise FramelensError if there is no folder."""
    if not folder.is_dir():
        raise FramelensError(f"{folder}: no such folder; expected a rules folder with scheme.toml")
    if not (folder / SCHEME).is_file() and (below := sorted(folder.glob(f"*/{SCHEME}"))):
        report(RuleError(folder, "", f"no {SCHEME} in it; are the rules in {below[0].parent}?"))
    for path in sorted(folder.glob("*/*.toml")):
        # Folders below may hold a model or an old version with a scheme of its own.
        if path.name != SCHEME and not (path.parent / SCHEME).is_file():
            problem = "lies in a folder below; rules are read from this one"
            report(RuleError(folder, "", f"{path.relative_to(folder)} {problem}"))
    sources: dict[str, str] = {}
    left = MAX_BYTES
    for path in sorted(folder.glob("*.toml")):
        with reporting(report):
            sources[path.name] = read_source(path, left)
            left -= len(sources[path.name].encode())
    return sources


def parse_rules(
    sources: Mapping[str, str], folder: Path | str = "rules", *, report: Report = refuse
) -> RuleSet:
    """The rules in the texts of a rules folder, by file name; `folder` names it in errors.

    A scheme that cannot be read is raised whatever `report` does.
    """
    where = Path(folder)
    if SCHEME not in sources:
        raise RuleError(where / SCHEME, "", "no such file; a rules folder needs it")
    scheme = read_scheme(sources[SCHEME], where / SCHEME)
    tables: dict[Path, dict[str, Any]] = {}
    for name in sorted(name for name in sources if name != SCHEME):
        with reporting(report):
            tables[where / name] = _read_table(sources[name], where / name, report)
    rules = [row for path, table in tables.items() for row in _rules(path, table, scheme, report)]
    exclusions = [
        row for path, table in tables.items() for row in _exclusions(path, table, scheme, report)
    ]
    subjects = [row for path, table in tables.items() for row in _subjects(path, table, report)]
    ids: dict[str, Path] = {}
    unique_rules = _unique(rules, ids, report)
    others = _unique(exclusions, ids, report), _unique(subjects, ids, report)
    cues = [row for path, table in tables.items() for row in _cues(path, table, report)]
    lists, list_files = _merge_lists(tables, report)
    unique_cues = _unique(cues, {}, report)
    return RuleSet(scheme, unique_rules, *others, lists, dict(sources), list_files, unique_cues)


def _merge_lists(
    tables: Mapping[Path, Mapping[str, Any]], report: Report
) -> tuple[dict[str, tuple[str, ...]], dict[str, Path]]:
    lists: dict[str, tuple[str, ...]] = {}
    files: dict[str, Path] = {}
    for path, table in tables.items():
        named = table.get("lists", {})
        if not isinstance(named, dict):
            report(RuleError(path, "", f"lists is {brief(named)}; expected a table of word lists"))
            continue
        for name, words in named.items():
            with reporting(report):
                if name in lists:
                    raise RuleError(path, f"@{name}", "the list is defined twice")
                lists[name] = strings(words, path, f"@{name}", "a word list", longest=MAX_RUN)
                files[name] = path
    return lists, files


def _items(
    path: Path,
    table: Mapping[str, Any],
    kind: str,
    keys: set[str],
    make: Callable[[dict[str, Any], dict[str, Any]], ItemKind],
    report: Report,
) -> Iterator[ItemKind]:
    """The items of the tables of a kind in a file; `make` gets a table and its common fields, `keys` are
    the others that it may have."""
    rows = table.get(kind, [])
    if not isinstance(rows, list):
        report(RuleError(path, "", f"{kind} is {brief(rows)}; expected [[{kind}]] tables"))
        return
    for number, row in enumerate(rows, start=1):
        with reporting(report):
            yield make(row, _common(path, f"{kind} {number}", row, COMMON_KEYS | keys, report))


def _rules(path: Path, table: Mapping[str, Any], scheme: Scheme, report: Report) -> Iterator[Rule]:
    frame, flags = composed(table.get("frame")), ("weak", "proposed", "anywhere", "needs_own")

    def make(row: dict[str, Any], common: dict[str, Any]) -> Rule:
        flags_given: dict[str, Any] = {key: _flag(path, row, key) for key in flags}
        flags_given["weak"] |= flags_given["proposed"]
        return Rule(frame=str(frame), **flags_given, **common)

    if isinstance(table.get("rule"), list) and table["rule"] and frame not in scheme.names:
        expected = f"expected one of {list(scheme.names)}"
        report(RuleError(path, "", f"frame is {brief(frame)}; {expected}"))
    else:
        yield from _items(path, table, "rule", {*flags}, make, report)


def _subjects(path: Path, table: Mapping[str, Any], report: Report) -> Iterator[Subject]:
    def make(row: dict[str, Any], common: dict[str, Any]) -> Subject:
        return Subject(own=_flag(path, row, "own"), **common)

    return _items(path, table, "subject", {"own"}, make, report)


def _cues(path: Path, table: Mapping[str, Any], report: Report) -> Iterator[Rule]:
    def make(row: dict[str, Any], common: dict[str, Any]) -> Rule:
        kind = row.get("kind")
        if not isinstance(kind, str) or not kind:
            raise RuleError(path, row["id"], f"kind is {brief(kind)}; expected a name")
        return Rule(frame=kind, anywhere=True, **common)

    return _items(path, table, "cue", {"kind"}, make, report)


def _flag(path: Path, row: Mapping[str, Any], key: str) -> bool:
    value = row.get(key, False)
    if not isinstance(value, bool):
        raise RuleError(path, row["id"], f"{key} is {brief(value)}; expected true or false")
    return value


def _exclusions(
    path: Path, table: Mapping[str, Any], scheme: Scheme, report: Report
) -> Iterator[Exclusion]:
    def make(row: dict[str, Any], common: dict[str, Any]) -> Exclusion:
        name, names = common["id"], scheme.names
        given = strings(row["frames"], path, name, "frames") if "frames" in row else names
        frames = tuple(map(composed, given))
        if unknown := set(frames).difference(names):
            raise RuleError(path, name, f"unknown frame {brief(min(unknown))}")
        scope = row.get("scope", "span")
        if scope not in ("span", "sentence"):
            problem = f"scope is {brief(scope)}; expected 'span' or 'sentence'"
            raise RuleError(path, name, problem)
        return Exclusion(frames=frames, whole_sentence=scope == "sentence", **common)

    return _items(path, table, "exclusion", {"frames", "scope"}, make, report)


def _common(path: Path, place: str, row: Any, keys: set[str], report: Report) -> dict[str, Any]:
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise RuleError(path, place, "expected a table with an id")
    name = row["id"]
    _check_keys(row, keys, path, name, report)
    patterns = _token_patterns(row.get("patterns", []), path, name)
    if not patterns and not row.get("phrases"):
        raise RuleError(path, name, "neither patterns nor phrases")
    if not isinstance(row.get("note", ""), str):
        raise RuleError(path, name, f"note is {brief(row['note'])}; expected a text")
    texts = {key: row.get(key, []) for key in ("phrases", "matches", "skips")}
    return {
        "id": name,
        "note": row.get("note", ""),
        "file": path,
        "patterns": patterns,
        **{key: strings(value, path, name, key) for key, value in texts.items()},
    }


def _unique(
    items: Iterable[ItemKind], ids: dict[str, Path], report: Report
) -> tuple[ItemKind, ...]:
    """The items whose id is not in `ids`, to which each one's id and file are added."""
    unique = []
    for item in items:
        if item.id in ids:
            report(
                RuleError(item.file, item.id, f"the id {item.id!r} is in {ids[item.id]} already")
            )
        else:
            ids[item.id] = item.file
            unique.append(item)
    return tuple(unique)


def read_source(path: Path, limit: int) -> str:
    """The text of a file of at most `limit` bytes, with line feeds as line ends and without a byte order
    mark."""
    try:
        if path.exists() and not path.is_file():
            raise RuleError(path, "", "is no file")
        if path.stat().st_size > limit:
            raise RuleError(path, "", "too large, alone or with the files before it, to be rules")
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(path, "", f"cannot be read: {error}") from None


def _read_table(source: str, path: Path, report: Report) -> dict[str, Any]:
    try:
        table = parse_toml(source)
    except FramelensError as error:
        raise RuleError(path, "", str(error)) from None
    _check_keys(table, FILE_KEYS, path, "", report)
    return table


def _check_keys(
    table: Mapping[str, Any], keys: set[str], path: Path, item: str, report: Report
) -> None:
    for key in sorted(table.keys() - keys):
        report(RuleError(path, item, f"unknown key {brief(key)}; expected {sorted(keys)}"))


def _token_patterns(value: Any, path: Path, item: str) -> tuple[Pattern, ...]:
    if not isinstance(value, list) or not all(
        isinstance(pattern, list) and pattern and all(isinstance(token, dict) for token in pattern)
        for pattern in value
    ):
        raise RuleError(path, item, "patterns must be lists of token tables")
    return tuple(map(tuple, value))


def strings(
    value: Any, path: Path, item: str, what: str, *, longest: int = MAX_TEXT
) -> tuple[str, ...]:
    """A list of strings, none too long."""
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise RuleError(path, item, f"{what}: expected a list of strings")
    for text in value:
        has_run = len(text) > MAX_RUN and any(len(run) > MAX_RUN for run in text.split())
        if has_run or len(text) > longest:
            limits = f"at most {longest} characters, and {MAX_RUN} in a row without white space"
            raise RuleError(path, item, f"{what}: {brief(text)} is too long; expected {limits}")
    return tuple(value)
