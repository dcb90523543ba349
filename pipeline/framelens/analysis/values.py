"""The values of a field by which sentences are grouped: what in them looks like a slip."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator

from framelens.readers.dates import iso_date

LISTED = re.compile(r"[,;|/]")
"""What stands between several values in one cell."""
STOPS = re.compile(r"(?<!\d)\.|\.(?!\d)")
"""Full stops, but for those within numbers."""


def value_messages(name: str, values: Collection[str]) -> Iterator[str]:
    """Warnings on a field whose values are not told apart as people would."""
    if lists := lists_among(values):
        others = f" and {len(lists) - 1:,} more" if len(lists) > 1 else ""
        yield (
            f"{name}: {lists[0]!r}{others} counts as a value of its own, apart from those that it lists: "
            "each sentence is in one group, or else groups would be compared with their own sentences; "
            "to count it with each, split the field in what framelens classify writes"
        )
    if alike := written_alike(values):
        others = f", and {len(alike) - 1:,} more such," if len(alike) > 1 else ""
        some = " and ".join(map(repr, alike[0]))
        yield f"{name}: {some}{others} count as several values, being written differently"
    if are_dates(values):
        yield (
            f"{name}: each of its dates counts by itself; name it with --date-column, and count --over year, "
            "quarter, month or day"
        )


def lists_among(values: Collection[str]) -> list[str]:
    """Values that list several of one field, such as "France, Spain" beside "France": each counts as
    a value of its own."""
    known = set(values)
    return [
        value
        for value in values
        if len(parts := [part.strip() for part in LISTED.split(value)]) > 1
        and not known.isdisjoint(parts)
    ]


def written_alike(values: Collection[str]) -> list[list[str]]:
    """The values that differ in nothing but capitals, white space and full stops, put together."""
    alike = defaultdict(list)
    for value in values:
        alike[" ".join(STOPS.sub("", value).split()).casefold()].append(value)
    return [some for some in alike.values() if len(some) > 1]


def are_dates(values: Collection[str]) -> bool:
    """Whether values are dates as people write them, and not all as time lines have them."""
    dates = {value: iso_date(value) for value in values}
    return None not in dates.values() and any(value != day for value, day in dates.items())
