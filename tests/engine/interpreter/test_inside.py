"""The program in the sandbox: what the engine says to it, and what it says."""

from __future__ import annotations

from typing import Any

import pytest

from assistream.engine.interpreter.kernel import Kernel
from tests.sandboxed import Opened

pytestmark = pytest.mark.anyio


async def frames(kernel: Kernel, code: str, **limits: int) -> list[dict[str, Any]]:
    await kernel.sandbox.send(run=code, **{"logs": 1000, "images": 1000, **limits})
    got: list[dict[str, Any]] = []
    while "done" not in (frame := await kernel.sandbox.receive()):
        got.append(frame)
    return [*got, frame]


async def test_one_call(kernel: Kernel) -> None:
    assert await frames(kernel, "print('a')\n1 + 1") == [
        {"logs": [["a\n", False]]},
        {"logs": [["2", True]]},
        {"done": True, "lost": False},
    ]


async def test_what_was_said_is_cut_in_there(kernel: Kernel) -> None:
    said = await frames(kernel, "print('x' * 5000)", logs=10)
    assert said[0] == {"logs": [["x" * 10, False]]}


async def test_many_pieces_are_few_messages(kernel: Kernel) -> None:
    code = "from IPython.display import display\nfor _ in range(500): display({'text/plain': 'a'}, raw=True)"
    *said, end = await frames(kernel, code)
    assert end["done"]
    assert [piece for frame in said for piece in frame["logs"]] == [["a", True]] * 500
    assert len(said) < 100


async def test_no_message_has_more_text_than_is_taken(kernel: Kernel) -> None:
    code = "from IPython.display import display\nfor _ in range(50): display({'text/plain': 'abc'}, raw=True)"
    *said, _ = await frames(kernel, code, logs=10)
    assert max(len(frame["logs"]) for frame in said) == 3


async def test_an_image_of_too_many_bytes_is_only_told_of(kernel: Kernel) -> None:
    code = "from IPython.display import Image; Image(b'\\x89PNG\\r\\n\\x1a\\n' + b'x' * 3000, format='png')"
    assert (await frames(kernel, code))[0] == {"large": 3009}


async def test_an_interrupt_for_nobody(kernel: Kernel) -> None:
    await kernel.sandbox.send(interrupt=True)
    assert (await frames(kernel, "1"))[0]["logs"] == [["1", True]]


async def test_messages_that_are_too_large_are_lost_and_the_call_ends(opened: Opened) -> None:
    kernel = await opened(memory=2**30)
    code = "import sys\nfor _ in range(3): sys.stdout.write('x' * 70_000_000); sys.stdout.flush()"
    *_, end = await frames(kernel, code)
    assert end["done"]
    assert (await frames(kernel, "1"))[-1]["done"]


async def test_forged_messages_harm_nobody(kernel: Kernel) -> None:
    """Code knows the key, and may say to the program beside it what it likes."""
    code = """
import json, zmq
from jupyter_client.session import Session
info = json.load(open("/run/connection.json"))
session = Session(key=info["key"].encode())
socket = zmq.Context().socket(zmq.DEALER)
socket.connect("ipc:///run/kernel-1")
for kind in ("nothing", "execute_request", "shutdown_reply"):
    session.send(socket, kind, {"code": "print('forged')", "silent": False})
socket.send_multipart([b"x"] * 1000)
import time; time.sleep(0.3)
"""
    said = await frames(kernel, code)
    assert said[-1]["done"]
    assert (await frames(kernel, "'well'"))[0]["logs"] == [["'well'", True]]
