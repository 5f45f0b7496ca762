"""The filter as numbers; what it refuses is tried in tests/sandbox."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from assistream.engine.interpreter.seccomp import MACHINES, program
from assistream.errors import ConfigurationError

ALLOWED, KILLED, FAILED = 0x7FFF0000, 0x80000000, 0x00050000
HEADERS = {
    "x86_64": (Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), r"#define __NR_(\w+) (\d+)"),
    "aarch64": (Path("/usr/include/asm-generic/unistd.h"), r"#define __NR(?:3264)?_(\w+)\s+(\d+)"),
}


def verdict(machine: str, number: int, *arguments: int, arch: int | None = None) -> int:
    """What the kernel would say: its machine for such programs, as far as ours needs it."""
    data = struct.pack(
        "=iIQ6Q", number, MACHINES[machine].audit if arch is None else arch, 0, *(*arguments, *[0] * 6)[:6]
    )
    code = [struct.unpack("=HBBI", program(machine)[at : at + 8]) for at in range(0, len(program(machine)), 8)]
    at = loaded = 0
    while True:
        operation, then, otherwise, value = code[at]
        at += 1
        match operation:
            case 0x20:
                (loaded,) = struct.unpack_from("=I", data, value)
            case 0x06:
                return int(value)
            case _:
                holds = {0x15: loaded == value, 0x35: loaded >= value, 0x45: bool(loaded & value)}[operation]
                at += then if holds else otherwise


@pytest.fixture(params=sorted(MACHINES))
def machine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_ordinary_calls_are_allowed(machine: str) -> None:
    refused = set(MACHINES[machine].calls.values())
    assert {verdict(machine, number) for number in range(450) if number not in refused} == {ALLOWED}


def test_those_of_the_table_are_refused(machine: str) -> None:
    for call, number in MACHINES[machine].calls.items():
        if call not in ("clone", "socket"):
            assert verdict(machine, number) - FAILED == (
                38 if call in ("clone3", "memfd_create", "io_uring_setup") else 1
            )


def test_threads_and_processes_may_be_made_and_name_spaces_not(machine: str) -> None:
    clone = MACHINES[machine].calls["clone"]
    assert verdict(machine, clone, 0x3D0F00) == ALLOWED
    for space in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        assert verdict(machine, clone, 17 | space) == FAILED + 1


@pytest.mark.parametrize(
    ("family", "protocol", "fails"),
    [(1, 0, 0), (2, 6, 0), (10, 0, 0), (16, 0, 0), (16, 4, 97), (40, 0, 97), (17, 3, 97)],
)
def test_kinds_of_sockets(machine: str, family: int, protocol: int, fails: int) -> None:
    said = verdict(machine, MACHINES[machine].calls["socket"], family, 1, protocol)
    assert said == (FAILED + fails if fails else ALLOWED)


def test_calls_by_other_tables_are_refused(machine: str) -> None:
    assert verdict(machine, 0, arch=0x40000003) == KILLED
    assert verdict(machine, 0x40000000 + 39) == FAILED + 38


def test_the_numbers_are_those_of_the_kernel(machine: str) -> None:
    header, pattern = HEADERS[machine]
    if not header.exists():
        pytest.skip(f"{header} is not on this machine")
    numbers = dict(re.findall(pattern, header.read_text()))
    newer = {call for call in MACHINES[machine].calls if call not in numbers}
    assert {
        call: str(number) for call, number in MACHINES[machine].calls.items() if call not in newer
    }.items() <= numbers.items()
    assert newer <= {"memfd_secret", "quotactl_fd"}


def test_other_machines_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="no sandbox for 'sparc' machines"):
        program("sparc")
