"""Who wants to be told of which runs, and what it is told."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard
from urllib.parse import urlsplit

import httpx

from ...errors import ConfigurationError
from ..lifecycle import RUN, Document
from .signing import key

EVENTS: tuple[str, ...] = tuple(f"thread.run.{status}" for status in ("created", *RUN))
"""All that a webhook can be told of."""
USUAL: tuple[str, ...] = tuple(
    f"thread.run.{status}" for status, following in RUN.items() if not following or status == "requires_action"
)
"""What it is told of without ``events``: that a run has ended, or waits for tool outputs."""
PAUSES: tuple[float, ...] = (2, 10, 60, 300, 900, 1800, 3600, 7200, 14400, 14400, 14400, 28800)
"""Seconds between the attempts: a day, all in all."""

_HOST = re.compile(r"[A-Za-z0-9._-]+")
"""A name, as it is looked up, or an address of four numbers; one with colons is looked at by what takes URLs apart."""

_TOLD = (
    "id",
    "object",
    "thread_id",
    "assistant_id",
    "status",
    "model",
    "created_at",
    "started_at",
    "completed_at",
    "failed_at",
    "cancelled_at",
    "expires_at",
    "last_error",
    "incomplete_details",
    "usage",
    "metadata",
)


@dataclass(frozen=True)
class Webhook:
    """An address that is told, by a signed POST, when the status of a run changes.

    Args:
        url: Where to. Redirects are not followed.
        secret: What requests are signed with, ``whsec_`` and base64, or any text. During a change several: the request
            then has a signature with each.
        events: Of which changes; see `EVENTS`.
        timeout: Seconds the receiver has to answer, with a status from 200 to 299.
        pauses: Seconds before each further attempt, where it does not; when they are used up the event is dropped.

    Raises `ConfigurationError` for what cannot be.
    """

    url: str
    secret: str | Sequence[str]
    events: Sequence[str] = USUAL
    timeout: float = 10.0
    pauses: Sequence[float] = PAUSES

    def __post_init__(self) -> None:
        if not _is_address(self.url):
            raise ConfigurationError(f"A webhook's url must be like https://example.org/hook, not {self.url!r}.")
        if not _is_list(self.secrets) or not self.secrets or not all(isinstance(one, str) for one in self.secrets):
            raise ConfigurationError("A webhook's secret must be a text, or a list of several.")
        for secret in self.secrets:
            key(secret)
        if not _is_list(self.events) or not self.events or not set(self.events) <= set(EVENTS):
            raise ConfigurationError(f"A webhook's events must be some of {', '.join(EVENTS)}, not {self.events!r}.")
        if not _is_time(self.timeout) or not self.timeout:
            raise ConfigurationError(f"A webhook's timeout must be a number of seconds, not {self.timeout!r}.")
        if not _is_list(self.pauses) or not all(_is_time(pause) for pause in self.pauses):
            raise ConfigurationError(f"A webhook's pauses must be numbers of seconds, not {self.pauses!r}.")

    def __repr__(self) -> str:
        return f"Webhook({self.place!r})"  # a secret is in no message, and an address may hold one, too

    @property
    def secrets(self) -> Sequence[str]:
        return (self.secret,) if isinstance(self.secret, str) else self.secret

    @property
    def place(self) -> str:
        """What may be told of the address."""
        url = httpx.URL(self.url)
        return f"{url.host}:{url.port}" if url.port else url.host


def places(webhooks: Sequence[Webhook]) -> list[str]:
    """What may be told of each address; where several have the same host, with their numbers in the list, from 1."""
    alone = [webhook.place for webhook in webhooks]
    return [place if alone.count(place) == 1 else f"{place} #{n}" for n, place in enumerate(alone, 1)]


def _is_address(url: object) -> TypeGuard[str]:
    if not isinstance(url, str):
        return False
    try:
        address, host = urlsplit(url), httpx.URL(url).raw_host.decode()
        named = bool(address.hostname) and (":" in host or _HOST.fullmatch(host) is not None)
        return address.scheme in ("http", "https") and named and address.port != 0
    except (ValueError, httpx.InvalidURL):
        return False


def _is_list(found: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(found, Sequence) and not isinstance(found, (str, bytes))


def _is_time(seconds: object) -> bool:
    return isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and 0 <= seconds < math.inf


def payload(id: str, type: str, run: Document, moment: int) -> Document:
    """An event: what changed and to what. What was said, and how the run was made, is at the engine."""
    told = {name: run[name] for name in _TOLD if name in run}
    return {"id": id, "object": "event", "type": type, "created_at": moment, "data": told}
