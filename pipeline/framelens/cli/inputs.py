"""Paths on the command line → classified sentences."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from framelens.api import open_classifier
from framelens.classification.classifier import FrameClassifier
from framelens.classification.modes import Mode
from framelens.classification.stream import Classified, classify_passages
from framelens.cli.progress import counted
from framelens.core.types import Detail, Passage, Unit
from framelens.preprocessing.boilerplate import main_text as without_furniture
from framelens.preprocessing.structure import with_fields
from framelens.readers import Rejects, read, size
from framelens.readers.rejects import rejects_path


@contextmanager
def classified(
    paths: Sequence[str],
    *,
    model: Path | None,
    rules: Path | None,
    mode: Mode,
    thresholds: Mapping[str, float],
    unit: Unit,
    main_text: bool,
    encoding: str,
    output: Path | None,
    skip_bad: bool,
    evidence: Detail,
) -> Iterator[tuple[Iterable[Classified], FrameClassifier]]:
    """The sentences of some paths with the fields found for them, and what classified them.

    With `skip_bad` bad records are counted, and kept beside the output if it is a file.
    """
    kept = rejects_path(output) if output else None
    with ExitStack() as stack:
        bad = stack.enter_context(Rejects(kept)) if skip_bad else None
        passages: Iterable[Passage] = read(paths, encoding=encoding, unit=unit, rejects=bad)
        passages = stack.enter_context(counted(passages, size(paths)))
        if main_text:
            passages = without_furniture(passages)
        classifier = open_classifier(model=model, rules=rules, mode=mode, thresholds=thresholds)
        rows = classify_passages(passages, classifier, unit=unit, evidence=evidence)
        yield with_fields(rows), classifier
    if bad is not None and bad.count:
        place = f", kept in {kept}" if kept else ""
        print(f"framelens: {bad.count} bad records passed over{place}", file=sys.stderr)
