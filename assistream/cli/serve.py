"""``assistream serve``: the embedded engine as a program of its own."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..errors import ConfigurationError
from . import serve_options as options
from .loading import REHEARSAL, load_embeddings, load_model, model_behind
from .observing import tracer_provider, webhooks

if TYPE_CHECKING:
    from ..engine import Engine
    from ..engine.terms import WhenBusy

__all__ = ["serve"]


def serve(
    host: options.Host = "127.0.0.1",
    port: options.Port = 8000,
    database: options.File = "assistream.db",
    model_url: options.ModelUrl = "",
    model: options.Which = "",
    model_key: options.KeyVariable = "",
    api_key: options.Keys = "",
    run_ttl: options.Seconds = 600,
    busy: options.Busy = "reject",
    max_runs: options.Runs = 1000,
    max_queued: options.Queued = 1000,
    cancel_on_disconnect: options.Leaving = "no",
    drain: options.Drain = 10,
    max_upload: options.Upload = 512 * 1024 * 1024,
    open_files: options.Readable = "no",
    code_interpreter: options.RunsCode = "no",
    code_python: options.CodePython = "",
    code_seconds: options.CodeSeconds = 120,
    code_memory: options.CodeMemory = 1024 * 1024 * 1024,
    code_disk: options.CodeDisk = 256 * 1024 * 1024,
    code_kernels: options.CodeKernels = 10,
    embeddings_url: options.EmbeddingsUrl = "",
    embeddings_model: options.EmbeddingsModel = "",
    embeddings_key: options.EmbeddingsKey = "",
    access_log: options.AccessLog = "no",
    log_format: options.LogFormat = "text",
    log_level: options.LogLevel = "",
    otel: options.OTel = "no",
    webhook: options.WebhookUrl = "",
    webhook_key: options.WebhookSecret = "",
    webhook_events: options.WebhookEvents = "",
    playground: options.Page = "yes",
) -> None:
    """Run the embedded server until Ctrl-C."""
    try:
        from ..engine import CodeInterpreter, Engine
        from ..engine.serve import serve
    except ImportError as error:
        raise ConfigurationError(str(error)) from error
    with suppress(KeyboardInterrupt):  # before the engine had started, or again while it was stopping
        engine = Engine(
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
            playground=playground == "yes",
        )
        serve(
            engine,
            log_format=cast("Any", log_format),
            log_level=cast("Any", log_level or ("debug" if os.environ.get("ASSISTREAM_LOG") == "debug" else "info")),
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
