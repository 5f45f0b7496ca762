"""Writes the legs of made-up runs: how they begin, what they do, how they end."""

from __future__ import annotations

from random import Random

from .. import frames as wire
from .messages import MessageWriter
from .pen import Broken
from .story import Story
from .tools import ToolWriter

ENDINGS = ("completed", "completed", "requires_action", "failed", "cancelled", "expired", "incomplete")
FAILURE = {"failed": "failed", "cancelled": "cancelled", "expired": "expired", "incomplete": "completed"}
"""How the steps under way end with their run."""


class Author(MessageWriter, ToolWriter):
    def __init__(self, random: Random, leg: int = 1) -> None:
        super().__init__(random, leg)
        self.ending = random.choice(ENDINGS[:-1] if self.v1 else ENDINGS)
        if self.ending not in ("completed", "requires_action"):
            self.left = random.randrange(1, 25)

    def first_leg(self) -> Story:
        if self.random.random() < 0.3:
            self.tell(wire.event("thread.created", wire.thread()), "thread_created(thread_1)")
        self.tell(wire.RC(**self._run()), "run_changed(queued) run_created")
        return self._leg()

    def submit_leg(self, before: Story) -> Story:
        """What comes after outputs were sent, to a handler that has not seen the leg before."""
        calls = [call.whole for call in before.waiting]
        for call in calls:
            call["function"] = call["function"] | {"output": "42"}
        done = [f"{call['id']} look {call['function']['arguments']!r} -> '42'" for call in calls]
        self.tell(wire.SD(before.tool_step, calls=calls), f"run_step_done({before.tool_step} completed)")
        self.story.steps.append("; ".join([f"{before.tool_step} completed", *done]))
        return self._leg()

    def _leg(self) -> Story:
        self.tell(wire.RQ(**self._run()), "run_changed(queued)")
        self.tell(wire.RP(**self._run()), "run_changed(in_progress)")
        try:
            for _ in range(self.random.randrange(4)):
                self.random.choice([self._message_step, self._tool_step])()
            if self.ending == "requires_action":
                self._function_step()
                return self.story
            if self.ending == "completed":
                self._run_ends("completed")
                return self.story
        except Broken:
            pass
        self._break_off()
        return self.story

    def _break_off(self) -> None:
        """The run ends before its time; what is open is ended by the server, in either order, or not at all."""
        how = self.random.choice(["ended", "ended", "message first", "not ended"])
        if self.ending == "cancelled":
            frame = wire.event("thread.run.cancelling", wire.run("cancelling", **self._run()))
            self.tell(frame, "run_changed(cancelling)")
        if how == "message first":
            self._cut_message()
        if how != "not ended":
            self._cut_step()
            self._cut_message()
        self._run_ends(self.ending)

    def _cut_step(self) -> None:
        if self.open_step is None:
            return
        (step, calls), status = self.open_step, FAILURE[self.ending]
        told = [call for call in calls or [] if call.created]
        ends = [hook for call in told for hook in call.finished()]
        kept = None if calls is None else [call.so_far for call in told]
        self.tell(
            wire.event(f"thread.run.step.{status}", wire.step(step, status, calls=kept)),
            *ends,
            f"run_step_done({step} {status})",
        )
        self._step_ended(step, status, None if calls is None else told)

    def _cut_message(self) -> None:
        if self.open_message is not None:
            self._message_ends(*self.open_message, "incomplete")

    def _run_ends(self, status: str) -> None:
        """Blocks, messages and calls that are still open are closed as they are; steps are not."""
        hooks: list[str] = []
        if self.open_message is not None:
            id, blocks = self.open_message
            blocks = [block for block in blocks if block.created or block.done]
            hooks += [hook for block in blocks for hook in block.finished(block.said)]
            told = " ".join([id, "in_progress", *(block.shown(block.said) for block in blocks)])
            hooks.append(f"message_done({told})")
            self.story.messages.append(told)
        if self.open_step is not None:
            step, calls = self.open_step
            told_calls = [call for call in calls or [] if call.created]
            hooks += [hook for call in told_calls for hook in call.finished()]
            self._step_ended(step, "in_progress", told_calls)
        ends = {"completed": wire.RD, "failed": wire.RF, "cancelled": wire.RX, "incomplete": wire.RI}
        run = wire.run(status, **self._run())
        frame = ends[status](**self._run()) if status in ends else wire.event(f"thread.run.{status}", run)
        self.tell(frame, *hooks, f"run_changed({status})", *(["run_failed"] if status == "failed" else []))
        self.story.status = status
