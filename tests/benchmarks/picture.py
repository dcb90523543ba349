"""The two documents at a glance: how many of the sentences of each carry each frame, by stance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path

from framelens.core.files import data_path, rules_folder
from framelens.core.types import counted
from framelens.project.labelled.reading import read_labelled
from framelens.project.labelled.sentence import stances_in
from framelens.report.svg import bar, element, label
from framelens.rules.rule_files import read_rules
from markupsafe import Markup

from tests.benchmarks.scatter import STYLE

PICTURE = Path(__file__).with_name("documents.svg")
TITLES = {
    "000_3a831c992af8ec3b.txt": "Human Rights Watch on “win-win” (2018)",
    "004_a54ea182ab6028ae.txt": "Human Rights in China on an MOU (2000)",
}
FILLS = ("#7fb996", "#8fb8ec", "#e0b45c", "#e38b7d")
"""One a stance; black can be read on each (WCAG 2.2, at least 4.5 to 1)."""
WIDTH, LEFT, TOP, ROW = 720, 104, 62, 26

Counts = Mapping[tuple[str, str], int]
"""How many sentences carry a frame with a stance."""


def picture() -> str:
    """The drawing: a panel a document, a row a frame, a segment a stance, as long as sentences are
    many, by the labels of corpus/evaluation.jsonl."""
    scheme = read_rules(rules_folder(None, None)).scheme
    rows = read_labelled(data_path("corpus/evaluation.jsonl"), scheme.names)
    found: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in TITLES}
    sizes = Counter(row.document for row in rows)
    for row in rows:
        for frame, stance in stances_in(row).items():
            found[row.document or ""][frame, stance] += 1
    most = max(
        sum(one[f, s] for s in scheme.stances) for one in found.values() for f in scheme.names
    )
    scale = (WIDTH - LEFT - 12) / most
    parts = [element("style", Markup(STYLE + ".in { fill: #1a1a1a; text-anchor: middle; }"))]
    parts += _key(scheme.stances)
    top = TOP
    for name, counts in found.items():
        title = f"{TITLES[name]}: {counted(sizes[name], 'sentence')}"
        parts += _panel(title, counts, top, scale, scheme.names, scheme.stances)
        top += ROW * (len(scheme.names) + 2)
    drawn = element(
        "svg", element("title", "Frames of the two documents by stance"), *parts,
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {top - ROW}",
        width=WIDTH, height=top - ROW, role="img",
    )  # fmt: skip
    return f"{drawn}\n"


def _key(stances: Sequence[str]) -> Iterator[Markup]:
    yield label((0, 18), "Sentences that carry a frame, by how they treat it", "title")
    for number, (stance, fill) in enumerate(zip(stances, FILLS, strict=True)):
        x = LEFT + 100.0 * number
        yield element("g", bar((x, 28), 12, 12, ""), fill=fill)
        yield label((x + 18, 38), stance, "")


def _panel(
    title: str,
    counts: Counts,
    top: float,
    scale: float,
    frames: Sequence[str],
    stances: Sequence[str],
) -> Iterator[Markup]:
    yield label((0, top + 14), title, "title")
    for row, frame in enumerate(frames, start=1):
        y = top + ROW * row
        yield label((LEFT - 8, y + 15), frame, "end")
        given = [counts.get((frame, stance), 0) for stance in stances]
        starts = accumulate(given, initial=0)
        for stance, count, start, fill in zip(stances, given, starts, FILLS, strict=False):
            if count:
                x = LEFT + start * scale
                said = element("title", f"{frame}, {stance}: {counted(count, 'sentence')}")
                box = bar((x, y + 2), count * scale - 1.5, ROW - 6, "")
                yield element("g", said, box, fill=fill)
                yield label((x + count * scale / 2, y + 15), str(count), "in")


def main() -> None:
    """Draw the picture anew."""
    PICTURE.write_text(picture(), encoding="utf-8")
    print(PICTURE)


if __name__ == "__main__":
    main()
