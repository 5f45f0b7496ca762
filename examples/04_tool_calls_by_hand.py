"""Answering tool calls by hand: stream until the run waits, submit outputs, stream on."""

from __future__ import annotations

import json

from assistream import AssistantEventHandler, Client
from assistream.types import FunctionToolCall, Run, Text, TextDelta, ToolCall
from assistream.types.params import ToolOutput


def get_weather(city: str) -> dict[str, object]:
    return {"city": city, "sky": "light rain", "high": 11}


class Printer(AssistantEventHandler):
    def on_tool_call_done(self, tool_call: ToolCall) -> None:
        if isinstance(tool_call, FunctionToolCall):
            print(f"-- {tool_call.function.name}({tool_call.function.arguments})")

    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        print(delta.value or "", end="", flush=True)


def outputs_for(run: Run) -> list[ToolOutput]:
    calls = run.required_action.submit_tool_outputs.tool_calls if run.required_action else []
    return [
        {"tool_call_id": call.id, "output": json.dumps(get_weather(**json.loads(call.function.arguments)))}
        for call in calls
    ]


with Client.embedded() as client:
    runs = client.beta.threads.runs
    assistant = client.beta.assistants.create(
        model="rehearsal",
        tools=[
            {
                "type": "function",
                "function": {
                    "name": "get_weather",
                    "description": "Today's weather in a city.",
                    "parameters": {
                        "type": "object",
                        "properties": {"city": {"type": "string"}},
                        "required": ["city"],
                    },
                },
            }
        ],
    )
    thread = client.beta.threads.create(messages=[{"role": "user", "content": "What is the weather in Bergen?"}])
    handler = Printer()

    with runs.create_and_stream(thread.id, assistant_id=assistant.id, event_handler=handler) as stream:
        run = stream.get_final_run()

    while run.status == "requires_action":
        with runs.submit_tool_outputs_stream(
            run.id, thread_id=thread.id, tool_outputs=outputs_for(run), event_handler=handler
        ) as stream:
            run = stream.get_final_run()

    print(f"\n-- {run.status}")
