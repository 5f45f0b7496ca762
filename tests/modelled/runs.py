"""Runs made up at random, with what they must be told as.

A `Story` is one leg of a run as a server sends it, and beside each frame the hooks that docs/contract.md prescribes for
it, in the notation of `tests/streaming/traces.py`. Nothing here uses the library: what is expected follows from what
the server does, by the rules of the contract's sections 2 and 3, and from plain strings that are added up.

Made up are: messages of several blocks (text with annotations, images, refusals), some with fragments out of turn or
of several blocks in one event; steps with parallel calls of all three types; runs that complete, wait for outputs,
fail, are cancelled, expire or stop incomplete, in the middle of anything, with or without the ends of what was
open; both versions of the API.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from .. import frames as wire

Object = dict[str, Any]

WORDS = (
    "Hel",
    "lo",
    " ",
    "\n",
    "\r\n",
    "ß",
    "日本",
    "😀",
    "\u2028",
    "\u0085",
    '"',
    "\\",
    "{}",
    "data: x",
    ":",
    "0",
    "\x7f",
)
ENDINGS = ("completed", "completed", "requires_action", "failed", "cancelled", "expired", "incomplete")
FAILURE = {"failed": "failed", "cancelled": "cancelled", "expired": "expired", "incomplete": "completed"}
"""How the steps under way end with their run."""


@dataclass
class Block:
    """A content block: what it is, what was said of it, which of its hooks were called."""

    kind: str
    name: str
    pieces: list[str]
    marks: list[Object] = field(default_factory=list[Object])
    said: str = ""
    created: bool = False
    done: bool = False

    def whole(self, value: str) -> Object:
        match self.kind:
            case "text":
                return wire.block(value, self.marks)
            case "refusal":
                return {"type": "refusal", "refusal": value}
            case "image_url":
                return {"type": "image_url", "image_url": {"url": self.name}}
            case _:
                return wire.image_block(self.name)

    def shown(self, value: str) -> str:
        return repr(value) if self.kind == "text" else f"no {value!r}" if self.kind == "refusal" else self.name

    def add(self, entry: Object) -> None:
        if self.kind == "refusal":
            self.said += entry["refusal"]
        elif self.kind == "text":
            self.said += entry["text"].get("value", "")

    def finished(self, value: str) -> list[str]:
        """The hooks of its end, if they were not called yet."""
        if self.done:
            return []
        self.done = True
        created = [f"text_created({value!r})"] if self.kind == "text" and not self.created else []
        self.created = True
        return [*created, f"{self.kind}_done({self.shown(value).removeprefix('no ')})"]


@dataclass
class Call:
    """A tool call, in the same way."""

    kind: str
    id: str
    pieces: list[str]
    outputs: list[Object]
    said: str = ""
    given: list[str] = field(default_factory=list[str])
    created: bool = False
    done: bool = False

    @property
    def whole(self) -> Object:
        match self.kind:
            case "function":
                return wire.call(self.id, "look", "".join(self.pieces))
            case "code_interpreter":
                return wire.code_call(self.id, "".join(self.pieces), self.outputs)
            case "file_search":
                results = [{"file_id": "file_1", "file_name": "a.txt", "score": 0.5}]
                return {"id": self.id, "type": "file_search", "file_search": {"results": results}}
            case _:
                return {"id": self.id, "type": self.kind, self.kind: {}}

    def shown(self) -> str:
        match self.kind:
            case "function":
                return f"{self.id} look {self.said!r}"
            case "code_interpreter":
                return " -> ".join([f"{self.id} {self.said!r}", *self.given])
            case "file_search":
                return " -> ".join([self.id, *self.given])
            case _:
                return f"{self.id} ?{self.kind}"

    def add(self, entry: Object) -> None:
        body = entry[self.kind]
        self.said += body.get("arguments", body.get("input", ""))
        self.given += [_output(output) for output in body.get("outputs", [])]

    def complete(self) -> None:
        """As its step's own end has it."""
        self.said = "".join(self.pieces)
        self.given = [_output(output) for output in self.outputs]
        if self.kind == "file_search":
            self.given = ["file_1"]

    def finished(self) -> list[str]:
        if self.done:
            return []
        self.done = True
        return [f"tool_call_done({self.shown()})"]


def _output(output: Object) -> str:
    return repr(output["logs"]) if output["type"] == "logs" else str(output["image"]["file_id"])


@dataclass
class Story:
    """One leg: frames, the hooks of each, and what is left when it is over."""

    frames: list[bytes] = field(default_factory=list[bytes])
    hooks: list[str] = field(default_factory=list[str])
    messages: list[str] = field(default_factory=list[str])
    steps: list[str] = field(default_factory=list[str])
    status: str = "queued"
    waiting: list[Call] = field(default_factory=list[Call])
    tool_step: str = ""

    def tell(self, frame: bytes, *hooks: str) -> None:
        self.frames.append(frame)
        self.hooks.append(" ".join(hooks))


class _Broken(Exception):
    """The run ends here."""


class Author:
    """Writes stories; all chance comes from `random`."""

    def __init__(self, random: Random, leg: int = 1) -> None:
        self.random, self.leg = random, leg
        self.v1 = random.random() < 0.3
        self.story = Story()
        self.count = 0
        self.ending = random.choice(ENDINGS[:-1] if self.v1 else ENDINGS)
        self.left: float = random.randrange(1, 25) if self.ending not in ("completed", "requires_action") else 1e9
        """How many frames until the run ends early."""
        self.open_message: tuple[str, list[Block]] | None = None
        self.open_step: tuple[str, list[Call] | None] | None = None

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
        except _Broken:
            pass
        self._break_off()
        return self.story

    def tell(self, frame: bytes, *hooks: str) -> None:
        self.story.tell(frame, *hooks)
        self.left -= 1

    def _may_break(self) -> None:
        if self.left <= 0:
            raise _Broken

    def _run(self) -> Object:
        return {"file_ids": [], "tools": [{"type": "retrieval"}]} if self.v1 else {}

    def _next(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}_{self.leg}.{self.count}"

    def _text(self, least: int = 1) -> list[str]:
        return ["".join(self.random.choices(WORDS, k=self.random.randrange(1, 4))) for _ in range(self._few(least))]

    def _few(self, least: int) -> int:
        return self.random.choice([least, least + 1, least + 2, least + 5])

    # Messages ---------------------------------------------------------------------------------------------------------

    def _message_step(self) -> None:
        step, id = self._next("step"), self._next("msg")
        self.tell(wire.SC(step), f"run_step_created({step})")
        self.open_step = (step, None)
        self._may_break()
        self._in_progress("thread.run.step", wire.step(step))
        blocks = [self._block() for _ in range(self._few(0) % 4)]
        come_whole = len(blocks) == 1 and blocks[0].kind == "text" and self.random.random() < 0.2
        if come_whole:
            self._comes_whole(id, blocks[0])
        else:
            self.tell(wire.MC(id, **self._message()), f"message_created({id})")
            self.open_message = (id, blocks)
            self._in_progress("thread.message", wire.message(id))
            self._deltas(id, blocks)
        self._message_ends(id, blocks, "completed")
        self.tell(wire.SD(step), f"run_step_done({step} completed)")
        self._step_ended(step, "completed", None)
        self._may_break()

    def _message(self) -> Object:
        return {"file_ids": []} if self.v1 else {}

    def _in_progress(self, what: str, body: Object) -> None:
        if self.random.random() < 0.7:
            self.tell(wire.event(f"{what}.in_progress", body), "")
            self._may_break()

    def _block(self) -> Block:
        kinds = ["text", "text", "text", "image_file"] + ([] if self.v1 else ["refusal", "image_url"])
        kind, name = self.random.choice(kinds), self._next("file")
        if kind not in ("text", "refusal"):
            return Block(kind, name, [""])
        marks = [self._mark(number) for number in range(self.random.choice([0, 0, 0, 1, 3]))] if kind == "text" else []
        return Block(kind, name, self._text(), marks)

    def _mark(self, number: int) -> Object:
        kind = self.random.choice(["file_citation", "file_path"])
        where = {"start_index": number, "end_index": number + 3}
        return {"type": kind, "text": f"[{number}]", kind: {"file_id": f"file_{number}"}} | where

    def _comes_whole(self, id: str, block: Block) -> None:
        value = "".join(block.pieces)
        block.said = value
        self.tell(wire.MC(id, block.whole(value), **self._message()), f"message_created({id})", *block.finished(value))
        self.open_message = (id, [block])
        self._may_break()

    def _deltas(self, id: str, blocks: list[Block]) -> None:
        """Block after block; now and then out of turn, or two entries in one event."""
        entries = [(index, entry) for index, block in enumerate(blocks) for entry in self._entries(index, block)]
        if self.random.random() < 0.15:
            entries = self._out_of_turn(entries)
        active: Block | None = None
        while entries:
            size = 2 if self.random.random() < 0.1 else 1
            now, entries = entries[:size], entries[size:]
            hooks, together = list[str](), len({index for index, _ in now}) == len(now)
            for index, entry in now if together else []:
                blocks[index].add(entry)
            for index, entry in now:
                if not together:  # A15: entry by entry
                    blocks[index].add(entry)
                hooks += self._block_hooks(blocks[index], entry)
                if active is not None and active is not blocks[index]:
                    hooks += active.finished(active.said)
                active = blocks[index]
            self.tell(wire.DM(id, *(entry for _, entry in now)), *hooks, f"message_delta({id})")
            self._may_break()

    def _out_of_turn(self, entries: list[tuple[int, Object]]) -> list[tuple[int, Object]]:
        """Any order that keeps each block's own, and begins with the first of each, in order."""
        queues: dict[int, list[Object]] = {}
        for index, entry in entries:
            queues.setdefault(index, []).append(entry)
        mixed = [(index, queue.pop(0)) for index, queue in queues.items()]
        while rest := [index for index, queue in queues.items() if queue]:
            index = self.random.choice(rest)
            mixed.append((index, queues[index].pop(0)))
        return mixed

    def _entries(self, index: int, block: Block) -> list[Object]:
        if block.kind == "refusal":
            return [wire.refusal(piece, index) for piece in block.pieces]
        if block.kind != "text":
            return [{"index": index} | block.whole("")]
        bare = self.random.random() < 0.3
        said = [wire.text(piece, index, [] if bare else None) for piece in block.pieces]
        return said + [wire.text(None, index, [{"index": place} | mark]) for place, mark in enumerate(block.marks)]

    def _block_hooks(self, block: Block, entry: Object) -> list[str]:
        if block.kind == "refusal":
            block.created = True
            return [f"refusal_delta({entry['refusal']!r} | {block.said!r})"]
        if block.kind != "text":
            block.created = True
            return []
        value = entry["text"].get("value")
        created = [] if block.created else [f"text_created({block.said!r})"]
        block.created = True
        return [*created, f"text_delta({value!r} | {block.said!r})"]

    def _message_ends(self, id: str, blocks: list[Block], status: str) -> None:
        """With the whole of what was to be said; an incomplete one with what was said so far."""
        if status == "incomplete":
            blocks = [block for block in blocks if block.created or block.done]
        values = [block.said if status == "incomplete" else "".join(block.pieces) for block in blocks]
        hooks = [hook for block, value in zip(blocks, values, strict=True) for hook in block.finished(value)]
        whole = [block.whole(value) for block, value in zip(blocks, values, strict=True)]
        told = " ".join([id, status, *(block.shown(value) for block, value in zip(blocks, values, strict=True))])
        end = wire.MD if status == "completed" else wire.MI
        self.tell(end(id, *whole, **self._message()), *hooks, f"message_done({told})")
        self.story.messages.append(told)
        self.open_message = None

    # Tools ------------------------------------------------------------------------------------------------------------

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
        outputs = [_output(output) for output in body.get("outputs", [])]
        if call.created:
            created, is_told = list[str](), True
        else:
            call.created, is_told = True, bool(text or outputs)
            created = [f"tool_call_created({call.shown()})"]
        logs = [_output(output) for output in body.get("outputs", []) if output["type"] == "logs"]
        carried = " ".join([*([repr(text)] if text is not None else []), *logs])
        return [*created, *([f"tool_call_delta({carried} | {call.shown()})"] if is_told else [])]

    def _step_ended(self, step: str, status: str, calls: list[Call] | None) -> None:
        self.story.steps.append("; ".join([f"{step} {status}", *(call.shown() for call in calls or [])]))
        self.open_step = None

    # Ends -------------------------------------------------------------------------------------------------------------

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
        kept = None if calls is None else [_as_far(call) for call in told]
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


def _as_far(call: Call) -> Object:
    """A call as far as it was said, as a step that was cut short keeps it."""
    outputs = call.outputs[: len(call.given)]
    search = {"results": [{"file_id": "file_1", "file_name": "a.txt", "score": 0.5}] if call.given else []}
    match call.kind:
        case "function":
            return wire.call(call.id, "look", call.said)
        case "code_interpreter":
            return wire.code_call(call.id, call.said, outputs)
        case "file_search":
            return {"id": call.id, "type": "file_search", "file_search": search}
        case kind:
            return {"id": call.id, "type": kind, kind: {}}


def make(seed: int) -> list[Story]:
    """A run: its first leg, and if that waits for outputs, the one after it."""
    random = Random(f"run {seed}")
    legs = [Author(random).first_leg()]
    while legs[-1].status == "requires_action" and len(legs) < 4:
        legs.append(Author(random, len(legs) + 1).submit_leg(legs[-1]))
    return legs


def on_the_wire(story: Story, random: Random) -> list[bytes]:
    """The same events written in one of the ways that the format allows, in pieces of any size."""
    end = random.choice([b"\n", b"\n", b"\r\n", b"\r"])
    noise = [b": still here\n\n", b"retry: 3000\n\n", b"event: ping\ndata: {}\n\n", b"id: 7\n\n", b"\n"]
    frames = [*story.frames, *([wire.DONE] if random.random() < 0.7 else [])]
    stream = b"\xef\xbb\xbf" if random.random() < 0.1 else b""
    for frame in frames:
        stream += random.choice(noise) if random.random() < 0.1 else b""
        stream += frame.replace(b"\ndata: ", b"\ndata:", 1) if random.random() < 0.1 else frame
    stream = stream.replace(b"\n", end)
    sizes = random.choice([(1, 8), (1, 60), (200, 900), (5000, 9000)])
    pieces: list[bytes] = []
    while stream:
        size = random.randint(*sizes)
        pieces.append(stream[:size])
        stream = stream[size:]
    return pieces


def described(story: Story) -> str:
    """For the message of a test that fails."""
    lines = [
        frame.decode().replace("\n", " ") + "  =>  " + hooks
        for frame, hooks in zip(story.frames, story.hooks, strict=True)
    ]
    return json.dumps({"status": story.status}) + "\n" + "\n".join(lines)
