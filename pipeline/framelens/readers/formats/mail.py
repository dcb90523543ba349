"""Messages and saved pages (.eml, .mhtml) → passages, through the standard library's email.

What a message quotes of others is of the kind "quoted", its signature "menu".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default
from email.utils import parsedate_to_datetime
from typing import Any

from framelens.core.types import Kind, Passage
from framelens.readers.extracted import Extracted, passages
from framelens.readers.formats.html import LIMIT, extract, without_quoted
from framelens.readers.formats.quoting import quoted, told_apart
from framelens.readers.rejects import Bad
from framelens.readers.source import Reading, Source, need


def read_mail(source: Source, reading: Reading) -> Iterator[Passage]:
    """The text of a message, its plain form if there is one; attachments are left out.

    `title` is its subject, `author` its sender. Raise Bad if it holds no text.
    """
    message = _message(source)
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None or not message.keys():
        raise Bad("no text in it; expected a message with headers")
    about = _about(message)
    if body.get_content_subtype() == "html":
        need(".html", source, reading)
        found = _marked(_content(body))
        return passages(replace(found, meta={**found.meta, **about}), source, reading)
    texts, kinds = told_apart(_content(body).replace("\r\n", "\n").split("\n"))
    return passages(Extracted(texts, meta=about, kinds=kinds), source, reading)


def _marked(page: str) -> Extracted:
    """The paragraphs of a message in HTML, those that it quotes marked, and put last where elements
    hold them."""
    rest, others = without_quoted(page)
    try:
        found = extract(rest)
    except Bad:
        if not others:
            raise
        found = Extracted([])
    ours: list[Kind | None] = ["quoted"] * len(others)
    kinds = [*found.kinds, *ours]
    for at, kind in _quoted_among(found.paragraphs):
        kinds[at] = kind
    return replace(found, paragraphs=[*found.paragraphs, *others], kinds=kinds)


def _quoted_among(texts: Sequence[str]) -> Iterator[tuple[int, Kind]]:
    """Which paragraphs are quoted, or a signature, by their own lines."""
    lines = [(at, line) for at, text in enumerate(texts) for line in text.split("\n")]
    for (at, _), kind in zip(lines, quoted([line for _, line in lines]), strict=True):
        if kind is not None:
            yield at, kind


def read_saved_page(source: Source, reading: Reading) -> Iterator[Passage]:
    """The main text of a page that a browser saved in one file; raise Bad if it has none."""
    message = _message(source)
    page = message.get_body(preferencelist=("html",)) if message.keys() else None
    if page is None:
        page = next((one for one in message.walk() if one.get_content_type() == "text/html"), None)
    if page is None:
        raise Bad("no page in it; expected a web page saved in one file")
    found = extract(_content(page))
    url = message.get("Snapshot-Content-Location") or page.get("Content-Location")
    meta = {**found.meta, "url": found.meta.get("url") or url}
    return passages(replace(found, meta=meta), source, reading)


def _message(source: Source) -> EmailMessage:
    return message_from_bytes(source.content(LIMIT), policy=default)


def _content(part: MIMEPart) -> str:
    try:
        return str(part.get_content())
    except (LookupError, ValueError, AttributeError):  # an unknown encoding
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _about(message: EmailMessage) -> dict[str, Any]:
    date = None
    with suppress(ValueError, TypeError):
        date = parsedate_to_datetime(str(message["Date"])).date().isoformat()
    return {
        "title": str(message["Subject"] or ""),
        "author": str(message["From"] or ""),
        "date": date,
    }
