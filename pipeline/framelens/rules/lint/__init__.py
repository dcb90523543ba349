"""Checks of a folder of rules. Their names, first those of errors:

`form`: a file or table is no rule; `id`: not `<frame>.<kebab-case>`, or not `not.<kebab-case>` for an
exclusion, `subject.<kebab-case>` for a subject; `token`: an attribute, operator or value does not exist;
`pattern`: one could match nothing, or is too long; `never`: no text can match one; `contradiction`: a
sentence is in `matches` and in `skips`; `frames`: an exclusion has none; `letter`: two frames share one;
`size`: the rules exceed the limits.

Warnings: `never`: a word is no token in normalised text, as the pieces `ca` and `n't` are not;
`white-space`: a phrase has more, or other, than single blanks; `edge`: a pattern begins or ends with an
optional token or wildcard; `wide`: a pattern can match from nearly everywhere to nearly everywhere;
`twice`: a pattern is repeated; `shadowed`: a pattern contains another of its frame; `follower`: a rule hits
only examples where another of its frame does; `examples`: fewer than two of a kind, or one twice;
`contradiction`: a rule of one frame matches what one of another skips; `note`: there is none; `unused`: no
rule uses a word list; `frame`: rules alone never give a frame.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from spacy.tokenizer import Tokenizer

from framelens.core.errors import FramelensError
from framelens.rules.compiling import skipped_keys
from framelens.rules.lint.examples import check_examples, find_followers
from framelens.rules.lint.finding import Finding, Findings, Severity
from framelens.rules.lint.overlap import find_overlaps
from framelens.rules.lint.patterns import PatternLint, Written
from framelens.rules.lint.pieces import find_pieces
from framelens.rules.lint.tokens import written_words
from framelens.rules.lint.words import IN_LOWER_CASE, WordBook
from framelens.rules.rule_files import (
    SCHEME,
    Exclusion,
    Item,
    ItemKind,
    Pattern,
    Rule,
    RuleSet,
    Subject,
    parse_rules,
    read_sources,
)

__all__ = ["Finding", "Severity", "lint"]

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def lint(folder: Path, tokenizer: Tokenizer) -> tuple[Finding, ...]:
    """Everything found in a rules folder, by file and rule; empty where all is well.

    Unlike `read_rules` it does not stop at the first error. Raise FramelensError where there is no such
    folder.
    """
    findings = Findings()
    sources = read_sources(folder, findings.report)
    try:
        rules = parse_rules(sources, folder, report=findings.report)
    except FramelensError as error:
        findings.add(SCHEME, "", "error", "form", str(error).removeprefix(f"{folder / SCHEME}: "))
        return findings.in_order(())
    items, book = rules.items, WordBook(tokenizer, skipped=skipped_keys(rules))
    _check_items(items, findings)
    _check_scheme(rules, findings)
    _check_lists(rules, book, findings)
    check_examples(items, findings)
    try:
        written = PatternLint(rules, book, findings).check()
        find_pieces(written, book, findings)
        for_cues = WordBook(tokenizer, skipped=frozenset())
        cues = PatternLint(rules.of_stance, for_cues, findings).check()
        find_pieces(cues, for_cues, findings)
        find_overlaps(written, findings)
        find_followers(_compiling(rules, written), tokenizer, findings)
    except FramelensError as error:
        findings.add("", "", "error", "size", str(error))
    return findings.in_order(items)


def _check_items(items: Iterable[Item], findings: Findings) -> None:
    for item in items:
        kinds = {Exclusion: "not", Subject: "subject"}
        kind = item.frame if isinstance(item, Rule) else kinds[type(item)]
        prefix, _, name = item.id.rpartition(".")
        if prefix != kind or not KEBAB.fullmatch(name):
            form = f"{kind}.<words-in-lower-case-with-hyphens>"
            findings.error(item, "id", f"the id is out of form; expected {form}")
        if not item.note.strip():
            findings.warning(item, "note", "no note says why the rule is there")
        if isinstance(item, Exclusion) and not item.frames:
            findings.error(item, "frames", "frames is empty, so that nothing is excluded")


def _check_scheme(rules: RuleSet, findings: Findings) -> None:
    homes: dict[str, str] = {}
    for one in rules.scheme:
        other = homes.setdefault(one.letter, one.name)
        if other != one.name:
            message = f"{one.name} and {other} have the same letter {one.letter!r}"
            findings.add(SCHEME, "", "error", "letter", message)
    for frame in rules.scheme.names:
        weak = [rule.weak for rule in rules.rules if rule.frame == frame]
        if all(weak):
            kind = "only weak rules" if weak else "no rules"
            message = f"{frame} has {kind}: rules alone never give it"
            findings.add(SCHEME, "", "warning", "frame", message)


def _check_lists(rules: RuleSet, book: WordBook, findings: Findings) -> None:
    used: dict[str, set[str]] = {}
    for item in (*rules.items, *rules.cues):
        for token in (token for pattern in item.patterns for token in pattern):
            for attribute, word in written_words(token):
                used.setdefault(word.removeprefix("@"), set()).add(attribute)
    for name, words in rules.lists.items():
        file = rules.list_files[name].name
        if name not in used:
            findings.add(file, f"@{name}", "warning", "unused", "no rule uses this list")
        # A word of a list that some rule takes as it is written may well have capitals.
        lower = used.get(name, set()) <= IN_LOWER_CASE
        for word in words:
            nested = word.startswith("@") and word[1:] in rules.lists
            why = "a list cannot name another" if nested else None
            if why := why or book.never(word, "LOWER" if lower else "ORTH"):
                findings.add(
                    file, f"@{name}", "warning", "never", f"{word!r} matches nothing: {why}"
                )


def _compiling(rules: RuleSet, written: Sequence[Written]) -> RuleSet:
    """The rules without the patterns that do not compile."""
    sources: dict[str, list[Pattern | str]] = {}
    for row in written:
        sources.setdefault(row.item.id, []).append(row.source)

    def mended(item: ItemKind) -> ItemKind:
        rows = sources.get(item.id, [])
        phrases = tuple(row for row in rows if isinstance(row, str))
        patterns = tuple(row for row in rows if not isinstance(row, str))
        return replace(item, patterns=patterns, phrases=phrases)

    return replace(
        rules,
        rules=tuple(map(mended, rules.rules)),
        exclusions=tuple(map(mended, rules.exclusions)),
        subjects=tuple(map(mended, rules.subjects)),
    )
