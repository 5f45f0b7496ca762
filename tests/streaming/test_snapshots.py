from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from assistream.errors import StreamProtocolError
from assistream.handlers import AssistantEventHandler
from assistream.streaming.dispatch import Hooks, fire
from assistream.streaming.parts import MAX_GAP
from assistream.streaming.snapshots import StreamState
from assistream.types import (
    AssistantStreamEvent,
    BaseModel,
    Message,
    MessageDelta,
    Run,
    RunStep,
    RunStepDelta,
    TextContentBlock,
    TextDelta,
    Thread,
    ToolCallsStepDetails,
)

from ..frames import (
    DM,
    DS,
    MC,
    MD,
    MI,
    RA,
    RC,
    RD,
    SC,
    SD,
    Object,
    block,
    call,
    code,
    code_call,
    event,
    function,
    image_block,
    message,
    search,
    step,
    text,
)
from .rows import STATE, Row
from .rows.row import CALL_A, HEL, LO, MSG, STEP, first, logs, mark, piece
from .traces import parsed, play


@pytest.mark.parametrize("row", STATE, ids=lambda row: row.name)
def test_state(row: Row) -> None:
    trace, state = play(row.frames)
    assert trace.text == row.hooks
    if row.ends is not None:
        assert state.ends == list(row.ends)


def test_changing_ids_disturbs_nothing() -> None:
    class Renames(AssistantEventHandler):
        def on_run_step_delta(self, delta: RunStepDelta, snapshot: RunStep) -> None:
            snapshot.id = "mine"

        def on_message_delta(self, delta: MessageDelta, snapshot: Message) -> None:
            snapshot.id = "mine"

    state = StreamState()
    for each in parsed(
        [SC("step_1", calls=[]), DS("step_1", first("a")), MC(), DM("msg_1", "Hel"), SD("step_1"), MD()]
    ):
        list(fire(Hooks([Renames()]), each, state))
    assert (state.steps["step_1"].model.id, state.messages["msg_1"].model.status) == ("step_1", "completed")


def said(*frames: bytes) -> Message:
    """The message msg_1 after these frames."""
    return play(frames)[1].messages["msg_1"].model


def taken(*frames: bytes) -> RunStep:
    """The step step_1 after these frames."""
    return play(frames)[1].steps["step_1"].model


def content(*frames: bytes) -> list[Any]:
    return cast("list[Any]", said(*frames).model_dump()["content"])


def calls(*frames: bytes) -> list[Any]:
    return cast("list[Any]", taken(*frames).model_dump()["step_details"]["tool_calls"])


def test_s1_the_terminal_objects_are_whole() -> None:
    usage = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
    ended = taken(SC("step_1"), SD("step_1", usage=usage, completed_at=9))
    assert (ended.status, ended.completed_at) == ("completed", 9)
    assert ended.usage
    assert ended.usage.total_tokens == 3
    message = said(MC("msg_1"), HEL[0], MI("msg_1", "Hel"))
    assert (message.status, message.incomplete_details and message.incomplete_details.reason) == (
        "incomplete",
        "max_tokens",
    )


def test_s1_the_last_run_object_is_the_run() -> None:
    _, state = play([RC(), RD()])
    assert state.run
    assert (state.run.status, state.run.usage and state.run.usage.total_tokens) == ("completed", 3)


def test_s3_an_empty_snapshot_knows_whose_it_is() -> None:
    message = said(RC(), HEL[0])
    assert (message.thread_id, message.run_id, message.role, message.status) == (
        "thread_1",
        "run_1",
        "assistant",
        "in_progress",
    )
    step = taken(RC(), DS("step_1", code("1", id="a")))
    assert (step.thread_id, step.run_id, step.status, step.type) == ("thread_1", "run_1", "in_progress", "tool_calls")


def test_s3_s4_a_delta_alone_in_its_stream() -> None:
    assert said(HEL[0]).content
    assert calls(DS("step_1", code("1", id="a")))[0]["id"] == "a"


def test_s5_sparse_outputs_and_annotations_are_listed_in_order() -> None:
    outputs = calls(
        DS("step_1", code("", id="a", outputs=[logs("C", 5)])), DS("step_1", code("", outputs=[logs("A", 2)]))
    )[0]["code_interpreter"]["outputs"]
    assert [output["logs"] for output in outputs] == ["A", "C"]
    annotations = content(
        DM("msg_1", text("x", 0, [mark(3, 30)])), DM("msg_1", text(None, 0, [mark(1, 10), mark(3, 31)]))
    )[0]["text"]["annotations"]
    assert [annotation["start_index"] for annotation in annotations] == [10, 31]


def test_s7_identity_is_set_never_joined() -> None:
    (made,) = calls(*[DS("step_1", function("ab", id="call_a", name="look"))] * 2)
    assert (made["id"], made["type"], made["function"]["name"]) == ("call_a", "function", "look")
    assert made["function"]["arguments"] == "abab"


def test_s7_ranker_is_set_never_joined() -> None:
    options = {"ranking_options": {"ranker": "auto", "score_threshold": 0.5}}
    (found,) = calls(*[DS("step_1", search(id="a") | {"file_search": options})] * 2)
    assert found["file_search"]["ranking_options"] == {"ranker": "auto", "score_threshold": 0.5}


def test_s7_unknown_fields_of_a_delta_are_kept_and_never_joined() -> None:
    (made,) = calls(*[DS("step_1", first("a") | {"mood": "good"})] * 2)
    assert made["mood"] == "good"


def test_logs_are_joined() -> None:
    deltas = [DS("step_1", code("", id="a", outputs=[logs("1", 0)])), DS("step_1", code("", outputs=[logs("2", 0)]))]
    assert calls(*deltas)[0]["code_interpreter"]["outputs"][0]["logs"] == "12"


def test_s8_an_annotation_sent_twice_replaces_its_numbers() -> None:
    (only,) = content(*[DM("msg_1", text("a", 0, [mark(0, 7)]))] * 2)[0]["text"]["annotations"]
    assert (only["start_index"], only["end_index"], only["text"]) == (7, 10, "[1]")
    assert only["file_citation"]["file_id"] == "file_1"


def test_s8_a_later_fragment_completes_an_annotation() -> None:
    later = {"index": 0, "type": "file_citation", "end_index": 99}
    (only,) = content(DM("msg_1", text("a", 0, [mark(0, 7)])), DM("msg_1", text("b", 0, [later])))[0]["text"][
        "annotations"
    ]
    assert (only["start_index"], only["end_index"]) == (7, 99)


def test_s9_an_annotation_without_index_is_appended() -> None:
    marks = content(
        DM("msg_1", text("a", 0, [mark(None, 1), mark(None, 5)])), DM("msg_1", text("b", 0, [mark(None, 9)]))
    )
    assert [annotation["start_index"] for annotation in marks[0]["text"]["annotations"]] == [1, 5, 9]


def test_s9_an_output_without_index_is_appended() -> None:
    deltas = [DS("step_1", code("", id="a", outputs=[logs("1")])), DS("step_1", code("", outputs=[logs("2")]))]
    assert [output["logs"] for output in calls(*deltas)[0]["code_interpreter"]["outputs"]] == ["1", "2"]


def test_s11_a_first_fragment_may_be_bare() -> None:
    assert content(DM("msg_1", {"index": 0, "type": "text"}))[0]["text"] == {"value": "", "annotations": []}
    assert content(DM("msg_1", text(None)))[0]["text"] == {"value": "", "annotations": []}
    (made,) = calls(DS("step_1", {"index": 0, "id": "a", "type": "function"}))
    assert (made["function"]["arguments"], made["function"]["name"]) == ("", "")
    (made,) = calls(DS("step_1", {"index": 0, "id": "a", "type": "code_interpreter", "code_interpreter": {}}))
    assert (made["code_interpreter"]["input"], made["code_interpreter"]["outputs"]) == ("", [])


def test_a13_a_call_taken_over_from_requires_action_is_an_ordinary_one() -> None:
    _, by_delta = play([STEP[0], DS("step_1", first("a", 0, "{}")), RA(call("a"))])
    _, by_action = play([STEP[0], RA(call("a"))])
    assert by_action.steps["step_1"].model == by_delta.steps["step_1"].model


def test_a13_the_arguments_of_requires_action_are_what_counts() -> None:
    (made,) = calls(STEP[0], DS("step_1", first("a", 0, '{"x')), RA(call("a", arguments='{"x": 1}')))
    assert made["function"]["arguments"] == '{"x": 1}'


def test_a13_a_server_that_uses_ids_of_calls_again_means_the_latest_step() -> None:
    first_leg = [SC("step_1", calls=[]), DS("step_1", first("a")), RA(call("a")), SD("step_1", calls=[call("a")])]
    second_leg = [SC("step_2", calls=[]), DS("step_2", first("a", 0, '{"x')), RA(call("a", arguments='{"x": 1}'))]
    _, state = play([*first_leg, *second_leg])
    made = [[part.model for part in step.calls] for step in state.steps.values()]
    assert [model.function.arguments for (model,) in made if model.type == "function"] == ["{}", '{"x": 1}']


def test_open_steps_are_those_that_are_not_finished() -> None:
    _, state = play([DS("step_1", first("a")), SC("step_2", calls=[]), SC("step_3", calls=[]), SD("step_2", calls=[])])
    assert state.open_steps == [state.steps["step_1"], state.steps["step_3"]]
    _, state = play([SC("step_1"), SD("step_1")])
    assert state.open_steps == []


def test_a_step_whose_creation_is_late_is_open_once() -> None:
    _, state = play([DS("step_1"), SC("step_1", calls=[])])
    assert state.open_steps == [state.steps["step_1"]]


def test_a16_the_call_that_is_done_is_the_completed_steps_own() -> None:
    done: list[object] = []

    class Handler(AssistantEventHandler):
        def on_tool_call_done(self, tool_call: object) -> None:
            done.append(tool_call)

    _, state = play([STEP[0], CALL_A[0], SD("step_1", calls=[call("a", output="42")])], Handler())
    details = state.steps["step_1"].model.step_details
    assert isinstance(details, ToolCallsStepDetails)
    assert done[0] is details.tool_calls[0]


# --- the bound on indices


HOSTILE = [4_294_967_294, MAX_GAP + 1, 2**70, -1, -(2**31)]


PLACES: dict[str, Callable[[int], bytes]] = {
    "block": lambda index: DM("msg_1", text("x", index)),
    "annotation": lambda index: DM("msg_1", text("x", 0, [mark(index, 1)])),
    "call": lambda index: DS("step_1", function("x", index, id="a", name="look")),
    "output": lambda index: DS("step_1", code("", id="a", outputs=[logs("x", index)])),
}


@pytest.mark.parametrize("index", HOSTILE)
@pytest.mark.parametrize("place", PLACES)
def test_bound_an_index_far_past_the_end_is_a_protocol_error(place: str, index: int) -> None:
    with pytest.raises(StreamProtocolError, match=str(index)):
        play([PLACES[place](index)])


def test_bound_is_counted_from_the_end() -> None:
    frames = [DM("msg_1", text("x", MAX_GAP)), DM("msg_1", text("y", 0)), DM("msg_1", text("z", MAX_GAP + 1))]
    assert [part["text"]["value"] for part in content(*frames)] == ["y", "x", "z"]


# --- S10: what is delivered and what is accumulated


def test_s10_a_delivered_event_never_changes() -> None:
    frames = [RC(), MC("msg_1", ""), HEL[0], LO[0], DM("msg_1", text("!", 0, [mark(0, 1)])), MD("msg_1", "Hello!")]
    frames += [SC("step_1", calls=[call("a", arguments="")]), DS("step_1", piece(0, arguments="{")), CALL_A[0]]
    frames += [DS("step_1", first("b", 1)), RA(call("a"), call("b")), SD("step_1", calls=[call("a", output="1")])]
    events = parsed(frames)
    before = [one.model_dump_json() for one in events]
    hooks, state = Hooks([AssistantEventHandler()]), StreamState()
    for one in events:
        list(fire(hooks, one, state))
    assert [one.model_dump_json() for one in events] == before


def models(value: object) -> list[BaseModel]:
    """Every model in a value, however deep."""
    if isinstance(value, BaseModel):
        return [value, *(found for _, field in value for found in models(field))]
    if isinstance(value, list | tuple):
        return [found for item in cast("list[object]", value) for found in models(item)]
    return []


def test_s10_no_event_shares_a_model_with_a_snapshot() -> None:
    frames = [MC("msg_1", "A"), DM("msg_1", text("!", 0, [mark(0, 1)])), DM("msg_1", {**image_block(), "index": 1})]
    frames += [DS("step_1", search(id="a") | {"file_search": {"results": [{"file_id": "f", "score": 1}]}})]
    frames += [DS("step_1", code("1", 1, id="b", outputs=[logs("x", 0)])), SC("step_2", calls=[call("c")])]
    frames += [MD("msg_1", "A"), SD("step_2", calls=[code_call("c")])]
    events = parsed(frames)
    hooks, state = Hooks([AssistantEventHandler()]), StreamState()
    for one in events:
        list(fire(hooks, one, state))
        kept: list[object] = [tracked.model for tracked in state.messages.values()]
        kept += [tracked.model for tracked in state.steps.values()]
        shared = {id(model) for model in models(kept)} & {id(model) for event in events for model in models(event)}
        assert not shared


def test_s10_snapshots_are_live() -> None:
    seen: list[object] = []

    class Handler(AssistantEventHandler):
        def on_text_delta(self, delta: TextDelta, snapshot: object) -> None:
            seen.append(snapshot)

    play([HEL[0], LO[0]], Handler())
    assert seen[0] is seen[1]


def test_s10_writing_into_a_snapshot_changes_that_snapshot_and_no_event() -> None:
    events: list[AssistantStreamEvent] = []

    class Handler(AssistantEventHandler):
        def on_event(self, event: AssistantStreamEvent) -> None:
            events.append(event)

        def on_message_delta(self, delta: object, snapshot: Message) -> None:
            (block,) = snapshot.content
            assert isinstance(block, TextContentBlock)
            block.text.value = block.text.value.upper()

    trace, _ = play([HEL[0], LO[0]], Handler())
    assert trace.text[1] == "text_delta('lo' | 'HELlo') message_delta(msg_1)"
    assert events[0].model_dump()["data"]["delta"]["content"][0]["text"]["value"] == "Hel"


def test_s10_on_message_done_is_given_what_get_final_messages_returns() -> None:
    given: list[Message] = []

    class Handler(AssistantEventHandler):
        def on_message_done(self, message: Message) -> None:
            message.metadata = {"seen": "yes"}
            given.append(message)

    events = parsed([MC("msg_1"), MD("msg_1", "A")])
    hooks, state = Hooks([Handler()]), StreamState()
    for one in events:
        list(fire(hooks, one, state))
    assert state.messages["msg_1"].model is given[0]
    assert "seen" not in events[1].model_dump_json()


def test_s10_a_deep_copy_stays_as_it_was() -> None:
    kept: list[Message] = []

    class Handler(AssistantEventHandler):
        def on_message_delta(self, delta: object, snapshot: Message) -> None:
            kept.append(snapshot.model_copy(deep=True))

    play([HEL[0], LO[0]], Handler())
    assert [copy.model_dump()["content"][0]["text"]["value"] for copy in kept] == ["Hel", "Hello"]


def test_a_snapshot_is_an_ordinary_model() -> None:
    grown = said(MC("msg_1"), HEL[0], LO[0])
    sent = Message.model_validate(message("msg_1", "in_progress", block("Hello")))
    assert Message.model_validate_json(grown.model_dump_json()).content == sent.content
    assert grown.model_copy(deep=True) == grown


# --- what is current


def test_current_message_and_step_follow_the_events() -> None:
    state, hooks = StreamState(), Hooks([AssistantEventHandler()])
    seen: list[tuple[str | None, str | None]] = []
    frames = [
        SC("step_1", calls=[]),
        MC("msg_1"),
        MC("msg_2"),
        HEL[0],
        MD("msg_1", "Hel"),
        SD("step_1", calls=[]),
        RD(),
    ]
    for one in parsed(frames):
        list(fire(hooks, one, state))
        message, step = state.current_message, state.current_step
        seen.append((message.id if message else None, step.id if step else None))
    assert [message for message, _ in seen] == [None, "msg_1", "msg_2", "msg_1", "msg_1", "msg_1", "msg_1"]
    assert [step for _, step in seen] == ["step_1", "step_1", "step_1", "step_1", "step_1", "step_1", None]


def test_in_progress_changes_the_status_of_a_snapshot_only() -> None:
    frames = [event("thread.message.created", message("msg_1", "queued")), HEL[0]]
    assert said(*frames, event("thread.message.in_progress", message("msg_1"))).status == "in_progress"
    frames = [event("thread.run.step.created", step("step_1", "queued", calls=[])), CALL_A[0]]
    ready = taken(*frames, event("thread.run.step.in_progress", step("step_1", calls=[])))
    assert ready.status == "in_progress"
    assert calls(*frames, event("thread.run.step.in_progress", step("step_1", calls=[])))


# --- E2b: what is not known yet


def test_e2b_an_unknown_block_is_kept_and_merged() -> None:
    video: Object = {"index": 0, "type": "video", "video": {"url": "v"}, "length": 3}
    (kept,) = content(MSG[0], DM("msg_1", video), DM("msg_1", {"index": 0, "type": "video", "length": 4}))
    assert (kept["type"], kept["video"], kept["length"]) == ("video", {"url": "v"}, 4)


def test_e2b_an_unknown_call_is_kept_and_has_its_hooks() -> None:
    use: Object = {"index": 0, "id": "a", "type": "computer", "computer": {"action": "click"}}
    trace, state = play([STEP[0], DS("step_1", use), SD("step_1", calls=[{k: use[k] for k in use if k != "index"}])])
    assert trace.text[1] == "tool_call_created(a ?computer) run_step_delta(step_1)"
    assert trace.text[2] == "tool_call_done(a ?computer) run_step_done(step_1 completed)"
    assert state.ends == ["step_1 completed; a ?computer"]


def test_e2b_unknown_step_details_and_required_action() -> None:
    waiting = {"type": "approve", "approve": {"what": "all"}}
    trace, _ = play(
        [
            event("thread.run.step.created", step("step_1") | {"type": "dance", "step_details": {"type": "dance"}}),
            event(
                "thread.run.requires_action", {"id": "run_1", "status": "requires_action", "required_action": waiting}
            ),
        ]
    )
    assert trace.text == ["run_step_created(step_1)", "run_changed(requires_action) run_requires_action"]


def test_ids_that_a_run_leaves_out_are_those_said_before() -> None:
    state = StreamState()
    assert state.named(Run(id="run_1")).thread_id == ""
    state.thread = Thread(id="thread_1")
    state.run = state.named(Run(id="run_1"))
    assert state.run.thread_id == "thread_1"
    assert state.named(Run(id="")).id == "run_1"
    other = state.named(Run(id="run_2", thread_id="thread_2"))
    assert (other.id, other.thread_id) == ("run_2", "thread_2")


# --- found by scripts/fuzz.py


def test_a_fragment_without_a_type_that_does_not_fit_its_block_is_a_protocol_error() -> None:
    with pytest.raises(StreamProtocolError, match="does not fit the text"):
        said(MSG[0], HEL[0], DM("msg_1", {"index": 0, "text": {"value": 7}}))


def test_an_unknown_block_may_have_any_id() -> None:
    odd: Object = {"index": 0, "type": "video", "id": {"a": 1}}
    (kept,) = content(MSG[0], DM("msg_1", odd), MD("msg_1", {"type": "video", "id": {"a": 2}}))
    assert kept["id"] == {"a": 2}


def test_a11_a_message_whose_creation_comes_after_the_end_of_its_run_is_done_once() -> None:
    untold = event("thread.message.delta", {"id": "msg_1", "delta": {"content": []}})
    trace, _ = play([untold, RD(), MC("msg_1"), RD()])
    assert " ".join(trace.text).count("message_done") == 1
