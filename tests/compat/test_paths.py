"""What programs import from openai for this API, they find below the same path of assistream."""

from __future__ import annotations

import importlib
import json

import pytest

from scripts.compat import EARLY, VERSIONS

from .conftest import run

NOT_HERE = {
    "openai.lib.streaming.AssistantEventHandlerT": "a type variable",
    "openai.lib.streaming.AsyncAssistantEventHandlerT": "a type variable",
    "openai.pagination.AsyncConversationCursorPage": "of another API",
    "openai.pagination.AsyncNextCursorPage": "of another API",
    "openai.pagination.AsyncTokenPage": "of another API",
    "openai.pagination.SyncConversationCursorPage": "of another API",
    "openai.pagination.SyncNextCursorPage": "of another API",
    "openai.pagination.SyncTokenPage": "of another API",
    "openai.types.FunctionParameters": "a name for dict[str, object]",
    "openai.types.Image": "of another API",
    "openai.types.ModelDeleted": "nothing here deletes models",
    "openai.types.ResponseFormatTextGrammar": "of another API",
    "openai.types.ResponseFormatTextPython": "of another API",
    "openai.types.file_content": "a name for str",
    "openai.types.model_deleted": "nothing here deletes models",
    "openai.types.shared.function_parameters": "a name for dict[str, object]",
    "openai.types.shared.response_format_text_grammar": "of another API",
    "openai.types.shared.response_format_text_python": "of another API",
}


@pytest.mark.parametrize("version", [*VERSIONS, EARLY])
def test_the_same_paths(version: str) -> None:
    missing: list[str] = []
    for module, *names in map(json.loads, run(version, "paths.py")):
        missing += absent(module, names)
    assert not sorted(set(missing) - NOT_HERE.keys())


def absent(module: str, names: list[str]) -> list[str]:
    try:
        ours = importlib.import_module("assistream" + module.removeprefix("openai"))
    except ImportError:
        return [module]
    return [f"{module}.{name}" for name in names if not hasattr(ours, name)]
