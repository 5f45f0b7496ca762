from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistream import BadRequestError, Client, NotFoundError
from assistream.engine import Engine
from tests.engine.conftest import Api, ScriptedEngine


def error(response: httpx.Response) -> tuple[int, str, str | None]:
    body = response.json()["error"]
    return response.status_code, body["message"], body["param"]


def test_upload_and_retrieve(api: Api) -> None:
    made = api.upload(b"12345", "notes.txt")
    assert made["id"].startswith("file-")
    assert (made["bytes"], made["filename"], made["purpose"], made["status"]) == (
        5,
        "notes.txt",
        "assistants",
        "processed",
    )
    assert "expires_at" not in made
    assert api.get(f"/files/{made['id']}") == made


def test_it_needs_no_version(api: Api) -> None:
    for beta in ("", "assistants=v1"):
        assert api.client.get("/files", headers={"OpenAI-Beta": beta}).status_code == 200


def test_lists(api: Api) -> None:
    ids = [api.upload(b"x", f"{number}.txt")["id"] for number in range(3)]
    picture = api.upload(purpose="vision")["id"]
    found = [[one["id"] for one in api.get("/files", **query)["data"]] for query in QUERIES]
    assert found == [[picture, *ids[::-1]], ids, ids[:2], [picture], []]
    assert api.get("/files", limit=2)["has_more"]
    assert api.refused("/files?limit=10001", method="GET")[0] == 400
    assert api.refused("/files?after=file-x", method="GET") == (404, "No such File object: file-x")


QUERIES: list[dict[str, Any]] = [
    {},
    {"purpose": "assistants", "order": "asc"},
    {"order": "asc", "limit": 2, "purpose": "assistants"},
    {"purpose": "vision"},
    {"purpose": "batch"},
]


def test_delete(api: Api) -> None:
    id = api.upload()["id"]
    assert api.delete(f"/files/{id}") == {"id": id, "object": "file", "deleted": True}
    for method, path in [("GET", ""), ("GET", "/content"), ("DELETE", "")]:
        assert api.refused(f"/files/{id}{path}", method=method) == (404, f"No such File object: {id}")
    assert api.get("/files")["data"] == []


@pytest.mark.parametrize("size", [1, 256 * 1024, 256 * 1024 + 1, 1_500_000])
def test_what_goes_in_comes_out(scripted_engine: ScriptedEngine, size: int) -> None:
    api = scripted_engine("Hi", open_files=True)
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)
    made = api.upload(content, "ä b.bin")
    response = api.client.get(f"/files/{made['id']}/content")
    assert (made["bytes"], response.content == content) == (size, True)
    assert response.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%A4%20b.bin"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_what_was_uploaded_is_not_given_back(api: Api) -> None:
    id = api.upload()["id"]
    refused = api.refused(f"/files/{id}/content", method="GET")
    assert refused == (400, "Not allowed to download files of purpose: assistants")


def test_what_tools_made_is_given_back(tmp_path: Path, connect: Callable[[Engine], Api]) -> None:
    path = tmp_path / "engine.db"
    with Engine(path) as engine:
        id = connect(engine).upload(b"a chart")["id"]
    with closing(sqlite3.connect(path)) as database, database:
        (body,) = database.execute("SELECT body FROM files").fetchone()
        changed = json.dumps(json.loads(body) | {"purpose": "assistants_output"})
        database.execute("UPDATE files SET body = ?, purpose = 'assistants_output'", (changed,))
    with Engine(path) as engine:
        assert connect(engine).client.get(f"/files/{id}/content").content == b"a chart"


def test_a_file_expires(tmp_path: Path, connect: Callable[[Engine], Api]) -> None:
    path = tmp_path / "engine.db"
    with Engine(path) as engine:
        made = connect(engine).upload(**{"expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"})
    assert made["expires_at"] == made["created_at"] + 3600
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE files SET expires_at = ?", (int(time.time()),))
    with Engine(path) as engine:
        api = connect(engine)
        body = {"model": "any", "tool_resources": {"code_interpreter": {"file_ids": [made["id"]]}}}
        assert api.refused("/assistants", body) == (404, f"No file found with id '{made['id']}'.")
        assert api.get("/files")["data"] == []
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM pieces").fetchone() == (0,)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.txt", "a.txt"),
        ("..", "upload"),
        ("", "upload"),
        ("a\x00b.txt", "a\x00b.txt"),
        ("x" * 255, "x" * 255),
    ],
)
def test_a_name_is_no_path(api: Api, name: str, kept: str) -> None:
    parts = (
        '--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nassistants\r\n'
        f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\nx\r\n--b--\r\n'
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    response = api.client.post("/files", content=parts.encode(), headers=headers)
    assert response.status_code == 200, response.text
    assert response.json()["filename"] == kept


def test_refused_fields(api: Api) -> None:
    def refused(file: tuple[str, bytes] | None = ("a.txt", b"x"), /, **fields: str) -> tuple[int, str, str | None]:
        files = {"file": file} if file else {"other": (None, b"x")}
        return error(api.client.post("/files", files=files, data=fields))

    purposes = "'assistants', 'batch', 'fine-tune', 'vision', 'user_data', and 'evals'"
    right = {"purpose": "assistants"}
    after = {"expires_after[anchor]": "created_at"}
    assert refused() == (400, "Missing required parameter: 'purpose'.", "purpose")
    assert refused(purpose="x") == (400, f"Invalid value: 'x'. Supported values are: {purposes}.", "purpose")
    assert refused(colour="x", **right) == (400, "Unknown parameter: 'colour'.", "colour")
    assert refused(None, **right)[1] == "Unknown parameter: 'other'."
    assert refused(("a.txt", b""), **right) == (400, "File is empty.", "file")
    assert refused(("x" * 256, b"x"), **right)[2] == "file"
    seconds = (
        "Invalid 'expires_after.seconds': integer below minimum value. Expected a value >= 3600, but got 1 instead."
    )
    assert refused(**right, **after, **{"expires_after[seconds]": "1"})[1] == seconds
    assert refused(expires_after="x", **right)[2] == "expires_after"
    assert refused(expires_after="x", **right, **after)[0] == 400
    response = api.client.post("/files", files={"purpose": (None, b"assistants")})
    assert error(response) == (400, "Missing required parameter: 'file'.", "file")
    response = api.client.post("/files", files={"file": (None, b"x"), "purpose": (None, b"assistants")})
    assert error(response)[1] == "Invalid type for 'file': expected a file, but got a string instead."
    response = api.client.post("/files", json={"purpose": "assistants"})
    assert error(response)[1] == "Invalid body: expected multipart/form-data, but got application/json instead."
    assert api.get("/files")["data"] == []


def test_a_file_that_is_too_large(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine("Hi", max_upload=1_000_000)
    api.upload(b"x" * 1_000_000)
    response = api.client.post("/files", files={"file": ("a", b"x" * 1_000_001)}, data={"purpose": "assistants"})
    status, text, _ = error(response)
    assert (status, text.startswith("Maximum content size limit (1000000) exceeded (")) == (413, True)
    assert len(api.get("/files")["data"]) == 1


def test_a_conversation_with_the_client(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"content")
    with Client.embedded(open_files=True) as client:
        made = client.files.create(file=tmp_path / "a.txt", purpose="assistants")
        assert (made.filename, made.bytes) == ("a.txt", 7)
        assert client.files.content(made.id).read() == b"content"
        assert [file.id for file in client.files.list(purpose="assistants")] == [made.id]
        assert client.files.wait_for_processing(made.id) == client.files.retrieve(made.id) == made
        assert client.files.delete(made.id).deleted
        with pytest.raises(NotFoundError, match="No such File object"):
            client.files.retrieve(made.id)
        with pytest.raises(BadRequestError, match="File is empty"):
            client.files.create(file=b"", purpose="assistants")
