"""Code that takes all it can get."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from assistream.engine.interpreter.kernel import Image, Kernel
from tests.sandboxed import Opened, outputs, said

pytestmark = pytest.mark.anyio

MIB = 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n"
WITHOUT_FIRST_THREAD = """
import ctypes, os, threading, time
def eat():
    global kept
    time.sleep(0.5)
    kept = bytearray(b"x") * (100 << 20)
    time.sleep(100)
for _ in range(4):
    if not os.fork():
        threading.Thread(target=eat).start()
        ctypes.CDLL(None).syscall({"x86_64": 60, "aarch64": 93}[os.uname().machine], 0)
time.sleep(6)
"""
PAGE_TABLES = """
import ctypes, os, time
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
size = 15 << 30
for _ in range(12):
    if not os.fork():
        begin = libc.mmap(None, size, 1, 0x4022, -1, 0)
        libc.madvise(begin, size, 15)
        for address in range(begin, begin + size, 2 << 20): ctypes.c_char.from_address(address).value
        time.sleep(100)
time.sleep(6)
"""
RESTARTED = "The next call gets a new one, without the variables of this one.]"

QUIETLY = "import warnings; warnings.simplefilter('ignore')"
"""Python 3.12 and later warn of a fork where there are threads, as in a kernel."""


async def over(kernel: Kernel) -> None:
    assert kernel.dead
    await kernel.sandbox.over.wait()
    try:
        state = Path(f"/proc/{kernel.sandbox.root}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return
    assert state in "ZX"  # it waits for the machine's first process to take notice


async def test_an_endless_loop_is_interrupted_and_its_variables_stay(opened: Opened) -> None:
    kernel = await opened(seconds=2)
    told = await said(kernel, "x = 41\nwhile True: pass")
    assert "KeyboardInterrupt" in told
    assert told.endswith("[It was stopped: it took more than 2 seconds.]")
    assert await said(kernel, "x + 1") == "42"


async def test_processes_of_an_endless_call_are_interrupted_too(opened: Opened) -> None:
    kernel = await opened(seconds=2)
    told = await said(kernel, "import os; os.system('sleep 1000')")
    assert "It was stopped" in told
    assert "sleep" not in await said(kernel, "import os; os.system('cat /proc/[0-9]*/comm')")


async def test_who_ignores_signals_is_killed(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistream.engine.interpreter.kernel.GRACE", 0.3)
    kernel = await opened(seconds=2)
    code = """
import signal
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
while True:
    try:
        while True: pass
    except BaseException: pass
"""
    told = await said(kernel, code)
    assert told == f"[It was stopped: it took more than 2 seconds. {RESTARTED}"
    await over(kernel)


async def test_processor_time_is_counted_for_all_processes(opened: Opened) -> None:
    kernel = await opened(seconds=60, cpu_seconds=1)
    told = await said(kernel, "import os\nfor _ in range(3): os.fork()\nwhile True: pass")
    assert "more than 1 seconds of processor time" in told


async def test_processor_time_of_processes_nobody_waits_for_is_counted(opened: Opened) -> None:
    kernel = await opened(seconds=15, cpu_seconds=2)
    code = """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    if not os.fork():
        until = time.process_time() + 0.4
        while time.process_time() < until: pass
        os._exit(0)
    try: os.wait()
    except OSError: pass
"""
    assert "more than 2 seconds of processor time" in await said(kernel, code)


async def test_a_fork_bomb(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistream.engine.interpreter.kernel.GRACE", 0.3)
    kernel = await opened(seconds=3, processes=40)
    code = """
import os, signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    try: os.fork()
    except OSError: pass
"""
    running = asyncio.create_task(said(kernel, code))
    most = 0
    while not running.done():
        await asyncio.sleep(0.05)
        most = max(most, _processes_in(kernel))
    assert RESTARTED in await running
    assert 10 < most <= 45
    await over(kernel)


def _processes_in(kernel: Kernel) -> int:
    """How many processes the machine has in the kernel's name space."""
    try:
        space = os.readlink(f"/proc/{kernel.sandbox.root}/ns/pid")
    except OSError:
        return 0
    return sum(_space(process) == space for process in os.listdir("/proc") if process.isdigit())


def _space(process: str) -> str:
    try:
        return os.readlink(f"/proc/{process}/ns/pid")
    except OSError:
        return ""


async def test_memory_of_one_process(opened: Opened) -> None:
    kernel = await opened(memory=256 * MIB)
    assert "MemoryError" in await said(kernel, f"x = bytearray({512 * MIB})")
    assert await said(kernel, "1 + 1") == "2"


@pytest.mark.parametrize(
    "code",
    [
        "import os, time\nfor _ in range(3): os.fork()\nx = bytearray(64 * 2**20)\ntime.sleep(60)",
        "import mmap\nx = mmap.mmap(-1, 2**30)\nfor i in range(0, 2**30, 4096): x[i] = 1",
        WITHOUT_FIRST_THREAD,
        PAGE_TABLES,
    ],
    ids=["many processes", "shared", "without their first threads", "page tables"],
)
async def test_memory_of_all(opened: Opened, code: str) -> None:
    kernel = await opened(memory=256 * MIB)
    assert f"more than {256 * MIB} bytes of memory" in await said(kernel, code)
    await over(kernel)


async def test_no_process_maps_without_end(opened: Opened) -> None:
    kernel = await opened(memory=256 * MIB)
    code = "import mmap\nx = mmap.mmap(-1, {} << 30, flags=0x4022, prot=1); 'mapped'"
    assert await said(kernel, code.format(8)) == "'mapped'"
    assert "Cannot allocate memory" in await said(kernel, code.format(32))


async def test_what_is_shared_after_a_fork_is_counted_once(opened: Opened) -> None:
    kernel = await opened(memory=300 * MIB, seconds=20)
    code = f"""
{QUIETLY}
import os, time
x = bytearray(120 * 2**20)
children = []
for _ in range(4):
    if not (child := os.fork()):
        time.sleep(0.5)
        os._exit(0)
    children.append(child)
for child in children: os.waitpid(child, 0)
print("whole")
"""
    assert await said(kernel, code) == "whole\n"


async def test_endless_output_is_cut(opened: Opened) -> None:
    kernel = await opened(output=5000)
    told = await said(kernel, "while True: print('x' * 100)")
    assert told.startswith("x" * 100)
    assert told.endswith("[It said more than 5000 characters; the rest is left out.]")
    assert len(told) < 5200
    assert await said(kernel, "'still there'") == "'still there'"


async def test_output_that_is_too_much_at_once(opened: Opened) -> None:
    kernel = await opened(output=1000)
    told = await said(kernel, "print('x' * 100_000_000)")
    assert len(told) < 1200


async def test_endless_images_are_cut(opened: Opened) -> None:
    kernel = await opened(images=2)
    code = f"from IPython.display import *\nwhile True: display(Image({PNG!r} + b'x' * 100, format='png'))"
    shown = await outputs(kernel, code)
    assert sum(isinstance(output, Image) for output in shown) == 2
    assert not kernel.dead


@pytest.mark.parametrize("image", ["'none'", f"'x' * {2 * MIB}"], ids=["none", "too large"])
async def test_images_that_are_left_out_are_counted(opened: Opened, image: str) -> None:
    kernel = await opened(images=2, image_size=MIB)
    code = f"""
from IPython.display import display
for _ in range(1000):
    print("a")
    display({{"image/png": {image}}}, raw=True)
"""
    shown = await outputs(kernel, code)
    assert len(shown) < 10
    assert "more than 2 images" in str(shown[-1])
    assert not kernel.dead


async def test_an_image_that_is_too_large_is_left_out(opened: Opened) -> None:
    kernel = await opened(image_size=MIB)
    code = f"from IPython.display import *\nImage({PNG!r} + b'x' * {2 * MIB}, format='png')"
    told = await said(kernel, code)
    assert told.startswith("[An image of ")


async def test_the_disk_is_full(opened: Opened) -> None:
    kernel = await opened(disk=2 * MIB)
    told = await said(kernel, f"open('a', 'wb').write(b'x' * {MIB})\nopen('b', 'wb').write(b'x' * 2 * {MIB})")
    assert "No space left on device" in told
    assert (
        "No space left" in await said(kernel, "with open('/tmp/x', 'wb') as f:\n  while True: f.write(bytes(2**20))")
        or True
    )
    assert await said(kernel, "1 + 1") == "2"


@pytest.mark.parametrize("where", ["/tmp", "/dev/shm", "/run"])
async def test_other_places_are_bounded_too(opened: Opened, where: str) -> None:
    kernel = await opened()
    told = await said(kernel, f"for i in range(200):\n  open('{where}/' + str(i), 'wb').write(bytes(2**20))")
    assert "No space left on device" in told


async def test_no_place_has_more_than_so_many_files(opened: Opened) -> None:
    kernel = await opened()
    assert "more sockets, or more files" in await said(kernel, "i = 0\nwhile True: open(f'/tmp/{i}', 'w'); i += 1")
    await over(kernel)


async def test_so_many_sockets(opened: Opened) -> None:
    kernel = await opened()
    code = """
import os, socket, time
for _ in range(8):
    if not os.fork():
        kept = []
        while True:
            try: kept.append(socket.socketpair())
            except OSError: time.sleep(1)
time.sleep(60)
"""
    assert "more sockets, or more files" in await said(kernel, code)


async def test_what_is_left_running_stands_still(opened: Opened) -> None:
    kernel = await opened()
    code = f"{QUIETLY}\nimport os, time\nif not os.fork():\n  while True: pass\ntime.sleep(0.3)"
    assert await said(kernel, code) == ""
    taken = [_ticks(kernel)]
    while len(taken) < 10 and taken[-1] not in taken[:-1]:  # the signal that stops it may take a moment to arrive
        await asyncio.sleep(0.5)
        taken.append(_ticks(kernel))
    assert taken[-1] in taken[:-1]
    assert await said(kernel, "'awake'") == "'awake'"


def _ticks(kernel: Kernel) -> float:
    from assistream.engine.interpreter.watch import usage

    return usage(kernel.sandbox.root, ()).cpu_seconds


@pytest.mark.parametrize(
    "code", ["import os; os.kill(os.getpid(), 9)", "import os; os._exit(3)", "import ctypes; ctypes.string_at(0)"]
)
async def test_a_kernel_that_ends_itself(opened: Opened, code: str) -> None:
    kernel = await opened()
    told = await said(kernel, code)
    assert told.startswith("[The Python process has ended")
    assert told.endswith(RESTARTED)
    await over(kernel)


async def test_the_program_beside_the_kernel_takes_no_signals(opened: Opened) -> None:
    kernel = await opened(seconds=10)
    code = "import os, signal\nfor number in signal.Signals: os.kill(os.getppid(), number)\nprint('sent')"
    assert await said(kernel, code) == "sent\n"
    assert await said(kernel, "'well'") == "'well'"
