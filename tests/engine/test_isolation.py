"""Two projects on one engine: to each, what the other one has is not there. Every route is asked for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine as Database

from assistream.engine import Engine, Scripted, calls
from assistream.engine.driver import Connection
from assistream.engine.keys import KeyFile
from assistream.engine.projects import PROJECT
from assistream.engine.routes import ONLY, ROUTES
from assistream.engine.tables import KEYS, METADATA
from tests.engine.conftest import BETA, FUNCTION, Api, Json, outputs_for, path_of

UNOWNED = {
    "pieces": "of a file, which is found first",
    "events": "of a run, which is found first",
    "answers": "by a digest of the API key",
    "deliveries": "for webhooks, which are the engine's",
    "vector_store_batched": "of a batch, which is found first",
    "vector_store_entries": "of a file in a store, which is found first",
    "vector_store_chunks": "of such a file, too",
}
"""The tables that have no project, and why none of their rows is found by somebody else."""

ABSENT: Mapping[str, str] = {
    "assistant_id": "asst_absent",
    "thread_id": "thread_absent",
    "message_id": "msg_absent",
    "run_id": "run_absent",
    "step_id": "step_absent",
    "file_id": "file-absent",
    "vector_store_id": "vs_absent",
    "batch_id": "vsfb_absent",
}
"""By the names of the ids in paths; a new kind of object has its line here, and in `Project`."""

NOBODYS = frozenset({"/models", "/models/{model_id:path}"})
"""What belongs to the engine."""


@dataclass(frozen=True)
class Project:
    """A client of a project, and one object of each kind that it has made."""

    api: Api
    ids: Mapping[str, str]
    run: Json

    def asked(self, method: str, path: str, version: str = "v2", **request: Any) -> httpx.Response:
        headers = {"OpenAI-Beta": f"assistants={version}"}
        return self.api.client.request(method, path, headers=headers, **request)


def furnished(api: Api) -> Project:
    """A waiting run, with all that it needs; the file is one of the assistant, of the message and of a vector store."""
    file = api.upload()["id"]
    store = api.post("/vector_stores", {"name": "A store"})["id"]
    batch = api.post(f"/vector_stores/{store}/file_batches", {"file_ids": [file]})["id"]
    while api.get(f"/vector_stores/{store}")["status"] != "completed":
        pass
    api.post(f"/vector_stores/{store}/search", {"query": "Hello"})  # which opens what an engine reads stores with
    resources = {"code_interpreter": {"file_ids": [file]}}
    assistant = api.assistant(tools=[FUNCTION, {"type": "code_interpreter"}], tool_resources=resources)["id"]
    attachments = [{"file_id": file, "tools": [{"type": "code_interpreter"}]}]
    message = {"role": "user", "content": "Hello", "attachments": attachments}
    thread = api.post("/threads", {"messages": [message]})
    run = api.run_stream(thread, assistant_id=assistant)[-1].data
    assert run["status"] == "requires_action"
    [step] = api.get(f"{path_of(run)}/steps")["data"]
    [message] = api.get(f"/threads/{thread['id']}/messages")["data"]
    found = (assistant, thread["id"], message["id"], run["id"], step["id"], file, store, batch)
    return Project(api, dict(zip(ABSENT, found, strict=True)), run)


@contextmanager
def projects(path: Path, *names: str, **options: Any) -> Generator[list[Api]]:
    """A client of each project."""
    keys = [KeyFile(path).create(name, name)[1] for name in names]
    with ExitStack() as stack:
        engine = stack.enter_context(Engine(path, model=Scripted(lambda _: calls(get_weather={})), **options))
        yield [Api(stack.enter_context(connected(engine, key))) for key in keys]


def connected(engine: Engine, key: str) -> httpx.Client:
    return httpx.Client(base_url=engine.base_url, headers=BETA | {"Authorization": f"Bearer {key}"}, timeout=30)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[Project, Project]]:
    with projects(tmp_path_factory.mktemp("isolation") / "engine.db", "ours", "theirs", open_files=True) as (
        ours,
        theirs,
    ):
        yield furnished(ours), furnished(theirs)


def everything(project: Project) -> dict[str, Any]:
    """All that a project can read of itself."""
    found: dict[str, Any] = {}
    for path, views in ROUTES.items():
        if "GET" in views and path not in NOBODYS:
            answer = project.asked("GET", path.format(**project.ids), ONLY.get(views["GET"], "v2"))
            found[path] = (answer.status_code, answer.content)
    return found


def bodies(path: str, ids: Mapping[str, str], run: Json) -> Json:
    """What a POST says that would be accepted."""
    match path.rsplit("/", 1)[-1]:
        case "messages":
            return {"role": "user", "content": "More"}
        case "runs":
            return {"assistant_id": ids["assistant_id"]}
        case "submit_tool_outputs":
            return {"tool_outputs": outputs_for(run, "sunny")}
        case "files":
            return {"file_id": ids["file_id"]}
        case "file_batches":
            return {"file_ids": [ids["file_id"]]}
        case "search":
            return {"query": "Hello"}
        case "{file_id}":
            return {"attributes": {"a": "b"}}
        case _:
            return {}


def mixtures(path: str) -> Iterator[int]:
    """How many of the path's ids are one's own, the first ones, before those of somebody else."""
    yield from range(len(re.findall(r"\{", path)))


WITH_IDS = [
    pytest.param(method, path, own, id=f"{method} {path} {own}")
    for path, views in ROUTES.items()
    for method in views
    for own in mixtures(path)
    if path not in NOBODYS
]


@pytest.mark.parametrize(("method", "path", "own"), WITH_IDS)
def test_an_id_of_somebody_else_is_one_of_nothing(
    pair: tuple[Project, Project], method: str, path: str, own: int
) -> None:
    ours, theirs = pair
    version = ONLY.get(ROUTES[path][method], "v2")
    names = re.findall(r"\{(\w+)\}", path)
    answers: list[tuple[int, str]] = []
    before = everything(theirs)
    for others in (theirs.ids, ABSENT):
        ids = {name: ours.ids[name] if at < own else others[name] for at, name in enumerate(names)}
        request = {"json": bodies(path, ours.ids, theirs.run)} if method == "POST" else {}
        answer = ours.asked(method, path.format(**ids), version, **request)
        text = answer.text
        for name in names[own:]:
            text = text.replace(others[name], name)
        answers.append((answer.status_code, text))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404
    assert everything(theirs) == before


NAMED: list[tuple[str, str, Callable[[Mapping[str, str]], Json]]] = [
    ("/threads/{thread_id}/runs", "v2", lambda ids: {"assistant_id": ids["assistant_id"]}),
    ("/threads/runs", "v2", lambda ids: {"assistant_id": ids["assistant_id"]}),
    ("/assistants", "v2", lambda ids: {"model": "any", "tool_resources": resources(ids)}),
    ("/assistants", "v1", lambda ids: {"model": "any", "file_ids": [ids["file_id"]]}),
    ("/assistants/{assistant_id}", "v2", lambda ids: {"tool_resources": resources(ids)}),
    ("/assistants/{assistant_id}/files", "v1", lambda ids: {"file_id": ids["file_id"]}),
    ("/threads", "v2", lambda ids: {"tool_resources": resources(ids)}),
    ("/threads", "v2", lambda ids: {"messages": [attached(ids)]}),
    ("/threads/{thread_id}", "v2", lambda ids: {"tool_resources": resources(ids)}),
    ("/threads/{thread_id}/messages", "v2", lambda ids: attached(ids)),
    ("/threads/{thread_id}/messages", "v2", lambda ids: pictured(ids)),
    ("/threads/{thread_id}/messages", "v1", lambda ids: {"role": "user", "content": "a", "file_ids": [ids["file_id"]]}),
    ("/assistants", "v2", lambda ids: {"model": "any", "tool_resources": searched(ids)}),
    ("/assistants/{assistant_id}", "v2", lambda ids: {"tool_resources": searched(ids)}),
    ("/threads", "v2", lambda ids: {"tool_resources": searched(ids)}),
    ("/threads/{thread_id}", "v2", lambda ids: {"tool_resources": searched(ids)}),
    ("/threads", "v2", lambda ids: {"tool_resources": {"file_search": {"vector_stores": [filled(ids)]}}}),
    ("/vector_stores", "v2", lambda ids: filled(ids)),
    ("/vector_stores/{vector_store_id}/files", "v2", lambda ids: {"file_id": ids["file_id"]}),
    ("/vector_stores/{vector_store_id}/file_batches", "v2", lambda ids: filled(ids)),
]
"""Where a body names something by its id."""


def resources(ids: Mapping[str, str]) -> Json:
    return {"code_interpreter": {"file_ids": [ids["file_id"]]}}


def searched(ids: Mapping[str, str]) -> Json:
    return {"file_search": {"vector_store_ids": [ids["vector_store_id"]]}}


def filled(ids: Mapping[str, str]) -> Json:
    return {"file_ids": [ids["file_id"]]}


def attached(ids: Mapping[str, str]) -> Json:
    tools = [{"type": "code_interpreter"}]
    return {"role": "user", "content": "a", "attachments": [{"file_id": ids["file_id"], "tools": tools}]}


def pictured(ids: Mapping[str, str]) -> Json:
    return {"role": "user", "content": [{"type": "image_file", "image_file": {"file_id": ids["file_id"]}}]}


@pytest.mark.parametrize(("path", "version", "body"), NAMED)
def test_what_a_body_names_of_somebody_else_is_nothing(
    pair: tuple[Project, Project], path: str, version: str, body: Callable[[Mapping[str, str]], Json]
) -> None:
    ours, theirs = pair
    ids = dict(ours.ids)
    if path.endswith("/messages"):
        ids["thread_id"] = ours.api.thread("Hello")["id"]
    answers = [ours.asked("POST", path.format(**ids), version, json=body(one)) for one in (theirs.ids, ABSENT)]
    texts = [
        re.sub("|".join(one.values()), "an id", answer.text)
        for answer, one in zip(answers, (theirs.ids, ABSENT), strict=True)
    ]
    assert texts[0] == texts[1]
    assert [answer.status_code for answer in answers] == [404, 404]


LISTS = [path for path, views in ROUTES.items() if "GET" in views and "{" not in path and path not in NOBODYS]


@pytest.mark.parametrize("path", LISTS)
def test_lists_have_nothing_of_somebody_else(pair: tuple[Project, Project], path: str) -> None:
    ours, theirs = pair
    lists = [{one["id"] for one in project.api.get(path, limit=100)["data"]} for project in pair]
    assert all(lists)
    assert not lists[0] & lists[1]
    foreign = next(id for id in theirs.ids.values() if id in lists[1])
    refused = ours.asked("GET", path, params={"after": foreign})
    absent = ours.asked("GET", path, params={"after": "absent"})
    assert (refused.status_code, refused.text.replace(foreign, "absent")) == (404, absent.text)


def test_every_statement_of_a_request_says_whose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not what came of it, but how it was asked: of every table of objects, by project."""
    said: list[str] = []
    carry_out = Connection.carry_out

    def listen(_1: object, _2: object, statement: str, *_: object) -> None:
        if PROJECT.get() is not None:  # and not what the engine does by itself, such as indexing files
            said.append(statement)

    async def carried_out(connection: Connection, steps: Sequence[Any]) -> None:
        for step in steps:
            listen(None, None, getattr(step, "text", ""))
        await carry_out(connection, steps)

    monkeypatch.setattr(Connection, "carry_out", carried_out)

    with projects(tmp_path / "engine.db", "ours") as (api,):
        event.listen(Database, "before_cursor_execute", listen)
        try:
            everything(project := furnished(api))
            api.submit(project.run)
            api.post(f"/threads/{project.ids['thread_id']}", {"metadata": {"a": "b"}})
            api.delete(f"/files/{project.ids['file_id']}")
            api.delete(f"/assistants/{project.ids['assistant_id']}")
        finally:
            event.remove(Database, "before_cursor_execute", listen)
    owned = "|".join(table.name for table in METADATA.sorted_tables if "project" in table.c and table is not KEYS)
    about = [one for one in said if re.search(rf"\b(FROM|UPDATE|INTO) ({owned})\b", one)]
    assert len(about) > 50
    made = [one for one in about if one.startswith("INSERT")]
    assert [one for one in made if "project" not in one] == []
    assert [one for one in about if one not in made and ".project = ?" not in one] == []


def test_every_table_has_a_project_or_a_reason() -> None:
    assert {table.name for table in METADATA.sorted_tables if "project" not in table.c} == set(UNOWNED)


def test_keys_of_one_project_share_what_they_make(tmp_path: Path) -> None:
    path = tmp_path / "engine.db"
    KeyFile(path).create("first", "team")
    with projects(path, "other"):
        pass
    second = KeyFile(path).create("second", "team")[1]
    third = KeyFile(path).create("third", "team")[1]
    with Engine(path) as engine, connected(engine, second) as one, connected(engine, third) as another:
        thread = Api(one).thread("Hello")
        assert Api(another).get("/threads")["data"] == [thread]
        assert Api(another).delete(f"/threads/{thread['id']}")["deleted"]
        assert Api(one).get("/threads")["data"] == []


def test_the_engines_own_keys_are_of_the_default_project(tmp_path: Path) -> None:
    path = tmp_path / "engine.db"
    with Engine(path) as engine, httpx.Client(base_url=engine.base_url, headers=BETA) as client:
        thread = Api(client).thread("Before there were keys")
    stored, other = KeyFile(path).create("stored")[1], KeyFile(path).create("other", "other")[1]
    with Engine(path, api_key=["given", "given-too"]) as engine:
        seen: dict[str, list[str]] = {}
        for key in ("given", "given-too", stored, other):
            with connected(engine, key) as client:
                seen[key] = [one["id"] for one in Api(client).get("/threads")["data"]]
    assert seen == {"given": [thread["id"]], "given-too": [thread["id"]], stored: [thread["id"]], other: []}


def test_the_same_idempotency_key_is_another_one(tmp_path: Path) -> None:
    with projects(tmp_path / "engine.db", "ours", "theirs") as apis:
        made = [
            api.client.post("/threads", json={}, headers={"Idempotency-Key": "once"}).json()["id"]
            for api in apis
            for _ in range(2)
        ]
    assert made[0] == made[1] != made[2] == made[3]


def test_a_run_goes_on_for_its_project_with_the_next_engine(tmp_path: Path) -> None:
    path = tmp_path / "engine.db"
    with projects(path, "ours", "theirs") as apis:
        runs = [furnished(api).run for api in apis]
    keys = [KeyFile(path).rotate(name)[1] for name in ("ours", "theirs")]
    with Engine(path, model=Scripted(["Sunny."] * 2)) as engine:
        for key, run in zip(keys, runs, strict=True):
            with connected(engine, key) as client:
                api = Api(client)
                assert api.submit(run)[-1].data["status"] == "completed"
                messages = api.get(f"/threads/{run['thread_id']}/messages")["data"]
                assert [one["role"] for one in messages] == ["assistant", "user"]


def test_a_run_that_was_interrupted_ends_for_its_project(tmp_path: Path) -> None:
    """What its last leg wrote, and what the next engine writes of its end, is its project's."""
    path = tmp_path / "engine.db"
    with projects(path, "ours", run_ttl=1.0) as (api,):
        run = furnished(api).run
        expired = api.get(path_of(run))
        while expired["status"] == "requires_action":
            expired = api.get(path_of(run))
        assert expired["status"] == "expired"
        steps = api.get(f"{path_of(run)}/steps")["data"]
    assert [one["status"] for one in steps] == ["expired"]


def test_a_picture_of_somebody_else_is_shown_to_no_model(tmp_path: Path) -> None:
    """The last line of defence: a leg itself sees its project only, whatever was written into a thread."""
    path, model = tmp_path / "engine.db", Scripted(["What a picture."] * 2)
    keys = [KeyFile(path).create(name, name)[1] for name in ("ours", "theirs")]
    with Engine(path, model=model) as engine, connected(engine, keys[0]) as one, connected(engine, keys[1]) as other:
        ours, theirs = Api(one), Api(other)
        picture = theirs.upload(b"\x89PNG\r\n\x1a\n", "a.png", purpose="vision")["id"]
        thread = theirs.post("/threads", {"messages": [pictured({"file_id": picture})]})
        theirs.run_stream(thread)
        assert "data:image/png" in str(model.requests[-1].messages)
        mine = ours.post("/threads", {"messages": [{"role": "user", "content": "a"}]})
        with sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool).begin() as connection:
            moved = "UPDATE messages SET thread_id = ?, project = 'ours' WHERE thread_id = ? AND run_id IS NULL"
            connection.exec_driver_sql(moved, (mine["id"], thread["id"]))
        ours.run_stream(mine)
        assert f"[The image {picture} cannot be shown.]" in str(model.requests[-1].messages)
