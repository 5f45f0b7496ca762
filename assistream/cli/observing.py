"""What `serve` is told of who else is to know what it does."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from ..errors import ConfigurationError

if TYPE_CHECKING:
    from opentelemetry.trace import TracerProvider

    from ..engine.webhooks import Webhook

__all__ = ["WEBHOOK_SECRET", "tracer_provider", "webhooks"]

WEBHOOK_SECRET = "ASSISTREAM_WEBHOOK_SECRET"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def webhooks(url: str, variable: str, events: str) -> list[Webhook]:
    """The one that the command line names, if it does. Its secret is in the environment: arguments can be seen."""
    if not url:
        if events or variable:
            raise ConfigurationError("Nobody is told of events without --webhook URL.")
        return []
    from ..engine.webhooks import Webhook

    if variable and not _VARIABLE.fullmatch(variable):
        # Not repeated: it may be the secret itself.
        raise ConfigurationError("--webhook-key is the name of an environment variable, in which the secret is.")
    secret = os.environ.get(variable or WEBHOOK_SECRET, "")
    if not secret:
        raise ConfigurationError(
            f"--webhook needs a secret, in the environment variable {variable or WEBHOOK_SECRET}, by which its"
            " receiver knows who sends."
        )
    if not events:
        return [Webhook(url, secret)]
    return [Webhook(url, secret, [event.strip() for event in events.split(",")])]


def tracer_provider() -> TracerProvider:
    """The one of this process, which somebody else has set up: OpenTelemetry's own command does."""
    try:
        from opentelemetry import trace
    except ImportError as error:
        raise ConfigurationError('OpenTelemetry needs its API: pip install "assistream[otel]"') from error
    found = trace.get_tracer_provider()
    if isinstance(found, trace.ProxyTracerProvider):
        raise ConfigurationError(
            "--otel needs somebody who takes the spans: start it as `opentelemetry-instrument assistream serve --otel"
            " yes` (packages opentelemetry-distro and opentelemetry-exporter-otlp)."
        )
    return found
