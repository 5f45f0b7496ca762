from __future__ import annotations

from typing import get_args

import pytest
from pydantic import TypeAdapter

from assistream.types import EVENT_TYPES, AssistantStreamEvent, PendingCall, ToolEvent, ToolOutputEvent, ToolResult


def call(arguments: str = "{}") -> PendingCall:
    return PendingCall(id="call_1", name="look", arguments=arguments, run_id="run_1", thread_id="thread_1")


def test_arguments_are_read_when_they_are_wanted() -> None:
    assert call('{"city": "Oslo", "days": [1]}').parsed == {"city": "Oslo", "days": [1]}
    assert call("").parsed == call(" ").parsed == {}


@pytest.mark.parametrize("arguments", ['{"city": ', "[1]", "null", '"x"'])
def test_arguments_that_are_no_object(arguments: str) -> None:
    with pytest.raises(ValueError, match=r"look|Expecting"):
        _ = call(arguments).parsed


def test_events_of_tools_are_in_the_union_and_never_of_the_wire() -> None:
    names = {kind.model_fields["event"].default for kind in get_args(ToolEvent)}
    assert names == {"tool.started", "tool.progress", "tool.output", "tool.error"}
    assert not names & EVENT_TYPES.keys()
    event = ToolOutputEvent(data=ToolResult(call=call(), output="42"))
    assert event.event == "tool.output"
    adapter: TypeAdapter[AssistantStreamEvent] = TypeAdapter(AssistantStreamEvent)
    assert adapter.validate_json(event.model_dump_json()) == event
