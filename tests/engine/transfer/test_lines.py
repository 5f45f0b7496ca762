from __future__ import annotations

import base64
import json
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from assistream.engine import objects, tables
from assistream.engine.lifecycle import IN_LINE, Document
from assistream.engine.tables import ASSISTANTS, EVENTS, FILES, MESSAGES, PIECES, RUNS, THREADS
from assistream.engine.transfer import kept
from assistream.engine.transfer.lines import Broken, header, read, read_header, written
from assistream.engine.vector_stores import objects as stores

THREAD = objects.thread({"metadata": {"a": "b"}})
ASSISTANT = objects.assistant({"model": "any"})
RUN = objects.run(THREAD["id"], ASSISTANT, {}, ttl=60)
MESSAGE = objects.message(THREAD["id"], "user", [objects.text_block("Half of 😀: \ud83d, \u2028")])
EVENT = {"run_id": RUN["id"], "number": 3, "name": "thread.message.delta", "data": '{"id":"msg_1"}'}


def test_a_line_says_nothing_twice() -> None:
    line = written(
        MESSAGES, {"id": MESSAGE["id"], "moment": 7, "thread_id": THREAD["id"], "run_id": None, "body": MESSAGE}
    )
    assert json.loads(line) == {"table": "messages", "moment": 7, "body": MESSAGE}
    assert line.count(b"\n") == 1
    table, values = read(line)
    assert table is MESSAGES
    columns = {"id": MESSAGE["id"], "moment": 7, "thread_id": THREAD["id"], "run_id": None}
    columns["body"] = json.dumps(MESSAGE, separators=(",", ":"))
    assert dict(zip(table.c.keys(), values, strict=True)).items() >= columns.items()


def test_what_the_body_does_not_tell_is_in_the_line() -> None:
    waiting = RUN | {IN_LINE: True}
    row = {"id": RUN["id"], "moment": 7, "thread_id": THREAD["id"], "status": IN_LINE, "body": waiting}
    line = written(RUNS, row)
    assert json.loads(line)["status"] == IN_LINE
    table, values = read(line)
    assert dict(zip(table.c.keys(), values, strict=True))["status"] == IN_LINE


@given(st.binary(max_size=100))
def test_bytes_go_as_base64(data: bytes) -> None:
    line = written(PIECES, {"file_id": "file-1", "number": 0, "data": data})
    assert json.loads(line)["data"] == base64.b64encode(data).decode()
    assert read(line) == (PIECES, ("file-1", 0, data))


def test_events_stay_as_they_were_sent() -> None:
    for at in (None, 1_700_000_000_123):
        row = EVENT | {"at": at}
        assert read(written(EVENTS, row)) == (EVENTS, tuple(row.values()))


def test_what_was_indexed_is_not_in_a_line() -> None:
    table, values = read(json.dumps(stored()).encode())
    row = dict(zip(table.c.keys(), values, strict=True))
    assert (row["entry"], row["attempts"], row["status"]) == (None, 0, "in_progress")


def test_the_header() -> None:
    assert read_header(header({"threads": 3})) == {"threads": 3}
    assert read_header(header({})) == {}
    assert json.loads(header({})).keys() == {"assistream", "format", "version", "created_at"}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"", "this is no export of an engine"),
        (b"{", "this is no export"),
        (b'{"object": "list", "data": []}', "this is no export"),
        (b'{"assistream": "export", "format": 2}', "this export has format 2, and this engine reads format 1"),
        (b'{"assistream": "export", "format": 1, "counts": []}', "its counts are no object"),
    ],
)
def test_no_header(line: bytes, says: str) -> None:
    with pytest.raises(Broken, match=says):
        read_header(line)


def thread(**more: Any) -> Document:
    return {"table": "threads", "moment": 1, "body": THREAD} | more


def piece(**more: Any) -> Document:
    return {"table": "pieces", "file_id": "file-1", "number": 0, "data": "YQ=="} | more


def event(**more: Any) -> Document:
    return {"table": "events"} | EVENT | more


def stored(**more: Any) -> Document:
    body = stores.file("vs_1", {"file_id": "file-1"})
    return {"table": "vector_store_files", "project": "default", "moment": 1, "body": body} | more


FILE = {"id": "file-1", "object": "file", "bytes": 1, "created_at": 1, "filename": "a", "purpose": "assistants"}


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([], "this is no JSON object"),
        ({}, "there is no table None"),
        (thread(table=["threads"]), r"there is no table \['threads'\]"),
        (thread(table="answers"), "there is no table 'answers'"),
        (thread(owner="me"), "threads have no 'owner'"),
        (thread(moment=None), "its moment must be a number, not None"),
        (thread(moment=True), "its moment must be a number, not True"),
        (thread(moment=1.5), r"its moment must be a number, not 1\.5"),
        (thread(moment=-1), "its moment is out of range"),
        (thread(moment=2**63), "its moment is out of range"),
        (thread(id="thread_other"), "its id is 'thread_other', and its body says 'thread_"),
        (thread(body=None), "its body is no object of threads"),
        (thread(body={"object": ["thread"]}), "its body is no object of threads"),
        (thread(body=ASSISTANT), "its body is no object of threads"),
        (thread(body={"object": "thread"}), r"body\.created_at: field required"),
        ({"table": "messages", "moment": 1, "status": IN_LINE, "body": MESSAGE}, "messages have no 'status'"),
        ({"table": "runs", "moment": 1, "status": "completed", "body": RUN}, "its status is 'completed'"),
        ({"table": "files", "moment": 1, "body": FILE | {"expires_at": "soon"}}, "its expires_at must be a number"),
        (
            {"table": "files", "moment": 1, "body": FILE | {"purpose": "\ud83d"}},
            "its purpose has half a surrogate pair",
        ),
        (piece(data="YQ"), "its data is not base64"),
        (piece(data="Y Q=="), "its data is not base64"),
        (piece(data=None), "its data is not base64"),
        (piece(file_id=7), "its file_id must be a text, not 7"),
        (piece(number="0"), "its number must be a number, not '0'"),
        (event(name="thread.x\nevent: done"), "there is no event"),
        (event(name=None), "there is no event None"),
        (event(data={}), "its data are no JSON as an engine writes it"),
        (event(data="{}\ndata: x"), "its data are no JSON as an engine writes it"),
        (event(data="[]"), "its data are no object of JSON"),
        (event(data="{"), "its data are no object of JSON"),
        (stored(entry=1), "vector_store_files have no 'entry'"),
        (stored(attempts=0), "vector_store_files have no 'attempts'"),
        (stored(project=None), "its project must be a text, not None"),
        (stored(status="completed"), "its status is 'completed', and its body says 'in_progress'"),
        ({"table": "vector_store_batched", "batch_id": "vsfb_1"}, "its file_id must be a text, not None"),
        (thread(moment=json.loads("[" * 250 + "]" * 250)), "nested in more than 200 levels"),
    ],
)
def test_what_cannot_be(values: object, says: str) -> None:
    with pytest.raises(Broken, match=says):
        read(json.dumps(values).encode())


@pytest.mark.parametrize(
    "line",
    [b'{"moment": NaN}', b'{"moment": 1e999}', b"{", b"\xff", b"[" * 100_000, b'{"moment": ' + b"9" * 5000 + b"}"],
)
def test_what_is_not_json(line: bytes) -> None:
    with pytest.raises(Broken, match="this is not JSON"):
        read(line)


def test_a_column_with_a_default_may_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = [sa.Column(name, THREADS.c[name].type, primary_key=name == "id") for name in ("id", "moment", "body")]
    team = sa.Column("team", sa.String, nullable=False, server_default="default")
    attempts = sa.Column("attempts", sa.Integer, nullable=False, server_default="0")
    later = sa.Table("threads", sa.MetaData(), *columns, team, attempts)
    for module, name in ((kept, "KEPT"), (tables, "TABLES")):
        known: dict[str, sa.Table] = getattr(module, name)
        monkeypatch.setitem(known, "threads" if name == "KEPT" else "thread", later)
    earlier = written(THREADS, {"moment": 1, "body": THREAD})
    assert read(earlier)[1][-2:] == ("default", 0)
    row = {"moment": 1, "body": THREAD, "team": "default", "attempts": 0}
    assert written(later, row) == earlier
    assert read(written(later, row | {"team": "ours", "attempts": 1}))[1][-2:] == ("ours", 1)


def test_what_an_engine_writes_is_read() -> None:
    for table, document in ((THREADS, THREAD), (ASSISTANTS, ASSISTANT), (RUNS, RUN), (FILES, FILE)):
        assert read(written(table, {"moment": 1, "body": document}))[0] is table
