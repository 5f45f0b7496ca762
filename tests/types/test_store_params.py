from __future__ import annotations

import inspect
from typing import Any, get_type_hints

import httpx
import pytest

from assistream.types import params, store_params
from tests.types.published import properties, required

OPTIONS = set(params.RequestOptions.__annotations__)
PUBLISHED = [
    ("v1", store_params.FileCreateParams, "CreateFileRequest"),
    ("v1", store_params.AssistantFileCreateParams, "CreateAssistantFileRequest"),
    ("v2", store_params.FileCreateParams, "CreateFileRequest"),
    ("v2", store_params.VectorStoreCreateParams, "CreateVectorStoreRequest"),
    ("v2", store_params.VectorStoreUpdateParams, "UpdateVectorStoreRequest"),
    ("v2", store_params.VectorStoreSearchParams, "VectorStoreSearchRequest"),
    ("v2", store_params.VectorStoreFileCreateParams, "CreateVectorStoreFileRequest"),
    ("v2", store_params.VectorStoreFileUpdateParams, "UpdateVectorStoreFileAttributesRequest"),
    ("v2", store_params.FileBatchCreateParams, "CreateVectorStoreFileBatchRequest"),
]


@pytest.mark.parametrize(("version", "shape", "schema"), PUBLISHED, ids=[f"{v}-{schema}" for v, _, schema in PUBLISHED])
def test_parameters_are_those_of_the_published_document(version: str, shape: Any, schema: str) -> None:
    named = set(shape.__annotations__) - OPTIONS
    assert named >= properties(version, schema)
    # a batch takes `files` in place of `file_ids` since the document was written
    assert shape.__required_keys__ == required(version, schema) - (
        {"file_ids"} if shape is store_params.FileBatchCreateParams else set()
    )


def test_every_call_takes_the_request_options() -> None:
    every = [value for name, value in vars(store_params).items() if name.endswith("Params") and inspect.isclass(value)]
    assert len(every) > 10
    assert all(set(shape.__annotations__) >= OPTIONS for shape in every)


def test_annotations_can_be_read_at_run_time() -> None:
    hints = get_type_hints(store_params.VectorStoreSearchParams, localns={"httpx": httpx, **vars(store_params)})
    assert set(hints) == set(store_params.VectorStoreSearchParams.__annotations__)
