"""The process has no file descriptor left: what needs one fails alone, with an error of ours, and all is well again."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ..shared import ROOT

resource = pytest.importorskip("resource")

# Everything in use but `spare`; `del held[:]` gives it back.
EXHAUST = """
import os, resource, sys, threading
def exhaust(spare):
    held = []
    try:
        while True:
            held.append(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        pass
    for _ in range(spare):
        os.close(held.pop())
    return held
def free(held):
    while held:
        os.close(held.pop())
resource.setrlimit(resource.RLIMIT_NOFILE, (96, 96))
"""

CLIENT = """
import anyio
from assistream import APIConnectionError, AssistantEventHandler, AsyncAssistantEventHandler, AsyncClient, Client
from tests.frames import hello
from tests.wire import Wire, async_until, stream, until
class Handler(AssistantEventHandler):
    ends = exceptions = 0
    def on_exception(self, exception): self.exceptions += 1
    def on_end(self): self.ends += 1
class AsyncHandler(AsyncAssistantEventHandler):
    ends = exceptions = 0
    async def on_exception(self, exception): self.exceptions += 1
    async def on_end(self): self.ends += 1
def in_vain(client):
    handler = Handler()
    try:
        with client.beta.threads.runs.stream("t", assistant_id="a", event_handler=handler) as events:
            events.until_done()
    except APIConnectionError:
        assert (handler.ends, handler.exceptions) == (1, 1)
    else:
        raise AssertionError("there was a descriptor")
async def async_in_vain(client):
    handler = AsyncHandler()
    try:
        async with client.beta.threads.runs.stream("t", assistant_id="a", event_handler=handler) as events:
            await events.until_done()
    except APIConnectionError:
        assert (handler.ends, handler.exceptions) == (1, 1)
    else:
        raise AssertionError("there was a descriptor")
async def played(server):
    server.add(stream(*hello()))
    async with AsyncClient(base_url=server.url, api_key="test", max_retries=0) as client:
        async with client.beta.threads.runs.stream("t", assistant_id="a") as events:
            assert (await events.get_final_run()).status == "completed"
async def both(server):
    await played(server)  # from here on nothing is imported any more
    await async_until(lambda: not server.open)  # nor does the server give a descriptor back
    async with AsyncClient(base_url=server.url, api_key="test", max_retries=0) as client:
        for _ in range(3):
            held = exhaust(0)
            await async_in_vain(client)
            free(held)
        server.add(stream(*hello()))
        async with client.beta.threads.runs.stream("t", assistant_id="a") as events:
            assert (await events.get_final_run()).status == "completed"
with Wire() as server:
    for warm in (True, False):
        client = Client(base_url=server.url, api_key="test", max_retries=0)
        if not warm:
            until(lambda: not server.open)
            for _ in range(3):
                held = exhaust(0)
                in_vain(client)
                free(held)
        server.add(stream(*hello()))
        with client.beta.threads.runs.stream("t", assistant_id="a") as events:
            assert events.get_final_run().status == "completed"
        client.close()
    anyio.run(both, server)
    anyio.run(both, server, backend="trio")
print("fine")
"""

ENGINE = """
import httpx
from assistream import Client
from assistream.engine import Engine, Scripted
path = sys.argv[1]
with Engine(path, model=Scripted(lambda request: "Hello")) as engine:
    with Client(base_url=engine.base_url, api_key="test", max_retries=0) as client:
        assistant = client.beta.assistants.create(model="any", instructions="Help.").id
        thread = client.beta.threads.create().id
        def run():
            return client.beta.threads.runs.create_and_poll(thread_id=thread, assistant_id=assistant).status
        assert run() == "completed"
        held = exhaust(1)  # a client can still connect; the engine cannot accept
        try:
            httpx.get(engine.base_url + "/assistants", timeout=1, trust_env=False)
        except httpx.TransportError:
            pass
        else:
            raise AssertionError("there was a descriptor")
        # Who is connected is served as ever.
        for _ in range(3):
            assert run() == "completed"
        free(held)
        for _ in range(5):
            with Client(base_url=engine.base_url, api_key="test") as other:
                assert other.beta.threads.retrieve(thread).id == thread
        assert len(client.beta.threads.messages.list(thread).data) == 4
print("fine")
"""


def play(program: str, *arguments: str) -> str:
    command = [sys.executable, "-W", "error::ResourceWarning", "-c", EXHAUST + program, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr or "accept" in done.stderr, done.stderr
    return done.stdout


def test_the_client() -> None:
    assert play(CLIENT) == "fine\n"


def test_the_engine(tmp_path: object) -> None:
    assert play(ENGINE, f"{tmp_path}/engine.db") == "fine\n"
