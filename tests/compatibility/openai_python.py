"""openai-python: polling, an event handler whose hook answers calls, plain iteration, and asyncio."""

# It runs where assistream is not, and openai is; here it is the other way round.
# mypy: disable-error-code="import-not-found", disallow_subclassing_any=False, disallow_any_decorated=False
# pyright: basic, reportMissingImports=false

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any

from openai import AssistantEventHandler, AsyncAssistantEventHandler, AsyncOpenAI, OpenAI

QUESTIONS = ["What is the weather and the time in Oslo?", "And the weather in Bergen?", "Thank you."]
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS = [
    {"type": "function", "function": {"name": name, "description": name, "parameters": CITY}}
    for name in ("get_weather", "get_time")
]


def get_weather(city: str) -> str:
    return f"{7 * len(city)} degrees"


def get_time(city: str) -> str:
    return f"{len(city)} o'clock"


def outputs(run: Any) -> list[dict[str, str]]:
    functions: dict[str, Callable[..., str]] = {"get_weather": get_weather, "get_time": get_time}
    return [
        {"tool_call_id": call.id, "output": functions[call.function.name](**json.loads(call.function.arguments))}
        for call in run.required_action.submit_tool_outputs.tool_calls
    ]


def polling(client: OpenAI, assistant_id: str, thread_id: str, question: str) -> str:
    client.beta.threads.messages.create(thread_id, role="user", content=question)
    run = client.beta.threads.runs.create_and_poll(thread_id=thread_id, assistant_id=assistant_id, poll_interval_ms=20)
    while run.status == "requires_action":
        run = client.beta.threads.runs.submit_tool_outputs_and_poll(
            run_id=run.id, thread_id=thread_id, tool_outputs=outputs(run), poll_interval_ms=20
        )
    (step, *_) = client.beta.threads.runs.steps.list(run.id, thread_id=thread_id).data
    (message,) = client.beta.threads.messages.list(thread_id, limit=1).data
    assert step.step_details.message_creation.message_id == message.id
    text: str = message.content[0].text.value
    return text


class Handler(AssistantEventHandler):
    def __init__(self, client: OpenAI) -> None:
        super().__init__()
        self.client, self.said, self.created = client, "", 0

    def on_tool_call_created(self, tool_call: Any) -> None:
        self.created += 1

    def on_text_delta(self, delta: Any, snapshot: Any) -> None:
        self.said += delta.value or ""

    def on_event(self, event: Any) -> None:
        if event.event == "thread.run.requires_action":
            assert self.created == len(event.data.required_action.submit_tool_outputs.tool_calls)
            answering = Handler(self.client)
            with self.client.beta.threads.runs.submit_tool_outputs_stream(
                run_id=event.data.id,
                thread_id=event.data.thread_id,
                tool_outputs=outputs(event.data),
                event_handler=answering,
            ) as stream:
                stream.until_done()
            self.said += answering.said


def handler(client: OpenAI, assistant_id: str, thread_id: str, question: str) -> str:
    client.beta.threads.messages.create(thread_id, role="user", content=question)
    given = Handler(client)
    with client.beta.threads.runs.stream(thread_id=thread_id, assistant_id=assistant_id, event_handler=given) as stream:
        stream.until_done()
    return given.said


def iteration(client: OpenAI, assistant_id: str, thread_id: str, question: str) -> str:
    client.beta.threads.messages.create(thread_id, role="user", content=question)
    said, events = "", client.beta.threads.runs.create(thread_id, assistant_id=assistant_id, stream=True)
    while events:
        todo, events = events, None
        for event in todo:
            if event.event == "thread.message.delta":
                said += event.data.delta.content[0].text.value
            elif event.event == "thread.run.requires_action":
                events = client.beta.threads.runs.submit_tool_outputs(
                    event.data.id, thread_id=thread_id, tool_outputs=outputs(event.data), stream=True
                )
    return said


async def asynchronous() -> list[str]:
    said: list[str] = []
    async with AsyncOpenAI() as client:
        runs = client.beta.threads.runs
        assistant = await client.beta.assistants.create(model="gpt-4o", instructions="Be brief.", tools=TOOLS)
        thread = await client.beta.threads.create()
        for question in QUESTIONS:
            await client.beta.threads.messages.create(thread.id, role="user", content=question)
            stream: Any = runs.stream(
                thread_id=thread.id, assistant_id=assistant.id, event_handler=AsyncAssistantEventHandler()
            )
            while True:
                async with stream as events:
                    pieces = [piece async for piece in events.text_deltas]
                    run = await events.get_final_run()
                if run.status != "requires_action":
                    break
                stream = runs.submit_tool_outputs_stream(
                    run_id=run.id,
                    thread_id=thread.id,
                    tool_outputs=outputs(run),
                    event_handler=AsyncAssistantEventHandler(),
                )
            said.append("".join(pieces))
    return said


def synchronous(ask: Callable[[OpenAI, str, str, str], str]) -> list[str]:
    with OpenAI() as client:
        assistant = client.beta.assistants.create(model="gpt-4o", instructions="Be brief.", tools=TOOLS)
        thread = client.beta.threads.create()
        said = [ask(client, assistant.id, thread.id, question) for question in QUESTIONS]
        assert client.beta.assistants.delete(assistant.id).deleted
    return said


if __name__ == "__main__":
    ways = {"polling": polling, "event handler": handler, "stream=True": iteration}
    way = sys.argv[1]
    print(json.dumps(asyncio.run(asynchronous()) if way == "asyncio" else synchronous(ways[way])))
