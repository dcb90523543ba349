"""Where the data folders lie: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

from framelens.errors import FramelensError

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parents[1]


def data_path(name: str) -> Path:
    """The path of shipped data such as `rules` or `models/default`."""
    for root in (PACKAGE, CHECKOUT):
        if (root / name).exists():
            return root / name
    raise FramelensError(f"{name} is neither in {PACKAGE} nor in {CHECKOUT}; reinstall framelens")
