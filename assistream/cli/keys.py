"""``assistream keys``."""

from __future__ import annotations

import json as json_
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ConfigurationError
from . import output
from .options import Json

if TYPE_CHECKING:
    from ..engine.keys import Key, KeyFile

__all__ = ["app"]

app: typer.Typer = typer.Typer(help="Make, list and revoke the keys of an embedded server, also while it runs.")

_UNITS = {"m": 60, "h": 3600, "d": 86_400}
_LONGEST = 100 * 366 * 86_400


def _duration(text: str) -> int:
    """Seconds: ``90d``, ``12h`` or ``30m``."""
    found = re.fullmatch(r"([0-9]{1,9})([mhd])", text)
    seconds = int(found[1]) * _UNITS[found[2]] if found else 0
    if not 0 < seconds <= _LONGEST:
        raise typer.BadParameter(f"{text!r} is not like 90d, 12h or 30m")
    return seconds


def _moment(text: str) -> int:
    """When something expires that does so after a time, or on a day."""
    try:
        return int(datetime.fromisoformat(text).timestamp())
    except (ValueError, OverflowError):
        pass
    try:
        return int(time.time()) + _duration(text)
    except typer.BadParameter:
        raise typer.BadParameter(f"{text!r} is neither like 90d, 12h or 30m nor a date like 2030-12-31") from None


Name = Annotated[str, typer.Argument(metavar="NAME", help="What the key is called: who, or what, has it.")]
Which = Annotated[str, typer.Argument(metavar="NAME", help="The key's name, or its id.")]
Database = Annotated[
    str,
    typer.Option("--database", envvar="ASSISTREAM_DATABASE", metavar="FILE", help="The database of the server."),
]
Project = Annotated[
    str, typer.Option("--project", metavar="PROJECT", help="Whose it is: keys of a project share what they make.")
]
Expires = Annotated[
    int | None,
    typer.Option(
        "--expires",
        parser=_moment,
        metavar="WHEN",
        help="After a time, like 90d, 12h or 30m, or on a date. Else never.",
    ),
]
Grace = Annotated[
    int | None,
    typer.Option("--grace", parser=_duration, metavar="TIME", help="How long the old key is good, too, like 12h."),
]
Yes = Annotated[
    bool, typer.Option("--yes", help="Also the last one, without which a server on a loopback address needs no key.")
]


@app.command()
def create(
    name: Name,
    project: Project = "default",
    expires: Expires = None,
    database: Database = "assistream.db",
    json: Json = False,
) -> None:
    """Make a key, and the database if there is none. The key is shown this once."""
    _tell(*_keys(database).create(name, project, expires_at=expires), json=json)


@app.command("list")
def all_of_them(database: Database = "assistream.db", json: Json = False) -> None:
    """List the keys, also those that are revoked or expired."""
    _show(_keys(database).all(), json=json)


@app.command()
def revoke(name: Which, database: Database = "assistream.db", json: Json = False) -> None:
    """Revoke a key: a server that runs refuses it within a second."""
    _say("revoked", _keys(database).revoke(name), json=json)


@app.command()
def rotate(
    name: Which,
    grace: Grace = None,
    expires: Expires = None,
    database: Database = "assistream.db",
    json: Json = False,
) -> None:
    """Make a key in the place of another one, which is revoked, or is good for a while."""
    _tell(*_keys(database).rotate(name, grace=grace or 0, expires_at=expires), json=json)


@app.command()
def delete(name: Which, yes: Yes = False, database: Database = "assistream.db", json: Json = False) -> None:
    """Forget a key. What was made with it stays."""
    _say("deleted", _keys(database).delete(name, last=yes), json=json)


def _keys(database: str) -> KeyFile:
    try:
        from ..engine.keys import KeyFile
    except ImportError as error:
        raise ConfigurationError(str(error)) from error
    return KeyFile(database)


def _show(keys: Sequence[Key], *, json: bool) -> None:
    at = int(time.time())
    if json:
        for key in keys:
            print(json_.dumps(asdict(key) | {"status": key.status(at)}))
        return
    columns = ("id", "name", "project", "status", "created", "expires", "used")
    times = [[output.moment(at) for at in (key.created_at, key.expires_at, key.used_at)] for key in keys]
    rows = [(key.id, key.name, key.project, key.status(at), *when) for key, when in zip(keys, times, strict=True)]
    output.print_table(columns, rows)


def _say(what: str, keys: Sequence[Key], *, json: bool) -> None:
    if json:
        _show(keys, json=True)
        return
    for key in keys:
        print(f"{what} {key.name} ({key.id})")


def _tell(key: Key, secret: str, *, json: bool) -> None:
    """The key alone, so that a script can take it; and on a terminal that it will not be seen again."""
    if json:
        print(json_.dumps(asdict(key) | {"key": secret}))
        return
    print(secret)
    if sys.stdout.isatty():
        print(f"This is the key {key.name!r} of the project {key.project!r}. Keep it now: it is not shown again.")
