"""What servers really sent, and the check that nothing of it is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from _pytest.mark import ParameterSet
from pydantic import TypeAdapter

from tests.shared import shared_files


def documents(*labels: str) -> list[ParameterSet]:
    """The recorded JSON bodies whose `object` is one of these; where none are recorded, one parameter that says so."""

    def wanted(parameter: ParameterSet) -> bool:
        path = parameter.values[0]
        assert isinstance(path, Path)
        return not path.exists() or json.loads(path.read_bytes()).get("object") in labels

    found = [parameter for parameter in shared_files("streams/json/*.json") if wanted(parameter)]
    assert found, f"nothing recorded is a {labels}"
    return found


def lossless(model_type: Any, text: str | bytes) -> Any:
    """Read JSON text as the model, check that writing it again gives the same JSON, and return the model."""
    adapter = TypeAdapter[Any](model_type)
    value = adapter.validate_json(text)
    written = json.loads(adapter.dump_json(value, exclude_unset=True))
    assert written == json.loads(text, object_hook=_instructions_never_null)
    return value


def _instructions_never_null(sent: dict[str, Any]) -> dict[str, Any]:
    """The one thing that is read otherwise than sent: the hosted API answers null for a run's empty instructions."""
    if sent.get("object") == "thread.run" and sent.get("instructions", "") is None:
        sent["instructions"] = ""
    return sent
