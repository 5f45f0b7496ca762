"""Play streams through a client's own event handlers, and print what the handlers were told as JSON.

::

    python tracer.py openai http://127.0.0.1:1234 name...

Each name is the thread whose next run is that stream. One line of output per stream and colour: the name, the colour,
and the trace, a list of ``[hook, *arguments]`` with every argument as it was when the hook was called; between them
``["yield", event, run status, message id]`` for each event that iteration gave, and last what the run came to.

Run by the Python that has the client, and imports nothing else of ours: any client with openai's surface will do, so
assistream is traced by the same lines.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from collections.abc import Callable
from typing import Any, cast

Trace = list[list[Any]]

HOOKS = [
    *("event", "exception", "timeout", "end", "run_step_created", "run_step_delta", "run_step_done"),
    *("tool_call_created", "tool_call_delta", "tool_call_done", "message_created", "message_delta", "message_done"),
    *("text_created", "text_delta", "text_done", "image_file_done"),
]


def plain(value: Any) -> Any:
    """A model, an exception, or anything made of models, as JSON without nulls."""
    if isinstance(value, BaseException):
        said = {name: getattr(value, name, None) for name in ("message", "type")}
        return plain({"exception": type(value).__name__, **said})
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json", warnings=False)
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in cast("dict[str, Any]", value).items() if entry is not None}
    if isinstance(value, list):
        return [plain(item) for item in cast("list[object]", value)]
    return value


def hook(name: str) -> Callable[..., None]:
    def called(self: Any, *args: Any) -> None:
        self.trace.append([name, *map(plain, args)])

    return called


def async_hook(name: str) -> Callable[..., Any]:
    async def called(self: Any, *args: Any) -> None:
        self.trace.append([name, *map(plain, args)])

    return called


def tracer(base: Any, make: Callable[[str], Callable[..., Any]]) -> Any:
    """A handler that notes every hook; `base` is the client's class, so that it can only be subclassed here."""
    handler = type("Tracer", (base,), {f"on_{name}": make(name) for name in HOOKS})()
    handler.trace = []
    return handler


def yielded(stream: Any, event: Any) -> list[Any]:
    run, message = stream.current_run, stream.current_message_snapshot
    return ["yield", event.event, run and run.status, message and message.id]


def play(module: Any, url: str, name: str) -> Trace:
    handler = tracer(module.AssistantEventHandler, hook)
    with module.OpenAI(base_url=url, api_key="none", max_retries=0) as client:
        try:
            with client.beta.threads.runs.create_and_stream(
                thread_id=name, assistant_id="a", event_handler=handler
            ) as stream:
                for event in stream:
                    handler.trace.append(yielded(stream, event))
                for final in ("get_final_run", "get_final_messages", "get_final_run_steps"):
                    try:
                        handler.trace.append([final, plain(getattr(stream, final)())])
                    except RuntimeError as error:
                        handler.trace.append([final, plain(error)])
        except module.APIError as error:
            handler.trace.append(["raised", plain(error)])
    return list(handler.trace)


async def async_play(module: Any, url: str, name: str) -> Trace:
    handler = tracer(module.AsyncAssistantEventHandler, async_hook)
    async with module.AsyncOpenAI(base_url=url, api_key="none", max_retries=0) as client:
        runs = client.beta.threads.runs
        try:
            async with runs.create_and_stream(thread_id=name, assistant_id="a", event_handler=handler) as stream:
                async for event in stream:
                    handler.trace.append(yielded(stream, event))
                for final in ("get_final_run", "get_final_messages", "get_final_run_steps"):
                    try:
                        handler.trace.append([final, plain(await getattr(stream, final)())])
                    except RuntimeError as error:
                        handler.trace.append([final, plain(error)])
        except module.APIError as error:
            handler.trace.append(["raised", plain(error)])
    return list(handler.trace)


def main(client: str, url: str, *names: str) -> None:
    module = importlib.import_module(client)
    for name in names:
        print(json.dumps([name, "sync", play(module, url, name)]))
        print(json.dumps([name, "async", asyncio.run(async_play(module, url, name))]))


if __name__ == "__main__":
    main(*sys.argv[1:])
