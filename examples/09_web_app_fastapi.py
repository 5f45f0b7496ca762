"""A web app that streams a run to the browser, with FastAPI. A client that leaves stops the run."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import uvicorn
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from assistream import AsyncClient, to_sse


class Question(BaseModel):
    question: str


def get_weather(city: str) -> str:
    return f"light rain in {city}"


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    async with AsyncClient.embedded() as client:
        app.state.client = client
        app.state.assistant = await client.beta.assistants.create(model="rehearsal")
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/ask")
async def ask(asked: Question) -> StreamingResponse:
    client: AsyncClient = app.state.client
    run = client.beta.threads.create_and_run_stream(
        assistant_id=app.state.assistant.id,
        thread={"messages": [{"role": "user", "content": asked.question}]},
        tools=[get_weather],
    )
    return StreamingResponse(to_sse(run), media_type="text/event-stream")


def main() -> None:
    """Serve it, ask it as a browser would, and print the text as it arrives."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/ask"
        try:
            with httpx.stream("POST", url, json={"question": "What is the weather in Bergen?"}, timeout=30) as answer:
                for line in answer.iter_lines():
                    show(line)
        finally:
            server.should_exit = True
            thread.join()


def show(line: str) -> None:
    if line.startswith("event: tool."):
        print(f"-- {line.removeprefix('event: ')}")
    elif line.startswith("data: ") and '"thread.message.delta"' in line:
        for block in json.loads(line.removeprefix("data: "))["delta"]["content"]:
            print(block["text"]["value"], end="", flush=True)
    elif line == "event: done":
        print("\n-- done")


if __name__ == "__main__":
    main()
