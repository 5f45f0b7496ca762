"""Streams in web frameworks, over real HTTP, with clients that leave in the middle."""

from __future__ import annotations

import math
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.responses import StreamingResponse
from starlette.routing import Route

from assistream import AsyncAssistantStreamManager, AsyncClient, Client, to_sse
from assistream.engine import Engine, Scripted, says
from assistream.engine.models import pauses

from ..recording import AsyncTracer, Tracer
from ..wire import until

ENDLESS = says(["Half "]) + pauses(math.inf)


@contextmanager
def serving(app: Any) -> Generator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


class Ending(AsyncTracer):
    """Closes its client at the end."""

    client: AsyncClient

    async def on_end(self) -> None:
        await super().on_end()
        await self.client.close()


def look() -> str:
    return "blue"


def starlette_app(engine: Engine, assistant_id: str, tracer: Ending) -> Any:
    async def ask(request: object) -> StreamingResponse:
        return StreamingResponse(to_sse(manager(engine, assistant_id, tracer)), media_type="text/event-stream")

    return Starlette(routes=[Route("/ask", ask)])


def fastapi_app(engine: Engine, assistant_id: str, tracer: Ending) -> Any:
    app = FastAPI()

    @app.get("/ask")
    async def ask() -> StreamingResponse:
        return StreamingResponse(to_sse(manager(engine, assistant_id, tracer)), media_type="text/event-stream")

    return app


def manager(engine: Engine, assistant_id: str, tracer: Ending) -> AsyncAssistantStreamManager[Ending]:
    client = AsyncClient(base_url=engine.base_url)
    thread: Any = {"messages": [{"role": "user", "content": "Hello."}]}
    tracer.client = client
    return client.beta.threads.create_and_run_stream(
        assistant_id=assistant_id, thread=thread, tools=[look], event_handler=tracer
    )


@pytest.mark.parametrize("make", [starlette_app, fastapi_app])
def test_a_client_that_leaves(make: Callable[..., Any]) -> None:
    model = Scripted([ENDLESS])
    with Engine(model=model) as engine, Client(base_url=engine.base_url) as client:
        assistant = client.beta.assistants.create(model="scripted")
        tracer = Ending()
        with serving(make(engine, assistant.id, tracer)) as url:
            with httpx.stream("GET", f"{url}/ask") as answer:
                assert answer.headers["content-type"].startswith("text/event-stream")
                for line in answer.iter_lines():
                    if "Half" in line:
                        break
            until(lambda: "end" in tracer.log)
            assert "stream_cancelled" in tracer.log
            until(lambda: not model.answering)  # the run was stopped, too


def test_a_sync_stream_is_closed_too() -> None:
    model = Scripted([says(["Half ", "and ", "half."])])
    tracer = Tracer()
    with Engine(model=model) as engine, Client(base_url=engine.base_url) as client:
        assistant = client.beta.assistants.create(model="scripted")
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "Hello."}])

        def ask(request: object) -> StreamingResponse:
            runs = client.beta.threads.runs
            live = runs.create_and_stream(thread.id, assistant_id=assistant.id, event_handler=tracer)
            return StreamingResponse(to_sse(live), media_type="text/event-stream")

        with serving(Starlette(routes=[Route("/ask", ask)])) as url:
            body = httpx.get(f"{url}/ask").text
    assert body.endswith("event: done\ndata: [DONE]\n\n")
    assert tracer.log[-1] == "end"


def test_what_is_dropped_is_closed() -> None:
    model = Scripted([ENDLESS])
    tracer = Tracer()
    with Engine(model=model) as engine, Client(base_url=engine.base_url) as client:
        assistant = client.beta.assistants.create(model="scripted")
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "Hello."}])
        runs = client.beta.threads.runs
        frames = to_sse(runs.create_and_stream(thread.id, assistant_id=assistant.id, event_handler=tracer))
        next(frames)
        del frames
        assert tracer.log[-1] == "end"
