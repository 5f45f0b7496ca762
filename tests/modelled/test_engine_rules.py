"""The engine's API against a simple model of its rules, with our own client over real HTTP.

Hypothesis makes up programs: assistants, threads, messages and runs are created, changed, listed with cursors,
answered, cancelled and deleted, in any order. Beside it stands a plain picture of what the engine must hold by then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from assistream import BadRequestError, Client, NotFoundError
from assistream.engine import Engine, Scripted, calls, says
from assistream.engine.models import ModelRequest

from .counts import times

FUNCTION: Any = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
HELP = "Help."
OVER = ("completed", "cancelled")


def model(request: ModelRequest) -> Any:
    """Calls as often as the last words of the user ask it to, and says them otherwise."""
    last = request.messages[-1]
    if last.role == "user" and last.text.startswith("call"):
        wanted: list[tuple[str, dict[str, Any]]] = [("f", {})] * len(last.text.split())
        return calls(*wanted)
    return says(last.text)


@dataclass
class AThread:
    id: str
    messages: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Id and text; of what the assistant says the id is not known before."""
    runs: dict[str, str] = field(default_factory=dict[str, str])
    waiting: list[str] = field(default_factory=list[str])
    metadata: dict[str, str] = field(default_factory=dict[str, str])
    is_there: bool = True

    @property
    def is_locked(self) -> bool:
        return "requires_action" in self.runs.values()

    @property
    def active(self) -> str:
        return next(id for id, status in self.runs.items() if status == "requires_action")


WORDS = st.sampled_from(["Hello", "call", "call call", "call call call", "ß 日本 😀", "\u2028", "x" * 500])
METADATA = st.dictionaries(st.sampled_from("abc"), st.text("xyz", max_size=3), max_size=2)


class Rules(RuleBasedStateMachine):
    """What a program does, and what must come of it."""

    threads = Bundle("threads")
    assistants = Bundle("assistants")
    client: Client

    def __init__(self) -> None:
        super().__init__()
        self.beta = self.client.beta
        self.names: dict[str, str] = {}
        self.gone: set[str] = set()
        self.mine: list[AThread] = []
        self.spare: str = self.beta.assistants.create(model="any", instructions=HELP, tools=[FUNCTION]).id

    # Assistants

    @rule(target=assistants, name=st.text("abc", max_size=3))
    def create_assistant(self, name: str) -> str:
        assistant = self.beta.assistants.create(model="any", name=name, instructions=HELP, tools=[FUNCTION])
        self.names[assistant.id] = name
        return assistant.id

    @rule(id=assistants, name=st.text("abc", max_size=3))
    def update_assistant(self, id: str, name: str) -> None:
        if id in self.gone:
            with pytest.raises(NotFoundError):
                self.beta.assistants.update(id, name=name)
        else:
            self.beta.assistants.update(id, name=name)
            self.names[id] = name

    @rule(id=assistants)
    def retrieve_assistant(self, id: str) -> None:
        if id in self.gone:
            with pytest.raises(NotFoundError):
                self.beta.assistants.retrieve(id)
        else:
            assert self.beta.assistants.retrieve(id).name == self.names[id]

    @rule(id=consumes(assistants), again=st.booleans())
    def delete_assistant(self, id: str, again: bool) -> None:
        if id not in self.gone:
            assert self.beta.assistants.delete(id).deleted
        self.gone.add(id)
        if again:
            with pytest.raises(NotFoundError):
                self.beta.assistants.delete(id)

    # Threads and messages

    @rule(target=threads, texts=st.lists(WORDS, max_size=3))
    def create_thread(self, texts: list[str]) -> AThread:
        messages: Any = [{"role": "user", "content": text} for text in texts]
        thread = AThread(self.beta.threads.create(messages=messages).id, [("", text) for text in texts])
        self.mine.append(thread)
        return thread

    @rule(thread=threads, metadata=METADATA)
    def update_thread(self, thread: AThread, metadata: dict[str, str]) -> None:
        if thread.is_there:
            thread.metadata = self.beta.threads.update(thread.id, metadata=metadata).metadata or {}
            assert thread.metadata == metadata
        else:
            with pytest.raises(NotFoundError):
                self.beta.threads.update(thread.id, metadata=metadata)

    @rule(thread=threads, text=WORDS)
    def add_message(self, thread: AThread, text: str) -> None:
        def create() -> str:
            return self.beta.threads.messages.create(thread.id, role="user", content=text).id

        if not thread.is_there:
            with pytest.raises(NotFoundError):
                create()
        elif thread.is_locked:
            with pytest.raises(BadRequestError, match="while a run"):
                create()
        else:
            thread.messages.append((create(), text))

    @rule(thread=threads, place=st.integers(0, 5))
    def delete_message(self, thread: AThread, place: int) -> None:
        known = [id for id, _ in thread.messages if id]
        if not thread.is_there or not known:
            return
        id = known[place % len(known)]
        assert self.beta.threads.messages.delete(id, thread_id=thread.id).deleted
        thread.messages = [message for message in thread.messages if message[0] != id]
        with pytest.raises(NotFoundError):
            self.beta.threads.messages.retrieve(id, thread_id=thread.id)

    @rule(thread=threads, limit=st.integers(1, 4), order=st.sampled_from(["asc", "desc"]))
    def list_messages(self, thread: AThread, limit: int, order: Any) -> None:
        """Page by page, as far as it goes."""
        if not thread.is_there:
            with pytest.raises(NotFoundError):
                self.beta.threads.messages.list(thread.id)
            return
        pages = self.beta.threads.messages.list(thread.id, limit=limit, order=order).iter_pages()
        listed = [list(page.data) for page in pages]
        assert all(len(page) == limit for page in listed[:-1])
        texts = [message.content[0].text.value for page in listed for message in page]  # type: ignore[union-attr] # texts
        expected = [text for _, text in thread.messages]
        assert texts == (expected if order == "asc" else expected[::-1])
        if listed[0]:
            first = listed[0][0]
            before = self.beta.threads.messages.list(thread.id, before=first.id, order=order)
            assert before.data == []

    @rule(thread=threads)
    def delete_thread(self, thread: AThread) -> None:
        if not thread.is_there:
            with pytest.raises(NotFoundError):
                self.beta.threads.delete(thread.id)
            return
        assert self.beta.threads.delete(thread.id).deleted
        thread.is_there = False
        for run in thread.runs:
            with pytest.raises(NotFoundError):
                self.beta.threads.runs.retrieve(run, thread_id=thread.id)

    # Runs

    @rule(thread=threads, assistant=assistants)
    def run_with_any_assistant(self, thread: AThread, assistant: str) -> None:
        if assistant in self.gone or not thread.is_there:
            with pytest.raises((NotFoundError, BadRequestError)):
                self.beta.threads.runs.create(thread.id, assistant_id=assistant)
        else:
            self.run(thread, assistant)

    @rule(thread=threads, streamed=st.booleans())
    def run_with_an_assistant(self, thread: AThread, streamed: bool) -> None:
        if thread.is_there:
            self.run(thread, self.spare, streamed=streamed)

    def run(self, thread: AThread, assistant: str, *, streamed: bool = False) -> None:
        runs = self.beta.threads.runs
        if thread.is_locked:
            with pytest.raises(BadRequestError, match="already has an active run"):
                runs.create(thread.id, assistant_id=assistant)
        elif streamed:
            with runs.create_and_stream(thread.id, assistant_id=assistant) as stream:
                self.ran(thread, stream.get_final_run())
        else:
            self.ran(thread, runs.create_and_poll(thread_id=thread.id, assistant_id=assistant, poll_interval_ms=2))

    def ran(self, thread: AThread, run: Any) -> None:
        """The model has said the last words again, or calls."""
        last = thread.messages[-1][1] if thread.messages else HELP
        if last.startswith("call") and not thread.waiting:
            wanted = run.required_action.submit_tool_outputs.tool_calls
            assert len(wanted) == len(last.split())
            thread.waiting = [call.id for call in wanted]
        assert run.status == ("requires_action" if thread.waiting else "completed")
        thread.runs[run.id] = run.status
        if run.status == "completed":
            self.answered(thread, last)

    def answered(self, thread: AThread, text: str) -> None:
        (latest,) = self.beta.threads.messages.list(thread.id, limit=1).data
        assert (latest.role, latest.content[0].text.value) == ("assistant", text)  # type: ignore[union-attr] # a text
        thread.messages.append((latest.id, text))

    @rule(thread=threads, order=st.randoms(use_true_random=False))
    def submit(self, thread: AThread, order: Any) -> None:
        if not thread.is_there or not thread.is_locked:
            return
        outputs: Any = [{"tool_call_id": id, "output": "seen"} for id in thread.waiting]
        order.shuffle(outputs)
        run = thread.active
        done = self.beta.threads.runs.submit_tool_outputs_and_poll(
            run, thread_id=thread.id, tool_outputs=outputs, poll_interval_ms=2
        )
        assert done.status == "completed"
        thread.waiting, thread.runs[run] = [], "completed"
        self.answered(thread, "seen")

    @rule(thread=threads, missing=st.booleans())
    def submit_what_is_not_wanted(self, thread: AThread, missing: bool) -> None:
        if not thread.is_there or not thread.runs:
            return
        run, status = list(thread.runs.items())[-1]
        ids = thread.waiting[1:] if missing and status == "requires_action" else ["call_nobody_made"]
        outputs: Any = [{"tool_call_id": id, "output": "seen"} for id in ids]
        with pytest.raises(BadRequestError):
            self.beta.threads.runs.submit_tool_outputs(run, thread_id=thread.id, tool_outputs=outputs)

    @rule(thread=threads)
    def cancel(self, thread: AThread) -> None:
        if not thread.is_there or not thread.runs:
            return
        run, status = list(thread.runs.items())[-1]
        if status in OVER:
            with pytest.raises(BadRequestError, match="Cannot cancel run"):
                self.beta.threads.runs.cancel(run, thread_id=thread.id)
        else:
            assert self.beta.threads.runs.cancel(run, thread_id=thread.id).status in ("cancelling", "cancelled")
            assert self.beta.threads.runs.poll(run, thread_id=thread.id, poll_interval_ms=2).status == "cancelled"
            thread.waiting, thread.runs[run] = [], "cancelled"

    @invariant()
    def runs_are_as_they_should_be(self) -> None:
        for thread in self.mine[-2:]:
            if thread.is_there:
                listed = self.beta.threads.runs.list(thread.id, order="asc", limit=100).data
                assert {run.id: run.status for run in listed} == thread.runs
                assert [run.id for run in listed] == list(thread.runs)
                assert self.beta.threads.retrieve(thread.id).metadata == thread.metadata


@pytest.fixture
def client() -> Iterator[Client]:
    with Engine(model=Scripted(model)) as engine, Client(base_url=engine.base_url, api_key="test") as client:
        yield client


def test_the_rules(client: Client) -> None:
    machine = type("Machine", (Rules,), {"client": client})
    wanted = settings(
        max_examples=times(12),
        stateful_step_count=20,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(machine, settings=wanted)
