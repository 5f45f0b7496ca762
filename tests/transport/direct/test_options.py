from __future__ import annotations

from typing import Any

import pytest

from assistream.transport.direct.options import direct
from assistream.types import NOT_GIVEN, Message, Thread, omit


def test_everything_goes_where_it_belongs() -> None:
    call = direct(
        "post",
        "threads/thread_1/fork",
        Thread,
        {"at": "msg_1", "left": omit, "message": Message(id="msg_1")},
        {
            "headers": {"X-Trace": "1"},
            "params": {"deep": True},
            "timeout": 3,
            "extra_json": {"more": [1]},
            "idempotency_key": "key",
        },
    )
    assert (call.method, call.path, call.returns) == ("POST", "/threads/thread_1/fork", Thread)
    assert call.body == {"at": "msg_1", "message": {"id": "msg_1"}, "more": [1]}
    assert call.query == {"deep": True}
    assert call.extra_headers == {"X-Trace": "1", "Idempotency-Key": "key"}
    assert (call.timeout, call.version) == (3, "client")


def test_without_options_there_is_nothing_to_send() -> None:
    call = direct("GET", "/threads", dict[str, object], None, {})
    assert (call.body, call.query, call.extra_headers, call.timeout) == (None, {}, {}, NOT_GIVEN)


def test_an_option_that_is_not_known_is_told() -> None:
    wrong: Any = {"header": {}}
    with pytest.raises(TypeError, match=r"unknown options \['header'\]; there are headers, params"):
        direct("GET", "/threads", dict, None, wrong)


def test_the_key_goes_nowhere_else() -> None:
    with pytest.raises(ValueError, match="a path below base_url"):
        direct("GET", "https://elsewhere.example/", dict, None, {})
