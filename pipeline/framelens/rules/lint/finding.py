"""What lint finds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from framelens.rules.rule_files import Item, RuleError

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in a rules folder.

    `rule` is the id of a rule or an exclusion, `@name` for a word list, or empty for a whole file;
    `check` names the kind of finding. An error is what cannot do as it says; a warning is what
    works but is likely a slip.
    """

    file: str
    rule: str
    severity: Severity
    check: str
    message: str

    def __str__(self) -> str:
        return ": ".join(
            part for part in (self.file, self.rule, self.severity, self.message) if part
        )


class Findings:
    def __init__(self) -> None:
        self.found: list[Finding] = []

    def error(self, item: Item, check: str, message: str) -> None:
        self.found.append(Finding(item.file.name, item.id, "error", check, message))

    def warning(self, item: Item, check: str, message: str) -> None:
        self.found.append(Finding(item.file.name, item.id, "warning", check, message))

    def add(self, file: str, rule: str, severity: Severity, check: str, message: str) -> None:
        """Add what is found in a file or a word list."""
        self.found.append(Finding(file, rule, severity, check, message))

    def report(self, error: RuleError) -> None:
        """Add an error that reading the rules met."""
        self.found.append(Finding(error.file.name, error.item, "error", "form", error.problem))

    def in_order(self, items: Iterable[Item]) -> tuple[Finding, ...]:
        """By file, in each by rule in the order of the file, errors first; each finding once."""
        places: Mapping[str, int] = {item.id: place for place, item in enumerate(items)}
        once = dict.fromkeys(self.found)
        return tuple(
            sorted(once, key=lambda row: (row.file, places.get(row.rule, -1), row.severity))
        )
