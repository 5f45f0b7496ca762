"""What is counted of an engine, in memory, from its start on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence

from ..lifecycle import RUN, Document
from ..models.base import ModelError
from ..transaction import Transaction
from .exchange import Exchange
from .observer import Asked, Observer, Said, Written
from .tallies import FAST, SLOW, Count, Names, Times

_RUN = "thread.run."
_OVER = frozenset(status for status, following in RUN.items() if not following)
_STEP_OVER = frozenset(f"thread.run.step.{status}" for status in ("completed", "failed", "cancelled", "expired"))
_METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"})


class Metrics(Observer):
    """Every label has few values: routes, not paths; and of the names that clients choose the first ones only."""

    def __init__(self) -> None:
        self.requests: Count = Count(
            "assistream_requests", "Requests that were answered.", ("method", "route", "status")
        )
        self.request_seconds: Times = Times(
            "assistream_request_seconds", "Until the answer of a request began.", FAST, ("method", "route")
        )
        self.runs: Count = Count("assistream_runs", "Runs that ended.", ("status",))
        self.run_seconds: Times = Times(
            "assistream_run_seconds", "From a run's creation to its end; it may have waited for tool outputs.", SLOW
        )
        self.first_delta: Times = Times(
            "assistream_first_delta_seconds",
            "From a run's creation, or from its tool outputs, until the first delta could be read.",
            SLOW,
        )
        self.events: Count = Count("assistream_events", "Events of runs.", ("kind",))
        self.model_seconds: Times = Times("assistream_model_seconds", "Calls of the model.", SLOW, ("model",))
        self.model_errors: Count = Count("assistream_model_errors", "Calls of the model that failed.", ("code",))
        self.tokens: Count = Count("assistream_tokens", "Tokens as models count them.", ("model", "kind"))
        self.tool_calls: Count = Count("assistream_tool_calls", "Calls of tools by models.", ("type",))
        self.uploads: Count = Count("assistream_file_bytes", "Bytes of files that were made.", ("purpose",))
        self.webhooks: Count = Count(
            "assistream_webhooks",
            "Attempts to tell a webhook: delivered, failed (and tried again), or dropped.",
            ("place", "outcome"),
        )
        self._models = Names()
        self._began: dict[str, float] = {}  # runs that are not over
        self._silent: dict[str, float] = {}  # runs that have not said anything in their leg

    @property
    def counts(self) -> Sequence[Count]:
        return [one for one in vars(self).values() if isinstance(one, Count)]

    @property
    def times(self) -> Sequence[Times]:
        return [one for one in vars(self).values() if isinstance(one, Times)]

    def request_over(self, exchange: Exchange) -> None:
        method = exchange.method if exchange.method in _METHODS else "other"
        self.requests.add(method, exchange.route, str(exchange.status))
        if exchange.answered is not None:
            self.request_seconds.add(exchange.answered, method, exchange.route)

    def wrote(self, said: Sequence[Said], deltas: Sequence[Written]) -> None:
        now = time.perf_counter()
        if deltas:
            self.events.add("delta", much=len(deltas))
            if self._silent:
                for run_id in self._silent.keys() & {delta.run_id for delta in deltas}:
                    self.first_delta.add(now - self._silent.pop(run_id))
        if said:
            self.events.add("object", much=len(said))
        for name, document in said:
            if document["object"] == "thread.run":
                self._run(name, document, now)
            elif name in _STEP_OVER and document["type"] == "tool_calls":
                self._count_calls(document["step_details"]["tool_calls"])

    def _run(self, name: str, run: Document, now: float) -> None:
        status = name.removeprefix(_RUN)
        if status == "created":
            self._began[run["id"]] = now
        elif status == "queued":
            self._silent[run["id"]] = now
        elif status == "requires_action":
            self._silent.pop(run["id"], None)
        elif status in _OVER:
            self._silent.pop(run["id"], None)
            self.runs.add(status)
            if began := self._began.pop(run["id"], None):  # else by an earlier engine
                self.run_seconds.add(now - began)

    def _count_calls(self, calls: Sequence[Mapping[str, object]]) -> None:
        for call in calls:
            self.tool_calls.add(str(call["type"]))

    def answered(self, asked: Asked) -> None:
        model = self._models(asked.request.model)
        self.model_seconds.add(asked.seconds, model)
        if asked.usage:
            self.tokens.add(model, "prompt", much=asked.usage.prompt_tokens)
            self.tokens.add(model, "completion", much=asked.usage.completion_tokens)
        if code := failure(asked):
            self.model_errors.add(code)

    def delivered(self, place: str, outcome: str) -> None:
        self.webhooks.add(place, outcome)

    def committed(self, transaction: Transaction) -> None:
        """A watcher of the store."""
        for document in transaction.written:
            if document["object"] == "file" and document["id"] in transaction.places:
                self.uploads.add(document["purpose"], much=document["bytes"])


def failure(asked: Asked) -> str | None:
    """What went wrong with a call of the model; being stopped is no failure."""
    if isinstance(asked.error, asyncio.CancelledError):
        return None
    if isinstance(asked.error, ModelError):
        return asked.error.code if asked.error.code in _CODES else "server_error"
    if asked.error is not None:
        return "crashed"
    return None if asked.finish else "broke_off"


_CODES = frozenset({"server_error", "rate_limit_exceeded", "invalid_prompt"})
