"""The commands, put together. Nothing is imported for a command before it is carried out."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from .._version import __version__
from . import assistants, demo, health, keys, replay, runs, serve, threads, transfer
from .chat import command as chat

__all__ = ["app"]

app: typer.Typer = typer.Typer(
    help="Assistants: a client, a streaming runtime and a server.",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"assistream {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Log to stderr what is sent, and tell where something fails.")
    ] = False,
) -> None:
    if debug:
        os.environ["ASSISTREAM_LOG"] = "debug"


app.command("demo")(demo.demo)
app.command("chat")(chat.chat)
app.command("serve")(serve.serve)
app.command("health")(health.health)
app.command("replay")(replay.replay)
app.command("export")(transfer.export)
app.command("import")(transfer.load)
app.command("backup")(transfer.backup)
app.add_typer(assistants.app, name="assistants")
app.add_typer(threads.app, name="threads")
app.add_typer(runs.app, name="runs")
app.add_typer(keys.app, name="keys")
