"""framelens and its peers: accuracy on the same labelled sentences, speed on the same others.

    python -m tests.benchmarks.peers [LABELLED.jsonl ...] [--plot FILE.svg] [--table FILE.md]

All are trained on corpus/training.jsonl and tested on the evaluation set and on the files given.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from framelens.core.errors import FramelensError
from framelens.core.files import data_path
from framelens.core.types import Bools
from framelens.rules.rule_files import read_rules

from tests.benchmarks.pace import Pace, pace_of
from tests.benchmarks.samples import Sample, read_samples, training_sentences
from tests.benchmarks.scatter import Panel, scatter
from tests.benchmarks.systems import FRAMELENS, make_contest
from tests.benchmarks.tables import markdown, shown, write

Guesses = Mapping[str, Mapping[str, Bools]]
"""Labels by system and by the name of the sample."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the tables, and write them and the plot where that is asked."""
    options = _parser().parse_args(arguments)
    try:
        _run(options)
    except FramelensError as error:
        sys.exit(f"peers: error: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.peers")
    parser.add_argument("labelled", nargs="*", type=Path, help="more labelled files to test on")
    parser.add_argument("--table", type=Path, help="write the tables here (Markdown)")
    parser.add_argument("--plot", type=Path, help="write accuracy against speed here (SVG)")
    parser.add_argument("--sentences", type=int, default=20_000, help="a round at most [20000]")
    parser.add_argument("--seconds", type=float, default=4, help="a system and round, about [4]")
    parser.add_argument("--rounds", type=int, default=3, help="of timing [3]")
    parser.add_argument(
        "--parser", default="en_core_web_sm", help="a spaCy pipeline, if installed [en_core_web_sm]"
    )
    return parser


def _run(options: argparse.Namespace) -> None:
    frames = read_rules(data_path("rules")).scheme.names
    training = training_sentences(frames)
    samples = read_samples(options.labelled, frames, training)
    contest = make_contest(training, options.parser, _say)
    _say("labelling")
    guesses = {
        name: {sample.name: system(sample.texts) for sample in samples}
        for name, system in contest.systems.items()
    }
    _say("timing")
    pace = pace_of(contest.systems, options.sentences, options.seconds, options.rounds)
    parts = [
        _accuracy(samples, guesses, pace),
        f"By how much the macro F1 of {FRAMELENS} is above that of each other system:",
        _leads(samples, guesses),
        _note(len(training), pace, contest.remarks),
    ]
    text = "\n\n".join(parts) + "\n"
    print(text)
    write(options.table, text)
    write(options.plot, scatter(_panels(samples, guesses), pace.systems))


def _accuracy(samples: Sequence[Sample], guesses: Guesses, pace: Pace) -> str:
    heading = ["macro F1 (95%)", *(sample.title for sample in samples), "sentences/s", "time"]
    rows = [
        [
            name,
            *(shown(sample.figures(found[sample.name]).macro_f1) for sample in samples),
            f"{pace.systems[name]:,.0f}",
            f"{pace.tokenizer / pace.systems[name]:,.1f}",
        ]
        for name, found in guesses.items()
    ]
    return markdown(heading, rows)


def _leads(samples: Sequence[Sample], guesses: Guesses) -> str:
    rows = [
        [
            name,
            *(
                shown(sample.lead(guesses[FRAMELENS][sample.name], found[sample.name]), sign=True)
                for sample in samples
            ),
        ]
        for name, found in guesses.items()
        if name != FRAMELENS
    ]
    return markdown(["lead (95%)", *(sample.title for sample in samples)], rows)


def _panels(samples: Sequence[Sample], guesses: Guesses) -> list[Panel]:
    return [
        Panel(
            sample.title,
            {name: sample.figures(found[sample.name]).macro_f1 for name, found in guesses.items()},
        )
        for sample in samples
        if sample.whole
    ]


def _note(training: int, pace: Pace, remarks: Sequence[str]) -> str:
    made_with = ", ".join(f"{name} {version(name)}" for name in ("spacy", "scikit-learn", "numpy"))
    lines = [
        f"All that learn were trained on the same {training:,} sentences, their penalties or epochs "
        "and their thresholds chosen by cross-validation in the same folds. Intervals are by "
        "bootstrap. *time* is how many times as long a system takes as spaCy's bare tokenizer "
        f"({pace.tokenizer:,.0f} sentences/s) in the same run, over varied sentences of "
        f"{pace.words:.0f} words on average that none had met before.",
        *remarks,
        f"Python {platform.python_version()}, {made_with}; {os.cpu_count()} cores, of which MiniLM "
        "uses all and every other system one.",
    ]
    return "\n".join(lines)


def _say(message: str) -> None:
    print(f"{message} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
