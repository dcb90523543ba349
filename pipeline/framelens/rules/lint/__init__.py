"""What is wrong, or likely to be, in a folder of rules.

The checks, by name. Errors: `form` (a file or table that is no rule), `token` (an attribute, operator
or value that does not exist), `pattern` (one that could match nothing, or is too long), `never` (one
that no text can match), `id` (not `<frame>.<kebab-case>`, or `not.<kebab-case>` for an
exclusion, `subject.<kebab-case>` for a subject),
`contradiction` (a sentence that a rule must both match and skip), `frames` (an exclusion of none),
`letter` (one of two frames),
`size` (more than the limits). Warnings: `never` (a word that no token has, or the pieces of one that
is read otherwise: `ca` and `n't`), `white-space` (in a phrase), `edge` (a pattern that begins or
ends with an optional token or a wildcard), `wide` (one that can match from nearly every place to
nearly every later one), `twice`, `shadowed` (a pattern that holds
another of the frame), `follower` (a rule that on all examples hits only where another of the frame
does), `examples` (fewer than two of a kind, or one twice), `contradiction` (a sentence that a rule of
one frame matches and one of another skips), `note`, `unused` (a word list), `frame` (one that rules
alone never give).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from spacy.language import Language

from framelens.core.errors import FramelensError
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


def lint(folder: Path, nlp: Language) -> tuple[Finding, ...]:
    """Everything found in a rules folder, by file and rule; empty where all is well.

    Unlike `read_rules` it does not stop at the first error. `nlp` gives the tokenizer. Raise
    FramelensError where there is no such folder.
    """
    findings = Findings()
    sources = read_sources(folder, findings.report)
    try:
        rules = parse_rules(sources, folder, report=findings.report)
    except FramelensError as error:
        findings.add(SCHEME, "", "error", "form", str(error).removeprefix(f"{folder / SCHEME}: "))
        return findings.in_order(())
    items, book = rules.items, WordBook(nlp.tokenizer)
    _check_items(items, findings)
    _check_scheme(rules, findings)
    _check_lists(rules, book, findings)
    check_examples(items, findings)
    try:
        written = PatternLint(rules, nlp, book, findings).check()
        find_pieces(written, book, findings)
        for_cues = WordBook(nlp.tokenizer, past_marks=False)
        cues = PatternLint(rules.of_stance, nlp, for_cues, findings).check()
        find_pieces(cues, for_cues, findings)
        find_overlaps(written, findings)
        find_followers(_compiling(rules, written), nlp, findings)
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
