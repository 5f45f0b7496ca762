"""``assistream health``: whether a server is well, for whoever starts and stops it (a container's health check)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .options import visible

if TYPE_CHECKING:
    import httpx

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
    from ..errors import APIConnectionError

    address = _address(url)
    answer = _answer(address)
    try:
        said = answer.json()
        typer.echo(f"{said['status']} (version {said['version']}, database {said['database']})")
    except (ValueError, KeyError, TypeError) as error:
        message = f"{address} is no engine: it answered with status {answer.status_code}"
        raise APIConnectionError(message=message) from error
    return 0 if answer.is_success else 1


def _address(url: str) -> httpx.URL:
    import httpx

    from ..errors import ConfigurationError

    try:
        address = httpx.URL(url).copy_with(path="/health", query=None)
    except httpx.InvalidURL as error:
        raise ConfigurationError(f"{url!r} is not the address of a server: {error}.") from error
    if address.scheme not in ("http", "https") or not address.host:
        raise ConfigurationError(f"{url!r} is not the address of a server: it must be like {HERE}.")
    return address


def _answer(address: httpx.URL) -> httpx.Response:
    import httpx

    from ..errors import APIConnectionError

    try:
        with httpx.Client(trust_env=False, timeout=PATIENCE) as client:
            return client.get(address)
    except httpx.HTTPError as error:
        message = f"{address} does not answer: {error or type(error).__name__}"
        raise APIConnectionError(message=message) from error
