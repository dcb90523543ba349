"""The fuzz, ten minutes of it, among the slow tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from framelens.core.files import CHECKOUT

MINUTES = 10


@pytest.mark.slow
@pytest.mark.timeout(3 * 60 * MINUTES)
def test_nothing_is_found(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz", "--minutes", str(MINUTES)]
    done = subprocess.run(
        [*command, "--findings", str(tmp_path)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
