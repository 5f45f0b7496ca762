from __future__ import annotations

import math
from typing import Any

import pytest

from assistream.engine.lifecycle import RUN, Document
from assistream.engine.webhooks.webhook import EVENTS, PAUSES, USUAL, Webhook, payload, places
from assistream.errors import ConfigurationError

GOOD: dict[str, Any] = {"url": "https://example.org/hook", "secret": "secret"}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        *(({"url": url}, "url must be like") for url in ("", "a.org", "ftp://a.org", "http://", 5, "http://[")),
        *(
            ({"url": url}, "url must be like")
            for url in ("http://a b/", "http://x:99999/", "http://x:0/", "http://a%b/")
        ),
        *(({"secret": secret}, "secret") for secret in ("", [], [""], ["a", 5], 5, "whsec_?")),
        *(({"events": events}, "events must be some of") for events in ("thread.run.failed", [], ["run.failed"])),
        *(({"timeout": seconds}, "timeout must be") for seconds in (0, -1, math.inf, math.nan, "1", True)),
        *(({"pauses": [seconds]}, "pauses must be") for seconds in (-1, math.inf, math.nan, "1", True)),
    ],
    ids=repr,
)
def test_what_cannot_be(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        Webhook(**GOOD | wrong)


@pytest.mark.parametrize(
    "url", ["http://[::1]:8000/a b", "http://127.0.0.1", "https://bücher.example/", "http://my_service:80/?x=1"]
)
def test_addresses(url: str) -> None:
    assert Webhook(url, "secret").url == url


def test_what_it_is_told_of() -> None:
    assert {event.removeprefix("thread.run.") for event in EVENTS} == {"created", *RUN}
    over = {status for status, following in RUN.items() if not following}
    assert {event.removeprefix("thread.run.") for event in USUAL} == {*over, "requires_action"}
    assert Webhook(**GOOD, events=EVENTS).events == EVENTS


def test_attempts_take_about_a_day() -> None:
    assert 23.5 <= sum(PAUSES) / 3600 <= 24.5
    assert sorted(PAUSES) == list(PAUSES)


def test_no_secret_is_shown() -> None:
    webhook = Webhook("https://hooks.example.org:8443/T01/very-secret", "secret")
    assert repr(webhook) == "Webhook('hooks.example.org:8443')"


def test_webhooks_at_one_host_have_numbers() -> None:
    urls = ("http://127.0.0.1:1/a", "http://example.org/a", "http://127.0.0.1:1/b")
    hooks = [Webhook(url, "secret") for url in urls]
    assert places(hooks) == ["127.0.0.1:1 #1", "example.org", "127.0.0.1:1 #3"]


def test_nothing_of_what_was_said_is_told() -> None:
    run: Document = {"id": "run_1", "object": "thread.run", "status": "failed", "instructions": "Help.", "tools": []}
    assert payload("evt_1", "thread.run.failed", run, 5) == {
        "id": "evt_1",
        "object": "event",
        "type": "thread.run.failed",
        "created_at": 5,
        "data": {"id": "run_1", "object": "thread.run", "status": "failed"},
    }
