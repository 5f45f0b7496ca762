"""The command that makes the sandbox, of the host's bubblewrap: what the code sees, and as whom it runs."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...errors import ConfigurationError
from . import seccomp
from .limits import MIB, CodeInterpreter
from .python import Python, find

INSIDE = "/run/inside.py"
USER = 1000
"""The user's number, as the code sees it, where the engine is an ordinary user."""
NOBODYS = range(60_706, 61_184)
"""Numbers of users that neither Debian nor systemd gives to anybody. A kernel's processes are counted by its own."""
_SYSTEM = ("/usr/bin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/sbin", "/usr/share")
_ETC = ("alternatives", "fonts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "mime.types")
_MERGED = ("/bin", "/lib", "/lib32", "/lib64", "/sbin")
_SCRATCH = {"/tmp": 64 * MIB, "/dev/shm": 64 * MIB, "/run": MIB}
_ADDRESSES = 16 * 1024 * MIB
"""Bytes that a process may map beyond its memory. Libraries map much that they never use; page tables for more than
this would be there before anybody looks."""
_THREADS = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB")


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that is the same for every sandbox of an engine. Raises `ConfigurationError` for a machine without one."""

    bwrap: str
    python: Python
    options: CodeInterpreter
    filter: bytes

    @classmethod
    def on_this_machine(cls, options: CodeInterpreter) -> Recipe:
        if sys.platform != "linux":
            raise _none(f"bubblewrap, which makes it, needs Linux, and this is {sys.platform}")
        bwrap = shutil.which("bwrap")
        if bwrap is None:
            raise _none("bubblewrap is not installed (apt-get install bubblewrap, dnf install bubblewrap)")
        if os.geteuid() and _release() < (5, 14):
            raise _none("before Linux 5.14 the number of processes of an ordinary user's sandbox cannot be limited")
        return cls(bwrap, find(options.python), options, seccomp.program())

    def command(self, seccomp_fd: int, info_fd: int, user: int | None) -> list[str]:
        return [
            *(self.bwrap, "--die-with-parent", "--as-pid-1", "--new-session", "--clearenv"),
            *("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"),
            *("--hostname", "sandbox", "--seccomp", str(seccomp_fd), "--info-fd", str(info_fd)),
            *_identity(user),
            *self._file_system(),
            *self._environment(),
            *("--chdir", "/mnt/data", "--", self.python.executable, "-I", INSIDE, self._settings(user)),
        ]

    def _file_system(self) -> Iterator[str]:
        yield from ("--proc", "/proc", "--dev", "/dev")
        for path, size in {**_SCRATCH, "/mnt/data": self.options.disk}.items():
            # For everybody: as root the directories are made by another user than the one that is to write in them.
            yield from ("--perms", "0777", "--size", str(size), "--tmpfs", path)
        for path in _MERGED:
            if os.path.islink(path):
                yield from ("--symlink", os.readlink(path), path)
            else:
                yield from ("--ro-bind-try", path, path)
        etc = [f"/etc/{name}" for name in _ETC]
        more = [os.path.abspath(path) for path in self.options.paths]
        shown = sorted({*_SYSTEM, *etc, *self.python.paths, *more})
        for above in sorted({str(parent) for path in shown for parent in Path(path).parents}):
            yield from ("--perms", "0755", "--dir", above)  # else they would be for one user alone
        for path in shown:
            yield from ("--ro-bind-try", path, path)
        yield from ("--ro-bind", str(Path(__file__).parent / "inside.py"), INSIDE)
        for path in ("/dev", "/"):  # file systems in memory like the others, without a limit of their own
            yield from ("--remount-ro", path)

    def _environment(self) -> Iterator[str]:
        threads = str(min(4, os.cpu_count() or 1))
        values = {
            "PATH": f"{os.path.dirname(self.python.executable)}:/usr/bin:/bin",
            "HOME": "/tmp",
            "TMPDIR": "/tmp",
            "USER": "sandbox",
            "LANG": "C.UTF-8",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONNOUSERSITE": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            **{f"{library}_NUM_THREADS": threads for library in _THREADS},
        }
        for name, value in values.items():
            yield from ("--setenv", name, value)

    def _settings(self, user: int | None) -> str:
        options = self.options
        limits = {
            "RLIMIT_DATA": options.memory,
            "RLIMIT_AS": options.memory + _ADDRESSES,
            "RLIMIT_NPROC": options.processes,
            "RLIMIT_FSIZE": options.disk,
            "RLIMIT_NOFILE": 512,
            "RLIMIT_CORE": 0,
            "RLIMIT_MEMLOCK": MIB,
            "RLIMIT_MSGQUEUE": 0,
            "RLIMIT_SIGPENDING": 1024,
        }
        return json.dumps({"uid": user, "limits": limits})


def _identity(user: int | None) -> Iterator[str]:
    if user is None:
        yield from ("--unshare-user", "--uid", str(USER), "--gid", str(USER))
    else:
        # Root is not limited in its processes. The program inside becomes another user, once it sees what root sees.
        yield from ("--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID")


def _release() -> tuple[int, ...]:
    major, minor = os.uname().release.split(".")[:2]
    return int(major), int("".join(filter(str.isdigit, minor)) or 0)


def refusal(complaint: str) -> ConfigurationError:
    """For a sandbox that did not come up, by what it said."""
    complaint = " ".join(complaint.split())
    if any(sign in complaint for sign in ("namespace", "uid map", "RTM_NEWADDR", "pivot_root", "mount proc")):
        complaint += (
            ". It must be allowed to make namespaces: a container needs --security-opt seccomp=unconfined and"
            " --security-opt systempaths=unconfined, with root --cap-add SYS_ADMIN, too; Ubuntu an AppArmor profile"
            " for bwrap, or the setting kernel.apparmor_restrict_unprivileged_userns=0"
        )
    return _none(complaint)


def _none(reason: str) -> ConfigurationError:
    return ConfigurationError(
        f"code_interpreter has no sandbox here: {reason}. The engine runs code of a model only in one; without"
        " code_interpreter it starts."
    )
