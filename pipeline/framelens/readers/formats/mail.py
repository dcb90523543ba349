"""Messages and saved pages (.eml, .mhtml) → passages, through the standard library's email.

What a message quotes of others is of the kind "quoted", its signature "menu". What a message that
answers none sets off as a citation is the sender's own text.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage, MIMEPart
from email.policy import default
from email.utils import parsedate_to_datetime
from itertools import groupby, islice, takewhile
from typing import Any

from framelens.core.types import Kind, Passage
from framelens.readers.extracted import Block, Extracted, passages
from framelens.readers.formats.html import extract
from framelens.readers.formats.html.quoted import without_quoted
from framelens.readers.formats.html.tree import LIMIT, decoded_as_declared, web_encoding
from framelens.readers.formats.wrapping import paragraphs
from framelens.readers.rejects import Bad
from framelens.readers.source import Reading, Source, need

MARK = re.compile(r"^\s{0,3}>(?!From\s)(?:\s?>)*\s?")
"""The mark of quoted lines; `>From` is how files of many messages write `From`."""
INTRODUCES = re.compile(
    r"(?=.*(?:\d[:.h]\d\d|\d{4}|@))(?:On\s.{6,200}\swrote|Am\s.{6,200}\sschrieb(?:\s.{1,80})?|Le\s.{6,200}\sa\s[ée]crit|"
    r"El\s.{6,200}\sescribi[óo]|Em\s.{6,200}\sescreveu|Il\s.{6,200}\sha\sscritto|Op\s.{6,200}\sschreef.{0,80}|"
    r"[^:]{2,80}<[^<>\s@]+@[^<>\s]+>\swrote|[^:]{2,80}\swrote\son\s.{6,60})\s?:"
)
"""`On Tue, 5 Mar 2024 at 10:00, Ada <ada@frogs.example> wrote:`; it may run over lines, and has a time,
a year or an address: `On Monday the minister wrote:` is the sender's own."""
MOST_LINES = 3
"""Over how many at most."""
LONGEST_INTRODUCTION = 1_000
"""And the most characters of these."""
DIVIDES = re.compile(
    r"[-_=\s]{2,}(?:Original|Forwarded)\s[Mm]essage(?:\sfrom\s.{1,80})?[-_=\s]{2,}|Begin\sforwarded\smessage:|"
    r"-{2,}\s?(?:Ursprüngliche\sNachricht|Weitergeleitete\sNachricht|Message\s(?:d'origine|transféré)|"
    r"Mensaje\s(?:original|reenviado))\s?-{2,}"
)
"""A line below which all is another message."""
HEADS = re.compile(
    r"\W{0,2}(?:From|Sent|Date|To|Cc|Subject|Von|Gesendet|An|Betreff|De|Envoyé|À|Objet|Enviado|Para|Asunto)"
    r"\W{0,2}\s?:\W{0,2}\s?\S"
)
RULE = re.compile(r"\s*[_=-]{10,}\s*")
"""A rule that may stand above such lines."""
FEWEST_HEADS, MOST_HEADS = 3, 12
"""Lines such as `From: …`, `Sent: …`, `To: …` on end that head another message."""
SENT = re.compile(r"@|^\W{0,2}(?:Sent|Gesendet|Envoyé|Enviado)\W{0,2}\s?:", re.MULTILINE)
"""A sign that such lines are a mail program's: a memorandum has a date and names only."""
SIGNED = re.compile(r"--\s?")
"""The line above a signature (RFC 3676, section 4.3: with a blank, which many programs take off)."""
MOST_SIGNED, WIDEST_SIGNED = 8, 60
"""The most lines of a signature below a line without that blank, and the most characters of each."""
PROSE = re.compile(r"(?:\S+\s+){4,}\S*[.!?]")
"""A paragraph that is none of a signature's."""
ANSWERS = re.compile(
    r"(?:\[[^\[\]]{1,40}\]\s?)*(?:Re|Aw|Sv|Fwd?|Wg|Tr|Rv|Antw|Rif|Enc)\s?(?:\[\d+\])?\s?:",
    re.IGNORECASE,
)
"""Beginnings of the subjects of replies and forwarded messages, after a mailing list's `[name]`."""


LONGEST_HEADER = 10_000
"""The most characters of a header that is read: Python takes time with the square of it."""
READ = re.compile(r"Subject|From|Date|MIME-Version|Content-.*", re.I)
MOST_PAGES = 100
"""The most pages of a message, between pictures: each takes some hundredths of a second."""
ANSWERED = frozenset({"in-reply-to", "references"})
"""Headers of which it counts that they are there: they name other messages, some of them hundreds."""


COMMENTS = 100
"""Comments in a header, one in another, that Python may stumble over."""
PARSED, PLAIN = HeaderRegistry(), HeaderRegistry(use_default_map=False)


def _header(name: str, value: str) -> Any:
    """A header as Python reads it; one at which that fails is plain text, and says nothing of a part."""
    try:
        return PARSED(name, value)
    except Exception as error:  # odd ones end its parser in many ways
        if isinstance(error, RecursionError) and value.count("(") < COMMENTS:
            raise  # for it is the message that nests
        says_form = name.lower().startswith("content-")
        return PARSED(name, "") if says_form else PLAIN(name, value)


POLICY = default.clone(header_factory=_header)


def read_mail(source: Source, reading: Reading) -> Iterator[Passage]:
    """The text of a message, its plain form if that holds any; attachments are left out, and noted.

    `title` is its subject, `author` its sender. Raise Bad if it holds no text.
    """
    message = _message(source)
    bodies = _texts(message)
    if not bodies or not message.keys():
        raise Bad("no text in it; expected a message with headers")
    for name in _attached(message, bodies):
        reading.notes.add(ATTACHED, f"{source.name}: {name}")
    about, answers, goes_on = _about(message), _answers(message), False
    blocks: list[Block] = []
    notes: list[str] = []
    # There are several where pictures stand between, and where a mailing list adds its own.
    for body in bodies:
        if body.get_content_type() == "text/html":
            need(".html", source, reading)
            document, ends = _from_html(_content(body), answers=answers, is_alone=len(bodies) == 1)
            about = {**document.meta, **about}
        else:
            document, ends = _from_plain(_content(body), answers=answers)
        blocks += [(text, "quoted" if goes_on else kind) for text, kind in document.blocks]
        notes += document.notes
        answers = answers or any(kind == "quoted" for _, kind in document.blocks)
        goes_on = goes_on or ends
    return passages(Extracted(_passed_on(blocks), notes, about), source, reading)


FORWARDS = re.compile(r"[-_=\s]{2,}Forwarded\s[Mm]essage|Begin\sforwarded\smessage:")
"""The beginning of what a message passes on."""


def _passed_on(blocks: Sequence[Block]) -> list[Block]:
    """The paragraphs of a message; where it says nothing itself but passes on another one, the text of that
    is its own, up to what that quotes."""
    is_own = any(kind not in ("quoted", "menu") for _, kind in blocks)
    at = next((at for at, (text, _) in enumerate(blocks) if FORWARDS.match(text)), None)
    if is_own or at is None:
        return list(blocks)

    def is_text(block: Block) -> bool:
        text, kind = block
        heads = any(sign.match(text) for sign in (FORWARDS, DIVIDES, HEADS, INTRODUCES))
        return kind == "quoted" and not heads

    begin = next((n for n in range(at, len(blocks)) if is_text(blocks[n])), len(blocks))
    text = list(takewhile(is_text, islice(blocks, begin, None)))
    return [*blocks[:begin], *((one, None) for one, _ in text), *blocks[begin + len(text) :]]


ATTACHED = "attachment{s} of messages {were} not read"
"""A kind of note."""
SAYS_NOTHING = re.compile(r"signature|pgp|pkcs7|tnef|calendar|vcard")
"""Attachments that mail programs make."""


def _attached(message: EmailMessage, bodies: Sequence[MIMEPart]) -> Iterator[str]:
    """The names of attached documents and messages."""
    read = set(map(id, bodies))
    for part in message.walk():
        kind, name = part.get_content_type(), part.get_filename()
        is_document = name and kind.startswith(("application/", "text/")) and id(part) not in read
        if kind == "message/rfc822" or (is_document and not SAYS_NOTHING.search(kind)):
            yield name or kind


def _texts(message: EmailMessage) -> list[MIMEPart]:
    """The texts of a message without its attachments, which are those with a name, but for the first.
    If that is plain text, pages are left out: they may be the same again."""
    bodies = [one for at, one in enumerate(_bodies(message)) if not at or not one.get_filename()]
    forms = [one.get_content_type() == "text/html" for one in bodies]
    if bodies and not forms[0]:
        return [one for one, is_page in zip(bodies, forms, strict=True) if not is_page]
    if (pages := sum(forms)) > MOST_PAGES:
        raise Bad(f"holds {pages:,} pages; expected at most {MOST_PAGES}")
    return bodies


def _bodies(part: MIMEPart) -> Iterator[MIMEPart]:
    """The texts of a message in their order, each in its plain form unless that is empty."""
    if part.get_content_type() in ("multipart/mixed", "multipart/signed"):
        for inner in part.iter_parts():
            if isinstance(inner, MIMEPart):
                yield from _bodies(inner)
        return
    forms = (part.get_body(preferencelist=(form,)) for form in ("plain", "html"))
    # Newsletters have a plain form with nothing in it.
    yield from islice((one for one in forms if one is not None and _content(one).strip()), 1)


def _answers(message: EmailMessage) -> bool:
    """Whether a message's headers say that it answers another one or passes it on."""
    if any(name.lower() in ANSWERED and value.strip() for name, value in message.raw_items()):
        return True
    return ANSWERS.match(str(message["Subject"] or "").strip()) is not None


def _from_plain(text: str, *, answers: bool) -> tuple[Extracted, bool]:
    """The paragraphs of plain text, and whether a quotation at its end may go on elsewhere."""
    lines = text.replace("\r\n", "\n").split("\n")
    blocks = _paragraphs(lines, answers=answers)
    last = next((line for line in reversed(lines) if line.strip()), "")
    return Extracted(blocks), _ends_quoted(blocks) and not MARK.match(last)


def _from_html(page: str, *, answers: bool, is_alone: bool) -> tuple[Extracted, bool]:
    """The paragraphs of a message in HTML, those that it quotes marked as "quoted", and last where they
    stood in elements for quotations; and whether a quotation at its end may go on elsewhere."""
    rest, others = without_quoted(page)
    try:
        document = extract(rest)
    except Bad:
        if is_alone and not others:
            raise
        document = Extracted([])
    # A paragraph is quoted, or a signature, if one of its lines is.
    lines = [
        (at, line) for at, (text, _) in enumerate(document.blocks) for line in text.split("\n")
    ]
    kinds_of_lines = quoted([line for _, line in lines], answers=answers)
    kinds = {at: kind for (at, _), kind in zip(lines, kinds_of_lines, strict=True) if kind}
    blocks = [(text, kinds.get(at, kind)) for at, (text, kind) in enumerate(document.blocks)]
    goes_on = not others and _ends_quoted(blocks)
    return replace(document, blocks=[*blocks, *((text, "quoted") for text in others)]), goes_on


def _ends_quoted(blocks: Sequence[Block]) -> bool:
    return bool(blocks) and blocks[-1][1] == "quoted"


def read_saved_page(source: Source, reading: Reading) -> Iterator[Passage]:
    """The main text of a page that a browser saved in one file; raise Bad if it has none."""
    message = _message(source)
    page = message.get_body(preferencelist=("html",)) if message.keys() else None
    if page is None:
        page = next((one for one in message.walk() if one.get_content_type() == "text/html"), None)
    if page is None:
        raise Bad("no page in it; expected a web page saved in one file")
    document = extract(_content(page))
    url = message.get("Snapshot-Content-Location") or page.get("Content-Location")
    meta = {**document.meta, "url": document.meta.get("url") or url}
    return passages(replace(document, meta=meta), source, reading)


def _message(source: Source) -> EmailMessage:
    content = source.content(LIMIT)
    try:
        message = message_from_bytes(content, policy=POLICY)
    except RecursionError:
        raise Bad("its parts nest too deep; expected some hundred levels at most") from None
    parts: list[Any] = [message]
    while parts:
        part = parts.pop()
        for name, value in part.raw_items():
            # Headers that are not read, such as recipients, may be long.
            if len(value) > LONGEST_HEADER and READ.fullmatch(name):
                raise Bad(f"its header {name} has over {LONGEST_HEADER:,} characters")
        # Headers of attached messages are not read either.
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            parts += part.get_payload()
    return message


def _content(part: MIMEPart) -> str:
    """The text of a part in the encoding that its headers name.

    Browsers leave it to the page to name one, and others send UTF-8 for ASCII.
    """
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    with suppress(LookupError, ValueError, AttributeError):
        charset = part.get_content_charset() or "ascii"
        if codecs.lookup(charset).name != "ascii":
            return payload.decode(web_encoding(charset), "replace")
    is_marked = payload.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return decoded_as_declared(payload) or payload.decode(
        "utf-16" if is_marked else "cp1252", "replace"
    )


def _about(message: EmailMessage) -> dict[str, Any]:
    date = None
    with suppress(ValueError, TypeError, OverflowError):
        date = parsedate_to_datetime(str(message["Date"])).date().isoformat()
    return {
        "title": str(message["Subject"] or ""),
        "author": str(message["From"] or ""),
        "date": date,
    }


def _paragraphs(lines: Sequence[str], *, answers: bool) -> list[Block]:
    """The paragraphs of a message's lines without marks of quoting, each with its kind (see `quoted`)."""
    blocks: list[Block] = []
    stripped = [
        (mark[0].count(">"), line[mark.end() :]) if (mark := MARK.match(line)) else (0, line)
        for line in lines
    ]
    states = zip(quoted(lines, answers=answers), stripped, strict=True)
    for (kind, _), run in groupby(states, key=lambda one: (one[0], one[1][0])):
        blocks += [(text, kind) for text in paragraphs([line for _, (_, line) in run])]
    return blocks


def quoted(lines: Sequence[str], *, answers: bool) -> Iterator[Kind | None]:
    """The kind of each line: "quoted", "menu" in a signature, None for the sender's text.

    A line that introduces what is quoted is part of it. Where the lines below have no marks, all of
    them are quoted. Lines with marks are a citation of the sender's own where the message `answers`
    no other one and no line introduces any.
    """
    answers = answers or any(_introduces(lines, at) for at in range(len(lines)))
    rest: Kind | None = None
    introduced = 0
    for at, line in enumerate(lines):
        if rest != "quoted" and not introduced:
            introduced = _introduces(lines, at)
            goes_on = introduced and not _is_marked_below(lines, at + introduced)
            if goes_on or _begins_another(lines, at):
                rest = "quoted"
            elif line == "-- " or (SIGNED.fullmatch(line) and _is_signature(lines, at + 1)):
                rest = "menu"
        is_quoted = introduced or (answers and MARK.match(line))
        introduced = max(0, introduced - 1)
        yield "quoted" if is_quoted else rest


def _begins_another(lines: Sequence[str], at: int) -> bool:
    """Whether a line is the first of another message."""
    return bool(DIVIDES.fullmatch(lines[at].strip())) or _is_headed(lines[at : at + 1 + MOST_HEADS])


def _introduces(lines: Sequence[str], at: int) -> int:
    """How many lines, from line `at` on, introduce a quotation; 0 if none does."""
    for count in range(1, MOST_LINES + 1):
        parts = [line.strip() for line in lines[at : at + count]]
        if not all(parts) or sum(map(len, parts)) > LONGEST_INTRODUCTION:
            return 0
        if INTRODUCES.fullmatch(" ".join(parts)):
            return count
    return 0


def _is_marked_below(lines: Sequence[str], begin: int) -> bool:
    """Whether the first line from `begin` on that holds anything has a mark of quoting."""
    # Without a copy of the lines: there may be a million, and each may ask.
    at = next((at for at in range(begin, len(lines)) if lines[at].strip()), None)
    return at is not None and MARK.match(lines[at]) is not None


def _is_headed(lines: Sequence[str]) -> bool:
    below = lines[1:] if RULE.fullmatch(lines[0]) else lines
    heads = list(takewhile(str.strip, below[:MOST_HEADS]))
    return (
        len(heads) >= FEWEST_HEADS
        and all(map(HEADS.match, heads[:FEWEST_HEADS]))
        and SENT.search("\n".join(heads)) is not None
    )


def _is_signature(lines: Sequence[str], begin: int) -> bool:
    """Whether what stands below `--`, up to what is quoted, is a few short lines and no prose."""
    below: list[str] = []
    filled = 0
    for at in range(begin, len(lines)):
        line = lines[at].strip()
        if MARK.match(lines[at]) or _introduces(lines, at) or _begins_another(lines, at):
            break
        below.append(line)
        filled += bool(line)
        if len(line) > WIDEST_SIGNED or filled > MOST_SIGNED:
            return False
    runs = (" ".join(run) for is_filled, run in groupby(below, key=bool) if is_filled)
    return not any(map(PROSE.fullmatch, runs))
