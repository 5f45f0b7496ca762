from __future__ import annotations

import math
from typing import Any

import pytest

from assistream.engine import Engine, ModelRequest, Rehearsal, Webhook
from assistream.errors import ConfigurationError

HOOK = Webhook("http://h/", "secret")


async def echo(request: ModelRequest) -> str:
    return "Hello"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        *(({"model": model}, "neither") for model in (5, "gpt-4o", [1], Rehearsal)),
        *(({"port": port}, "cannot listen on port") for port in (-1, 65_536, 1.5, "80", True, None)),
        *(({"api_key": key}, "printable ASCII") for key in ("", " ", "a\nb", "key ", "schl\u00fcssel", b"key", 5)),
        *(({"api_key": keys}, "printable ASCII") for keys in (["key", ""], ["a\nb"], [b"key"], {"key": 1})),
        *(({"busy": busy}, "busy must be") for busy in ("wait", None, 1)),
        *(({"max_runs": most}, "max_runs must be") for most in (0, -1, 1.5, "9", True)),
        *(({"max_queued": most}, "max_queued must be") for most in (-1, 1.5, "9", True)),
        *(({"drain": drain}, "drain must be") for drain in (-1, math.inf, math.nan, "10", None, True)),
        *(({"run_ttl": ttl}, "run_ttl must be") for ttl in (0, -1, 1e9, math.inf, math.nan, "600", None, True)),
        *(({"keepalive": seconds}, "keepalive must be") for seconds in (0, -1, math.nan, "15", None)),
        *(({"tracer_provider": provider}, "tracer_provider must be") for provider in (True, "otel", ...)),
        *(({"webhooks": hooks}, "must be a list") for hooks in ("http://h", HOOK, [HOOK, "http://h"], None, {HOOK})),
        ({"webhooks": [HOOK, Webhook("http://h/", "other")]}, "have the same url"),
        *(({"playground": switch}, "playground must be") for switch in ("no", 1, None)),
        *(({name: size}, f"{name} must be") for name in ("max_upload", "max_body") for size in (0, -1, 1.5, "1", True)),
    ],
    ids=repr,
)
def test_what_no_engine_can_work_with(options: dict[str, Any], text: str) -> None:
    with pytest.raises(ConfigurationError, match=text):
        Engine(**options)


@pytest.mark.parametrize(
    "options",
    [
        {"model": echo},
        {"model": Rehearsal()},
        {"port": 65_535},
        {"api_key": "a key"},
        {"keepalive": math.inf},
        {"max_queued": 0},
        {"webhooks": [HOOK, Webhook("http://h/other", "secret")]},
    ],
    ids=lambda options: next(iter(options)),
)
def test_what_it_can(options: dict[str, Any]) -> None:
    assert Engine(**options)
