from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from assistream.engine import schemas_v1
from assistream.engine.schemas import Body
from assistream.engine.schemas_v1 import BODIES, CreateAssistant, CreateMessage, CreateRun, CreateThreadAndRun
from tests.engine.conftest import Json

MODEL: Json = {"model": "any"}
RETRIEVAL: Json = {"type": "retrieval"}
SEARCH: Json = {"type": "file_search"}
MESSAGE: Json = {"role": "user", "content": "Hi"}
OLD = MESSAGE | {"file_ids": ["file-1"]}
NEW = MESSAGE | {"attachments": [{"file_id": "file-1", "tools": [{"type": "code_interpreter"}, SEARCH]}]}
RUN: Json = {"assistant_id": "asst_1"}


@pytest.mark.parametrize(
    ("model", "old", "new"),
    [
        (CreateAssistant, MODEL | {"tools": [RETRIEVAL]}, MODEL | {"tools": [SEARCH]}),
        (CreateAssistant, MODEL | {"file_ids": ["file-1"]}, MODEL | {"file_ids": ["file-1"]}),
        (CreateAssistant, MODEL | {"tools": None, "file_ids": None}, MODEL | {"tools": None, "file_ids": None}),
        (CreateMessage, OLD, NEW),
        (CreateMessage, MESSAGE, MESSAGE),
        (
            CreateRun,
            RUN | {"additional_messages": [OLD], "stream": True},
            RUN | {"additional_messages": [NEW], "stream": True},
        ),
        (CreateThreadAndRun, RUN | {"thread": {"messages": [OLD]}}, RUN | {"thread": {"messages": [NEW]}}),
    ],
)
def test_translations(model: type[Body], old: Json, new: Json) -> None:
    assert schemas_v1.translated(model.model_validate(old)) == new


@pytest.mark.parametrize(("old", "new"), BODIES.values())
def test_what_is_translated_fits(old: type[Body], new: type[BaseModel]) -> None:
    known: Json = MODEL | RUN | MESSAGE | {"tools": [RETRIEVAL]}
    body: Any = {name: value for name, value in known.items() if name in old.model_fields}
    assert new.model_validate(schemas_v1.translated(old.model_validate(body)))


@pytest.mark.parametrize(
    ("model", "body"),
    [
        (CreateMessage, MESSAGE | {"file_ids": ["file-1"] * 11}),
        (CreateMessage, MESSAGE | {"content": "x" * 256_001}),
        (CreateAssistant, MODEL | {"file_ids": ["file-1"] * 21}),
        (CreateAssistant, MODEL | {"tools": [SEARCH]}),
        (CreateAssistant, MODEL | {"response_format": "auto"}),
        (CreateRun, RUN | {"tools": [RETRIEVAL] * 21}),
    ],
)
def test_limits(model: type[Body], body: Json) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(body)
