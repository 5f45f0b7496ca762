"""Where assistream tells handlers something else than the reference client does, on purpose: a function each.

A rule takes a trace of the reference client (see tracer.py) and returns what the streaming contract makes of it, in the
row it is named after. After all of them the traces must be equal; a rule that no stream needs fails a test, too.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, cast

from .tracer import Trace

Object = dict[str, Any]


def events(trace: Trace) -> Iterator[Trace]:
    """The trace in pieces: each `on_event` with what came after it, up to the next."""
    starts = [at for at, entry in enumerate(trace) if entry[0] == "event"]
    for start, end in zip(starts, [*starts[1:], len(trace)], strict=True):
        yield trace[start:end]


def calls(step: Object) -> list[Object]:
    """The tool calls of a step, or of a step's delta."""
    return list(step.get("step_details", {}).get("tool_calls") or [])


def carries(delta: Object) -> bool:
    """Whether a tool call delta holds a part of what is joined."""
    body = delta.get(delta["type"], {})
    return any(body.get(name) for name in ("arguments", "input", "outputs"))


def complete(stream: bytes) -> bytes:
    """E1: the last frame counts, too, where a stream ends before its blank line; the reference drops it.

    This one is about the bytes: the reference is given the blank line.
    """
    return stream.rstrip(b"\n") + b"\n\n"


def first_fragment(trace: Trace) -> Trace:
    """Section 2: what the first fragment of a call carries is told as a delta, too, not only as `created`."""
    return list(chain.from_iterable(map(_first_fragment, events(trace))))


def _first_fragment(event: Trace) -> Trace:
    told: Trace = []
    for entry in event:
        told.append(entry)
        if entry[0] == "tool_call_created":
            deltas = calls(event[0][1]["data"]["delta"])
            told += [["tool_call_delta", d, entry[1]] for d in deltas if d["index"] == entry[1]["index"] and carries(d)]
    return told


def a1(trace: Trace) -> Trace:
    """A call is done once. The reference says so again at the end of each later step, and of the run."""
    done: set[str] = set()
    told: Trace = []
    for entry in trace:
        if entry[0] == "tool_call_done":
            if entry[1]["id"] in done:
                continue
            done.add(entry[1]["id"])
        told.append(entry)
    return told


def a2(trace: Trace) -> Trace:
    """Each call is created. The reference goes by the index, and takes a later step's first call for an old one."""
    created: set[str] = set()
    told: Trace = []
    for hook, *arguments in trace:
        if hook == "tool_call_created":
            created.add(arguments[0]["id"])
        elif hook == "tool_call_delta" and arguments[1]["id"] not in created:
            created.add(arguments[1]["id"])
            told.append(["tool_call_created", arguments[1]])
            if not carries(arguments[0]):
                continue
        told.append([hook, *arguments])
    return told


def a6(trace: Trace) -> Trace:
    """What a run in requires_action asks for is what its calls are, where deltas were left out on the way."""
    for event in events(trace):
        action = event[0][1]["data"].get("required_action")
        asked = {call["id"]: call["function"] for call in action["submit_tool_outputs"]["tool_calls"]} if action else {}
        for entry in event:
            steps: list[Object] = entry[1] if entry[0] == "get_final_run_steps" else []
            open_calls = [entry[1]] if entry[0] == "tool_call_done" else chain.from_iterable(map(calls, steps))
            for call in open_calls:
                call.get("function", {}).update(asked.get(call["id"], {}))
    return trace


def a16(trace: Trace) -> Trace:
    """A call that is done with its step is the step's own, with the outputs or results."""
    for event in events(trace):
        whole = {call["id"]: call for entry in event if entry[0] == "run_step_done" for call in calls(entry[1])}
        for entry in event:
            if entry[0] == "tool_call_done":
                entry[1] = whole.get(entry[1]["id"], entry[1])
    return trace


def s1_s2(trace: Trace) -> Trace:
    """The final steps are the completed ones, that of an earlier leg too. Nothing at all is a list, not an error."""
    steps: dict[str, Object] = {}
    for entry in trace:
        if entry[0].startswith("run_step_"):
            steps[entry[-1]["id"]] = copy.deepcopy(entry[-1])
        elif entry[0] == "get_final_run_steps":
            entry[1] = list(steps.values())
        elif entry == ["get_final_messages", {"exception": "RuntimeError"}]:
            entry[1] = []
    return trace


def s10(trace: Trace) -> Trace:
    """A snapshot is an ordinary model; in the reference it keeps the `index` that only entries of deltas have."""
    for snapshot in _snapshots(trace):
        for part in _objects(snapshot):
            part.pop("index", None)
    return trace


def s11(trace: Trace) -> Trace:
    """What a text or a call always has, it has from the first fragment on, whatever that one leaves out."""
    for part in chain.from_iterable(map(_objects, _snapshots(trace))):
        if isinstance(part.get("text"), dict):
            part["text"] = {"value": "", "annotations": []} | part["text"]
        if "code_interpreter" in part:
            part["code_interpreter"] = {"input": "", "outputs": []} | part["code_interpreter"]
    return trace


def _snapshots(trace: Trace) -> Iterator[Object]:
    """What is accumulated, wherever a handler is told of it; a block's text is made a part of its block."""
    for entry in trace:
        if entry[0].startswith("text_"):
            yield (block := {"text": entry[-1]})
            entry[-1] = block["text"]
        elif entry[0] == "get_final_run_steps" or entry[0].endswith("_delta") or entry[0].startswith("tool_call_"):
            yield {"": entry[-1]}


def _objects(value: object) -> Iterator[Object]:
    """The JSON objects in a value, outer ones first."""
    if isinstance(value, dict):
        yield (whole := cast(Object, value))
        value = list(whole.values())
    if isinstance(value, list):
        yield from chain.from_iterable(map(_objects, cast(list[object], value)))


def always_sent(trace: Trace) -> Trace:
    """DESIGN "Types": what the API sends with every run, and a server left out, has its default and is not absent."""
    for hook, *arguments in trace:
        run: Object = arguments[0]["data"] if hook == "event" else arguments[0] if hook == "get_final_run" else {}
        if run.get("object") == "thread.run":
            run.setdefault("parallel_tool_calls", True)
            run.setdefault("instructions", "")
    return trace


def e1(trace: Trace) -> Trace:
    """An error is an event, before it is an exception."""
    told: Trace = []
    for entry in trace:
        if entry[0] == "exception":
            data = {name: value for name, value in entry[1].items() if name != "exception"}
            told.append(["event", {"event": "error", "data": data}])
        told.append(entry)
    return told


def only_later(trace: Trace) -> Trace:
    """1.16.2 alone: it comes from before `thread.run.incomplete`, which is a run's event as any other."""
    last: Object = {}
    for entry in trace:
        if entry[0] == "event":
            last = entry[1]
        elif last.get("event") == "thread.run.incomplete" and entry[0] == "yield":
            entry[2] = last["data"]["status"]
        elif last.get("event") == "thread.run.incomplete" and entry[0] == "get_final_run":
            entry[1] = copy.deepcopy(last["data"])
    return trace


Rule = Callable[[Trace], Trace]

RULES: list[Rule] = [first_fragment, a1, a2, a16, s1_s2, a6, s10, s11, always_sent, e1, only_later]


def contract(trace: Trace, *, without: Rule | None = None) -> Trace:
    """A trace of the reference client as the contract wants it."""
    trace = copy.deepcopy(trace)
    for rule in RULES:
        trace = trace if rule is without else rule(trace)
    return trace
