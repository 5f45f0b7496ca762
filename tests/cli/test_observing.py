from __future__ import annotations

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from assistream.cli.observing import WEBHOOK_SECRET, tracer_provider, webhooks
from assistream.engine.webhooks import Webhook
from assistream.errors import ConfigurationError


def test_one_webhook(monkeypatch: pytest.MonkeyPatch) -> None:
    assert webhooks("", "", "") == []
    monkeypatch.setenv(WEBHOOK_SECRET, "first")
    monkeypatch.setenv("OTHER", "second")
    assert webhooks("http://h/", "", "") == [Webhook("http://h/", "first")]
    events = ["thread.run.failed", "thread.run.expired"]
    assert webhooks("http://h/", "OTHER", ", ".join(events)) == [Webhook("http://h/", "second", events)]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("http://h/", "NOT_SET", ""), "environment variable NOT_SET"),
        (("http://h/", "whsec_c2VjcmV0=", ""), "the name of an environment variable"),
        (("", "", "thread.run.failed"), "without --webhook"),
        (("", "OTHER", ""), "without --webhook"),
        (("nowhere", "OTHER", ""), "url must be like"),
        (("http://h/", "OTHER", "run.failed"), "events must be some of"),
    ],
)
def test_what_is_none(monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, str, str], says: str) -> None:
    monkeypatch.setenv("OTHER", "second")
    with pytest.raises(ConfigurationError, match=says):
        webhooks(*arguments)


def test_spans_need_somebody_who_takes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="opentelemetry-instrument"):
        tracer_provider()
    provider = TracerProvider(shutdown_on_exit=False)
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    assert tracer_provider() is provider
