from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from assistream.transport.call import Call, delete, get, path, post, query_pairs
from assistream.types import NOT_GIVEN, FunctionDefinition, FunctionTool, Thread, omit


def body(**params: object) -> Any:
    return post("/x", Thread, params).body


def test_what_was_left_out_is_not_sent_and_null_is() -> None:
    assert body(a=NOT_GIVEN, b=omit, c=None, d=0, e="") == {"c": None, "d": 0, "e": ""}
    assert body(list=[1, omit, {"a": NOT_GIVEN, "b": [omit]}]) == {"list": [1, {"b": []}]}


def test_models_and_iterables_become_plain_data() -> None:
    tool = FunctionTool(type="function", function=FunctionDefinition(name="look"))
    assert body(tools=(tool for _ in range(1))) == {"tools": [{"type": "function", "function": {"name": "look"}}]}


def test_a_model_is_sent_as_it_was_set() -> None:
    class Model(BaseModel):
        set_: int = 0
        unset: int | None = None

    assert body(m=Model(set_=1)) == {"m": {"set_": 1}}


def test_options_are_not_parameters() -> None:
    call = post(
        "/x",
        Thread,
        {"a": 1, "b": 2, "extra_body": {"b": 3}, "extra_query": {"q": 1}, "extra_headers": {"h": "1"}, "timeout": 3},
    )
    assert call.body == {"a": 1, "b": 3}
    assert (call.query, call.extra_headers, call.timeout) == ({"q": 1}, {"h": "1"}, 3)


def test_a_get_asks_by_its_query_and_a_delete_sends_nothing() -> None:
    assert get("/x", Thread, {"limit": 1, "after": omit}).query == {"limit": 1}
    assert get("/x", Thread, {"limit": 1}).body is None
    assert delete("/x", Thread, {}).body is None


def test_a_post_may_be_empty_or_put_something_in_its_query() -> None:
    assert post("/x", Thread, {}).body == {}
    assert post("/x", Thread, {}, empty=True).body is None
    call = post("/x", Thread, {"include": ["a"], "b": 1}, in_query=["include", "absent"])
    assert (call.query, call.body) == ({"include": ["a"]}, {"b": 1})


def test_which_version_of_the_api_a_call_is_for() -> None:
    assert get("/x", Thread, {}).version == "client"
    assert [call("/x", Thread, {}, version="v1").version for call in (get, post, delete)] == ["v1"] * 3
    assert get("/x", Thread, {}, version=None).version is None


@pytest.mark.parametrize("file", [b"x", Path("x"), BytesIO(b"x"), ("a.txt", b"x"), (None, Path("x"), "text/plain", {})])
def test_files_are_kept_apart_as_they_are(file: object) -> None:
    call = post("/x", Thread, {"file": file, "purpose": "p"}, files=("file",))
    assert (call.files, call.body) == ({"file": file}, {"purpose": "p"})


class Awaited:
    async def read(self) -> bytes:
        return b""


@pytest.mark.parametrize(
    "file", ["a.txt", ("a.txt", "text"), None, 3, ("a.txt",), (), ("a.txt", b"", "text/plain", {}, 5), Awaited()]
)
def test_what_is_no_file_is_refused(file: object) -> None:
    with pytest.raises(TypeError, match=r"`file` must be bytes, a pathlib\.Path, .*, not "):
        post("/x", Thread, {"file": file}, files=("file",))


def test_streamed_changes_the_call_and_not_the_original() -> None:
    call = post("/x", Thread, {"a": 1})
    assert call.streamed().body == {"a": 1, "stream": True}
    assert call.streamed().headers["Accept"] == "text/event-stream, application/json;q=0.5"
    assert call.body == {"a": 1}


@pytest.mark.parametrize(("method", "repeatable"), [("GET", True), ("DELETE", True), ("POST", False)])
def test_only_a_post_is_not_repeatable(method: str, repeatable: bool) -> None:
    assert Call(method, "/x", Thread).repeatable is repeatable


def test_validators_are_made_once() -> None:
    assert get("/x", Thread, {}).validator is get("/y", Thread, {}).validator


def test_what_is_said_of_streaming() -> None:
    call = post("/x", Thread, {"a": 1})
    assert call.unstreamed(False).body == {"a": 1, "stream": False}
    assert call.unstreamed(None) is call
    assert call.streamed().body == {"a": 1, "stream": True}


def test_a_get_has_no_body() -> None:
    assert get("/x", Thread, {"extra_body": {"a": 1}}).body is None


def test_ids_are_quoted() -> None:
    assert path("/threads/{thread_id}/runs", thread_id="a/b?c#d%\u00e9") == "/threads/a%2Fb%3Fc%23d%25%C3%A9/runs"


@pytest.mark.parametrize("value", ["", ".", "..", None, 3])
def test_an_id_that_is_none_is_refused(value: object) -> None:
    says = "must be the id of an object" if value in {".", "..", 3} else f"but received {value!r}"
    with pytest.raises(ValueError, match=f"`thread_id` {says}"):
        path("/threads/{thread_id}", thread_id=value)


def test_query_strings() -> None:
    query = {"a": True, "b": None, "c": ["x", "y"], "d": {"e": 1, "f": ["z"]}, "g": omit, "h": 1.5}
    assert query_pairs(query) == (
        ("a", "true"),
        ("b", ""),
        ("c[]", "x"),
        ("c[]", "y"),
        ("d[e]", "1"),
        ("d[f][]", "z"),
        ("h", "1.5"),
    )
