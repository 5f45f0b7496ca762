"""Programs that are tested with the kit, as users write them."""

from __future__ import annotations

import json

import pytest

from assistream import (
    APIConnectionError,
    APITimeoutError,
    AsyncAssistantEventHandler,
    AsyncClient,
    InternalServerError,
    NotFoundError,
    RateLimitError,
    StreamProtocolError,
    StreamTruncatedError,
)
from assistream.testing import (
    ScriptedServer,
    Turn,
    calls,
    drops_connection,
    fails,
    goes_silent,
    pauses,
    refuses,
    says,
    sends,
)
from assistream.types import Run, Text, TextDelta, ToolOutput

pytestmark = pytest.mark.anyio


class Collector(AsyncAssistantEventHandler):
    def __init__(self) -> None:
        self.texts: list[str] = []

    async def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        self.texts.append(delta.value or "")


async def ask(client: AsyncClient, assistant_id: str, question: str) -> Run:
    """A program under test: it answers calls by hand."""
    runs = client.beta.threads.runs
    thread = await client.beta.threads.create(messages=[{"role": "user", "content": question}])
    async with runs.create_and_stream(thread.id, assistant_id=assistant_id) as stream:
        run = await stream.get_final_run()
    while run.required_action:
        outputs: list[ToolOutput] = [
            {"tool_call_id": call.id, "output": f"sunny in {json.loads(call.function.arguments)['city']}"}
            for call in run.required_action.submit_tool_outputs.tool_calls
        ]
        async with runs.submit_tool_outputs_stream(run.id, thread_id=thread.id, tool_outputs=outputs) as stream:
            run = await stream.get_final_run()
    return run


async def test_a_handler(assistants_server: ScriptedServer) -> None:
    assistants_server.script(says(["Hel", "lo"]))
    async with assistants_server.async_stream("Hi", event_handler=Collector()) as handler:
        await handler.until_done()
    assert handler.texts == ["Hel", "lo"]


async def test_a_program_that_answers_calls(assistants_server: ScriptedServer) -> None:
    assistants_server.script(
        calls(("get_weather", {"city": "Oslo"}), ("get_weather", {"city": "Bergen"})), "Both are sunny."
    )
    async with assistants_server.async_client() as client:
        run = await ask(client, assistants_server.assistant.id, "Weather?")
    assert run.status == "completed"
    assert assistants_server.outputs == [("get_weather", "sunny in Oslo"), ("get_weather", "sunny in Bergen")]
    first, second = assistants_server.requests
    assert [tool["function"]["name"] for tool in first.tools] == ["get_weather"]
    assert [message.text for message in second.messages if message.role != "system"] == [
        "Weather?",
        "",
        "sunny in Oslo",
        "sunny in Bergen",
    ]


async def test_without_a_handler(assistants_server: ScriptedServer) -> None:
    assistants_server.script(refuses("I would rather not."))
    async with assistants_server.async_stream() as stream:
        (message,) = await stream.get_final_messages()
    assert [part.type for part in message.content] == ["refusal"]
    assert assistants_server.requests[0].messages[-1].text == "Hello."


@pytest.mark.parametrize("reset", [False, True], ids=["end", "reset"])
@pytest.mark.parametrize("after", [1, 2, 3, 7, 9, 11])
async def test_a_connection_that_is_lost_after_some_events(
    assistants_server: ScriptedServer, after: int, reset: bool
) -> None:
    assistants_server.script(says(["Hel", "lo"]) + drops_connection(after=after, reset=reset))
    events: list[str] = []
    async with assistants_server.async_stream() as stream:
        with pytest.raises(StreamTruncatedError):
            async for event in stream:
                events.append(event.event)
    assert len(events) == after


async def test_all_events_without_their_end(assistants_server: ScriptedServer) -> None:
    """What counts is that the run is over: the last frame may be lost."""
    assistants_server.script(says(["Hel", "lo"]) + drops_connection(after=12))
    async with assistants_server.async_stream() as stream:
        assert (await stream.get_final_run()).status == "completed"


@pytest.mark.parametrize("reset", [False, True], ids=["end", "reset"])
async def test_a_connection_that_is_lost_in_the_middle(assistants_server: ScriptedServer, reset: bool) -> None:
    assistants_server.script(says(["Hel"]) + drops_connection(reset=reset) + says(["lo"]))
    async with assistants_server.async_client() as client:
        thread = await client.beta.threads.create(messages=[{"role": "user", "content": "Hi"}])
        runs = client.beta.threads.runs
        stream = runs.create_and_stream(
            thread.id, assistant_id=assistants_server.assistant.id, event_handler=(handler := Collector())
        )
        with pytest.raises(StreamTruncatedError) as caught:
            async with stream:
                await handler.until_done()
        assert handler.texts == ["Hel"]
        assistants_server.assert_done()  # the run has ended, unseen
        run = await runs.retrieve(caught.value.run_id or "", thread_id=thread.id)
        assert run.status == "completed"
        (answer,) = (await client.beta.threads.messages.list(thread.id, run_id=run.id)).data
    assert [part.text.value for part in answer.content if part.type == "text"] == ["Hello"]


async def test_a_lost_connection_stays_lost(assistants_server: ScriptedServer) -> None:
    """Although the engine has the rest, and knows a request again."""
    assistants_server.script(says(["Hel"]) + drops_connection() + says(["lo"]), drops_connection(after=0), "Again")
    async with assistants_server.async_client(max_retries=1) as client:
        with pytest.raises(StreamTruncatedError):
            await streamed(client, assistants_server)
        with pytest.raises(APIConnectionError):
            await streamed(client, assistants_server)
        assert await streamed(client, assistants_server) == "Again"
    tried = [request.status for request in assistants_server.log if "/runs" in request.path]
    assert tried == [200, 404, None, None, 200]


async def test_a_connection_that_is_lost_for_a_moment(assistants_server: ScriptedServer) -> None:
    lost = drops_connection(resumable=True)
    assistants_server.script(
        says(["Hel"]) + lost + says(["lo"]), drops_connection(after=0, resumable=True) + says("Hi"), "Again"
    )
    async with assistants_server.async_client(max_retries=1) as client:
        assert [await streamed(client, assistants_server) for _ in range(3)] == ["Hello", "Hi", "Again"]
    assert len(assistants_server.requests) == 3


async def streamed(client: AsyncClient, server: ScriptedServer) -> str:
    assistant, thread = server.assistant.id, server.thread().id
    async with client.beta.threads.runs.create_and_stream(thread, assistant_id=assistant) as stream:
        return "".join([piece async for piece in stream.text_deltas])


async def test_an_answer_that_never_comes(assistants_server: ScriptedServer) -> None:
    assistants_server.script(drops_connection(after=0))
    with pytest.raises(APIConnectionError) as caught:
        async with assistants_server.async_stream() as stream:
            await stream.until_done()
    assert not isinstance(caught.value, StreamTruncatedError)
    assert assistants_server.log[-1].status is None


async def test_the_stream_of_outputs_is_lost(assistants_server: ScriptedServer) -> None:
    assistants_server.script(calls(get_weather={"city": "Oslo"}), says("Sunny.") + drops_connection(after=2))
    async with assistants_server.async_client() as client:
        with pytest.raises(StreamTruncatedError):
            await ask(client, assistants_server.assistant.id, "Weather?")
    assert assistants_server.outputs == [("get_weather", "sunny in Oslo")]


@pytest.mark.parametrize("turn", [says("Hello") + goes_silent(), says("Hello") + goes_silent(after=4)])
async def test_a_server_that_goes_silent(assistants_server: ScriptedServer, turn: Turn) -> None:
    assistants_server.script(turn)
    with pytest.raises(APITimeoutError):
        async with assistants_server.async_stream(timeout=0.5) as stream:
            await stream.until_done()


async def test_a_slow_model(assistants_server: ScriptedServer) -> None:
    assistants_server.script(says(["Hel"]) + pauses(1) + says(["lo"]))
    handler = Collector()
    with pytest.raises(APITimeoutError):
        async with assistants_server.async_stream(event_handler=handler, timeout=0.5):
            await handler.until_done()
    assert handler.texts == ["Hel"]


async def test_malformed_frames(assistants_server: ScriptedServer) -> None:
    assistants_server.script(says(["Hel"]) + sends(b"event: thread.message.delta\ndata: {broken\n\n") + says(["lo"]))
    handler = Collector()
    with pytest.raises(StreamProtocolError):
        async with assistants_server.async_stream(event_handler=handler):
            await handler.until_done()
    assert handler.texts == ["Hel"]


async def test_frames_of_another_kind(assistants_server: ScriptedServer) -> None:
    assistants_server.script(says(["Hel"]) + sends(": a comment\n\nevent: news\ndata: {}\n\n") + says(["lo"]))
    async with assistants_server.async_stream() as stream:
        events = [event.event async for event in stream]
    assert events[7:10] == ["thread.message.delta", "news", "thread.message.delta"]


async def test_a_request_that_fails(assistants_server: ScriptedServer) -> None:
    assistants_server.script(fails(429, "Slow down."), fails(500), "Hi")
    with pytest.raises(RateLimitError, match=r"Slow down\.") as caught:
        async with assistants_server.async_stream():
            pass
    assert caught.value.type == "rate_limit_exceeded"
    with pytest.raises(InternalServerError):
        async with assistants_server.async_stream():
            pass
    async with assistants_server.async_stream() as stream:
        assert "".join([piece async for piece in stream.text_deltas]) == "Hi"


async def test_a_client_that_retries(assistants_server: ScriptedServer) -> None:
    assistants_server.script(fails(429, headers={"retry-after-ms": "1"}), "Hi")
    async with assistants_server.async_client(max_retries=1) as client:
        run = await ask(client, assistants_server.assistant.id, "Hi")
    assert run.status == "completed"
    assert [request.status for request in assistants_server.log if request.path.endswith("/runs")] == [429, 200]


async def test_a_run_that_fails(assistants_server: ScriptedServer) -> None:
    assistants_server.script(says(["Hel"]) + fails("rate_limit_exceeded", "Too much."))
    async with assistants_server.async_stream(event_handler=Collector()) as handler:
        run = await handler.get_final_run()
    assert run.last_error
    assert (run.last_error.code, run.last_error.message) == ("rate_limit_exceeded", "Too much.")
    assert handler.texts == ["Hel"]


async def test_a_model_that_is_asked_too_often(assistants_server: ScriptedServer) -> None:
    assistants_server.script("Hi")
    assistants_server.check = False
    async with assistants_server.async_client() as client:
        await ask(client, assistants_server.assistant.id, "One")
        run = await ask(client, assistants_server.assistant.id, "Two")
    assert run.last_error
    assert run.last_error.message == "The script is exhausted: it has 1 turns, and was asked for more."
    with pytest.raises(AssertionError, match="the script had no turn left: user: 'Two'"):
        assistants_server.assert_done()


async def test_a_request_that_the_server_refuses_takes_no_turn(assistants_server: ScriptedServer) -> None:
    assistants_server.script("Hi")
    async with assistants_server.async_client() as client:
        with pytest.raises(NotFoundError):
            await ask(client, "asst_none", "Hi")
        assert (await ask(client, assistants_server.assistant.id, "Hi")).status == "completed"
