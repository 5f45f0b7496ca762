from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from assistream.types import (
    EVENT_TYPES,
    AssistantStreamEvent,
    ErrorEvent,
    ErrorObject,
    Run,
    ThreadCreated,
    ThreadRunCompleted,
    UnknownEvent,
)
from tests.shared import shared_files

from .recorded import lossless

NAMES = """
    thread.created error
    thread.run.created thread.run.queued thread.run.in_progress thread.run.requires_action thread.run.completed
    thread.run.incomplete thread.run.failed thread.run.cancelling thread.run.cancelled thread.run.expired
    thread.run.step.created thread.run.step.in_progress thread.run.step.delta thread.run.step.completed
    thread.run.step.failed thread.run.step.cancelled thread.run.step.expired
    thread.message.created thread.message.in_progress thread.message.delta thread.message.completed
    thread.message.incomplete
""".split()


def read(event: str, data: object) -> Any:
    return TypeAdapter[Any](AssistantStreamEvent).validate_json(json.dumps({"event": event, "data": data}))


@pytest.mark.parametrize("path", shared_files("streams/*.sse"))
def test_recorded_frames(path: Path) -> None:
    frames = re.findall(r"^event: ?(\S+)\r?\ndata: ?(.*?)\r?$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert frames
    for name, data in frames:
        if name != "done":
            event = lossless(AssistantStreamEvent, f'{{"event": "{name}", "data": {data}}}')
            assert type(event) is EVENT_TYPES[name]


def test_every_name_of_the_api_has_its_class() -> None:
    assert set(EVENT_TYPES) == set(NAMES)
    assert len(set(EVENT_TYPES.values())) == len(NAMES) == 24  # the 25th, done, is the end marker


@pytest.mark.parametrize("name", NAMES)
def test_each_event_is_found_by_name(name: str) -> None:
    event = read(name, {"id": "x", "object": "whatever"})
    assert type(event) is EVENT_TYPES[name]
    assert event.event == name


def test_an_event_is_made_from_its_data() -> None:
    event = ThreadRunCompleted(data=Run(id="run_1"))
    assert event.event == "thread.run.completed"
    assert ThreadCreated.model_fields["enabled"].default is None


def test_a_name_not_known() -> None:
    event = read("thread.run.napping", {"id": "run_1", "mood": ["calm"]})
    assert isinstance(event, UnknownEvent)
    assert (event.event, event.data) == ("thread.run.napping", {"id": "run_1", "mood": ["calm"]})


def test_an_error_with_all_its_fields() -> None:
    event = read("error", {"message": "Boom", "type": "server_error", "param": None, "code": "x"})
    assert isinstance(event, ErrorEvent)
    assert (event.data.message, event.data.type, event.data.param, event.data.code) == (
        "Boom",
        "server_error",
        None,
        "x",
    )


def test_an_error_with_little_to_say() -> None:
    assert ErrorObject(message="Boom").to_dict() == {"message": "Boom"}
    error = ErrorObject.model_validate_json('{"message": null, "code": 500}')
    assert (error.message, error.type, error.code) == ("", "", "500")
