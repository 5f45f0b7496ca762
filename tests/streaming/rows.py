"""The callback order and the state rules of the streaming contract, as data.

A row is its name, what the server sends and, beside each frame, exactly the hooks it must call (`on_event` apart,
which comes first for each). `ends` is what `get_final_messages` and `get_final_run_steps` give after it.
The names are those of the contract: its section 2 is ``order_1`` to ``order_8``, its section 3 ``A1`` to ``S11``.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..frames import (
    DM,
    DS,
    MC,
    MD,
    MI,
    RA,
    RC,
    RD,
    RF,
    RI,
    RP,
    RQ,
    RX,
    SC,
    SD,
    Object,
    block,
    call,
    code,
    code_call,
    event,
    function,
    image,
    image_block,
    message,
    refusal,
    run,
    search,
    step,
    text,
    thread,
)

CHANGED = "run_changed(completed)"
WAITS = "run_changed(requires_action) run_requires_action"
FAILED = "run_changed(failed) run_failed"


@dataclass(frozen=True)
class Row:
    name: str
    steps: tuple[tuple[bytes, str], ...]
    ends: tuple[str, ...] | None = None

    @property
    def frames(self) -> list[bytes]:
        return [frame for frame, _ in self.steps]

    @property
    def hooks(self) -> list[str]:
        return [hooks for _, hooks in self.steps]


def row(name: str, *steps: tuple[bytes, str], ends: list[str] | None = None) -> Row:
    return Row(name, steps, None if ends is None else tuple(ends))


def url(address: str, index: int | None = None) -> Object:
    return ({} if index is None else {"index": index}) | {"type": "image_url", "image_url": {"url": address}}


def refused(value: str) -> Object:
    return {"type": "refusal", "refusal": value}


def logs(value: str, index: int | None = None) -> Object:
    return ({} if index is None else {"index": index}) | {"type": "logs", "logs": value}


def piece(index: int, **fields: object) -> Object:
    """A later fragment of a function call that carries only this."""
    return {"index": index, "type": "function", "function": fields}


def mark(index: int | None, start: int, **fields: object) -> Object:
    """An annotation."""
    where = {"start_index": start, "end_index": start + 3, "file_citation": {"file_id": "file_1"}}
    return ({} if index is None else {"index": index}) | {"type": "file_citation", "text": "[1]"} | where | fields


def ends_step(status: str, calls: list[Object] | None = None, id: str = "step_1") -> bytes:
    return event(f"thread.run.step.{status}", step(id, status, calls=calls))


def writes(id: str) -> bytes:
    """The step delta of a step that writes a message."""
    details = {"type": "message_creation", "message_creation": {"message_id": "msg_1"}}
    delta = {"id": id, "object": "thread.run.step.delta", "delta": {"step_details": details}}
    return event("thread.run.step.delta", delta)


def waits_for(*calls: Object) -> Object:
    """What a run in requires_action asks for."""
    return {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": list(calls)}}


def first(id: str, index: int = 0, arguments: str = "") -> Object:
    """The first fragment of a function call."""
    return function(arguments, index, id=id, name="look")


# The openings that most rows share. A tool step and a message, nothing in them yet.
STEP = (SC("step_1", calls=[]), "run_step_created(step_1)")
STEP_2 = (SC("step_2", calls=[]), "run_step_created(step_2)")
MSG = (MC("msg_1"), "message_created(msg_1)")
MSG_2 = (MC("msg_2"), "message_created(msg_2)")
HEL = (DM("msg_1", "Hel"), "text_created('Hel') text_delta('Hel' | 'Hel') message_delta(msg_1)")
LO = (DM("msg_1", "lo"), "text_delta('lo' | 'Hello') message_delta(msg_1)")
HELLO = (MD("msg_1", "Hello"), "text_done('Hello') message_done(msg_1 completed 'Hello')")
A = (DM("msg_1", "A"), "text_created('A') text_delta('A' | 'A') message_delta(msg_1)")
CALL_A = (DS("step_1", first("a")), "tool_call_created(a look '') run_step_delta(step_1)")
CALL_AB = (DS("step_1", first("b", 1)), "tool_call_done(a look '') tool_call_created(b look '') run_step_delta(step_1)")
CREATED = (RC(), "run_changed(queued) run_created")
COMPLETED = (RD(), CHANGED)

ORDER = [
    row(
        "order_1_plain_text",
        CREATED,
        (RQ(), "run_changed(queued)"),
        (RP(), "run_changed(in_progress)"),
        (SC("step_1"), "run_step_created(step_1)"),
        (event("thread.run.step.in_progress", step("step_1")), ""),
        MSG,
        (event("thread.message.in_progress", message("msg_1")), ""),
        HEL,
        LO,
        HELLO,
        (SD("step_1"), "run_step_done(step_1 completed)"),
        COMPLETED,
        ends=["msg_1 completed 'Hello'", "step_1 completed"],
    ),
    row(
        "order_2_two_text_blocks",
        MSG,
        A,
        (
            DM("msg_1", text("B", 1)),
            "text_created('B') text_delta('B' | 'B') text_done('A') message_delta(msg_1)",
        ),
        (MD("msg_1", "A", "B"), "text_done('B') message_done(msg_1 completed 'A' 'B')"),
        COMPLETED,
    ),
    row(
        "order_3_text_then_image",
        MSG,
        A,
        (DM("msg_1", image("file_1", 1)), "text_done('A') message_delta(msg_1)"),
        (MD("msg_1", "A", image_block()), "image_file_done(file_1) message_done(msg_1 completed 'A' file_1)"),
        COMPLETED,
    ),
    row(
        "order_3_image_then_text",
        MSG,
        (DM("msg_1", image("file_1")), "message_delta(msg_1)"),
        (
            DM("msg_1", text("B", 1)),
            "text_created('B') text_delta('B' | 'B') image_file_done(file_1) message_delta(msg_1)",
        ),
        (MD("msg_1", image_block(), "B"), "text_done('B') message_done(msg_1 completed file_1 'B')"),
        COMPLETED,
    ),
    row(
        "order_3_image_and_text_in_one_delta",
        MSG,
        (
            DM("msg_1", image("file_1"), text("", 1, [])),
            "text_created('') text_delta('' | '') image_file_done(file_1) message_delta(msg_1)",
        ),
        (DM("msg_1", text("B", 1)), "text_delta('B' | 'B') message_delta(msg_1)"),
        (MD("msg_1", image_block(), "B"), "text_done('B') message_done(msg_1 completed file_1 'B')"),
        COMPLETED,
    ),
    row(
        "order_4_code_interpreter",
        STEP,
        (DS("step_1", code("", id="a", outputs=[])), "tool_call_created(a '') run_step_delta(step_1)"),
        (DS("step_1", code("1+")), "tool_call_delta('1+' | a '1+') run_step_delta(step_1)"),
        (DS("step_1", code("1")), "tool_call_delta('1' | a '1+1') run_step_delta(step_1)"),
        (
            SD("step_1", calls=[code_call("a", "1+1")]),
            "tool_call_done(a '1+1') run_step_done(step_1 completed)",
        ),
        COMPLETED,
        ends=["step_1 completed; a '1+1'"],
    ),
    row(
        "order_5_two_functions",
        STEP,
        CALL_A,
        (DS("step_1", piece(0, arguments="{")), "tool_call_delta('{' | a look '{') run_step_delta(step_1)"),
        (DS("step_1", piece(0, arguments="}")), "tool_call_delta('}' | a look '{}') run_step_delta(step_1)"),
        (
            DS("step_1", first("b", 1)),
            "tool_call_done(a look '{}') tool_call_created(b look '') run_step_delta(step_1)",
        ),
        (DS("step_1", piece(1, arguments="[]")), "tool_call_delta('[]' | b look '[]') run_step_delta(step_1)"),
        (
            RA(call("a", arguments="{}"), call("b", arguments="[]")),
            f"tool_call_done(b look '[]') {WAITS}",
        ),
        ends=["step_1 in_progress; a look '{}'; b look '[]'"],
    ),
    row(
        "order_5_two_functions_in_one_delta",
        STEP,
        (
            DS("step_1", first("a", 0), first("b", 1)),
            "tool_call_created(a look '') tool_call_done(a look '') tool_call_created(b look '')"
            " run_step_delta(step_1)",
        ),
        (RA(call("a", arguments=""), call("b", arguments="")), f"tool_call_done(b look '') {WAITS}"),
    ),
    row(
        "order_5_first_fragment_with_arguments",
        STEP,
        (
            DS("step_1", first("a", 0, "{}")),
            "tool_call_created(a look '{}') tool_call_delta('{}' | a look '{}') run_step_delta(step_1)",
        ),
        (
            DS("step_1", first("b", 1, "[]")),
            "tool_call_done(a look '{}') tool_call_created(b look '[]') tool_call_delta('[]' | b look '[]')"
            " run_step_delta(step_1)",
        ),
        (RA(call("a", arguments="{}"), call("b", arguments="[]")), f"tool_call_done(b look '[]') {WAITS}"),
    ),
    row(
        "order_6_submit_leg",
        (SD("step_1", calls=[call("a", output="42")]), "run_step_done(step_1 completed)"),
        (RQ(), "run_changed(queued)"),
        (RP(), "run_changed(in_progress)"),
        (SC("step_2"), "run_step_created(step_2)"),
        MSG,
        HEL,
        LO,
        HELLO,
        (SD("step_2"), "run_step_done(step_2 completed)"),
        COMPLETED,
        ends=["msg_1 completed 'Hello'", "step_1 completed; a look '{}' -> '42'", "step_2 completed"],
    ),
    row(
        "order_7_failed_run",
        (SC("step_1"), "run_step_created(step_1)"),
        MSG,
        HEL,
        (ends_step("failed"), "run_step_done(step_1 failed)"),
        (MI("msg_1", "Hel"), "text_done('Hel') message_done(msg_1 incomplete 'Hel')"),
        (RF(), FAILED),
        ends=["msg_1 incomplete 'Hel'", "step_1 failed"],
    ),
    row(
        "order_7_open_call_at_step_failed",
        STEP,
        (
            DS("step_1", code("1+", id="a")),
            "tool_call_created(a '1+') tool_call_delta('1+' | a '1+') run_step_delta(step_1)",
        ),
        (ends_step("failed", []), "tool_call_done(a '1+') run_step_done(step_1 failed)"),
        (RF(), FAILED),
        ends=["step_1 failed"],
    ),
    row(
        "order_7_step_that_ends_after_its_run",
        STEP,
        CALL_A,
        (RF(), f"tool_call_done(a look '') {FAILED}"),
        (ends_step("failed", []), "run_step_done(step_1 failed)"),
        ends=["step_1 failed"],
    ),
    row(
        "order_8_incomplete_message",
        (SC("step_1"), "run_step_created(step_1)"),
        MSG,
        HEL,
        (MI("msg_1", "Hel"), "text_done('Hel') message_done(msg_1 incomplete 'Hel')"),
        (SD("step_1"), "run_step_done(step_1 completed)"),
        (RI(), "run_changed(incomplete)"),
        ends=["msg_1 incomplete 'Hel'", "step_1 completed"],
    ),
    *(
        row(
            f"order_also_step_{status}",
            (SC("step_1"), "run_step_created(step_1)"),
            (ends_step(status), f"run_step_done(step_1 {status})"),
            (RX(), "run_changed(cancelled)"),
        )
        for status in ("cancelled", "expired")
    ),
    row(
        "order_also_message_creation_delta",
        (SC("step_1"), "run_step_created(step_1)"),
        (writes("step_1"), "run_step_delta(step_1)"),
        (SD("step_1"), "run_step_done(step_1 completed)"),
    ),
    row(
        "order_also_annotation_only_delta",
        MSG,
        HEL,
        (DM("msg_1", text(None, 0, [mark(0, 1)])), "text_delta(None | 'Hel') message_delta(msg_1)"),
        (MD("msg_1", block("Hel", [mark(None, 1)])), "text_done('Hel') message_done(msg_1 completed 'Hel')"),
    ),
    row(
        "order_also_outputs_in_the_first_fragment",
        STEP,
        (
            DS("step_1", code("", id="a", outputs=[logs("2", 0)])),
            "tool_call_created(a '' -> '2') tool_call_delta('' '2' | a '' -> '2') run_step_delta(step_1)",
        ),
        (
            SD("step_1", calls=[code_call("a", "", [logs("2")])]),
            "tool_call_done(a '' -> '2') run_step_done(step_1 completed)",
        ),
    ),
    row(
        "order_also_nothing_but_on_event",
        (event("thread.created", thread()), "thread_created(thread_1)"),
        CREATED,
        (event("thread.run.cancelling", run("cancelling")), "run_changed(cancelling)"),
        (event("thread.run.expired", run("expired")), "run_changed(expired)"),
    ),
    row(
        "order_also_deltas_without_content",
        MSG,
        (event("thread.message.delta", {"id": "msg_1", "delta": {}}), "message_delta(msg_1)"),
        (event("thread.message.delta", {"id": "msg_1", "delta": {"content": None}}), "message_delta(msg_1)"),
        STEP,
        (event("thread.run.step.delta", {"id": "step_1", "delta": {}}), "run_step_delta(step_1)"),
        (
            event("thread.run.step.delta", {"id": "step_1", "delta": {"step_details": {"type": "tool_calls"}}}),
            "run_step_delta(step_1)",
        ),
    ),
    row(
        "order_also_refusal",
        MSG,
        (DM("msg_1", refusal("No")), "refusal_delta('No' | 'No') message_delta(msg_1)"),
        (DM("msg_1", refusal("!")), "refusal_delta('!' | 'No!') message_delta(msg_1)"),
        (MD("msg_1", refused("No!")), "refusal_done('No!') message_done(msg_1 completed no 'No!')"),
    ),
    row(
        "order_also_image_url",
        MSG,
        (DM("msg_1", url("http://x/1.png", 0)), "message_delta(msg_1)"),
        (
            MD("msg_1", url("http://x/1.png")),
            "image_url_done(http://x/1.png) message_done(msg_1 completed http://x/1.png)",
        ),
    ),
]

STATE = [
    row(
        "A1_done_once_at_the_step's_end",
        STEP,
        (DS("step_1", code("", id="a")), "tool_call_created(a '') run_step_delta(step_1)"),
        (SD("step_1", calls=[code_call("a", "")]), "tool_call_done(a '') run_step_done(step_1 completed)"),
        COMPLETED,
    ),
    row(
        "A1_done_once_at_requires_action",
        STEP,
        CALL_A,
        (RA(call("a", arguments="")), f"tool_call_done(a look '') {WAITS}"),
    ),
    row(
        "A1_done_once_at_the_run's_end",
        STEP,
        CALL_A,
        (RD(), f"tool_call_done(a look '') {CHANGED}"),
    ),
    row(
        "A1_done_at_requires_action_that_does_not_say_of_which",
        STEP,
        CALL_A,
        (event("thread.run.requires_action", run("requires_action")), f"tool_call_done(a look '') {WAITS}"),
    ),
    row(
        "A2_the_first_call_of_a_second_step",
        STEP,
        CALL_A,
        (SD("step_1", calls=[call("a")]), "tool_call_done(a look '{}') run_step_done(step_1 completed)"),
        STEP_2,
        (DS("step_2", first("b")), "tool_call_created(b look '') run_step_delta(step_2)"),
        (SD("step_2", calls=[call("b")]), "tool_call_done(b look '{}') run_step_done(step_2 completed)"),
        COMPLETED,
    ),
    row(
        "A3_nothing_for_a_finished_step",
        STEP,
        CALL_A,
        CALL_AB,
        (SD("step_1", calls=[call("a"), call("b")]), "tool_call_done(b look '{}') run_step_done(step_1 completed)"),
        STEP_2,
        (DS("step_2", first("c")), "tool_call_created(c look '') run_step_delta(step_2)"),
        (DS("step_1", piece(1, arguments="late")), ""),
        (SD("step_2", calls=[call("c")]), "tool_call_done(c look '{}') run_step_done(step_2 completed)"),
        COMPLETED,
        ends=["step_1 completed; a look '{}'; b look '{}'", "step_2 completed; c look '{}'"],
    ),
    row(
        "A4_nothing_for_a_finished_message",
        MSG,
        A,
        (DM("msg_1", image("file_1", 1)), "text_done('A') message_delta(msg_1)"),
        (MD("msg_1", "A", image_block()), "image_file_done(file_1) message_done(msg_1 completed 'A' file_1)"),
        MSG_2,
        (DM("msg_2", "C"), "text_created('C') text_delta('C' | 'C') message_delta(msg_2)"),
        (MD("msg_2", "C"), "text_done('C') message_done(msg_2 completed 'C')"),
        COMPLETED,
    ),
    row(
        "A4_created_after_completed",
        (MD("msg_1", "A"), "text_created('A') text_done('A') message_done(msg_1 completed 'A')"),
        (MC("msg_1", "A"), ""),
    ),
    row(
        "A5_completed_with_another_kind_of_block",
        MSG,
        HEL,
        (MD("msg_1", image_block()), "text_done('Hel') image_file_done(file_1) message_done(msg_1 completed file_1)"),
    ),
    row(
        "A5_incomplete_without_its_content",
        MSG,
        HEL,
        (MI("msg_1"), "text_done('Hel') message_done(msg_1 incomplete)"),
        (RI(), "run_changed(incomplete)"),
        ends=["msg_1 incomplete"],
    ),
    row(
        "A6_whole_blocks_in_created",
        (
            MC("msg_1", "A", image_block()),
            "message_created(msg_1) text_created('A') text_done('A') image_file_done(file_1)",
        ),
        (MD("msg_1", "A", image_block()), "message_done(msg_1 completed 'A' file_1)"),
        COMPLETED,
    ),
    row(
        "A6_whole_block_in_created_that_grows",
        (MC("msg_1", "Hel"), "message_created(msg_1) text_created('Hel') text_done('Hel')"),
        (DM("msg_1", "lo"), "text_delta('lo' | 'Hello') message_delta(msg_1)"),
        (MD("msg_1", "Hello"), "message_done(msg_1 completed 'Hello')"),
    ),
    row(
        "A6_empty_block_in_created",
        (MC("msg_1", ""), "message_created(msg_1) text_created('')"),
        (DM("msg_1", "Hel"), "text_delta('Hel' | 'Hel') message_delta(msg_1)"),
        LO,
        HELLO,
    ),
    row(
        "A6_blocks_first_seen_in_completed",
        MSG,
        (
            MD("msg_1", "A", image_block(), "B"),
            "text_created('A') text_done('A') image_file_done(file_1) text_created('B') text_done('B')"
            " message_done(msg_1 completed 'A' file_1 'B')",
        ),
        COMPLETED,
    ),
    row(
        "A6_second_block_first_seen_in_completed",
        MSG,
        A,
        (
            MD("msg_1", "A", "B"),
            "text_done('A') text_created('B') text_done('B') message_done(msg_1 completed 'A' 'B')",
        ),
    ),
    row(
        "A6_message_first_seen_in_completed",
        (MD("msg_1", "A"), "text_created('A') text_done('A') message_done(msg_1 completed 'A')"),
        ends=["msg_1 completed 'A'"],
    ),
    row(
        "A7_whole_calls_in_created",
        (
            SC("step_1", calls=[code_call("a", "1+1"), call("b")]),
            "run_step_created(step_1) tool_call_created(a '1+1') tool_call_done(a '1+1')"
            " tool_call_created(b look '{}') tool_call_done(b look '{}')",
        ),
        (SD("step_1", calls=[code_call("a", "1+1"), call("b")]), "run_step_done(step_1 completed)"),
        COMPLETED,
    ),
    row(
        "A7_empty_call_in_created",
        (SC("step_1", calls=[call("a", arguments="")]), "run_step_created(step_1) tool_call_created(a look '')"),
        (DS("step_1", piece(0, arguments="{}")), "tool_call_delta('{}' | a look '{}') run_step_delta(step_1)"),
        (RA(call("a")), f"tool_call_done(a look '{{}}') {WAITS}"),
    ),
    row(
        "A7_calls_first_seen_in_completed",
        STEP,
        (
            SD("step_1", calls=[code_call("a", "1+1")]),
            "tool_call_created(a '1+1') tool_call_done(a '1+1') run_step_done(step_1 completed)",
        ),
        COMPLETED,
    ),
    row(
        "A7_step_not_created_in_this_leg",
        (SD("step_1", calls=[code_call("a", "1+1")]), "run_step_done(step_1 completed)"),
        COMPLETED,
    ),
    row(
        "A13_call_first_seen_at_requires_action",
        STEP,
        (RA(call("a")), f"tool_call_created(a look '{{}}') tool_call_done(a look '{{}}') {WAITS}"),
        ends=["step_1 in_progress; a look '{}'"],
    ),
    row(
        "A13_second_call_first_seen_at_requires_action",
        STEP,
        CALL_A,
        (
            RA(call("a"), call("b")),
            f"tool_call_done(a look '{{}}') tool_call_created(b look '{{}}') tool_call_done(b look '{{}}') {WAITS}",
        ),
        ends=["step_1 in_progress; a look '{}'; b look '{}'"],
    ),
    row(
        "A13_call_of_a_step_that_was_not_seen",
        (RA(call("a")), f"tool_call_created(a look '{{}}') tool_call_done(a look '{{}}') {WAITS}"),
    ),
    row(
        "A13_name_first_seen_at_requires_action",
        STEP,
        (DS("step_1", function("", id="a")), "tool_call_created(a  '') run_step_delta(step_1)"),
        (RA(call("a")), f"tool_call_done(a look '{{}}') {WAITS}"),
    ),
    row(
        "A13_calls_matched_by_id",
        STEP,
        CALL_A,
        CALL_AB,
        (RA(call("b", arguments="[]"), call("a")), f"tool_call_done(b look '[]') {WAITS}"),
        ends=["step_1 in_progress; a look '{}'; b look '[]'"],
    ),
    row(
        "A13_unknown_id_belongs_to_the_open_tool_step",
        STEP,
        (SC("step_2"), "run_step_created(step_2)"),
        (RA(call("a")), f"tool_call_created(a look '{{}}') tool_call_done(a look '{{}}') {WAITS}"),
        ends=["step_1 in_progress; a look '{}'", "step_2 in_progress"],
    ),
    row(
        "A13_awaited_twice_without_a_step",
        (RA(call("a")), f"tool_call_created(a look '{{}}') tool_call_done(a look '{{}}') {WAITS}"),
        (RA(call("a")), WAITS),
    ),
    row(
        "A13_listed_twice",
        STEP,
        (RA(call("a"), call("a")), f"tool_call_created(a look '{{}}') tool_call_done(a look '{{}}') {WAITS}"),
        ends=["step_1 in_progress; a look '{}'"],
    ),
    row(
        "A13_calls_that_get_their_id_at_requires_action",
        STEP,
        (
            DS("step_1", {"index": 0, "type": "function", "function": {"name": "look", "arguments": "{}"}}),
            "tool_call_created( look '{}') tool_call_delta('{}' |  look '{}') run_step_delta(step_1)",
        ),
        (RA(call("a")), f"tool_call_done(a look '{{}}') {WAITS}"),
        ends=["step_1 in_progress; a look '{}'"],
    ),
    row(
        "E2b_awaited_calls_of_unknown_types",
        STEP,
        CALL_A,
        (
            event(
                "thread.run.requires_action",
                run(
                    "requires_action",
                    required_action=waits_for({"id": "a", "type": "mcp"}, {"id": "b", "type": "mcp"}, {"id": "c"}),
                ),
            ),
            "tool_call_done(a look '') tool_call_created(b ?mcp) tool_call_done(b ?mcp)"
            f" tool_call_created(c ?) tool_call_done(c ?) {WAITS}",
        ),
    ),
    row(
        "A8_interleaved_calls",
        STEP,
        CALL_A,
        CALL_AB,
        (
            DS("step_1", piece(0, arguments="{}")),
            "tool_call_done(b look '') tool_call_delta('{}' | a look '{}') run_step_delta(step_1)",
        ),
        (DS("step_1", piece(1, arguments="[]")), "tool_call_delta('[]' | b look '[]') run_step_delta(step_1)"),
        (RA(call("a"), call("b", arguments="[]")), WAITS),
        ends=["step_1 in_progress; a look '{}'; b look '[]'"],
    ),
    row(
        "A8_interleaved_blocks",
        MSG,
        A,
        (DM("msg_1", text("B", 1)), "text_created('B') text_delta('B' | 'B') text_done('A') message_delta(msg_1)"),
        (DM("msg_1", text("a", 0)), "text_delta('a' | 'Aa') text_done('B') message_delta(msg_1)"),
        (DM("msg_1", text("b", 1)), "text_delta('b' | 'Bb') message_delta(msg_1)"),
        (MD("msg_1", "Aa", "Bb"), "message_done(msg_1 completed 'Aa' 'Bb')"),
        COMPLETED,
    ),
    row(
        "A9_routed_by_id",
        MSG,
        MSG_2,
        HEL,
        (DM("msg_2", "Yes"), "text_created('Yes') text_delta('Yes' | 'Yes') message_delta(msg_2)"),
        LO,
        HELLO,
        (MD("msg_2", "Yes"), "text_done('Yes') message_done(msg_2 completed 'Yes')"),
        ends=["msg_1 completed 'Hello'", "msg_2 completed 'Yes'"],
    ),
    row(
        "A9_steps_routed_by_id",
        STEP,
        STEP_2,
        CALL_A,
        (DS("step_2", first("b")), "tool_call_created(b look '') run_step_delta(step_2)"),
        (DS("step_1", piece(0, arguments="{}")), "tool_call_delta('{}' | a look '{}') run_step_delta(step_1)"),
        (SD("step_1", calls=[call("a")]), "tool_call_done(a look '{}') run_step_done(step_1 completed)"),
        (SD("step_2", calls=[call("b")]), "tool_call_done(b look '{}') run_step_done(step_2 completed)"),
    ),
    row(
        "A10_delta_after_completed",
        MSG,
        HEL,
        (MD("msg_1", "Hel"), "text_done('Hel') message_done(msg_1 completed 'Hel')"),
        (DM("msg_1", "lo"), ""),
        (DM("msg_1", text("more", 1)), ""),
        COMPLETED,
        ends=["msg_1 completed 'Hel'"],
    ),
    row(
        "A11_message_open_at_the_run's_end",
        MSG,
        HEL,
        (RF(), f"text_done('Hel') message_done(msg_1 in_progress 'Hel') {FAILED}"),
        ends=["msg_1 in_progress 'Hel'"],
    ),
    row(
        "A11_the_end_of_a_message_after_the_run's_end",
        MSG,
        HEL,
        (RF(), f"text_done('Hel') message_done(msg_1 in_progress 'Hel') {FAILED}"),
        (DM("msg_1", "ignored"), ""),
        (MI("msg_1", "Hell"), ""),
        ends=["msg_1 incomplete 'Hell'"],
    ),
    row(
        "A11_call_open_at_the_run's_end",
        STEP,
        CALL_A,
        (RX(), "tool_call_done(a look '') run_changed(cancelled)"),
        ends=["step_1 in_progress; a look ''"],
    ),
    row(
        "A11_message_without_a_block_at_the_run's_end",
        MSG,
        (RF(), f"message_done(msg_1 in_progress) {FAILED}"),
    ),
    row(
        "A15_two_entries_for_one_block",
        MSG,
        (
            DM("msg_1", "Hel", "lo"),
            "text_created('Hel') text_delta('Hel' | 'Hel') text_delta('lo' | 'Hello') message_delta(msg_1)",
        ),
        HELLO,
    ),
    row(
        "A15_two_entries_for_one_call",
        STEP,
        CALL_A,
        (
            DS("step_1", piece(0, arguments="{"), piece(0, arguments="}")),
            "tool_call_delta('{' | a look '{') tool_call_delta('}' | a look '{}') run_step_delta(step_1)",
        ),
        (RA(call("a")), f"tool_call_done(a look '{{}}') {WAITS}"),
    ),
    row(
        "A16_outputs_of_the_completed_step",
        STEP,
        (
            DS("step_1", code("1+1", id="a")),
            "tool_call_created(a '1+1') tool_call_delta('1+1' | a '1+1') run_step_delta(step_1)",
        ),
        (
            SD("step_1", calls=[code_call("a", "1+1", [logs("2")])]),
            "tool_call_done(a '1+1' -> '2') run_step_done(step_1 completed)",
        ),
    ),
    row(
        "A16_calls_listed_in_another_order",
        STEP,
        CALL_A,
        CALL_AB,
        (
            SD("step_1", calls=[call("b", output="2"), call("a", output="1")]),
            "tool_call_done(b look '{}' -> '2') run_step_done(step_1 completed)",
        ),
    ),
    row(
        "A16_a_call_left_out_of_the_completed_step",
        STEP,
        CALL_A,
        CALL_AB,
        (
            SD("step_1", calls=[call("b", output="2")]),
            "tool_call_done(b look '{}' -> '2') run_step_done(step_1 completed)",
        ),
    ),
    row(
        "A16_output_of_a_function",
        STEP,
        CALL_A,
        (
            SD("step_1", calls=[call("a", output="42")]),
            "tool_call_done(a look '{}' -> '42') run_step_done(step_1 completed)",
        ),
    ),
    row(
        "A16_results_of_a_search",
        STEP,
        (DS("step_1", search(id="a")), "tool_call_created(a) run_step_delta(step_1)"),
        (
            SD(
                "step_1",
                calls=[search(id="a") | {"file_search": {"results": [{"file_id": "f", "file_name": "n", "score": 1}]}}],
            ),
            "tool_call_done(a -> f) run_step_done(step_1 completed)",
        ),
    ),
    row(
        "S1_terminal_objects_replace",
        STEP,
        CALL_A,
        (SD("step_1", calls=[call("a")]), "tool_call_done(a look '{}') run_step_done(step_1 completed)"),
        MSG,
        HEL,
        (MD("msg_1", "Howdy"), "text_done('Howdy') message_done(msg_1 completed 'Howdy')"),
        ends=["msg_1 completed 'Howdy'", "step_1 completed; a look '{}'"],
    ),
    row(
        "S2_step_of_a_submit_leg",
        (SD("step_1", calls=[call("a", output="42")]), "run_step_done(step_1 completed)"),
        ends=["step_1 completed; a look '{}' -> '42'"],
    ),
    row(
        "S3_delta_for_an_unknown_step",
        (
            DS("step_1", code("1", id="a")),
            "tool_call_created(a '1') tool_call_delta('1' | a '1') run_step_delta(step_1)",
        ),
        (SD("step_1", calls=[code_call("a", "1")]), "tool_call_done(a '1') run_step_done(step_1 completed)"),
        ends=["step_1 completed; a '1'"],
    ),
    row(
        "S3_message_creation_delta_for_an_unknown_step",
        (writes("step_1"), "run_step_delta(step_1)"),
        (SD("step_1"), "run_step_done(step_1 completed)"),
    ),
    row(
        "S3_delta_before_its_step_is_created",
        (
            DS("step_1", code("1", id="a")),
            "tool_call_created(a '1') tool_call_delta('1' | a '1') run_step_delta(step_1)",
        ),
        STEP,
        (DS("step_1", code("+1")), "tool_call_delta('+1' | a '1+1') run_step_delta(step_1)"),
        (
            SD("step_1", calls=[code_call("a", "1+1"), call("b")]),
            "tool_call_done(a '1+1') tool_call_created(b look '{}') tool_call_done(b look '{}')"
            " run_step_done(step_1 completed)",
        ),
    ),
    row(
        "S3_in_progress_before_its_step_is_created",
        (event("thread.run.step.in_progress", step("step_1", calls=[])), ""),
        STEP,
        CALL_A,
        (DS("step_1", piece(0, arguments="{}")), "tool_call_delta('{}' | a look '{}') run_step_delta(step_1)"),
        (RF(), f"tool_call_done(a look '{{}}') {FAILED}"),
        ends=["step_1 in_progress; a look '{}'"],
    ),
    row(
        "S4_delta_before_its_message_is_created",
        HEL,
        MSG,
        LO,
        (RF(), f"text_done('Hello') message_done(msg_1 in_progress 'Hello') {FAILED}"),
        ends=["msg_1 in_progress 'Hello'"],
    ),
    row(
        "S4_in_progress_before_its_message_is_created",
        (event("thread.message.in_progress", message("msg_1")), ""),
        MSG,
        HEL,
        LO,
        (RF(), f"text_done('Hello') message_done(msg_1 in_progress 'Hello') {FAILED}"),
        ends=["msg_1 in_progress 'Hello'"],
    ),
    row("S4_delta_for_an_unknown_message", HEL, LO, HELLO, ends=["msg_1 completed 'Hello'"]),
    row(
        "S5_first_block_has_index_1",
        MSG,
        (DM("msg_1", text("B", 1)), "text_created('B') text_delta('B' | 'B') message_delta(msg_1)"),
        (DM("msg_1", text("b", 1)), "text_delta('b' | 'Bb') message_delta(msg_1)"),
        (MD("msg_1", "Bb"), "text_done('Bb') message_done(msg_1 completed 'Bb')"),
    ),
    row(
        "S5_blocks_listed_in_the_order_of_their_index",
        MSG,
        (DM("msg_1", text("C", 7)), "text_created('C') text_delta('C' | 'C') message_delta(msg_1)"),
        (DM("msg_1", text("A", 2)), "text_created('A') text_delta('A' | 'A') text_done('C') message_delta(msg_1)"),
        (DM("msg_1", text("c", 7)), "text_delta('c' | 'Cc') text_done('A') message_delta(msg_1)"),
        (RF(), f"message_done(msg_1 in_progress 'A' 'Cc') {FAILED}"),
        ends=["msg_1 in_progress 'A' 'Cc'"],
    ),
    row(
        "S5_first_call_has_index_1",
        STEP,
        (DS("step_1", first("b", 1)), "tool_call_created(b look '') run_step_delta(step_1)"),
        (DS("step_1", piece(1, arguments="[]")), "tool_call_delta('[]' | b look '[]') run_step_delta(step_1)"),
        (
            DS("step_1", first("a", 0)),
            "tool_call_done(b look '[]') tool_call_created(a look '') run_step_delta(step_1)",
        ),
        (RA(call("a", arguments=""), call("b", arguments="[]")), f"tool_call_done(a look '') {WAITS}"),
        ends=["step_1 in_progress; a look ''; b look '[]'"],
    ),
    row(
        "S7_identity_is_set_not_joined",
        STEP,
        (
            DS("step_1", first("a", 0, "{")),
            "tool_call_created(a look '{') tool_call_delta('{' | a look '{') run_step_delta(step_1)",
        ),
        (
            DS("step_1", first("a", 0, "}")),
            "tool_call_delta('}' | a look '{}') run_step_delta(step_1)",
        ),
        (RA(call("a")), f"tool_call_done(a look '{{}}') {WAITS}"),
        ends=["step_1 in_progress; a look '{}'"],
    ),
    row(
        "S7_identity_repeated_empty",
        STEP,
        CALL_A,
        (
            DS("step_1", function("{}", 0, id="", name="")),
            "tool_call_delta('{}' | a look '{}') run_step_delta(step_1)",
        ),
        (RA(call("a")), f"tool_call_done(a look '{{}}') {WAITS}"),
        ends=["step_1 in_progress; a look '{}'"],
    ),
    row(
        "S7_fragments_that_leave_out_their_type",
        STEP,
        CALL_A,
        (
            DS("step_1", {"index": 0, "function": {"arguments": "{}"}}),
            "tool_call_delta('{}' | a look '{}') run_step_delta(step_1)",
        ),
        MSG,
        HEL,
        (DM("msg_1", {"index": 0, "text": {"value": "lo"}}), "text_delta('lo' | 'Hello') message_delta(msg_1)"),
    ),
    row("created_twice", MSG, (MC("msg_1"), ""), HEL, (MC("msg_1"), ""), STEP, (SC("step_1", calls=[]), ""), LO, HELLO),
    row(
        "S11_first_fragment_without_value",
        MSG,
        (DM("msg_1", text(None)), "text_created('') text_delta(None | '') message_delta(msg_1)"),
        (DM("msg_1", "Hello"), "text_delta('Hello' | 'Hello') message_delta(msg_1)"),
        HELLO,
    ),
    row(
        "E2b_later_fragments_without_their_type",
        MSG,
        HEL,
        (DM("msg_1", {"index": 0, "text": {"value": "lo"}}), LO[1]),
        STEP,
        CALL_A,
        (
            DS("step_1", {"index": 0, "function": {"arguments": "{}"}}),
            "tool_call_delta('{}' | a look '{}') run_step_delta(step_1)",
        ),
    ),
    row(
        "E23_the_object's_status_counts",
        MSG,
        HEL,
        (
            event("thread.message.completed", message("msg_1", "incomplete", "Hel")),
            "text_done('Hel') message_done(msg_1 incomplete 'Hel')",
        ),
        (event("thread.run.completed", run("failed")), FAILED),
    ),
    row(
        "E23_a_status_that_does_not_end",
        MSG,
        HEL,
        (event("thread.run.completed", run("in_progress")), "run_changed(in_progress)"),
        LO,
        HELLO,
        COMPLETED,
    ),
]

ROWS = [*ORDER, *STATE]
