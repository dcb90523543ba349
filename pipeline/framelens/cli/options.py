"""Options that several commands take, and how they are read."""

# Without `from __future__ import annotations`: annotations are options here, and taken as they stand.
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from glob import has_magic
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from framelens.core.errors import FramelensError, one_line
from framelens.core.files import PROJECT, RULES, rules_folder
from framelens.core.settings import ENGLISH, Mode, Settings, Tables, check_languages
from framelens.core.types import DOCUMENT, KINDS, MOST_GROUPS, Detail, Unit

if TYPE_CHECKING:
    from framelens.project.folder import ProjectFolder
    from framelens.project.labelled.forms import LabelForm

Command = Callable[..., None]


def takes(*readers: Callable[..., object]) -> Callable[[Command], Command]:
    """Decorator that replaces a command's `**given` by the keyword-only parameters of some functions."""
    shared = [
        one
        for reader in readers
        for one in signature(reader).parameters.values()
        if one.kind is Parameter.KEYWORD_ONLY
    ]

    def widened(command: Command) -> Command:
        whole = signature(command, eval_str=True)
        own = [one for one in whole.parameters.values() if one.kind is not Parameter.VAR_KEYWORD]
        command.__signature__ = whole.replace(parameters=[*own, *shared])  # type: ignore[attr-defined]
        return command

    return widened


def taken(reader: Callable[..., Any], given: dict[str, Any]) -> Any:
    """The result of a function for its options, which are removed from those `given`."""
    return reader(**{name: given.pop(name) for name in signature(reader).parameters})


PATHS = (
    "Files (.txt, .md, .srt, .vtt, .html, .pdf, .docx, .doc, .odt, .rtf, .eml, .mhtml, .jsonl, .csv, "
    ".tsv, .xlsx, .xls, .ods, .parquet, .zip of these), folders, patterns such as '*.pdf', or - for "
    "standard input."
)
Inputs = Annotated[list[str], typer.Argument(metavar="PATH...", help=PATHS)]
ModelOption = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Folder of a trained model. [default: the project's, else shipped]",
    ),
]
RulesOption = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Folder of rules. [default: the project's or the model's, else shipped]",
    ),
]
ProjectOption = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        envvar="FRAMELENS_PROJECT",
        help="Folder of a codebook of your own: its rules and model. [default: this folder, if "
        "there is a framelens.toml in it]",
    ),
]
RulesOnly = Annotated[bool, typer.Option("--rules-only", help="Let the rules decide alone.")]
ModelOnly = Annotated[
    bool, typer.Option("--model-only", help="Let the model's terms decide alone.")
]
UnitOption = Annotated[
    Unit,
    typer.Option(help="Split documents into sentences, or take each as one."),
]
TargetOption = Annotated[
    Literal["documents", "texts"],
    typer.Option(help="Corrected shares are of documents like these, or of these very texts."),
]
Cluster = Annotated[
    str,
    typer.Option(
        metavar="FIELD", help="What sentences are alike in: intervals and tests allow for that."
    ),
]
TrainedOn = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE",
        help="What the model was trained on, if it has seen sentences of these texts: models without "
        "them are trained to predict them; repeatable, in the order that train had, and read as the "
        "project says.",
    ),
]
Encoding = Annotated[str, typer.Option(help="How text files that are not UTF-8 are encoded.")]
SkipBad = Annotated[
    bool,
    typer.Option(
        "--skip-bad",
        help="Go on after bad records; count them and keep them, beside a file that is written, in a "
        ".rejects.jsonl file, or else name the first.",
    ),
]
MinAbout = Annotated[
    float,
    typer.Option(
        metavar="P",
        help="Take only sentences that are about the codebook's subject (human rights) with this "
        "probability, from 0 to 1, by the model.",
    ),
]
TextColumn = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Column, or field, with the texts. [default: text]"),
]
Delimiter = Annotated[
    str | None,
    typer.Option(
        metavar="MARK",
        help="What stands between cells, such as ';' or tab. [default: as the header has it]",
    ),
]
OutputFile = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write here. [default: screen]"),
]
SampleFile = Annotated[
    Path,
    typer.Option("--output", "-o", metavar="FILE", help="Write here, .csv, .jsonl or .xlsx."),
]
FORMAT = typer.Option(
    "--format", help="What to write. [default: by the name of FILE, else a table]"
)
Printed = Annotated[Literal["table", "json"], typer.Option("--format", help="What to print.")]
ALL = "all"
"""Stands for every kind, or every language."""


def settings(
    evidence: Detail,
    shares: bool = False,
    min_about: float = 0.0,
    *,
    unit: UnitOption = "document",
    main_text: Annotated[
        bool,
        typer.Option(
            "--main-text",
            help="Leave out page furniture: menus, bylines, captions, datelines, appeals, notices.",
        ),
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND",
            help="Take sentences of this kind alone, or all: prose, heading, table, note, contents, "
            "names, caption, menu, quoted (in mail); repeatable. [default: all for classify, prose "
            "for shares]",
        ),
    ] = None,
    min_words: Annotated[
        int,
        typer.Option(min=0, metavar="N", help="Leave out sentences of fewer words."),
    ] = 0,
    language: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE",
            help="Take documents in this language alone (such as en), or all; repeatable. "
            "[default: all for classify, en for shares]",
        ),
    ] = None,
    encoding: Encoding = "utf-8",
    skip_bad: SkipBad = False,
    about: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WORDS",
            help="Take only sentences that name these words, or stand beside one that does, such as "
            "'human rights' or 'right*'; repeatable. In classify: a field, relevant.",
        ),
    ] = None,
    **given: Any,
) -> Settings:
    """The settings of a command that reads texts; `shares` says that it counts frames, and `given`
    are the options of `tables` and `deciding`.

    Raise FramelensError where options exclude each other or name what there is not.
    """
    read: Tables = taken(tables, given)
    decided = deciding(**given)
    kinds = only or (["prose"] if shares else [ALL])
    for kind in kinds:
        if kind not in (*KINDS, ALL):
            raise FramelensError(f"--only {kind}: expected {', '.join(KINDS)} or {ALL}")
    codes = language or ([ENGLISH] if shares else [ALL])
    if ALL not in codes:
        check_languages(codes)
    return replace(
        decided,
        evidence=evidence,
        unit=unit,
        main_text=main_text,
        only=() if ALL in kinds else tuple(kind for kind in KINDS if kind in kinds),
        min_words=min_words,
        languages=() if ALL in codes else tuple(codes),
        encoding=encoding,
        skip_bad=skip_bad,
        about=tuple(about or ()),
        min_about=min_about,
        tables=read,
    )


def tables(
    *,
    text_column: TextColumn = None,
    id_column: Annotated[
        str | None, typer.Option(metavar="NAME", help="Column with the ids. [default: id]")
    ] = None,
    date_column: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Column with the dates. [default: date, published_date and the like]",
        ),
    ] = None,
    date_format: Annotated[
        str | None,
        typer.Option(
            metavar="FORMAT",
            help="How dates are written, such as '%d %b %Y'. [default: any usual form]",
        ),
    ] = None,
    day_first: Annotated[
        bool, typer.Option("--day-first", help="Read 03/04/2024 as 3 April.")
    ] = False,
    delimiter: Delimiter = None,
    names: Annotated[
        str | None,
        typer.Option(
            metavar="PATTERN",
            help="Take fields from paths, such as '{country}_{session}_{year}.txt'; {iso:3} takes "
            "three characters, {n:d} digits, {year:4d} four of them.",
        ),
    ] = None,
    metadata: Annotated[
        Path | None,
        typer.Option(
            metavar="TABLE",
            help="Join the fields of this table (.csv, .tsv, .jsonl) to the documents.",
        ),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Column of --metadata that holds file names, ids, or the values of a field of that "
            "name. [default: file, filename, path, document or id]",
        ),
    ] = None,
) -> Tables:
    """How tables are read."""
    given: dict[str, Any] = locals()  # each option is called as its field
    return Tables(**{**given, "metadata": str(metadata) if metadata else None})


MOST_DIGITS = 18
"""The most digits of a number of groups."""


def grouping(
    *,
    over: Annotated[
        str | None,
        typer.Option(
            metavar="FIELD",
            help="Cross the fields of --by with this one, such as session, or with year, quarter, "
            "month or day of the date.",
        ),
    ] = None,
    top: Annotated[
        str,
        typer.Option(
            metavar="N|all",
            help="Values of a field that have groups of their own, the commonest; others are put "
            "together.",
        ),
    ] = str(MOST_GROUPS),
    sort: Annotated[
        Literal["size", "name", "share"],
        typer.Option(
            help="Order groups by sentences (dates and numbers in their own order), by name, or by the "
            "share that carries any frame.",
        ),
    ] = "size",
    cluster: Cluster = DOCUMENT,
) -> dict[str, Any]:
    """How sentences are grouped, by names of the library's options; raise FramelensError where `top`
    is no number."""
    if top != "all" and (len(top) > MOST_DIGITS or not top.isdecimal() or not int(top)):
        raise FramelensError(f"--top {top}: expected a whole number from 1 on, or all")
    most = None if top == "all" else int(top)
    return {"over": over, "top": most, "sort": sort, "cluster": cluster}


def deciding(
    *,
    model: ModelOption = None,
    rules: RulesOption = None,
    project: ProjectOption = None,
    rules_only: RulesOnly = False,
    model_only: ModelOnly = False,
    threshold: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FRAME=P",
            help="Probability from which a frame is given; repeatable.",
        ),
    ] = None,
) -> Settings:
    """Settings of what decides; raise FramelensError where the options exclude each other."""
    model, rules = folders(model, rules, project)
    return Settings(
        model=str(model) if model else None,
        rules=str(rules) if rules else None,
        mode=mode(rules_only, model_only),
        thresholds=tuple(thresholds(threshold or []).items()),
    )


def label_form(
    own: "ProjectFolder | None",
    *,
    text_column: TextColumn = None,
    label_column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Column with the labels; or, repeated or as a pattern such as 'topic_*', the "
            "columns that hold 1 or 0, one a label. [default: labels, or label]",
        ),
    ] = None,
    separator: Annotated[
        str | None,
        typer.Option(
            metavar="MARK", help="What stands between the labels of a sentence. [default: |]"
        ),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option(
            metavar="FIELD",
            help="Keep sentences together that have the same of this field, in folds and in "
            "intervals; none takes back what the project says. [default: document, or doc]",
        ),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="How text files that are not UTF-8 are encoded."),
    ] = None,
    delimiter: Delimiter = None,
    predictions: Annotated[
        bool,
        typer.Option(
            "--predictions",
            help="Take labels that framelens gave: people have read and corrected them.",
        ),
    ] = False,
) -> "LabelForm":
    """How labelled files are read: by the options, else by the project's settings."""
    given = dict(locals())  # each option is called as its field
    stated = {name: value for name, value in given.items() if value and name != "own"}
    from framelens.project.labelled.forms import LabelForm

    reading: dict[str, Any] = {**(own.reading if own else {}), **stated}
    named = {"text_column", "label_column"}
    reading["of_others"] = own is not None and named.isdisjoint(stated)
    return LabelForm(**{**reading, "label_column": tuple(reading.get("label_column", ()))})


def measured_form(own: "ProjectFolder | None", **given: Any) -> "LabelForm":
    """How labelled files to measure on are read: they need not have the group that the project says."""
    form = label_form(own, **given)
    return form if given.get("group") else replace(form, group_if_there=True)


def learned_form(
    *, project: ProjectOption = None, encoding: Encoding = "utf-8", **_: object
) -> "LabelForm":
    """How the files that a model was trained on are read: as its project reads them."""
    own = project_of(project)
    says_encoding = own is not None and "encoding" in own.reading
    return label_form(own, encoding=None if says_encoding else encoding)


def mode(rules_only: bool, model_only: bool) -> Mode:
    """The mode; raise FramelensError where both options are given."""
    if rules_only and model_only:
        raise FramelensError("--rules-only and --model-only exclude each other")
    return "rules" if rules_only else "model" if model_only else "hybrid"


def thresholds(values: Sequence[str]) -> dict[str, float]:
    """Thresholds by frame from words such as `monitoring=0.4`."""
    by_frame = {}
    for value in values:
        frame, equals, number = value.rpartition("=")
        try:
            by_frame[frame.strip()] = float(number)
        except ValueError:
            equals = ""
        if not equals:
            raise FramelensError(f"--threshold {value}: expected FRAME=P, such as monitoring=0.4")
    return by_frame


def project_of(project: Path | None) -> "ProjectFolder | None":
    """The project asked for, else that of the current folder, if it is one."""
    if project is None and not Path(PROJECT).is_file():
        return None
    from framelens.project.folder import read_project

    return read_project(project or Path())


def folders(
    model: Path | None, rules: Path | None, project: Path | None
) -> tuple[Path | None, Path | None]:
    """The folders of model and rules: those given, else those of the project."""
    folder = project_of(project)
    if folder is None or (model is not None and rules is not None):
        return model, rules
    if model is None:
        from framelens.project.rare import carries_part_of

        if rules is None and carries_part_of(folder.model, folder.rules):
            return folder.model, None
        return folder.model, rules or folder.rules
    # A model that carries its rules needs no others.
    return model, None if (model / RULES).is_dir() else folder.rules


NAME = 256
"""Bytes below which a file's name is: to ask for a longer one is an error."""


def check_text(text: str | None, paths: Sequence[str]) -> None:
    """Raise FramelensError where a text is given beside paths, or where a path should be."""
    if text is not None and paths:
        raise FramelensError("--text and PATH exclude each other")
    for path in paths:
        # With a suffix or a folder in it, it was hardly meant as a text.
        is_file = path == "-" or has_magic(path) or (len(path) < NAME and Path(path).exists())
        if not is_file and (" " in path or not ("/" in path or Path(path).suffix)):
            problem = "no such file or folder; expected one, or the text itself behind --text"
            raise FramelensError(f"{path:.80}: {problem}")


def tell(note: str) -> None:
    """Say on standard error what should be known of the input."""
    print(f"framelens: {one_line(note)}", file=sys.stderr)


def wrote(output: Path | None, what: str) -> None:
    """Say on standard error what a file holds that was written."""
    print(one_line(f"{output}: {what}"), file=sys.stderr)


def rules_of(rules: Path | None, project: Path | None) -> Path:
    """The folder of rules, where no model is needed."""
    folder = project_of(project) if rules is None else None
    return rules_folder(folder.rules if folder else rules, None)
