"""A run waits until somebody allows a call: an hour later, from another process.

Two programs in one file. Both open the same state, a file; its runs may wait for a day.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from assistream import Client, function_tool
from assistream.engine import Engine, ModelRequest, Scripted, calls, says
from assistream.engine.models import Turn

DAY = 24 * 60 * 60


@function_tool(needs_approval=True)
def refund(order: str, cents: int) -> str:
    """Give the money for an order back."""
    return f"{cents} cents are on their way"


def answer(request: ModelRequest) -> Turn:
    """What a model does with this: it calls the function, and says what came of it."""
    last = request.messages[-1]
    return says(f"Done: {last.text}.") if last.role == "tool" else calls(refund={"order": "A17", "cents": 4990})


@contextmanager
def server(state: Path) -> Generator[Client]:
    with Engine(state, model=Scripted(answer), run_ttl=DAY) as engine, Client(base_url=engine.base_url) as client:
        yield client


def ask(state: Path, note: Path) -> None:
    """The first program: nobody is there to allow the refund, so the stream ends, and the run waits."""
    with server(state) as client:
        assistant = client.beta.assistants.create(model="scripted", tools=[refund])
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "My parcel is lost."}])
        with client.beta.threads.runs.create_and_stream(
            thread.id, assistant_id=assistant.id, functions=[refund]
        ) as stream:
            run = stream.get_final_run()
            (call,) = stream.pending_calls
        print(f"-- {run.status}: {call.name}({call.arguments})")
    note.write_text(json.dumps({"thread": thread.id, "run": run.id, "call": call.id}), encoding="utf-8")


def allow(state: Path, note: Path) -> None:
    """The second one, started by whoever may say yes."""
    waiting = json.loads(note.read_text(encoding="utf-8"))
    with server(state) as client:
        with client.beta.threads.runs.resume_stream(
            waiting["run"], thread_id=waiting["thread"], functions=[refund], approve={waiting["call"]: True}
        ) as stream:
            for text in stream.text_deltas:
                print(text, end="", flush=True)
            print(f"\n-- {stream.get_final_run().status}")


def main() -> None:
    """Run both, each in a process of its own."""
    with tempfile.TemporaryDirectory() as directory:
        for program in ("ask", "allow"):
            subprocess.run([sys.executable, __file__, program, directory], check=True)


if __name__ == "__main__":
    if sys.argv[1:]:
        program, directory = sys.argv[1], Path(sys.argv[2])
        {"ask": ask, "allow": allow}[program](directory / "state.db", directory / "waiting.json")
    else:
        main()
