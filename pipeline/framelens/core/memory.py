"""Memory and start-up: rarer garbage collection, lazily compiled expressions, a light import of spaCy, and
bounds for spaCy's vocabulary."""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from spacy.lexeme import Lexeme
    from spacy.vocab import Vocab


compiled = cache(re.compile)
"""A cached `re.compile` for expressions that few texts need: compiling all would slow the start."""


SELDOM = 200_000, 20, 20
"""Thresholds of the garbage collector for work that makes many objects and little garbage."""


def collect_seldom() -> None:
    """Collect garbage less often in this process."""
    gc.set_threshold(*SELDOM)


_thresholds: list[tuple[int, int, int]] = []
_enabled: list[bool] = []
"""What to restore of the garbage collector: stacks, as blocks of several threads may overlap."""
_lock = Lock()


@contextmanager
def collected_seldom() -> Iterator[None]:
    """Collect garbage less often in the block, where it would take a twentieth of the time."""
    with _lock:
        before = gc.get_threshold()
        _thresholds.append(before)
        gc.set_threshold(*map(max, before, SELDOM) if before[0] else before)
    try:
        yield
    finally:
        with _lock:
            gc.set_threshold(*_thresholds.pop())


def without_spacys_commands() -> None:
    """Keep a later `import spacy` from importing spaCy's command line, which takes a third of its time and
    is only needed for `spacy.info`, until that is called."""
    if "spacy" in sys.modules:
        return
    name = "spacy.cli.info"
    placeholder = sys.modules[name] = ModuleType(name)

    def info(*arguments: Any, **options: Any) -> Any:
        if sys.modules.get(name) is placeholder:
            del sys.modules[name]
        return import_module(name).info(*arguments, **options)

    placeholder.info = info  # type: ignore[attr-defined]


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect no garbage in the block: compiling rules and making evidence take a third longer with it."""
    with _lock:
        _enabled.append(gc.isenabled())
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            if _enabled.pop():
                gc.enable()


MAX_WORDS = 200_000
"""Most entries of a cache by word."""

MOST_WORDS = 150_000
"""Words of a vocabulary (about a kilobyte each) after which new ones, most of them rare, are forgotten."""


@contextmanager
def bounded(vocab: Vocab) -> Iterator[None]:
    """Forget the words that the block adds to a vocabulary, if that is large.

    What spaCy made in the block must not be used after it.
    """
    if len(vocab) < MOST_WORDS:
        yield
        return
    with forgetting(vocab):
        yield


@contextmanager
def forgetting(vocab: Vocab) -> Iterator[None]:
    """Forget the words that the block adds to a vocabulary; a nested block leaves it to the outer one."""
    if vocab.in_memory_zone:  # type: ignore[attr-defined]
        yield
        return
    from spacy.attrs import NAMES  # not for those who only ask for help

    # A word named like an attribute of spaCy (IS_ALPHA) that is first met in a zone is lost, and looking
    # it up again fails.
    for name in NAMES:
        if name:
            vocab[name]
    with vocab.memory_zone():
        yield


Value = TypeVar("Value")


class PerWord(dict[int, Value]):
    """A cache from a word's ORTH key to a value computed from its lexeme; emptied when it is full."""

    def __init__(self, vocab: Vocab, compute: Callable[[Lexeme], Value]) -> None:
        super().__init__()
        self._vocab, self._compute = vocab, compute

    def __missing__(self, orth: int) -> Value:
        if len(self) >= MAX_WORDS:
            self.clear()
        value = self[orth] = self._compute(self._vocab[orth])
        return value
