"""``assistream health``: whether a server is well, for whoever starts and stops it (a container's health check)."""

from __future__ import annotations

from typing import Annotated

import typer

from .options import visible

__all__ = ["health"]

PATIENCE = 5.0
"""Seconds it has to answer."""
HERE = "http://127.0.0.1:8000"

Address = Annotated[
    str,
    typer.Argument(
        parser=visible,
        envvar="ASSISTREAM_BASE_URL",
        metavar="[URL]",
        help="The server; what comes after the port does not matter. By default ASSISTREAM_BASE_URL says, or this"
        " machine's port 8000.",
    ),
]


def health(url: Address = HERE) -> int:
    """Ask an engine how it is; the exit code is 0 if it is well."""
    import httpx

    from ..errors import APIConnectionError, ConfigurationError

    try:
        address = httpx.URL(url).copy_with(path="/health", query=None)
        with httpx.Client(trust_env=False, timeout=PATIENCE) as client:
            answer = client.get(address)
        said = answer.json()
        typer.echo(f"{said['status']} (version {said['version']}, database {said['database']})")
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise ConfigurationError(f"{url!r} is not the address of a server: {error}.") from error
    except httpx.HTTPError as error:
        raise APIConnectionError(message=f"{address} does not answer: {error or type(error).__name__}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise APIConnectionError(message=f"{address} is no engine: it answered with status {answer.status_code}") from error
    return 0 if answer.is_success else 1
