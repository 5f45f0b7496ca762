"""What an `Engine` is given, checked before it starts: each thing wrong says what is right."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, TypeGuard, cast, get_args

from ..errors import ConfigurationError
from .interpreter import CodeInterpreter
from .models import Model
from .terms import LONGEST, Terms, WhenBusy
from .webhooks import Webhook

_KEY = re.compile(r"[!-~](?:[ -~]*[!-~])?")


def check_options(model: object, port: object, keepalive: object) -> None:
    """Raises `ConfigurationError`. They are objects here because nothing but a type checker keeps others out."""
    if not _is_model(model):
        raise ConfigurationError(f"The engine's model must be a model or an async function, and {model!r} is neither.")
    if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= 65535:
        raise ConfigurationError(f"The engine cannot listen on port {port!r}: a port is an int from 0 to 65535.")
    if not _is_positive(keepalive):
        raise ConfigurationError(f"The engine's keepalive must be a number of seconds above 0, not {keepalive!r}.")


def checked_keys(api_key: object) -> tuple[str, ...]:
    """All of them; none for None."""
    keys = () if api_key is None else (api_key,) if isinstance(api_key, str) else api_key
    if not _is_list(keys) or not all(isinstance(key, str) and _KEY.fullmatch(key) for key in keys):
        raise ConfigurationError(
            "The engine's api_key must be printable ASCII characters: it travels in a header. None is no key, and a"
            " list is several."
        )
    return tuple(keys)


def checked_terms(run_ttl: object, busy: object, cancel_on_disconnect: bool) -> Terms:
    if not _is_positive(run_ttl) or not run_ttl <= LONGEST:
        raise ConfigurationError(
            f"The engine's run_ttl must be a number of seconds above 0, a year's at most, not {run_ttl!r}."
        )
    if busy not in get_args(WhenBusy):
        raise ConfigurationError(f"The engine's busy must be 'reject', 'queue' or 'interrupt', not {busy!r}.")
    return Terms(run_ttl, cast("WhenBusy", busy), cancel_on_disconnect)


def checked_interpreter(code_interpreter: object) -> CodeInterpreter | None:
    """None is: off."""
    if isinstance(code_interpreter, CodeInterpreter):
        return code_interpreter
    if not isinstance(code_interpreter, bool):
        raise ConfigurationError(
            "The engine's code_interpreter must be True, False, or CodeInterpreter(...) with its limits, not"
            f" {code_interpreter!r}."
        )
    return CodeInterpreter() if code_interpreter else None


def check_drain(drain: object) -> None:
    if isinstance(drain, bool) or not (drain == 0 or (_is_positive(drain) and drain != math.inf)):
        raise ConfigurationError(f"The engine's drain must be a finite number of seconds, not {drain!r}.")


def check_counts(**counts: object) -> None:
    for name, count in counts.items():
        least = 0 if name == "max_queued" else 1
        if isinstance(count, bool) or not isinstance(count, int) or count < least:
            raise ConfigurationError(
                f"The engine's {name} must be a number of runs, an int from {least}, not {count!r}."
            )


def check_limits(**limits: object) -> None:
    for name, limit in limits.items():
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
            raise ConfigurationError(f"The engine's {name} must be a number of bytes, an int above 0, not {limit!r}.")


def check_wishes(tracer_provider: object, webhooks: object) -> tuple[Webhook, ...]:
    """The webhooks."""
    if tracer_provider is not None and not callable(getattr(tracer_provider, "get_tracer", None)):
        raise ConfigurationError(
            "The engine's tracer_provider must be one of OpenTelemetry's, as opentelemetry.trace.get_tracer_provider()"
            f" gives it, not {tracer_provider!r}."
        )
    if not _is_list(webhooks) or not all(isinstance(one, Webhook) for one in webhooks):
        raise ConfigurationError("The engine's webhooks must be a list of Webhook(url, secret).")
    if len({one.url for one in webhooks}) < len(webhooks):
        raise ConfigurationError("Two of the engine's webhooks have the same url: one with the events of both does it.")
    return tuple(webhooks)


def checked_switch(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ConfigurationError(f"The engine's {name} must be True or False, not {value!r}.")
    return value


def _is_model(model: object) -> bool:
    # A class has the methods of a model, but nobody to call them on.
    return model is None or (not isinstance(model, type) and (isinstance(model, Model) or callable(model)))


def _is_list(keys: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(keys, Sequence) and not isinstance(keys, bytes)


def _is_positive(number: object) -> TypeGuard[float]:
    return isinstance(number, (int, float)) and not isinstance(number, bool) and number > 0
