"""Checks the patterns and phrases of rules one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from reprlib import repr as brief
from typing import Any

from framelens.core.errors import FramelensError
from framelens.rules.compiling import (
    TEXTS,
    PlainPattern,
    PlainToken,
    check_elements,
    check_size,
    counts,
    elements,
    phrase_words,
    plain_token,
    size,
)
from framelens.rules.lint.finding import Findings
from framelens.rules.lint.tokens import impossible, listed, written_words
from framelens.rules.lint.words import WordBook
from framelens.rules.rule_files import Exclusion, Item, Pattern, RuleSet


@dataclass(frozen=True, slots=True)
class Written:
    """A pattern or phrase of a rule: its name in findings, its source, and its plain form."""

    item: Item
    name: str
    source: Pattern | str
    plain: PlainPattern


class PatternLint:
    """Checks patterns and phrases one by one; those that compile come out as `Written`."""

    def __init__(self, rules: RuleSet, book: WordBook, findings: Findings) -> None:
        self.rules, self.book, self.findings = rules, book, findings
        self._impossible: dict[str, str | None] = {}

    def check(self) -> list[Written]:
        """Every pattern and phrase that compiles; raise FramelensError where there are too many."""
        written: list[Written] = []
        words = 0
        for item in self.rules.items:
            for row in chain(self._patterns(item), self._phrases(item)):
                words += size(row.plain)
                check_size(len(written) + 1, words)
                written.append(row)
        return written

    def _patterns(self, item: Item) -> Iterator[Written]:
        for number, pattern in enumerate(item.patterns, start=1):
            name = f"pattern {number}"
            plain = self._plain(item, name, pattern)
            if plain is not None and self._compiles(item, name, plain):
                self._check_words(item, name, pattern, plain)
                self._check_edges(item, name, plain)
                if is_wide(plain):
                    self.findings.warning(
                        item,
                        "wide",
                        f"{name} can match from anywhere to anywhere; long sentences may have more "
                        "matches than are kept: bound its OP, or ask for a word in it",
                    )
                yield Written(item, name, pattern, plain)

    def _phrases(self, item: Item) -> Iterator[Written]:
        for phrase in item.phrases:
            name = f"phrase {brief(phrase)}"
            words = phrase_words(phrase, self.book.tokenizer, past_marks=self.rules.past_marks)
            plain = tuple({"LOWER": word} for word in words)
            if not self._compiles(item, name, plain):
                continue
            if phrase != " ".join(phrase.split()):
                problem = "has white space at an end, doubled or other than blanks"
                self.findings.warning(item, "white-space", f"{name} {problem}; texts seldom do")
            yield Written(item, name, phrase, plain)

    def _plain(self, item: Item, name: str, pattern: Pattern) -> PlainPattern | None:
        """The plain form of a pattern; every wrong token gets a finding."""
        tokens = [self._token(item, f"{name}, token {n}", row) for n, row in enumerate(pattern, 1)]
        whole = [token for token in tokens if token is not None]
        return tuple(whole) if len(whole) == len(tokens) else None

    def _token(self, item: Item, place: str, token: Mapping[str, Any]) -> PlainToken | None:
        parts = [{key: value} for key, value in token.items()]
        problems = [problem for part in parts if (problem := self._problem(part))]
        problems = problems or [problem for problem in [self._problem(token)] if problem]
        for problem in problems:
            self.findings.error(item, "token", f"{place}: {problem}")
        return None if problems else plain_token(token, self.rules.lists)

    def _problem(self, token: Mapping[str, Any]) -> str | None:
        try:
            counts(plain_token(token, self.rules.lists).get("OP"))
        except FramelensError as error:
            return str(error)
        return None

    def _compiles(self, item: Item, name: str, plain: PlainPattern) -> bool:
        try:
            check_elements([row for token in plain for row in elements(0, token.get("OP"))])
        except FramelensError as error:
            self.findings.error(item, "pattern", f"{name}: {error}")
            return False
        return True

    def _check_words(self, item: Item, name: str, pattern: Pattern, plain: PlainPattern) -> None:
        for number, (raw, token) in enumerate(zip(pattern, plain, strict=True), start=1):
            place, reason = f"{name}, token {number}", self._reason(token)
            if reason and counts(token.get("OP"))[0]:
                self.findings.error(item, "never", f"{place}: the pattern never matches: {reason}")
            elif reason:
                self.findings.warning(item, "never", f"{place} is never there: {reason}")
            for key, word in written_words(raw):
                listed = word.startswith("@") and len(word) > 1
                if not reason and not listed and (why := self.book.never(word, key)):
                    self.findings.warning(item, "never", f"{place}: {why}")

    def _reason(self, token: PlainToken) -> str | None:
        key = repr(sorted(token.items(), key=str))
        if key not in self._impossible:
            self._impossible[key] = impossible(token, self.book)
        return self._impossible[key]

    def _check_edges(self, item: Item, name: str, plain: PlainPattern) -> None:
        """Find open ends: in a rule they only lengthen the evidence; an exclusion may need them to cover."""
        if isinstance(item, Exclusion):
            return
        for token, place in ((plain[0], "starts"), (plain[-1], "ends")):
            if not counts(token.get("OP"))[0]:
                self.findings.warning(item, "edge", f"{name} {place} with an optional token")
            elif not token.keys() - {"OP"} and token.get("OP") != "!":
                self.findings.warning(
                    item, "edge", f"{name} {place} with a token that any word passes"
                )


def is_wide(pattern: PlainPattern) -> bool:
    """Whether a pattern can begin and end nearly anywhere: it has unbounded wildcards both before the
    first word that it asks for and after the last."""
    word_at, wildcard_at = [], []
    for at, token in enumerate(pattern):
        least, most = counts(token.get("OP"))
        if any(listed(token.get(name)) is not None for name in TEXTS if name != "SHAPE"):
            word_at += [at] if least and token.get("OP") != "!" else []
        elif most is None:
            wildcard_at.append(at)
    if not wildcard_at:
        return False
    return not word_at or (wildcard_at[0] < word_at[0] and wildcard_at[-1] > word_at[-1])
