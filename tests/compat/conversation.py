"""Talk to an engine through a client's own event handlers, and print what they saw as JSON.

::

    python conversation.py openai http://127.0.0.1:1234/v1

A program as its users write them, for any client with openai's surface; assistream is one. One object is printed, with
the same account for "sync" and "async": a plain answer read in each way there is, and one that needs two functions,
whose outputs are submitted once after the stream and once from inside a hook, as OpenAI's example does it.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from typing import Any

client_module: Any = importlib.import_module(sys.argv[1])

QUESTION = "What is the weather in Oslo, and what is the time in Tokyo?"
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS = [
    {"type": "function", "function": {"name": name, "description": f"The {what} in a city.", "parameters": CITY}}
    for name, what in [("get_weather", "weather"), ("get_time", "time")]
]


def outputs(run: Any) -> list[dict[str, str]]:
    """What the functions say that a run waits for."""
    found = {"get_weather": "rain in {city}", "get_time": "noon in {city}"}
    return [
        {"tool_call_id": call.id, "output": found[call.function.name].format(**json.loads(call.function.arguments))}
        for call in run.required_action.submit_tool_outputs.tool_calls
    ]


class Account:
    """What the handlers of one conversation saw."""

    def __init__(self) -> None:
        self.text = ""
        self.texts_done: list[str] = []
        self.arguments: dict[str, str] = {}
        self.calls_done: list[str] = []
        self.ends = 0
        self.steps: list[str] = []
        self.run: dict[str, Any] = {}

    def note_created(self, tool_call: Any) -> None:
        self.arguments[tool_call.function.name] = tool_call.function.arguments

    def note_delta(self, delta: Any, snapshot: Any) -> None:
        self.arguments[snapshot.function.name] += delta.function.arguments or ""

    def note_final(self, run: Any, messages: list[Any]) -> None:
        self.run = {"status": run.status, "tokens": run.usage.total_tokens > 0, "said": texts(messages)}


def texts(messages: list[Any]) -> list[str]:
    return [block.text.value for message in messages for block in message.content]


class Handler(client_module.AssistantEventHandler):  # type: ignore[misc]  # of which client is known at run time
    def __init__(self, client: Any, account: Account, *, submits: bool = False) -> None:
        super().__init__()  # pyright: ignore[reportUnknownMemberType]  # as above
        self.client, self.account, self.submits = client, account, submits

    def on_event(self, event: Any) -> None:
        if self.submits and event.event == "thread.run.requires_action":
            runs, run = self.client.beta.threads.runs, event.data
            with runs.submit_tool_outputs_stream(
                thread_id=run.thread_id,
                run_id=run.id,
                tool_outputs=outputs(run),
                event_handler=Handler(self.client, self.account),
            ) as stream:
                stream.until_done()
                self.account.note_final(stream.get_final_run(), stream.get_final_messages())

    def on_text_delta(self, delta: Any, snapshot: Any) -> None:
        self.account.text += delta.value
        assert snapshot.value == self.account.text

    def on_text_done(self, text: Any) -> None:
        self.account.texts_done.append(text.value)

    def on_tool_call_created(self, tool_call: Any) -> None:
        self.account.note_created(tool_call)

    def on_tool_call_delta(self, delta: Any, snapshot: Any) -> None:
        self.account.note_delta(delta, snapshot)

    def on_tool_call_done(self, tool_call: Any) -> None:
        if tool_call.function.name not in self.account.calls_done:  # the reference says it more than once
            self.account.calls_done.append(tool_call.function.name)

    def on_end(self) -> None:
        self.account.ends += 1


class AsyncHandler(client_module.AsyncAssistantEventHandler):  # type: ignore[misc]  # as above
    def __init__(self, client: Any, account: Account, *, submits: bool = False) -> None:
        super().__init__()  # pyright: ignore[reportUnknownMemberType]  # as above
        self.client, self.account, self.submits = client, account, submits

    async def on_event(self, event: Any) -> None:
        if self.submits and event.event == "thread.run.requires_action":
            runs, run = self.client.beta.threads.runs, event.data
            async with runs.submit_tool_outputs_stream(
                thread_id=run.thread_id,
                run_id=run.id,
                tool_outputs=outputs(run),
                event_handler=AsyncHandler(self.client, self.account),
            ) as stream:
                await stream.until_done()
                self.account.note_final(await stream.get_final_run(), await stream.get_final_messages())

    async def on_text_delta(self, delta: Any, snapshot: Any) -> None:
        self.account.text += delta.value
        assert snapshot.value == self.account.text

    async def on_text_done(self, text: Any) -> None:
        self.account.texts_done.append(text.value)

    async def on_tool_call_created(self, tool_call: Any) -> None:
        self.account.note_created(tool_call)

    async def on_tool_call_delta(self, delta: Any, snapshot: Any) -> None:
        self.account.note_delta(delta, snapshot)

    async def on_tool_call_done(self, tool_call: Any) -> None:
        if tool_call.function.name not in self.account.calls_done:
            self.account.calls_done.append(tool_call.function.name)

    async def on_end(self) -> None:
        self.account.ends += 1


def begin(client: Any, tools: list[Any] | None = None) -> dict[str, str]:
    """The question, asked: what a run needs."""
    assistant = client.beta.assistants.create(model="any", tools=tools or [])
    thread = client.beta.threads.create(messages=[{"role": "user", "content": QUESTION}])
    return {"thread_id": thread.id, "assistant_id": assistant.id}


def answer(client: Any) -> object:
    account = Account()
    handler = Handler(client, account)
    with client.beta.threads.runs.stream(**begin(client), event_handler=handler) as stream:
        stream.until_done()
        account.note_final(stream.get_final_run(), stream.get_final_messages())
        account.steps = [step.type for step in stream.get_final_run_steps()]
    return vars(account)


def ways(client: Any) -> object:
    threads, run = client.beta.threads, begin(client)
    seen: dict[str, Any] = {}
    with threads.runs.create_and_stream(**run) as stream:
        seen["text_deltas"] = "".join(stream.text_deltas)
    with threads.runs.create(**run, stream=True) as events:
        seen["create"] = [event.event for event in events]
    messages = [{"role": "user", "content": QUESTION}]
    with threads.create_and_run_stream(assistant_id=run["assistant_id"], thread={"messages": messages}) as stream:
        seen["create_and_run_stream"] = [event.event for event in stream]
    return seen


def submitted_after(client: Any) -> object:
    account, runs = Account(), client.beta.threads.runs
    with runs.stream(**begin(client, TOOLS), event_handler=Handler(client, account)) as stream:
        run = stream.get_final_run()
    with runs.submit_tool_outputs_stream(
        thread_id=run.thread_id, run_id=run.id, tool_outputs=outputs(run), event_handler=Handler(client, account)
    ) as stream:
        account.note_final(stream.get_final_run(), stream.get_final_messages())
    return vars(account)


def submitted_inside(client: Any) -> object:
    account = Account()
    handler = Handler(client, account, submits=True)
    with client.beta.threads.runs.stream(**begin(client, TOOLS), event_handler=handler) as stream:
        stream.until_done()
    return vars(account)


async def async_begin(client: Any, tools: list[Any] | None = None) -> dict[str, str]:
    assistant = await client.beta.assistants.create(model="any", tools=tools or [])
    thread = await client.beta.threads.create(messages=[{"role": "user", "content": QUESTION}])
    return {"thread_id": thread.id, "assistant_id": assistant.id}


async def async_answer(client: Any) -> object:
    account = Account()
    handler = AsyncHandler(client, account)
    async with client.beta.threads.runs.stream(**await async_begin(client), event_handler=handler) as stream:
        await stream.until_done()
        account.note_final(await stream.get_final_run(), await stream.get_final_messages())
        account.steps = [step.type for step in await stream.get_final_run_steps()]
    return vars(account)


async def async_ways(client: Any) -> object:
    threads, run = client.beta.threads, await async_begin(client)
    seen: dict[str, Any] = {}
    async with threads.runs.create_and_stream(**run) as stream:
        seen["text_deltas"] = "".join([text async for text in stream.text_deltas])
    async with await threads.runs.create(**run, stream=True) as events:
        seen["create"] = [event.event async for event in events]
    messages = [{"role": "user", "content": QUESTION}]
    async with threads.create_and_run_stream(assistant_id=run["assistant_id"], thread={"messages": messages}) as stream:
        seen["create_and_run_stream"] = [event.event async for event in stream]
    return seen


async def async_submitted_after(client: Any) -> object:
    account, runs = Account(), client.beta.threads.runs
    async with runs.stream(**await async_begin(client, TOOLS), event_handler=AsyncHandler(client, account)) as stream:
        run = await stream.get_final_run()
    async with runs.submit_tool_outputs_stream(
        thread_id=run.thread_id, run_id=run.id, tool_outputs=outputs(run), event_handler=AsyncHandler(client, account)
    ) as stream:
        account.note_final(await stream.get_final_run(), await stream.get_final_messages())
    return vars(account)


async def async_submitted_inside(client: Any) -> object:
    account = Account()
    handler = AsyncHandler(client, account, submits=True)
    async with client.beta.threads.runs.stream(**await async_begin(client, TOOLS), event_handler=handler) as stream:
        await stream.until_done()
    return vars(account)


def talk(url: str) -> dict[str, object]:
    with client_module.OpenAI(base_url=url, api_key="none") as client:
        return {scenario.__name__: scenario(client) for scenario in (answer, ways, submitted_after, submitted_inside)}


async def async_talk(url: str) -> dict[str, object]:
    scenarios = (async_answer, async_ways, async_submitted_after, async_submitted_inside)
    async with client_module.AsyncOpenAI(base_url=url, api_key="none") as client:
        return {scenario.__name__.removeprefix("async_"): await scenario(client) for scenario in scenarios}


if __name__ == "__main__":
    print(json.dumps({"sync": talk(sys.argv[2]), "async": asyncio.run(async_talk(sys.argv[2]))}))
