from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from assistream.engine import Engine
from assistream.engine.transfer import Tally, TransferError, from_openai, load

from ...shared import require_shared
from ..conftest import Api
from .filled import all_of, exported

Read = Callable[..., dict[str, Any]]
T = 1_700_000_000


def text(value: str) -> dict[str, Any]:
    return {"type": "text", "text": {"value": value, "annotations": []}}


def message(id: str, at: int = 0, thread: str = "thread_1", **more: Any) -> dict[str, Any]:
    content = [text(id)]
    of: dict[str, Any] = {
        "object": "thread.message",
        "thread_id": thread,
        "role": "user",
        "content": content,
        "created_at": T + at,
    }
    return {"id": f"msg_{id}"} | of | more


def messages(*ids: str, at: int = 0, step: int = 0) -> list[dict[str, Any]]:
    return [message(id, at + step * number) for number, id in enumerate(ids)]


@pytest.fixture
def read(tmp_path: Path, connect: Callable[[Engine], Api]) -> Callable[..., list[str]]:
    """What the messages of thread_1 say, the oldest first, after an import of files with these contents."""

    def read(*contents: Any) -> list[str]:
        paths = [tmp_path / f"{number}.json" for number in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            path.write_text(json.dumps(content))
        with Engine() as engine:
            with from_openai(*paths) as found:
                engine.load(found)
            listed = all_of(connect(engine), "/threads/thread_1/messages")
        return [one["content"][0]["text"]["value"] for one in listed][::-1]

    return read


Reader = Callable[..., list[str]]


@pytest.mark.parametrize(
    "contents",
    [
        [messages("a", "b", "c", step=1)],
        [messages("c", "b", "a", step=-1)],
        # What shares a second is in the order of its list.
        [[message("a"), message("b"), message("c", 1)]],
        [[message("c", 1), message("b"), message("a")]],
        # What the times do not tell is as the API gave it by default.
        [[message("c"), message("b"), message("a")]],
        # Pages, in one file or several.
        [[{"object": "list", "data": [message("c", 1), message("b")]}, {"object": "list", "data": [message("a")]}]],
        [[message("c", 1), message("b")], [message("a")]],
        [[message("a"), message("b")], [message("c", 1)], [message("x", 3, "thread_2"), message("y", 4, "thread_2")]],
        # Pages that overlap: the last of them is how it is.
        [[message("a"), message("b", 1)], [message("b", 1), message("c", 2)]],
        # Another thread tells how this file is to be read.
        [[message("x", 0, "thread_2"), message("y", 1, "thread_2"), message("a"), message("b"), message("c")]],
    ],
)
def test_the_order_of_messages(read: Reader, contents: list[Any]) -> None:
    assert read(*contents) == ["a", "b", "c"]


def test_pages_in_their_own_files_with_an_order_of_their_own(read: Reader) -> None:
    up = [message("a"), message("b"), message("c", 5)]
    down = [message("f", 20), message("e", 10), message("d", 10)]
    assert read(up, down) == list("abcdef")


def test_a_whole_conversation(tmp_path: Path, connect: Callable[[Engine], Api]) -> None:
    assistant = {"id": "asst_1", "object": "assistant", "created_at": T, "model": "gpt-4o", "name": "N", "x_new": 1}
    thread = {"id": "thread_1", "object": "thread", "created_at": T, "metadata": {"user": "7"}}
    run = {
        "id": "run_1",
        "object": "thread.run",
        "created_at": T,
        "thread_id": "thread_1",
        "assistant_id": "asst_1",
        "status": "completed",
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3},
    }
    call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}", "output": "sun"}}
    step = {
        "id": "step_1",
        "object": "thread.run.step",
        "created_at": T,
        "thread_id": "thread_1",
        "run_id": "run_1",
        "status": "completed",
        "type": "tool_calls",
        "step_details": {"type": "tool_calls", "tool_calls": [call]},
    }
    answer = message("sunny", 0, role="assistant", run_id="run_1", assistant_id="asst_1")
    saved = [step, run, answer, message("weather"), thread, assistant, {"object": "file", "id": "file-1"}]
    (tmp_path / "all.jsonl").write_text("".join(json.dumps(one) + "\n" for one in saved))
    with Engine() as engine:
        with from_openai(tmp_path / "all.jsonl") as found:
            tally = engine.load(found)
            assert found.left_out == {"file": 1}
        api = connect(engine)
        assert {name: count for name, count in tally.imported.items() if count} == {
            "assistants": 1,
            "threads": 1,
            "runs": 1,
            "messages": 2,
            "steps": 1,
        }
        told = api.get("/assistants/asst_1")
        assert (told["name"], told["x_new"], told["tools"], told["response_format"]) == ("N", 1, [], "auto")
        assert api.get("/threads/thread_1")["metadata"] == {"user": "7"}
        assert api.get("/threads/thread_1/runs/run_1")["usage"]["total_tokens"] == 3
        assert api.get("/threads/thread_1/runs/run_1/steps/step_1")["step_details"]["tool_calls"] == [call]
        # It can be gone on with: the model is told what was said, and what the function returned.
        done = api.run_stream({"id": "thread_1"}, assistant_id="asst_1")[-1].data
        assert done["status"] == "completed"
        assert b"msg_sunny" in exported(engine)


def test_a_thread_is_made_for_messages_alone(tmp_path: Path, connect: Callable[[Engine], Api]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(messages("b", "a", at=5, step=-1)))
    with Engine() as engine:
        with from_openai(tmp_path / "a.json") as found:
            engine.load(found)
        (thread,) = all_of(connect(engine), "/threads")
    assert thread == {
        "id": "thread_1",
        "object": "thread",
        "created_at": T + 4,
        "metadata": {},
        "tool_resources": {},
    }


def test_the_last_of_several_is_how_it_is(read: Reader) -> None:
    later = message("a") | {"content": [text("changed")]}
    assert read([message("a"), message("b", 1)], [later]) == ["changed", "b"]


def test_a_step_without_its_run_is_left_out(tmp_path: Path) -> None:
    step = {"id": "step_1", "object": "thread.run.step", "created_at": T, "thread_id": "thread_2", "run_id": "run_2"}
    (tmp_path / "a.json").write_text(json.dumps([step, message("a")]))
    with from_openai(tmp_path / "a.json") as found:
        tally = load(tmp_path / "a.db", found)
        assert found.left_out == {"thread.run.step": 1}
    assert (tally.imported["steps"], tally.imported["threads"]) == (0, 1)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (message("a", created_at=None), "a.json: the created_at of 'msg_a' is None"),
        (message("a", created_at="2024-01-01T00:00:00"), "a.json: the created_at of 'msg_a' is '2024"),
        (message("a", created_at=1.5e12), "a.json: the created_at of 'msg_a' is 15"),
        (message("a", thread_id=None), "a.json: 'msg_a' has no thread_id"),
        (message("a", content="Hello"), r"thread.message 'msg_a': body.content: input should be a valid list"),
        (message("a", metadata={"a": {}}), r"thread.message 'msg_a': body.metadata.a: "),
        (message("a") | {"id": "a"}, "thread.message 'a': body.id: "),
        (
            message("a") | {"object": "thread.run", "tools": "file_search", "id": "run_1"},
            "thread.run 'run_1': it cannot be underst",
        ),
        ({"text": "Hello"}, "There is no object of the API in .*a.json"),
    ],
)
def test_what_cannot_be_imported(tmp_path: Path, document: Mapping[str, Any], says: str) -> None:
    (tmp_path / "a.json").write_text(json.dumps([document]))
    with pytest.raises(TransferError, match=says) as caught, from_openai(tmp_path / "a.json") as found:
        load(tmp_path / "a.db", found)
    assert str(caught.value).endswith("Nothing was imported.")
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_no_file() -> None:
    with pytest.raises(TransferError, match="no file at all"), from_openai():
        pass


def test_what_the_hosted_api_has_told(tmp_path: Path, connect: Callable[[Engine], Api]) -> None:
    """All objects on record, of both versions."""
    recorded = sorted(require_shared("streams/json").glob("*.json"))
    with Engine() as engine:
        with from_openai(*recorded) as found:
            tally = engine.load(found)
        assert isinstance(tally, Tally)
        api = connect(engine)
        threads = all_of(api, "/threads")
        assert len(threads) == tally.imported["threads"] > 10
        for thread in threads:
            for version in (api, api.v1()):
                all_of(version, f"/threads/{thread['id']}/messages")
                for run in all_of(version, f"/threads/{thread['id']}/runs"):
                    assert run["status"] in ("completed", "expired", "cancelled")
                    all_of(version, f"/threads/{thread['id']}/runs/{run['id']}/steps")
            assistant = api.assistant()
            assert api.run_stream(thread, assistant_id=assistant["id"])[-1].data["status"] == "completed"
