"""Testing your own handlers and programs with pytest. The fixture `assistants_server` comes with assistream."""

from __future__ import annotations

import subprocess
import sys

import pytest

from assistream import AssistantEventHandler, Client, StreamTruncatedError
from assistream.testing import ScriptedServer, calls, drops_connection, fails, says
from assistream.types import Run, Text, TextDelta, ToolOutput

# What is to be tested: a handler, and a program that answers calls.


class Shout(AssistantEventHandler):
    text = ""

    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        self.text += (delta.value or "").upper()


def answer(client: Client, assistant_id: str, question: str) -> Run:
    runs = client.beta.threads.runs
    thread = client.beta.threads.create(messages=[{"role": "user", "content": question}])
    run = runs.create_and_poll(thread.id, assistant_id=assistant_id)
    while run.required_action:
        outputs: list[ToolOutput] = [
            {"tool_call_id": call.id, "output": "21 degrees"}
            for call in run.required_action.submit_tool_outputs.tool_calls
        ]
        run = runs.submit_tool_outputs_and_poll(run.id, thread_id=thread.id, tool_outputs=outputs)
    return run


# The tests.


def test_the_handler(assistants_server: ScriptedServer) -> None:
    assistants_server.script(says("It is warm."))
    with assistants_server.stream("How is it?", event_handler=Shout()) as handler:
        handler.until_done()
    assert handler.text == "IT IS WARM."


def test_the_program(assistants_server: ScriptedServer) -> None:
    assistants_server.script(calls(get_weather={"city": "Oslo"}), says("It is warm."))
    run = answer(assistants_server.client(), assistants_server.assistant.id, "How is it?")
    assert run.status == "completed"
    assert assistants_server.outputs == [("get_weather", "21 degrees")]


def test_a_run_that_fails(assistants_server: ScriptedServer) -> None:
    assistants_server.script(fails("rate_limit_exceeded"))
    run = answer(assistants_server.client(), assistants_server.assistant.id, "How is it?")
    assert run.status == "failed"


def test_a_connection_that_is_lost(assistants_server: ScriptedServer) -> None:
    assistants_server.script(says("It is ") + drops_connection() + says("warm."))
    handler = Shout()
    with pytest.raises(StreamTruncatedError):
        with assistants_server.stream(event_handler=handler):
            handler.until_done()
    assert handler.text == "IT IS "


if __name__ == "__main__":
    # As `python -m pytest examples/07_testing_a_program.py`.
    sys.exit(subprocess.call([sys.executable, "-m", "pytest", __file__, "-q", "-p", "no:cacheprovider"]))
