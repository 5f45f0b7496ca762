"""The client behind `assistream.beta`: made from the settings of the package, and again when they change."""

from __future__ import annotations

import os
import sys
import threading
from types import ModuleType
from typing import Any

from .client import AzureOpenAI, Client
from .transport import elsewhere
from .transport.azure import AzureOptions
from .transport.elsewhere import ELSEWHERE, missing
from .transport.endpoint import view
from .transport.settings import ClientOptions

AZURE = [name for name in AzureOptions.__annotations__ if name not in ClientOptions.__annotations__]
OPTIONS = ["http_client", *ClientOptions.__annotations__]

_lock = threading.Lock()
_made: tuple[dict[str, Any], Client] | None = None
"""The last one, and what from. Those before it used the same connections, and may still be in use."""


def attribute(name: str) -> Any:
    """What `assistream.<name>` is, where that is something of a client, or of the real openai."""
    if isinstance(vars(Client).get(name), view):
        return getattr(client(), name)
    if elsewhere.lender is None:
        raise missing(f"module {__package__!r}", name)
    return elsewhere.lender(client()._transport if name in ELSEWHERE else None, name)


def client() -> Client:
    """The client for the settings as they are now."""
    global _made
    options = _settings()
    with _lock:
        if _made is None or _made[0] != options:
            made = _make(dict(options))
            if _made is not None and _made[0].get("http_client") is options.get("http_client"):
                made._transport.connections = _made[1]._transport.connections
            _made = options, made
        return _made[1]


def reset() -> None:
    """Close the connections; the next use makes others."""
    global _made
    with _lock:
        if _made is not None:
            _made[1].close()
        _made = None


def _settings() -> dict[str, Any]:
    package = vars(sys.modules[__package__ or ""])
    names = ["api_type", *OPTIONS, *AZURE]
    found = {name: package.get(name) for name in names}
    # A package below this one has a setting's name: `transport`.
    return {name: value for name, value in found.items() if value is not None and not isinstance(value, ModuleType)}


def _make(options: dict[str, Any]) -> Client:
    kind = options.pop("api_type", os.environ.get("OPENAI_API_TYPE"))
    if kind == "azure" or (kind is None and ("azure_endpoint" in options or "AZURE_OPENAI_ENDPOINT" in os.environ)):
        return AzureOpenAI(**options)
    return Client(**{name: value for name, value in options.items() if name not in AZURE})
