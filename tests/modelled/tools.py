"""Writes the tool steps of made-up runs, and what is told of them."""

from __future__ import annotations

from .. import frames as wire
from .pen import WORDS, Pen
from .story import Call, Object, shown_output


class ToolWriter(Pen):
    def _tool_step(self) -> None:
        """A step of calls that the server makes itself."""
        kinds = ["code_interpreter", "retrieval" if self.v1 else "file_search"]
        step, calls = self._next("step"), [self._call(self.random.choice(kinds)) for _ in range(self._few(1) % 4)]
        self._calls(step, calls)
        for call in calls:
            call.complete()
        ends = [hook for call in calls for hook in call.finished()]
        self.tell(wire.SD(step, calls=[call.whole for call in calls]), *ends, f"run_step_done({step} completed)")
        self._step_ended(step, "completed", calls)
        self._may_break()

    def _function_step(self) -> None:
        """A step of calls that the program is asked for, with which the leg ends."""
        step, calls = self._next("step"), [self._call("function") for _ in range(self._few(1) % 4)]
        self._calls(step, calls)
        for call in calls:
            call.complete()
        ends = [hook for call in calls for hook in call.finished()]
        asked = wire.RA(*(call.whole for call in calls), **self._run())
        self.tell(asked, *ends, "run_changed(requires_action) run_requires_action")
        self._step_ended(step, "in_progress", calls)
        self.story.status, self.story.waiting, self.story.tool_step = "requires_action", calls, step

    def _call(self, kind: str) -> Call:
        outputs: list[Object] = []
        if kind == "code_interpreter":
            for _ in range(self.random.choice([0, 0, 1, 2])):
                logs = {"type": "logs", "logs": self.random.choice(WORDS)}
                outputs.append(self.random.choice([logs, {"type": "image", "image": {"file_id": "file_i"}}]))
        pieces = self._text() if kind in ("function", "code_interpreter") else []
        return Call(kind, self._next("call"), pieces, outputs)

    def _calls(self, step: str, calls: list[Call]) -> None:
        self.tell(wire.SC(step, calls=[]), f"run_step_created({step})")
        self.open_step = (step, calls)
        self._may_break()
        self._in_progress("thread.run.step", wire.step(step, calls=[]))
        entries = [(call, entry) for index, call in enumerate(calls) for entry in self._fragments(index, call)]
        active: Call | None = None
        while entries:
            size = 2 if self.random.random() < 0.1 else 1
            now, entries = entries[:size], entries[size:]
            hooks, together = list[str](), len({call.id for call, _ in now}) == len(now)
            for call, entry in now if together else []:
                call.add(entry)
            for call, entry in now:
                if not together:
                    call.add(entry)
                if active is not None and active is not call:
                    hooks += active.finished()
                hooks += self._call_hooks(call, entry)
                active = call
            self.tell(wire.DS(step, *(entry for _, entry in now)), *hooks, f"run_step_delta({step})")
            self._may_break()

    def _fragments(self, index: int, call: Call) -> list[Object]:
        match call.kind:
            case "function":
                bare = [""] if self.random.random() < 0.7 else []
                first, *rest = bare + call.pieces
                return [
                    wire.function(first, index, id=call.id, name="look"),
                    *(wire.function(piece, index) for piece in rest),
                ]
            case "code_interpreter":
                bare = [""] if self.random.random() < 0.7 else []
                first, *rest = bare + call.pieces
                made = [{"index": place} | output for place, output in enumerate(call.outputs)]
                head = {"index": index, "type": "code_interpreter"}
                return [
                    wire.code(first, index, id=call.id),
                    *(wire.code(piece, index) for piece in rest),
                    *(head | {"code_interpreter": {"outputs": [output]}} for output in made),
                ]
            case "file_search":
                return [wire.search(index, id=call.id)]
            case kind:
                return [{"index": index, "id": call.id, "type": kind, kind: {}}]

    def _call_hooks(self, call: Call, entry: Object) -> list[str]:
        body = entry[call.kind]
        text = body.get("arguments", body.get("input"))
        outputs = [shown_output(output) for output in body.get("outputs", [])]
        if call.created:
            created, is_told = list[str](), True
        else:
            call.created, is_told = True, bool(text or outputs)
            created = [f"tool_call_created({call.shown()})"]
        logs = [shown_output(output) for output in body.get("outputs", []) if output["type"] == "logs"]
        carried = " ".join([*([repr(text)] if text is not None else []), *logs])
        return [*created, *([f"tool_call_delta({carried} | {call.shown()})"] if is_told else [])]
