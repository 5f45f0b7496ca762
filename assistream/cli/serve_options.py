"""The options of ``assistream serve``: each may stand in the environment, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

import typer

from .loading import EMBEDDINGS_KEY, MODEL_KEY, REHEARSAL
from .observing import WEBHOOK_SECRET
from .options import visible


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


def _number_of(what: str, least: int, digits: int) -> Callable[[str | int], int]:
    def parsed(value: str | int) -> int:
        text = str(value)
        if not (text.isascii() and text.isdecimal() and len(text) <= digits and int(text) >= least):
            raise typer.BadParameter(f"{text!r} is not a number of {what}")
        return int(text)

    return parsed


def _one_of(*allowed: str, empty: bool = False) -> Callable[[str], str]:
    def parsed(text: str) -> str:
        if text not in allowed and not (empty and not text):
            raise typer.BadParameter(f"{text!r} is not {', '.join(allowed[:-1])} or {allowed[-1]}")
        return text

    return parsed


def _option(name: str, text: str, metavar: str | None = None, parser: Callable[..., Any] | None = None) -> Any:
    """An option that is read from the environment where it is not given."""
    variable = f"ASSISTREAM_{name.replace('-', '_').upper()}"
    return typer.Option(f"--{name}", envvar=variable, help=text, metavar=metavar, parser=parser)


def _switch(name: str, text: str) -> Any:
    return _option(name, text, "yes|no", _one_of("yes", "no"))


Host: TypeAlias = Annotated[
    str, _option("host", "The address to listen on; any but this machine's own needs an API key.", parser=visible)
]
Port: TypeAlias = Annotated[int, _option("port", "0 is any free one.", "PORT", _port)]
File: TypeAlias = Annotated[str, _option("database", "The file that keeps everything; :memory: keeps nothing.", "FILE")]
ModelUrl: TypeAlias = Annotated[
    str, _option("model-url", "A server that speaks Chat Completions, like http://127.0.0.1:11434/v1.", "URL")
]
Which: TypeAlias = Annotated[
    str,
    _option(
        "model",
        "With --model-url the server's model that answers, by default the one an assistant names."
        f" Else {REHEARSAL} (the default), which is offline, or MODULE:NAME, a model, or an async function, of yours.",
    ),
]
KeyVariable: TypeAlias = Annotated[
    str, _option("model-key", f"The environment variable with that server's key. By default {MODEL_KEY}.", "VARIABLE")
]
Keys: TypeAlias = Annotated[
    str,
    _option(
        "api-key",
        "What clients must present, or several, with commas, beside the keys in the database (`assistream keys`);"
        " without any, everybody on this machine is let in.",
        parser=_keys,
    ),
]
Busy: TypeAlias = Annotated[
    str,
    _option(
        "busy",
        "For a thread that has a run: reject others, queue them, or interrupt it.",
        "POLICY",
        parser=_one_of("reject", "queue", "interrupt"),
    ),
]
Runs: TypeAlias = Annotated[
    int, _option("max-runs", "The runs that are worked on at once.", "RUNS", _number_of("runs", 0, 9))
]
Queued: TypeAlias = Annotated[
    int, _option("max-queued", "How many others may wait for that.", "RUNS", _number_of("runs", 0, 9))
]
Leaving: TypeAlias = Annotated[
    str, _switch("cancel-on-disconnect", "yes: a run whose stream nobody follows any more is cancelled.")
]
Drain: TypeAlias = Annotated[
    float, _option("drain", "The seconds that runs in progress get to end when it is stopped.", "SECONDS", _pause)
]
Seconds: TypeAlias = Annotated[
    float, _option("run-ttl", "The seconds after which a run that is not over expires.", "SECONDS", _seconds)
]
Upload: TypeAlias = Annotated[
    int, _option("max-upload", "The bytes that an uploaded file may have.", "BYTES", _number_of("bytes", 1, 15))
]
Readable: TypeAlias = Annotated[
    str, _switch("open-files", "yes: files of every purpose can be read back, not only what tools made.")
]
RunsCode: TypeAlias = Annotated[
    str,
    _switch("code-interpreter", "yes: code that models write is run, in a sandbox. It needs Linux with bubblewrap."),
]
CodePython: TypeAlias = Annotated[
    str, _option("code-python", "The Python that it runs in, by default this one; it needs ipykernel.", "FILE")
]
CodeSeconds: TypeAlias = Annotated[
    float, _option("code-seconds", "The seconds that a piece of it may take.", "SECONDS", _seconds)
]
CodeMemory: TypeAlias = Annotated[
    int,
    _option("code-memory", "The bytes of memory that a thread's code may use.", "BYTES", _number_of("bytes", 1, 15)),
]
CodeDisk: TypeAlias = Annotated[
    int, _option("code-disk", "The bytes that a thread's code may have in files.", "BYTES", _number_of("bytes", 1, 15))
]
CodeKernels: TypeAlias = Annotated[
    int,
    _option("code-kernels", "The threads whose variables are kept at once.", "THREADS", _number_of("threads", 1, 9)),
]
EmbeddingsUrl: TypeAlias = Annotated[
    str,
    _option("embeddings-url", "A server with /embeddings, like http://127.0.0.1:11434/v1, for vector stores.", "URL"),
]
EmbeddingsModel: TypeAlias = Annotated[
    str,
    _option(
        "embeddings-model",
        "With --embeddings-url the server's model; else MODULE:NAME, an async function of yours from texts to vectors."
        " By default files are found by their words alone.",
    ),
]
EmbeddingsKey: TypeAlias = Annotated[
    str,
    _option(
        "embeddings-key", f"The environment variable with that server's key. By default {EMBEDDINGS_KEY}.", "VARIABLE"
    ),
]
AccessLog: TypeAlias = Annotated[str, _switch("access-log", "yes: each request, and the end of each run, is logged.")]
LogFormat: TypeAlias = Annotated[
    str,
    _option(
        "log-format",
        "text, for people, or json: an object in each line.",
        "text|json",
        _one_of("text", "json", empty=True),
    ),
]
LogLevel: TypeAlias = Annotated[
    str,
    _option(
        "log-level",
        "From which level on the engine says something, on stderr: debug, info, warning or error.",
        "LEVEL",
        _one_of("debug", "info", "warning", "error", empty=True),
    ),
]
OTel: TypeAlias = Annotated[
    str, _switch("otel", "yes: OpenTelemetry gets spans of what is done; start it with opentelemetry-instrument.")
]
WebhookUrl: TypeAlias = Annotated[
    str, _option("webhook", "Who is told when a run has ended, or waits for tool outputs.", "URL")
]
WebhookSecret: TypeAlias = Annotated[
    str,
    _option(
        "webhook-key",
        f"The environment variable with what these requests are signed with. By default {WEBHOOK_SECRET}.",
        "VARIABLE",
    ),
]
WebhookEvents: TypeAlias = Annotated[
    str, _option("webhook-events", "Of which events it is told, with commas, like thread.run.failed.", "EVENTS")
]
Page: TypeAlias = Annotated[
    str, _switch("playground", "no: there is no page at / on which a person can use the server.")
]
