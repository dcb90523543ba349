"""The page and the files that it loads, rendered once when the server starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from markupsafe import Markup

from framelens.core.codebook import Scheme
from framelens.core.types import KIND_NAMES
from framelens.evaluation.assessment import Origin
from framelens.readers import READERS
from framelens.readers.source import missing
from framelens.report.methods import who_taught
from framelens.report.pages import environment, source
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
    values = {
        "source": engine.source,
        "taught": who_taught(Origin.of(engine.classifier)),
        "example": engine.example,
        "limits": limits,
        "local": local,
        "types": [suffix for suffix in READERS if not missing(suffix)],
        "kinds": KIND_NAMES,
    }
    return drawn("page", engine.scheme, values)


def drawn(name: str, scheme: Scheme, values: Mapping[str, object]) -> list[PageFile]:
    """The page of a name with its style, script and icon, as templates draw them from `values`."""
    pages = environment(scheme, "framelens.serve")
    values = {**values, "scheme": scheme, "style": Markup(source(pages, "style.css"))}
    return [
        PageFile("/", pages.get_template(f"{name}.html").render(values), "text/html"),
        PageFile(f"/{name}.css", pages.get_template(f"{name}.css").render(values), "text/css"),
        PageFile(f"/{name}.js", source(pages, f"{name}.js"), "text/javascript"),
        PageFile("/icon.svg", source(pages, "icon.svg"), "image/svg+xml"),
    ]
