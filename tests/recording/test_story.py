"""What a story keeps."""

from __future__ import annotations

from assistream.recording.story import Called, Said, Story
from assistream.types import FunctionToolCall, Message, RunStep

from ..frames import call, message, step


class Counting(Story):
    """Counts how often it changed, at once and not."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[bool] = []

    def changed(self, *, at_once: bool = True) -> None:
        self.changes.append(at_once)


def test_a_message_is_one_entry() -> None:
    story = Counting()
    first, second = (Message.model_validate(message(id)) for id in ("msg_1", "msg_2"))
    story.message_created(first)
    story.message_created(second)
    final = first.model_copy()
    story.message_done(final)
    assert story.entries == [Said(final), Said(second)]
    assert story.changes == [True, True, True]


def test_a_call_is_one_entry() -> None:
    story = Counting()
    begun = FunctionToolCall.model_validate(call())
    story.tool_call_created(begun)
    done = RunStep.model_validate(step(calls=[call(output="42")]))
    story.run_step_done(done)
    (entry,) = story.entries
    assert isinstance(entry, Called)
    assert entry.call == FunctionToolCall.model_validate(call(output="42"))
    assert story.steps == {"step_1": done}


def test_a_story_does_nothing_when_it_changes() -> None:
    Story().changed()
