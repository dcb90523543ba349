"""Checks of the library's arguments: each returns the value, or raises FramelensError in one line."""

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

from framelens.core.errors import FramelensError, cut

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


MAX_SHOWN = 100
"""Most characters of a wrong value in an error."""


def shown(value: Any) -> str:
    """The `repr` of any value for an error: on one line, and cut in the middle if it is long."""
    try:
        description = repr(value)
    except Exception:  # a whole number of too many digits, an object whose own description fails
        description = f"of type {type(value).__name__}"
    return cut(" ".join(description.split()), MAX_SHOWN)


def one_of(name: str, value: Any, choices: Collection[Any]) -> Any:
    """The value, which must be one of those known."""
    try:
        is_known = value in dict.fromkeys(choices)  # tables and arrays cannot be compared with one
    except TypeError:
        is_known = False
    if not is_known:
        expected = ", ".join(repr(choice) for choice in choices)
        raise FramelensError(f"{name} is {shown(value)}; expected one of {expected}")
    return value


def of_kind(name: str, value: Any, kind: type[Any], expected: str) -> Any:
    """The value, which must be an instance of `kind`; `expected` says so in words."""
    if not isinstance(value, kind):
        raise FramelensError(f"{name} is {shown(value)}; expected {expected}")
    return value


def texts(name: str, value: Any) -> tuple[str, ...]:
    """Texts; a single string is one text."""
    items = (value,) if isinstance(value, str) else several(name, value, "a list of texts")
    return tuple(of_kind(name, item, str, "texts") for item in items)


def places(name: str, value: Any) -> list[Path]:
    """Paths; a single one is allowed."""
    expected = "a path, or a list of them"
    # An open file would give its lines.
    is_single = isinstance(value, (str, PathLike)) or hasattr(value, "read")
    items = (value,) if is_single else several(name, value, expected)
    return [_path(name, path, expected) for path in items]


def place(name: str, value: Any) -> Path:
    """A path."""
    return _path(name, value, "a path")


def _path(name: str, value: Any, expected: str) -> Path:
    is_path = isinstance(value, (str, PathLike)) and isinstance(os.fspath(value), str)
    if not is_path or value == "":  # which would be the current folder
        raise FramelensError(f"{name} is {shown(value)}; expected {expected}")
    try:
        os.lstat(value)
    except ValueError:  # a NUL in it
        raise FramelensError(f"{name} is {shown(value)}; expected {expected}") from None
    except OSError as error:
        if error.errno == ENAMETOOLONG:
            raise FramelensError(f"{name} is {shown(str(value))}; {error.strerror}") from None
    return Path(value)


Kind = TypeVar("Kind", bound="DataclassInstance")

FIELD_TYPES = {
    "str": (str, "a text"),
    "str | None": ((str, NoneType), "a text"),
    "str | Sequence[str]": (tuple, "texts"),
    "bool": (bool, "True or False"),
}


def of_fields(name: str, value: Kind) -> Kind:
    """A dataclass of settings whose fields must have the types that they are declared with."""
    for field in fields(value):
        field_value, label = getattr(value, field.name), f"{name}: {field.name}"
        kind, expected = FIELD_TYPES[str(field.type)]
        if kind is tuple:
            value = replace(value, **{field.name: texts(label, field_value)})
        elif not isinstance(field_value, kind):  # type: ignore[arg-type]
            raise FramelensError(f"{label} is {shown(field_value)}; expected {expected}")
    return value


TOO_LARGE = 10**18


def whole(name: str, value: Any, least: int) -> int:
    """A whole number, at least `least`."""
    try:
        number = least - 1 if isinstance(value, bool) else index(value)
    except TypeError:
        number = least - 1
    if not least <= number < TOO_LARGE:
        raise FramelensError(f"{name} is {shown(value)}; expected a whole number from {least} on")
    return number


def yes_or_no(name: str, value: Any) -> bool:
    """True or False; a text such as "no", which would count as True, is wrong."""
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
    """A mapping of frames to numbers from 0 to 1."""
    mapping = of_kind(name, value, Mapping, "probabilities by frame")
    return {
        of_kind(name, frame, str, "probabilities by the names of frames"): probability(
            f"{name} of {shown(frame)}", number
        )
        for frame, number in mapping.items()
    }


def several(name: str, value: Any, expected: str) -> Iterable[Any]:
    """An iterable, but no text, mapping or table (which would give its column names)."""
    of_kind(name, value, Iterable, expected)
    if hasattr(value, "columns"):
        raise FramelensError(f"{name} is a table; expected {expected}, as a column of it is")
    is_scalar = getattr(value, "shape", None) == ()  # an array of numpy of no dimension
    if is_scalar or isinstance(value, (str, bytes, Mapping)):
        raise FramelensError(f"{name} is {shown(value)}; expected {expected}")
    # An array of pyarrow gives values of its own kind.
    items: Iterable[Any] = value.to_pylist() if hasattr(value, "to_pylist") else value
    return items
