"""From options to a client."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ConfigurationError

if TYPE_CHECKING:
    from ..client import Client

__all__ = ["address", "connected", "embedded"]


def address(base_url: str | None) -> str | None:
    """The server that is meant, if any: what was given, or what a `Client` would find in the environment."""
    return base_url or os.environ.get("ASSISTREAM_BASE_URL") or os.environ.get("OPENAI_BASE_URL") or None


@contextmanager
def connected(base_url: str | None, api_key: str | None, path: Path | None) -> Generator[Client]:
    """A client for a server, or for a database that is there."""
    from ..client import Client

    if path is not None:
        if base_url:
            raise ConfigurationError("--base-url and --path are two different servers: give one of them.")
        if not path.is_file():
            raise ConfigurationError(f"There is no database {str(path)!r}.")
        with embedded(path, None) as client:
            yield client
        return
    if address(base_url) is None:
        raise ConfigurationError("Which server? Give --base-url URL or --path FILE, or set ASSISTREAM_BASE_URL.")
    with Client(base_url=base_url, api_key=api_key) as client:
        yield client


@contextmanager
def embedded(path: str | Path, model: object) -> Generator[Client]:
    """A client with a server of its own."""
    from ..client import Client

    try:
        client = Client.embedded(path, model=model)  # type: ignore[arg-type] # the engine checks what is the user's
    except ImportError as error:
        raise ConfigurationError(str(error)) from error
    with client:
        yield client
