"""`framelens serve`: a local page on which a statement is marked, and the same as an API."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import Annotated

import typer

from framelens.cli import options
from framelens.core.errors import FramelensError


def command(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port; 0 takes any that is free.")
    ] = 8000,
    host: Annotated[
        str,
        typer.Option(help="Address to listen at; with another than this, others can reach it."),
    ] = "127.0.0.1",
    model: options.ModelOption = None,
    rules: options.RulesOption = None,
    project: options.ProjectOption = None,
    rules_only: options.RulesOnly = False,
    model_only: options.ModelOnly = False,
    threshold: options.Thresholds = None,
) -> None:
    """Open a local page: paste or drop a statement and see it marked, with the evidence.

    The same comes as JSON from POST /classify; /openapi.json describes it. Ctrl+C stops the server.

    Examples:

      framelens serve

      curl -H 'Content-Type: application/json' -d '{"text": "The talks failed."}' http://127.0.0.1:8000/classify
    """
    settings = options.deciding(
        model=model,
        rules=rules,
        project=project,
        rules_only=rules_only,
        model_only=model_only,
        threshold=threshold,
    )
    if not (find_spec("fastapi") and find_spec("uvicorn")):
        advice = "install them with: pip install 'framelens[serve]'"
        raise FramelensError(f"serving needs fastapi and uvicorn; {advice}")

    from framelens.serve.hosts import is_loopback
    from framelens.serve.server import serve

    if not is_loopback(host):
        warning = "whoever can reach this machine can use this server; it asks for no password"
        print(f"framelens: warning: {host}: {warning}", file=sys.stderr)
    serve(
        host=host,
        port=port,
        settings=settings,
        ready=lambda url: typer.echo(f"framelens serves {url} - Ctrl+C stops it"),
    )
