"""``assistream export``, ``import`` and ``backup``: for who runs an engine."""

from __future__ import annotations

import json as json_
import sys
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ConfigurationError
from .options import ApiKey, visible
from .output import write
from .progress import counted, progress

if TYPE_CHECKING:
    from ..engine.transfer.outcome import Counts

__all__ = ["backup", "export", "load"]

Database = Annotated[
    Path,
    typer.Option(
        envvar="ASSISTREAM_DATABASE", metavar="FILE", dir_okay=False, help="The engine's database; it may be in use."
    ),
]
Into = Annotated[
    Path,
    typer.Option(
        envvar="ASSISTREAM_DATABASE",
        metavar="FILE",
        dir_okay=False,
        help="The database, which is made if there is none; no engine may be using it.",
    ),
]
BaseUrl = Annotated[
    str | None,
    typer.Option(parser=visible, metavar="URL", help="In place of a database: an engine that runs, with its /v1."),
]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="A new file in place of stdout.")]
Target = Annotated[Path, typer.Argument(metavar="TARGET", help="The new file.")]
Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="What was exported; - is standard input.")]
Hosted = Annotated[
    bool,
    typer.Option(
        "--from-openai",
        help="The files are what OpenAI's API answered: lists of messages, objects, or JSON lines of them.",
    ),
]
Skip = Annotated[
    bool,
    typer.Option("--skip-existing", help="Skip what is there already, with what belongs to it, and import the rest."),
]
Json = Annotated[bool, typer.Option("--json", help="JSON, for programs.")]

_DEFAULT = Path("assistream.db")
_STDIN = Path("-")


def export(
    context: typer.Context,
    database: Database = _DEFAULT,
    base_url: BaseUrl = None,
    api_key: ApiKey = None,
    output: Output = None,
) -> None:
    """Write all that an engine keeps, as it is now, as JSON lines; the engine may go on meanwhile."""
    _need_engine()
    _one_of_both(context, base_url)
    from ..engine.transfer import databases

    target = output or sys.stdout.buffer
    if base_url is None:
        with progress("Exporting") as tell:
            databases.export(database, target, tell)
        return
    from .administration import exported

    with progress("Exporting", unit="bytes") as tell:
        databases.put(target, counted(exported(base_url, api_key), None, tell))


def load(
    context: typer.Context,
    files: Files,
    database: Into = _DEFAULT,
    base_url: BaseUrl = None,
    api_key: ApiKey = None,
    from_openai: Hosted = False,
    skip_existing: Skip = False,
    json: Json = False,
) -> None:
    """Import what was exported: all of it, or nothing."""
    _need_engine()
    _one_of_both(context, base_url)
    with _lines(files, from_openai) as (lines, left_out):
        if base_url is None:
            from ..engine.transfer import databases

            tally = asdict(databases.load(database, lines, skip_existing=skip_existing))
        else:
            from .administration import imported

            tally = imported(base_url, api_key, lines, "skip" if skip_existing else "refuse")
    tally["left_out"] = left_out
    if json:
        print(json_.dumps(tally))
        return
    for what, name in ((tally["imported"], "imported"), (tally["skipped"], "skipped"), (left_out, "left out")):
        if any(what.values()) or name == "imported":
            write(f"{name}: {_listed(what)}\n")


def _listed(counts: Mapping[str, int]) -> str:
    from ..recording.words import clean

    return clean(", ".join(f"{count} {name}" for name, count in counts.items() if count)) or "nothing"


@contextmanager
def _lines(files: Sequence[Path], from_openai: bool) -> Generator[tuple[Iterable[bytes], Counts]]:
    """What is to be imported, and what of the files is not."""
    if from_openai:
        from ..engine.transfer import hosted

        for file in files:
            _check(file)
        with hosted.from_openai(*files) as found:
            yield found, found.left_out
        return
    if len(files) > 1:
        raise ConfigurationError("One export is imported at a time: all of it, or nothing.")
    from ..engine.transfer.databases import pieces_of

    if files[0] == _STDIN:
        yield pieces_of(sys.stdin.buffer), {}
        return
    _check(files[0])
    with progress("Reading", unit="bytes") as tell:
        yield counted(pieces_of(files[0]), files[0].stat().st_size, tell), {}


def _check(file: Path) -> None:
    if not file.is_file():
        raise ConfigurationError(f"There is no file {str(file)!r}.")


def backup(target: Target, database: Database = _DEFAULT) -> None:
    """Copy a database, as it is now, into a new file; the engine may go on meanwhile."""
    _need_engine()
    from ..engine.transfer import databases

    with progress("Copying") as tell:
        databases.backup(database, target, tell)


def _one_of_both(context: typer.Context, base_url: str | None) -> None:
    """The environment may name a database for every command; one that is given here is meant."""
    source = context.get_parameter_source("database")
    if base_url and source and source.name == "COMMANDLINE":
        raise ConfigurationError("--base-url and --database are two different engines: give one of them.")


def _need_engine() -> None:
    try:
        import_module("assistream.engine")
    except ImportError as error:
        raise ConfigurationError(str(error)) from error
