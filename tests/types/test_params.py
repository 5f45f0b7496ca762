from __future__ import annotations

import inspect
from typing import Any, get_type_hints

import pytest

from assistream.types import params
from tests.types.published import properties, required

OPTIONS = set(params.RequestOptions.__annotations__)
PUBLISHED = [
    (params.AssistantCreateParams, "CreateAssistantRequest"),
    (params.AssistantUpdateParams, "ModifyAssistantRequest"),
    (params.ThreadCreateParams, "CreateThreadRequest"),
    (params.ThreadUpdateParams, "ModifyThreadRequest"),
    (params.ThreadCreateAndRunParams, "CreateThreadAndRunRequest"),
    (params.MessageCreateParams, "CreateMessageRequest"),
    (params.MessageUpdateParams, "ModifyMessageRequest"),
    (params.RunCreateParams, "CreateRunRequest"),
    (params.RunUpdateParams, "ModifyRunRequest"),
    (params.RunSubmitToolOutputsParams, "SubmitToolOutputsRunRequest"),
]


@pytest.mark.parametrize(("shape", "schema"), PUBLISHED, ids=[schema for _, schema in PUBLISHED])
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_parameters_are_those_of_the_published_document(version: str, shape: Any, schema: str) -> None:
    named = set(shape.__annotations__) - OPTIONS
    assert properties(version, schema) - {"stream"} <= named
    assert shape.__required_keys__ == required(version, schema)
    if version == "v2":
        assert named - properties("v2", schema) - {"stream"} <= {"file_ids", "include"}


def test_every_call_takes_the_request_options() -> None:
    assert sorted(OPTIONS) == ["extra_body", "extra_headers", "extra_query", "timeout"]
    every = [value for name, value in vars(params).items() if name.endswith("Params") and inspect.isclass(value)]
    assert len(every) > 12
    assert all(set(shape.__annotations__) >= OPTIONS for shape in every)


def test_lists_share_their_parameters() -> None:
    page = set(params.PageParams.__annotations__)
    assert page - OPTIONS == {"limit", "order", "after", "before"}
    assert set(params.MessageListParams.__annotations__) - page == {"run_id"}
    assert set(params.StepListParams.__annotations__) - page == {"include"}
    assert params.RunListParams is params.AssistantListParams is params.PageParams


def test_annotations_can_be_read_at_run_time() -> None:
    import httpx

    hints = get_type_hints(params.RunCreateParams, localns={"httpx": httpx})
    assert set(hints) == set(params.RunCreateParams.__annotations__)
