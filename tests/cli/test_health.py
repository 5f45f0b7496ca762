from __future__ import annotations

import socket

import pytest

from assistream import Client
from assistream._version import __version__
from assistream.engine import Engine

from ..engine.webhooks.receiver import receiving
from .conftest import Command, complaint, said


def test_an_engine_that_is_well(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with Engine(api_key="key") as engine:
        assert said(command("health", engine.base_url)) == f"ok (version {__version__}, database ok)\n"
        monkeypatch.setenv("ASSISTREAM_BASE_URL", engine.base_url)
        assert command("health").code == 0


def test_one_that_is_not(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    async def unreachable(probe: object) -> bool:
        return False

    monkeypatch.setattr("assistream.engine.observing.health.Probe.reaches", unreachable)
    with Client.embedded() as client:
        done = command("health", str(client.base_url))
    assert (done.code, done.out) == (1, f"failing (version {__version__}, database unreachable)\n")


@pytest.mark.parametrize("url", ["nowhere", "http://a:b", "ftp://127.0.0.1"])
def test_no_address(command: Command, url: str) -> None:
    assert "is not the address of a server" in complaint(command("health", url))


def test_it_is_something_else(command: Command) -> None:
    with receiving() as receiver:  # which knows no GET
        done = command("health", receiver.url)
    assert done.code == 1
    assert "/health is no engine: it answered with status 501" in done.err


def test_nobody_is_there(command: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    done = command("health", f"http://127.0.0.1:{port}/v1")
    assert done.code == 1
    assert "/health does not answer" in done.err
