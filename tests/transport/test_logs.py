from __future__ import annotations

import logging
from collections.abc import Iterator

import httpx
import pytest

from assistream.transport import logs


@pytest.fixture(autouse=True)
def untouched() -> Iterator[None]:
    handlers, level = logs.log.handlers[:], logs.log.level
    yield
    logs.log.handlers[:] = handlers
    logs.log.setLevel(level)


def visible() -> list[logging.Handler]:
    return [handler for handler in logs.log.handlers if isinstance(handler, logging.StreamHandler)]


@pytest.mark.parametrize(("said", "level"), [("info", logging.INFO), ("DEBUG", logging.DEBUG)])
def test_the_environment_turns_it_on_once(said: str, level: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTREAM_LOG", said)
    logs.setup()
    logs.setup()
    assert logs.log.level == level
    assert len(visible()) == 1


@pytest.mark.parametrize("said", ["", "warn", "yes"])
def test_anything_else_leaves_it_to_the_program(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTREAM_LOG", said)
    logs.setup()
    assert logs.log.level == logging.NOTSET
    assert visible() == []


def test_secret_headers_are_hidden() -> None:
    headers = httpx.Headers({"Authorization": "x", "api-key": "x", "Set-Cookie": "x", "X-Auth-Token": "x", "a": "b"})
    shown = logs.safe(headers)
    assert shown.pop("a") == "b"
    assert set(shown.values()) == {"***"}
