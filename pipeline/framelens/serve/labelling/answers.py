"""Coders' answers, saved in a file for each coder, on the disk after each answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Lock

from framelens.core.codebook import Scheme
from framelens.core.errors import FramelensError, at
from framelens.core.files import check_apart, check_regular, check_writable, is_held
from framelens.project.items import (
    Item,
    check_named,
    labels_problem,
    read_items,
    same_sentence,
    write_items,
)

NAME = re.compile(r"\w([\w .-]{0,38}\w)?")
"""A coder's name, which becomes part of a file's name."""


class Answers:
    """The sentences of a sample, and each coder's answers to them.

    Answers of `Ana` to `to-label.csv` are in `to-label.ana.csv`. That file is read anew for every
    answer, so that earlier answers are continued and no change by others, such as another server for
    the same sample, is lost. Raise FramelensError where an answer is not allowed by the codebook's
    scheme, and where a file cannot be read or written or is of another sample.
    """

    def __init__(self, sample: Path, scheme: Scheme) -> None:
        self.scheme = scheme
        self.sample, self.frames = sample, scheme.names
        check_named(sample)
        check_regular(sample)
        self.items = read_items(sample, self.frames)
        self.path("anybody")
        self._lock = Lock()

    def path(self, coder: str) -> Path:
        """The file of a coder's answers, the same for any case of letters; raise FramelensError for a
        bad name, and where no file can be written there."""
        if not NAME.fullmatch(coder):
            raise FramelensError(
                f"a coder's name is {coder!r}; expected up to 40 letters, digits, spaces, . - _"
            )
        path = self.sample.with_name(f"{self.sample.stem}.{coder.casefold()}{self.sample.suffix}")
        # The user did not name that file: anything may be in its place.
        check_writable(path)
        check_regular(path)
        check_apart([path], [self.sample])
        return path

    def of(self, coder: str) -> list[Item]:
        """All sentences with the coder's answers, in the sample's order."""
        with self._lock:
            return list(self._opened(coder).values())

    def answer(
        self, coder: str, identifier: str, labels: Sequence[str] | None, unsure: bool, note: str
    ) -> Path:
        """Save an answer, with labels None for one that is taken back; return the file it is in."""
        if unknown := [name for name in labels or () if name not in self.frames]:
            raise FramelensError(f"{unknown[0]!r} is no frame; expected {', '.join(self.frames)}")
        if problem := labels_problem(None if labels is None else len(set(labels)), self.scheme):
            raise FramelensError(f"the answer has {problem}")
        ordered = None
        if labels is not None:
            ordered = tuple(frame for frame in self.frames if frame in labels)
        path = self.path(coder)
        with self._alone():
            items = self._opened(coder)
            if identifier not in items:
                raise FramelensError(f"{self.sample.name} has no sentence {identifier!r}")
            answered = replace(
                items[identifier], labels=ordered, unsure=unsure, note=note, coder=coder
            )
            write_items({**items, identifier: answered}.values(), path)
        return path

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let nobody else, another server included, save an answer within the block."""
        try:
            stream = self.sample.open("rb")
        except OSError as error:
            raise at(self.sample, None, f"cannot be read: {error.strerror}") from None
        with self._lock, stream:
            is_held(stream, waits=True)
            yield

    def _opened(self, coder: str) -> dict[str, Item]:
        path = self.path(coder)
        blank = {item.id: replace(item, labels=None) for item in self.items}
        if not path.is_file():
            return blank
        saved = {item.id: item for item in read_items(path, self.frames)}
        for name, item in saved.items():
            if name not in blank or not same_sentence(item, blank[name]):
                raise at(
                    path,
                    None,
                    f"{name!r} is not in {self.sample}, or with another text or probability; expected "
                    "answers to it (further sentences are a sample of their own: framelens sample --avoid)",
                )
        return blank | saved
