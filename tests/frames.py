"""Frames of the Assistants wire, so that a test reads like the contract.

Objects are JSON dictionaries as a v2 server sends them: ``run()``, ``step()``, ``message()``; any field can be
overridden by keyword. ``event(name, data)`` makes the bytes of one frame. The short names are those of the contract:

- ``RC() RQ() RP()``: run created, queued, in_progress; ``RD() RF() RX() RI()``: completed, failed, cancelled and
  incomplete; ``RA(*calls)``: requires_action, for calls made with ``call()``.
- ``SC(s) SD(s)``: step created, completed: a message_creation step, or with ``calls=[...]`` a tool_calls step.
- ``DS(s, *entries)``: step delta, entries made with ``function()``, ``code()``, ``search()``.
- ``MC(m) MD(m, ...) MI(m, ...)``: message created, completed, incomplete, with whole blocks; a string is a text block.
- ``DM(m, *fragments)``: message delta, made with ``text()``, ``image()``, ``refusal()``; a string means ``text(...)``.
- ``DONE``: the end marker.

``hello()`` is the shortest whole run that says something.
"""

from __future__ import annotations

import json
from typing import Any

Object = dict[str, Any]

RUN, THREAD, ASSISTANT = "run_1", "thread_1", "asst_1"
DONE = b"event: done\ndata: [DONE]\n\n"


def event(name: str, data: object, *, id: str | None = None) -> bytes:
    """One frame; `data` is sent as JSON, or as it stands when it is a string."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    head = f"id: {id}\n" if id is not None else ""
    return f"{head}event: {name}\ndata: {text}\n\n".encode()


def name_of(frame: bytes) -> str:
    """The event name in a frame made here."""
    return frame.split(b"event: ", 1)[1].split(b"\n", 1)[0].decode()


def thread(id: str = THREAD, **fields: Any) -> Object:
    body: Object = {"id": id, "object": "thread", "created_at": 1, "metadata": {}, "tool_resources": {}}
    return body | fields


def run(status: str = "queued", *, id: str = RUN, **fields: Any) -> Object:
    nulls = ["required_action", "last_error", "started_at", "cancelled_at", "failed_at", "completed_at"]
    nulls += ["incomplete_details", "usage"]
    limits = {"max_prompt_tokens": None, "max_completion_tokens": None, "truncation_strategy": {"type": "auto"}}
    model: Object = {"model": "rehearsal", "instructions": "", "tools": [], "metadata": {}, "temperature": 1.0}
    choices = {"top_p": 1.0, "tool_choice": "auto", "parallel_tool_calls": True, "response_format": "auto"}
    whose = {"thread_id": THREAD, "assistant_id": ASSISTANT, "status": status}
    head = {"id": id, "object": "thread.run", "created_at": 1, "expires_at": 601}
    return head | whose | dict.fromkeys(nulls) | model | choices | limits | fields


def step(
    id: str = "step_1", status: str = "in_progress", *, calls: list[Object] | None = None, **fields: Any
) -> Object:
    """A message_creation step, or with `calls` (may be empty) a tool_calls step."""
    kind = "message_creation" if calls is None else "tool_calls"
    details: Object = {"message_id": "msg_1"} if calls is None else {}
    body = {"type": kind, kind: details if calls is None else calls}
    head = {
        "id": id,
        "object": "thread.run.step",
        "created_at": 1,
        "status": status,
        "type": kind,
        "step_details": body,
    }
    whose = {"run_id": RUN, "thread_id": THREAD, "assistant_id": ASSISTANT}
    nulls = dict.fromkeys(
        ["last_error", "expired_at", "cancelled_at", "failed_at", "completed_at", "usage", "metadata"]
    )
    return head | whose | nulls | fields


def message(id: str = "msg_1", status: str = "in_progress", *content: Object | str, **fields: Any) -> Object:
    """An assistant's message; content is made of whole blocks (`block()`), a string is one text block."""
    blocks = [block(part) if isinstance(part, str) else part for part in content]
    head = {"id": id, "object": "thread.message", "created_at": 1, "status": status, "role": "assistant"}
    whose: Object = {"run_id": RUN, "thread_id": THREAD, "assistant_id": ASSISTANT, "metadata": {}, "attachments": []}
    nulls = dict.fromkeys(["completed_at", "incomplete_at", "incomplete_details"])
    return head | whose | nulls | {"content": blocks} | fields


def block(value: str, annotations: list[Object] | None = None) -> Object:
    """A whole text block."""
    return {"type": "text", "text": {"value": value, "annotations": annotations or []}}


def image_block(file_id: str = "file_1") -> Object:
    """A whole image block."""
    return {"type": "image_file", "image_file": {"file_id": file_id}}


def text(value: str | None, index: int = 0, annotations: list[Object] | None = None) -> Object:
    """A fragment of a text block; None leaves the key out."""
    parts = {"value": value, "annotations": annotations}
    return {"index": index, "type": "text", "text": {key: part for key, part in parts.items() if part is not None}}


def image(file_id: str = "file_1", index: int = 0) -> Object:
    return {"index": index, "type": "image_file", "image_file": {"file_id": file_id}}


def refusal(value: str, index: int = 0) -> Object:
    return {"index": index, "type": "refusal", "refusal": value}


def function(arguments: str, index: int = 0, *, id: str | None = None, name: str | None = None) -> Object:
    """A fragment of a function call; the first one carries `id` and `name`."""
    body: Object = {"arguments": arguments} if name is None else {"name": name, "arguments": arguments, "output": None}
    return {"index": index, "type": "function", "function": body} | ({} if id is None else {"id": id})


def code(input: str, index: int = 0, *, id: str | None = None, outputs: list[Object] | None = None) -> Object:
    """A fragment of a code interpreter call."""
    body: Object = {"input": input} if outputs is None else {"input": input, "outputs": outputs}
    return {"index": index, "type": "code_interpreter", "code_interpreter": body} | ({} if id is None else {"id": id})


def search(index: int = 0, *, id: str | None = None) -> Object:
    """The fragment that announces a file search."""
    entry: Object = {"index": index, "type": "file_search", "file_search": {}}
    return entry | ({} if id is None else {"id": id})


def call(id: str = "call_1", name: str = "look", arguments: str = "{}", output: str | None = None) -> Object:
    """A whole function call, as a completed step holds it."""
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments, "output": output}}


def code_call(id: str = "call_1", input: str = "1", outputs: list[Object] | None = None) -> Object:
    """A whole code interpreter call."""
    return {"id": id, "type": "code_interpreter", "code_interpreter": {"input": input, "outputs": outputs or []}}


def action(*calls: Object) -> Object:
    """What a run in requires_action asks for: its calls without their outputs."""
    bare = [c | {"function": {key: c["function"][key] for key in ("name", "arguments")}} for c in calls]
    return {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": bare}}


def _over(fields: Object, **defaults: Any) -> Object:
    return defaults | fields


def RC(**fields: Any) -> bytes:
    return event("thread.run.created", run("queued", **fields))


def RQ(**fields: Any) -> bytes:
    return event("thread.run.queued", run("queued", **fields))


def RP(**fields: Any) -> bytes:
    return event("thread.run.in_progress", run("in_progress", **fields))


def RA(*calls: Object, **fields: Any) -> bytes:
    asked = action(*(calls or (call(),)))
    return event("thread.run.requires_action", run("requires_action", required_action=asked, **fields))


def RD(**fields: Any) -> bytes:
    usage: Object = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
    return event("thread.run.completed", run("completed", **_over(fields, completed_at=2, usage=usage)))


def RF(**fields: Any) -> bytes:
    error = {"code": "server_error", "message": "Sorry, something went wrong."}
    return event("thread.run.failed", run("failed", **_over(fields, failed_at=2, last_error=error)))


def RX(**fields: Any) -> bytes:
    return event("thread.run.cancelled", run("cancelled", **_over(fields, cancelled_at=2)))


def RI(**fields: Any) -> bytes:
    why = {"reason": "max_completion_tokens"}
    return event("thread.run.incomplete", run("incomplete", **_over(fields, incomplete_details=why)))


def SC(id: str = "step_1", *, calls: list[Object] | None = None, **fields: Any) -> bytes:
    return event("thread.run.step.created", step(id, calls=calls, **fields))


def SD(id: str = "step_1", *, calls: list[Object] | None = None, **fields: Any) -> bytes:
    return event("thread.run.step.completed", step(id, "completed", calls=calls, **_over(fields, completed_at=2)))


def DS(id: str, *calls: Object) -> bytes:
    delta = {"step_details": {"type": "tool_calls", "tool_calls": list(calls)}}
    return event("thread.run.step.delta", {"id": id, "object": "thread.run.step.delta", "delta": delta})


def MC(id: str = "msg_1", *content: Object | str, **fields: Any) -> bytes:
    return event("thread.message.created", message(id, "in_progress", *content, **fields))


def MD(id: str = "msg_1", *content: Object | str, **fields: Any) -> bytes:
    return event("thread.message.completed", message(id, "completed", *content, **_over(fields, completed_at=2)))


def MI(id: str = "msg_1", *content: Object | str, **fields: Any) -> bytes:
    why = {"reason": "max_tokens"}
    ends = _over(fields, incomplete_at=2, incomplete_details=why)
    return event("thread.message.incomplete", message(id, "incomplete", *content, **ends))


def DM(id: str, *blocks: Object | str) -> bytes:
    delta = {"content": [text(part) if isinstance(part, str) else part for part in blocks]}
    return event("thread.message.delta", {"id": id, "object": "thread.message.delta", "delta": delta})


def hello(*, done: bool = True) -> list[bytes]:
    """A whole run that says "Hello" in two pieces, with its end marker unless `done` is false."""
    says = [DM("msg_1", "Hel"), DM("msg_1", "lo"), MD("msg_1", "Hello")]
    return [RC(), SC("step_1"), MC("msg_1"), *says, SD("step_1"), RD(), *([DONE] if done else [])]


def asks(*calls: Object, done: bool = True) -> list[bytes]:
    """A leg that ends in requires_action, for one call unless told."""
    wanted = calls or (call(),)
    pieces = [
        function(c["function"]["arguments"], index, id=c["id"], name=c["function"]["name"])
        for index, c in enumerate(wanted)
    ]
    deltas = [DS("step_t", piece) for piece in pieces]
    return [RC(), SC("step_t", calls=[]), *deltas, RA(*wanted), *([DONE] if done else [])]


def answers(*calls: Object, done: bool = True) -> list[bytes]:
    """The leg after a submit: the tool step completes and the assistant says "Hello"."""
    finished = [c | {"function": c["function"] | {"output": "42"}} for c in (calls or (call(),))]
    says = [DM("msg_1", "Hel"), DM("msg_1", "lo"), MD("msg_1", "Hello")]
    rest = [RQ(), RP(), SC("step_2"), MC("msg_1"), *says, SD("step_2"), RD()]
    return [SD("step_t", calls=finished), *rest, *([DONE] if done else [])]
