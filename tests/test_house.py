"""The house: how far a reader must travel to follow one run."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.hops import TEXT, hops_of

MOST_FILES, MOST_PAIRS = 36, 45


def test_one_run_passes_few_files_and_few_pairs_of_them(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text(TEXT, encoding="utf-8")
    hops = hops_of(path)
    assert len(hops.files) <= MOST_FILES
    assert hops.pairs <= MOST_PAIRS
