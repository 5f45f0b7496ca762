"""How a program is played, both colours side by side."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any

import anyio
import anyio.lowlevel
import httpx

from assistream import AssistantEventHandler, AsyncAssistantEventHandler, AsyncClient, Client
from assistream.streaming.events import TERMINAL
from assistream.types import PendingCall, Run

from .drawn import FROM_OUTSIDE, Drawn, Interrupt, Oops
from .notes import Notes, check, check_submits
from .server import ELSEWHERE, Server, async_functions, elsewhere, functions


def _raise(due: str | None) -> None:
    match due:
        case "hook raises":
            raise Oops
        case "hook is interrupted":
            raise Interrupt
        case _:
            pass


class Hooks(AssistantEventHandler):
    def __init__(self, notes: Notes) -> None:
        self.notes = notes

    def hear(self, *args: Any) -> None:
        with self.notes.hook(self) as due:
            if due == "hook closes":
                self.close()
            _raise(due)

    def on_tool_approval(self, call: PendingCall) -> Any:
        self.hear()
        return call.parsed["allowed"]

    def on_run_requires_action(self, run: Run) -> None:
        self.notes.by_hand(self)
        self.hear()

    def on_end(self) -> None:
        self.notes.ends += 1


class AsyncHooks(AsyncAssistantEventHandler):
    def __init__(self, notes: Notes) -> None:
        self.notes = notes

    async def hear(self, *args: Any) -> None:
        with self.notes.hook(self) as due:
            await anyio.lowlevel.checkpoint()
            if due == "hook closes":
                await self.close()
            _raise(due)

    async def on_tool_approval(self, call: PendingCall) -> Any:
        await self.hear()
        return call.parsed["allowed"]

    async def on_run_requires_action(self, run: Run) -> None:
        self.notes.by_hand(self)
        await self.hear()

    async def on_end(self) -> None:
        self.notes.ends += 1


for hook in ("on_event", "on_tool_started", "on_tool_progress", "on_tool_output", "on_tool_error"):
    setattr(Hooks, hook, Hooks.hear)
    setattr(AsyncHooks, hook, AsyncHooks.hear)


# How it is played


def play(server: Server, base_url: str, drawn: Drawn) -> None:
    notes = Notes(drawn)
    http = httpx.Client(verify=False, event_hooks={"request": [notes.sent]})
    with http, Client(base_url=base_url, api_key="test", http_client=http) as client:
        assistant = client.beta.assistants.create(model="m")
        thread = client.beta.threads.create(messages=[{"role": "user", "content": server.learn(drawn)}])
        runs: Any = client.beta.threads.runs
        options = {"errors": drawn.errors, "max_turns": drawn.max_turns, "tools": [*functions(), ELSEWHERE]}
        manager = runs.create_and_stream(thread.id, assistant_id=assistant.id, event_handler=Hooks(notes), **options)
        try:
            with manager as stream, _cancelling(drawn, stream):
                for number, _ in enumerate(stream):
                    if notes.in_the_body(number, stream):
                        break
                    if drawn.ending.how == "body closes" and number == drawn.ending.after:
                        stream.close()
                else:
                    notes.done = True
                notes.pending = stream.pending_calls
        except BaseException as error:
            notes.raised = error
        (run,) = runs.list(thread.id)
        check(notes, run)
        if run.status == "requires_action":
            with (
                suppress(Interrupt),
                runs.resume_stream(
                    run.id, thread_id=thread.id, functions=[*functions(), elsewhere], **allowing(notes)
                ) as stream,
            ):
                stream.until_done()
            assert runs.retrieve(run.id, thread_id=thread.id).status in TERMINAL
        client.beta.threads.messages.create(thread.id, role="user", content="Is it free?")
        with runs.create_and_stream(thread.id, assistant_id=assistant.id) as stream:
            assert stream.get_final_run().status == "completed"
        check_submits(notes)


@contextmanager
def _cancelling(drawn: Drawn, stream: AssistantEventHandler) -> Generator[None]:
    """From another thread, after a time; a thread has no other way of being cancelled."""
    if drawn.ending.how not in FROM_OUTSIDE:
        yield
        return
    timer = threading.Timer(drawn.ending.seconds, stream.cancel)
    timer.start()
    try:
        yield
    finally:
        timer.join()


async def async_play(server: Server, base_url: str, drawn: Drawn) -> None:
    notes = Notes(drawn)
    http = httpx.AsyncClient(verify=False, event_hooks={"request": [notes.async_sent]})
    async with http, AsyncClient(base_url=base_url, api_key="test", http_client=http) as client:
        assistant = await client.beta.assistants.create(model="m")
        thread = await client.beta.threads.create(messages=[{"role": "user", "content": server.learn(drawn)}])
        runs: Any = client.beta.threads.runs
        options = {"errors": drawn.errors, "max_turns": drawn.max_turns, "tools": [*async_functions(), ELSEWHERE]}
        manager = runs.create_and_stream(
            thread.id, assistant_id=assistant.id, event_handler=AsyncHooks(notes), **options
        )
        cancelled_tasks = anyio.CancelScope()
        timer = None
        try:
            with cancelled_tasks:
                if drawn.ending.how == "task is cancelled early":  # perhaps before there is a run
                    cancelled_tasks.deadline = anyio.current_time() + drawn.ending.seconds / 4
                async with manager as stream:
                    timer = _timer(drawn, stream, cancelled_tasks)
                    number = 0
                    async for _ in stream:
                        if notes.in_the_body(number, stream):
                            break
                        if drawn.ending.how == "body closes" and number == drawn.ending.after:
                            await stream.close()
                        number += 1
                    else:
                        notes.done = True
                    notes.pending = stream.pending_calls
        except BaseException as error:
            notes.raised = error
        if timer is not None:
            timer.cancel()
            timer.join()
        listed: list[Run] = (await runs.list(thread.id)).data
        run = listed[0] if listed else None
        check(notes, run)
        if run and run.status == "requires_action":
            with suppress(Interrupt):
                async with runs.resume_stream(
                    run.id, thread_id=thread.id, functions=[*async_functions(), elsewhere], **async_allowing(notes)
                ) as stream:
                    await stream.until_done()
            assert (await runs.retrieve(run.id, thread_id=thread.id)).status in TERMINAL
        await client.beta.threads.messages.create(thread.id, role="user", content="Is it free?")
        async with runs.create_and_stream(thread.id, assistant_id=assistant.id) as stream:
            assert (await stream.get_final_run()).status == "completed"
        check_submits(notes)
    await _check_tasks()


def _timer(drawn: Drawn, stream: Any, scope: anyio.CancelScope) -> threading.Timer | None:
    if drawn.ending.how == "task is cancelled":
        scope.deadline = anyio.current_time() + drawn.ending.seconds
    if drawn.ending.how != "thread cancels":
        return None
    timer = threading.Timer(drawn.ending.seconds, stream.cancel)
    timer.start()
    return timer


async def _check_tasks() -> None:
    """Trio has no tasks outside of a nursery."""
    try:
        tasks: Callable[[], set[asyncio.Task[Any]]] = asyncio.all_tasks
        for _ in range(10):
            if len(tasks()) == 1:
                return
            await asyncio.sleep(0)
        assert len(tasks()) == 1, tasks()
    except RuntimeError:  # not on asyncio
        return


def allowing(notes: Notes) -> dict[str, Any]:
    """How a run is gone on with that was left waiting."""

    class Generous(AssistantEventHandler):
        def on_tool_approval(self, call: PendingCall) -> bool:
            return True

    return {"event_handler": Generous(), "approve": {call.id: True for call in notes.pending}}


def async_allowing(notes: Notes) -> dict[str, Any]:
    class Generous(AsyncAssistantEventHandler):
        async def on_tool_approval(self, call: PendingCall) -> bool:
            return True

    return {"event_handler": Generous(), "approve": {call.id: True for call in notes.pending}}
