"""Clients with a server of their own."""

from __future__ import annotations

import importlib.util
import inspect
import sys
import threading
from pathlib import Path

import anyio
import pytest

from assistream import NOT_GIVEN, AsyncClient, Client, ConfigurationError, omit
from assistream.client import EngineOptions
from assistream.engine import Engine
from assistream.transport.written import attributes


def engine_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "assistream-engine"]


def test_embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "not for this server")
    with Client.embedded() as client:
        assert client.api_key is None
        assistant = client.beta.assistants.create(model="rehearsal")
        opened = client.beta.threads.create(messages=[{"role": "user", "content": "Hello"}])
        with client.beta.threads.runs.stream(opened.id, assistant_id=assistant.id) as handler:
            assert handler.get_final_run().status == "completed"
        with client.with_options(timeout=3):
            pass
        assert engine_threads()
    assert not engine_threads()
    client.close()


@pytest.mark.anyio
@pytest.mark.parametrize("api_key", ["key", ["key", "another"]])
async def test_async_embedded(api_key: str | list[str]) -> None:
    async with AsyncClient.embedded(api_key=api_key) as client:
        assert client.api_key == "key"
        assistant = await client.beta.assistants.create(model="rehearsal")
        opened = await client.beta.threads.create(messages=[{"role": "user", "content": "Hello"}])
        async with client.beta.threads.runs.stream(opened.id, assistant_id=assistant.id) as handler:
            assert (await handler.get_final_run()).status == "completed"
    assert not engine_threads()


@pytest.mark.anyio
async def test_async_embedded_is_stopped_in_a_cancelled_scope_too() -> None:
    with anyio.CancelScope() as scope:
        async with AsyncClient.embedded() as client:
            await client.beta.threads.create()
            scope.cancel()
    assert not engine_threads()


def test_embedded_on_a_file_remembers(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with Client.embedded(path) as client:
        kept = client.beta.threads.create(metadata={"a": "b"})
    with Client.embedded(path) as client:
        assert client.beta.threads.retrieve(kept.id).metadata == {"a": "b"}


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_embedded_that_cannot_start_leaves_nothing(kind: type[Client] | type[AsyncClient]) -> None:
    with pytest.raises(ConfigurationError, match="characters"):
        kind.embedded(api_key="line\nbreak")
    assert not engine_threads()


def test_embedded_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "assistream.engine")
    monkeypatch.setattr(importlib.util, "find_spec", dict[str, None]().get)
    with pytest.raises(ConfigurationError, match=r'uvicorn: pip install "assistream\[engine\]"$'):
        Client.embedded()


def test_embedded_with_an_engine_that_is_broken_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "assistream.engine")
    monkeypatch.setitem(sys.modules, "assistream.engine.engine", None)
    with pytest.raises(ConfigurationError, match=r"assistream\.engine\.engine halted") as raised:
        Client.embedded()
    assert "pip install" not in str(raised.value)
    assert isinstance(raised.value.__cause__, ImportError)


def test_embedded_leaves_out_what_is_not_given() -> None:
    with Client.embedded(path=":memory:", model=omit, run_ttl=NOT_GIVEN, keepalive=omit, api_key=NOT_GIVEN) as client:
        assert client.api_key is None
        assert client.beta.threads.create().id


def test_the_options_of_embedded_are_those_of_the_engine() -> None:
    assert list(inspect.signature(Client.embedded).parameters) == ["path", *EngineOptions.__annotations__]
    assert ["path", *EngineOptions.__annotations__] == list(inspect.signature(Engine).parameters)
    written = {name: attribute.hint for name, attribute in attributes(EngineOptions).items()}
    hints = [(name, hint) for name, hint in Engine.__init__.__annotations__.items() if name not in ("path", "return")]
    assert written == {name: f"Omittable[{hint}]" for name, hint in hints}
