from __future__ import annotations

import subprocess
import sys
import threading

import anyio
import anyio.lowlevel
import pytest

from assistream.tools.daemons import in_daemon

from ..wire import async_until

pytestmark = pytest.mark.anyio

STUCK = """
import sys, threading
import anyio
from assistream import AsyncClient, function_tool
from assistream.engine import Scripted, calls, says

def stuck() -> str:
    threading.Event().wait()
    return ""

async def main():
    async with AsyncClient.embedded(model=Scripted([calls(stuck={}), says("Done.")])) as client:
        assistant = await client.beta.assistants.create(model="scripted")
        thread = await client.beta.threads.create(messages=[{"role": "user", "content": "Go on."}])
        async with client.beta.threads.runs.create_and_stream(
            thread.id, assistant_id=assistant.id, tools=[function_tool(stuck, timeout=0.05)]
        ) as stream:
            print((await stream.get_final_run()).status)

anyio.run(main, backend=sys.argv[1])
"""


async def test_results_and_errors() -> None:
    limiter = anyio.CapacityLimiter(1)
    assert await in_daemon(lambda: threading.current_thread().name, "a tool", limiter) == "a tool"
    assert await in_daemon(lambda: threading.current_thread().daemon, "a tool", limiter)

    def fails() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await in_daemon(fails, "a tool", limiter)
    assert limiter.borrowed_tokens == 0


async def test_those_given_up_count_until_they_return() -> None:
    limiter, gate = anyio.CapacityLimiter(1), threading.Event()
    try:
        with anyio.move_on_after(0.02) as scope:
            await in_daemon(gate.wait, "a tool", limiter)
        assert scope.cancelled_caught
        assert limiter.borrowed_tokens == 1
    finally:
        gate.set()
    await async_until(lambda: limiter.borrowed_tokens == 0)


async def test_a_thread_that_cannot_be_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    limiter = anyio.CapacityLimiter(1)
    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(RuntimeError, match="new thread"):
        await in_daemon(bool, "a tool", limiter)
    assert limiter.borrowed_tokens == 0


async def test_a_function_may_have_an_event_loop_of_its_own() -> None:
    async def inner() -> int:
        await anyio.lowlevel.checkpoint()
        return 42

    assert await in_daemon(lambda: anyio.run(inner), "a tool", anyio.CapacityLimiter(1)) == 42


def test_a_process_ends_although_a_tool_hangs(anyio_backend_name: str) -> None:
    program = [sys.executable, "-c", STUCK, anyio_backend_name]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "completed\n"
