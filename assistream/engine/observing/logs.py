"""Lines for people or for machines: a request, and the end of a run, each with what it takes to find the other."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, TypeAlias

from ..lifecycle import Document, is_over
from .exchange import EXCHANGE, Exchange
from .observer import Observer, Said, Written

LogFormat: TypeAlias = Literal["text", "json"]
LogLevel: TypeAlias = Literal["debug", "info", "warning", "error"]

_requests = logging.getLogger("assistream.engine.requests")
_runs = logging.getLogger("assistream.engine.runs")
_LONGEST = 200


class AccessLog(Observer):
    """At level INFO: each request to `assistream.engine.requests`, each run that ended to `assistream.engine.runs`.

    Nothing of what was said is in them, and no keys. What the lines hold is in ``record.fields``, too.
    """

    def request_over(self, exchange: Exchange) -> None:
        fields = {
            "request_id": exchange.id,
            "method": exchange.method,
            "path": exchange.path[:_LONGEST],
            "route": exchange.route or None,
            "status": exchange.status,
            "ms": round(exchange.seconds * 1000, 1),
            "key": exchange.key or None,
            "run_id": exchange.run_id or None,
        }
        what = f"{exchange.method} {_visible(exchange.path[:_LONGEST])} {exchange.status} {fields['ms']} ms"
        line = " ".join(filter(None, (what, exchange.id, exchange.run_id, exchange.key)))
        # Who watches an engine asks all the time.
        level = logging.DEBUG if exchange.route in ("/health", "/metrics") else logging.INFO
        _requests.log(level, "%s", line, extra={"fields": _given(fields)})

    def wrote(self, said: Sequence[Said], deltas: Sequence[Written]) -> None:
        for name, document in said:
            # Not `thread.created`, which begins a request's events, nor steps and messages.
            if document["object"] == "thread.run" and name != "thread.run.created" and is_over(document):
                self._ended(document)

    def _ended(self, run: Document) -> None:
        usage: Document = run["usage"] or {}
        error: Document = run["last_error"] or {}
        exchange = EXCHANGE.get()
        fields = {
            "run_id": run["id"],
            "thread_id": run["thread_id"],
            "assistant_id": run["assistant_id"],
            "model": run["model"],
            "status": run["status"],
            "error": error.get("code"),
            "seconds": round(time.time()) - run["created_at"],
            "prompt_tokens": usage.get("prompt_tokens"),
            "completion_tokens": usage.get("completion_tokens"),
            "request_id": exchange.id if exchange else None,
        }
        code = f" ({fields['error']})" if fields["error"] else ""
        line = f"{run['id']} {run['status']}{code} in {run['thread_id']} after {fields['seconds']} s"
        _runs.info("%s", line, extra={"fields": _given(fields)})


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _visible(text: str) -> str:
    """On one line, and no more than it says."""
    return text.encode("unicode_escape").decode("ascii")


class JsonLines(logging.Formatter):
    """A record as an object of JSON on a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, Any] = {
            "time": f"{moment}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


_FORMATTERS = {"text": lambda: logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"), "json": JsonLines}


@contextmanager
def logging_to_stderr(format: LogFormat, level: LogLevel) -> Generator[None]:
    """For a program that is an engine: what the engine says from this level on, and what others warn of."""
    handler = logging.StreamHandler()
    handler.setFormatter(_FORMATTERS[format]())
    root, ours = logging.getLogger(), logging.getLogger("assistream.engine")
    before = ours.level
    root.addHandler(handler)
    ours.setLevel(level.upper())
    try:
        yield
    finally:
        ours.setLevel(before)
        root.removeHandler(handler)
