"""A figure beside what it must reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.benchmarks.tables import markdown


@dataclass(frozen=True, slots=True)
class Finding:
    """What was measured: at most `target` or, with `least`, at least, which is None where there is
    none; both in `unit`."""

    what: str
    measured: float
    target: float | None
    unit: str = "×"
    least: bool = False

    @property
    def cells(self) -> list[str]:
        """What, target, measured, and whether it is reached."""
        if self.target is None:
            return [self.what, "", self._shown(self.measured), ""]
        over = self.measured - self.target
        reached = "yes" if (over >= 0 if self.least else over <= 0) else "**no**"
        target = f"{'≥' if self.least else '≤'} {self._shown(self.target)}"
        return [self.what, target, self._shown(self.measured), reached]

    def _shown(self, value: float) -> str:
        return f"{value:,.2f} {self.unit}" if abs(value) < 10 else f"{value:,.0f} {self.unit}"


def table(findings: Sequence[Finding]) -> str:
    """The findings in Markdown."""
    return markdown(["", "target", "measured", "reached"], [row.cells for row in findings])
