from __future__ import annotations

import httpx

from assistream import ConfigurationError
from assistream.cli.sentences import sentence
from assistream.transport.wire import connection_error


def test_what_errors_say() -> None:
    assert sentence(ConfigurationError("two\nlines \x1b[1m")) == "two lines ␛[1m"
    assert sentence(FileNotFoundError(2, "No such file", "x")) == "[Errno 2] No such file: 'x'"
    assert sentence(ValueError("what")) == "ValueError: what"
    assert sentence(ValueError()) == "ValueError"


def test_a_connection_says_everything_once() -> None:
    error = connection_error(httpx.ConnectError("refused"), httpx.Request("GET", "http://x/v1"))
    assert sentence(error) == "Connection error: refused (GET http://x/v1)"
