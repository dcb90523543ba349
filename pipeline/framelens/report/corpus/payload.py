"""A page's findings as the JSON that its script reads, small and harmless inside HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from framelens.analysis.keyness import Distinct
from framelens.analysis.versions import Row, Stretch
from framelens.report.corpus.contents import Contents
from framelens.report.corpus.facets import Facet
from framelens.report.corpus.finds import LIGHT, MOST_TERMS, Find, units
from framelens.report.corpus.packing import DIGITS, pack, unsigned
from framelens.report.corpus.pairs import Pair
from framelens.report.findings import Field, Findings, Part
from framelens.report.tables import tables
from framelens.rules.rule_files import RuleSet

ABOUT = ("title", "date", "author", "source", "url")
"""Fields that describe a document as a whole, shown where it begins."""

NOTE = (
    f"Log-odds. Terms that weigh less than {LIGHT:g} or beyond the {MOST_TERMS} heaviest of a "
    "sentence are added up as lighter contributions."
)


def embedded(value: object) -> Markup:
    """A value as JSON that can stand in a script element: no character in it can end one."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def page_data(
    found: Findings, rules: RuleSet, bias: Mapping[str, float], thresholds: Mapping[str, float]
) -> dict[str, Any]:
    """What the page's script works with; documents, facets, causes and terms by number.

    `bias` (log-odds) and `thresholds` (probabilities) are those of the frames.
    """
    contents, terms = found.contents, list(found.holders)
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
        "digits": DIGITS,
        **_sentences(contents),
        "causes": _causes(contents, rules),
        "facets": [
            {"name": row.name, "values": row.values, "runs": _runs(row), "made": row.made}
            for row in found.facets
        ],
        "about": ABOUT,
        "fields": [_field(field, terms, rules, contents.scheme.names) for field in found.fields],
        "terms": [[term, pack(_steps(found.holders[term]))] for term in terms],
        "pairs": [_pair(pair, contents) for pair in found.pairs],
        "tables": tables(found),
        "note": NOTE,
    }


def _sentences(contents: Contents) -> dict[str, Any]:
    numbers = {name: number for number, name in enumerate(contents.scheme.names)}
    several = (
        (at, numbers[name])
        for at, (name, labels) in enumerate(zip(contents.primary, contents.labels, strict=True))
        if name is not None and len(labels) > 1
    )
    return {
        "docs": [document.name for document in contents.documents],
        "sizes": pack(document.sentences for document in contents.documents),
        "texts": contents.texts,
        "labels": [[numbers[name] for name in row] for row in contents.labels],
        "primary": dict(several),
        "scores": [pack(map(unsigned, column)) for column in zip(*contents.scores, strict=True)],
        "breaks": "".join(map(str, contents.breaks)),
        "finds": pack(number for row in contents.finds for number in _finds(row)),
    }


def _runs(facet: Facet) -> str:
    return pack(map(unsigned, facet.runs()))


def _finds(row: Sequence[Find]) -> list[int]:
    """How many finds there are, then the three numbers of each."""
    return [len(row), *(number for find in row for number in find)]


def _causes(contents: Contents, rules: RuleSet) -> list[list[Any]]:
    notes = {rule.id: rule.note for rule in rules.rules}
    return [
        [1, cause.name, cause.weights, notes.get(cause.name, "")]
        if cause.kind == "rule"
        else [0, cause.name, cause.weights]
        for cause in contents.causes
    ]


def _field(
    field: Field, terms: Sequence[str], rules: RuleSet, frames: Sequence[str]
) -> dict[str, Any]:
    owners = {rule.id: frames.index(rule.frame) for rule in rules.rules}
    numbers = {term: number for number, term in enumerate(terms)}
    return {
        "name": field.name,
        "facet": field.facet,
        "shown": [part.code for part in field.parts if part.code is not None and part.code >= 0],
        "parts": [_part(part) for part in field.parts],
        "apart": [
            [
                row.code,
                [[numbers[item.item], *_figures(item)] for item in row.terms],
                [[item.item, owners[item.item], *_figures(item)] for item in row.rules],
            ]
            for row in field.apart
        ],
    }


def _part(part: Part) -> list[Any]:
    shares = part.group.shares
    bounds = ([round(1000 * getattr(row, end)) for row in shares] for end in ("low", "high"))
    return [part.code, part.group.sentences, [row.given for row in shares], *bounds]


def _figures(row: Distinct) -> tuple[int, int, int]:
    return row.here, row.elsewhere, round(100 * row.z)


def _steps(numbers: Iterable[int]) -> list[int]:
    """Rising numbers as the steps from each to the next."""
    return [after - before for before, after in pairwise((0, *numbers))]


def _pair(pair: Pair, contents: Contents) -> dict[str, Any]:
    texts = [contents.of(contents.documents[number]) for number in (pair.first, pair.second)]
    return {"docs": [pair.first, pair.second], "rows": [_row(row, *texts) for row in pair.rows]}


def _row(row: Row, first: Sequence[str], second: Sequence[str]) -> list[Any]:
    places = [-1 if number is None else number for number in (row.first, row.second)]
    if row.first is None or row.second is None or not (row.first_changes or row.second_changes):
        return places
    cuts = (row.first_changes, first[row.first]), (row.second_changes, second[row.second])
    return [*places, *(_flat(stretches, text) for stretches, text in cuts)]


def _flat(stretches: Sequence[Stretch], text: str) -> list[int]:
    return [units(text, at) for stretch in stretches for at in stretch]
