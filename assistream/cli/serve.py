"""``assistream serve``: the embedded engine as a program of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from ..errors import ConfigurationError
from .loading import MODEL_KEY, REHEARSAL, load_model, model_behind
from .options import visible

if TYPE_CHECKING:
    from ..engine import Engine
    from ..engine.terms import WhenBusy

__all__ = ["serve"]


def _keys(text: str) -> str:
    if text and not all(key.strip() for key in text.split(",")):
        raise typer.BadParameter("one of the API keys is empty: several are written KEY,KEY")
    return visible(text)


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
    if not 0 < seconds <= 31_622_400:  # infinity and NaN are numbers, too
        raise typer.BadParameter(f"{str(value)!r} is not a number of seconds")
    return seconds


def _pause(value: str | float) -> float:
    return 0.0 if str(value) in ("0", "0.0") else _seconds(value)


def _count(value: str | int) -> int:
    text = str(value)
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise typer.BadParameter(f"{text!r} is not a number of runs")
    return int(text)


def _bytes(value: str | int) -> int:
    text = str(value)
    if not (text.isascii() and text.isdecimal() and len(text) < 16 and int(text)):
        raise typer.BadParameter(f"{text!r} is not a number of bytes")
    return int(text)


def _policy(text: str) -> str:
    if text not in ("reject", "queue", "interrupt"):
        raise typer.BadParameter(f"{text!r} is not reject, queue or interrupt")
    return text


def _yes_or_no(text: str) -> str:
    if text not in ("yes", "no"):
        raise typer.BadParameter(f"{text!r} is not yes or no")
    return text


def _option(name: str, text: str, metavar: str | None = None, parser: Callable[..., Any] | None = None) -> Any:
    """An option that is read from the environment where it is not given."""
    variable = f"ASSISTREAM_{name.replace('-', '_').upper()}"
    return typer.Option(f"--{name}", envvar=variable, help=text, metavar=metavar, parser=parser)


Host = Annotated[
    str, _option("host", "The address to listen on; any but this machine's own needs an API key.", parser=visible)
]
Port = Annotated[int, _option("port", "0 is any free one.", "PORT", _port)]
File = Annotated[str, _option("database", "The file that keeps everything; :memory: keeps nothing.", "FILE")]
ModelUrl = Annotated[
    str, _option("model-url", "A server that speaks Chat Completions, like http://127.0.0.1:11434/v1.", "URL")
]
Which = Annotated[
    str,
    _option(
        "model",
        "With --model-url the server's model that answers, by default the one an assistant names."
        f" Else {REHEARSAL} (the default), which is offline, or MODULE:NAME, a model, or an async function, of yours.",
    ),
]
KeyVariable = Annotated[
    str,
    _option("model-key", f"The environment variable with that server's key. By default {MODEL_KEY}.", "VARIABLE"),
]
Keys = Annotated[
    str,
    _option(
        "api-key",
        "What clients must present, or several, with commas, beside the keys in the database (`assistream keys`);"
        " without any, everybody on this machine is let in.",
        parser=_keys,
    ),
]
Busy = Annotated[
    str,
    _option(
        "busy", "For a thread that has a run: reject others, queue them, or interrupt it.", "POLICY", parser=_policy
    ),
]
Runs = Annotated[int, _option("max-runs", "The runs that are worked on at once.", "RUNS", _count)]
Queued = Annotated[int, _option("max-queued", "How many others may wait for that.", "RUNS", _count)]
Leaving = Annotated[
    str,
    _option(
        "cancel-on-disconnect",
        "yes: a run whose stream nobody follows any more is cancelled.",
        "yes|no",
        _yes_or_no,
    ),
]
Drain = Annotated[
    float, _option("drain", "The seconds that runs in progress get to end when it is stopped.", "SECONDS", _pause)
]
Seconds = Annotated[
    float, _option("run-ttl", "The seconds after which a run that is not over expires.", "SECONDS", _seconds)
]
Upload = Annotated[int, _option("max-upload", "The bytes that an uploaded file may have.", "BYTES", _bytes)]
Readable = Annotated[
    str,
    _option(
        "open-files",
        "yes: files of every purpose can be read back, not only what tools made.",
        "yes|no",
        _yes_or_no,
    ),
]


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    database: File = "assistream.db",
    model_url: ModelUrl = "",
    model: Which = "",
    model_key: KeyVariable = "",
    api_key: Keys = "",
    run_ttl: Seconds = 600,
    busy: Busy = "reject",
    max_runs: Runs = 1000,
    max_queued: Queued = 1000,
    cancel_on_disconnect: Leaving = "no",
    drain: Drain = 10,
    max_upload: Upload = 512 * 1024 * 1024,
    open_files: Readable = "no",
) -> None:
    """Run the embedded server until Ctrl-C."""
    try:
        from ..engine.serve import serve
    except ImportError as error:
        raise ConfigurationError(str(error)) from error
    with suppress(KeyboardInterrupt):  # before the engine had started, or again while it was stopping
        serve(
            database,
            model=model_behind(model_url, model or None, model_key) if model_url else load_model(model or REHEARSAL),
            host=host,
            port=port,
            api_key=[key.strip() for key in api_key.split(",")] if api_key else None,
            run_ttl=run_ttl,
            busy=cast("WhenBusy", busy),
            max_runs=max_runs,
            max_queued=max_queued,
            cancel_on_disconnect=cancel_on_disconnect == "yes",
            drain=drain,
            max_upload=max_upload,
            open_files=open_files == "yes",
            started=lambda engine: _announce(engine, _answering(model, model_url), database, bool(api_key)),
        )


def _answering(model: str, url: str) -> str:
    return f"{model or 'what assistants name'} at {url}" if url else model or REHEARSAL


def _announce(engine: Engine, model: str, database: str, has_key: bool) -> None:
    place = database if database == ":memory:" else Path(database).resolve()
    kept = "" if database == ":memory:" else _kept(database)
    which = " or ".join([*(["the key you gave"] if has_key else []), *(["one of these keys"] if kept else [])])
    key = f"  ASSISTREAM_API_KEY=({which})\n" if which else ""
    print(
        f"Serving {engine.base_url}\n"
        f"Model: {model}. Database: {place}\n"
        f"{kept}"
        "Programs find it with this in their environment:\n"
        f"  ASSISTREAM_BASE_URL={engine.base_url}\n"
        f"{key}"
        "Ctrl-C stops it.",
        flush=True,
    )


def _kept(database: str) -> str:
    """What the database's own keys are, if it has any."""
    from ..engine.keys import KeyFile

    active = [key for key in KeyFile(database).all() if key.status(int(time.time())) == "active"]
    if not active:
        return ""
    projects = sorted({key.project for key in active})
    return f"Keys in the database: {len(active)}, of the project{'s'[: len(projects) > 1]} {', '.join(projects)}\n"
