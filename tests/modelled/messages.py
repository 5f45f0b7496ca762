"""Writes the messages of made-up runs, and what is told of them."""

from __future__ import annotations

from .. import frames as wire
from .pen import Pen
from .story import Block, Object


class MessageWriter(Pen):
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
