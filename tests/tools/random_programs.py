"""Random programs of tools, how they are played (both colours side by side), and what must be true afterwards."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import anyio
import anyio.lowlevel
import httpx
from hypothesis import strategies as st

from assistream import (
    AssistantEventHandler,
    AsyncAssistantEventHandler,
    AsyncClient,
    Client,
    MaxTurnsExceeded,
    ToolContext,
    ToolError,
    function_tool,
)
from assistream.engine import Engine, Scripted, calls, fails, says
from assistream.engine.models import ModelRequest, Turn
from assistream.streaming.events import TERMINAL
from assistream.types import PendingCall, Run

# What is drawn


@dataclass(frozen=True)
class Asked:
    """A call that the model makes: of `plain`, `task`, `hurry`, `pay`, or of what is `elsewhere`, or of nothing."""

    tool: str
    does: str = "returns"
    allowed: bool | str | None = True
    """What the hook says, of `pay`."""
    by_hand: bool = False

    @property
    def waits(self) -> bool:
        """Whether nobody answers it."""
        return not self.by_hand and (
            self.tool == "elsewhere" or (self.tool == "pay" and self.does != "misfits" and self.allowed is None)
        )

    @property
    def runs(self) -> bool:
        return not self.by_hand and self.tool != "fly" and (self.tool != "pay" or self.allowed is True)

    @property
    def arguments(self) -> str:
        written = {"does": self.does, "allowed": self.allowed}
        return '{"does": ["returns"]' if self.does == "misfits" else json.dumps(written)


@dataclass(frozen=True)
class Ending:
    """How the program leaves: in its body or a hook, after so many events or hooks, or from outside after a time."""

    how: str = "reads on"
    after: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Drawn:
    turns: tuple[tuple[Asked, ...], ...]
    ending: Ending = Ending()
    errors: str = "tell"
    max_turns: int = 10
    fails: bool = False
    """Whether the model fails in the end."""


DOES: Final = (
    *("returns", "returns", "progresses", "takes time", "tells", "fails", "is no JSON", "misfits"),
    *("interrupts", "stops iteration"),
)
IN_THE_BODY: Final = ("body breaks", "body raises", "body is interrupted", "body closes", "body cancels")
IN_A_HOOK: Final = ("hook raises", "hook is interrupted", "hook closes", "hook cancels")
FROM_OUTSIDE: Final = ("thread cancels", "task is cancelled", "task is cancelled early")

SOME_CALLS = st.builds(
    Asked,
    st.sampled_from(["plain", "task", "task", "hurry", "pay", "fly", "elsewhere"]),
    st.sampled_from(DOES),
    st.sampled_from([True, True, False, "Not today.", None]),
    st.sampled_from([False, False, False, True]),
)
QUIET_CALLS = st.builds(Asked, st.sampled_from(["plain", "task", "hurry"]), st.sampled_from(DOES[:4]))
TIMED_OUT = st.just(Asked("hurry", "never ends"))
TURNS = st.lists(st.one_of(QUIET_CALLS, SOME_CALLS, TIMED_OUT), min_size=1, max_size=4).map(tuple)
ENDINGS = st.one_of(
    st.just(Ending()),
    st.builds(Ending, st.sampled_from(IN_THE_BODY + IN_A_HOOK), st.integers(0, 25)),
    st.builds(Ending, st.sampled_from(FROM_OUTSIDE), seconds=st.floats(0, 0.06)),
)
PROGRAMS = st.builds(
    Drawn,
    st.lists(TURNS, max_size=4).map(tuple),
    ENDINGS,
    st.sampled_from(["tell", "tell", "raise"]),
    st.sampled_from([1, 2, 10, 10]),
    st.booleans(),
)


# What should come of it


@dataclass(frozen=True)
class Outcome:
    """How a program ends that nobody leaves early."""

    status: str
    raises: tuple[type[BaseException], ...] = ()
    submits: int = 0


def expected(drawn: Drawn) -> Outcome:
    for done, turn in enumerate(drawn.turns):
        if any(call.waits and call.tool == "elsewhere" for call in turn):
            return Outcome("requires_action", submits=done)
        if done >= drawn.max_turns:
            return Outcome("cancelled", (MaxTurnsExceeded,), done)
        if any(call.waits for call in turn):
            return Outcome("requires_action", submits=done)
        if raised := tuple(_raised(drawn, turn)):
            return Outcome("cancelled", raised, done)
    return Outcome("failed" if drawn.fails else "completed", submits=len(drawn.turns))


def _raised(drawn: Drawn, turn: tuple[Asked, ...]) -> Iterator[type[BaseException]]:
    for call in filter(lambda call: call.runs, turn):
        if call.does == "interrupts":
            yield Interrupt
        if drawn.errors == "raise" and call.does == "fails":
            yield Boom
        if drawn.errors == "raise" and call.does == "stops iteration":
            yield RuntimeError


# The tools


class Boom(Exception):
    """A function's."""


class Oops(Exception):
    """The program's."""


class Interrupt(KeyboardInterrupt):
    """What Ctrl-C raises, wherever the program is."""


PATIENCE: Final = 10.0
"""Seconds after which a function that should have been given up ends nevertheless, as a failure."""


def _perform(ctx: ToolContext, does: str) -> object:
    match does:
        case "progresses":
            for number in range(3):
                ctx.progress(f"{number}")
        case "tells":
            raise ToolError("It is not so.")
        case "fails":
            raise Boom("in a function")
        case "is no JSON":
            return object()
        case "interrupts":
            raise Interrupt
        case "stops iteration":
            raise StopIteration
        case _:
            pass
    return f"{ctx.call.id} {does}"


def _takes_time(ctx: ToolContext, does: str) -> str:
    until = time.monotonic() + (0.01 if does == "takes time" else 0.0 if does != "never ends" else PATIENCE)
    while not ctx.cancelled and time.monotonic() < until:
        time.sleep(0.001)
    return does


async def _async_takes_time(ctx: ToolContext, does: str) -> None:
    await anyio.sleep(0.01 if does == "takes time" else 0.0 if does != "never ends" else PATIENCE)


def plain(ctx: ToolContext, does: str, allowed: bool | str | None) -> object:
    _takes_time(ctx, does)
    return _perform(ctx, does)


async def async_task(ctx: ToolContext, does: str, allowed: bool | str | None) -> object:
    await _async_takes_time(ctx, does)
    try:
        return _perform(ctx, does)
    except StopIteration:  # a coroutine cannot raise it
        raise StopAsyncIteration from None


HURRY: Final = 0.02
ELSEWHERE: Final = {"type": "function", "function": {"name": "elsewhere", "parameters": {"type": "object"}}}


def functions() -> list[Any]:
    hurry = function_tool(plain, name="hurry", timeout=HURRY)
    return [plain, function_tool(plain, name="task"), hurry, function_tool(plain, name="pay", needs_approval=True)]


def async_functions() -> list[Any]:
    hurry = function_tool(async_task, name="hurry", timeout=HURRY)
    task, pay = function_tool(async_task, name="task"), function_tool(async_task, name="pay", needs_approval=True)
    return [plain, task, hurry, pay]


def elsewhere() -> str:
    return "here after all"


# The server


class Server:
    """One engine for all programs; each has its own turns, found by what its user says."""

    def __init__(self) -> None:
        self._turns: dict[str, deque[Turn]] = {}
        self._names = map(str, itertools.count())
        self._engine = Engine(model=Scripted(self._turn))

    def _turn(self, request: ModelRequest) -> Turn:
        (*_, name) = (message.text for message in request.messages if message.role == "user")
        return self._turns[name].popleft() if name in self._turns else says("It is free.")

    def learn(self, drawn: Drawn) -> str:
        """Its turns, under a new name."""
        name = next(self._names)
        turns = [calls(*((call.tool, call.arguments) for call in turn)) for turn in drawn.turns]
        self._turns[name] = deque([*turns, says("Done.") + fails() if drawn.fails else says("Done.")])
        return name

    @contextmanager
    def running(self) -> Iterator[str]:
        with self._engine:
            yield self._engine.base_url


# What is noted


@dataclass
class Notes:
    """What happened while a program was played."""

    drawn: Drawn
    submitted: list[list[str]] = field(default_factory=list[list[str]])
    """The calls answered by each request that was sent."""
    asked: list[list[str]] = field(default_factory=list[list[str]])
    """The calls that the run waited for, each time that it did."""
    ends: int = 0
    raised: BaseException | None = None
    done: bool = False
    """It was read to its end."""
    pending: list[PendingCall] = field(default_factory=list[PendingCall])

    _heard: int = 0
    _busy: bool = False
    _thread: int = field(default_factory=threading.get_ident)

    def sent(self, request: httpx.Request) -> None:
        if request.url.path.endswith("/submit_tool_outputs"):
            self.submitted.append([output["tool_call_id"] for output in json.loads(request.content)["tool_outputs"]])

    async def async_sent(self, request: httpx.Request) -> None:
        self.sent(request)

    @contextmanager
    def hook(self, stream: Any) -> Iterator[str | None]:
        """One at a time, in the thread that reads; gives what this hook is to do besides."""
        assert not self._busy
        assert self._thread == threading.get_ident()
        self._busy = True
        try:
            yield self._due(stream)
        finally:
            self._busy = False

    def _due(self, stream: Any) -> str | None:
        self._heard += 1
        ending = self.drawn.ending
        if self._heard != ending.after + 1 or not ending.how.startswith("hook"):
            return None
        if ending.how == "hook cancels":
            stream.cancel()
        return ending.how

    def by_hand(self, stream: Any) -> None:
        """Answers the calls of a run that has just begun to wait, those that are answered so."""
        waiting: list[PendingCall] = stream.pending_calls
        turn = self.drawn.turns[len(self.asked)]
        self.asked.append([call.id for call in waiting])
        outputs = [
            {"tool_call_id": call.id, "output": "by hand"}
            for call, asked in zip(waiting, turn, strict=True)
            if asked.by_hand
        ]
        if outputs:
            stream.submit_outputs(outputs)

    def in_the_body(self, number: int, stream: Any) -> bool:
        """What is to be done after an event; whether to leave."""
        ending = self.drawn.ending
        if number != ending.after:
            return False
        match ending.how:
            case "body raises":
                raise Oops
            case "body is interrupted":
                raise Interrupt
            case "body cancels":
                stream.cancel()
            case _:
                pass
        return ending.how == "body breaks"


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

    on_event = on_tool_started = on_tool_progress = on_tool_output = on_tool_error = hear

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

    on_event = on_tool_started = on_tool_progress = on_tool_output = on_tool_error = hear

    async def on_tool_approval(self, call: PendingCall) -> Any:
        await self.hear()
        return call.parsed["allowed"]

    async def on_run_requires_action(self, run: Run) -> None:
        self.notes.by_hand(self)
        await self.hear()

    async def on_end(self) -> None:
        self.notes.ends += 1


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
            try:
                with runs.resume_stream(
                    run.id, thread_id=thread.id, functions=[*functions(), elsewhere], **allowing(notes)
                ) as stream:
                    stream.until_done()
            except BaseException as error:
                assert isinstance(error, Interrupt), repr(error)
            assert runs.retrieve(run.id, thread_id=thread.id).status in TERMINAL
        client.beta.threads.messages.create(thread.id, role="user", content="Is it free?")
        with runs.create_and_stream(thread.id, assistant_id=assistant.id) as stream:
            assert stream.get_final_run().status == "completed"
        check_submits(notes)


@contextmanager
def _cancelling(drawn: Drawn, stream: AssistantEventHandler) -> Iterator[None]:
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
        (run, *_) = [*(await runs.list(thread.id)).data, None]
        check(notes, run)
        if run and run.status == "requires_action":
            try:
                async with runs.resume_stream(
                    run.id, thread_id=thread.id, functions=[*async_functions(), elsewhere], **async_allowing(notes)
                ) as stream:
                    await stream.until_done()
            except BaseException as error:
                assert isinstance(error, Interrupt), repr(error)
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


# What must be true then


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


def check(notes: Notes, run: Run | None) -> None:
    """When the program has left the stream; `run` is what the server says then, None if it never heard of it."""
    wanted, how = expected(notes.drawn), notes.drawn.ending.how
    assert notes.ends == 1
    if run is None:
        assert how == "task is cancelled early"
        assert not notes.asked
        return
    may_raise: tuple[type[BaseException], ...] = wanted.raises
    if how in {"body raises", "hook raises"}:
        may_raise += (Oops,)
    if how in {"body is interrupted", "hook is interrupted"}:
        may_raise += (Interrupt,)
    assert notes.raised is None or type(notes.raised) in may_raise, repr(notes.raised)
    assert run.status in TERMINAL or (run.status == "requires_action" == wanted.status and notes.done), run.status
    if run.status == "requires_action":
        assert [call.id for call in notes.pending] == [call.id for call in waiting(run)]
    if how == "reads on":
        assert (run.status, len(notes.submitted)) == (wanted.status, wanted.submits)
        assert bool(wanted.raises) == (notes.raised is not None)
    assert len(notes.submitted) <= notes.drawn.max_turns
    assert notes.submitted == notes.asked[: len(notes.submitted)]


def waiting(run: Run) -> list[Any]:
    return list(run.required_action.submit_tool_outputs.tool_calls) if run.required_action else []


def check_submits(notes: Notes) -> None:
    """When all is over: no call was answered twice."""
    answered = [call for submit in notes.submitted for call in submit]
    assert len(answered) == len(set(answered))
