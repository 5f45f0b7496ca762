"""What an `Engine` is given, checked before it starts: each thing wrong says what is right."""

from __future__ import annotations

import math
import re

from ..errors import ConfigurationError
from .models import Model

_KEY = re.compile(r"[!-~](?:[ -~]*[!-~])?")


def check_options(model: object, port: object, api_key: object, run_ttl: object, keepalive: object) -> None:
    """Raises `ConfigurationError`. They are objects here because nothing but a type checker keeps others out."""
    if not _is_model(model):
        raise ConfigurationError(f"The engine's model must be a model or an async function, and {model!r} is neither.")
    if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= 65535:
        raise ConfigurationError(f"The engine cannot listen on port {port!r}: a port is an int from 0 to 65535.")
    if api_key is not None and not (isinstance(api_key, str) and _KEY.fullmatch(api_key)):
        raise ConfigurationError(
            "The engine's api_key must be printable ASCII characters: it travels in a header. None is no key."
        )
    if not _is_positive(run_ttl) or run_ttl == math.inf:
        raise ConfigurationError(f"The engine's run_ttl must be a finite number of seconds above 0, not {run_ttl!r}.")
    if not _is_positive(keepalive):
        raise ConfigurationError(f"The engine's keepalive must be a number of seconds above 0, not {keepalive!r}.")


def _is_model(model: object) -> bool:
    # A class has the methods of a model, but nobody to call them on.
    return model is None or (not isinstance(model, type) and (isinstance(model, Model) or callable(model)))


def _is_positive(number: object) -> bool:
    return isinstance(number, (int, float)) and not isinstance(number, bool) and number > 0
