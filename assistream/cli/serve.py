"""``assistream serve``: the embedded engine as a program of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from ..errors import ConfigurationError
from .loading import EMBEDDINGS_KEY, MODEL_KEY, REHEARSAL, load_embeddings, load_model, model_behind
from .observing import WEBHOOK_SECRET, tracer_provider, webhooks
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


def _threads(value: str | int) -> int:
    text = str(value)
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text)):
        raise typer.BadParameter(f"{text!r} is not a number of threads")
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


def _one_of(*allowed: str) -> Callable[[str], str]:
    def parsed(text: str) -> str:
        if text and text not in allowed:
            raise typer.BadParameter(f"{text!r} is not {', '.join(allowed[:-1])} or {allowed[-1]}")
        return text

    return parsed


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
RunsCode = Annotated[
    str,
    _option(
        "code-interpreter",
        "yes: code that models write is run, in a sandbox. It needs Linux with bubblewrap.",
        "yes|no",
        _yes_or_no,
    ),
]
CodePython = Annotated[
    str, _option("code-python", "The Python that it runs in, by default this one; it needs ipykernel.", "FILE")
]
CodeSeconds = Annotated[float, _option("code-seconds", "The seconds that a piece of it may take.", "SECONDS", _seconds)]
CodeMemory = Annotated[
    int, _option("code-memory", "The bytes of memory that a thread's code may use.", "BYTES", _bytes)
]
CodeDisk = Annotated[int, _option("code-disk", "The bytes that a thread's code may have in files.", "BYTES", _bytes)]
CodeKernels = Annotated[
    int, _option("code-kernels", "The threads whose variables are kept at once.", "THREADS", _threads)
]
EmbeddingsUrl = Annotated[
    str,
    _option("embeddings-url", "A server with /embeddings, like http://127.0.0.1:11434/v1, for vector stores.", "URL"),
]
EmbeddingsModel = Annotated[
    str,
    _option(
        "embeddings-model",
        "With --embeddings-url the server's model; else MODULE:NAME, an async function of yours from texts to vectors."
        " By default files are found by their words alone.",
    ),
]
EmbeddingsKey = Annotated[
    str,
    _option(
        "embeddings-key", f"The environment variable with that server's key. By default {EMBEDDINGS_KEY}.", "VARIABLE"
    ),
]
AccessLog = Annotated[
    str,
    _option("access-log", "yes: each request, and the end of each run, is logged.", "yes|no", _yes_or_no),
]
LogFormat = Annotated[
    str,
    _option("log-format", "text, for people, or json: an object in each line.", "text|json", _one_of("text", "json")),
]
LogLevel = Annotated[
    str,
    _option(
        "log-level",
        "From which level on the engine says something, on stderr: debug, info, warning or error.",
        "LEVEL",
        _one_of("debug", "info", "warning", "error"),
    ),
]
OTel = Annotated[
    str,
    _option(
        "otel",
        "yes: OpenTelemetry gets spans of what is done; start it with opentelemetry-instrument.",
        "yes|no",
        _yes_or_no,
    ),
]
WebhookUrl = Annotated[
    str,
    _option("webhook", "Who is told when a run has ended, or waits for tool outputs.", "URL"),
]
WebhookSecret = Annotated[
    str,
    _option(
        "webhook-key",
        f"The environment variable with what these requests are signed with. By default {WEBHOOK_SECRET}.",
        "VARIABLE",
    ),
]
WebhookEvents = Annotated[
    str,
    _option("webhook-events", "Of which events it is told, with commas, like thread.run.failed.", "EVENTS"),
]
Page = Annotated[
    str,
    _option("playground", "no: there is no page at / on which a person can use the server.", "yes|no", _yes_or_no),
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
    code_interpreter: RunsCode = "no",
    code_python: CodePython = "",
    code_seconds: CodeSeconds = 120,
    code_memory: CodeMemory = 1024 * 1024 * 1024,
    code_disk: CodeDisk = 256 * 1024 * 1024,
    code_kernels: CodeKernels = 10,
    embeddings_url: EmbeddingsUrl = "",
    embeddings_model: EmbeddingsModel = "",
    embeddings_key: EmbeddingsKey = "",
    access_log: AccessLog = "no",
    log_format: LogFormat = "text",
    log_level: LogLevel = "",
    otel: OTel = "no",
    webhook: WebhookUrl = "",
    webhook_key: WebhookSecret = "",
    webhook_events: WebhookEvents = "",
    playground: Page = "yes",
) -> None:
    """Run the embedded server until Ctrl-C."""
    try:
        from ..engine.interpreter import CodeInterpreter
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
            code_interpreter=code_interpreter == "yes"
            and CodeInterpreter(
                python=code_python or None,
                seconds=code_seconds,
                memory=code_memory,
                disk=code_disk,
                kernels=code_kernels,
            ),
            embeddings=load_embeddings(embeddings_url, embeddings_model, embeddings_key),
            access_log=access_log == "yes",
            tracer_provider=tracer_provider() if otel == "yes" else None,
            webhooks=webhooks(webhook, webhook_key, webhook_events),
            log_format=cast("Any", log_format),
            log_level=cast("Any", log_level or ("debug" if os.environ.get("ASSISTREAM_LOG") == "debug" else "info")),
            playground=playground == "yes",
            started=lambda engine: _announce(engine, _answering(model, model_url), database, bool(api_key)),
        )


def _answering(model: str, url: str) -> str:
    return f"{model or 'what assistants name'} at {url}" if url else model or REHEARSAL


def _announce(engine: Engine, model: str, database: str, has_key: bool) -> None:
    place = database if database == ":memory:" else Path(database).resolve()
    kept = "" if database == ":memory:" else _kept(database)
    which = " or ".join([*(["the key you gave"] if has_key else []), *(["one of these keys"] if kept else [])])
    key = f"  ASSISTREAM_API_KEY=({which})\n" if which else ""
    page = f"Playground: {engine.playground_url}\n" if engine.playground_url else ""
    print(
        f"Serving {engine.base_url}\n"
        f"Model: {model}. Database: {place}\n"
        f"{kept}"
        "Programs find it with this in their environment:\n"
        f"  ASSISTREAM_BASE_URL={engine.base_url}\n"
        f"{key}"
        f"{page}"
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
