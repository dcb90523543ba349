"""What is told of a run on standard error: progress to a person who watches, bad records to all."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from rich.progress import Progress

    from framelens.core.types import Passage
    from framelens.parallel.run import Tally
    from framelens.preprocessing.selection import LeftOut

    Watch = Callable[[Iterable[Passage]], Iterable[Passage]]


@contextmanager
def counting(total: int | None) -> Iterator[Watch]:
    """What passes passages on, with a bar for how many of `total` characters have gone by."""
    with advancing(total) as advance:
        yield lambda passages: passages if advance is None else _counting(passages, advance)


def _counting(passages: Iterable[Passage], advance: Callable[[int], object]) -> Iterator[Passage]:
    for passage in passages:
        yield passage
        advance(len(passage.text))


@contextmanager
def advancing(total: int | None) -> Iterator[Callable[[int], object] | None]:
    """A bar to `total`, as a function that moves it on; None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    with _bar() as bar:
        task = bar.add_task("classifying", total=total)
        yield lambda size: bar.advance(task, size)


@contextmanager
def tallying() -> Iterator[Callable[[Tally], object] | None]:
    """A bar for shards: how many are done, sentences a second, time left."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import TextColumn

    with _bar(TextColumn("{task.fields[told]}")) as bar:
        task = bar.add_task("classifying", total=None, told="")

        def show(tally: Tally) -> None:
            seconds = bar.tasks[task].elapsed or 1.0
            told = tally_told(tally, seconds)
            bar.update(task, total=tally.size, completed=tally.size_done, told=told)

        yield show


def tally_told(tally: Tally, seconds: float) -> str:
    """A tally in words, after so many seconds."""
    rate = tally.sentences / seconds
    done = f"{tally.kept + tally.done}/{tally.shards} shards"
    return f"{done} · {rate:,.0f} sentences/s" if tally.done else done


def tell_of_rejects(count: int, place: str | None) -> None:
    """Say how many bad records were passed over."""
    if count:
        where = f", {place}" if place else ""
        print(f"framelens: {count} bad records passed over{where}", file=sys.stderr)


def tell_of_notes(notes: Iterable[str]) -> None:
    """Say what was noticed of the input."""
    for line in notes:
        print(f"framelens: {line}", file=sys.stderr)


def tell_of_left_out(left_out: LeftOut) -> None:
    """Say on standard error what was read and not counted, and which documents are not in English."""
    if said := left_out.described():
        print(f"framelens: {said}", file=sys.stderr)
    if found := left_out.documents:
        named = ", ".join(f"{name} ({code})" for name, code in list(found.items())[:5])
        more = f" and {len(found) - 5:,} more" if len(found) > 5 else ""
        print(f"framelens: not in English: {named}{more}", file=sys.stderr)


def tell_of_skipped(skipped: Sequence[tuple[Path, str]]) -> None:
    """Say on standard error which files of folders were not read, and why."""
    reasons = Counter(reason for _, reason in skipped)
    for reason, count in sorted(reasons.items()):
        first = next(path for path, why in skipped if why == reason)
        more = f" and {count - 1:,} more" if count > 1 else ""
        print(f"framelens: skipped {first}{more}: {reason}", file=sys.stderr)


def _bar(*columns: object) -> Progress:
    from rich.console import Console
    from rich.progress import Progress

    found = (*Progress.get_default_columns(), *columns)
    return Progress(*found, console=Console(stderr=True), transient=True)  # type: ignore[arg-type]
