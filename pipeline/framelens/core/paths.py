"""Where the data folders lie: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

from framelens.core.errors import FramelensError

SHIPPED = Path(__file__).parents[1] / "data"
"""Where the wheel has them: apart, so that a package may be called `rules`."""
CHECKOUT = Path(__file__).parents[3]


def data_path(name: str) -> Path:
    """The path of shipped data such as `rules` or `models/default`."""
    for root in (SHIPPED, CHECKOUT):
        if (root / name).exists():
            return root / name
    raise FramelensError(f"{name} is neither in {SHIPPED} nor in {CHECKOUT}; reinstall framelens")
