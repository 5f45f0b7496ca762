"""The logger `assistream`: what was asked, what came of it, how long it took. Never a key, never what was said."""

from __future__ import annotations

import logging
import os

import httpx

log: logging.Logger = logging.getLogger("assistream")
log.addHandler(logging.NullHandler())

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO}
SECRET = ("authorization", "api-key", "cookie", "token", "secret")


def setup(level: str | None = None) -> None:
    """Log to stderr from `level` on, where it is "info" (a line per request) or "debug" (headers too).

    Without one, ASSISTREAM_LOG says; where that is not set, logging is left as the program has it.
    """
    wanted = LEVELS.get((level or os.environ.get("ASSISTREAM_LOG", "")).lower())
    if wanted is None:
        return
    log.setLevel(wanted)
    if not any(isinstance(handler, logging.StreamHandler) for handler in log.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        log.addHandler(handler)


def is_secret(header: str) -> bool:
    """Whether what a header holds is nobody else's business, as far as its name tells."""
    return any(word in header.lower() for word in SECRET)


def safe(headers: httpx.Headers) -> dict[str, str]:
    """Headers as they may be shown."""
    return {name: "***" if is_secret(name) else value for name, value in headers.items()}
