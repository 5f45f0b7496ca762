from __future__ import annotations

import os
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from assistream.engine.interpreter import bubblewrap
from assistream.engine.interpreter.bubblewrap import Recipe, refusal
from assistream.engine.interpreter.limits import CodeInterpreter
from assistream.engine.interpreter.python import Python
from assistream.errors import ConfigurationError

RECIPE = Recipe(
    "bwrap", Python("/opt/env/bin/python", ("/opt/env/bin", "/opt/env/lib")), CodeInterpreter(disk=5 * 2**20), b""
)


def pairs(command: list[str]) -> set[tuple[str, str]]:
    return set(pairwise(command))


def test_what_is_shared_with_the_machine() -> None:
    command = RECIPE.command(3, 4, None)
    shown = {command[at + 1] for at, word in enumerate(command) if word.startswith(("--ro-bind", "--bind"))}
    assert {"/opt/env/bin", "/opt/env/lib", "/usr/bin", "/usr/lib", "/usr/share"} <= shown
    assert not shown & {"/", "/etc", "/home", "/root", "/usr", "/opt/env", os.getcwd(), "/tmp", "/var"}
    assert "--bind" not in command
    assert "--share-net" not in command
    assert {"--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--clearenv"} <= set(command)
    assert {"--die-with-parent", "--new-session"} <= set(command)


def test_what_can_be_written_to_has_a_size() -> None:
    command = RECIPE.command(3, 4, None)
    places = {command[at + 1]: command[at - 2 : at] for at, word in enumerate(command) if word == "--tmpfs"}
    assert places["/mnt/data"] == ["--size", str(5 * 2**20)]
    assert {place for place, size in places.items() if size[0] == "--size"} == {"/mnt/data", "/tmp", "/run", "/dev/shm"}
    assert pairs(command) >= {("--remount-ro", "/"), ("--remount-ro", "/dev")}


def test_as_an_ordinary_user_it_has_users_of_its_own() -> None:
    command = RECIPE.command(3, 4, None)
    assert "--unshare-user" in command
    assert '"uid": null' in command[-1]


def test_as_root_it_becomes_another_user() -> None:
    command = RECIPE.command(3, 4, 60_999)
    assert "--unshare-user" not in command
    assert ("--cap-drop", "ALL") in pairs(command)
    assert {words[1] for words in pairs(command) if words[0] == "--cap-add"} == {"CAP_SETUID", "CAP_SETGID"}
    assert '"uid": 60999' in command[-1]


def test_not_on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(ConfigurationError, match="no sandbox here: bubblewrap, which makes it, needs Linux"):
        Recipe.on_this_machine(CodeInterpreter())


def test_without_bubblewrap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigurationError, match=r"bubblewrap is not installed \(apt-get install bubblewrap"):
        Recipe.on_this_machine(CodeInterpreter())


def test_on_an_old_kernel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bwrap").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(bubblewrap, "_release", lambda: (5, 10))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(ConfigurationError, match=r"before Linux 5\.14"):
        Recipe.on_this_machine(CodeInterpreter())


def test_what_to_do_is_said_where_name_spaces_are_refused() -> None:
    complaint = "bwrap: No permissions to create new namespace, likely because the kernel does not allow"
    assert "--security-opt seccomp=unconfined" in str(refusal(complaint))
    assert "seccomp=unconfined" not in str(refusal("bwrap: something else"))
