from __future__ import annotations

import re

import pytest
from starlette.types import Scope

from assistream.engine.observing.exchange import exchange_of, request_id


def scope(**headers: str) -> Scope:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": "GET", "path": "/health", "headers": raw}


def test_everybody_sees_the_same() -> None:
    request = scope(x_request_id="mine")
    exchange = exchange_of(request)
    assert exchange_of(request) is exchange
    assert (exchange.method, exchange.path, exchange.id) == ("GET", "/health", "mine")


def test_its_times() -> None:
    exchange = exchange_of(scope())
    assert (exchange.status, exchange.answered) == (499, None)
    exchange.answer(200)
    exchange.end()
    assert exchange.status == 200
    assert exchange.answered is not None
    assert 0 <= exchange.answered <= exchange.seconds


@pytest.mark.parametrize("given", ["", "a b", "a\nb", "x" * 129, "\u00e4"])
def test_what_cannot_be_written_anywhere_is_no_name(given: str) -> None:
    assert re.fullmatch("req_[0-9a-f]{32}", request_id(given))
