"""Who is let in, as clients see it; that one project sees nothing of another is in `test_isolation`."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from assistream import AsyncClient, Client, errors
from assistream.engine import Engine, keyring
from assistream.engine.keyring import credential
from assistream.engine.keys import KeyFile
from assistream.engine.views.call import Services
from tests.engine.test_protocol import connected, until_closed


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "engine.db"


@pytest.fixture
def attentive(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine asks its database each time."""
    monkeypatch.setattr(keyring, "FRESH", -1.0)


@contextmanager
def asking(engine: Engine) -> Generator[Callable[[str], int]]:
    """The status with which a key is answered."""
    with httpx.Client(base_url=engine.base_url) as client:
        yield lambda key: client.get("/files", headers={"Authorization": f"Bearer {key}"} if key else {}).status_code


def set_clock(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    monkeypatch.setattr(keyring, "now", lambda: seconds)


@pytest.mark.usefixtures("attentive")
def test_keys_that_come_and_go(path: Path) -> None:
    with Engine(path) as engine, asking(engine) as status:
        assert status("") == 200
        _, first = KeyFile(path).create("first")
        assert [status(key) for key in ("", "other", first)] == [401, 401, 200]
        _, second = KeyFile(path).rotate("first", grace=60)
        assert [status(key) for key in (first, second)] == [200, 200]
        KeyFile(path).revoke("first")
        assert [status(key) for key in ("", first, second)] == [401, 401, 401]
        KeyFile(path).delete("first")
        assert status("") == 200


def test_a_revoked_key_is_refused_soon(path: Path) -> None:
    _, key = KeyFile(path).create("a")
    with Engine(path) as engine, asking(engine) as status:
        assert status(key) == 200
        KeyFile(path).revoke("a")
        while status(key) == 200:
            time.sleep(0.05)


@pytest.mark.usefixtures("attentive")
def test_keys_of_the_engine_and_of_its_database(path: Path) -> None:
    _, stored = KeyFile(path).create("a")
    with Engine(path, api_key="given") as engine, asking(engine) as status:
        assert [status(key) for key in ("given", stored, "", "other")] == [200, 200, 401, 401]
        KeyFile(path).revoke("a")
        assert [status(key) for key in ("given", stored)] == [200, 401]


def test_a_key_expires(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, key = KeyFile(path).create("a", expires_at=(later := int(time.time()) + 1000))
    with Engine(path) as engine, asking(engine) as status:
        assert status(key) == 200
        set_clock(monkeypatch, later)
        assert status(key) == 401


@pytest.mark.usefixtures("attentive")
def test_when_a_key_was_used_is_noted_now_and_then(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, key = KeyFile(path).create("a")
    noted = [KeyFile(path).all()[0].used_at]
    with Engine(path) as engine, asking(engine) as status:
        for seconds in (1000, 1050, 1070, 1100, 1140):
            set_clock(monkeypatch, seconds)
            assert status(key) == 200
            noted.append(KeyFile(path).all()[0].used_at)
    assert noted == [None, 1000, 1000, 1070, 1070, 1140]


@pytest.mark.usefixtures("attentive")
def test_a_key_that_is_refused_is_not_used(path: Path) -> None:
    _, key = KeyFile(path).create("a")
    KeyFile(path).revoke("a")
    with Engine(path) as engine, asking(engine) as status:
        assert status(key) == 401
    assert KeyFile(path).all()[0].used_at is None


def test_other_addresses_are_open_to_who_has_a_key_of_the_database(path: Path) -> None:
    with pytest.raises(errors.ConfigurationError, match=r"only with an api_key.*assistream keys create NAME"):
        Engine(path, host="0.0.0.0")
    _, key = KeyFile(path).create("a")
    with Engine(path, host="0.0.0.0") as engine, asking(engine) as status:
        assert [status(one) for one in ("", key)] == [401, 200]
    KeyFile(path).revoke("a")
    with pytest.raises(errors.ConfigurationError, match="only with an api_key"):
        Engine(path, host="0.0.0.0")


@pytest.mark.usefixtures("attentive")
def test_without_its_last_key_such_an_engine_is_open_to_nobody(path: Path) -> None:
    _, key = KeyFile(path).create("a")
    with Engine(path, host="0.0.0.0") as engine, asking(engine) as status:
        KeyFile(path).delete("a")
        assert [status(one) for one in ("", key)] == [401, 401]


@pytest.mark.usefixtures("attentive")
def test_while_keys_cannot_be_read_those_that_were_read_count(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    _, key = KeyFile(path).create("a")
    with Engine(path) as engine, asking(engine) as status:
        assert status(key) == 200
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("ALTER TABLE keys RENAME TO elsewhere")
            assert [status(one) for one in (key, "other")] == [200, 401]
            connection.execute("ALTER TABLE elsewhere RENAME TO keys")
        assert status(key) == 200
    assert "The keys cannot be read" in caplog.text
    assert key not in caplog.text


def test_a_key_is_in_no_log(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    _, key = KeyFile(path).create("a")
    with Engine(path) as engine:
        client = httpx.Client(base_url=engine.base_url, headers={"Authorization": f"Bearer {key}"})
        with client:
            assert client.get("/files").status_code == 200
            assert client.get("/nothing").status_code == 404
    assert key not in caplog.text


def test_a_log_may_name_the_key(path: Path) -> None:
    """What is around the application finds in the scope who has come in."""
    scopes: list[Scope] = []

    class Watched(Engine):
        def _app(self, services: Services) -> ASGIApp:
            app = super()._app(services)

            async def watching(scope: Scope, receive: Receive, send: Send) -> None:
                scopes.append(scope)
                await app(scope, receive, send)

            return watching

    _, key = KeyFile(path).create("alice")
    with Watched(path, api_key="given") as engine, asking(engine) as status:
        assert [status(one) for one in (key, "given", "wrong")] == [200, 200, 401]
    assert [scope["state"].get("api_key_name") for scope in scopes] == ["alice", None, None]


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_the_scheme_has_any_case(scheme: str) -> None:
    with Engine(api_key="some key") as engine:
        for spaces in (" ", "   "):
            answer = httpx.get(f"{engine.base_url}/files", headers={"Authorization": f"{scheme}{spaces}some key"})
            assert answer.status_code == 200


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("", None),
        ("sk-1", None),
        ("Basic sk-1", None),
        ("Bearer", ""),
        ("Bearer ", ""),
        ("Bearer sk-1", "sk-1"),
        ("bearer  a b", "a b"),
    ],
)
def test_which_key_a_header_has(header: str, key: str | None) -> None:
    assert credential(header) == key


def test_who_has_the_database_needs_no_key(path: Path) -> None:
    with Client.embedded(path) as client:
        thread = client.beta.threads.create()
    KeyFile(path).create("a")
    with Client.embedded(path) as client:
        assert client.beta.threads.retrieve(thread.id) == thread
        assert httpx.get(f"{client.base_url}files").status_code == 401
    KeyFile(path).revoke("a")
    with Client.embedded(path) as client:
        assert client.beta.threads.retrieve(thread.id) == thread


@pytest.mark.anyio
async def test_who_has_the_database_needs_no_key_either(path: Path) -> None:
    KeyFile(path).create("a")
    async with AsyncClient.embedded(path) as client:
        assert (await client.beta.threads.create()).id


@pytest.mark.usefixtures("attentive")
def test_requests_on_one_connection_are_of_different_projects(path: Path) -> None:
    """Sent without waiting, so that the engine begins one while the one before ends."""
    keys = [KeyFile(path).create(name, name)[1] for name in ("a", "b")]
    with Engine(path) as engine:
        head = "POST /v1/threads HTTP/1.1\r\nHost: 127.0.0.1\r\nOpenAI-Beta: assistants=v2\r\nContent-Length: 2\r\n"
        sent = [f"{head}Authorization: Bearer {key}\r\n\r\n{{}}" for key in keys * 4]
        last = "GET /v1/threads HTTP/1.1\r\nHost: a\r\nOpenAI-Beta: assistants=v2\r\nConnection: close\r\n"
        with connected(engine) as connection:
            connection.sendall("".join([*sent, f"{last}Authorization: Bearer {keys[0]}\r\n\r\n"]).encode())
            said = until_closed(connection)
        assert said.count(b"HTTP/1.1 200 OK") == 9
        assert said.rpartition(b"\r\n\r\n")[2].count(b'"object":"thread"') == 4
