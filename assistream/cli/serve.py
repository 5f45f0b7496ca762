"""``assistream serve``: the embedded engine as a program of its own."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import ConfigurationError
from .loading import REHEARSAL, load_model
from .options import visible

if TYPE_CHECKING:
    from ..engine import Engine

__all__ = ["serve"]


def _port(value: str | int) -> int:
    text = str(value)
    if not (text.isascii() and text.isdecimal()) or int(text) > 65535:
        raise typer.BadParameter(f"{text!r} is not a port: 0 to 65535")
    return int(text)


def _seconds(value: str | float) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e9:  # infinity and NaN are numbers, too
        raise typer.BadParameter(f"{str(value)!r} is not a number of seconds")
    return seconds


def _option(name: str, text: str, **more: Any) -> Any:
    """An option that is read from the environment where it is not given."""
    return typer.Option(f"--{name}", envvar=f"ASSISTREAM_{name.replace('-', '_').upper()}", help=text, **more)


Host = Annotated[
    str, _option("host", "The address to listen on; any but this machine's own needs an API key.", parser=visible)
]
Port = Annotated[int, _option("port", "0 is any free one.", parser=_port, metavar="PORT")]
File = Annotated[str, _option("database", "The file that keeps everything; :memory: keeps nothing.", metavar="FILE")]
Which = Annotated[
    str, _option("model", f"{REHEARSAL} is offline; MODULE:NAME is a model, or an async function, of yours.")
]
Key = Annotated[str, _option("api-key", "What clients must present; by default everybody is let in.", parser=visible)]
Seconds = Annotated[
    float,
    _option("run-ttl", "The seconds after which a run that is not over expires.", parser=_seconds, metavar="SECONDS"),
]


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    database: File = "assistream.db",
    model: Which = REHEARSAL,
    api_key: Key = "",
    run_ttl: Seconds = 600,
) -> None:
    """Run the embedded server until Ctrl-C."""
    try:
        from ..engine.serve import serve
    except ImportError as error:
        raise ConfigurationError(str(error)) from error
    with suppress(KeyboardInterrupt):  # before the engine had started, or again while it was stopping
        serve(
            database,
            model=load_model(model),
            host=host,
            port=port,
            api_key=api_key or None,
            run_ttl=run_ttl,
            started=lambda engine: _announce(engine, model, database, bool(api_key)),
        )


def _announce(engine: Engine, model: str, database: str, has_key: bool) -> None:
    place = database if database == ":memory:" else Path(database).resolve()
    key = "  ASSISTREAM_API_KEY=(the key you gave)\n" if has_key else ""
    print(
        f"Serving {engine.base_url}\n"
        f"Model: {model}. Database: {place}\n"
        "Programs find it with this in their environment:\n"
        f"  ASSISTREAM_BASE_URL={engine.base_url}\n"
        f"{key}"
        "Ctrl-C stops it.",
        flush=True,
    )
