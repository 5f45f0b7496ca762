from __future__ import annotations

import httpx

from assistream import APIConnectionError, ConfigurationError
from assistream.cli.sentences import sentence


def test_what_errors_say() -> None:
    assert sentence(ConfigurationError("two\nlines \x1b[1m")) == "two lines ␛[1m"
    assert sentence(FileNotFoundError(2, "No such file", "x")) == "[Errno 2] No such file: 'x'"
    assert sentence(ValueError("what")) == "ValueError: what"
    assert sentence(ValueError()) == "ValueError"


def test_a_connection_says_where_to_and_why_not() -> None:
    error = APIConnectionError(request=httpx.Request("GET", "http://x/v1"))
    assert sentence(error) == "Connection error (http://x/v1)"
    error.__cause__ = OSError("refused")
    assert sentence(error) == "Connection error: refused (http://x/v1)"
