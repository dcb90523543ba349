"""`framelens rules`: look at the rules, and see whether they hold."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from framelens.cli import options
from framelens.core.errors import FramelensError
from framelens.core.types import counted

if TYPE_CHECKING:
    from framelens.rules.rule_files import RuleSet

app = typer.Typer(no_args_is_help=True, help="List, show, test, check and measure the rules.")


def _read(folder: Path | None, project: Path | None) -> RuleSet:
    from framelens.rules.rule_files import read_rules

    return read_rules(options.rules_of(folder, project))


@app.command("list")
def list_rules(rules: options.RulesOption = None, project: options.ProjectOption = None) -> None:
    """Print every rule and exclusion: its id, and why it is there."""
    compiled = _read(rules, project)
    for item in compiled.items:
        weak = " (weak)" if getattr(item, "weak", False) else ""
        typer.echo(f"{item.id}{weak}\t{item.note}")


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="The rule's id, as `list` prints it.")],
    rules: options.RulesOption = None,
    project: options.ProjectOption = None,
) -> None:
    """Print one rule in full: note, patterns, phrases and examples."""
    compiled = _read(rules, project)
    items = {item.id: item for item in compiled.items}
    if name not in items:
        from difflib import get_close_matches

        near = ", ".join(get_close_matches(name, items)) or "see `framelens rules list`"
        raise FramelensError(f"no rule {name!r}; the nearest: {near}")
    item = items[name]
    lines = [item.id, f"  file     {item.file}", f"  note     {item.note}"]
    lines += [f"  pattern  {json.dumps(list(row), ensure_ascii=False)}" for row in item.patterns]
    lines += [f"  phrase   {phrase}" for phrase in item.phrases]
    lines += [f"  matches  {text}" for text in item.matches]
    lines += [f"  skips    {text}" for text in item.skips]
    typer.echo("\n".join(lines))


@app.command("test")
def run_examples(rules: options.RulesOption = None, project: options.ProjectOption = None) -> None:
    """Run every rule's own examples; leave with 1 where one fails."""
    from framelens.preprocessing.tokenizer import english_tokenizer
    from framelens.rules.examples import failed_examples

    compiled = _read(rules, project)
    failed = list(failed_examples(compiled, english_tokenizer()))
    for example in failed:
        typer.echo(str(example))
    items = compiled.items
    examples = sum(len(item.matches) + len(item.skips) for item in items)
    typer.echo(
        f"{counted(len(items), 'rule')}, {counted(examples, 'example')}, {len(failed):,} failed"
    )
    if failed:
        raise typer.Exit(1)


@app.command("lint")
def lint(
    form: options.Printed = "table",
    rules: options.RulesOption = None,
    project: options.ProjectOption = None,
) -> None:
    """Look for slips in rule files; leave with 1 where there is an error.

    Errors are what cannot do as it says: files that are not rule files, token attributes and
    operators that do not exist, patterns that can match nothing, ids of another frame. Warnings are
    what is likely a slip: words that no token has as texts are read (don't, or ca and n't), patterns
    written twice or held by another of the frame, open ends, too few examples, examples that
    contradict another rule, lists that are not used.
    """
    from framelens.preprocessing.tokenizer import english_tokenizer
    from framelens.rules.lint import lint

    findings = lint(options.rules_of(rules, project), english_tokenizer())
    if form == "json":
        typer.echo(json.dumps([asdict(row) for row in findings], indent=1))
    else:
        from framelens.cli.render.rules import print_findings

        print_findings(findings, sys.stdout)
    if any(row.severity == "error" for row in findings):
        raise typer.Exit(1)


@app.command("stats")
@options.takes(options.label_form)
def stats(
    labelled: Annotated[
        Path | None,
        typer.Argument(help="Labelled sentences. [default: the shipped evaluation set]"),
    ] = None,
    form: options.Printed = "table",
    rules: options.RulesOption = None,
    project: options.ProjectOption = None,
    **given: Any,
) -> None:
    """Print what each rule is worth: hits, precision with interval, F1 without it."""
    from framelens.evaluation.rule_statistics import rule_statistics
    from framelens.evaluation.trial import shipped_set
    from framelens.preprocessing.tokenizer import english_tokenizer
    from framelens.project.labelled.reading import read_labelled

    reading = options.measured_form(options.project_of(project), **given)
    compiled = _read(rules, project)
    path = labelled or shipped_set(compiled.scheme.names)
    sentences = read_labelled(path, compiled.scheme.names, reading, note=options.tell)
    rows = rule_statistics(compiled, sentences, english_tokenizer())
    if form == "json":
        typer.echo(json.dumps([asdict(row) for row in rows], indent=1))
        return
    from framelens.cli.render.rules import print_rule_statistics

    print_rule_statistics(rows, sys.stdout)
