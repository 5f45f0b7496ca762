# Written by scripts/unasync.py from test_async_programs.py; edit that file instead.
"""CONTRACT section 5: programs that exist own their names. They are written here as such programs are written."""

from __future__ import annotations

from typing import Any, cast

from assistream import AssistantEventHandler, Client
from assistream.types import AssistantStreamEvent, Message, Run, Text, TextDelta, ToolOutput

from ..frames import RA, answers, asks, call, hello
from ..wire import Wire, stream

CALLS = [
    call("call_t", "get_current_temperature", '{"location": "Oslo"}'),
    call("call_r", "get_rain_probability", "{}"),
]
SUBMIT = "/threads/thread_1/runs/run_1/submit_tool_outputs"


class Weather(AssistantEventHandler):
    """The shape of the handler in OpenAI's guide to function calling with streaming: names, nesting and all."""

    def __init__(self, client: Client, printed: list[str]) -> None:
        super().__init__()
        self.client = client
        self.printed = printed

    def on_event(self, event: AssistantStreamEvent) -> None:
        if event.event == "thread.run.requires_action":
            self.handle_requires_action(event.data, event.data.id)

    def handle_requires_action(self, data: Run, run_id: str) -> None:
        outputs: list[ToolOutput] = []
        assert data.required_action is not None
        for tool in cast(Any, data.required_action).submit_tool_outputs.tool_calls:
            if tool.function.name == "get_current_temperature":
                outputs.append({"tool_call_id": tool.id, "output": "57"})
            elif tool.function.name == "get_rain_probability":
                outputs.append({"tool_call_id": tool.id, "output": "0.06"})
        self.submit_tool_outputs(outputs, run_id)

    def submit_tool_outputs(self, tool_outputs: list[ToolOutput], run_id: str) -> None:
        assert self.current_run is not None
        with self.client.beta.threads.runs.submit_tool_outputs_stream(
            thread_id=self.current_run.thread_id,
            run_id=self.current_run.id,
            tool_outputs=tool_outputs,
            event_handler=Weather(self.client, self.printed),
        ) as inner:
            for text in inner.text_deltas:
                self.printed.append(text)


def test_the_published_tool_calling_example(server: Wire, client: Client) -> None:
    server.add(stream(*asks(*CALLS)))
    server.add(stream(*answers(*CALLS)), path=SUBMIT)
    printed: list[str] = []
    with client.beta.threads.runs.stream(
        thread_id="thread_1", assistant_id="asst_1", event_handler=Weather(client, printed)
    ) as outer:
        outer.until_done()
    assert printed == ["Hel", "lo"]
    outputs = [{"tool_call_id": "call_t", "output": "57"}, {"tool_call_id": "call_r", "output": "0.06"}]
    assert server.requests[1].body == {"tool_outputs": outputs, "stream": True}


class Owner(AssistantEventHandler):
    """Its own `thread_id`, `run_id`, `usage`, and its own methods under the names of the day."""

    def __init__(self, thread_id: str) -> None:
        self.thread_id = thread_id
        self.run_id = "mine"
        self.usage = None
        self.called: list[str] = []

    def on_requires_action(self, *args: object) -> None:
        self.called.append("on_requires_action")

    def handle_requires_action(self, *args: object) -> None:
        self.called.append("handle_requires_action")

    def submit_tool_outputs(self, *args: object) -> None:
        self.called.append("submit_tool_outputs")


def test_a_program_owns_its_attributes_and_methods(server: Wire, client: Client) -> None:
    server.add(stream(*asks()))
    with client.beta.threads.runs.stream(
        thread_id="thread_1", assistant_id="asst_1", event_handler=Owner("my own")
    ) as handler:
        handler.until_done()
    assert (handler.thread_id, handler.run_id, handler.usage) == ("my own", "mine", None)
    assert handler.called == []
    assert len(server.requests) == 1


class ByClass(AssistantEventHandler):
    thread_id = "of the class"


def test_a_class_owns_its_attributes_too(server: Wire, client: Client) -> None:
    server.add(stream(*hello()))
    with client.beta.threads.runs.stream(
        thread_id="thread_1", assistant_id="asst_1", event_handler=ByClass()
    ) as handler:
        handler.until_done()
    assert (handler.thread_id, handler.run_id) == ("of the class", "run_1")


class Printer(AssistantEventHandler):
    """The shape of the handler in the API's quickstart."""

    def __init__(self) -> None:
        super().__init__()
        self.out: list[str] = []

    def on_text_created(self, text: Text) -> None:
        self.out.append("\nassistant > ")

    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        self.out.append(delta.value or "")

    def on_message_done(self, message: Message) -> None:
        self.out.append("\n")


def test_the_quickstart(server: Wire, client: Client) -> None:
    server.add(stream(*hello()))
    with client.beta.threads.runs.stream(
        thread_id="thread_1", assistant_id="asst_1", event_handler=Printer()
    ) as handler:
        handler.until_done()
    assert "".join(handler.out) == "\nassistant > Hello\n"


def test_submitting_after_the_stream(server: Wire, client: Client) -> None:
    server.add(stream(*asks(done=False)[:-1], RA(*CALLS)))
    server.add(stream(*answers(*CALLS)), path=SUBMIT)
    runs = client.beta.threads.runs
    with runs.stream(thread_id="thread_1", assistant_id="asst_1") as first:
        run = first.get_final_run()
    assert run.required_action is not None
    calls = cast(Any, run.required_action).submit_tool_outputs.tool_calls
    outputs: list[ToolOutput] = [{"tool_call_id": tool.id, "output": "1"} for tool in calls]
    with runs.submit_tool_outputs_stream(thread_id="thread_1", run_id=run.id, tool_outputs=outputs) as second:
        assert [text for text in second.text_deltas] == ["Hel", "lo"]
