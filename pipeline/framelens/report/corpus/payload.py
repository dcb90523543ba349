"""The data of a page of documents: what its script works with, as named JSON, gzipped, in base64.

The page holds it in `<script type="application/gzip" id="data">`; the page's script decompresses it
with `DecompressionStream` (scripts/data.js). All numbers of frames, documents, sentences, facets,
causes and terms count from 0. An entry or a column per sentence is in the order of the page.

    frames      [{name, letter, bias: hundredths of log-odds, threshold: probability}]
    documents   [{name, title or null, sentences: how many, others: [[place, kind, text]]}], one after
                the other; others are headings and the like, which are not counted: they stand before the
                sentence of that number in the document, or at its end
    texts       [text] per sentence
    labels      [[frame]] per sentence
    primary     [frame or null] per sentence
    scores      [[hundredths of log-odds per frame]] per sentence
    follows     [0 same line, 1 new line, 2 new paragraph, 3 footnote] per sentence: how it follows
                on the sentence before it
    stances     {names: [stance], given: [[stance or null per frame of the sentence]] per sentence,
                reasons: [[[phrase, start, length, ...] per frame of the sentence]] per sentence,
                phrases}; no names where none are told. A reason is its words in the text, in UTF-16
                units, none of length 0, and the phrase after them.
    finds       {causes, starts, lengths}, each [[number]] per sentence: which causes stand in its
                text, where each begins and how long it is, in UTF-16 units
    causes      [{kind: "rule", "subject" or "term", name, weights: [hundredths of log-odds per frame],
                note}]; the note is the rule's or the subject's, terms have none
    facets      [{name, values: [text], codes: [number of the value or -1] per sentence, derived}]
    about       [name of a facet that describes a document as a whole]
    fields      [{name, facet, groups, keyness}]: the fields that groups are compared by
      groups    [{code: number of the value in the facet, -1 for none, null for the rarer values,
                sentences, given: [sentences per frame, then of none], low, high: [bounds of the
                share, likewise]}]
      keyness   [{code, terms: [{term, here, elsewhere, z}], rules: [{rule: id, frame, here,
                elsewhere, z}]}]: here and elsewhere are sentences
    terms       [{term: text, sentences: [sentence]}]: the key terms, and who holds them
    pairs       [{documents: [first, second], rows: [{first, second: number of the sentence in its
                document or null, first_changes, second_changes: [[start, end)] in UTF-16 units}]}]
    tables      {name: [[cell]]}: the tables of the page as they are saved, headings first
    note        what is left out of the lists of evidence
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from framelens.analysis.keyness import Distinct
from framelens.analysis.versions import Row, Span
from framelens.classification.evidence import NO_CUE
from framelens.core.types import StanceReason
from framelens.readers.columns import ABOUT
from framelens.report.corpus.contents import Contents
from framelens.report.corpus.evidence import LIGHT, MOST_TERMS, utf16_offset
from framelens.report.corpus.findings import CodedGroup, Field, Findings
from framelens.report.corpus.keyness import GroupKeyness
from framelens.report.corpus.side_by_side import Pair
from framelens.report.corpus.tables import tables
from framelens.rules.rule_files import RuleSet

MOST_REASONS = 2
"""Reasons of a stance that a page holds."""

NOTE = (
    f"Log-odds. Terms that weigh less than {LIGHT:g} or beyond the {MOST_TERMS} heaviest of a "
    "sentence, and what results that were read do not tell, are added up as other contributions."
)

OPENING, CLOSING = '<script type="application/gzip" id="data">', "</script>"


def embedded(payload: Mapping[str, Any]) -> Markup:
    """A payload as the script element that holds it; the same payload gives the same text."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # The highest level takes five times as long and saves three parts in a hundred.
    packed = gzip.compress(text.encode("utf-8", "surrogatepass"), compresslevel=6, mtime=0)
    return Markup(OPENING + base64.b64encode(packed).decode() + CLOSING)


def payload(
    findings: Findings, rules: RuleSet, bias: Mapping[str, float], thresholds: Mapping[str, float]
) -> dict[str, Any]:
    """The data for a page's script, as described above.

    `bias` (log-odds) and `thresholds` (probabilities) are those of the frames.
    """
    contents, terms = findings.contents, findings.sentences_with
    term_numbers = {term: number for number, term in enumerate(terms)}
    owners = {rule.id: contents.scheme.names.index(rule.frame) for rule in rules.rules}
    return {
        "frames": [
            {
                "name": frame.name,
                "letter": frame.letter,
                "bias": round(100 * bias[frame.name]),
                "threshold": thresholds[frame.name],
            }
            for frame in contents.scheme
        ],
        **_sentences(contents),
        "causes": _causes(contents, rules),
        "facets": [
            {name: getattr(facet, name) for name in ("name", "values", "codes", "derived")}
            for facet in findings.facets
        ],
        "about": ABOUT,
        "fields": [_field(field, term_numbers, owners) for field in findings.fields],
        "terms": [{"term": term, "sentences": held} for term, held in terms.items()],
        "pairs": [_pair(pair, contents) for pair in findings.pairs],
        "tables": tables(findings),
        "note": NOTE,
    }


def _sentences(contents: Contents) -> dict[str, Any]:
    """The columns with an entry for every sentence, and the documents."""
    numbers = {name: number for number, name in enumerate(contents.scheme.names)}
    return {
        "documents": [
            {name: getattr(document, name) for name in ("name", "title", "sentences", "others")}
            for document in contents.documents
        ],
        "texts": contents.texts,
        "labels": [[numbers[name] for name in labels] for labels in contents.labels],
        "primary": [None if name is None else numbers[name] for name in contents.primary],
        "scores": contents.scores,
        "follows": contents.follows,
        "stances": _stances(contents),
        "finds": {
            "causes": [[find.cause for find in finds] for finds in contents.finds],
            "starts": [[find.start for find in finds] for finds in contents.finds],
            "lengths": [[find.length for find in finds] for finds in contents.finds],
        },
    }


def _stances(contents: Contents) -> dict[str, Any]:
    """The stances, and those of every sentence as numbers, in the order of its frames."""
    if not any(contents.stances):
        return {"names": [], "given": [], "reasons": [], "phrases": []}
    phrases: dict[str, int] = {}
    numbers = {name: number for number, name in enumerate(contents.scheme.stances)}
    return {
        "names": contents.scheme.stances,
        "given": [
            [numbers.get(stances.get(name, "")) for name in labels]
            for labels, stances in zip(contents.labels, contents.stances, strict=True)
        ],
        "reasons": [
            [_reasons(contents, at, reasons.get(name, ()), phrases) for name in labels]
            for at, (labels, reasons) in enumerate(
                zip(contents.labels, contents.reasons, strict=True)
            )
        ],
        "phrases": list(phrases),
    }


def _reasons(
    contents: Contents, at: int, reasons: Sequence[StanceReason], phrases: dict[str, int]
) -> list[int]:
    """The heaviest reasons of a stance, each as its phrase, its place and its length."""
    numbers: list[int] = []
    for reason in reasons[:MOST_REASONS]:
        phrase = reason.words.removeprefix(f"“{reason.text}”")
        number, start, length = phrases.setdefault(phrase, len(phrases)), 0, 0
        if reason.start is not None:
            text, place = contents.texts[at], reason.start - contents.starts[at]
            start = utf16_offset(text, place)
            length = utf16_offset(text, place + len(reason.text)) - start
        numbers += [number, start, length]
    return numbers


def _causes(contents: Contents, rules: RuleSet) -> list[dict[str, Any]]:
    notes = {
        "rule": {rule.id: rule.note for rule in rules.rules},
        "subject": {rule.id: NO_CUE for rule in rules.rules}
        | {subject.id: subject.note for subject in rules.subjects},
    }
    return [
        {"kind": cause.kind, "name": cause.name, "weights": cause.weights}
        | ({"note": notes[cause.kind].get(cause.name, "")} if cause.kind in notes else {})
        for cause in contents.causes
    ]


def _field(
    field: Field, term_numbers: Mapping[str, int], owners: Mapping[str, int]
) -> dict[str, Any]:
    return {
        "name": field.name,
        "facet": field.facet,
        "groups": [_group(it) for it in field.groups],
        "keyness": [_keyness(it, term_numbers, owners) for it in field.keyness],
    }


def _group(coded: CodedGroup) -> dict[str, Any]:
    shares = coded.group.shares
    return {
        "code": coded.code,
        "sentences": coded.group.sentences,
        "given": [share.given for share in shares],
        "low": [round(share.low, 4) + 0.0 for share in shares],
        "high": [round(share.high, 4) for share in shares],
    }


def _keyness(
    group: GroupKeyness, term_numbers: Mapping[str, int], owners: Mapping[str, int]
) -> dict[str, Any]:
    return {
        "code": group.code,
        "terms": [{"term": term_numbers[it.item], **_figures(it)} for it in group.terms],
        "rules": [
            {"rule": it.item, "frame": owners[it.item], **_figures(it)}
            for it in group.rules
            if it.item in owners
        ],
    }


def _figures(item: Distinct) -> dict[str, Any]:
    return {"here": item.here, "elsewhere": item.elsewhere, "z": round(item.z, 2)}


def _pair(pair: Pair, contents: Contents) -> dict[str, Any]:
    first, second = (
        contents.texts_of(contents.documents[number]) for number in (pair.first, pair.second)
    )
    return {
        "documents": [pair.first, pair.second],
        "rows": [_row(row, first, second) for row in pair.rows],
    }


def _row(row: Row, first: Sequence[str], second: Sequence[str]) -> dict[str, Any]:
    return {
        "first": row.first,
        "second": row.second,
        "first_changes": [] if row.first is None else _utf16(row.first_changes, first[row.first]),
        "second_changes": []
        if row.second is None
        else _utf16(row.second_changes, second[row.second]),
    }


def _utf16(changes: Sequence[Span], text: str) -> list[list[int]]:
    return [[utf16_offset(text, start), utf16_offset(text, end)] for start, end in changes]
