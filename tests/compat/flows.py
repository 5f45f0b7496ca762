"""The streams that are compared: those recorded from real servers, the project's own, and section 2 of the contract."""

from __future__ import annotations

from tests.frames import (
    DM,
    DONE,
    DS,
    MC,
    MD,
    MI,
    RA,
    RC,
    RD,
    RF,
    RI,
    SC,
    SD,
    answers,
    asks,
    block,
    call,
    code,
    code_call,
    event,
    function,
    hello,
    image,
    image_block,
    step,
    text,
)
from tests.shared import ROOT, SHARED


def said(*deltas: bytes, ending: bytes) -> list[bytes]:
    """A run with one message."""
    return [RC(), SC("step_1"), MC("msg_1"), *deltas, ending, SD("step_1"), RD(), DONE]


TWO = [call("call_a", "look", '{"a": 1}'), call("call_b", "find", '{"b": 2}')]
PRINTED = {"index": 0, "type": "logs", "logs": "42"}

SECTION_2 = {
    "1 plain text": hello(),
    "2 two text blocks": said(
        DM("msg_1", "A"), DM("msg_1", text("B", 1)), DM("msg_1", text("b", 1)), ending=MD("msg_1", "A", "Bb")
    ),
    "3 text then image": said(
        DM("msg_1", "A"), DM("msg_1", image(index=1)), ending=MD("msg_1", block("A"), image_block())
    ),
    "3 image then text": said(
        DM("msg_1", image()), DM("msg_1", text("A", 1)), ending=MD("msg_1", image_block(), block("A"))
    ),
    "4 code interpreter": [
        *(RC(), SC("step_1", calls=[]), DS("step_1", code("", id="call_1"))),
        *(DS("step_1", code("6 *")), DS("step_1", code(" 7")), DS("step_1", code("", outputs=[PRINTED]))),
        *(SD("step_1", calls=[code_call("call_1", "6 * 7", [{"type": "logs", "logs": "42"}])]), RD(), DONE),
    ],
    "5 two functions": [
        *(RC(), SC("step_1", calls=[])),
        *(DS("step_1", function("", id="call_a", name="look")), DS("step_1", function('{"a": 1}'))),
        *(DS("step_1", function("", 1, id="call_b", name="find")), DS("step_1", function('{"b": 2}', 1))),
        *(RA(*TWO), DONE),
    ],
    "5 two functions at once": [
        *(RC(), SC("step_1", calls=[])),
        DS("step_1", function("", id="call_a", name="look"), function("", 1, id="call_b", name="find")),
        *(RA(call("call_a", "look", ""), call("call_b", "find", "")), DONE),
    ],
    "5 all in the first fragment": asks(),
    "6 submit leg": answers(),
    "7 failed run": [
        *(RC(), SC("step_1"), MC("msg_1"), DM("msg_1", "Hel"), MI("msg_1", "Hel")),
        *(event("thread.run.step.failed", step("step_1", "failed")), RF(), DONE),
    ],
    "8 incomplete message": [
        *(RC(), SC("step_1"), MC("msg_1"), DM("msg_1", "Hel"), MI("msg_1", "Hel")),
        *(SD("step_1"), RI(), DONE),
    ],
}

RECORDED = [*sorted(SHARED.glob("streams/*.sse")), *sorted((ROOT / "tests" / "data").glob("*.sse"))]
FLOWS = {path.stem: path.read_bytes() for path in RECORDED} | {
    f"section {name}".replace(" ", "-"): b"".join(frames) for name, frames in SECTION_2.items()
}
