"""One call of the model, as it is written down: a message and tool calls that grow with every delta."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import objects
from .builtin import NOTHING, Offer, Seen
from .eventlog import Change, Channel, EventLog
from .ids import new_id, now
from .lifecycle import CLOSINGS, Document, advance
from .models.base import Finish, FinishReason, ModelError, RefusalDelta, TextDelta, ToolCallDelta, UsageDelta
from .reply import Reply
from .toolcalls import BuiltInCall, Call, FunctionCall, begun, opening

MANY = 32
"""Calls of built-in tools in one turn that are answered; a model that makes more is told so."""
_OPENED = ("thread.run.step.created", "thread.run.step.in_progress")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a draft has to know besides its run."""

    tools: Offer = NOTHING
    seen: Seen = field(default_factory=Seen)


class Draft:
    """Takes deltas and sends the events that say them, in the documented order.

    Text before tool calls is a message of its own, completed when the first call begins. Calls of built-in tools are
    worked on when the model has ended.
    """

    def __init__(self, run: Document, log: EventLog, channel: Channel, setting: Setting) -> None:
        self._run, self._log, self._channel, self._setting = run, log, channel, setting
        self._reply: Reply | None = None
        self._tools: Document | None = None
        self._calls: dict[int, Call] = {}  # by the model's index, which may have gaps; ours is the place in here
        self._closed = False
        self.usage: Document = dict(objects.NO_TOKENS)
        self.finish: FinishReason | None = None

    async def take(self, delta: object) -> None:
        """Raises `ModelError` for what is no delta: models are other people's programs, and checked by nobody else."""
        await self._log.room()
        match delta:
            case TextDelta(str(text)):
                await self._say("text", text)
            case RefusalDelta(str(text)):
                await self._say("refusal", text)
            case ToolCallDelta(int(), str() | None, str() | None, str()):
                await self._call(delta)
            case UsageDelta(int(prompt), int(completion)) if prompt >= 0 and completion >= 0:
                self.usage = objects.add_tokens(self.usage, prompt, completion)
            case Finish("stop" | "tool_calls" | "length" | "content_filter" as reason):
                self.finish = reason
            case _:
                raise ModelError(
                    "server_error", f"The model yielded what is not a delta of text or calls: {delta!r:.200}."
                )

    def take_now(self, delta: object) -> bool:
        """Takes what goes on with a text or a call, as nearly all deltas do, unless that has to wait for something."""
        if not self._log.has_room:
            return False
        match delta:
            case TextDelta(str(text)) if self._reply:
                self._add(self._reply, "text", text)
            case ToolCallDelta(int(index), str() | None, str() | None, str(arguments)) if (
                self._tools and index in self._calls
            ):
                self._add_to(self._tools, self._calls[index], arguments)
            case _:
                return False
        return True

    async def _say(self, kind: str, text: str) -> None:
        if text:
            self._add(self._reply or await self._open_reply(), kind, text)

    def _add(self, reply: Reply, kind: str, text: str) -> None:
        if text:
            reply.say(kind, text)
            self._send_of(reply)

    def _send_of(self, reply: Reply) -> None:
        # One by one: while nothing can be sent, nothing is lost.
        while reply.unsent:
            self._send(reply.message, {"content": reply.unsent[0]})
            reply.unsent.popleft()

    async def _open_reply(self) -> Reply:
        message = objects.reply(self._run)
        step = objects.step(self._run, "message_creation", {"message_creation": {"message_id": message["id"]}})
        created = ("thread.message.created", "thread.message.in_progress")
        await self._commit(Change(step, _OPENED, new=True), Change(message, created, new=True))
        self._reply = Reply(message, step, self._setting.seen)
        return self._reply

    async def _call(self, delta: ToolCallDelta) -> None:
        call = self._calls.get(delta.index)
        if call is None and self._calls and not self._run["parallel_tool_calls"]:
            return  # at most one call a turn: what a model makes beyond that is dropped
        if call is None:
            self._check(delta)
        tools = self._tools or await self._open_tools()
        if call is None:
            name = delta.name or ""
            tool = self._setting.tools.by_name.get(name)
            call = begun(len(self._calls), self._new_call_id(delta.id), name, tool, self._run)
            self._calls[delta.index] = call
            self._send_call(tools, call, opening(call))
        self._add_to(tools, call, delta.arguments)

    def _add_to(self, tools: Document, call: Call, arguments: str) -> None:
        if arguments:
            self._send_call(tools, call, call.add(arguments))

    def _check(self, delta: ToolCallDelta) -> None:
        """A call nobody can answer fails the run: dropped, it would leave an answer that says nothing."""
        if not delta.name:
            raise ModelError("server_error", "The model made a call without a function's name.")
        is_allowed = self._run["tool_choice"] != "none"
        if is_allowed and delta.name in self._setting.tools.by_name:
            return
        if not is_allowed or not any(tool["type"] == "function" for tool in self._run["tools"]):
            reason = "the run declares no functions" if is_allowed else "the run allows no calls"
            raise ModelError("server_error", f"The model called {delta.name!r}, but {reason}.")

    def _new_call_id(self, given: str | None) -> str:
        """The model's own, unless it gave none, or the same twice: outputs are told apart by it."""
        taken = {call.id for call in self._calls.values()}
        return given if given and given not in taken else new_id("call")

    async def _open_tools(self) -> Document:
        # A turn's tokens are those of its last step: the model tells them only at its end.
        await self._commit(*self._close_reply("completed", None, objects.NO_TOKENS))
        self._reply = None
        tools = objects.step(self._run, "tool_calls", {"tool_calls": []})
        await self._commit(Change(tools, _OPENED, new=True))
        self._tools = tools
        return tools

    def _send_call(self, step: Document, call: Call, entry: Document | None) -> None:
        if entry:
            self._send(step, {"step_details": {"type": "tool_calls", "tool_calls": [{"index": call.index} | entry]}})

    @property
    def makes_calls(self) -> bool:
        return bool(self._calls)

    @property
    def has_work(self) -> bool:
        """Whether the engine itself has something to do, before this turn is over."""
        return any(isinstance(call, BuiltInCall) for call in self._calls.values())

    async def work(self) -> None:
        """Has the built-in tools answer their calls, one after the other; what they say is sent as they say it."""
        first = 1 + max((_number(source) for source in self._setting.seen.sources), default=-1)
        calls = [call for call in self._calls.values() if isinstance(call, BuiltInCall)]
        for number, call in enumerate(calls[:MANY], first):
            await self._work(call, number)
        for call in calls[MANY:]:
            call.refuse(f"These are too many calls at once; only the first {MANY} were answered.")

    async def _work(self, call: BuiltInCall, number: int) -> None:
        assert self._tools
        step = self._tools

        async def send(entry: Document) -> None:
            await self._log.room()
            if not self._closed:  # else the tool was left to itself
                self._send_call(step, call, entry)

        self._send_call(step, call, call.end())
        await call.work(self._run, number, send)

    def close(self, outcome: str, error: Document | None = None) -> list[Change]:
        """What is still open, closed as the run's end asks; after "requires_action" the tool step stays open."""
        self._closed = True
        tokens = objects.NO_TOKENS if self._tools else self.usage
        changes = self._close_reply(outcome, error, tokens)
        if self._tools:
            changes.append(self._close_tools(self._tools, outcome, error))
        return changes

    def _close_reply(self, outcome: str, error: Document | None, usage: Document) -> list[Change]:
        if self._reply is None:
            return []
        self._reply.end()
        self._send_of(self._reply)
        step = self._reply.step | {"usage": usage}
        return [closed(self._reply.written, outcome), closed(step, outcome, error)]

    def _close_tools(self, step: Document, outcome: str, error: Document | None) -> Change:
        details = {"type": "tool_calls", "tool_calls": [call.document for call in self._calls.values()]}
        step = step | {"step_details": details, "usage": self.usage}
        return Change(step) if outcome == "requires_action" else closed(step, outcome, error)

    @property
    def required_action(self) -> Document | None:
        """What the program is asked to do, if the model called functions of it."""
        calls = [call.asked for call in self._calls.values() if isinstance(call, FunctionCall)]
        return {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": calls}} if calls else None

    def _send(self, of: Document, delta: Document) -> None:
        name = f"{of['object']}.delta"
        self._log.send(self._channel, name, {"id": of["id"], "object": name, "delta": delta})

    async def _commit(self, *changes: Change) -> None:
        if changes:
            await self._log.commit(self._channel, changes)


def _number(source: str) -> int:
    """Of the call that found it; a link has none."""
    number = source.partition(":")[0]
    return int(number) if number.isdecimal() else -1


def closed(document: Document, outcome: str, error: Document | None = None) -> Change:
    """An open message or step at the end of its turn or run; `lifecycle.CLOSINGS` says how."""
    kind, closing = document["object"], CLOSINGS.get(outcome)
    if closing is None:
        done = advance(document, "completed", now())
    elif kind == "thread.message":
        done = advance(document, "incomplete", now(), incomplete_details={"reason": closing.message_reason})
    else:
        done = advance(
            document, closing.step, now(), last_error=_step_error(error) if closing.step == "failed" else None
        )
    return Change(done, (f"{kind}.{done['status']}",))


def _step_error(error: Document | None) -> Document | None:
    """A step's error has no code for a bad prompt."""
    return error and error | {"code": "server_error" if error["code"] == "invalid_prompt" else error["code"]}
