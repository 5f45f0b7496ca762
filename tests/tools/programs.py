"""A program that runs tools, both colours side by side: an engine that plays turns, a client, an assistant, a thread.

::

    async with AsyncProgram([calls(look={}), says("Done.")]) as program:
        async with program.stream(tools=[look]) as stream:
            await stream.until_done()
    program.told    # what the model was told, turn by turn: the outputs of its calls
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Final, Self

import anyio

from assistream import AssistantEventHandler, AsyncAssistantEventHandler, AsyncClient, Client, ToolContext
from assistream.engine import Engine, Scripted
from assistream.engine.models import Turn
from assistream.streaming import AssistantStreamManager, AsyncAssistantStreamManager
from assistream.types import AssistantStreamEvent, PendingCall, Run, ToolOutputEvent

LOOK: Final[dict[str, Any]] = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}
"""A tool that an assistant may have without any function."""


class _Program:
    def __init__(self, script: Iterable[Turn | str], **options: Any) -> None:
        self.model = Scripted(script)
        self.tools: list[dict[str, Any]] = options.pop("declared", [])
        self._engine = Engine(model=self.model, **options)
        self._stack = ExitStack()
        self.assistant = self.thread = ""

    @property
    def told(self) -> list[list[str]]:
        """The outputs that were new each time the model was asked again."""
        rounds: list[list[str]] = []
        for request in self.model.requests[1:]:
            outputs = [message.text for message in request.messages if message.role == "tool"]
            rounds.append(outputs[sum(map(len, rounds)) :])
        return rounds


class Program(_Program):
    def __enter__(self) -> Self:
        self._stack.enter_context(self._engine)
        self.client = self._stack.enter_context(Client(base_url=self._engine.base_url, api_key="test"))
        beta: Any = self.client.beta
        self.assistant = beta.assistants.create(model="scripted", tools=self.tools).id
        self.thread = beta.threads.create(messages=[{"role": "user", "content": "Go on."}]).id
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()

    def stream(
        self, handler: AssistantEventHandler | Sequence[AssistantEventHandler] | None = None, **options: Any
    ) -> AssistantStreamManager[Any]:
        runs: Any = self.client.beta.threads.runs
        manager: AssistantStreamManager[Any] = runs.create_and_stream(
            self.thread, assistant_id=self.assistant, event_handler=handler, **options
        )
        return manager

    def run(self) -> Run:
        """The last run of the thread, as the server has it."""
        return next(iter(self.client.beta.threads.runs.list(self.thread)))


class AsyncProgram(_Program):
    async def __aenter__(self) -> Self:
        self._stack.enter_context(self._engine)
        self.client = AsyncClient(base_url=self._engine.base_url, api_key="test")
        beta: Any = self.client.beta
        self.assistant = (await beta.assistants.create(model="scripted", tools=self.tools)).id
        self.thread = (await beta.threads.create(messages=[{"role": "user", "content": "Go on."}])).id
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.client.close()
        self._stack.close()

    def stream(
        self, handler: AsyncAssistantEventHandler | Sequence[AsyncAssistantEventHandler] | None = None, **options: Any
    ) -> AsyncAssistantStreamManager[Any]:
        runs: Any = self.client.beta.threads.runs
        manager: AsyncAssistantStreamManager[Any] = runs.create_and_stream(
            self.thread, assistant_id=self.assistant, event_handler=handler, **options
        )
        return manager

    async def run(self) -> Run:
        """The last run of the thread, as the server has it."""
        page = await self.client.beta.threads.runs.list(self.thread)
        return page.data[0]


class Hooks(AssistantEventHandler):
    """Notes the hooks of tools, and the ends of text and stream; `answer` is what on_tool_approval says."""

    def __init__(self, answer: bool | str | None = None, excuse: str | None = None) -> None:
        self.log: list[str] = []
        self.answer, self.excuse = answer, excuse

    def on_tool_approval(self, call: PendingCall) -> bool | str | None:
        self.log.append(f"approval {call.name}")
        return self.answer

    def on_tool_started(self, call: PendingCall) -> None:
        self.log.append(f"started {call.name}")

    def on_tool_progress(self, call: PendingCall, message: str) -> None:
        self.log.append(f"progress {call.name} {message}")

    def on_tool_output(self, call: PendingCall, output: str) -> None:
        self.log.append(f"output {call.name} {output}")

    def on_tool_error(self, call: PendingCall, error: Exception) -> str | None:
        self.log.append(f"error {call.name} {type(error).__name__}")
        return self.excuse

    def on_text_done(self, text: Any) -> None:
        self.log.append(f"text {text.value}")

    def on_exception(self, exception: Exception) -> None:
        self.log.append(f"exception {type(exception).__name__}")

    def on_end(self) -> None:
        self.log.append("end")


class AsyncHooks(AsyncAssistantEventHandler):
    """As `Hooks`."""

    def __init__(self, answer: bool | str | None = None, excuse: str | None = None) -> None:
        self.log: list[str] = []
        self.answer, self.excuse = answer, excuse

    async def on_tool_approval(self, call: PendingCall) -> bool | str | None:
        self.log.append(f"approval {call.name}")
        return self.answer

    async def on_tool_started(self, call: PendingCall) -> None:
        self.log.append(f"started {call.name}")

    async def on_tool_progress(self, call: PendingCall, message: str) -> None:
        self.log.append(f"progress {call.name} {message}")

    async def on_tool_output(self, call: PendingCall, output: str) -> None:
        self.log.append(f"output {call.name} {output}")

    async def on_tool_error(self, call: PendingCall, error: Exception) -> str | None:
        self.log.append(f"error {call.name} {type(error).__name__}")
        return self.excuse

    async def on_text_done(self, text: Any) -> None:
        self.log.append(f"text {text.value}")

    async def on_exception(self, exception: Exception) -> None:
        self.log.append(f"exception {type(exception).__name__}")

    async def on_end(self) -> None:
        self.log.append("end")


def outputs(events: Iterable[AssistantStreamEvent]) -> list[str]:
    """What the tools said, in the order in which they were done."""
    return [event.data.output for event in events if isinstance(event, ToolOutputEvent)]


def until_cancelled(ctx: ToolContext) -> None:
    """What a slow tool does in a thread: it asks now and then whether anybody still wants to know."""
    while not ctx.cancelled:
        time.sleep(0.002)


async def async_until_cancelled(ctx: ToolContext) -> None:
    """What a slow tool does in a task: it waits, and is cancelled."""
    await anyio.sleep_forever()
