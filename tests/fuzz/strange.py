"""Strange texts, bytes and files, drawn from a seeded generator."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from random import Random
from typing import Any

from framelens.core.files import CHECKOUT

BIDI = "\u202a\u202b\u202d\u202e\u202c\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u034f\U000e0001\U000e0041"
SPACES = " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\u00a0\u2028\u2029\u3000\u2003\u1680"
CONTROLS = "".join(map(chr, (*range(32), *range(127, 160))))
COMBINING = "\u0301\u0300\u0336\u20e3\u0489\u0e47\ufe0f"
MARKUP = (
    "<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "<b>", "&lt;", "&#0;",
    "<!--", "-->", "]]>", "{{ 7 * 7 }}", "{% raw %}", "javascript:alert(1)", "' onmouseover='x",
    '"><svg onload=x>', "[bold red]", "\x1b[2J\x1b[31m", "\x9b31m", "`${x}`", "\\u0000", "%00",
)  # fmt: skip
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://x","y")',
    "\t=1",
    "\r=1",
    "=cmd|'/C'!A0",
)
JOINTS = (
    "",
    " ",
    " ",
    " ",
    "\n",
    "\n\n",
    "\r\n",
    ". ",
    "; ",
    "? ",
    " – ",
    '"',
    "(",
    ")",
    "... ",
    "1.",
)


@cache
def sentences() -> tuple[str, ...]:
    """Sentences as they are meant to be."""
    lines = (CHECKOUT / "corpus" / "training.jsonl").read_text("utf-8").splitlines()
    return tuple(json.loads(line)["text"] for line in lines[:2000])


def text(chance: Random, *, most: int = 12) -> str:
    """A text of up to `most` parts, each of some odd kind."""
    parts = []
    for _ in range(chance.randrange(most + 1)):
        parts += [chance.choice(PARTS)(chance), chance.choice(JOINTS)]
    return "".join(parts)


def storable_text(chance: Random, *, most: int = 12) -> str:
    """The same without lone surrogates, which no file can hold."""
    return text(chance, most=most).encode("utf-8", "replace").decode()


def _any(chance: Random) -> str:
    tops = (0x80, 0x250, 0x3000, 0xD800, 0x10000, 0x110000)
    return "".join(chr(chance.randrange(chance.choice(tops))) for _ in range(chance.randrange(40)))


def _drawn(letters: str, most: int) -> Callable[[Random], str]:
    return lambda chance: "".join(chance.choices(letters, k=chance.randrange(most)))


def _one_of(choices: Sequence[str]) -> Callable[[Random], str]:
    return lambda chance: chance.choice(choices)


def _huge(chance: Random) -> str:
    words = (
        "a",
        "1",
        ".",
        "-",
        "'",
        "é",
        "ab.",
        "http://",
        "a@",
        "😀",
        "’s",
        "(",
        "U.",
        "\u0301",
        "a ",
    )
    return chance.choice(words) * chance.choice((50, 500, 5000, 30_000))


def _mixed(chance: Random) -> str:
    sentence = list(chance.choice(sentences()))
    for _ in range(chance.randrange(1, 6)):
        letters = chance.choice(
            (BIDI, INVISIBLE, SPACES, CONTROLS, COMBINING, "\ud800\udfff", ".?!,;:")
        )
        sentence.insert(chance.randrange(len(sentence) + 1), chance.choice(letters))
    return "".join(sentence)


PARTS: tuple[Callable[[Random], str], ...] = (
    _any, _drawn(BIDI, 8), _drawn(INVISIBLE, 8), _drawn(SPACES, 12), _drawn(CONTROLS, 20),
    _drawn("\ud800\udbff\udc00\udfffa ", 6), lambda c: "a" + _drawn(COMBINING, 600)(c),
    _one_of(MARKUP), _one_of(FORMULAS), _huge, _mixed, _mixed, _mixed, _drawn(".?!…\"')0aA ", 30),
    lambda c: c.choice(sentences()), lambda c: c.choice(sentences()), lambda c: c.choice(sentences()),
)  # fmt: skip


def mutated(data: bytes, chance: Random) -> bytes:
    """Bytes with a few of them changed, left out, doubled or moved; a third stay as they are."""
    made = bytearray(data)
    for _ in range(chance.choice((0, 0, 1, 1, 2, 4, 16))):
        at = chance.randrange(len(made) + 1)
        length = chance.choice((1, 1, 2, 8, 64, 1024))
        kind = chance.randrange(7)
        if kind == 0:
            made[at : at + length] = chance.randbytes(length)
        elif kind == 1:
            del made[at : at + length]
        elif kind == 2:
            made[at:at] = made[at : at + length] * chance.choice((1, 2, 50))
        elif kind == 3:
            del made[at:]
        elif kind == 4:
            made[at:at] = chance.choice(TOKENS)
        elif kind == 5 and made:
            made[at % len(made)] ^= 1 << chance.randrange(8)
        else:
            other = chance.randrange(len(made) + 1)
            made[other:other] = made[at : at + length]
    return bytes(made)


TOKENS = (
    b"\0", b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\r", b"\n", b'"', b"'",
    b"[", b"{", b"]", b"}", b"NaN", b"1e999", b"-1", b"4294967296", b"99999999999999999999", b"null",
    b"true", b"\\ud800", b"\\u0000", b"[" * 3000, b'{"a":' * 3000, b"<div>" * 3000, b"\\", b",", b"\t",
    b"&#xD800;", b"&#1114112;", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>", b"&a;", b"%s",
    b"endobj", b"stream\n", b"obj<</Length 9999999999>>", b"/Kids[2 0 R]", b"PK\x03\x04", b"PAR1", b"../",
)  # fmt: skip


def json_lines(chance: Random) -> bytes:
    """JSON Lines with odd values."""
    rows = [json.dumps(_record(chance)) for _ in range(chance.randrange(8))]
    if chance.random() < 0.2:
        depth = chance.choice((10, 500, 2000, 100_000))
        rows.append('{"text": "Deep.", "a": ' + "[" * depth + "]" * depth + "}")
    return "\n".join(rows).encode()


def subtitles(chance: Random) -> bytes:
    """Cues of odd text, some with a voice."""
    voices = ("", "<v Ana>", "Ana: ", ">> ")
    cues = (
        f"{at}\n00:{at:02}.000 --> 00:{at:02}.900\n{chance.choice(voices)}{text(chance)}"
        for at in range(chance.randrange(8))
    )
    return "\n\n".join(["WEBVTT", *cues]).encode("utf-8", "replace")


def _record(chance: Random) -> Any:
    odd: tuple[Any, ...] = (
        None,
        True,
        0,
        -1,
        10**400,
        1e308,
        float("nan"),
        [],
        {},
        "",
        [[]],
        {"a": {}},
    )
    row: dict[str, Any] = {
        "text": text(chance, most=4),
        "id": chance.choice((text(chance, most=1), "a", 7)),
    }
    for _ in range(chance.randrange(3)):
        name = chance.choice(
            ("text", "id", "meta", "labels", "doc", "date", "body", text(chance, most=1))
        )
        row[name] = chance.choice((*odd, text(chance, most=2)))
    return row if chance.random() < 0.95 else chance.choice(odd)


def table(chance: Random, delimiter: str = ",") -> bytes:
    """CSV with odd cells, some of them longer than the csv module's own limit."""
    out = io.StringIO()
    quoting: Any = chance.choice((csv.QUOTE_ALL, csv.QUOTE_MINIMAL))
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting)
    names = ["text", "id", storable_text(chance, most=1), "date"]
    writer.writerow(chance.sample(names, k=chance.randrange(1, 5)))
    for _ in range(chance.randrange(6)):
        writer.writerow([storable_text(chance, most=2) for _ in range(chance.randrange(1, 5))])
    if chance.random() < 0.1:
        writer.writerow(["word " * 40_000] * 3)
    return out.getvalue().encode()


def web_page(chance: Random) -> bytes:
    """HTML with odd nesting, encodings and characters."""
    tags = (
        "p",
        "div",
        "article",
        "table",
        "tr",
        "td",
        "pre",
        "svg",
        "math",
        "textarea",
        "title",
        "li",
    )
    parts = [
        "<html><head><title>T</title><meta charset='",
        chance.choice(("utf-8", "utf-16", "x", "")),
        "'>",
    ]
    parts.append("<body><article>")
    for _ in range(chance.randrange(12)):
        tag = chance.choice(tags)
        close = f"</{tag}>" if chance.random() < 0.8 else ""
        parts.append(
            f"<{tag}>" * chance.choice((1, 1, 1, 400)) + storable_text(chance, most=3) + close
        )
    return "".join(parts).encode(chance.choice(("utf-8", "utf-8", "utf-16")), "replace")


def archive(chance: Random, inner: Callable[[Random], tuple[str, bytes]]) -> bytes:
    """A zip archive with odd names."""
    made = io.BytesIO()
    odd = ["../x.txt", "/x.txt", "a\\..\\x.txt", "C:\\x.txt", "a/./b.txt", "\ufeff.txt", ".h.txt"]
    odd.append("x" * 300 + ".txt")
    with zipfile.ZipFile(
        made, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    ) as pack:
        for number in range(chance.randrange(5)):
            suffix, data = inner(chance)
            name = f"m{number}{suffix}" if chance.random() < 0.9 else chance.choice(odd)
            pack.writestr(name, data)
        if chance.random() < 0.05:
            # A thousand times what is stored; more of it only takes longer, in proportion.
            pack.writestr("bomb.txt", b"a " * 500_000, zipfile.ZIP_DEFLATED)
    return made.getvalue()
