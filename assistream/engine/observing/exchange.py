"""One request and its answer, as observers see them."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Scope

_SANE = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")
_NAME = "assistream.exchange"
_ABORTED = 499
"""What proxies log for a client that went away before it was answered."""


@dataclass(slots=True)
class Exchange:
    method: str
    path: str
    headers: Mapping[str, str]
    id: str
    """What the client calls the request, where it does and that can be written anywhere; else a new name."""
    began: float = field(default_factory=time.perf_counter)
    route: str = ""
    """The path with the names of its parameters, ``/v1/threads/{thread_id}``; "" where nothing is."""
    status: int = _ABORTED
    answered: float | None = None
    """The seconds until the answer began."""
    seconds: float = 0.0
    """The seconds until it ended."""
    key: str = ""
    """Which of the engine's keys was presented; never the key."""
    run_id: str = ""
    """The run that it made, or went on with."""
    state: dict[str, Any] = field(default_factory=dict[str, Any])
    """For observers."""

    @property
    def processing(self) -> float:
        return time.perf_counter() - self.began

    def answer(self, status: int) -> None:
        self.status, self.answered = status, self.processing

    def end(self) -> None:
        self.seconds = self.processing


EXCHANGE: ContextVar[Exchange | None] = ContextVar("exchange", default=None)
"""The request that is being served; in what a run does, the one that made it begin, or go on."""


def exchange_of(scope: Scope) -> Exchange:
    """The one of this request, the same for everybody who looks."""
    found: Exchange | None = scope.get(_NAME)
    if found is None:
        headers = Headers(scope=scope)
        found = Exchange(scope["method"], scope["path"], headers, request_id(headers.get("x-request-id", "")))
        scope[_NAME] = found
    return found


def request_id(given: str) -> str:
    return given if _SANE.fullmatch(given) else f"req_{uuid.uuid4().hex}"
