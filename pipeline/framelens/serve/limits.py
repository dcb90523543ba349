"""Limits on requests and connections."""

from __future__ import annotations

from dataclasses import dataclass

from framelens.preprocessing.sentences import MAX_SENTENCE


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on requests; the defaults suit one machine.

    `body` is the size of a request's body (bytes), `file` that of one that brings a file, in base64,
    which is a third more than the file's, `sentence` that of a text that is to be taken as
    one sentence (characters), `seconds` the time from a request's head to its answer, and `waiting`
    how many requests may be open in all (a quarter of that for one that brings a file).
    `connections` is how many there may be, idle ones included; `head` is how long the head of a
    request may take, and `reading` how long a client may read next to nothing (seconds); `held` is
    the size of all answers that have not been read yet, past which no more are made (bytes).
    """

    body: int = 1_000_000
    file: int = 8_000_000
    sentence: int = MAX_SENTENCE
    seconds: float = 30.0
    waiting: int = 256
    connections: int = 512
    head: float = 10.0
    reading: float = 10.0
    held: int = 256 * 1024 * 1024
