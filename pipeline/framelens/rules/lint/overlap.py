"""Patterns and phrases that another of the same frame makes needless."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from framelens.rules.compiling import PlainPattern, PlainToken, counts
from framelens.rules.lint.finding import Findings
from framelens.rules.lint.patterns import Written
from framelens.rules.lint.tokens import choice, listed
from framelens.rules.rule_files import Rule, Subject

SUBJECT = "subject"
MAX_COMPARED = 200_000
"""Pairs of patterns compared, which bounds the time that rules all alike can ask for."""


def find_overlaps(written: Sequence[Written], found: Findings) -> None:
    """Find patterns written twice, and those that hold another of the same frame."""
    needless: set[int] = set()
    for number, (row, other) in enumerate(_pairs(_without_copies(written, found))):
        if number == MAX_COMPARED:
            message = "too many patterns alike: not all were compared with one another"
            found.add("", "", "warning", "shadowed", message)
            return
        if id(row) not in needless and _needless(row, other):
            needless.add(id(row))
            message = f"{row.name} hits only where {_named(other, row)} does, which it holds"
            found.warning(row.item, "shadowed", message)


def _pairs(rows: Iterable[Written]) -> Iterator[tuple[Written, Written]]:
    """Each pattern with those of its group that it may hold."""
    groups: dict[tuple[str, ...], list[Written]] = defaultdict(list)
    for row in rows:
        groups[_kind(row)].append(row)
    for kind, members in groups.items():
        # What an exclusion of scope span covers grows with its length: none is needless. The words of
        # a subject are a list that more words do no harm to.
        if kind[0] not in ("span", SUBJECT):
            yield from _that_may_hold(members)


def _kind(row: Written) -> tuple[str, ...]:
    """Of which group a pattern may copy or shadow another: rules of a frame, exclusions of some
    frames."""
    item = row.item
    if isinstance(item, Rule):
        return ("rule", item.frame)
    if isinstance(item, Subject):
        return (SUBJECT, str(item.own))
    return ("sentence" if item.whole_sentence else "span", *item.frames)


def _without_copies(written: Sequence[Written], found: Findings) -> list[Written]:
    first: dict[tuple[object, str], Written] = {}
    for row in written:
        key = _kind(row), repr([sorted(token.items(), key=str) for token in row.plain])
        if (before := first.setdefault(key, row)) is not row:
            found.warning(row.item, "twice", f"{row.name} is {_named(before, row)} again")
    return list(first.values())


def _needless(row: Written, other: Written) -> bool:
    """Whether a pattern holds another one; what is weak decides nothing, and so makes nothing needless
    that does."""
    weak = [isinstance(at.item, Rule) and at.item.weak for at in (other, row)]
    weighs_as_much = other.item is row.item or weak[1] or not weak[0]
    return row is not other and weighs_as_much and contains(row.plain, other.plain)


def _named(other: Written, row: Written) -> str:
    """What a finding about a pattern calls another one."""
    return other.name if other.item is row.item else f"{other.name} of {other.item.id}"


def _that_may_hold(rows: Sequence[Written]) -> Iterator[tuple[Written, Written]]:
    """Each pattern with those that it may hold, which are filed under the words of one token."""
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
    """The words of which a token that must be there is one; empty where it may be any."""
    words = listed(token.get("LOWER"))
    required = token.get("OP") != "!" and counts(token.get("OP"))[0] > 0
    return words if words is not None and required else frozenset()


def contains(outer: PlainPattern, inner: PlainPattern) -> bool:
    """Whether every occurrence of one pattern holds an occurrence of another: some tokens in a row
    of the first ask at least for what the second's do. False where that cannot be told."""
    inner = _trimmed(inner)
    return any(all(map(_asks_more, outer[at:], inner)) for at in range(len(outer) - len(inner) + 1))


def _trimmed(pattern: PlainPattern) -> PlainPattern:
    """A pattern without the optional tokens at its ends."""
    needed = [at for at, token in enumerate(pattern) if counts(token.get("OP"))[0]]
    return pattern[needed[0] : needed[-1] + 1] if needed else pattern


def _asks_more(token: PlainToken, other: PlainToken) -> bool:
    """Whether all that passes a token passes the other, in number too."""
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
    own, held, barred = token.get("LOWER"), listed(value), _barred(value)
    if (words := listed(own)) is None:
        return held is None and barred <= _barred(own)
    return (held is None or words <= held) and not words & barred


def _barred(value: object) -> frozenset[str]:
    return choice(tuple(value.get("NOT_IN", ()))) if isinstance(value, dict) else frozenset()
