"""`framelens serve`: a local page on which a statement is marked, and the same as an API; or one on
which sentences are labelled."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from framelens.cli import options
from framelens.core.errors import FramelensError, one_line
from framelens.core.files import rules_folder


@options.takes(options.deciding)
def command(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port; 0 takes any that is free.")
    ] = 8000,
    host: Annotated[
        str,
        typer.Option(help="Address to listen at; with another than this, others can reach it."),
    ] = "127.0.0.1",
    label: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Label the sentences of this sample instead."),
    ] = None,
    codebook: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="With --label: shown beside them. [default: its rules']"),
    ] = None,
    **given: Any,
) -> None:
    """Open a local page: paste or drop a statement and see it marked, with the evidence.

    The same comes as JSON from POST /classify; /openapi.json describes it. With --label, it is a page
    on which coders label what framelens sample drew, each under a name; answers are saved one by one
    beside FILE (to-label.csv, to-label.ana.csv), for framelens coders merge. Ctrl+C stops the server.

    Examples:

      framelens serve

      framelens serve --label to-label.csv

      curl -H 'Content-Type: application/json' -d '{"text": "The talks failed."}' http://127.0.0.1:8000/classify
    """
    settings = options.deciding(**given)
    if codebook is not None and label is None:
        raise FramelensError("--codebook: expected with --label alone")
    if not (find_spec("fastapi") and find_spec("uvicorn") and find_spec("markdown_it")):
        advice = "install them with: pip install 'framelens[serve]'"
        raise FramelensError(f"serving needs fastapi, uvicorn and markdown-it-py; {advice}")

    from framelens.serve.hosts import is_loopback

    if not is_loopback(host):
        warning = "whoever can reach this machine can use this server; it asks for no password"
        print(one_line(f"framelens: warning: {host}: {warning}"), file=sys.stderr)

    def ready(url: str) -> None:
        typer.echo(f"framelens serves {url} - Ctrl+C stops it")

    if label is not None:
        from framelens.rules.rule_files import read_rules
        from framelens.serve.labelling.app import serve_labelling

        folder = rules_folder(settings.rules, settings.model)
        if given["model"] is None:  # with labels, too, that a model was trained without
            folder = options.rules_of(given["rules"], given["project"])
        text = _codebook(folder, codebook)
        scheme = read_rules(folder).scheme
        serve_labelling(label, scheme, codebook=text, host=host, port=port, ready=ready)
        return

    from framelens.serve.server import serve

    serve(host=host, port=port, settings=settings, ready=ready)


def _codebook(rules: Path, given: Path | None) -> str:
    """The text to show: that of the file given, else what goes with the rules."""
    from framelens.core.files import data_path, read_text

    if given is None:
        # That of a user's rules lies among them or beside their folder.
        beside_rules = [folder / "CODEBOOK.md" for folder in (rules, rules.absolute().parent)]
        shipped = data_path("corpus") / "CODEBOOK.md"
        places = [shipped] if rules == data_path("rules") else beside_rules
        given = next((place for place in places if place.is_file()), None)
    return read_text(given) if given else ""
