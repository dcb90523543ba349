"""What keeps a process lean: Python's search for cyclic garbage, put off where many objects are
made that are none, regular expressions, compiled where they are first needed, and spaCy's
vocabulary, kept from growing with every text."""

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
"""Compiles expressions that few texts need where one does: some take a hundredth of a start."""


SELDOM = 200_000, 20, 20
"""Thresholds of the search for garbage where much is made that stays, and little garbage."""


def collect_seldom() -> None:
    """Look for garbage less often in this process."""
    gc.set_threshold(*SELDOM)


_thresholds: list[tuple[int, int, int]] = []
"""What is to be restored, of threads one after the other whichever ends first."""
_at_thresholds = Lock()


@contextmanager
def collected_seldom() -> Iterator[None]:
    """Look for garbage less often in the block: else it takes a twentieth of a library's run."""
    with _at_thresholds:
        before = gc.get_threshold()
        _thresholds.append(before)
        gc.set_threshold(*map(max, before, SELDOM) if before[0] else before)
    try:
        yield
    finally:
        with _at_thresholds:
            gc.set_threshold(*_thresholds.pop())


def without_spacys_commands() -> None:
    """Let spaCy, where it is not imported yet, leave its own command line out until that is asked
    for: `import spacy` brings it in for `spacy.info` alone, in a third of its time."""
    if "spacy" in sys.modules:
        return
    name = "spacy.cli.info"
    later = sys.modules[name] = ModuleType(name)

    def info(*arguments: Any, **options: Any) -> Any:
        if sys.modules.get(name) is later:
            del sys.modules[name]
        return import_module(name).info(*arguments, **options)

    later.info = info  # type: ignore[attr-defined]


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage in the block: compiling rules and writing down evidence take a third
    longer with it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


MAX_WORDS = 200_000
"""Words of which something else is remembered."""

MOST_WORDS = 150_000
"""Words that are kept, about a kilobyte each: of those that come later most are rare."""


@contextmanager
def bounded(vocab: Vocab) -> Iterator[None]:
    """Let the words that the block adds to a large vocabulary go again at its end.

    What spaCy made in the block is not to be used after it.
    """
    if len(vocab) < MOST_WORDS:
        yield
        return
    with forgetting(vocab):
        yield


@contextmanager
def forgetting(vocab: Vocab) -> Iterator[None]:
    """Let the words that the block adds go again at its end, unless a block around it does."""
    if vocab.in_memory_zone:  # type: ignore[attr-defined]
        yield
        return
    from spacy.attrs import NAMES  # not for those who only ask for help

    # A word that is called as one of spaCy's own attributes (IS_ALPHA) is lost when it is first met
    # in a zone, and looking it up again fails.
    for name in NAMES:
        if name:
            vocab[name]
    with vocab.memory_zone():
        yield


Known = TypeVar("Known")


class PerWord(dict[int, Known]):
    """What is known of each word of a vocabulary, by its ORTH key, found out once a word.

    Of many words all are forgotten, now and then.
    """

    def __init__(self, vocab: Vocab, find: Callable[[Lexeme], Known]) -> None:
        super().__init__()
        self._vocab, self._find = vocab, find

    def __missing__(self, orth: int) -> Known:
        if len(self) >= MAX_WORDS:
            self.clear()
        found = self[orth] = self._find(self._vocab[orth])
        return found
