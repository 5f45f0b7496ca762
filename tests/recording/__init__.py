"""Handlers that record every hook call in order, and the shortest way to a stream; both colours side by side.

``handler.log`` holds lines such as ``"event thread.run.created"``, ``"text_delta lo"``, ``"exception APIError"``,
``"end"``. Subclasses override hooks as usual; ``super()`` still records. ``classic(handler.log)`` leaves out `on_event`
and the additive hooks, as the contract does where it writes an order down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from assistream import (
    AssistantEventHandler,
    AsyncAssistantEventHandler,
    AsyncClient,
    Client,
)
from assistream.handlers.hooks import HOOK_NAMES
from assistream.streaming import AssistantStreamManager, AsyncAssistantStreamManager
from assistream.types import Message, TextContentBlock, ToolOutput

from ..frames import ASSISTANT, THREAD

H = TypeVar("H", bound=AssistantEventHandler)
AH = TypeVar("AH", bound=AsyncAssistantEventHandler)

OUTPUTS: list[ToolOutput] = [{"tool_call_id": "call_1", "output": "42"}]
"""The outputs that `frames.asks()` waits for."""

CLASSIC = [
    *("event", "exception", "timeout", "end", "run_step_created", "run_step_delta", "run_step_done"),
    *("tool_call_created", "tool_call_delta", "tool_call_done", "message_created", "message_delta", "message_done"),
    *("text_created", "text_delta", "text_done", "image_file_done"),
]
ADDITIVE = [name for hook in HOOK_NAMES if (name := hook.removeprefix("on_")) not in CLASSIC]


def line(hook: str, *args: Any) -> str:
    """A hook call: its name, and the one thing that tells it from others of its name."""
    return " ".join([hook, *(_short(arg) for arg in args[:1])])


def _short(arg: Any) -> str:
    if isinstance(arg, BaseException):
        return type(arg).__name__
    for name in ("event", "value", "status", "id"):
        if isinstance(found := getattr(arg, name, None), str):
            return found
    return type(arg).__name__


def classic(log: Iterable[str]) -> list[str]:
    """The hooks of the reference client, without on_event."""
    return [entry for entry in log if entry.split()[0] in CLASSIC[1:]]


class Tracer(AssistantEventHandler):
    def __init__(self) -> None:  # on purpose without super().__init__()
        self.log: list[str] = []


class AsyncTracer(AsyncAssistantEventHandler):
    def __init__(self) -> None:  # on purpose without super().__init__()
        self.log: list[str] = []


def _hook(name: str) -> Callable[..., None]:
    def hook(self: Tracer, *args: Any) -> None:
        self.log.append(line(name, *args))

    return hook


def _async_hook(name: str) -> Callable[..., Any]:
    async def hook(self: AsyncTracer, *args: Any) -> None:
        self.log.append(line(name, *args))

    return hook


for _name in CLASSIC + ADDITIVE:
    setattr(Tracer, f"on_{_name}", _hook(_name))
    setattr(AsyncTracer, f"on_{_name}", _async_hook(_name))


def streaming(client: Client, handler: H | Sequence[H], **options: Any) -> AssistantStreamManager[H]:
    return client.beta.threads.runs.create_and_stream(THREAD, assistant_id=ASSISTANT, event_handler=handler, **options)


def async_streaming(client: AsyncClient, handler: AH | Sequence[AH], **options: Any) -> AsyncAssistantStreamManager[AH]:
    return client.beta.threads.runs.create_and_stream(THREAD, assistant_id=ASSISTANT, event_handler=handler, **options)


def play(client: Client, handler: AssistantEventHandler, **options: Any) -> None:
    """A run from its start to its end."""
    with streaming(client, handler, **options) as stream:
        stream.until_done()


async def async_play(client: AsyncClient, handler: AsyncAssistantEventHandler, **options: Any) -> None:
    """A run from its start to its end."""
    async with async_streaming(client, handler, **options) as stream:
        await stream.until_done()


def said(message: Message | None) -> str:
    """The text of a message."""
    blocks = message.content if message else []
    return "".join(block.text.value for block in blocks if isinstance(block, TextContentBlock))
