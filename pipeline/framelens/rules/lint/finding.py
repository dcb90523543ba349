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
    `check` names the kind of finding. An error cannot work as written; a warning works but is likely a
    mistake.
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
        self.findings: list[Finding] = []

    def error(self, item: Item, check: str, message: str) -> None:
        self.findings.append(Finding(item.file.name, item.id, "error", check, message))

    def warning(self, item: Item, check: str, message: str) -> None:
        self.findings.append(Finding(item.file.name, item.id, "warning", check, message))

    def add(self, file: str, rule: str, severity: Severity, check: str, message: str) -> None:
        """Add a finding on a file or a word list."""
        self.findings.append(Finding(file, rule, severity, check, message))

    def report(self, error: RuleError) -> None:
        """Add an error of reading the rules."""
        self.findings.append(Finding(error.file.name, error.item, "error", "form", error.problem))

    def in_order(self, items: Iterable[Item]) -> tuple[Finding, ...]:
        """The distinct findings by file and, within it, in the order of items, errors first."""
        places: Mapping[str, int] = {item.id: place for place, item in enumerate(items)}
        distinct = dict.fromkeys(self.findings)
        return tuple(
            sorted(distinct, key=lambda row: (row.file, places.get(row.rule, -1), row.severity))
        )
