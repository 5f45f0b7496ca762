"""What runs in the sandbox: it starts a Jupyter kernel, and passes code in and outputs out. A program, not a module.

It stands alone: it is the one file of ours that the sandbox sees, and the Python there may be another than the
engine's. Standard input is a socket to the engine; on it go frames of JSON, each after its length. It is the first
process in there: the code that the kernel runs cannot signal, read or trace it, and all ends with it.
"""

from __future__ import annotations

import array
import contextlib
import ctypes
import json
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import time
import uuid
from typing import Any

FOLDERS = ("/mnt/data", "/tmp", "/dev/shm", "/run")
CONNECTION = "/run/connection.json"
IPC = "/run/kernel"
CHANNELS = {"shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 5}
LARGEST = 64 * 1024 * 1024
"""Bytes of a message that is taken from the kernel."""
PAUSE = 0.1
"""Seconds between two messages of text."""
HALVES = """
def pack(content, plain=get_ipython().kernel.session.pack):
    import json

    try:
        return plain(content)
    except UnicodeEncodeError:
        return json.dumps(content, default=str).encode()

get_ipython().kernel.session.pack = pack
del pack
"""
"""Run in the kernel first: a message with half a surrogate pair in it, which Jupyter cannot send, is sent in ASCII."""
_NOT_DUMPABLE = (4, 0, 0, 0, 0)
_DIE_WITH_PARENT = (1, signal.SIGKILL, 0, 0, 0)


def confine(settings: dict[str, Any]) -> None:
    """Gives up what is not needed; what the kernel and its processes can never get back."""
    for name, limit in settings["limits"].items():
        resource.setrlimit(getattr(resource, name), (limit, limit))
    os.nice(10)
    if settings["uid"] is not None:
        os.setgroups([])
        os.setresgid(settings["uid"], settings["uid"], settings["uid"])
        os.setresuid(settings["uid"], settings["uid"], settings["uid"])
    if 0 in os.getresuid():
        sys.exit("the code would run as root")
    # After the change of user, which sets both back. Else the code could write to the memory of this process.
    prctl = ctypes.CDLL(None).prctl
    if prctl(*_NOT_DUMPABLE) or prctl(*_DIE_WITH_PARENT):
        sys.exit("prctl failed")
    os.umask(0o022)


def raise_oom_score() -> None:
    """When the machine has no memory left, this goes first."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


class Engine:
    """The other end of standard input."""

    def __init__(self) -> None:
        self.socket: socket.socket = socket.socket(fileno=os.dup(0))
        quiet = os.open(os.devnull, os.O_RDWR)
        os.dup2(quiet, 0)
        self._buffer = b""

    def send_folders(self) -> None:
        """The directories themselves, open: the engine moves files through them, and looks no path up in here."""
        folders = [os.open(path, os.O_RDONLY | os.O_DIRECTORY) for path in FOLDERS]
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", folders))]
        self.socket.sendmsg([b"\0"], rights)
        for folder in folders:
            os.close(folder)

    def send(self, **frame: object) -> None:
        body = json.dumps(frame).encode()
        self.socket.sendall(struct.pack("!I", len(body)) + body)

    def receive(self) -> dict[str, Any]:
        (length,) = struct.unpack("!I", self._exactly(4))
        frame: dict[str, Any] = json.loads(self._exactly(length))
        return frame

    def _exactly(self, count: int) -> bytes:
        pieces = bytearray()
        while len(pieces) < count:
            piece = self.socket.recv(min(count - len(pieces), 1 << 20))
            if not piece:
                sys.exit()  # the engine is gone
            pieces += piece
        return bytes(pieces)


class Kernel:
    """ipykernel in a process group of its own, over sockets that only this sandbox has."""

    def __init__(self) -> None:
        key = uuid.uuid4().hex
        info = {"transport": "ipc", "ip": IPC, "key": key, "signature_scheme": "hmac-sha256", **CHANNELS}
        with open(CONNECTION, "w") as file:
            json.dump(info, file)
        options = ["--HistoryManager.enabled=False", f"--IPKernelApp.code_to_run={HALVES}"]
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", CONNECTION, *options]
        self.process: subprocess.Popen[bytes] = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=2, stderr=2, cwd="/mnt/data", start_new_session=True
        )
        self.status: int | None = None
        """As `subprocess` has it: what it ended with, or minus the signal."""
        # While the kernel starts.
        import zmq
        from jupyter_client.session import Session

        self.session: Any = Session(key=key.encode(), signature_scheme="hmac-sha256")
        self._context = zmq.Context()
        self.shell: Any = self._connect(zmq.DEALER, "shell_port")
        self.iopub: Any = self._connect(zmq.SUB, "iopub_port")
        self.iopub.setsockopt(zmq.SUBSCRIBE, b"")

    def _connect(self, kind: int, channel: str) -> Any:
        import zmq

        connection = self._context.socket(kind)
        connection.linger = 0
        connection.setsockopt(zmq.MAXMSGSIZE, LARGEST)
        connection.connect(f"ipc://{IPC}-{CHANNELS[channel]}")
        return connection

    def has_ended(self) -> bool:
        """The first process in a name space is asked for those, too, that lost their parent."""
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                if ended[0] == self.process.pid:
                    self.status = self.process.returncode = os.waitstatus_to_exitcode(ended[1])
        return self.status is not None

    def ask(self, kind: str, content: dict[str, object]) -> str:
        message = self.session.send(self.shell, kind, content)
        assert message
        return str(message["header"]["msg_id"])

    def take(self, channel: Any) -> dict[str, Any] | None:
        """The next message; None for what is none."""
        try:
            message: dict[str, Any] | None = self.session.recv(channel, mode=0)[1]
        except (ValueError, KeyError, TypeError):
            return None
        return message

    def wait_until_ready(self) -> None:
        """Returns when it answers, and its outputs arrive: a subscription takes a moment."""
        asked = {self.ask("kernel_info_request", {})}
        while not self._has_answered(asked):
            if self.has_ended():
                sys.exit(f"the kernel ended with status {self.status}")
            if self.shell.poll(0):
                # It has answered, and what it said of that is lost: it is asked once more.
                self.take(self.shell)
                asked.add(self.ask("kernel_info_request", {}))

    def _has_answered(self, asked: set[str]) -> bool:
        while self.iopub.poll(200):
            message = self.take(self.iopub)
            if message and message["parent_header"].get("msg_id") in asked and _is_idle(message):
                return True
        return False


def _is_idle(message: dict[str, Any]) -> bool:
    return bool(message["header"].get("msg_type") == "status" and message["content"].get("execution_state") == "idle")


def _signal_all(number: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # there is none
        os.kill(-1, number)


class Text:
    """What code says, in pieces that wait a moment for more of them: each message becomes an event that is kept."""

    def __init__(self, engine: Engine, most: int) -> None:
        self._engine, self._most = engine, most
        self._pieces: list[tuple[str, bool]] = []
        self._size = 0
        self._due = 0.0

    def add(self, text: str, apart: bool) -> None:
        text = text[: self._most]
        if self._size + len(text) > self._most:
            self.send()
        self._pieces.append((text, apart))
        self._size += len(text)

    def send_if_due(self) -> None:
        if time.monotonic() >= self._due:
            self.send()

    def send(self) -> None:
        if self._pieces:
            self._engine.send(logs=self._pieces)
            self._pieces, self._size = [], 0
            self._due = time.monotonic() + PAUSE


class Call:
    """One piece of code, until the kernel has answered and all that it said has come."""

    def __init__(self, kernel: Kernel, engine: Engine, frame: dict[str, Any]) -> None:
        self._kernel, self._engine = kernel, engine
        self._text, self._images = Text(engine, frame["logs"]), frame["images"]
        _signal_all(signal.SIGCONT)
        content: dict[str, object] = {"code": frame["run"], "silent": False, "store_history": True}
        content |= {"allow_stdin": False, "user_expressions": {}, "stop_on_error": True}
        self._id = kernel.ask("execute_request", content)
        self._idle = False
        self._answered: float | None = None

    def work(self) -> None:
        import zmq

        poller = zmq.Poller()
        for channel in (self._kernel.iopub, self._kernel.shell, self._engine.socket):
            poller.register(channel, zmq.POLLIN)
        while not self._is_over():
            ready = dict(poller.poll(int(PAUSE * 1000)))
            if self._kernel.iopub in ready:
                self._output(self._kernel.take(self._kernel.iopub))
            if self._kernel.shell in ready:
                self._answer(self._kernel.take(self._kernel.shell))
            if self._engine.socket.fileno() in ready and "interrupt" in self._engine.receive():
                self._interrupt()
            self._text.send_if_due()
            if self._kernel.has_ended():
                self._text.send()
                self._engine.send(died=self._kernel.status)
                sys.exit()
        # What the code has left running stands still until the next call.
        _signal_all(signal.SIGSTOP)
        self._text.send()
        self._engine.send(done=True, lost=not self._idle)

    def _is_over(self) -> bool:
        if self._answered is None or self._idle:
            return self._idle and self._answered is not None
        # A message above the limit costs the connection, and with it those that tell the end.
        return time.monotonic() - self._answered > 2

    def _interrupt(self) -> None:
        with contextlib.suppress(ProcessLookupError):  # it has ended, which is seen next
            os.killpg(self._kernel.process.pid, signal.SIGINT)

    def _is_ours(self, message: dict[str, Any] | None) -> bool:
        parent: Any = message and message.get("parent_header")
        return bool(parent) and parent.get("msg_id") == self._id

    def _answer(self, message: dict[str, Any] | None) -> None:
        if self._is_ours(message):
            self._answered = time.monotonic()

    def _output(self, message: dict[str, Any] | None) -> None:
        if message is None or not self._is_ours(message):
            return
        kind, content = message["header"].get("msg_type"), message["content"]
        if kind == "stream":
            self._say(content.get("text"))
        elif kind == "error":
            self._say("\n".join(map(str, content.get("traceback") or [])), apart=True)
        elif kind in ("execute_result", "display_data", "update_display_data"):
            self._show(content.get("data") or {})
        elif _is_idle(message):
            self._idle = True

    def _say(self, text: object, apart: bool = False) -> None:
        if text and isinstance(text, str):
            self._text.add(text, apart)

    def _show(self, data: dict[str, Any]) -> None:
        for kind in ("image/png", "image/jpeg"):
            image = data.get(kind)
            if isinstance(image, str):
                self._text.send()
                fits = len(image) * 3 // 4 <= self._images
                self._engine.send(**({"image": image} if fits else {"large": len(image) * 3 // 4}))
                return
        self._say(data.get("text/plain"), apart=True)


def main() -> None:
    settings = json.loads(sys.argv[1])
    # Python's own handler would let it in; what the first process does not handle, nobody inside can send it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    raise_oom_score()
    confine(settings)
    engine = Engine()
    engine.send_folders()
    kernel = Kernel()
    kernel.wait_until_ready()
    silent = os.open(os.devnull, os.O_RDWR)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    engine.send(ready=True)
    while True:
        frame = engine.receive()
        if "run" in frame:  # an interrupt that comes late is for nobody
            Call(kernel, engine, frame).work()


if __name__ == "__main__":
    main()
