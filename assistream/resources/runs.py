"""Runs: an assistant at work on a thread. What streams is in `_async.py` and its twin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Unpack

from ..tools.binding import RunCalls, defined
from ..transport.call import Call, get, path, post
from ..transport.endpoint import endpoint, flow, listing
from ..transport.flows import Flow, Polling, perform, shared
from ..transport.settings import TimeoutOption
from ..types.base import NOT_GIVEN, Omit, Omittable
from ..types.pages import CursorPage
from ..types.params import (
    RequestOptions,
    RunCreateParams,
    RunListParams,
    RunSubmitToolOutputsParams,
    RunUpdateParams,
)
from ..types.runs import Run


class RunEndpoints:
    """The operations whose answer never streams."""

    @endpoint
    def retrieve(self, run_id: str, *, thread_id: str, **params: Unpack[RequestOptions]) -> Call[Run]:
        """Fetch a run."""
        return get(_path(thread_id, run_id), Run, params)

    @endpoint
    def update(self, run_id: str, *, thread_id: str, **params: Unpack[RunUpdateParams]) -> Call[Run]:
        """Change a run's metadata."""
        return post(_path(thread_id, run_id), Run, params)

    @listing
    def list(self, thread_id: str, **params: Unpack[RunListParams]) -> Call[CursorPage[Run]]:
        """List the runs of a thread, the newest first."""
        return get(_path(thread_id), CursorPage[Run], params)

    @endpoint
    def cancel(self, run_id: str, *, thread_id: str, **params: Unpack[RequestOptions]) -> Call[Run]:
        """Ask a run to stop; it is `cancelling` first, and `cancelled` soon."""
        return post(_path(thread_id, run_id) + "/cancel", Run, params, empty=True)


class StreamableRunEndpoints:
    """The operations that answer with a run, or with the stream of its events: as calls."""

    @endpoint
    def create(self, thread_id: str, **params: Unpack[RunCreateParams]) -> Call[Run]:
        """Start a run."""
        return post(_path(thread_id), Run, defined(params), in_query=("include",))

    @endpoint
    def submit_tool_outputs(
        self, run_id: str, *, thread_id: str, **params: Unpack[RunSubmitToolOutputsParams]
    ) -> Call[Run]:
        """Answer the tool calls of a run in `requires_action`."""
        return replace(post(_path(thread_id, run_id) + "/submit_tool_outputs", Run, params), answers=True)


class RunFlows:
    """The operations that wait until a run has ended, or needs the outputs of tools.

    `on_poll` is told of the run whenever the server was asked; without a `poll_interval_ms` the server sets the pace.
    Whoever stops waiting does not stop the run: `cancel` does. `allow_truncated` means nothing here: a program, as the
    reference client's tests, may take it that what creates a run has the same keywords whether it waits or not.
    """

    @flow
    def poll(
        self,
        run_id: str,
        thread_id: str,
        extra_headers: Mapping[str, str | Omit] | None = None,
        extra_query: Mapping[str, object] | None = None,
        extra_body: Mapping[str, object] | None = None,
        timeout: Omittable[TimeoutOption] = NOT_GIVEN,
        poll_interval_ms: Omittable[float] = NOT_GIVEN,
        *,
        on_poll: Callable[[Run], object] | None = None,
    ) -> Flow[Run]:
        """Wait for a run: its `status` tells how it ended, or that it `requires_action`.

        Args:
            run_id: The id of the run.
            thread_id: The thread it is on.
            poll_interval_ms: The wait between two questions; without it the server sets the pace, or it is a second.
            on_poll: Called with the run each time the server was asked; a coroutine function is awaited.
        """
        call = RunEndpoints.retrieve.call(
            run_id,
            thread_id=thread_id,
            extra_headers=extra_headers,
            extra_query=extra_query,
            extra_body=extra_body,
            timeout=timeout,
        )
        return Polling(poll_interval_ms, on_poll).until(call, rests)

    @flow
    def create_and_poll(
        self,
        thread_id: str,
        *,
        poll_interval_ms: Omittable[float] = NOT_GIVEN,
        on_poll: Callable[[Run], object] | None = None,
        allow_truncated: bool = False,
        **params: Unpack[RunCreateParams],
    ) -> Flow[Run]:
        """Start a run and wait for it.

        Args:
            thread_id: The thread to run on.
            assistant_id: The assistant that runs.
            instructions: Instead of the assistant's; `additional_instructions` are put after those.
            tools: Instead of the assistant's.
            poll_interval_ms: The wait between two questions; without it the server sets the pace, or it is a second.
            on_poll: Called with the run each time the server was asked; a coroutine function is awaited.
            allow_truncated: Means nothing here; `create` has it.
        """
        polling = Polling(poll_interval_ms, on_poll)
        run = yield from perform(StreamableRunEndpoints.create.call(thread_id, **params).unstreamed(False))
        return (yield from polling.until(refreshed(run.id, thread_id, params), rests))

    @flow
    def submit_tool_outputs_and_poll(
        self,
        run_id: str,
        thread_id: str,
        *,
        poll_interval_ms: Omittable[float] = NOT_GIVEN,
        on_poll: Callable[[Run], object] | None = None,
        allow_truncated: bool = False,
        **params: Unpack[RunSubmitToolOutputsParams],
    ) -> Flow[Run]:
        """Answer the tool calls of a run in `requires_action`, all at once, and wait for it.

        Args:
            run_id: The run that waits.
            thread_id: The thread it is on.
            tool_outputs: For each call its `tool_call_id`, and as `output` what it gave, as text.
            poll_interval_ms: The wait between two questions; without it the server sets the pace, or it is a second.
            on_poll: Called with the run each time the server was asked; a coroutine function is awaited.
            allow_truncated: Means nothing here; `create` has it.
        """
        polling = Polling(poll_interval_ms, on_poll)
        call = StreamableRunEndpoints.submit_tool_outputs.call(run_id, thread_id=thread_id, **params)
        run = yield from perform(call.unstreamed(False))
        return (yield from polling.until(refreshed(run.id, thread_id, params), rests))


def rests(run: Run) -> bool:
    """Whether nothing more happens to a run by itself."""
    return run.status not in {"queued", "in_progress", "cancelling"}


def refreshed(run_id: str, thread_id: str, params: Mapping[str, object]) -> Call[Run]:
    """The call that fetches a run again, with the options of the one that made it."""
    return RunEndpoints.retrieve.call(run_id, thread_id=thread_id, **shared(params))


def run_calls(params: Mapping[str, object], thread_id: str = "", run_id: str = "") -> RunCalls:
    """What the tool loop asks about a run, with the options of the call that it began with.

    The ids that this call had are used where a server leaves them out of its runs.
    """
    options = shared(params)
    retrieve, cancel = RunEndpoints.retrieve.call, RunEndpoints.cancel.call
    submit = StreamableRunEndpoints.submit_tool_outputs.call

    def about(operation: Callable[..., Call[Run]], run: Run, **params: object) -> Call[Run]:
        return operation(run.id or run_id, thread_id=run.thread_id or thread_id, **params, **options)

    return RunCalls(
        retrieve=partial(about, retrieve),
        cancel=partial(about, cancel),
        submit=lambda run, outputs: about(submit, run, tool_outputs=outputs),
    )


def _path(thread_id: str, *run_id: str) -> str:
    runs = path("/threads/{thread_id}/runs", thread_id=thread_id)
    return runs + "".join(path("/{run_id}", run_id=one) for one in run_id)
