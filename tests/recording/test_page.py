"""The live display of notebooks: how often it is drawn, and in a real kernel."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from assistream.recording.page import PACE, Page, notebook_view
from assistream.recording.printout import Printout
from assistream.types import Message, MessageDelta

from ..frames import message

HELLO = Message.model_validate(message("msg_1", "in_progress", "Hello <b>"))

PROGRAM = """
from assistream import AssistantEventHandler, Client, Notebook
with Client.embedded() as client:
    assistant = client.beta.assistants.create(model="rehearsal")
    thread = client.beta.threads.create(messages=[{"role": "user", "content": "Hello <b>."}])
    with client.beta.threads.runs.stream(thread.id, assistant_id=assistant.id, event_handler=Notebook()) as stream:
        stream.until_done()
"""

DRIVER = """
import json, sys
from jupyter_client.manager import KernelManager
manager = KernelManager(kernel_name="python3")
manager.start_kernel()
client = manager.blocking_client()
shown = []
def note(said):
    if said["msg_type"] in ("display_data", "update_display_data", "error", "stream"):
        shown.append({"kind": said["msg_type"], **said["content"]})
try:
    client.start_channels()
    client.wait_for_ready(timeout=60)
    client.execute_interactive(sys.argv[1], timeout=60, output_hook=note)
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
print(json.dumps(shown))
"""


def test_it_is_drawn_at_a_bearable_pace() -> None:
    pictures: list[dict[str, str]] = []
    now = 0.0
    page = Page(pictures.append, clock=lambda: now)
    page.message_created(HELLO)
    for _ in range(5):
        page.message_delta(MessageDelta(), HELLO)
    assert len(pictures) == 1
    now = PACE + 0.001
    page.message_delta(MessageDelta(), HELLO)
    assert len(pictures) == 2
    page.message_done(HELLO)
    page.end()
    assert len(pictures) == 4
    assert "Hello &lt;b&gt;" in pictures[0]["text/html"]
    assert "Hello <b>" in pictures[0]["text/plain"]


def test_what_takes_long_to_draw_is_drawn_less_often() -> None:
    times = iter([0.0, 1.0, 2.0, 10.9, 11.1, 11.1])
    pictures: list[dict[str, str]] = []
    page = Page(pictures.append, clock=lambda: next(times))
    page.message_created(HELLO)  # took a second
    for _ in range(3):
        page.message_delta(MessageDelta(), HELLO)  # at 2.0, 10.9 and 11.1
    assert len(pictures) == 2


def test_outside_of_a_notebook_it_is_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(notebook_view(), Printout)
    monkeypatch.setitem(sys.modules, "IPython", None)
    assert isinstance(notebook_view(), Printout)


def test_in_a_kernel() -> None:
    # In a process of its own: what drives the kernel keeps an event loop of its own until the process ends.
    done = subprocess.run([sys.executable, "-c", DRIVER, PROGRAM], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    shown: list[dict[str, Any]] = json.loads(done.stdout)
    kinds = [said["kind"] for said in shown]
    assert kinds[0] == "display_data"
    assert set(kinds[1:]) == {"update_display_data"}
    assert len({said["transient"]["display_id"] for said in shown}) == 1
    last = shown[-1]["data"]
    assert "Hello &lt;b&gt;." in last["text/html"]
    assert "completed" in last["text/html"]
    assert "completed" in last["text/plain"]
