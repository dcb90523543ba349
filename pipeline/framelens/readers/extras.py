"""Packages that some formats need and that come as extras."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from framelens.core.errors import at


class Needed(NamedTuple):
    """A package, the module to import of it, and the extra of framelens that brings it."""

    package: str
    module: str
    extra: str


NEEDED: Mapping[str, Needed] = {
    ".html": Needed("trafilatura", "trafilatura", "documents"),
    ".htm": Needed("trafilatura", "trafilatura", "documents"),
    ".pdf": Needed("pypdfium2", "pypdfium2", "documents"),
    ".docx": Needed("python-docx", "docx", "documents"),
    ".doc": Needed("python-docx", "docx", "documents"),
    ".odt": Needed("odfdo", "odfdo", "documents"),
    ".rtf": Needed("striprtf", "striprtf.striprtf", "documents"),
    ".xlsx": Needed("openpyxl", "openpyxl", "documents"),
    ".mhtml": Needed("trafilatura", "trafilatura", "documents"),
    ".mht": Needed("trafilatura", "trafilatura", "documents"),
    ".parquet": Needed("pyarrow", "pyarrow.parquet", "parquet"),
}
"""What files with some suffixes need."""


def require(suffix: str, place: Path | str) -> None:
    """Raise FramelensError, naming the extra, if what reads such files cannot be imported."""
    if suffix not in NEEDED:
        return
    package, module, extra = NEEDED[suffix]
    try:
        import_module(module)
    except ImportError:
        advice = f"install it with: pip install 'framelens[{extra}]'"
        raise at(place, None, f"reading {suffix} files needs {package}; {advice}") from None
