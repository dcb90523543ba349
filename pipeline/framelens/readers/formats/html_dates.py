"""When a page was published, by what it says of itself; never when it was changed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from framelens.preprocessing.un_documents import DAY, iso_date

if TYPE_CHECKING:
    from lxml.html import HtmlElement

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


def published(page: HtmlElement) -> str | None:
    """A page's date of publication (as in 2024-03-05); None where it does not say."""
    found = (*_linked(page), *_named(page), *_timed(page))
    return next((day for text in found if (day := _day(text))), None)


def is_of_change(day: str, page: str) -> bool:
    """Whether a day stands in a page's source as that of its last change."""
    return any(found[1] == day for found in CHANGED.finditer(page))


def _linked(page: HtmlElement) -> Iterator[str]:
    """What JSON-LD says, in objects and in graphs of them."""
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
    found: dict[str, str] = {}
    for one in page.xpath("//meta[@content]"):
        for key in ("property", "name", "itemprop"):
            found.setdefault((one.get(key) or "").lower(), one.get("content"))
    yield from (found[name] for name in NAMES if name in found)


def _timed(page: HtmlElement) -> Iterator[str]:
    """The `time` elements of the main text, then of the page; none that tells of a change."""
    inner = page.xpath("//main//time | //article//time | //header//time")
    for one in [
        *page.xpath("//time[@pubdate or @itemprop='datePublished']"),
        *inner,
        *page.xpath("//time"),
    ]:
        near = [one, *list(one.iterancestors())[:2]]
        about = " ".join(f"{each.get('class', '')} {each.get('itemprop', '')}" for each in near)
        before = one.getprevious()
        label = (before.tail if before is not None else one.getparent().text) or ""
        if not MODIFIED.search(f"{about} {label}"):
            yield one.get("datetime") or one.text_content()


def _day(text: str) -> str | None:
    found = DATE.match(text)
    with suppress(ValueError):
        if found:
            return date(*map(int, found.groups())).isoformat()
    written = DAY.search(text)
    return iso_date(written) if written else None
