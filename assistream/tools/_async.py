"""The loop: when a run waits for outputs, functions are run, their outputs go back, and the stream goes on."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from ..errors import MaxTurnsExceeded, StreamUsageError, ToolError
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
from .binding import Binding, RunCalls
from .context import ToolContext
from .results import render
from .stopping._async import AsyncRemoteRun
from .structured import parsed
from .work import Outcome, Progress, Work, time_for
from .workers import AsyncWorkers

log = logging.getLogger("assistream")

REFUSED: Final = "The user did not allow this call."


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
    outputs: dict[str, str] = field(default_factory=dict[str, str])


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
        self._by_hand: dict[str, str] = {}
        self._answers = bool(binding.functions) or resumed is not None
        self._turn: Turn | None = None
        self._turns = 0
        self._answered: set[str] = set()
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
        waiting = [call.id for call in awaited(run)]
        if run is None or not waiting:
            raise StreamUsageError(f"There is nothing to resume: the run is {run and run.status}.")
        unknown = [call_id for call_id in self._approve if call_id not in waiting]
        if unknown:
            raise StreamUsageError(_not_waiting(unknown, waiting))
        self.leg_began()
        return run

    def leg_began(self) -> None:
        self._seen = self._transport.server.answers

    # By hand ---------------------------------------------------------------------------------------------------------

    def submit(self, outputs: Iterable[ToolOutput], state: StreamState) -> None:
        outputs = list(outputs)
        waiting = self._waiting(state)
        if not waiting:
            raise StreamUsageError("The run waits for no outputs now; submit them when it requires action.")
        unknown = [output["tool_call_id"] for output in outputs if output["tool_call_id"] not in waiting]
        if unknown:
            raise StreamUsageError(_not_waiting(unknown, waiting))
        self._by_hand |= {output["tool_call_id"]: render(output["output"]) for output in outputs}
        self._answers = True

    def _waiting(self, state: StreamState) -> list[str]:
        """The calls that can be answered: those the run waits for, or those that it has made and will wait for."""
        if state.run is not self._submitted and (calls := awaited(state.run)):
            return [call.id for call in calls]
        made = [part.model for step in state.open_steps for part in step.calls]
        return [call.id for call in made if isinstance(call, FunctionToolCall) and call.id not in self._answered]

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
        if run is None or run is self._submitted or not awaited(run) or not self._answers:
            return None
        if self._seen != self._transport.server.answers:  # outputs were sent meanwhile; if by a hook, they were ours
            run = self._host.state.run = await self._remote.fetched(run)
        return run if awaited(run) else None

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
        allowed: object | None = self._approve.get(call.id, None if asks else True)
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
            turn.outputs[call.id] = message = await self._told(call, error)
            return ToolErrorEvent(data=ToolFailure(call=call, message=message, error_type=type(error).__name__))
        turn.outputs[call.id] = outcome.output
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
        outputs: list[ToolOutput] = [
            {"tool_call_id": call.id, "output": self._by_hand.get(call.id, turn.outputs.get(call.id, ""))}
            for call in turn.calls
        ]
        self._answered.update(call.id for call in turn.calls)
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


def _not_waiting(unknown: list[str], waiting: list[str]) -> str:
    return f"The run waits for no output of {', '.join(map(repr, unknown))}, but of {', '.join(map(repr, waiting))}."
