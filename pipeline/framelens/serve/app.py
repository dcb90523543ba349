"""The application: the page, its API, and the description of the API."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from framelens.core.errors import FramelensError, one_line
from framelens.core.version import __version__
from framelens.serve.engine import SHORT, Engine, Stopped
from framelens.serve.files import for_page, passages_of
from framelens.serve.guard import FILE_PATH, Guard
from framelens.serve.hosts import ANY, LOOPBACK
from framelens.serve.limits import Limits
from framelens.serve.page import PageFile, files
from framelens.serve.schema import Answer, File, FileAnswer, Health, Problem, Question

ABOUT = """Tags the sentences of a text with the framing they carry, and says exactly why.

Errors come as `{"error": "…"}` on one line."""

PROBLEMS = {
    400: "The body cannot be read; or, as plain text, the host named is not this server's.",
    408: "The body did not arrive in time.",
    413: "The body or the sentence is too large.",
    415: "The body is not application/json.",
    422: "The body is not what is described.",
    503: "No answer in time, or too many requests at once.",
}


UNREADABLE = "body: not JSON that can be read; expected UTF-8, not nested deeply"


class Json(Response):
    """An object in JSON, on a line of its own."""

    media_type = "application/json"

    def render(self, content: Mapping[str, Any]) -> bytes:
        """The body, encoded bit by bit: `dumps` would let no other thread run until it is done."""
        text = "".join(json.JSONEncoder(ensure_ascii=False).iterencode(content))
        return f"{text}\n".encode()


def create_app(
    engine: Engine, *, limits: Limits | None = None, hosts: Sequence[str] = LOOPBACK
) -> FastAPI:
    """The application around an engine, which is closed when the application shuts down.

    Requests that name another host than `hosts` are refused.
    """
    limits = limits or Limits()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        engine.close()

    app = FastAPI(
        title="framelens",
        version=__version__,
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    add_files(app, files(engine, limits, local=tuple(hosts) != ANY))
    _add_api(app, engine, limits)
    app.add_exception_handler(Stopped, _stopped)
    return guarded(app, limits, hosts)


def guarded(app: FastAPI, limits: Limits, hosts: Sequence[str]) -> FastAPI:
    """The application within limits, answering to `hosts` alone, errors on one line."""
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)
    app.add_middleware(Guard, limits=limits)  # the last is the outermost
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_exception_handler(RequestValidationError, _bad_question)
    app.add_exception_handler(FramelensError, _framelens_problem)
    return app


def add_files(app: FastAPI, files: Iterable[PageFile]) -> None:
    """Add a route for each file."""

    def serve(path: str, body: str, kind: str) -> None:
        def give() -> Response:
            return Response(body, media_type=kind)

        app.api_route(path, methods=["GET", "HEAD"], include_in_schema=False)(give)

    for file in files:
        serve(file.path, file.body, file.kind)


def _add_api(app: FastAPI, engine: Engine, limits: Limits) -> None:
    @app.get("/health", response_model=Health)
    async def health() -> Response:
        """Whether the server answers, and with which rules and model."""
        return Json({"status": "ok", **asdict(engine.source), "busy": engine.busy})

    reading = asyncio.Lock()  # for pdfium is not to be used by several threads

    problems: dict[int | str, dict[str, Any]] = {
        status: {"model": Problem, "description": why} for status, why in PROBLEMS.items()
    }

    @app.post("/classify", response_model=Answer, responses=problems)
    async def classify(question: Question) -> Response:
        """The frames of every sentence of a text, with the evidence."""
        if question.unit == "sentence" and len(question.text) > limits.sentence:
            problem = f"text: expected at most {limits.sentence:,} characters in one sentence"
            raise HTTPException(413, problem)
        text, unit = question.text, question.unit
        classified = await engine.classify(text, unit=unit, explain=question.explain)
        is_short = len(text) <= SHORT
        return answer(classified) if is_short else await asyncio.to_thread(answer, classified)

    @app.post(FILE_PATH, response_model=FileAnswer, responses=problems)
    async def classify_file(file: File) -> Response:
        """The text of a file of any type that is read, a PDF, a web page, a Word file, and the frames
        of its sentences, of the kinds that its structure gives them."""
        async with reading:
            text, passages = await asyncio.to_thread(passages_of, file.name, file.content)
        if (size := len(text.encode())) > limits.body:
            problem = f"{file.name}: {size:,} bytes of text; expected at most {limits.body:,}"
            raise HTTPException(413, problem)
        classified = await engine.classify(passages, unit="document", explain=False)
        return await asyncio.to_thread(answer, classified, text=text)

    def answer(sentences: Sequence[Mapping[str, Any]], **more: str) -> Json:
        source = {name: getattr(engine.source, name) for name in ("model", "rules", "version")}
        return Json({**more, "sentences": sentences, **source})


async def _http_problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    # Of a body nested too deeply or not in UTF-8 the framework's own message says nothing useful.
    detail = UNREADABLE if error.status_code == 400 else error.detail
    return Json({"error": detail}, error.status_code)


async def _framelens_problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, FramelensError)
    return Json({"error": one_line(for_page(error.message))}, 422)


async def _bad_question(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part != "body")
    why = "not JSON" if first["type"] == "json_invalid" else first["msg"]
    where = place if place and first["type"] != "json_invalid" else "body"
    return Json({"error": one_line(f"{where}: {why}")}, 422)


async def _stopped(_: Request, _error: Exception) -> Response:
    return Json({"error": "the server is stopping"}, 503)
