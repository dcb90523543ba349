"""What pages are made with: templates that escape what they are given, style sheets and scripts."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from framelens.core.codebook import Scheme
from framelens.core.types import counted


@dataclass(frozen=True, slots=True)
class Script:
    """A script, and its digest as a content security policy names it."""

    text: Markup
    digest: str


def environment(scheme: Scheme, *others: str) -> Environment:
    """Templates with the filters that every page uses, and those of `others`, which are packages."""
    of_corpus = {
        "corpus": PackageLoader("framelens.report.corpus"),
        "scripts": PackageLoader("framelens.report.corpus", "scripts"),
    }
    own = map(PackageLoader, (*others, "framelens.report"))
    pages = Environment(
        loader=ChoiceLoader([*own, PrefixLoader(of_corpus)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
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


def script(pages: Environment, names: Sequence[str]) -> Script:
    """Some files as one script."""
    text = "\n".join(source(pages, name) for name in names)
    digest = base64.b64encode(sha256(text.encode()).digest()).decode()
    return Script(Markup(text), digest)
