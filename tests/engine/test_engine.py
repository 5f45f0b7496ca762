from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from assistream.engine import Engine
from assistream.errors import ConfigurationError
from tests.engine.conftest import Api, calls_of

Connect = Callable[[Engine], Api]


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "assistream-engine"]


def test_from_start_to_close() -> None:
    engine = Engine()
    with engine:
        assert engine.base_url.startswith("http://127.0.0.1:")
        assert httpx.get(f"{engine.base_url}/assistants").status_code == 400
        address, base_url = httpx.URL(engine.base_url), engine.base_url
        assert threads()
    assert not threads()
    with pytest.raises(httpx.ConnectError):
        httpx.get(base_url)
    with socket.create_server((address.host, address.port or 0)):  # the port is free again
        pass


def test_start_and_close_may_be_repeated() -> None:
    engine = Engine()
    engine.close()
    for _ in range(2):
        assert engine.start() is engine
        assert engine.start().base_url == engine.base_url
        assert len(threads()) == 1
        engine.close()
        engine.close()
        assert not threads()


def test_started_by_many_threads_at_once_it_is_one_engine() -> None:
    engine = Engine()
    starting = [threading.Thread(target=engine.start) for _ in range(8)]
    for thread in starting:
        thread.start()
    for thread in starting:
        thread.join()
    assert len(threads()) == 1
    engine.close()


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_engine_that_does_not_run_has_no_address(when: str) -> None:
    engine = Engine()
    if when == "after":
        engine.start().close()
    with pytest.raises(ConfigurationError, match="not running"):
        _ = engine.base_url


def test_an_engine_whose_thread_died_can_be_started_again() -> None:
    engine = Engine().start()
    server, thread = engine._server, engine._thread
    assert server
    assert thread
    server._loop.call_soon_threadsafe(sys.exit)
    thread.join()
    with pytest.raises(ConfigurationError, match="not running"):
        _ = engine.base_url
    with engine:
        assert httpx.get(f"{engine.base_url}/assistants").status_code == 400


def test_a_second_engine_on_one_file(tmp_path: Path) -> None:
    with Engine(tmp_path / "a.db"):
        with pytest.raises(ConfigurationError, match="in use by another engine"):
            Engine(tmp_path / "a.db").start()
    assert len(threads()) == 0


def test_many_engines_at_once() -> None:
    engines = [Engine().start() for _ in range(5)]
    assert len({engine.base_url for engine in engines}) == 5
    for engine in engines:
        engine.close()


def test_a_database_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="as its database"):
        Engine(tmp_path).start()
    assert not threads()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
@pytest.mark.parametrize("api_key", [None, ""])
def test_elsewhere_than_here_a_key_is_demanded(host: str, api_key: str | None) -> None:
    with pytest.raises(ConfigurationError, match="only with an api_key"):
        Engine(host=host, api_key=api_key)


def test_the_offline_model_is_the_default(engine: Engine, connect: Connect) -> None:
    api = connect(engine)
    city = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    function = {"name": "get_weather", "description": "Today's weather in a city.", "parameters": city}
    assistant = api.assistant(tools=[{"type": "function", "function": function}])
    thread = api.thread("What is the weather in Oslo?")
    run = api.run_stream(thread, assistant_id=assistant["id"])[-1].data
    assert [call["function"]["name"] for call in calls_of(run)] == ["get_weather"]
    assert "Oslo" in calls_of(run)[0]["function"]["arguments"]
    events = api.submit(run, "sunny")
    assert events[-1].data["status"] == "completed"
    assert "sunny" in events[-3].data["content"][0]["text"]["value"]


def test_any_function_is_a_model(connect: Connect) -> None:
    async def shout(request: object) -> str:
        return "HELLO"

    with Engine(model=shout) as engine:
        events = connect(engine).run_stream()
    assert events[-3].data["content"][0]["text"]["value"] == "HELLO"
