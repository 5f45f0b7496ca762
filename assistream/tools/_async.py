"""The loop: when a run waits for outputs, functions are run, their outputs go back, and the stream goes on."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from ..errors import APIError, APIStatusError, MaxTurnsExceeded, StreamUsageError, ToolError
from ..handlers.attached import awaited
from ..streaming.events import TERMINAL
from ..streaming.snapshots import StreamState
from ..streaming.turns._async import AsyncHost
from ..transport._async import AsyncTransport
from ..transport.call import Call
from ..types import (
    FunctionTool,
    FunctionToolCall,
    PendingCall,
    Run,
    ToolAnswer,
    ToolErrorEvent,
    ToolEvent,
    ToolFailure,
    ToolMessage,
    ToolOutput,
    ToolOutputEvent,
    ToolProgressEvent,
    ToolResult,
    ToolStart,
    ToolStartedEvent,
)
from .answers import answers_by_id, not_waiting
from .binding import Binding, RunCalls
from .context import ToolContext
from .results import render
from .stopping._async import AsyncRemoteRun
from .structured import parsed
from .work import Outcome, Progress, Work, time_for
from .workers import AsyncWorkers

log = logging.getLogger("assistream")

REFUSED: Final = "The user did not allow this call."

REFUSALS: Final = (400, 409)
"""What servers say to outputs that a run does not wait for."""


@dataclass
class Turn:
    """The calls that a run waits for, on their way to one submit."""

    run: Run
    calls: list[PendingCall]
    todo: deque[Work | Outcome] = field(default_factory=deque[Work | Outcome])
    """What is to be run, and what is known already."""
    begun: Work | None = None
    """What the hooks know to begin, and what is begun when the program reads on."""
    running: int = 0
    outputs: dict[int, str] = field(default_factory=dict[int, str])
    """By the identity of the call: there are servers that give two of them one id."""

    def keep(self, call: PendingCall, output: str) -> None:
        self.outputs[id(call)] = output

    def submission(self, by_hand: Mapping[str, str]) -> list[ToolOutput]:
        """What is to be sent, in the order of the calls."""
        return [
            {"tool_call_id": call.id, "output": by_hand.get(call.id, self.outputs.get(id(call), ""))}
            for call in self.calls
        ]


class AsyncToolLoop:
    """Answers the calls of one stream's run."""

    def __init__(
        self,
        transport: AsyncTransport,
        calls: RunCalls,
        binding: Binding,
        *,
        resumed: Call[Run] | None = None,
        approve: Mapping[str, bool | str] | None = None,
    ) -> None:
        self._transport, self._calls, self._binding = transport, calls, binding
        self._remote = AsyncRemoteRun(transport, calls)
        self._resumed, self._approve = resumed, approve or {}
        AsyncWorkers.check(binding.functions.values())
        self._workers = AsyncWorkers(self._hear)
        self._approvable: list[PendingCall] = []  # other calls may have the same ids, later
        self._by_hand: dict[str, str] = {}  # of the calls that are not submitted yet
        self._answers = bool(binding.functions) or resumed is not None
        self._turn: Turn | None = None
        self._turns = 0
        self._answered: set[tuple[str, str]] = set()  # steps and calls
        self._submitted: Run | None = None  # the run as it waited for what was sent last
        self._seen = transport.server.answers

    @property
    def answers(self) -> bool:
        return self._answers

    async def enter(self) -> None:
        if self._binding.functions:
            await self._workers.enter()

    async def first(self) -> Run:
        call = self._resumed
        run = (await self._transport.send(call)).parse() if call else None
        self._approvable = awaited(run)
        waiting = [call.id for call in self._approvable]
        if run is None or not waiting:
            raise StreamUsageError(f"There is nothing to resume: the run is {run and run.status}.")
        unknown = [call_id for call_id in self._approve if call_id not in waiting]
        if unknown:
            raise StreamUsageError(not_waiting(unknown, waiting))
        self.leg_began()
        return run

    def leg_began(self) -> None:
        self._seen = self._transport.server.answers

    # By hand ---------------------------------------------------------------------------------------------------------

    def submit(self, outputs: Iterable[ToolOutput | ToolAnswer], state: StreamState) -> None:
        waiting = self._waiting(state)
        if not waiting:
            raise StreamUsageError("The run waits for no outputs now; submit them when it requires action.")
        self._by_hand |= answers_by_id(outputs, waiting)
        self._answers = True

    def _waiting(self, state: StreamState) -> list[str]:
        """The calls that can be answered: those the run waits for, or those that it has made and will wait for."""
        if state.run is not self._submitted and (calls := awaited(state.run)):
            return [call.id for call in calls]
        return [call_id for step_id, call_id in _made(state) if (step_id, call_id) not in self._answered]

    # The loop --------------------------------------------------------------------------------------------------------

    async def next(self, host: AsyncHost) -> ToolEvent | Call[Any] | None:
        self._host = host
        if self._turn is None:
            self._turn = await self._planned()
        return None if self._turn is None else await self._advance(self._turn)

    async def _planned(self) -> Turn | None:
        """What is to be done, once it is certain that every call will have an answer; None where not."""
        run = await self._waiting_run()
        if run is None:
            return None
        turn = Turn(run, awaited(run))
        open_calls = [call for call in turn.calls if call.id not in self._by_hand]
        if any(call.name not in self._binding.functions and _is_declared(call, run) for call in open_calls):
            return None
        if self._turns >= self._binding.max_turns:
            raise MaxTurnsExceeded(run, self._binding.max_turns)
        for call in open_calls:
            step = await self._step(call, run)
            if step is not None:
                turn.todo.append(step)
            elif call.id not in self._by_hand:
                return None
        turn.todo = deque(step for step in turn.todo if step.call.id not in self._by_hand)
        works = [step for step in turn.todo if isinstance(step, Work)]
        for work in works:
            work.inline = len(works) == 1 and self._binding.functions[work.call.name].timeout is None
        return turn

    async def _waiting_run(self) -> Run | None:
        run = self._host.state.run
        if run is not None and run is self._submitted:
            run = await self._after_silence(run)
        if run is None or run is self._submitted or not awaited(run) or not self._answers:
            return None
        if self._seen != self._transport.server.answers:  # outputs were sent meanwhile; if by a hook, they were ours
            run = await self._fetched(self._host, run)
        return run if awaited(run) else None

    async def _after_silence(self, run: Run) -> Run:
        """How a run is of which nothing was said since the outputs were sent. Outputs are never sent twice."""
        now = await self._fetched(self._host, run)
        if _waits_for(now, awaited(run)):
            self._submitted = now
        return now

    async def answered_elsewhere(self, host: AsyncHost, error: APIStatusError) -> bool:
        run = self._submitted
        if run is None or error.status_code not in REFUSALS:
            return False
        try:
            now = await self._fetched(host, run)
        except APIError as second:
            log.warning("run %s could not be looked at: %s", run.id, second)
            return False
        return not _waits_for(now, awaited(run))

    async def _fetched(self, host: AsyncHost, run: Run) -> Run:
        now = host.state.run = host.state.named(await self._remote.fetched(run))
        return now

    async def _step(self, call: PendingCall, run: Run) -> Work | Outcome | None:
        """What to do for a call; None if somebody has to allow it and nobody has said anything."""
        declared = _declared(run) or list(self._binding.functions)
        tool = self._binding.functions.get(call.name)
        if tool is None or call.name not in declared:
            names = ", ".join(declared) or "none"
            return Outcome(call, error=ToolError(f"There is no tool {call.name!r}. There are: {names}."))
        timeout = time_for(tool.timeout, run.expires_at, run.created_at, time.time())
        work = Work(call, _nothing, tool.is_async, timeout)
        context = ToolContext(call, run, timeout, lambda: work.cancelled, partial(self._workers.progress, work))
        try:
            work.perform = tool.prepare(call.arguments, context)
            asks = tool.asks(call.arguments, context)
        except Exception as error:
            return Outcome(call, error=error)
        allowed: object | None = None if asks else True
        if call in self._approvable:
            allowed = self._approve.get(call.id, allowed)
        if allowed is None:
            allowed = await self._host.ask(self._host.hooks.on_tool_approval, call)
        match allowed:
            case None:
                return None
            case True:
                return work
            case False:
                return Outcome(call, REFUSED)
            case str():
                return Outcome(call, allowed)
            case _:
                raise TypeError(f"on_tool_approval returned {allowed!r}; it may return True, False, a text, or None.")

    async def _advance(self, turn: Turn) -> ToolEvent | Call[Any] | None:
        if turn.begun is not None:
            self._workers.start(turn.begun)
            turn.begun = None
            turn.running += 1
        if turn.todo:
            step = turn.todo.popleft()
            return await (self._begin(turn, step) if isinstance(step, Work) else self._settle(turn, step))
        if turn.running:
            match await self._workers.next():
                case Progress() as progress:
                    return await self._pass_on(progress)
                case Outcome() as outcome:
                    turn.running -= 1
                    return await self._settle(turn, outcome)
                case None:
                    return None
        return self._submit(turn)

    async def _begin(self, turn: Turn, work: Work) -> ToolEvent:
        turn.begun = work
        await self._host.tell(self._host.hooks.on_tool_started, work.call)
        return ToolStartedEvent(data=ToolStart(call=work.call))

    async def _pass_on(self, progress: Progress) -> ToolEvent:
        if not progress.told:
            await self._hear(progress)
        return ToolProgressEvent(data=ToolMessage(call=progress.call, message=progress.message))

    async def _hear(self, progress: Progress) -> None:
        await self._host.tell(self._host.hooks.on_tool_progress, progress.call, progress.message)

    async def _settle(self, turn: Turn, outcome: Outcome) -> ToolEvent:
        call, error = outcome.call, outcome.error
        if error is not None:
            message = await self._told(call, error)
            turn.keep(call, message)
            return ToolErrorEvent(data=ToolFailure(call=call, message=message, error_type=type(error).__name__))
        turn.keep(call, outcome.output)
        await self._host.tell(self._host.hooks.on_tool_output, call, outcome.output)
        return ToolOutputEvent(data=ToolResult(call=call, output=outcome.output))

    async def _told(self, call: PendingCall, error: BaseException) -> str:
        """What the model is told of an error; raises it where the program wants that."""
        if not isinstance(error, Exception):
            raise error
        said = await self._host.tell(self._host.hooks.on_tool_error, call, error)
        if self._binding.raises and not isinstance(error, ToolError):
            if isinstance(error, StopIteration | StopAsyncIteration):  # it would look like the end of the stream
                raise RuntimeError(f"{call.name} raised {type(error).__name__}") from error
            raise error
        if said is not None:
            return render(said)
        if isinstance(error, ToolError):
            return str(error)
        log.error("the tool %s failed, and the model is told so", call.name, exc_info=error)
        return f"{type(error).__name__}: {error}"

    def _submit(self, turn: Turn) -> Call[Run]:
        outputs = turn.submission(self._by_hand)
        submitted = {call.id for call in turn.calls}
        self._by_hand = {call_id: text for call_id, text in self._by_hand.items() if call_id not in submitted}
        self._answered.update(made for made in _made(self._host.state) if made[1] in submitted)
        self._approvable = []
        self._turns += 1
        self._turn, self._submitted = None, turn.run
        return self._calls.submit(turn.run, outputs).streamed()

    # The end ---------------------------------------------------------------------------------------------------------

    def interrupt(self) -> None:
        self._workers.stop()

    async def give_up(self, run: Run | None, *, answered: bool) -> Run | None:
        self._workers.stop()
        if run is None or run.status in TERMINAL:
            return None
        return await self._remote.stopped(run, answered=answered)

    async def leave(self) -> None:
        await self._workers.leave()

    def parsed(self, text: str, model: Any) -> Any:
        model = self._binding.parse_as if model is None else model
        if model is None:
            raise StreamUsageError(
                "As which type? Pass it to get_final_parsed, or as parse_as=... to the stream method."
            )
        return parsed(text, model)


def _nothing() -> None:
    pass


def _declared(run: Run) -> list[str]:
    return [tool.function.name for tool in run.tools if isinstance(tool, FunctionTool)]


def _is_declared(call: PendingCall, run: Run) -> bool:
    """Whether the model may call this. Where the server does not say which tools the run has, it may call anything."""
    return not call.name or "tools" not in run.model_fields_set or call.name in _declared(run)


def _made(state: StreamState) -> list[tuple[str, str]]:
    """The function calls that the run has made in steps that are open: a server may use the ids again in another."""
    made = [(step.model.id, part.model) for step in state.open_steps for part in step.calls]
    return [(step_id, call.id) for step_id, call in made if isinstance(call, FunctionToolCall)]


def _waits_for(run: Run, calls: list[PendingCall]) -> bool:
    return any(call in calls for call in awaited(run))
