"""Templates for pages, which escape their values; style sheets and scripts."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from hashlib import sha256

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from framelens.core.codebook import Scheme
from framelens.core.types import counted
from framelens.report.palette import palette


def environment(scheme: Scheme, *others: str) -> Environment:
    """The templates of reports and of the packages `others`, with the values and filters all pages use."""
    of_corpus = {
        "corpus": PackageLoader("framelens.report.corpus"),
        "scripts": PackageLoader("framelens.report.corpus", "scripts"),
    }
    loaders = map(PackageLoader, (*others, "framelens.report"))
    pages = Environment(
        loader=ChoiceLoader([*loaders, PrefixLoader(of_corpus)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.globals |= {
        "frames": list(scheme),
        "kinds": {name: f"f{at}" for at, name in enumerate(scheme.names)},
        "palette": palette(scheme),
    }
    letters = {frame.name: frame.letter for frame in scheme}
    pages.filters |= {
        "letter": lambda name: letters[name],
        "two": lambda value: f"{value:.2f}",
        "three": lambda value: f"{value:.3f}",
        "signed": lambda value: signed(value, 2),
        "whole": lambda value: f"{value:,}",
        "counted": counted,
        "percent": lambda value: f"{value:.0%}",
    }
    return pages


def signed(value: float, digits: int) -> str:
    """A number with its sign, or 0 where it rounds to that."""
    return f"{value:+.{digits}f}".replace("-", "−") if round(value, digits) else "0"


def source(pages: Environment, name: str) -> str:
    """A template's text, as it is."""
    loader = pages.loader
    assert loader is not None
    return loader.get_source(pages, name)[0]


def script(pages: Environment, names: Sequence[str]) -> dict[str, str]:
    """Some files as one script, and its digest as a content security policy names it."""
    text = "\n".join(source(pages, name) for name in names)
    digest = base64.b64encode(sha256(text.encode()).digest()).decode()
    return {"script": Markup(text), "script_digest": digest}
