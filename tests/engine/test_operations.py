"""Every operation that the engine serves, by the real client, in both versions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistream import BadRequestError, Client, NotFoundError
from assistream.engine import Engine, Scripted, calls, says
from assistream.types import Run
from tests.engine.conftest import Json

TOOL: Json = {"type": "function", "function": {"name": "f"}}


@pytest.fixture
def engine() -> Iterator[Engine]:
    """A model that calls the function, and then answers."""
    with Engine(model=Scripted([calls(f={}), says("Done.")] * 2)) as engine:
        yield engine


@pytest.fixture(params=["v1", "v2"])
def client(engine: Engine, request: pytest.FixtureRequest) -> Iterator[Client]:
    version = request.param
    with Client(base_url=engine.base_url, api_key="", max_retries=0, assistants_version=version) as client:
        yield client


def waiting(client: Client, assistant_id: str, thread_id: str) -> Run:
    run = client.beta.threads.runs.create_and_poll(thread_id, assistant_id=assistant_id, poll_interval_ms=1)
    assert run.status == "requires_action"
    return run


def test_assistants(client: Client) -> None:
    assistants = client.beta.assistants
    made = assistants.create(model="any", name="Ada")
    assert assistants.retrieve(made.id).name == "Ada"
    assert assistants.update(made.id, name="Grace").name == "Grace"
    assert [one.name for one in assistants.list()] == ["Grace"]
    assert assistants.delete(made.id).deleted
    with pytest.raises(NotFoundError, match="No assistant found with id"):
        assistants.retrieve(made.id)


def test_threads_and_messages(client: Client) -> None:
    threads = client.beta.threads
    thread = threads.create(metadata={"a": "b"})
    assert threads.retrieve(thread.id) == thread
    assert threads.update(thread.id, metadata={}).metadata == {}
    assert [one.id for one in threads.list()] == [thread.id]
    message = threads.messages.create(thread.id, role="user", content="Hi")
    assert threads.messages.retrieve(message.id, thread_id=thread.id) == message
    assert threads.messages.update(message.id, thread_id=thread.id, metadata={"c": "d"}).metadata == {"c": "d"}
    assert [one.id for one in threads.messages.list(thread.id)] == [message.id]
    assert threads.delete(thread.id).deleted
    with pytest.raises(NotFoundError, match="No thread found with id"):
        threads.messages.list(thread.id)


def test_runs_and_steps(client: Client) -> None:
    runs = client.beta.threads.runs
    assistant = client.beta.assistants.create(model="any", tools=[TOOL])  # type: ignore[list-item]  # built as a plain dict
    thread = client.beta.threads.create(messages=[{"role": "user", "content": "Hi"}])
    run = waiting(client, assistant.id, thread.id)
    assert runs.update(run.id, thread_id=thread.id, metadata={"a": "b"}).metadata == {"a": "b"}
    assert run.required_action
    outputs = [{"tool_call_id": call.id, "output": "1"} for call in run.required_action.submit_tool_outputs.tool_calls]
    with runs.submit_tool_outputs_stream(run.id, thread_id=thread.id, tool_outputs=outputs) as stream:  # type: ignore[arg-type]  # as above
        assert list(stream.text_deltas) == ["Done."]
    assert runs.retrieve(run.id, thread_id=thread.id).metadata == {"a": "b"}
    steps = runs.steps.list(run.id, thread_id=thread.id, order="asc").data
    assert [step.type for step in steps] == ["tool_calls", "message_creation"]
    assert runs.steps.retrieve(steps[0].id, run_id=run.id, thread_id=thread.id) == steps[0]
    second = waiting(client, assistant.id, thread.id)
    assert runs.cancel(second.id, thread_id=thread.id).status == "cancelling"
    assert runs.poll(second.id, thread_id=thread.id, poll_interval_ms=1).status == "cancelled"
    assert [one.id for one in runs.list(thread.id)] == [second.id, run.id]
    with pytest.raises(BadRequestError, match="Cannot cancel run with status 'cancelled'"):
        runs.cancel(second.id, thread_id=thread.id)


def test_deleting_a_message_is_version_2(engine: Engine) -> None:
    with Client(base_url=engine.base_url, api_key="") as client:
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "Hi"}])
        [message] = client.beta.threads.messages.list(thread.id)
        assert client.beta.threads.messages.delete(message.id, thread_id=thread.id).deleted


def test_files_of_messages_are_version_1(engine: Engine) -> None:
    with Client(base_url=engine.base_url, api_key="", assistants_version="v1") as client:
        file = client.files.create(file=b"content", purpose="assistants")
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "Hi", "file_ids": [file.id]}])
        [message] = client.beta.threads.messages.list(thread.id)
        files = client.beta.threads.messages.files
        [listed] = files.list(message.id, thread_id=thread.id)
        assert files.retrieve(file.id, thread_id=thread.id, message_id=message.id) == listed
