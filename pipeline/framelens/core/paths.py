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


RULES = "rules"
"""The shipped rules; the same is the name under which a model's folder holds those it belongs to."""
MODEL = "models/default"
PROJECT = "framelens.toml"
"""The file by which a folder is a project: a codebook's rules, model and labelled sentences."""


def model_folder(model: Path | str | None) -> Path:
    """The folder of a model, by default the shipped one."""
    return Path(model) if model else data_path(MODEL)


def rules_folder(rules: Path | str | None, model: Path | str | None) -> Path:
    """The folder of rules that is given, else that which the given model carries, else the shipped
    one."""
    if rules:
        return Path(rules)
    if model and (Path(model) / RULES).is_dir():
        return Path(model) / RULES
    return data_path(RULES)
