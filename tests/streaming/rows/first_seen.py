"""Blocks and calls that are first seen in the objects of their messages, steps and runs: A6, A7, A13."""

from __future__ import annotations

from ...frames import DM, DS, MC, MD, RA, SC, SD, call, code_call, event, function, image_block, run
from .row import CALL_A, CALL_AB, COMPLETED, HELLO, LO, MSG, STEP, WAITS, A, Row, piece, row, waits_for

FIRST_SEEN: list[Row] = [
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
]
