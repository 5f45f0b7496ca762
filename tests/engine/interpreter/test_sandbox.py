from __future__ import annotations

import asyncio
import json
import os
import struct
from pathlib import Path

import pytest

from assistream.engine.interpreter.bubblewrap import Recipe
from assistream.engine.interpreter.limits import CodeInterpreter
from assistream.engine.interpreter.python import find
from assistream.engine.interpreter.sandbox import LONGEST, Broken, Sandbox

pytestmark = pytest.mark.anyio


@pytest.fixture
def recipe(sandbox: None) -> Recipe:
    return Recipe.on_this_machine(CodeInterpreter())


async def test_opened_and_closed(recipe: Recipe) -> None:
    sandbox = await Sandbox.open(recipe)
    assert Path(f"/proc/{sandbox.root}").exists()
    assert os.listdir(sandbox.folders[0]) == []
    sandbox.close()
    sandbox.close()
    await sandbox.over.wait()
    sandbox.kill()


@pytest.mark.parametrize("seconds", [0, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2])
async def test_who_gives_up_leaves_nothing(recipe: Recipe, seconds: float) -> None:
    """At any point of its start; the leaks of each test are looked for."""
    living: set[Sandbox] = set()
    opening = asyncio.create_task(Sandbox.open(recipe, living))
    await asyncio.sleep(seconds)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        sandbox = await opening
        sandbox.close()
        raise asyncio.CancelledError  # it was quicker
    while living:
        await asyncio.wait_for(next(iter(living)).over.wait(), 30)
        await asyncio.sleep(0)


async def test_what_is_wrong_is_told(recipe: Recipe, tmp_path: Path) -> None:
    bwrap = tmp_path / "bwrap"
    bwrap.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    bwrap.chmod(0o755)
    with pytest.raises(Broken, match="setting up uid map: Permission denied"):
        await Sandbox.open(Recipe(str(bwrap), recipe.python, recipe.options, recipe.filter))


async def test_a_command_that_is_not_there(recipe: Recipe) -> None:
    with pytest.raises(FileNotFoundError):
        await Sandbox.open(Recipe("/not/bwrap", recipe.python, recipe.options, recipe.filter))


async def speaking(tmp_path: Path, code: str) -> Sandbox:
    """A sandbox in which this is said instead of what our program says."""
    program = tmp_path / "python"
    program.write_text(f"#!{find(None).executable} -I\n{PROGRAM}\n{code}\nimport time; time.sleep(60)")
    program.chmod(0o755)
    options = CodeInterpreter(paths=[program])
    recipe = Recipe.on_this_machine(options)
    python = type(recipe.python)(str(program), recipe.python.paths)
    return await Sandbox.open(Recipe(recipe.bwrap, python, options, recipe.filter))


PROGRAM = """
import array, json, os, socket, struct
engine = socket.socket(fileno=0)
def send(body): engine.sendall(struct.pack("!I", len(body)) + body)
folders = [os.open("/tmp", 0) for _ in range(4)]
engine.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", folders))])
send(b'{"ready": true}')
"""


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("engine.sendall(b'\\xff' * 100)", "a message of"),
        ("send(b'no json')", "it ended"),
        ("send(b'[' * 100000)", "it ended"),
        ("send(b'[1]')", "a message that is no object"),
        ("send(b'\\xff\\xfe')", "it ended"),
        ("engine.close(); os._exit(1)", "it ended"),
        ("engine.sendall(b'\\0\\0\\0\\x09{}'); os._exit(0)", "it ended"),
    ],
)
async def test_nonsense_from_inside(sandbox: None, tmp_path: Path, code: str, reason: str) -> None:
    speaks = await speaking(tmp_path, code)
    with pytest.raises(Broken, match=reason):
        await speaks.receive()
    speaks.close()
    await speaks.over.wait()


async def test_descriptors_from_inside_are_not_taken(sandbox: None, tmp_path: Path) -> None:
    more = "engine.sendmsg([struct.pack('!I', 2) + b'{}'], [(1, 1, array.array('i', folders))])"
    speaks = await speaking(tmp_path, more)
    before = len(os.listdir("/proc/self/fd"))
    assert await speaks.receive() == {}
    assert len(os.listdir("/proc/self/fd")) == before
    speaks.close()
    await speaks.over.wait()


def test_the_largest_image_fits_in_a_frame() -> None:
    body = json.dumps({"image": "x" * (CodeInterpreter().image_size * 4 // 3)})
    assert len(body) + struct.calcsize("!I") < LONGEST
