"""What is found of documents whose sentences, kinds, speakers and dates are known.

    python -m tests.benchmarks.documents [pdf|nasty|word97] [--wrong]

Ten reports of each type are made by chance (seed 0) and read; `nasty` reads three that are harder, `word97`
the ten as LibreOffice, which must be installed, saves them for Word 97, and `pdf` compares what PDF readers
give on twenty PDFs, where pdfminer.six and pdfplumber are installed too.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from random import Random
from subprocess import DEVNULL, run
from tempfile import TemporaryDirectory

from framelens.core.types import Sentence
from framelens.preprocessing.structure import sentences_of

from tests.benchmarks.made_documents import FORMS, Report, as_pdf, expected, made_report
from tests.benchmarks.nasty_documents import FORMS as NASTY_FORMS
from tests.benchmarks.nasty_documents import NASTY
from tests.benchmarks.nasty_documents import expected as nasty
from tests.benchmarks.tables import markdown
from tests.helpers import read

REPORTS = 10
UNSCORED = ("Notes",)


def sentences(path: Path) -> list[Sentence]:
    """What a file is read as."""
    return list(sentences_of(read([path]), "document"))


def flat(text: str) -> str:
    """A text in one line."""
    return " ".join(text.split())


Sentences = Callable[[Report, str], Sequence[tuple[str, str, str | None]]]
"""The sentences of a report in a form, with their kinds and speakers."""


class Score:
    """Counts of what was found and what should have been."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.wrong: list[str] = []

    def add(
        self,
        report: Report,
        wanted: Sequence[tuple[str, str, str | None]],
        form: str,
        found: list[Sentence],
    ) -> None:
        """Count a document in. A masthead's own lines are not scored."""
        ours: dict[str, list[Sentence]] = {}
        masthead = flat(" ".join(report.masthead))
        for one in found:
            if flat(one.text) not in masthead and one.text not in UNSCORED:
                ours.setdefault(flat(one.text), []).append(one)
        self.count["found"] += sum(map(len, ours.values()))
        for text, kind, speaker in wanted:
            self.count["expected"] += 1
            if not ours.get(text):
                self.wrong.append(f"{form} missing: {text}")
                continue
            one = ours[text].pop(0)
            self.count["matched"] += 1
            self.count["kind"] += one.kind == kind
            self.count["speaker"] += one.fields.get("speaker") == speaker
            if one.kind != kind or one.fields.get("speaker") != speaker:
                self.wrong.append(
                    f"{form} {one.kind} {one.fields.get('speaker')} {kind} {speaker}: {text}"
                )
        self.wrong += [f"{form} extra: {text}" for text, rest in ours.items() if rest]
        self.count["documents"] += 1
        days = {str(one.meta.get("date")) for one in found}
        self.count["dates"] += len(days) == 1 and days.pop().startswith(str(report.day))

    def row(self, name: str) -> list[str]:
        """A line of the table."""
        count = self.count
        shares = (
            ("matched", "expected"),
            ("matched", "found"),
            ("kind", "matched"),
            ("speaker", "matched"),
        )
        figures = [f"{count[part] / count[whole]:.3f}" for part, whole in shares]
        return [
            name,
            f"{count['expected']:,}",
            *figures,
            f"{count['dates']} of {count['documents']}",
        ]


def by_type(
    reports: Sequence[Report],
    forms: Mapping[str, Callable[[Report], bytes]],
    expected: Sentences,
    folder: Path,
) -> dict[str, Score]:
    """The scores of each type."""
    scores = {form: Score() for form in forms}
    for form, make in forms.items():
        for at, report in enumerate(reports):
            path = folder / f"{at}.{form}"
            path.write_bytes(make(report))
            scores[form].add(report, expected(report, form), form, sentences(path))
    return scores


def of_word97(reports: Sequence[Report], folder: Path) -> Score:
    """The score of reports that LibreOffice has saved for Word 97."""
    score, made = Score(), [folder / f"{at}.docx" for at in range(len(reports))]
    for report, path in zip(reports, made, strict=True):
        path.write_bytes(FORMS["docx"](report))
    form = ["--headless", "--convert-to", "doc:MS Word 97", "--outdir", str(folder)]
    run(["soffice", *form, *map(str, made)], check=True, stdout=DEVNULL)
    for report, path in zip(reports, made, strict=True):
        score.add(report, expected(report, "doc"), "doc", sentences(path.with_suffix(".doc")))
    return score


def _pypdf(path: Path) -> str:
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def _pdfminer(path: Path) -> str:
    from pdfminer.high_level import extract_text

    return str(extract_text(str(path)))


def _pdfplumber(path: Path) -> str:
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages)


def _pypdfium2(path: Path) -> str:
    from pypdfium2 import PdfDocument

    with PdfDocument(path.read_bytes()) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def _ours(path: Path) -> str:
    return "\n".join(passage.text for passage in read([path]))


EXTRACTORS: dict[str, Callable[[Path], str]] = {
    "pypdf": _pypdf,
    "pdfminer.six": _pdfminer,
    "pdfplumber": _pdfplumber,
    "pypdfium2": _pypdfium2,
    "framelens, on pypdfium2": _ours,
}


def of_extractors(folder: Path) -> list[list[str]]:
    """For each, the share of sentences that are in its text as they are, by kind of PDF."""
    kinds = [(columns, kerning) for columns in (1, 2) for kerning in (False, True)]
    made: list[tuple[int, Report, Path]] = []
    for at in range(20):
        report = made_report(Random(1000 + at))
        columns, kerning = kinds[at % 4]
        path = folder / f"{at}.pdf"
        path.write_bytes(as_pdf(report, Random(at), columns=columns, kerning=kerning))
        made.append((at % 4, report, path))
    rows = []
    for name, extract in EXTRACTORS.items():
        hits, all_ = Counter[int](), Counter[int]()
        for kind, report, path in made:
            text = flat(extract(path))
            for one in chain.from_iterable(block.sentences for block in report.blocks):
                all_[kind] += 1
                hits[kind] += one in text
        rows.append([name, *(f"{hits[kind] / all_[kind]:.3f}" for kind in range(4))])
    return rows


def main(arguments: list[str]) -> None:
    """Print the tables."""
    with TemporaryDirectory() as place:
        if "pdf" in arguments:
            heading = ["", "one column", "the same, kerned", "two columns", "the same, kerned"]
            print(markdown(heading, of_extractors(Path(place))))
            return
        if "nasty" in arguments:
            scores = by_type(NASTY, NASTY_FORMS, nasty, Path(place))
        else:
            made = [made_report(Random(at)) for at in range(REPORTS)]
            if "word97" in arguments:
                scores = {"doc": of_word97(made, Path(place))}
            else:
                scores = by_type(made, FORMS, expected, Path(place))
        heading = ["type", "sentences", "recall", "precision", "kind", "speaker", "date"]
        print(markdown(heading, [score.row(f".{form}") for form, score in scores.items()]))
        if "--wrong" in arguments:
            print("\n".join(line for score in scores.values() for line in score.wrong))


if __name__ == "__main__":
    main(sys.argv[1:])
