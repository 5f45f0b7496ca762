from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from .. import objects
from ..errors import Refused
from ..eventlog import Change, Channel
from ..lifecycle import ACTIVE, Document
from ..references import files_of, refuse_unknown, refuse_unknown_stores
from ..runner import refuse_if_busy
from ..schemas import CreateMessage, CreateRun, CreateThread, CreateThreadAndRun, SubmitToolOutputs, Update
from ..tables import ASSISTANTS, MESSAGES, RUNS, THREADS
from ..terms import Terms, terms
from ..vector_stores.attachments import attach, attached, furnished
from .call import Call, find, listing, there
from .threads import written


async def create(call: Call) -> Response:
    body = await call.body(CreateRun)
    thread_id = call.id("thread")
    named = await files_of(call.store, body)
    async with call.store.transaction() as transaction:
        thread, assistant, message, active = await transaction.firsts(
            (THREADS, {"id": thread_id}),
            (ASSISTANTS, {"id": body.assistant_id}),
            (MESSAGES, {"thread_id": thread_id}),
            (RUNS, {"thread_id": thread_id, "status": ACTIVE}),
        )
        there(thread, THREADS, thread_id)
        assistant = there(assistant, ASSISTANTS, body.assistant_id)
        await refuse_unknown(transaction, named)
    fields = body.fields("assistant_id", "additional_instructions", "additional_messages")
    run = objects.run(thread_id, assistant, fields, ttl=_terms(call).ttl) | call.included
    run["instructions"] = _joined(run["instructions"], body.additional_instructions)
    if not (message or body.additional_messages or run["instructions"]):
        raise Refused("empty_thread")
    if active:
        await call.runner.current(active)  # which ends it, if its time is over
    messages = _messages(thread_id, body.additional_messages)
    await _attach(call, thread_id, messages)
    return await _started(call, run, messages, stream=body.stream)


async def create_with_thread(call: Call) -> Response:
    body = await call.body(CreateThreadAndRun)
    asked = body.thread or CreateThread()
    named = await files_of(call.store, body)
    async with call.store.transaction() as transaction:
        assistant = await find(transaction, ASSISTANTS, body.assistant_id)
        await refuse_unknown(transaction, named)
        await refuse_unknown_stores(transaction, body)
        thread, made = furnished(objects.thread(asked.fields("messages")))
        messages = _messages(thread["id"], asked.messages)
        thread, made = await attached(transaction, thread, [each.document for each in messages], made)
    fields = body.fields("assistant_id", "thread")
    run = objects.run(thread["id"], assistant, fields, ttl=_terms(call).ttl) | call.included
    if not asked.messages and not run["instructions"]:
        raise Refused("empty_thread")
    created = Change(thread, ("thread.created",), new=True)
    return await _started(call, run, [created, *messages, *made], stream=body.stream)


async def retrieve(call: Call) -> Response:
    return call.reply(await run_of(call))


async def update(call: Call) -> Response:
    body = await call.body(Update)
    await run_of(call)
    async with call.store.transaction() as transaction:
        run = await find(transaction, RUNS, call.id("run"), thread_id=call.id("thread"))
        return call.reply(await call.runner.relabel(transaction, run, body.fields()))


async def all(call: Call) -> Response:
    async with call.store.transaction() as transaction:
        await find(transaction, THREADS, call.id("thread"))
        return await listing(transaction, RUNS, call, thread_id=call.id("thread"))


async def cancel(call: Call) -> Response:
    return call.reply(await call.runner.cancel(await run_of(call)))


async def submit_tool_outputs(call: Call) -> Response:
    body = await call.body(SubmitToolOutputs)
    outputs = [(output.tool_call_id, output.output or "") for output in body.tool_outputs]
    run, channel = await call.runner.submit(await run_of(call), outputs)
    if _terms(call).cancel_on_disconnect:
        call.runner.audience.attend(run["id"])
    return _answer(call, run, channel, stream=body.stream)


async def run_of(call: Call) -> Document:
    """The run of the path, as it is now."""
    async with call.store.transaction() as transaction:
        await find(transaction, THREADS, call.id("thread"))
        run = await find(transaction, RUNS, call.id("run"), thread_id=call.id("thread"))
    return await call.runner.current(run)


async def _started(call: Call, run: Document, before: Sequence[Change], *, stream: bool | None) -> Response:
    channel = await call.runner.start(run, before, _terms(call))
    return _answer(call, run, channel, stream=stream)


def _terms(call: Call) -> Terms:
    return terms(call.request.headers, call.runner.terms)


def _answer(call: Call, run: Document, channel: Channel, *, stream: bool | None) -> Response:
    return call.stream(run, channel) if stream else call.reply(run)


async def _attach(call: Call, thread_id: str, messages: Sequence[Change]) -> None:
    """Has the thread's store search what the run's additional messages attach, unless the run will be refused."""
    if not any(message.document["attachments"] for message in messages):
        return
    async with call.store.transaction() as transaction:
        if _terms(call).busy == "reject":
            await refuse_if_busy(transaction, thread_id, "thread_busy")
        thread = await find(transaction, THREADS, thread_id)
        await attach(transaction, thread, [message.document for message in messages])


def _messages(thread_id: str, bodies: Sequence[CreateMessage] | None) -> list[Change]:
    return [Change(written(thread_id, body), new=True) for body in bodies or []]


def _joined(instructions: str | None, additional: str | None) -> str | None:
    return f"{instructions}\n\n{additional}" if instructions and additional else additional or instructions
