"""Questions that files answer: uploaded, indexed, searched and cited, by programs that know nothing of the engine."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import anyio
import pytest

from assistream import AssistantEventHandler, AsyncClient, Client
from assistream.engine import Engine, ModelRequest, Scripted, calls, says, uses
from assistream.engine.models import Turn
from assistream.engine.vector_stores import Hit, Library
from assistream.testing import ScriptedServer
from assistream.types import FileSearchToolCall, Message, RunStep, ToolCallsStepDetails
from tests.engine.conftest import Api, Json, calls_of, names, path_of
from tests.engine.test_leg import last

FOODS = b"Ann likes tacos. Filip's favorite food is cake. Eve likes pizza."
CITIES = b"Oslo is the capital of Norway. Bergen is known for its rain."
QUESTION = "What is Filip's favorite food?"
CAKE = "Filip's favorite food is cake【0:0†foods.txt】."
SEARCH: Any = [{"type": "file_search"}]
INCLUDE: Any = ["step_details.tool_calls[*].file_search.results[*].content"]


@pytest.fixture
def client() -> Generator[Client]:
    with Client.embedded() as embedded:
        yield embedded


def store_of(client: Client, *files: tuple[str, bytes]) -> str:
    """A vector store that has these files, indexed."""
    store = client.beta.vector_stores.create(name="test")
    client.beta.vector_stores.file_batches.upload_and_poll(store.id, files=files)
    return store.id


def both(client: Client) -> str:
    return store_of(client, ("foods.txt", FOODS), ("cities.txt", CITIES))


def searcher(client: Client, store_id: str) -> str:
    resources: Any = {"file_search": {"vector_store_ids": [store_id]}}
    return client.beta.assistants.create(model="any", tools=SEARCH, tool_resources=resources).id


class Witness(AssistantEventHandler):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self.annotations: list[Any] = []

    def on_tool_call_created(self, tool_call: Any) -> None:
        self.told.append(f"created {tool_call.type} {len(tool_call.file_search.results)}")

    def on_tool_call_delta(self, delta: Any, snapshot: Any) -> None:
        self.told.append(f"delta {delta.type}")

    def on_tool_call_done(self, tool_call: Any) -> None:
        self.told.append(f"done {tool_call.type} {len(tool_call.file_search.results)}")

    def on_text_delta(self, delta: Any, snapshot: Any) -> None:
        self.annotations += [(snapshot.value, one) for one in delta.annotations or ()]


def results_of(step: RunStep) -> Sequence[Any]:
    assert isinstance(step.step_details, ToolCallsStepDetails)
    [call] = step.step_details.tool_calls
    assert isinstance(call, FileSearchToolCall)
    return call.file_search.results or []


def is_cited(message: Message) -> None:
    [block] = message.content
    assert block.type == "text"
    [annotation] = block.text.annotations
    assert annotation.type == "file_citation"
    assert (annotation.text, annotation.start_index, annotation.end_index) == ("【0:0†foods.txt】", 29, 44)
    assert block.text.value == CAKE


def test_a_program(client: Client) -> None:
    assistant_id = searcher(client, both(client))
    thread = client.beta.threads.create(messages=[{"role": "user", "content": QUESTION}])
    witness = Witness()
    with client.beta.threads.runs.create_and_stream(
        thread.id, assistant_id=assistant_id, include=INCLUDE, event_handler=witness
    ) as stream:
        stream.until_done()
        [message] = stream.get_final_messages()
        searched, written = stream.get_final_run_steps()
    is_cited(message)
    assert witness.told == ["created file_search 0", "done file_search 1"]
    [(value, annotation)] = witness.annotations
    assert value[annotation.start_index : annotation.end_index] == annotation.text
    [first] = results_of(searched)
    assert (first.file_name, "cake" in first.content[0].text) == ("foods.txt", True)
    assert 0 < first.score <= 1
    assert annotation.file_citation.file_id == first.file_id
    assert client.files.retrieve(first.file_id).filename == "foods.txt"
    assert written.step_details.type == "message_creation"


def test_steps_tell_what_was_found_to_who_asks(client: Client) -> None:
    assistant_id = searcher(client, both(client))
    thread = client.beta.threads.create(messages=[{"role": "user", "content": QUESTION}])
    run = client.beta.threads.runs.create_and_poll(thread.id, assistant_id=assistant_id)
    steps = client.beta.threads.runs.steps
    for include, tells in (({}, False), ({"include": INCLUDE}, True)):
        listed = next(iter(steps.list(run.id, thread_id=thread.id, order="asc", **include)))
        one = steps.retrieve(listed.id, thread_id=thread.id, run_id=run.id, **include)
        for step in (listed, one):
            assert [bool(result.content) for result in results_of(step)] == [tells]


@pytest.mark.anyio
async def test_an_asynchronous_program() -> None:
    async with AsyncClient.embedded() as client:
        store = await client.beta.vector_stores.create()
        await client.beta.vector_stores.files.upload_and_poll(vector_store_id=store.id, file=("foods.txt", FOODS))
        resources: Any = {"file_search": {"vector_store_ids": [store.id]}}
        assistant = await client.beta.assistants.create(model="any", tools=SEARCH, tool_resources=resources)
        thread: Any = {"messages": [{"role": "user", "content": QUESTION}]}
        async with client.beta.threads.create_and_run_stream(assistant_id=assistant.id, thread=thread) as stream:
            text = "".join([piece async for piece in stream.text_deltas])
            [message] = await stream.get_final_messages()
    assert text == CAKE
    is_cited(message)


def test_a_file_that_was_attached_to_the_question(client: Client) -> None:
    """The run waits until the file can be found."""
    assistant = client.beta.assistants.create(model="any", tools=SEARCH)
    file = client.files.create(file=("foods.txt", FOODS), purpose="assistants")
    attachments: Any = [{"file_id": file.id, "tools": SEARCH}]
    messages: Any = [{"role": "user", "content": QUESTION, "attachments": attachments}]
    thread = client.beta.threads.create(messages=messages)
    with client.beta.threads.runs.create_and_stream(thread.id, assistant_id=assistant.id) as stream:
        is_cited(stream.get_final_messages()[0])


def test_the_stores_of_assistant_and_thread_are_searched(client: Client) -> None:
    assistant_id = searcher(client, store_of(client, ("foods.txt", FOODS)))
    resources: Any = {"file_search": {"vector_store_ids": [store_of(client, ("cities.txt", CITIES))]}}
    thread = client.beta.threads.create(tool_resources=resources)
    for question, name in ((QUESTION, "foods.txt"), ("What is Bergen known for?", "cities.txt")):
        client.beta.threads.messages.create(thread.id, role="user", content=question)
        with client.beta.threads.runs.create_and_stream(thread.id, assistant_id=assistant_id) as stream:
            assert f"†{name}】" in "".join(stream.text_deltas)


def test_without_any_store_nothing_is_found(client: Client) -> None:
    assistant = client.beta.assistants.create(model="any", tools=SEARCH)
    thread = client.beta.threads.create(messages=[{"role": "user", "content": QUESTION}])
    with client.beta.threads.runs.create_and_stream(thread.id, assistant_id=assistant.id) as stream:
        assert "".join(stream.text_deltas) == "I found nothing about that in your files."


def test_a_script_of_the_testing_kit_searches() -> None:
    with ScriptedServer(calls(file_search={"queries": ["Filip"]}), "Cake【0:0†foods.txt】.") as server:
        with server.client() as client:
            assistant_id = searcher(client, both(client))
            thread = client.beta.threads.create(messages=[{"role": "user", "content": QUESTION}])
            with client.beta.threads.runs.create_and_stream(thread.id, assistant_id=assistant_id) as stream:
                [message] = stream.get_final_messages()
                searched, _ = stream.get_final_run_steps()
        server.assert_done()
        assert "cake" in server.requests[-1].messages[-1].text
    assert [result.file_name for result in results_of(searched)] == ["foods.txt"]
    [block] = message.content
    assert block.type == "text"
    assert len(block.text.annotations) == 1


def test_a_function_beside_it_is_run_by_the_program() -> None:
    """The tool loop answers functions, and knows nothing of what the engine answers."""

    def get_weather(city: str) -> str:
        """The weather in a city."""
        return f"rain in {city}"

    turn = calls(file_search={"queries": ["Filip"]}, get_weather={"city": "Oslo"})
    with Client.embedded(model=Scripted([turn, "Cake【0:0†foods.txt】, and rain."])) as client:
        assistant_id = searcher(client, both(client))
        thread = client.beta.threads.create(messages=[{"role": "user", "content": QUESTION}])
        tools: Any = [*SEARCH, get_weather]
        with client.beta.threads.runs.create_and_stream(thread.id, assistant_id=assistant_id, tools=tools) as stream:
            assert "".join(stream.text_deltas) == "Cake【0:0†foods.txt】, and rain."
            assert stream.get_final_run().status == "completed"


class TestOverHTTP:
    def searched(self, api: Api, *files: bytes, **settings: Any) -> Json:
        """An assistant with a store of these files."""
        store = api.post("/vector_stores")
        for number, data in enumerate(files):
            file = api.upload(data, f"{number}.txt")
            added = api.post(f"/vector_stores/{store['id']}/files", {"file_id": file["id"]})
            while added["status"] == "in_progress":
                added = api.get(f"/vector_stores/{store['id']}/files/{file['id']}")
            assert added["status"] == "completed", added
        resources = {"file_search": {"vector_store_ids": [store["id"]]}}
        return api.assistant(**{"tools": SEARCH, "tool_resources": resources} | settings)

    def results(self, api: Api, run: Json) -> list[Json]:
        steps: list[Json] = api.get(f"{path_of(run)}/steps", order="asc")["data"]
        found: list[Json] = steps[0]["step_details"]["tool_calls"][0]["file_search"]["results"]
        return found

    @pytest.mark.parametrize(("settings", "count"), [({}, 3), ({"max_num_results": 2}, 2)])
    def test_settings(self, connect: Callable[[Engine], Api], settings: Json, count: int) -> None:
        with Engine() as engine:
            api = connect(engine)
            tools = [{"type": "file_search", "file_search": settings}] if settings else SEARCH
            assistant = self.searched(api, b"Oslo one", b"Oslo two", b"Oslo three", tools=tools)
            run = api.run_stream(api.thread("Where is Oslo?"), assistant_id=assistant["id"])[-1].data
            assert len(self.results(api, run)) == count

    def test_a_store_that_is_gone_fails_the_run(self, connect: Callable[[Engine], Api]) -> None:
        with Engine() as engine:
            api = connect(engine)
            assistant = self.searched(api, FOODS)
            store_id = assistant["tool_resources"]["file_search"]["vector_store_ids"][0]
            api.delete(f"/vector_stores/{store_id}")
            events = api.run_stream(api.thread(QUESTION), assistant_id=assistant["id"])
            assert names(events)[-1] == "run.failed"
            assert events[-1].data["last_error"]["code"] == "server_error"
            assert store_id in events[-1].data["last_error"]["message"]

    def test_after_a_restart_what_was_found_is_known(self, connect: Callable[[Engine], Api], tmp_path: Path) -> None:
        with Engine(tmp_path / "db") as engine:
            api = connect(engine)
            assistant = self.searched(api, FOODS)
            run = api.run_stream(api.thread(QUESTION), assistant_id=assistant["id"])[-1].data
        model = Scripted([says("As I said, cake【0:0†0.txt】.")])
        with Engine(tmp_path / "db", model=model) as engine:
            api = connect(engine)
            events = api.run_stream({"id": run["thread_id"]}, assistant_id=assistant["id"])
            found = self.results(api, run)[0]["file_id"]
        [told] = [message.text for message in model.requests[0].messages if message.role == "tool"]
        assert "Filip's favorite food is cake." in told
        [annotation] = last(events, "message.completed")["content"][0]["text"]["annotations"]
        assert annotation["file_citation"] == {"file_id": found}

    def test_cancelled_during_a_search(self, connect: Callable[[Engine], Api], monkeypatch: pytest.MonkeyPatch) -> None:
        begun, let_go = threading.Event(), threading.Event()

        async def search(library: Library, *args: Any, **settings: Any) -> list[Hit]:
            begun.set()
            try:
                await anyio.sleep_forever()
            finally:
                let_go.set()
            raise AssertionError

        with Engine() as engine:
            api = connect(engine)
            assistant = self.searched(api, FOODS)
            monkeypatch.setattr(Library, "search", search)
            run = api.run(api.thread(QUESTION), assistant_id=assistant["id"])
            assert begun.wait(10)
            api.post(f"{path_of(run)}/cancel")
            assert api.finished(run)["status"] == "cancelled"
            assert let_go.is_set()
            [step] = api.get(f"{path_of(run)}/steps")["data"]
            assert step["status"] == "cancelled"

    def test_a_mixed_turn(self, connect: Callable[[Engine], Api]) -> None:
        turn = calls(file_search={"queries": ["Filip"]}, get_weather={"city": "Oslo"}) + uses(10, 5)
        model = Scripted([turn, says("Cake【0:0†0.txt】, and sun.", usage=(20, 5))])
        function = {"type": "function", "function": {"name": "get_weather"}}
        with Engine(model=model) as engine:
            api = connect(engine)
            assistant = self.searched(api, FOODS, tools=[*SEARCH, function])
            waiting = api.run_stream(api.thread(QUESTION), assistant_id=assistant["id"])[-1].data
            assert [call["function"]["name"] for call in calls_of(waiting)] == ["get_weather"]
            events = api.submit(waiting)
            assert len(self.results(api, waiting)) == 1
        assert events[-1].data["usage"]["total_tokens"] == 40
        assert len(last(events, "message.completed")["content"][0]["text"]["annotations"]) == 1

    def test_a_budget(self, connect: Callable[[Engine], Api]) -> None:
        model = Scripted([calls(file_search={"queries": ["Filip"]}) + uses(300, 5), "Cake"])
        with Engine(model=model) as engine:
            api = connect(engine)
            assistant = self.searched(api, FOODS)
            events = api.run_stream(api.thread(QUESTION), assistant_id=assistant["id"], max_prompt_tokens=256)
        assert events[-1].data["incomplete_details"] == {"reason": "max_prompt_tokens"}

    def test_version_one(self, connect: Callable[[Engine], Api]) -> None:
        with Engine() as engine:
            api = connect(engine)
            file_id, old = api.upload(FOODS, "foods.txt")["id"], api.v1()
            settings = {"tools": [{"type": "retrieval"}], "file_ids": [file_id]}
            assistant = old.post("/assistants", {"model": "any"} | settings)
            events = old.run_stream(old.thread(QUESTION), assistant_id=assistant["id"])
            made = next(event.data for event in events if event.name == "thread.run.step.completed")
        [call] = made["step_details"]["tool_calls"]
        assert call == {"id": call["id"], "type": "retrieval", "retrieval": {}}
        [annotation] = last(events, "message.completed")["content"][0]["text"]["annotations"]
        assert annotation["file_citation"] == {"file_id": file_id, "quote": ""}

    def test_many_runs_at_once(self, connect: Callable[[Engine], Api]) -> None:
        def answers(request: ModelRequest) -> Turn | str:
            asked = request.messages[-1]
            return asked.text[-30:] if asked.role == "tool" else calls(file_search={"queries": [asked.text]})

        with Engine(model=Scripted(answers)) as engine:
            api = connect(engine)
            assistant = self.searched(api, FOODS, CITIES)
            runs = [api.run(api.thread(f"{word}?"), assistant_id=assistant["id"]) for word in ("Filip", "Bergen") * 10]
            assert {api.finished(run)["status"] for run in runs} == {"completed"}


def test_nothing_of_a_search_is_in_the_log_that_was_not_asked_for(
    connect: Callable[[Engine], Api], tmp_path: Path
) -> None:
    with Engine(tmp_path / "db") as engine:
        api = connect(engine)
        assistant = TestOverHTTP().searched(api, b"Oslo is big. A secret word: xylophone.")
        api.run_stream(api.thread("Is Oslo big?"), assistant_id=assistant["id"])
    with closing(sqlite3.connect(tmp_path / "db")) as database:
        told = "".join(row[0] for row in database.execute("SELECT data FROM events"))
        kept = "".join(row[0] for row in database.execute("SELECT body FROM steps"))
    assert "xylophone" not in told
    assert "xylophone" in kept
