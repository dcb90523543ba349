"""Arguments of the library, checked: what a caller got wrong is said in one line."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, replace
from errno import ENAMETOOLONG
from numbers import Real
from operator import index
from os import PathLike
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar

from framelens.core.errors import FramelensError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


SHOWN = 100
"""Characters of a wrong value that are shown."""


def shown(value: Any) -> str:
    """A value as an error shows it: on one line, not too long, and whatever it is."""
    try:
        said = repr(value)
    except Exception:  # a whole number of too many digits, an object whose own description fails
        said = f"of type {type(value).__name__}"
    return " ".join(said.split())[:SHOWN]


def one_of(name: str, value: Any, known: Collection[Any]) -> Any:
    """The value; raise FramelensError where it is none of those known."""
    try:
        is_known = value in dict.fromkeys(known)  # tables and arrays cannot be compared with one
    except TypeError:
        is_known = False
    if not is_known:
        expected = ", ".join(repr(one) for one in known)
        raise FramelensError(f"{name} is {shown(value)}; expected one of {expected}")
    return value


def of_kind(name: str, value: Any, kind: type[Any], expected: str) -> Any:
    """The value; raise FramelensError where it is of another kind than expected."""
    if not isinstance(value, kind):
        raise FramelensError(f"{name} is {shown(value)}; expected {expected}")
    return value


def texts(name: str, value: Any) -> tuple[str, ...]:
    """Several texts; one alone is one, not its letters."""
    found = (value,) if isinstance(value, str) else several(name, value, "a list of texts")
    return tuple(of_kind(name, one, str, "texts") for one in found)


def places(name: str, value: Any) -> list[Path]:
    """Several paths; one alone is one."""
    expected = "a path, or a list of them"
    one = isinstance(value, (str, PathLike))
    found = (value,) if one else several(name, value, expected)
    return [_path(name, path, expected) for path in found]


def place(name: str, value: Any) -> Path:
    """A path."""
    return _path(name, value, "a path")


def _path(name: str, value: Any, expected: str) -> Path:
    is_path = isinstance(value, (str, PathLike)) and isinstance(os.fspath(value), str)
    if not is_path or value == "":  # which would be the folder one is in
        raise FramelensError(f"{name} is {shown(value)}; expected {expected}")
    try:
        os.lstat(value)
    except ValueError:  # a NUL in it
        raise FramelensError(f"{name} is {shown(value)}; expected {expected}") from None
    except OSError as error:
        if error.errno == ENAMETOOLONG:
            raise FramelensError(f"{name} is {str(value)[:100]!r}…; {error.strerror}") from None
    return Path(value)


Kind = TypeVar("Kind", bound="DataclassInstance")

KINDS = {
    "str": (str, "a text"),
    "str | None": ((str, NoneType), "a text"),
    "str | Sequence[str]": (tuple, "texts"),
    "bool": (bool, "True or False"),
}


def of_fields(name: str, value: Kind) -> Kind:
    """A dataclass of settings; raise FramelensError where a field is of another kind than it says."""
    for field in fields(value):
        given, called = getattr(value, field.name), f"{name}: {field.name}"
        kind, expected = KINDS[str(field.type)]
        if kind is tuple:
            value = replace(value, **{field.name: texts(called, given)})
        elif not isinstance(given, kind):  # type: ignore[arg-type]
            raise FramelensError(f"{called} is {shown(given)}; expected {expected}")
    return value


TOO_MANY = 10**18


def whole(name: str, value: Any, least: int) -> int:
    """A whole number of at least so much."""
    try:
        number = least - 1 if isinstance(value, bool) else index(value)
    except TypeError:
        number = least - 1
    if not least <= number < TOO_MANY:
        raise FramelensError(f"{name} is {shown(value)}; expected a whole number from {least} on")
    return number


def yes_or_no(name: str, value: Any) -> bool:
    """True or False: a text such as "no" would count as True."""
    is_numpys = type(value).__name__ in ("bool", "bool_")
    if not (is_numpys or isinstance(value, int)) or value not in (0, 1):
        raise FramelensError(f"{name} is {shown(value)}; expected True or False")
    return bool(value)


def probability(name: str, value: Any) -> float:
    """A number from 0 to 1."""
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= 1:
        raise FramelensError(f"{name} is {shown(value)}; expected a number from 0 to 1")
    return float(value)


def probabilities(name: str, value: Any) -> dict[str, float]:
    """Numbers from 0 to 1 by names."""
    found = of_kind(name, value, Mapping, "probabilities by frame")
    return {
        of_kind(name, frame, str, "probabilities by the names of frames"): probability(
            f"{name} of {shown(frame)}", number
        )
        for frame, number in found.items()
    }


def several(name: str, value: Any, expected: str) -> Iterable[Any]:
    """What can be gone through, one by one: no text, nor a table, whose names of columns are not its
    cells."""
    of_kind(name, value, Iterable, expected)
    if hasattr(value, "columns"):
        raise FramelensError(f"{name} is a table; expected {expected}, as a column of it is")
    if isinstance(value, (str, bytes, Mapping)):
        raise FramelensError(f"{name} is {shown(value)}; expected {expected}")
    found: Iterable[Any] = value
    return found
