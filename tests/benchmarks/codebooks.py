"""framelens beside ten lines of scikit-learn, on codebooks of others.

    python -m tests.benchmarks.codebooks FILE... [--splits 3] [--most 6000] [--learned 200 500 3000]
        [--cues] [--rules DIR] [--table FILE.md]

Each file holds labelled sentences (as `framelens train` reads them). Where every sentence has one
label, the codebook is taken for an exclusive one. A fifth of the sentences, drawn anew for each
split, is tested on; near-duplicates and sentences of one document are on one side. There are no rules;
with `--cues` framelens stands there a second time, with those that `framelens codebook new` proposes
from the training part, all confirmed unread, and with `--rules` with the rules of a folder, whose
scheme has the same labels. `--learned` says how many of the other sentences are
learned from, drawn anew for each split (by default all); labels of fewer than ten are left out.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from framelens.analysis.cues import codebook_of
from framelens.core.errors import FramelensError
from framelens.core.types import Bools
from framelens.evaluation.trial import matrix
from framelens.project.folder import write_codebook
from framelens.project.folds import fold_groups
from framelens.project.labelled.sentence import LabelledSentence
from framelens.project.rare import rare_labels, rules_without, without_labels
from framelens.rules.rule_files import RuleSet, parse_rules, read_sources
from framelens.statistics.metrics import macro_f1
from framelens.training.comparison import baselines
from framelens.training.train import MIN_EXAMPLES, train
from scipy.stats import t
from sklearn.model_selection import GroupShuffleSplit

from tests.benchmarks.tables import markdown, write

OURS = "framelens"
WITH_CUES = "framelens with proposed cues"
WITH_RULES = "framelens with rules"
LEAST = 25
"""Sentences that a label must have to be kept: four fifths of them must do to learn from."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare on each file, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.codebooks")
    parser.add_argument("labelled", nargs="+", type=Path)
    parser.add_argument("--splits", type=int, default=3)
    parser.add_argument("--most", type=int, default=6_000, help="sentences of a set, at most")
    parser.add_argument(
        "--learned", nargs="+", type=int, default=[0], help="0 for all that there are"
    )
    parser.add_argument("--cues", action="store_true", help="try proposed rules, too")
    parser.add_argument("--rules", type=Path, help="try the rules of this folder, too")
    parser.add_argument("--table", type=Path, help="write the table here (Markdown)")
    options = parser.parse_args(arguments)
    try:
        rows = [
            compare(path, size, options) for path in options.labelled for size in options.learned
        ]
    except FramelensError as error:
        sys.exit(f"codebooks: error: {error}")
    heading = [
        "set",
        "learned from",
        "labels",
        "framelens",
        "better baseline",
        "ahead",
        "a split",
        "s",
    ]
    text = markdown(heading, rows) + "\n"
    print(text, end="")
    write(options.table, text)


def compare(path: Path, size: int, options: argparse.Namespace) -> list[str]:
    """A row for a file and so many sentences to learn from: mean macro F1 in points, of framelens and
    of the better baseline."""
    sentences, rules = read(path, options.most)
    found: dict[str, list[float]] = {}
    begun = time.perf_counter()
    splits = GroupShuffleSplit(options.splits, test_size=0.2, random_state=0)
    for number, (seen, tested) in enumerate(splits.split(sentences, groups=fold_groups(sentences))):
        drawn = np.random.default_rng(number).permutation(seen)[: size or None]
        learned = [sentences[at] for at in sorted(drawn)]
        more = {WITH_CUES: cued(learned, rules)} if options.cues else {}
        if options.rules:
            more[WITH_RULES] = with_rules(options.rules, rules)
        row = _split(learned, [sentences[at] for at in tested], {OURS: rules, **more})
        for name, score in row.items():
            found.setdefault(name, []).append(score)
        print(path.stem, len(learned), {name: round(row[name], 1) for name in row}, file=sys.stderr)
    means = {name: float(np.mean(row)) for name, row in found.items()}
    best = max((name for name in means if not name.startswith(OURS)), key=means.__getitem__)
    leads = [one - other for one, other in zip(found[OURS], found[best], strict=True)]
    kind = "exclusive" if rules.scheme.exclusive else "side by side"
    return [
        f"{path.stem} ({kind})",
        f"{len(learned):,}",
        str(len(rules.scheme.names)),
        f"{means[OURS]:.1f}" + "".join(_with(name, found) for name in (WITH_CUES, WITH_RULES)),
        f"{means[best]:.1f} ({best})",
        f"{means[OURS] - means[best]:+.1f}" + _spread(leads),
        " ".join(f"{lead:+.1f}" for lead in leads),
        f"{(time.perf_counter() - begun) / options.splits:.0f}",
    ]


def _split(
    learned: Sequence[LabelledSentence],
    tested: Sequence[LabelledSentence],
    tried: Mapping[str, RuleSet],
) -> dict[str, float]:
    """Macro F1 in points, by learner, on the labels that can be learned; `tried` are rules that
    framelens is trained with."""
    scheme = tried[OURS].scheme
    if rare := rare_labels(learned, scheme.names, MIN_EXAMPLES):
        learned, tested = without_labels(learned, rare), without_labels(tested, rare)
        tried = {name: rules_without(rules, list(rare)) for name, rules in tried.items()}
    names = tried[OURS].scheme.names
    texts, gold = [row.text for row in tested], matrix([row.labels for row in tested], names)
    seen = [row.text for row in learned]
    given = baselines(
        seen, matrix([row.labels for row in learned], names), texts, exclusive=scheme.exclusive
    )
    given |= {name: ours(learned, rules, texts) for name, rules in tried.items()}
    return {name: 100 * macro_f1(gold, labels) for name, labels in given.items()}


def _with(name: str, found: Mapping[str, Sequence[float]]) -> str:
    """The figure of framelens with cues or rules, and by how much it is ahead of that without."""
    if name not in found:
        return ""
    leads = [one - other for one, other in zip(found[name], found[OURS], strict=True)]
    said = name.removeprefix(f"{OURS} ")
    return f" ({said} {np.mean(found[name]):.1f}, {np.mean(leads):+.1f}{_spread(leads)})"


def with_rules(folder: Path, rules: RuleSet) -> RuleSet:
    """The same scheme with the rules of a folder."""
    return parse_rules({**read_sources(folder), "scheme.toml": rules.sources["scheme.toml"]})


def _spread(leads: Sequence[float]) -> str:
    """Half of the 95% interval of the mean lead over splits, by Student's t."""
    if len(leads) < 2:
        return ""
    return f" ± {t.ppf(0.975, len(leads) - 1) * np.std(leads, ddof=1) / len(leads) ** 0.5:.1f}"


def ours(sentences: Sequence[LabelledSentence], rules: RuleSet, texts: Sequence[str]) -> Bools:
    """The labels that a model trained on the sentences gives to texts, sentences × frames."""
    estimator = train(sentences, rules).estimator
    found: Bools = estimator.predict_proba(texts) >= estimator[-1].thresholds
    if rules.scheme.exclusive:
        given = estimator.predict(texts)
        found = np.equal.outer(given, np.array(rules.scheme.names, dtype=object))
    return found


def cued(sentences: Sequence[LabelledSentence], rules: RuleSet) -> RuleSet:
    """The same scheme with the rules that `framelens codebook new` proposes from sentences, all
    confirmed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = folder / "learned.jsonl"
        lines = (json.dumps({"text": row.text, "labels": list(row.labels)}) for row in sentences)
        table.write_text("\n".join(lines), encoding="utf-8")
        write_codebook(folder / "own", codebook_of("labels", [table]))
        sources = read_sources(folder / "own" / "rules")
    sources = {name: text.replace("proposed = true\n", "") for name, text in sources.items()}
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
