"""What code does to get out, and to get at what is not its own."""

from __future__ import annotations

import os
import platform
import socket
from pathlib import Path

import pytest

from assistream.engine.interpreter.kernel import Kernel
from assistream.engine.interpreter.seccomp import MACHINES
from tests.sandboxed import Opened, said

pytestmark = pytest.mark.anyio


async def test_it_is_nobody_and_has_no_privileges(kernel: Kernel) -> None:
    told = await said(kernel, "import os; print(os.getresuid(), *open('/proc/self/status'))")
    assert "(0," not in told
    assert "CapEff:\t0000000000000000" in told
    assert "CapPrm:\t0000000000000000" in told
    assert "NoNewPrivs:\t1" in told
    assert "Seccomp:\t2" in told


async def test_no_network(kernel: Kernel) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        attempts = f"""
import socket
for address in [("127.0.0.1", {port}), ("192.0.2.1", 80), ("169.254.169.254", 80)]:
    try:
        socket.create_connection(address, timeout=2)
        print("reached", address)
    except OSError as error:
        print(error.errno)
print(socket.if_nameindex())
"""
        told = await said(kernel, attempts)
    assert "reached" not in told
    assert told.splitlines()[-1] == "[(1, 'lo')]"


async def test_no_sockets_of_other_kinds(kernel: Kernel) -> None:
    for family in ("AF_PACKET", "AF_VSOCK", "AF_ALG", "AF_CAN"):
        told = await said(kernel, f"import socket; socket.socket(socket.{family}, socket.SOCK_RAW)")
        assert "Address family not supported" in told


async def test_sockets_of_the_machine_cannot_be_reached(kernel: Kernel, tmp_path: Path) -> None:
    name = f"\0assistream-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind(name)
        abstract.listen()
        told = await said(kernel, f"import socket; socket.socket(socket.AF_UNIX).connect({name!r})")
    assert "ConnectionRefusedError" in told


async def test_no_files_of_the_machine(kernel: Kernel, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    tmp_path.chmod(0o777)
    paths = [
        "/etc/shadow",
        "/etc/passwd",
        "/etc/hostname",
        str(secret),
        str(Path.home() / ".ssh"),
        os.getcwd() + "/tests",
    ]
    told = await said(kernel, f"import os; print([path for path in {paths} if os.path.exists(path)])")
    assert told == "[]\n"


async def test_no_files_through_processes(kernel: Kernel) -> None:
    looked = """
import glob, os
for path in glob.glob("/proc/[0-9]*/root") + glob.glob("/proc/[0-9]*/cwd"):
    try:
        print(path, os.path.exists(path + "/etc/shadow"), os.listdir(path)[:1])
    except OSError:
        pass
print(len(glob.glob("/proc/[0-9]*")) < 10)
"""
    told = await said(kernel, looked)
    assert " True [" not in told
    assert told.endswith("True\n")


async def test_nothing_of_the_environment(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    kernel = await opened()
    told = await said(kernel, "import os; print(dict(os.environ), open('/proc/self/environ').read())")
    assert "sk-secret" not in told
    assert "HOME" in told


async def test_what_it_can_read_it_cannot_write(kernel: Kernel) -> None:
    attempt = """
import os, ipykernel
python = [os.path.dirname(module.__file__) for module in (os, ipykernel)]
for path in ["/", "/usr/bin", "/etc", *python, "/dev", "/proc/sys", "/mnt"]:
    try:
        open(path + "/x", "w")
        print("wrote" + path)
    except OSError:
        pass
os.chmod("/run/inside.py", 0o777)
"""
    told = await said(kernel, attempt)
    assert "wrote/" not in told
    assert "OSError" in told or "PermissionError" in told


REFUSED = [
    "import os; os.setuid(0)",
    "import os; os.mknod('/tmp/disk', 0o60600, os.makedev(8, 0))",
    "import subprocess as s; s.run(['unshare', '-Ur', 'id'], check=True)",
    "import subprocess as s; s.run(['unshare', '-m', 'id'], check=True)",
    "import subprocess as s; s.run(['mount', '-t', 'tmpfs', 'x', '/tmp'], check=True)",
    "import subprocess as s; s.run(['nsenter', '-t', '1', '-m', 'id'], check=True)",
    "import os; os.chroot('/tmp')",
    "import os; os.kill(1, 9); os.kill(1, 19); open('/proc/1/mem')",
    "open('/proc/1/mem', 'r+b')",
    "import os; open(f'/proc/{os.getppid()}/mem', 'r+b')",
    "import os; os.listdir(f'/proc/{os.getppid()}/fd')",
    "open('/proc/sys/kernel/core_pattern', 'w')",
    "open('/proc/sysrq-trigger', 'w')",
    "open('/dev/mem')",
    "import resource as r; r.setrlimit(r.RLIMIT_NPROC, (10**6, 10**6))",
    "import os; os.memfd_create('x')",
    "import os; os.nice(-5)",
]


async def test_what_is_refused(kernel: Kernel) -> None:
    for attempt in REFUSED:
        assert "Traceback" in await said(kernel, attempt), attempt


CALLS: list[tuple[str, tuple[int, ...]]] = [
    ("ptrace", (0, 0, 0, 0)),
    ("ptrace", (16, 2, 0, 0)),
    ("process_vm_readv", (1, 0, 0, 0, 0, 0)),
    ("unshare", (0x10000000,)),
    ("keyctl", (0, -3, 0)),
    ("setns", (0, 0)),
]


async def test_calls_that_are_refused(kernel: Kernel) -> None:
    for call, arguments in CALLS:
        made = f"c.syscall{(MACHINES[platform.machine()].calls[call], *arguments)}"
        code = f"import ctypes; c = ctypes.CDLL(None, use_errno=True); print({made}, ctypes.get_errno())"
        assert await said(kernel, code) == "-1 1\n", call


async def test_a_program_of_root_stays_what_it_is(kernel: Kernel) -> None:
    """The bits of setuid count for nothing."""
    told = await said(
        kernel, "import subprocess as s; print(s.run(['su', '-c', 'id'], capture_output=True, input=b'').returncode)"
    )
    assert told != "0\n"


async def test_the_sockets_of_one_kernel_are_not_there_for_another(opened: Opened) -> None:
    one, other = await opened(), await opened()
    await said(one, "open('/mnt/data/mine', 'w').write('x'); open('/tmp/mine', 'w'); open('/dev/shm/mine', 'w')")
    look = "import glob; print(glob.glob('/mnt/data/*'), glob.glob('/tmp/mine'), glob.glob('/dev/shm/*'))"
    assert await said(other, look) == "[] [] []\n"
    keys = "import json; print(json.load(open('/run/connection.json'))['key'])"
    assert await said(one, keys) != await said(other, keys)
