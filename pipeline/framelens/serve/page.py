"""The page and the files that it loads, drawn once when the server starts."""

from __future__ import annotations

from typing import NamedTuple

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from framelens.report.palette import palette
from framelens.serve.engine import Engine
from framelens.serve.limits import Limits


class PageFile(NamedTuple):
    """A file that the server gives: its path, its text and its media type."""

    path: str
    body: str
    kind: str


def files(engine: Engine, limits: Limits, *, local: bool) -> list[PageFile]:
    """The page, its style, which is that of the reports, its script and its icon.

    `local` says that only this machine can reach the server.
    """
    loaders = [PackageLoader("framelens.serve"), PackageLoader("framelens.report")]
    pages = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    values = {
        "scheme": engine.scheme,
        "source": engine.source,
        "example": engine.example,
        "palette": palette(engine.scheme),
        "style": Markup(_source(pages, "style.css")),
        "limits": limits,
        "local": local,
    }
    return [
        PageFile("/", pages.get_template("page.html").render(values), "text/html"),
        PageFile("/page.css", pages.get_template("page.css").render(values), "text/css"),
        PageFile("/page.js", _source(pages, "page.js"), "text/javascript"),
        PageFile("/icon.svg", _source(pages, "icon.svg"), "image/svg+xml"),
    ]


def _source(pages: Environment, name: str) -> str:
    loader = pages.loader
    assert loader is not None
    return loader.get_source(pages, name)[0]
