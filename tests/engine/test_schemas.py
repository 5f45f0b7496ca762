from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from assistream.engine.schemas import CreateAssistant, CreateMessage, CreateRun, CreateThread, PageQuery, ToolOutput

TOOL: Any = {"type": "code_interpreter"}
MODEL: Any = {"model": "any"}
RUN: Any = {"assistant_id": "asst_1"}
MESSAGE: Any = {"role": "user", "content": "Hello"}


@pytest.mark.parametrize(
    ("model", "fits", "too_much"),
    [
        (CreateAssistant, MODEL | {"name": "x" * 256}, MODEL | {"name": "x" * 257}),
        (CreateAssistant, MODEL | {"description": "x" * 512}, MODEL | {"description": "x" * 513}),
        (CreateAssistant, MODEL | {"instructions": "x" * 256_000}, MODEL | {"instructions": "x" * 256_001}),
        (CreateAssistant, MODEL | {"tools": [TOOL] * 128}, MODEL | {"tools": [TOOL] * 129}),
        (CreateRun, RUN | {"tools": [TOOL] * 20}, RUN | {"tools": [TOOL] * 21}),
        (CreateRun, RUN | {"temperature": 2}, RUN | {"temperature": 2.1}),
        (CreateRun, RUN | {"temperature": 0}, RUN | {"temperature": -0.1}),
        (CreateRun, RUN | {"top_p": 1}, RUN | {"top_p": 1.1}),
        (CreateRun, RUN | {"max_completion_tokens": 1}, RUN | {"max_completion_tokens": 0}),
        # JSON has one kind of numbers.
        (CreateRun, RUN | {"max_completion_tokens": 256.0}, RUN | {"max_completion_tokens": 256.5}),
        (
            CreateRun,
            RUN | {"truncation_strategy": {"type": "last_messages", "last_messages": 1}},
            RUN | {"truncation_strategy": {"type": "last_messages", "last_messages": 0}},
        ),
        (CreateMessage, MESSAGE | {"content": "x" * 256_000}, MESSAGE | {"content": "x" * 256_001}),
        (CreateThread, {"metadata": {"k" * 64: "v" * 512}}, {"metadata": {"k": "v" * 513}}),
        (CreateThread, {"messages": [MESSAGE]}, {"messages": [MESSAGE | {"role": "system"}]}),
        (PageQuery, {"limit": "100"}, {"limit": "101"}),
        (PageQuery, {"limit": "1", "order": "asc"}, {"limit": "0"}),
        (ToolOutput, {"output": ""}, {"output": 5}),
    ],
)
def test_limits(model: type[BaseModel], fits: Any, too_much: Any) -> None:
    model.model_validate(fits)
    with pytest.raises(ValidationError):
        model.model_validate(too_much)


def test_fields_are_those_of_the_request() -> None:
    schema = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}
    body = CreateRun.model_validate(RUN | {"stream": True, "model": None, "response_format": schema})
    assert body.fields("assistant_id") == {"model": None, "response_format": schema}


CONTENTS: list[Any] = [
    ("Hi", [{"type": "text", "text": {"value": "Hi", "annotations": []}}]),
    ([{"type": "text", "text": "Hi"}], [{"type": "text", "text": {"value": "Hi", "annotations": []}}]),
    (
        [{"type": "image_url", "image_url": {"url": "http://localhost/cat.png"}}],
        [{"type": "image_url", "image_url": {"url": "http://localhost/cat.png", "detail": "auto"}}],
    ),
    (
        [{"type": "image_file", "image_file": {"file_id": "file-1", "detail": "low"}}],
        [{"type": "image_file", "image_file": {"file_id": "file-1", "detail": "low"}}],
    ),
]


@pytest.mark.parametrize(("content", "blocks"), CONTENTS)
def test_content_becomes_blocks(content: Any, blocks: Any) -> None:
    assert CreateMessage.model_validate({"role": "user", "content": content}).blocks == blocks
