"""The speed, start-up, memory and growth of framelens, each beside what it must reach.

    python -m tests.benchmarks.speed [PART ...] [--sentences N] [--memory MB] [--step N]

Ratios are of times taken in turns in this run, each in its fastest round.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from framelens.core.errors import FramelensError

from tests.benchmarks.finding import Finding, table
from tests.benchmarks.timing import Clock

CLOCKS: Mapping[str, Clock] = {"wall": time.perf_counter, "processor": time.process_time}

Part = Callable[[argparse.Namespace, Clock], list[Finding]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the parts asked for, or all, and print a table."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.parts if name not in PARTS]:
        parser.error(f"no part {unknown[0]!r}; expected any of {', '.join(PARTS)}")
    found: list[Finding] = []
    try:
        for name in options.parts or PARTS:
            print(f"{name} …", file=sys.stderr, flush=True)
            found += PARTS[name](options, CLOCKS[options.clock])
    except FramelensError as error:
        sys.exit(f"speed: error: {error}")
    print(table(found))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.speed")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)} [all]")
    parser.add_argument("--sentences", type=int, default=100_000, help="for throughput [100000]")
    parser.add_argument("--rounds", type=int, default=3, help="of every timing [3]")
    parser.add_argument("--starts", type=int, default=7, help="of every process [7]")
    parser.add_argument("--memory", type=int, default=60, help="MB of the largest file [60]")
    parser.add_argument(
        "--step", type=int, default=10_000, help="sentences, then 2, 4, 8 × [10000]"
    )
    parser.add_argument("--ruled", type=int, default=20_000, help="sentences for rules × 4 [20000]")
    parser.add_argument("--trained", type=int, default=10_000, help="sentences to train on [10000]")
    parser.add_argument("--requests", type=int, default=10_000, help="to the server [10000]")
    parser.add_argument(
        "--clock", choices=CLOCKS, default="wall", help="processor: on a busy machine [wall]"
    )
    return parser


def _throughput(options: argparse.Namespace, clock: Clock) -> list[Finding]:
    from tests.benchmarks.throughput import throughput

    return throughput(options.sentences, options.rounds, clock)


def _start(options: argparse.Namespace, _: Clock) -> list[Finding]:
    from tests.benchmarks.processes import start_up

    return start_up(options.starts)


def _memory(options: argparse.Namespace, _: Clock) -> list[Finding]:
    from tests.benchmarks.processes import memory

    return memory(options.memory)


def _growth(options: argparse.Namespace, clock: Clock) -> list[Finding]:
    from tests.benchmarks.growth import by_sentences

    return by_sentences(options.step, options.rounds, clock)


def _rules(options: argparse.Namespace, clock: Clock) -> list[Finding]:
    from tests.benchmarks.growth import by_rules

    return by_rules(options.ruled, options.rounds, clock)


def _model(options: argparse.Namespace, clock: Clock) -> list[Finding]:
    from tests.benchmarks.growth import loading, training

    return [*loading(10 * options.rounds), *training(options.trained, clock)]


def _serve(options: argparse.Namespace, _: Clock) -> list[Finding]:
    from tests.benchmarks.serving import serving

    return serving(options.requests, at_once=200)


PARTS: Mapping[str, Part] = {
    "start": _start,
    "throughput": _throughput,
    "growth": _growth,
    "rules": _rules,
    "memory": _memory,
    "model": _model,
    "serve": _serve,
}


if __name__ == "__main__":
    main()
