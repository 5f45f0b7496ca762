from __future__ import annotations

import math
import threading
from typing import Any

import anyio
import httpx
import pytest

from assistream import AsyncClient, Client, ConfigurationError, StreamTruncatedError, StreamUsageError, UsageError
from assistream.testing import (
    ModelRequest,
    Output,
    ScriptedServer,
    Turn,
    calls,
    drops_connection,
    fails,
    goes_silent,
    pauses,
    says,
    sends,
    waits_for,
)
from assistream.types import Run


def run_to_its_end(server: ScriptedServer, message: str = "Hello.") -> Run:
    with server.stream(message) as stream:
        return stream.get_final_run()


def complaints(server: ScriptedServer, timeout: float = 2.0) -> list[str]:
    with pytest.raises(AssertionError) as caught:
        server.assert_done(timeout)
    first, *lines = str(caught.value).split("\n  - ")
    assert first == "The script was not played as it is written:"
    return lines


def test_nothing_to_complain_of() -> None:
    with ScriptedServer("Hi") as server:
        assert run_to_its_end(server).status == "completed"
        server.assert_done()


def test_turns_that_are_left_are_named() -> None:
    with pytest.raises(AssertionError) as caught, ScriptedServer("One", says("Two") + fails(), calls(f={})) as server:
        run_to_its_end(server)
    assert str(caught.value).splitlines()[1:] == [
        "  - not played: turn 2: says('Two') + fails('server_error')",
        "  - not played: turn 3: calls(f={})",
    ]


def test_a_run_that_is_left_waiting_is_named() -> None:
    with ScriptedServer(calls(get_weather={"city": "Oslo"}), check=False) as server:
        run = run_to_its_end(server)
        assert complaints(server) == [
            f"run {run.id} of thread {run.thread_id} is still requires_action,"
            ' for the outputs of get_weather({"city": "Oslo"})'
        ]
        server.client().beta.threads.runs.cancel(run.id, thread_id=run.thread_id)
        server.assert_done()


def test_a_run_in_progress_is_named_and_a_cancelled_one_is_not() -> None:
    with ScriptedServer(pauses(math.inf)) as server:
        client = server.client()
        run = client.beta.threads.runs.create(server.thread().id, assistant_id=server.assistant.id)
        assert complaints(server, timeout=0) == [f"run {run.id} of thread {run.thread_id} is still in_progress"]
        client.beta.threads.runs.cancel(run.id, thread_id=run.thread_id)


def test_a_run_whose_connection_was_lost_gets_time_to_end() -> None:
    go = threading.Event()
    timer = threading.Timer(0.1, go.set)
    with ScriptedServer(drops_connection(after=1) + waits_for(go)) as server:
        with pytest.raises(StreamTruncatedError):
            run_to_its_end(server)
        timer.start()
        server.assert_done()
    timer.join()


@pytest.mark.parametrize("fault", [drops_connection(after=20), goes_silent(after=12)])
def test_a_fault_that_did_not_happen_is_named(fault: Turn) -> None:
    with ScriptedServer(says("Hi") + fault, check=False) as server:
        assert run_to_its_end(server).status == "completed"
        (name,) = (str(step) for step in fault.steps)
        assert complaints(server) == [f"did not happen: {name}, in turn 1: says('Hi') + {name}"]


def test_faults_of_streams_do_not_happen_to_an_answer_without_one() -> None:
    with ScriptedServer(says("Hi") + drops_connection() + sends(b": hi\n\n"), check=False) as server:
        run = server.client().beta.threads.runs.create_and_poll(server.thread().id, assistant_id=server.assistant.id)
        assert run.status == "completed"
        turn = r"turn 1: says('Hi') + drops_connection() + sends(b': hi\n\n')"
        assert complaints(server) == [
            f"did not happen: drops_connection(), in {turn}",
            rf"did not happen: sends(b': hi\n\n'), in {turn}",
        ]


def test_what_is_wrong_with_the_test_itself_comes_first() -> None:
    with pytest.raises(ZeroDivisionError), ScriptedServer("Hi"):
        raise ZeroDivisionError


def test_a_server_need_not_be_checked() -> None:
    with ScriptedServer("Hi", check=False):
        pass


def test_after_the_with_nothing_can_be_asked() -> None:
    with ScriptedServer() as server:
        pass
    with pytest.raises(UsageError, match="inside of its `with`"):
        server.assert_done()


def test_closing_closes_the_clients_and_the_server() -> None:
    with ScriptedServer() as server:
        client, address = server.client(), server.base_url
        server.close()
        server.check = False
    assert client.is_closed()
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)


def test_the_assistant_has_what_the_script_calls() -> None:
    def later(request: ModelRequest) -> str:
        return "Hi"

    with ScriptedServer(calls(f={}, g={}), says("x") + calls(f={}), later, check=False) as server:
        assistant = server.assistant
        assert [tool.function.name for tool in assistant.tools if tool.type == "function"] == ["f", "g"]
        assert server.assistant is assistant
        server.script(calls(h={}))
        assert len(server.assistant.tools) == 3


def test_everything_that_was_asked_is_in_the_log() -> None:
    with ScriptedServer() as server:
        client = server.client()
        thread = client.beta.threads.create(metadata={"a": "b"})
        client.beta.threads.retrieve(thread.id)
    made, read = server.log
    assert (made.method, made.path, made.body, made.status) == ("POST", "/v1/threads", {"metadata": {"a": "b"}}, 200)
    assert (read.method, read.path, read.body) == ("GET", f"/v1/threads/{thread.id}", None)


def test_outputs_are_told_by_the_name_of_the_function() -> None:
    with ScriptedServer(calls(f={}, g={}), "Done") as server:
        run = run_to_its_end(server)
        assert run.required_action
        one, two = (call.id for call in run.required_action.submit_tool_outputs.tool_calls)
        runs = server.client().beta.threads.runs
        with pytest.raises(Exception, match="Expected tool outputs"):
            runs.submit_tool_outputs(run.id, thread_id=run.thread_id, tool_outputs=[])
        runs.submit_tool_outputs_and_poll(
            run.id,
            thread_id=run.thread_id,
            tool_outputs=[{"tool_call_id": two, "output": "2"}, {"tool_call_id": one, "output": ""}],
        )
        assert server.outputs == [("g", "2"), Output("f", "")]


def test_a_client_takes_options() -> None:
    with ScriptedServer() as server:
        client = server.client(timeout=3)
        assert isinstance(client, Client)
        assert (client.timeout, client.max_retries, str(client.base_url)) == (3, 0, f"{server.base_url}/")
        assert server.client(max_retries=2).max_retries == 2


def test_runs_expire_when_asked_to() -> None:
    with ScriptedServer(pauses(math.inf), run_ttl=0.1) as server:
        assert run_to_its_end(server).status == "expired"


def test_a_function_makes_the_turn_from_what_is_asked() -> None:
    def echo(request: ModelRequest) -> str:
        return request.messages[-1].text.upper()

    with ScriptedServer(echo, lambda request: says("Hi") + drops_connection()) as server:
        with server.stream("Be loud") as stream:
            assert "".join(stream.text_deltas) == "BE LOUD"
        with pytest.raises(StreamTruncatedError):
            run_to_its_end(server)


@pytest.mark.anyio
async def test_runs_at_once_have_the_turns_of_their_requests() -> None:
    """Each stream gets the fault that is its own, whichever model is asked first."""
    count = 10
    ends: dict[int, int | str] = {}
    script = [says("Hi") + drops_connection(after=number) if number % 2 else says("Hi") for number in range(count)]

    async def ask(client: AsyncClient, thread_id: str, number: int) -> None:
        runs = client.beta.threads.runs
        seen = 0
        async with runs.create_and_stream(thread_id, assistant_id=server.assistant.id) as stream:
            try:
                async for _ in stream:
                    seen += 1
            except StreamTruncatedError:
                ends[number] = seen
            else:
                ends[number] = "completed"

    with ScriptedServer(*script) as server:
        threads = [server.thread() for _ in range(count)]
        async with server.async_client() as client, anyio.create_task_group() as tasks:
            for number in range(count):
                tasks.start_soon(ask, client, threads[number].id, number)
    assert sorted(map(str, ends.values())) == sorted(
        [str(number) if number % 2 else "completed" for number in range(count)]
    )


def test_a_turn_that_checks_the_request_fails_the_test() -> None:
    def checks(request: ModelRequest) -> str:
        assert request.messages[-1].text == "Bye."
        return "Hi"

    with pytest.raises(
        AssertionError, match="could not be made: turn 1: what checks returns: AssertionError"
    ) as caught:
        with ScriptedServer(checks) as server:
            assert run_to_its_end(server).status == "failed"
    assert isinstance(caught.value.__cause__, AssertionError)


def test_what_is_no_turn_is_told_at_once() -> None:
    server = ScriptedServer()
    for wrong in (["Hi", "there"], 42):
        with pytest.raises(TypeError, match="is no turn"):
            server.script(wrong)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] -- that is what is refused


def test_a_server_that_does_not_run_says_which_one_it_is() -> None:
    with pytest.raises(ConfigurationError, match=r"with ScriptedServer\(...\) as server"):
        ScriptedServer("Hi").stream()


def test_an_async_stream_in_a_plain_with() -> None:
    with ScriptedServer() as server:
        stream: Any = server.async_stream()
        with pytest.raises(StreamUsageError, match=r"async_stream\(\) is for `async with`"), stream:
            pass
