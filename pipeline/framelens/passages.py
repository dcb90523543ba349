"""What readers hand on: stretches of documents, still to be split and classified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Unit = Literal["document", "sentence"]

FOOTNOTE = "footnote"
"""What `meta` holds as `part` where a passage is a footnote."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document that begins and ends between sentences.

    `offset` is where it begins in the document, in characters; `id` is the record's own id, if it
    has one, and `meta` its other fields.
    """

    doc: str
    text: str
    offset: int = 0
    id: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
