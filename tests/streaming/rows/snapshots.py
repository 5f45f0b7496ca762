"""What objects become, and which hook shows what of them: A15, A16, S1 to S11."""

from __future__ import annotations

from ...frames import DM, DS, MD, RA, RF, SD, call, code, code_call, event, function, message, run, search, step, text
from .row import (
    CALL_A,
    CALL_AB,
    COMPLETED,
    FAILED,
    HEL,
    HELLO,
    LO,
    MSG,
    STEP,
    WAITS,
    Row,
    first,
    logs,
    piece,
    row,
    writes,
)

SNAPSHOTS: list[Row] = [
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
