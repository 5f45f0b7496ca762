"""What lists refuse, whatever they list."""

from __future__ import annotations

import pytest

from tests.engine.conftest import Api


@pytest.mark.parametrize(
    ("query", "status", "code", "text"),
    [
        (
            "limit=101",
            400,
            "integer_above_max_value",
            "Invalid 'limit': integer above maximum value. Expected a value <= 100, but got 101 instead.",
        ),
        (
            "limit=0",
            400,
            "integer_below_min_value",
            "Invalid 'limit': integer below minimum value. Expected a value >= 1, but got 0 instead.",
        ),
        (
            "limit=many",
            400,
            "invalid_type",
            "Invalid type for 'limit': expected an integer, but got a string instead.",
        ),
        ("order=up", 400, "invalid_value", "Invalid value: 'up'. Supported values are: 'asc' or 'desc'."),
        ("after=asst_x", 404, None, "No assistant found with id 'asst_x'."),
    ],
)
def test_queries(api: Api, query: str, status: int, code: str | None, text: str) -> None:
    response = api.client.get(f"/assistants?{query}")
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["message"]) == (status, code, text)


def test_what_is_not_asked_for_is_no_error(api: Api) -> None:
    assert api.client.get("/assistants?colour=blue").status_code == 200
