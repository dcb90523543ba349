"""The application for labelling: the page, the sentences, and answers as they come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Response
from markdown_it import MarkdownIt
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field

from framelens.core.codebook import Scheme
from framelens.core.version import __version__
from framelens.project.items import COLUMNS, Item, fields_of_item
from framelens.serve.app import Json, add_files, guarded
from framelens.serve.hosts import LOOPBACK, trusted
from framelens.serve.labelling.answers import Answers
from framelens.serve.labelling.outlook import outlook_of
from framelens.serve.limits import Limits
from framelens.serve.page import drawn
from framelens.serve.server import run_app

SHOWN = ("id", "document", "before", "text", "after", "labels", "proposed", "unsure", "note")
"""Fields of a sentence that the page gets, besides the other fields of its record."""
TAKEN = frozenset("0?/")
"""Keys that do something else than choose a frame."""
OTHERS = "123456789abcdefghijklmnopqrstuvwxyz"


class Answer(BaseModel):
    """A coder's answer to a sentence; labels that are null take an answer back."""

    model_config = ConfigDict(extra="forbid")

    coder: str = Field(max_length=40)
    id: str = Field(max_length=10_000)
    labels: list[str] | None
    unsure: bool = False
    note: str = Field("", max_length=10_000)


def create_label_app(
    answers: Answers, *, codebook: str = "", hosts: Sequence[str] = LOOPBACK
) -> FastAPI:
    """The application around coders' answers; `codebook` (Markdown) is shown beside the sentences.

    Requests that name another host than `hosts` are refused.
    """
    scheme = answers.scheme
    app = guarded(FastAPI(title="framelens", docs_url=None, openapi_url=None), Limits(), hosts)
    values = {
        "version": __version__,
        "sample": answers.sample.name,
        "keys": keys(scheme),
        "codebook": _shown(codebook),
    }
    add_files(app, drawn("label", scheme, values))

    @app.get("/items")
    async def items(coder: str) -> Response:
        answered = await asyncio.to_thread(answers.of, coder)
        rows, outlook = [_fields(item) for item in answered], outlook_of(answered, answers.frames)
        return Json({"items": rows, "file": answers.path(coder).name, "outlook": outlook})

    @app.post("/answer")
    async def answer(given: Answer) -> Response:
        fields = (given.coder, given.id, given.labels, given.unsure, given.note)
        path = await asyncio.to_thread(answers.answer, *fields)
        answered = await asyncio.to_thread(answers.of, given.coder)
        return Json({"saved": path.name, "outlook": outlook_of(answered, answers.frames)})

    return app


def serve_labelling(
    sample: Path,
    scheme: Scheme,
    *,
    codebook: str = "",
    host: str = "127.0.0.1",
    port: int = 8000,
    ready: Callable[[str], object] | None = None,
) -> None:
    """Serve the page until SIGTERM or SIGINT, as `framelens.serve.server.serve` does."""
    answers = Answers(sample, scheme)

    def opened() -> FastAPI:
        return create_label_app(answers, codebook=codebook, hosts=trusted(host))

    run_app(opened, host=host, port=port, ready=ready)


def keys(scheme: Scheme) -> list[str]:
    """The key of each frame: its letter, or the next digit or letter that is free."""
    letters = [frame.letter.lower() for frame in scheme]
    chosen: list[str] = []
    for letter in letters:
        fits = len(letter) == 1 and letter not in TAKEN and letter not in chosen
        free = (key for key in OTHERS if key not in letters and key not in chosen)
        chosen.append(letter if fits else next(free, ""))
    return chosen


def _fields(item: Item) -> dict[str, Any]:
    row = fields_of_item(item)
    others = {
        name: str(value)
        for name, value in row.items()
        if name not in COLUMNS and value not in ("", None)
    }
    return {**{name: row[name] for name in SHOWN}, "about": others}


def _shown(codebook: str) -> Markup:
    """Markdown as HTML; tags in it stay text, and headings come below those of the page."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(codebook)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1:]) + 2)}"
    return Markup(reader.renderer.render(tokens, reader.options, {}))
