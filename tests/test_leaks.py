"""The leak check is run on tests that do leave something behind."""

from __future__ import annotations

import pytest

from tests.shared import ROOT

# Each test says in its name what has to become of it.
LEAKY = """
import asyncio, socket, threading
import anyio, pytest

left = []  # keeps things alive, as a leak does

@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request):
    return request.param

@pytest.fixture(scope="module")
def shared_socket():
    with socket.socket() as sock:
        yield sock

@pytest.fixture
def own_socket():
    with socket.socket() as sock:
        yield sock

@pytest.fixture
def careless_fixture():
    left.append(socket.socket())

def test_passes_with_a_shared_socket(shared_socket):
    pass

def test_passes_with_its_own_socket(own_socket):
    pass

def test_passes_with_a_thread_that_is_only_late():
    threading.Timer(0.05, print).start()

@pytest.mark.anyio
async def test_passes_with_a_worker_thread():
    await anyio.to_thread.run_sync(print)

@pytest.mark.anyio
async def test_passes_with_a_cancelled_task():
    async with anyio.create_task_group() as group:
        group.start_soon(anyio.sleep_forever)
        group.cancel_scope.cancel()

def test_fails_with_a_socket():
    left.append(socket.socket())

def test_fails_with_a_file(tmp_path):
    left.append(open(tmp_path / "file", "w"))

def test_fails_with_a_fixture(careless_fixture):
    pass

def test_fails_with_a_thread():
    left.append(threading.Event())
    threading.Thread(target=left[-1].wait, name="the left one", daemon=True).start()

@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_fails_with_a_task():
    left.append(asyncio.create_task(anyio.sleep_forever()))
"""


def test_what_is_left_behind_fails_its_test_and_nothing_else_does(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    # To wait for what never goes away is the slow part.
    pytester.makeconftest("from tests import leaks\nleaks.PATIENCE = 20")
    pytester.makepyfile(LEAKY)
    result = pytester.runpytest_subprocess("-p", "tests.leaks", "-p", "no:cacheprovider")
    blamed = {line.split("::")[1].split(" ")[0] for line in result.outlines if line.startswith(("ERROR ", "FAILED "))}
    assert blamed == {
        "test_fails_with_a_socket",
        "test_fails_with_a_file",
        "test_fails_with_a_fixture",
        "test_fails_with_a_thread",
        "test_fails_with_a_task[asyncio]",
    }
    result.assert_outcomes(passed=11, errors=4, failed=1)  # what is only found at teardown is an error
    result.stdout.fnmatch_lines_random(
        [
            "*left behind: descriptor * of socket:*",
            "*left behind: descriptor * of */file*",
            "*left behind: thread 'the left one'*",
            "*left behind: <coroutine object sleep_forever*",
        ]
    )
