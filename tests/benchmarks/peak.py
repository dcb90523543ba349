"""The peak memory of a command.

    python -m tests.benchmarks.peak COMMAND ...

It stands in a process of its own because Linux counts in a child's peak what its parent held when
it started the child; this one holds next to nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys

BYTES = 1 if sys.platform == "darwin" else 1024
"""In one unit of `ru_maxrss`."""


def main() -> None:
    """Run the command, its output thrown away, and print its peak memory in bytes."""
    child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    print(usage.ru_maxrss * BYTES)
    sys.exit(child.returncode)


if __name__ == "__main__":
    main()
