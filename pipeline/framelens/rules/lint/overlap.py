"""Finds patterns and phrases that another pattern of the same frame makes redundant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from framelens.rules.compiling import PlainPattern, PlainToken, counts
from framelens.rules.lint.finding import Findings
from framelens.rules.lint.patterns import Written
from framelens.rules.lint.tokens import listed
from framelens.rules.rule_files import Rule, Subject

SUBJECT = "subject"
MAX_COMPARED = 200_000
"""Most pairs of patterns that are compared, which bounds the time."""


def find_overlaps(written: Sequence[Written], findings: Findings) -> None:
    """Find patterns written twice, and those that contain another of the same frame."""
    needless: set[int] = set()
    for number, (row, other) in enumerate(_pairs(_without_copies(written, findings))):
        if number == MAX_COMPARED:
            message = "too many patterns alike: not all were compared with one another"
            findings.add("", "", "warning", "shadowed", message)
            return
        if id(row) not in needless and _is_needless(row, other):
            needless.add(id(row))
            message = f"{row.name} hits only where {_name_for(other, row)} does, which it holds"
            findings.warning(row.item, "shadowed", message)


def _pairs(rows: Iterable[Written]) -> Iterator[tuple[Written, Written]]:
    """Each pattern with those of its group that it may contain."""
    groups: dict[tuple[str, ...], list[Written]] = defaultdict(list)
    for row in rows:
        groups[_group(row)].append(row)
    for kind, members in groups.items():
        # A longer exclusion of scope span covers more, and is not redundant. In subjects, which are lists
        # of words, redundancy does no harm.
        if kind[0] not in ("span", SUBJECT):
            yield from _candidate_pairs(members)


def _group(row: Written) -> tuple[str, ...]:
    """The group within which patterns are compared: rules of a frame, exclusions of the same frames."""
    item = row.item
    if isinstance(item, Rule):
        return ("rule", item.frame)
    if isinstance(item, Subject):
        return (SUBJECT, str(item.own))
    return ("sentence" if item.whole_sentence else "span", *item.frames)


def _without_copies(written: Sequence[Written], findings: Findings) -> list[Written]:
    first: dict[tuple[object, str], Written] = {}
    for row in written:
        key = _group(row), repr([sorted(token.items(), key=str) for token in row.plain])
        if (before := first.setdefault(key, row)) is not row:
            findings.warning(row.item, "twice", f"{row.name} is {_name_for(before, row)} again")
    return list(first.values())


def _is_needless(row: Written, other: Written) -> bool:
    """Whether a pattern contains another, which is not weaker: a weak rule alone gives no frame."""
    weak = [isinstance(at.item, Rule) and at.item.weak for at in (other, row)]
    weighs_as_much = other.item is row.item or weak[1] or not weak[0]
    return row is not other and weighs_as_much and contains(row.plain, other.plain)


def _name_for(other: Written, row: Written) -> str:
    """The name of another pattern in a finding about `row`."""
    return other.name if other.item is row.item else f"{other.name} of {other.item.id}"


def _candidate_pairs(rows: Sequence[Written]) -> Iterator[tuple[Written, Written]]:
    """Each pattern with those that it may contain, found through an index of one token's words."""
    by_word: dict[str, list[Written]] = defaultdict(list)
    for row in rows:
        choices = [words for token in row.plain if (words := _required_words(token))]
        for word in min(choices, key=len, default=()):
            by_word[word].append(row)
    for row in rows:
        seen: set[int] = set()
        for words in map(_required_words, row.plain):
            for other in by_word.get(min(words), ()) if words else ():
                if id(other) not in seen:
                    seen.add(id(other))
                    yield row, other


def _required_words(token: PlainToken) -> frozenset[str]:
    """The words that a required token must be one of; empty if it is optional or may be any word."""
    words = listed(token.get("LOWER"))
    required = token.get("OP") != "!" and counts(token.get("OP"))[0] > 0
    return words if words is not None and required else frozenset()


def contains(outer: PlainPattern, inner: PlainPattern) -> bool:
    """Whether every occurrence of `outer` contains one of `inner`, as some tokens in a row are at least as
    strict as those of `inner`; False where that cannot be told."""
    inner = _trimmed(inner)
    return any(
        all(map(_is_stricter, outer[at:], inner)) for at in range(len(outer) - len(inner) + 1)
    )


def _trimmed(pattern: PlainPattern) -> PlainPattern:
    """A pattern without the optional tokens at its ends."""
    needed = [at for at, token in enumerate(pattern) if counts(token.get("OP"))[0]]
    return pattern[needed[0] : needed[-1] + 1] if needed else pattern


def _is_stricter(token: PlainToken, other: PlainToken) -> bool:
    """Whether all that matches a token matches the other, in number too."""
    ops = token.get("OP"), other.get("OP")
    if "!" in ops:
        return token == other
    (least, most), (other_least, other_most) = map(counts, ops)
    if least < other_least or (other_most is not None and (most is None or most > other_most)):
        return False
    return all(_implied(key, value, token) for key, value in other.items() if key != "OP")


def _implied(key: str, value: object, token: PlainToken) -> bool:
    if token.get(key) == value:
        return True
    if key != "LOWER":
        return False
    value_of_token, allowed, barred = token.get("LOWER"), listed(value), _barred(value)
    if (words := listed(value_of_token)) is None:
        return allowed is None and barred <= _barred(value_of_token)
    return (allowed is None or words <= allowed) and not words & barred


def _barred(value: object) -> frozenset[str]:
    return frozenset(value.get("NOT_IN", ())) if isinstance(value, dict) else frozenset()
