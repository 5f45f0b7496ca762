from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

from assistream.engine.openapi.beside import BESIDE
from tests.engine.conftest import Api


def test_it_is_where_it_says_and_as_it_says(api: Api) -> None:
    for path, item in BESIDE.items():
        [server] = item["servers"]
        answer = api.client.get(api.client.base_url.copy_with(path=server["url"].rstrip("/") + path))
        content: Any = item["get"]["responses"][str(answer.status_code)]["content"]
        [(type, said)] = content.items()
        assert answer.headers["content-type"].startswith(type)
        value = answer.json() if type == "application/json" else answer.text
        validator: Any = Draft202012Validator(said["schema"])
        assert validator.is_valid(value)
