# Written by scripts/unasync.py from test_async_lifecycle.py; edit that file instead.
"""CONTRACT section 1, and the rows of section 4 about how a stream is opened, used and left: E7, E11, E15, E16."""

from __future__ import annotations

import gc

import pytest

from assistream import AssistantEventHandler, Client, StreamUsageError
from assistream.streaming import AssistantStreamManager, Stream
from assistream.types import AssistantStreamEvent, Message, Text, TextContentBlock, TextDelta

from ..frames import DONE, RC, RD, RP, Object, asks, hello, name_of
from ..recording import OUTPUTS, Tracer, classic, said, streaming
from ..wire import Wire, hang, stream, until

ENTRIES: dict[str, tuple[str, Object]] = {
    "create_and_stream": ("/threads/thread_1/runs", {"assistant_id": "asst_1"}),
    "stream": ("/threads/thread_1/runs", {"assistant_id": "asst_1"}),
    "create_and_run_stream": ("/threads/runs", {"assistant_id": "asst_1"}),
    "submit_tool_outputs_stream": ("/threads/thread_1/runs/run_1/submit_tool_outputs", {"tool_outputs": OUTPUTS}),
}
HELLO = [
    *("run_step_created in_progress", "message_created in_progress"),
    *(
        "text_created Hel",
        "text_delta Hel",
        "message_delta MessageDelta",
        "text_delta lo",
        "message_delta MessageDelta",
    ),
    *("text_done Hello", "message_done completed", "run_step_done completed", "end"),
]


def manager(client: Client, entry: str) -> AssistantStreamManager[AssistantEventHandler]:
    runs = client.beta.threads.runs
    if entry == "create_and_run_stream":
        return client.beta.threads.create_and_run_stream(assistant_id="asst_1")
    if entry == "submit_tool_outputs_stream":
        return runs.submit_tool_outputs_stream(run_id="run_1", thread_id="thread_1", tool_outputs=OUTPUTS)
    opens = runs.stream if entry == "stream" else runs.create_and_stream
    return opens(thread_id="thread_1", assistant_id="asst_1")


def bare(client: Client, entry: str) -> Stream[AssistantStreamEvent]:
    runs = client.beta.threads.runs
    if entry == "create_and_run_stream":
        return client.beta.threads.create_and_run(assistant_id="asst_1", stream=True)
    if entry == "submit_tool_outputs_stream":
        return runs.submit_tool_outputs("run_1", thread_id="thread_1", tool_outputs=OUTPUTS, stream=True)
    return runs.create("thread_1", assistant_id="asst_1", stream=True)


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_point_sends_on_entry_and_the_target_is_a_handler(server: Wire, client: Client, entry: str) -> None:
    path, body = ENTRIES[entry]
    server.add(stream(*hello()), method="POST", path=path)
    opening = manager(client, entry)
    assert server.connections == []
    with opening as handler:
        assert isinstance(handler, AssistantEventHandler)
        assert [event.event for event in handler] == [name_of(frame) for frame in hello(done=False)]
    (request,) = server.requests
    assert request.body == body | {"stream": True}
    assert request.headers["accept"] == "text/event-stream, application/json;q=0.5"
    assert request.headers["openai-beta"] == "assistants=v2"


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_bare_stream_is_iterable_and_a_context_manager(server: Wire, client: Client, entry: str) -> None:
    path, body = ENTRIES[entry]
    server.add(stream(*hello()), method="POST", path=path)
    with bare(client, entry) as events:
        assert events.response.status_code == 200
        assert [event.event for event in events] == [name_of(frame) for frame in hello(done=False)]
    assert server.requests[0].body == body | {"stream": True}


def test_a_bare_stream_can_be_closed(server: Wire, client: Client) -> None:
    server.add(stream(RC(), RP(), then=hang()))
    events = bare(client, "create")
    assert (events.__next__()).event == "thread.run.created"
    events.close()
    assert [event for event in events] == []
    until(lambda: not server.open)


def test_the_hooks_of_a_whole_run_in_order(server: Wire, client: Client) -> None:
    server.add(stream(*hello()))
    handler = Tracer()
    with streaming(client, handler) as target:
        target.until_done()
    assert target is handler
    assert classic(handler.log) == HELLO
    assert handler.log[:3] == ["event thread.run.created", "run_changed queued", "run_created queued"]


def test_the_final_objects(server: Wire, client: Client) -> None:
    server.add(stream(*hello()))
    with streaming(client, Tracer()) as handler:
        run = handler.get_final_run()
        (message,) = handler.get_final_messages()
        (step,) = handler.get_final_run_steps()
    assert (run.status, message.status, step.status) == ("completed", "completed", "completed")
    assert (handler.run_id, handler.thread_id) == ("run_1", "thread_1")
    assert handler.usage is not None
    assert handler.usage.total_tokens == 3


def test_no_message_and_no_step_is_no_error(server: Wire, client: Client) -> None:
    server.add(stream(RC(), RD(), DONE))
    with streaming(client, Tracer()) as handler:
        assert handler.get_final_messages() == []
        assert handler.get_final_run_steps() == []


def test_no_run_is_an_error_when_it_is_asked_for(server: Wire, client: Client) -> None:
    server.add(stream(DONE))
    with streaming(client, Tracer()) as handler:
        with pytest.raises(StreamUsageError):
            handler.get_final_run()


def test_text_deltas(server: Wire, client: Client) -> None:
    server.add(stream(*hello()))
    handler = Tracer()
    with streaming(client, handler) as target:
        assert [text for text in target.text_deltas] == ["Hel", "lo"]
    assert classic(handler.log) == HELLO


def test_the_state_is_right_inside_on_event_and_in_the_body(server: Wire, client: Client) -> None:
    class Looks(Tracer):
        def on_event(self, event: AssistantStreamEvent) -> None:
            self.log.append(seen(self))

    def seen(handler: AssistantEventHandler) -> str:
        event, run = handler.current_event, handler.current_run
        return f"{event and event.event} {run and run.status} {said(handler.current_message_snapshot)}"

    server.add(stream(*hello()))
    handler = Looks()
    with streaming(client, handler) as target:
        in_body = [seen(target) for _ in target]
    assert [line for line in handler.log if line.startswith("thread.")] == in_body
    assert in_body[3] == "thread.message.delta queued Hel"
    assert in_body[-1] == "thread.run.completed completed Hello"


def test_what_a_hook_writes_into_a_message_disturbs_nothing(server: Wire, client: Client) -> None:
    class Writes(Tracer):
        def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
            super().on_text_delta(delta, snapshot)
            delta.value = "scribble"

        def on_message_done(self, message: Message) -> None:
            for block in message.content:
                assert isinstance(block, TextContentBlock)
                block.text.value = "edited"

    server.add(stream(*hello()))
    handler = Writes()
    with streaming(client, handler) as target:
        (message,) = target.get_final_messages()
    assert said(message) == "edited"
    assert "text_done Hello" in handler.log


def test_e7_an_early_break(server: Wire, client: Client) -> None:
    server.add(stream(RC(), RP(), then=hang()))
    handler = Tracer()
    with streaming(client, handler) as target:
        for _ in target:
            break
    assert handler.log == ["event thread.run.created", "run_changed queued", "run_created queued", "end"]
    until(lambda: not server.open)


def test_e7_the_body_raises(server: Wire, client: Client) -> None:
    server.add(stream(RC(), then=hang()))
    handler, mine = Tracer(), KeyError("mine")
    with pytest.raises(KeyError) as raised:
        with streaming(client, handler) as target:
            for _ in target:
                raise mine
    assert raised.value is mine
    assert handler.log[-1] == "end"
    assert handler.log.count("end") == 1
    assert "exception KeyError" not in handler.log
    until(lambda: not server.open)


def test_e7_never_iterated(server: Wire, client: Client) -> None:
    server.add(stream(RC(), then=hang()))
    handler = Tracer()
    with streaming(client, handler):
        pass
    assert handler.log == ["end"]
    until(lambda: not server.open)


class Impatient(Tracer):
    def __init__(self, method: str) -> None:
        super().__init__()
        self.method = method

    def on_message_done(self, message: Message) -> None:
        getattr(self, self.method)()


@pytest.mark.parametrize("method", ["until_done", "get_final_run", "get_final_messages", "get_final_run_steps"])
def test_e11_waiting_for_the_end_inside_a_hook(server: Wire, client: Client, method: str) -> None:
    server.add(stream(*hello()))
    handler = Impatient(method)
    with pytest.raises(StreamUsageError, match="hook"):
        with streaming(client, handler) as target:
            target.until_done()
    assert handler.log[-2:] == ["exception StreamUsageError", "end"]


def test_e15_never_entered(server: Wire, client: Client) -> None:
    for entry in ENTRIES:
        manager(client, entry)
    gc.collect()
    assert server.connections == []


def test_e15_entered_again(server: Wire, client: Client) -> None:
    server.add(stream(*hello()), times=2)
    opening = streaming(client, Tracer())
    with opening as target:
        with pytest.raises(StreamUsageError):
            opening.__enter__()
        target.until_done()
    with pytest.raises(StreamUsageError):
        with opening:
            pass
    assert len(server.requests) == 1


def test_e16_use_after_close(server: Wire, client: Client) -> None:
    server.add(stream(RC(), RP(), then=hang()))
    handler = Tracer()
    with streaming(client, handler) as target:
        for _ in target:
            target.close()
        assert [event for event in target] == []
        target.until_done()
    assert [event for event in target] == []
    assert [line for line in handler.log if line.startswith(("event", "end"))] == ["event thread.run.created", "end"]
    until(lambda: not server.open)


class Closes(Tracer):
    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        super().on_text_delta(delta, snapshot)
        self.close()


def test_e16_close_inside_a_hook(server: Wire, client: Client) -> None:
    server.add(stream(*hello(), then=hang()))
    handler = Closes()
    with streaming(client, handler) as target:
        target.until_done()
    before = ["run_step_created in_progress", "message_created in_progress", "text_created Hel"]
    assert classic(handler.log) == [*before, "text_delta Hel", "end"]
    until(lambda: not server.open)


def test_e16_close_twice_and_after_the_end(server: Wire, client: Client) -> None:
    server.add(stream(*asks()))
    handler = Tracer()
    with streaming(client, handler) as target:
        target.until_done()
        target.close()
        target.close()
    target.close()
    assert handler.log.count("end") == 1
