"""Runs whose models call built-in tools: what is sent, in which order, and what becomes of it."""

from __future__ import annotations

import logging
import math
import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Protocol

import anyio
import pytest

from assistream.engine import Engine, Scripted, calls, says, uses
from assistream.engine.builtin import Answer, BadCall, Broken, BuiltIn, Job
from assistream.engine.draft import MANY
from assistream.engine.leg import TURNS
from assistream.engine.lifecycle import Document
from assistream.engine.models import Turn, call
from assistream.engine.recall import BRIEF
from tests.engine.builtin.fakes import CODE, RESULT, SEARCH, Equipped, Fake, echoes, finds
from tests.engine.conftest import FUNCTION, Api, Json, calls_of, names, path_of
from tests.engine.test_draft import deltas, entries
from tests.engine.test_leg import BEGUN, STEP, TEXT, last

TOOLS = [SEARCH, CODE, FUNCTION]
SEARCHES = [*STEP, "run.step.delta", "run.step.completed"]


class Equip(Protocol):
    def __call__(self, *tools: BuiltIn, model: Scripted, **options: Any) -> Api: ...


@pytest.fixture
def equip(connect: Callable[[Engine], Api]) -> Generator[Equip]:
    """``equip(tool, model=Scripted([...]))``: an engine with these tools."""
    with ExitStack() as stack:

        def start(*tools: BuiltIn, model: Scripted, **options: Any) -> Api:
            return connect(stack.enter_context(Equipped(*tools, model=model, **options)))

        yield start


def search() -> Fake:
    return Fake("file_search", finds)


def steps(api: Api, run: Json) -> list[Json]:
    data: list[Json] = api.get(f"{path_of(run)}/steps", order="asc", limit=100)["data"]
    return data


def tool_calls(step: Json) -> list[Json]:
    made: list[Json] = step["step_details"]["tool_calls"]
    return made


def test_a_search_is_one_delta_and_its_results_come_with_the_step(equip: Equip) -> None:
    api = equip(search(), model=Scripted([call("file_search", {"queries": ["a"]}, id="call_1"), "Done"]))
    events = api.run_stream(tools=TOOLS)
    assert names(events) == [*BEGUN, *SEARCHES, *TEXT, "run.completed"]
    assert entries(events) == [{"index": 0, "id": "call_1", "type": "file_search", "file_search": {"results": []}}]
    result = {key: value for key, value in RESULT.items() if key != "content"}
    found = {"id": "call_1", "type": "file_search", "file_search": {"results": [result]}}
    step = next(event.data for event in events if event.name == "thread.run.step.completed")
    assert tool_calls(step) == [found]
    assert tool_calls(steps(api, events[-1].data)[0]) == [found]


def test_code_is_sent_as_it_is_written_and_its_outputs_as_they_come(equip: Equip) -> None:
    turn = call("code_interpreter", {"code": 'print("ä\n😀")'}, id="call_1", size=7)
    api = equip(Fake("code_interpreter", echoes), model=Scripted([turn, "Done"]))
    events = api.run_stream(tools=TOOLS)
    first, *inputs, output = entries(events)
    body: Json = {"input": "", "outputs": []}
    assert first == {"index": 0, "id": "call_1", "type": "code_interpreter", "code_interpreter": body}
    assert all(one.keys() == {"index", "type", "code_interpreter"} for one in inputs)
    code = "".join(one["code_interpreter"]["input"] for one in inputs)
    assert code == 'print("ä\n😀")'
    assert len(inputs) > 2
    assert output["code_interpreter"] == {"outputs": [{"index": 0, "type": "logs", "logs": code}]}
    [made] = tool_calls(steps(api, events[-1].data)[0])
    assert made["code_interpreter"] == {"input": code, "outputs": [{"type": "logs", "logs": code}]}


def test_the_model_is_told_of_the_tools_and_of_what_they_answered(equip: Equip) -> None:
    model = Scripted([call("file_search", {"queries": ["a"]}, id="call_1"), "Done"])
    equip(search(), Fake("code_interpreter", echoes), model=model).run_stream(tools=TOOLS)
    first, second = model.requests
    assert [tool["function"]["name"] for tool in first.tools] == ["get_weather", "file_search", "code_interpreter"]
    assert first.built_in == {"file_search": "file_search", "code_interpreter": "code_interpreter"}
    asked, told = second.messages[-2:]
    assert [(made.id, made.name, made.arguments) for made in asked.tool_calls] == [
        ("call_1", "file_search", '{"queries": ["a"]}')
    ]
    assert (told.role, told.tool_call_id, told.text) == ("tool", "call_1", "Found: So 【0:0†notes.txt】")


def test_a_function_of_the_same_name_keeps_it(equip: Equip) -> None:
    function = {"type": "function", "function": {"name": "file_search", "parameters": {"type": "object"}}}
    model = Scripted([calls(builtin_file_search={}, file_search={})])
    events = equip(search(), model=model).run_stream(tools=[SEARCH, function])
    assert [tool["function"]["name"] for tool in model.requests[0].tools] == ["file_search", "builtin_file_search"]
    assert [entry["type"] for entry in entries(events) if "id" in entry] == ["file_search", "function"]
    assert [made["function"]["name"] for made in calls_of(events[-1].data)] == ["file_search"]


def test_tokens_of_all_turns_count(equip: Equip) -> None:
    model = Scripted([calls(file_search={}) + uses(10, 5), says("Done", usage=(20, 2))])
    api = equip(search(), model=model)
    run = api.run_stream(tools=TOOLS)[-1].data
    assert run["usage"] == {"prompt_tokens": 30, "completion_tokens": 7, "total_tokens": 37}
    assert [step["usage"]["total_tokens"] for step in steps(api, run)] == [15, 22]


@pytest.mark.parametrize("budget", [{"max_prompt_tokens": 10}, {"max_completion_tokens": 5}])
def test_a_budget_that_is_spent_ends_the_run_before_the_tool_is_asked(equip: Equip, budget: Json) -> None:
    tool = search()
    model = Scripted([calls(file_search={}) + uses(10, 5), "Done"])
    events = equip(tool, model=model).run_stream(tools=TOOLS, **budget)
    assert names(events)[-2:] == ["run.step.completed", "run.incomplete"]
    assert events[-1].data["incomplete_details"] == {"reason": next(iter(budget))}
    assert tool.jobs == []


def test_what_is_left_of_a_budget_is_for_the_next_turn(equip: Equip) -> None:
    model = Scripted([calls(file_search={}) + uses(10, 5), "Done"])
    equip(search(), model=model).run_stream(tools=TOOLS, max_completion_tokens=100)
    assert [request.max_completion_tokens for request in model.requests] == [100, 95]


def test_a_leg_ends_although_the_model_would_search_for_ever(equip: Equip) -> None:
    model = Scripted(lambda request: "Enough" if request.tool_choice == "none" else calls(file_search={}))
    api = equip(search(), model=model)
    run = api.run_stream(tools=TOOLS)[-1].data
    assert run["status"] == "completed"
    assert len(model.requests) == TURNS == len(steps(api, run))


def test_a_model_that_knows_no_end_fails(equip: Equip) -> None:
    run = equip(search(), model=Scripted(lambda request: calls(file_search={}))).run_stream(tools=TOOLS)[-1].data
    assert run["status"] == "failed"
    assert "allows no calls" in run["last_error"]["message"]


FOUND = "step_details.tool_calls[*].file_search.results[*].content"


class TestInclude:
    """Results word for word, for who asks for them."""

    def results(self, steps: list[Json]) -> list[bool]:
        return ["content" in result for step in steps for result in tool_calls(step)[0]["file_search"]["results"]]

    @pytest.mark.parametrize("name", ["include[]", "include"])
    def test_when_the_run_is_created(self, equip: Equip, name: str) -> None:
        api = equip(search(), model=Scripted([calls(file_search={}), calls(file_search={}), "Done"]))
        assistant = api.assistant(tools=TOOLS)
        path = f"/threads/{api.thread('Hello')['id']}/runs?{name}={FOUND}"
        events = api.stream(path, {"assistant_id": assistant["id"]})
        told = [event.data for event in events if event.name == "thread.run.step.completed"]
        assert self.results(told[:2]) == [True, True]
        run = events[-1].data
        assert "included" not in run
        made = steps(api, run)
        assert self.results(made[:2]) == [False, False]
        assert self.results([event.data for event in api.follow(run) if event.data["id"] == made[0]["id"]][-1:]) == [
            True
        ]

    def test_when_steps_are_read(self, equip: Equip) -> None:
        api = equip(search(), model=Scripted([calls(file_search={}), "Done"]))
        events = api.run_stream(tools=TOOLS)
        told = [event.data for event in events if event.name == "thread.run.step.completed"]
        assert self.results(told[:1]) == [False]
        path = f"{path_of(events[-1].data)}/steps"
        listed = api.get(path, order="asc", **{"include[]": FOUND})["data"]
        assert self.results(listed[:1]) == [True]
        one = f"{path}/{listed[0]['id']}"
        assert [self.results([api.get(one, **query)]) for query in ({}, {"include[]": FOUND})] == [[False], [True]]

    def test_anything_else_is_refused(self, equip: Equip) -> None:
        api = equip(model=Scripted([]))
        path = f"/threads/{api.thread('Hello')['id']}/runs?include[]=all"
        status, message = api.refused(path, {"assistant_id": api.assistant()["id"]})
        assert (status, message) == (400, f"Invalid value: 'all'. Supported values are: '{FOUND}'.")


class TestMixedTurns:
    TURN = calls(file_search={}, get_weather={"city": "Oslo"})

    def test_only_functions_are_asked_of_the_program(self, equip: Equip) -> None:
        model = Scripted([self.TURN, "Done"])
        tool = search()
        api = equip(tool, model=model)
        events = api.run_stream(tools=TOOLS)
        assert names(events) == [*BEGUN, *STEP, "run.step.delta", "run.requires_action"]
        assert [made["function"]["name"] for made in calls_of(events[-1].data)] == ["get_weather"]
        assert len(tool.jobs) == 1
        [step] = steps(api, events[-1].data)
        assert (step["status"], [made["type"] for made in tool_calls(step)]) == (
            "in_progress",
            ["file_search", "function"],
        )
        done = api.submit(events[-1].data)
        assert [made["type"] for made in tool_calls(done[0].data)] == ["file_search", "function"]
        assert tool_calls(done[0].data)[1]["function"]["output"] == "sunny"
        assert done[-1].data["status"] == "completed"
        roles = [(message.role, message.text) for message in model.requests[-1].messages[-3:]]
        assert roles == [("assistant", ""), ("tool", "Found: So 【0:0†notes.txt】"), ("tool", "sunny")]

    def test_after_a_restart(self, connect: Callable[[Engine], Api], tmp_path: Path) -> None:
        with Equipped(search(), path=tmp_path / "db", model=Scripted([self.TURN])) as engine:
            waiting = connect(engine).run_stream(tools=TOOLS)[-1].data
        model = Scripted([says(["So 【0:0†notes.txt】."])])
        with Equipped(search(), path=tmp_path / "db", model=model) as engine:
            events = connect(engine).submit(waiting)
        assert [message.role for message in model.requests[0].messages[-3:]] == ["assistant", "tool", "tool"]
        [annotation] = last(events, "message.completed")["content"][0]["text"]["annotations"]
        assert annotation["file_citation"] == {"file_id": "file-1"}

    def test_cancelled_while_it_waits(self, equip: Equip) -> None:
        api = equip(search(), model=Scripted([self.TURN]))
        waiting = api.run_stream(tools=TOOLS)[-1].data
        api.post(f"{path_of(waiting)}/cancel")
        assert api.finished(waiting)["status"] == "cancelled"
        [step] = steps(api, waiting)
        assert (step["status"], len(tool_calls(step)[0]["file_search"]["results"])) == ("cancelled", 1)


def test_text_before_and_after_a_call(equip: Equip) -> None:
    model = Scripted([says("Let me see.") + calls(file_search={}) + says("Wait."), "Done"])
    events = equip(search(), model=model).run_stream(tools=TOOLS)
    found = [event.data for event in events if event.name == "thread.message.completed"]
    assert [message["content"][0]["text"]["value"] for message in found] == ["Let me see.", "Wait.", "Done"]


def test_one_call_a_turn(equip: Equip) -> None:
    tool = search()
    model = Scripted([calls(file_search={}, get_weather={}), "Done"])
    run = equip(tool, model=model).run_stream(tools=TOOLS, parallel_tool_calls=False)[-1].data
    assert (run["status"], len(tool.jobs)) == ("completed", 1)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (SEARCH, {"type": "function", "function": {"name": "file_search"}}),
        (CODE, "auto"),
        ("required", "required"),
    ],
)
def test_a_tool_that_is_chosen_is_chosen_once(equip: Equip, choice: Any, expected: Any) -> None:
    model = Scripted([calls(file_search={}), "Done"])
    equip(search(), model=model).run_stream(tools=TOOLS, tool_choice=choice)
    assert [request.tool_choice for request in model.requests] == [expected, "auto"]


def test_a_tool_the_engine_has_not_is_not_offered(equip: Equip, caplog: pytest.LogCaptureFixture) -> None:
    model = Scripted(["Hello", "Hello"])
    api = equip(model=model)
    with caplog.at_level(logging.WARNING, "assistream.engine"):
        runs = [api.run_stream(tools=[CODE])[-1].data for _ in range(2)]
    assert [run["status"] for run in runs] == ["completed", "completed"]
    assert [list(request.tools) for request in model.requests] == [[], []]
    assert [record.message.split(",")[0] for record in caplog.records] == ["Runs ask for code_interpreter"]


def test_calls_that_are_not_allowed(equip: Equip) -> None:
    events = equip(search(), model=Scripted([calls(file_search={})])).run_stream(tools=TOOLS, tool_choice="none")
    assert names(events)[-2:] == ["run.in_progress", "run.failed"]


class TestWhatCanGoWrong:
    def test_more_calls_than_anybody_needs(self, equip: Equip) -> None:
        tool = search()
        model = Scripted([calls(*[("file_search", "{}")] * (MANY + 2)), "Done"])
        run = equip(tool, model=model).run_stream(tools=TOOLS)[-1].data
        assert (run["status"], len(tool.jobs)) == ("completed", MANY)
        told = [message.text for message in model.requests[-1].messages if message.role == "tool"]
        assert [text.startswith("Error: These are too many calls") for text in told] == [False] * MANY + [True] * 2

    def test_the_model_is_told_of_its_own_mistakes(self, equip: Equip) -> None:
        async def complains(job: Job) -> Answer:
            raise BadCall("there is no query")

        model = Scripted([calls(file_search={}), "Done"])
        run = equip(Fake("file_search", complains), model=model).run_stream(tools=TOOLS)[-1].data
        assert run["status"] == "completed"
        assert model.requests[-1].messages[-1].text == "Error: there is no query"

    @pytest.mark.parametrize("early", [True, False])
    def test_a_tool_that_cannot_work_fails_the_run(self, equip: Equip, early: bool) -> None:
        async def breaks(of: Job | Document) -> Any:
            raise Broken("The vector store vs_1 has expired.")

        tool = Fake("file_search", finds, breaks) if early else Fake("file_search", breaks)
        events = equip(tool, model=Scripted([calls(file_search={})])).run_stream(tools=TOOLS)
        ends = ["run.in_progress", "run.failed"] if early else ["run.step.failed", "run.failed"]
        assert names(events)[-2:] == ends
        error = {"code": "server_error", "message": "The vector store vs_1 has expired."}
        assert events[-1].data["last_error"] == error

    @pytest.mark.parametrize("error", [RuntimeError("a bug"), SystemExit(3)], ids=repr)
    def test_a_bug_fails_the_run_and_nothing_else(self, equip: Equip, error: BaseException) -> None:
        async def crashes(job: Job) -> Answer:
            raise error

        api = equip(Fake("file_search", crashes), model=Scripted([calls(file_search={}), "Hello"]))
        run = api.run_stream(tools=TOOLS)[-1].data
        assert run["status"] == "failed"
        assert "a bug" not in run["last_error"]["message"]
        assert api.run_stream()[-1].data["status"] == "completed"


class Held:
    """A tool that says something and then waits; it can be seen to be let go."""

    def __init__(self) -> None:
        self.begun, self.let_go = threading.Event(), threading.Event()

    async def __call__(self, job: Job) -> Answer:
        await job.say({"outputs": [{"index": 0, "type": "logs", "logs": "1"}]})
        await job.say({"outputs": [{"index": 0, "type": "logs", "logs": "2"}]})
        self.begun.set()
        try:
            await anyio.sleep(math.inf)
        finally:
            self.let_go.set()
        raise AssertionError


CODING: list[Turn | str] = [call("code_interpreter", {"code": "1"}), "Done"]
SAID: Json = {"input": "1", "outputs": [{"type": "logs", "logs": "12"}]}


class TestEndsInTheMiddle:
    def follow(self, api: Api, held: Held) -> Json:
        run = api.run(tools=TOOLS)
        assert held.begun.wait(10)
        return run

    def test_cancelled(self, equip: Equip) -> None:
        held = Held()
        api = equip(Fake("code_interpreter", held), model=Scripted(CODING))
        run = self.follow(api, held)
        api.post(f"{path_of(run)}/cancel")
        assert api.finished(run)["status"] == "cancelled"
        assert held.let_go.is_set()
        [step] = steps(api, run)
        assert (step["status"], tool_calls(step)[0]["code_interpreter"]) == ("cancelled", SAID)
        assert names(api.follow(run))[-3:] == ["run.cancelling", "run.step.cancelled", "run.cancelled"]

    def test_expired(self, equip: Equip) -> None:
        held = Held()
        api = equip(Fake("code_interpreter", held), model=Scripted(CODING), run_ttl=1)
        run = self.follow(api, held)
        assert api.finished(run)["status"] == "expired"
        assert held.let_go.is_set()

    def test_while_it_is_prepared(self, equip: Equip) -> None:
        begun = threading.Event()

        async def waits(run: Document) -> None:
            begun.set()
            await anyio.sleep(math.inf)

        model = Scripted(["Hello"])
        api = equip(Fake("file_search", finds, waits), model=model)
        run = api.run(tools=TOOLS)
        assert begun.wait(10)
        api.post(f"{path_of(run)}/cancel")
        assert api.finished(run)["status"] == "cancelled"
        assert model.requests == []

    def test_the_engine_closes(self, connect: Callable[[Engine], Api], tmp_path: Path) -> None:
        held = Held()
        with Equipped(Fake("code_interpreter", held), path=tmp_path / "db", model=Scripted(CODING)) as engine:
            run = self.follow(connect(engine), held)
        assert held.let_go.is_set()
        with Engine(tmp_path / "db") as engine:
            api = connect(engine)
            assert api.get(path_of(run))["status"] == "failed"
            [step] = steps(api, run)
        assert (step["status"], tool_calls(step)[0]["code_interpreter"]) == ("failed", SAID)


def test_an_engine_that_was_killed_while_a_tool_worked(connect: Callable[[Engine], Api], tmp_path: Path) -> None:
    """What is in the database at that moment is what a crash leaves."""
    held = Held()
    with Equipped(Fake("code_interpreter", held), path=tmp_path / "db", model=Scripted(CODING)) as engine:
        api = connect(engine)
        run = api.run(tools=TOOLS)
        assert held.begun.wait(10)
        while copied(tmp_path) < 4:
            pass
        api.post(f"{path_of(run)}/cancel")
        api.finished(run)
    with Engine(tmp_path / "copy") as engine:
        api = connect(engine)
        assert api.get(path_of(run))["last_error"]["message"].startswith("The engine was restarted")
        [step] = steps(api, run)
    assert (step["status"], tool_calls(step)[0]["code_interpreter"]) == ("failed", SAID)


def copied(directory: Path) -> int:
    """Copies the database as it is now; how many deltas it has."""
    with closing(sqlite3.connect(directory / "db")) as old, closing(sqlite3.connect(directory / "copy")) as new:
        old.backup(new)
        count: int = new.execute("SELECT count(*) FROM events WHERE name LIKE '%delta'").fetchone()[0]
    return count


class TestCitations:
    def test_marks_are_annotated(self, equip: Equip) -> None:
        text = ["So it is 【0", ":0†not", "es.txt】 and 【9:9†x】", "."]
        events = equip(search(), model=Scripted([calls(file_search={}), says(text)])).run_stream(tools=TOOLS)
        sent = [block["text"] for delta in deltas(events, "message") for block in delta["content"]]
        mark = {"text": "【0:0†notes.txt】", "start_index": 9, "end_index": 24, "type": "file_citation"}
        assert sent == [
            {"value": "So it is ", "annotations": []},
            {
                "value": "【0:0†notes.txt】",
                "annotations": [mark | {"index": 0, "file_citation": {"file_id": "file-1", "quote": ""}}],
            },
            {"value": " and 【9:9†x】"},
            {"value": "."},
        ]
        assert last(events, "message.completed")["content"][0]["text"] == {
            "value": "So it is 【0:0†notes.txt】 and 【9:9†x】.",
            "annotations": [mark | {"file_citation": {"file_id": "file-1"}}],
        }

    def test_what_is_held_back_is_said_when_the_run_ends(self, equip: Equip) -> None:
        model = Scripted([calls(file_search={}), says(["So 【0:"]) + Turn(finish="length")])
        events = equip(search(), model=model).run_stream(tools=TOOLS)
        message = last(events, "message.incomplete")
        assert message["content"][0]["text"]["value"] == "So 【0:"
        sent = [block["text"]["value"] for delta in deltas(events, "message") for block in delta["content"]]
        assert sent == ["So ", "【0:"]

    def test_what_earlier_runs_found_can_be_cited(self, equip: Equip) -> None:
        model = Scripted([calls(file_search={}), "Done", calls(file_search={}), "A 【0:0†a】 B 【1:0†a】"])
        api = equip(search(), model=model)
        run = api.run_stream(tools=TOOLS)[-1].data
        events = api.run_stream({"id": run["thread_id"]}, tools=TOOLS)
        found = last(events, "message.completed")["content"][0]["text"]["annotations"]
        assert [one["text"] for one in found] == ["【0:0†a】", "【1:0†a】"]

    def test_version_one(self, equip: Equip) -> None:
        model = Scripted([calls(file_search={}), "A 【0:0†a】"])
        api = equip(search(), model=model).v1()
        assistant = api.post("/assistants", {"model": "any", "instructions": "Help.", "tools": [{"type": "retrieval"}]})
        thread = api.post("/threads", {"messages": [{"role": "user", "content": "Hello"}]})
        events = api.run_stream(thread, assistant_id=assistant["id"])
        step = next(event.data for event in events if event.name == "thread.run.step.completed")
        assert [(made["type"], made["retrieval"]) for made in tool_calls(step)] == [("retrieval", {})]
        [annotation] = last(events, "message.completed")["content"][0]["text"]["annotations"]
        assert annotation["file_citation"] == {"file_id": "file-1", "quote": ""}


async def draws(job: Job) -> Answer:
    await job.say({"outputs": [{"index": 0, "type": "image", "image": {"file_id": "file-9"}}]})
    return Answer("[image]", sources={"sandbox:/mnt/data/a.csv": "file-8"})


def test_what_code_has_made_is_in_the_next_message(equip: Equip) -> None:
    said = says(["See ", "[it](sandbox:/mnt/data/", "a.csv)"])
    model = Scripted([calls(code_interpreter={"code": "1"}), said, "And?"])
    api = equip(Fake("code_interpreter", draws), model=model)
    events = api.run_stream(tools=TOOLS)
    image = {"type": "image_file", "image_file": {"file_id": "file-9"}}
    first, *others = deltas(events, "message")
    assert first["content"] == [
        {"index": 0} | image,
        {"index": 1, "type": "text", "text": {"value": "", "annotations": []}},
    ]
    assert others[0]["content"] == [{"index": 1, "type": "text", "text": {"value": "See "}}]
    shown, text = last(events, "message.completed")["content"]
    assert shown == image
    assert text["text"]["annotations"] == [
        {
            "type": "file_path",
            "text": "sandbox:/mnt/data/a.csv",
            "start_index": 9,
            "end_index": 32,
            "file_path": {"file_id": "file-8"},
        }
    ]
    api.run_stream({"id": events[-1].data["thread_id"]}, tools=TOOLS)
    # A model server takes no images of an assistant.
    assert model.requests[-1].messages[-1].text.startswith("[The image file-9]\nSee")


def test_later_runs_are_told_less(equip: Equip) -> None:
    async def talks(job: Job) -> Answer:
        return Answer("word " * 1000)

    model = Scripted([calls(file_search={}), "One", "Two"])
    api = equip(Fake("file_search", talks), model=model)
    run = api.run_stream(tools=TOOLS)[-1].data
    api.run_stream({"id": run["thread_id"]}, tools=TOOLS)
    first, second = (
        next(message.text for message in model.requests[number].messages if message.role == "tool") for number in (1, 2)
    )
    assert len(first) == 5000
    assert BRIEF <= len(second) <= BRIEF + 100
