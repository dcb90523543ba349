"""framelens beside ten lines of scikit-learn, on codebooks of others.

    python -m tests.benchmarks.codebooks FILE... [--splits 3] [--most 6000] [--cues] [--table FILE.md]

Each file holds labelled sentences (as `framelens train` reads them). Where every sentence has one
label, the codebook is taken for an exclusive one. A fifth of the sentences, drawn anew for each
split, is tested on; near-duplicates and sentences of one document are on one side. There are no rules;
with `--cues` framelens stands there a second time, with those that `framelens codebook new` proposes
from the training part.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from framelens.analysis.cues import codebook_of
from framelens.core.errors import FramelensError
from framelens.core.types import Bools
from framelens.project.folder import write_codebook
from framelens.project.folds import fold_groups
from framelens.project.labelled import LabelledSentence
from framelens.rules.rule_files import RuleSet, parse_rules, read_sources
from framelens.statistics.metrics import macro_f1
from framelens.training.baselines import baselines
from framelens.training.train import label_matrix, train
from sklearn.model_selection import GroupShuffleSplit

from tests.benchmarks.tables import markdown, write

OURS = "framelens"
WITH_CUES = "framelens with proposed cues"
LEAST = 25
"""Sentences that a label must have to be kept: four fifths of them must do to learn from."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare on each file, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.codebooks")
    parser.add_argument("labelled", nargs="+", type=Path)
    parser.add_argument("--splits", type=int, default=3)
    parser.add_argument("--most", type=int, default=6_000, help="sentences of a set, at most")
    parser.add_argument("--cues", action="store_true", help="try proposed rules, too")
    parser.add_argument("--table", type=Path, help="write the table here (Markdown)")
    options = parser.parse_args(arguments)
    try:
        rows = [line for path in options.labelled for line in compare(path, options)]
    except FramelensError as error:
        sys.exit(f"codebooks: error: {error}")
    heading = ["sentences", "labels", "framelens", "better baseline", "ahead", "a split", "s"]
    text = markdown(heading, rows) + "\n"
    print(text, end="")
    write(options.table, text)


def compare(path: Path, options: argparse.Namespace) -> Iterable[list[str]]:
    """A row for a file: mean macro F1 in points, of framelens and of the better baseline."""
    sentences, rules = read(path, options.most)
    gold = label_matrix(sentences, rules.scheme.names)
    texts = np.array([row.text for row in sentences], dtype=object)
    found: dict[str, list[float]] = {}
    begun = time.perf_counter()
    splits = GroupShuffleSplit(options.splits, test_size=0.2, random_state=0)
    for seen, tested in splits.split(texts, groups=fold_groups(sentences)):
        given = baselines(
            texts[seen], gold[seen], texts[tested], exclusive=rules.scheme.exclusive
        ) | {OURS: ours([sentences[at] for at in seen], rules, texts[tested])}
        if options.cues:
            learned = [sentences[at] for at in seen]
            given[WITH_CUES] = ours(learned, cued(learned, rules), texts[tested])
        for name, labels in given.items():
            found.setdefault(name, []).append(100 * macro_f1(gold[tested], labels))
        print(path.stem, {name: round(row[-1], 1) for name, row in found.items()}, file=sys.stderr)
    means = {name: float(np.mean(row)) for name, row in found.items()}
    best = max((name for name in means if name not in (OURS, WITH_CUES)), key=means.__getitem__)
    leads = [one - other for one, other in zip(found[OURS], found[best], strict=True)]
    kind = "exclusive" if rules.scheme.exclusive else "side by side"
    yield [
        f"{path.stem} ({kind})",
        f"{len(sentences):,}",
        str(len(rules.scheme.names)),
        f"{means[OURS]:.1f}" + (f" (with cues {means[WITH_CUES]:.1f})" if options.cues else ""),
        f"{means[best]:.1f} ({best})",
        f"{means[OURS] - means[best]:+.1f}",
        " ".join(f"{lead:+.1f}" for lead in leads),
        f"{(time.perf_counter() - begun) / options.splits:.0f}",
    ]


def ours(sentences: Sequence[LabelledSentence], rules: RuleSet, texts: Sequence[str]) -> Bools:
    """The labels that a model trained on the sentences gives to texts, sentences × frames."""
    estimator = train(sentences, rules).estimator
    found: Bools = estimator.predict_proba(texts) >= estimator[-1].thresholds
    if rules.scheme.exclusive:
        given = estimator.predict(texts)
        found = np.equal.outer(given, np.array(rules.scheme.names, dtype=object))
    return found


def cued(sentences: Sequence[LabelledSentence], rules: RuleSet) -> RuleSet:
    """The same scheme with the weak rules that `framelens codebook new` proposes from sentences."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = folder / "learned.jsonl"
        lines = (json.dumps({"text": row.text, "labels": list(row.labels)}) for row in sentences)
        table.write_text("\n".join(lines), encoding="utf-8")
        write_codebook(folder / "own", codebook_of("labels", [table]))
        sources = read_sources(folder / "own" / "rules")
    return parse_rules({**sources, "scheme.toml": rules.sources["scheme.toml"]})


def read(path: Path, most: int) -> tuple[list[LabelledSentence], RuleSet]:
    """The sentences of a file whose labels are not too rare, and a scheme of these labels."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    order = np.random.default_rng(0).permutation(len(rows))[:most]
    rows = [rows[at] for at in sorted(order)]
    names = sorted({label for row in rows for label in row["labels"]})
    counts = {name: sum(name in row["labels"] for row in rows) for name in names}
    names = [name for name in names if counts[name] >= LEAST]
    kept = [row for row in rows if all(label in names for label in row["labels"])]
    sentences = [
        LabelledSentence(str(at), row["text"], tuple(row["labels"]), None, row.get("document"))
        for at, row in enumerate(kept)
    ]
    exclusive = all(len(row.labels) == 1 for row in sentences)
    return sentences, scheme_of(names, exclusive=exclusive)


def scheme_of(names: Sequence[str], *, exclusive: bool) -> RuleSet:
    """A scheme of labels, without rules."""
    lines = ['title = "labels"', f"exclusive = {str(exclusive).lower()}"]
    for name in names:
        text = json.dumps(name, ensure_ascii=False)
        lines.append(f'[[frame]]\nname = {text}\ntest = "?"\nletter = "L"\ncolour = "#444444"')
    return parse_rules({"scheme.toml": "\n".join(lines)})


if __name__ == "__main__":
    main()
