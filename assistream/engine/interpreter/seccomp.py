"""The system calls that code in the sandbox may not make, as a program for the kernel (classic BPF).

Namespaces and an unprivileged user hold the code already; this takes away what a mistake in the kernel could be
reached by, and the ways to hold memory that no limit counts.
"""

from __future__ import annotations

import errno
import platform
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from ...errors import ConfigurationError

_GENERIC = {
    "acct": 89, "add_key": 217, "bpf": 280, "chroot": 51, "clock_adjtime": 266, "clock_settime": 112,
    "delete_module": 106, "fanotify_init": 262, "finit_module": 273, "init_module": 105, "kcmp": 272,
    "kexec_file_load": 294, "kexec_load": 104, "keyctl": 219, "lookup_dcookie": 18, "mount": 40, "mq_open": 180,
    "msgget": 186, "name_to_handle_at": 264, "open_by_handle_at": 265, "perf_event_open": 241, "pivot_root": 41,
    "process_vm_readv": 270, "process_vm_writev": 271, "ptrace": 117, "quotactl": 60, "reboot": 142,
    "request_key": 218, "semget": 190, "setns": 268, "settimeofday": 170, "shmget": 194, "swapoff": 225, "swapon": 224,
    "syslog": 116, "umount2": 39, "unshare": 97, "userfaultfd": 282, "vhangup": 58, "vmsplice": 75,
    "memfd_create": 279, "clone": 220, "socket": 198,
}  # fmt: skip
_X86 = {
    "acct": 163, "add_key": 248, "bpf": 321, "chroot": 161, "clock_adjtime": 305, "clock_settime": 227,
    "delete_module": 176, "fanotify_init": 300, "finit_module": 313, "init_module": 175, "kcmp": 312,
    "kexec_file_load": 320, "kexec_load": 246, "keyctl": 250, "lookup_dcookie": 212, "mount": 165, "mq_open": 240,
    "msgget": 68, "name_to_handle_at": 303, "open_by_handle_at": 304, "perf_event_open": 298, "pivot_root": 155,
    "process_vm_readv": 310, "process_vm_writev": 311, "ptrace": 101, "quotactl": 179, "reboot": 169,
    "request_key": 249, "semget": 64, "setns": 308, "settimeofday": 164, "shmget": 29, "swapoff": 168, "swapon": 167,
    "syslog": 103, "umount2": 166, "unshare": 272, "userfaultfd": 323, "vhangup": 153, "vmsplice": 278,
    "memfd_create": 319, "clone": 56, "socket": 41,
    "ioperm": 173, "iopl": 172, "create_module": 174, "modify_ldt": 154, "uselib": 134, "ustat": 136, "sysfs": 139,
}  # fmt: skip
# Newer calls have the same number everywhere.
_COMMON = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "clone3": 435, "pidfd_getfd": 438,
    "process_madvise": 440, "mount_setattr": 442, "quotactl_fd": 443, "memfd_secret": 447,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Machine:
    audit: int
    """How the kernel names it (``AUDIT_ARCH_...``)."""
    calls: Mapping[str, int]


MACHINES: Mapping[str, Machine] = {
    "x86_64": Machine(0xC000003E, _X86 | _COMMON),
    "aarch64": Machine(0xC00000B7, _GENERIC | _COMMON),
}

MISSING = frozenset({"clone3", "memfd_create", "io_uring_setup"})
"""For these a program has another way, and takes it if the kernel seems not to have them."""
FAMILIES = (1, 2, 10)
"""Sockets may be of Unix, IPv4 and IPv6, all three in a network without a way out. Others need no network."""
NETLINK = 16
"""Only its first protocol, by which programs ask for the interfaces there are: ZeroMQ ends where it cannot."""
NEW_NAMESPACES = 0x7E020000
"""The bits of `clone` that ask for one."""

_X32 = 0x40000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCH, _FIRST_ARGUMENT, _THIRD_ARGUMENT = 0, 4, 16, 32
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000


def program(machine: str = "") -> bytes:
    """For bubblewrap's ``--seccomp``."""
    name = machine or platform.machine()
    if name not in MACHINES:
        raise ConfigurationError(
            f"code_interpreter has no sandbox for {name!r} machines: its filter of system calls knows"
            f" {' and '.join(MACHINES)}. Run the engine on one of those, or leave code_interpreter off."
        )
    arch, calls = MACHINES[name].audit, MACHINES[name].calls
    code = [
        *(_op(_LOAD, _ARCH), _op(_EQUAL, arch, 1, 0), _op(_RETURN, _KILL), _op(_LOAD, _NUMBER)),
        # The same machine has these calls once more under other numbers.
        *(_op(_AT_LEAST, _X32, 0, 1), _fail(errno.ENOSYS)),
    ]
    for call, number in calls.items():
        if call not in ("clone", "socket"):
            code += [_op(_EQUAL, number, 0, 1), _fail(errno.ENOSYS if call in MISSING else errno.EPERM)]
    code += [
        *(_op(_EQUAL, calls["clone"], 0, 4), _op(_LOAD, _FIRST_ARGUMENT), _op(_ANY_BIT, NEW_NAMESPACES, 0, 1)),
        *(_fail(errno.EPERM), _op(_RETURN, _ALLOW)),
        *(_op(_EQUAL, calls["socket"], 0, len(FAMILIES) + 5), _op(_LOAD, _FIRST_ARGUMENT)),
        *(_op(_EQUAL, family, len(FAMILIES) + 3 - place, 0) for place, family in enumerate(FAMILIES)),
        *(_op(_EQUAL, NETLINK, 0, 2), _op(_LOAD, _THIRD_ARGUMENT), _op(_EQUAL, 0, 1, 0)),
        *(_fail(errno.EAFNOSUPPORT), _op(_RETURN, _ALLOW)),
    ]
    return b"".join(code)


def _op(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)


def _fail(number: int) -> bytes:
    return _op(_RETURN, _ERRNO | number)
