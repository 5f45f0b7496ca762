"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

__all__ = ["ApiKey", "BaseUrl", "Database", "Json", "Limit", "visible"]


def visible(text: str) -> str:
    """The value of an option that is sent somewhere; what cannot be sent is refused."""
    if not (text.isascii() and text.isprintable()):
        raise typer.BadParameter("it has characters that cannot be in it: a line break at its end?")
    return text


BaseUrl: TypeAlias = Annotated[
    str | None,
    typer.Option(
        parser=visible,
        metavar="URL",
        help="The server, with /v1 where it has that. By default ASSISTREAM_BASE_URL says.",
    ),
]
ApiKey: TypeAlias = Annotated[
    str | None,
    typer.Option(parser=visible, metavar="KEY", help="The server's key. By default ASSISTREAM_API_KEY says."),
]
Database: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--path", metavar="FILE", dir_okay=False, help="A database of the embedded server, in place of a server."
    ),
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="JSON, for programs: an object in each line.")]
Limit: TypeAlias = Annotated[int, typer.Option("--limit", min=1, metavar="N", help="How many at most.")]
