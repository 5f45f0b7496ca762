"""The client behind `assistream.beta`: made from the settings of the package, and again when they change."""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

from . import client as clients
from .client import ELSEWHERE, AzureOpenAI, Client, missing
from .transport.azure import AzureOptions
from .transport.endpoint import view
from .transport.settings import ClientOptions

AZURE = [name for name in AzureOptions.__annotations__ if name not in ClientOptions.__annotations__]
WHERE = ["base_url", "azure_endpoint", "http_client"]
OPTIONS = ["http_client", *ClientOptions.__annotations__]

_lock = threading.Lock()
_made: list[tuple[dict[str, Any], Client]] = []
"""All that were made, and what from. The last one counts; what others use the rest for is not cut off."""


def attribute(name: str) -> Any:
    """What `assistream.<name>` is, where that is something of a client, or of the real openai."""
    if isinstance(vars(Client).get(name), view):
        return getattr(client(), name)
    if clients.elsewhere is None:
        raise missing(f"module {__package__!r}", name)
    return clients.elsewhere(client() if name in ELSEWHERE else None, name)


def client() -> Client:
    """The client for the settings as they are now."""
    options = _settings()
    with _lock:
        if not _made or _made[-1][0] != options:
            _made.append((options, _make({**_connections(options), **options})))
        return _made[-1][1]


def reset() -> None:
    """Close the connections; the next use makes others."""
    with _lock:
        while _made:
            _made.pop()[1].close()


def _connections(options: dict[str, Any]) -> dict[str, Any]:
    """Those of the last client, if they lead to the same place."""
    if not _made or any(_made[-1][0].get(name) != options.get(name) for name in WHERE):
        return {}
    return {"http_client": _made[-1][1]._transport.http}


def _settings() -> dict[str, Any]:
    package = vars(sys.modules[__package__ or ""])
    names = ["api_type", *OPTIONS, *AZURE]
    return {name: value for name in names if (value := package.get(name)) is not None}


def _make(options: dict[str, Any]) -> Client:
    kind = options.pop("api_type", os.environ.get("OPENAI_API_TYPE"))
    if kind == "azure" or (kind is None and ("azure_endpoint" in options or "AZURE_OPENAI_ENDPOINT" in os.environ)):
        return AzureOpenAI(**options)
    return Client(**{name: value for name, value in options.items() if name not in AZURE})
