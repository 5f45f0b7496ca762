"""Runs made up at random are told as the contract says; here without a network, which is quick."""

from __future__ import annotations

from random import Random

from assistream.streaming.events import is_done, parse_event
from assistream.streaming.sse import SSEDecoder

from ..streaming.traces import play
from .counts import times
from .runs import described, make, on_the_wire

SEEDS = times(1500)


def test_hooks_and_snapshots() -> None:
    for seed in range(SEEDS):
        for story in make(seed):
            trace, state = play(story.frames)
            assert trace.text == story.hooks, f"seed {seed}\n{described(story)}"
            assert state.ends == story.messages + story.steps, f"seed {seed}\n{described(story)}"


def test_the_ways_to_write_a_stream_say_the_same() -> None:
    for seed in range(SEEDS // 10):
        random = Random(seed)
        for story in make(seed):
            decoder = SSEDecoder()
            frames = [frame for piece in on_the_wire(story, random) for frame in decoder.feed(piece)]
            events = [parse_event(frame) for frame in [*frames, *decoder.feed(b"")] if not is_done(frame)]
            assert sum(event is not None for event in events) == len(story.frames), f"seed {seed}"


def test_everything_is_made_up_at_times() -> None:
    """What never comes is not tested."""
    stories = [story for seed in range(1500) for story in make(seed)]
    hooks = {hook.split("(")[0] for story in stories for line in story.hooks for hook in line.split(") ")}
    for name in ("text", "refusal", "image_file", "image_url", "tool_call", "message", "run_step"):
        assert any(hook.startswith(name) and hook.endswith("_done") for hook in hooks), name
    wanted = {"completed", "requires_action", "failed", "cancelled", "expired", "incomplete"}
    assert {story.status for story in stories} == wanted
    for needed in ("file_citation", "code_interpreter", "file_search", "retrieval", "thread.created", '"logs"'):
        assert any(needed.encode() in frame for story in stories for frame in story.frames), needed
