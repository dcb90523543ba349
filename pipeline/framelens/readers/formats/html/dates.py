"""The day on which a web page was published."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from framelens.core.memory import compiled
from framelens.preprocessing.printed_dates import DAY, iso_date
from framelens.readers.extracted import day_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST_TIMES = 500
"""How many `time` elements are looked at for a page's date."""
NAMES = (
    "article:published_time", "og:article:published_time", "datepublished", "og:published_time",
    "og:pubdate", "pubdate", "publishdate", "publish-date", "publish_date", "date", "dc.date",
    "dc.date.issued", "dcterms.date", "dcterms.issued", "dcterms.created", "dc.date.created",
    "sailthru.date", "parsely-pub-date", "citation_publication_date", "citation_date", "article.published",
)  # fmt: skip
"""Names of `meta` elements that hold the date of publication, in lower case, the surest first."""
DATE = re.compile(r"\s*(\d{4})[-/]?(\d\d)[-/]?(\d\d)(?!\d)")
CHANGED = re.compile(r"(?:modif|updat|revis)[^<>]{0,80}?(\d{4}-\d\d-\d\d)", re.IGNORECASE)
MODIFIED = re.compile(r"modif|updat|revis|changed", re.IGNORECASE)
EVENT = re.compile(
    r"(?<!pointer-)event|\b(?:start|end)[-_\s]?(?:date|time)|deadline|\bdue\b|expir|schedule|calendar|"
    r"agenda|upcoming|\bnext\b|\bregister|\buntil\b|\bjoin\b",
    re.IGNORECASE,
)
"""Words about days on which something else happens."""
MOST_BESIDE = 60
"""The most characters beside the day of publication in its paragraph; longer ones are prose."""


def published(page: HtmlElement) -> str | None:
    """A page's date of publication (as in 2024-03-05); None where it does not say.

    A day that is still to come is none.
    """
    written = (*_linked(page), *_named(page), *(text for text, is_own in _timed(page) if is_own))
    return next((day for text in written if (day := _day(text)) and not is_to_come(day)), None)


def is_to_come(day: str) -> bool:
    """Whether a day is later than today, wherever it is read."""
    return day > (datetime.now(UTC) + timedelta(days=1)).date().isoformat()


def is_of_other(day: str, page: str, tree: HtmlElement) -> bool:
    """Whether a day that trafilatura found in a page is another than that of publication.

    It is where it is still to come, or stands in the page's source as that of its last change or of an event;
    and where it does not stand there at all, for from a year alone trafilatura takes the first of January.
    """
    if is_to_come(day) or any(match[1] == day for match in CHANGED.finditer(page)):
        return True
    year = day[:4]
    stated = rf"{year}(?:0101|\W0?1\W0?1)(?!\d)|(?<!\d)0?1\W0?1\W{year}"
    if day.endswith("-01-01") and not re.search(stated, page):
        return all(iso_date(written) != day for written in compiled(DAY).finditer(page))
    return any(_day(text) == day for text, is_own in _timed(tree) if not is_own)


def _linked(page: HtmlElement) -> Iterator[str]:
    """The dates in JSON-LD."""
    for script in page.xpath("//script[contains(@type, 'ld+json')]"):
        with suppress(ValueError, RecursionError):
            yield from _dates(json.loads(script.text or ""))


def _dates(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(given := value.get("datePublished"), str):
            yield given
        for inner in (value.get("@graph"), value.get("mainEntity")):
            yield from _dates(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _dates(inner)


def _named(page: HtmlElement) -> Iterator[str]:
    """The dates in `meta` elements."""
    values: dict[str, str] = {}
    for meta in page.xpath("//meta[@content]"):
        for key in ("property", "name", "itemprop"):
            values.setdefault((meta.get(key) or "").lower(), meta.get("content"))
    yield from (values[name] for name in NAMES if name in values)


def _timed(page: HtmlElement) -> Iterator[tuple[str, bool]]:
    """The dates of the `time` elements, those of the main text first, each with whether it may be the page's.

    It may not be where it is that of a change or of an event, or stands in prose.
    """
    times = list(islice(page.iter("time"), MOST_TIMES))
    surest = (
        time
        for time in times
        if "pubdate" in time.attrib or time.get("itemprop") == "datePublished"
    )
    inner = (
        time
        for time in times
        if next(time.iterancestors("main", "article", "header"), None) is not None
    )
    for time in (*surest, *inner, *times):
        around = [time, *list(time.iterancestors())[:2]]
        about = " ".join(f"{near.get('class', '')} {near.get('itemprop', '')}" for near in around)
        previous = time.getprevious()
        label = (previous.tail if previous is not None else time.getparent().text) or ""
        others = any(sign.search(f"{about} {label}") for sign in (MODIFIED, EVENT))
        yield time.get("datetime") or time.text_content(), not (others or _is_in_prose(time))


def _is_in_prose(element: HtmlElement) -> bool:
    """Whether an element stands in a paragraph that says much more."""
    block = next(
        (above for above in element.iterancestors() if above.tag in {"p", "li", "td"}), None
    )
    return (
        block is not None and len(block.text_content()) - len(element.text_content()) > MOST_BESIDE
    )


def _day(text: str) -> str | None:
    if day := day_of(DATE.match(text)):
        return day
    written = compiled(DAY).search(text)
    return iso_date(written) if written else None
