"""openai-python: vector stores, file search with and without asyncio, and the code interpreter."""

# It runs where assistream is not, and openai is; here it is the other way round.
# mypy: disable-error-code="import-not-found", disallow_subclassing_any=False, disallow_any_decorated=False
# pyright: basic, reportMissingImports=false

from __future__ import annotations

import asyncio
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from openai import AssistantEventHandler, AsyncAssistantEventHandler, AsyncOpenAI, NotFoundError, OpenAI

QUESTION = "How much vacation do I get?"
HANDBOOK = ("handbook.md", b"# Handbook\n\nVacation is 28 days a year.")
REFUNDS = ("refunds.txt", b"Money is given back within ten working days.")
PRICES = ("prices.csv", b"product,price\nkettle,39 euros\nlamp,25 euros\n")
RESULTS: Any = ["step_details.tool_calls[*].file_search.results[*].content"]
POLL = {"poll_interval_ms": 20}


def upload_batch(client: OpenAI, store_id: str) -> Any:
    """From the disk, as most programs have it."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name, _ in (HANDBOOK, REFUNDS)]
        for path, (_, content) in zip(paths, (HANDBOOK, REFUNDS), strict=True):
            path.write_bytes(content)
        with paths[0].open("rb") as handbook, paths[1].open("rb") as refunds:
            batches = client.vector_stores.file_batches
            return batches.upload_and_poll(vector_store_id=store_id, files=[handbook, refunds], **POLL)


def upload_prices(client: OpenAI, store_id: str) -> Any:
    given = {"kind": "prices", "year": 2026, "public": True}
    file = client.vector_stores.files.upload_and_poll(
        vector_store_id=store_id,
        file=(PRICES[0], io.BytesIO(PRICES[1])),
        attributes=given,
        chunking_strategy={"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 20}},
        **POLL,
    )
    assert (file.status, file.last_error, file.attributes) == ("completed", None, given)
    assert file.usage_bytes > 0
    assert file.chunking_strategy.static.max_chunk_size_tokens == 100
    return file


def searches(client: OpenAI, store_id: str) -> list[str]:
    said: list[str] = []
    for query in ("vacation days", ["When do I get my money back?", "refund"]):
        (hit,) = client.vector_stores.search(store_id, query=query, max_num_results=1).data
        assert 0 <= hit.score <= 1
        said.append(f"{hit.filename}: {hit.content[0].text.splitlines()[-1]}")
    return said


def filtered_search(client: OpenAI, store_id: str, file: Any) -> None:
    kind = {"type": "eq", "key": "kind", "value": "prices"}
    since = {"type": "gte", "key": "year", "value": 2026}
    (lamp,) = client.vector_stores.search(
        store_id,
        query="What does a lamp cost?",
        filters={"type": "and", "filters": [kind, since]},
        ranking_options={"ranker": "auto", "score_threshold": 0.1},
        rewrite_query=True,
    ).data
    assert (lamp.filename, lamp.attributes["public"]) == ("prices.csv", True)
    changed = client.vector_stores.files.update(file.id, vector_store_id=store_id, attributes={"kind": "old"})
    assert changed.attributes == {"kind": "old"}
    assert not client.vector_stores.search(store_id, query="lamp", filters=kind).data


def batch_of_what_is_there(client: OpenAI, store_id: str, file_id: str) -> None:
    batches = client.vector_stores.file_batches
    batch = batches.create_and_poll(store_id, file_ids=[file_id], **POLL)
    assert (batch.status, batch.file_counts.total) == ("completed", 1)
    assert batches.retrieve(batch.id, vector_store_id=store_id).status == "completed"
    assert batches.cancel(batch.id, vector_store_id=store_id).object == "vector_store.files_batch"


def vector_stores(client: OpenAI) -> list[str]:
    store = client.vector_stores.create(
        name="Help", metadata={"a": "b"}, expires_after={"anchor": "last_active_at", "days": 7}
    )
    assert store.expires_at == store.last_active_at + 7 * 86400
    files = client.vector_stores.files
    batch = upload_batch(client, store.id)
    prices = upload_prices(client, store.id)
    broken = files.upload_and_poll(vector_store_id=store.id, file=("broken.pdf", b"%PDF-1.7 and nothing"), **POLL)
    notes = client.files.create(file=("notes.txt", b"The code of the door is 4711."), purpose="assistants")
    assert files.create_and_poll(notes.id, vector_store_id=store.id, **POLL).status == "completed"

    said = [f"{batch.status} {batch.file_counts.completed}/{batch.file_counts.total}"]
    said += [f"{broken.status} {broken.last_error.code}", *searches(client, store.id)]
    said.append(" ".join(part.text for part in files.content(notes.id, vector_store_id=store.id)))
    filtered_search(client, store.id, prices)
    listed = [file.id for file in files.list(store.id, order="asc", limit=2)]  # three pages
    first, second, *later = listed
    assert later == [prices.id, broken.id, notes.id]
    assert [file.id for file in files.list(store.id, filter="failed")] == [broken.id]
    in_batch = client.vector_stores.file_batches.list_files(batch.id, vector_store_id=store.id)
    assert sorted(file.id for file in in_batch) == sorted([first, second])
    batch_of_what_is_there(client, store.id, notes.id)
    return [*said, *taken_away(client, store.id, notes.id)]


def taken_away(client: OpenAI, store_id: str, file_id: str) -> list[str]:
    assert client.vector_stores.files.delete(file_id, vector_store_id=store_id).deleted
    assert client.files.retrieve(file_id).id == file_id
    counts = client.vector_stores.update(store_id, name="Other").file_counts
    assert store_id in [store.id for store in client.vector_stores.list()]
    assert client.vector_stores.delete(store_id).deleted
    try:
        client.vector_stores.retrieve(store_id)
    except NotFoundError:
        return [f"{counts.completed} {counts.failed} {counts.total}", "gone"]
    return ["still there"]


def footnote(text: Any, names: dict[str, str]) -> str:
    """The text, with the name of the file in the place of each citation."""
    said: str = text.value
    for annotation in text.annotations:
        assert text.value[annotation.start_index : annotation.end_index] == annotation.text
        said = said.replace(annotation.text, f" [{names[annotation.file_citation.file_id]}]")
    return said


class Citing(AssistantEventHandler):
    def __init__(self, client: OpenAI) -> None:
        super().__init__()
        self.client, self.said = client, ""
        self.hooks: list[str] = []
        self.marks: list[str] = []

    def on_tool_call_created(self, tool_call: Any) -> None:
        self.hooks.append(tool_call.type)

    def on_text_created(self, text: Any) -> None:
        self.hooks.append("text")

    def on_text_delta(self, delta: Any, snapshot: Any) -> None:
        for annotation in delta.annotations or []:
            assert snapshot.annotations[annotation.index].text == annotation.text
            self.marks.append(annotation.text)

    def on_message_done(self, message: Any) -> None:
        text = message.content[0].text
        assert [annotation.text for annotation in text.annotations] == self.marks
        ids = [annotation.file_citation.file_id for annotation in text.annotations]
        self.said = footnote(text, {id: self.client.files.retrieve(id).filename for id in ids})


def found(client: OpenAI, run: Any) -> None:
    """The passages are in the steps for who asks for them."""
    steps = client.beta.threads.runs.steps
    step, _ = steps.list(run.id, thread_id=run.thread_id, order="asc", include=RESULTS).data
    (call,) = step.step_details.tool_calls
    assert {result.file_name for result in call.file_search.results} == {"handbook.md", "refunds.txt"}
    whole = steps.retrieve(step.id, thread_id=run.thread_id, run_id=run.id, include=RESULTS)
    plain = steps.retrieve(step.id, thread_id=run.thread_id, run_id=run.id)
    for one, has_content in (
        (call, True),
        (whole.step_details.tool_calls[0], True),
        (plain.step_details.tool_calls[0], False),
    ):
        assert [bool(result.content) for result in one.file_search.results] == [has_content] * 2


def file_search(client: OpenAI) -> list[str]:
    """One file is in a vector store of the assistant, the other one attached to the question."""
    threads = client.beta.threads
    assistant = client.beta.assistants.create(model="gpt-4o", tools=[{"type": "file_search"}])
    store = client.vector_stores.create(name="Handbooks")
    client.vector_stores.files.upload_and_poll(vector_store_id=store.id, file=HANDBOOK, **POLL)
    searched: Any = {"file_search": {"vector_store_ids": [store.id]}}
    client.beta.assistants.update(assistant.id, tool_resources=searched)
    refunds = client.files.create(file=REFUNDS, purpose="assistants")
    attachment: Any = {"file_id": refunds.id, "tools": [{"type": "file_search"}]}
    thread = threads.create(messages=[{"role": "user", "content": QUESTION, "attachments": [attachment]}])
    (attached,) = thread.tool_resources.file_search.vector_store_ids
    assert client.vector_stores.retrieve(attached).file_counts.total == 1

    handler = Citing(client)
    with threads.runs.stream(
        thread_id=thread.id, assistant_id=assistant.id, event_handler=handler, include=RESULTS
    ) as stream:
        stream.until_done()
        found(client, stream.get_final_run())
    assert handler.hooks == ["file_search", "text"]
    return [handler.said, polled(client, assistant.id, thread.id)]


def polled(client: OpenAI, assistant_id: str, thread_id: str) -> str:
    threads = client.beta.threads
    threads.messages.create(thread_id, role="user", content=QUESTION)
    run = threads.runs.create_and_poll(thread_id=thread_id, assistant_id=assistant_id, **POLL)
    (message,) = threads.messages.list(thread_id, run_id=run.id)
    text = message.content[0].text
    (annotation,) = text.annotations
    id = annotation.file_citation.file_id
    return footnote(text, {id: client.files.retrieve(id).filename})


class Listening(AsyncAssistantEventHandler):
    def __init__(self, client: AsyncOpenAI) -> None:
        super().__init__()
        self.client, self.said = client, ""

    async def on_message_done(self, message: Any) -> None:
        text = message.content[0].text
        (annotation,) = text.annotations
        cited = await self.client.files.retrieve(annotation.file_citation.file_id)
        self.said = footnote(text, {cited.id: cited.filename})


async def asynchronous() -> list[str]:
    async with AsyncOpenAI() as client:
        store = await client.vector_stores.create(name="Handbooks")
        batches = client.vector_stores.file_batches
        batch = await batches.upload_and_poll(store.id, files=[HANDBOOK, REFUNDS], **POLL)
        hits = [hit.filename async for hit in client.vector_stores.search(store.id, query="vacation")]
        assistant = await client.beta.assistants.create(
            model="gpt-4o",
            tools=[{"type": "file_search", "file_search": {"max_num_results": 3}}],
            tool_resources={"file_search": {"vector_store_ids": [store.id]}},
        )
        handler = Listening(client)
        async with client.beta.threads.create_and_run_stream(
            assistant_id=assistant.id,
            thread={"messages": [{"role": "user", "content": QUESTION}]},
            event_handler=handler,
        ) as stream:
            await stream.until_done()
    return [f"{batch.file_counts.completed} {hits[0]}", handler.said]


class Coding(AssistantEventHandler):
    def __init__(self) -> None:
        super().__init__()
        self.code, self.logs, self.said = "", "", ""

    def on_tool_call_delta(self, delta: Any, snapshot: Any) -> None:
        self.code += delta.code_interpreter.input or ""
        for output in delta.code_interpreter.outputs or []:
            self.logs += output.logs

    def on_text_delta(self, delta: Any, snapshot: Any) -> None:
        self.said += delta.value or ""


def code_interpreter(client: OpenAI) -> list[str]:
    """It adds up a file of the assistant and one of the question, and makes a third one."""
    sales, more = (
        client.files.create(file=file, purpose="assistants")
        for file in (("sales.csv", b"month,sum\n1,20\n2,22\n"), ("more.csv", b"3,100\n"))
    )
    resources: Any = {"code_interpreter": {"file_ids": [sales.id]}}
    tool: Any = {"type": "code_interpreter"}
    assistant = client.beta.assistants.create(model="gpt-4o", tools=[tool], tool_resources=resources)
    attachments: Any = [{"file_id": more.id, "tools": [tool]}]
    thread = client.beta.threads.create()
    client.beta.threads.messages.create(thread.id, role="user", content="Add them up.", attachments=attachments)
    handler = Coding()
    with client.beta.threads.runs.stream(
        thread_id=thread.id, assistant_id=assistant.id, event_handler=handler
    ) as stream:
        stream.until_done()
        run, (message,) = stream.get_final_run(), stream.get_final_messages()
    ran, _ = client.beta.threads.runs.steps.list(run.id, thread_id=thread.id, order="asc").data
    (call,) = ran.step_details.tool_calls
    outputs = "".join(output.logs for output in call.code_interpreter.outputs)
    assert (call.code_interpreter.input, outputs) == (handler.code, handler.logs)
    assert handler.said == message.content[0].text.value
    return [handler.logs.strip(), made(client, message.content[0].text), handler.said]


def made(client: OpenAI, text: Any) -> str:
    (annotation,) = text.annotations
    assert text.value[annotation.start_index : annotation.end_index] == annotation.text
    file = client.files.retrieve(annotation.file_path.file_id)
    assert (file.purpose, Path(file.filename).name) == ("assistants_output", "total.txt")
    with tempfile.TemporaryDirectory() as folder:
        client.files.content(file.id).write_to_file(path := Path(folder) / "total.txt")
        return path.read_text()


def synchronous(way: str) -> list[str]:
    ways = {"vector stores": vector_stores, "file search": file_search, "code interpreter": code_interpreter}
    with OpenAI() as client:
        return ways[way](client)


if __name__ == "__main__":
    way = sys.argv[1]
    print(json.dumps(asyncio.run(asynchronous()) if way == "file search, asyncio" else synchronous(way)))
