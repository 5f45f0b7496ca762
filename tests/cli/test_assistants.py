from __future__ import annotations

import json
from pathlib import Path

from .conftest import Command, complaint, said
from .objects import kept


def test_list_show_and_delete(command: Command, tmp_path: Path) -> None:
    first, second = kept(tmp_path / "state.db").assistants
    here = ("--path", "state.db")
    head, *rows = said(command("assistants", "list", *here)).splitlines()
    assert head.split() == ["id", "name", "model", "tools", "created"]
    assert [row.split()[:3] for row in rows] == [[second, "m-2", "0"], [first, "First", "m-1"]]

    objects = [json.loads(line) for line in said(command("assistants", "list", "--json", *here)).splitlines()]
    assert [one["id"] for one in objects] == [second, first]
    assert said(command("assistants", "list", "--json", "--limit", "1", *here)).count("\n") == 1

    shown = said(command("assistants", "show", first, *here))
    assert "instructions     Be brief." in shown
    assert "tool_resources" not in shown  # it is empty
    assert json.loads(said(command("assistants", "show", first, "--json", *here))) == objects[1]

    assert said(command("assistants", "delete", first, *here)) == f"deleted {first}\n"
    assert json.loads(said(command("assistants", "delete", second, "--json", *here)))["deleted"] is True
    assert first in complaint(command("assistants", "show", first, *here), 1)
    assert said(command("assistants", "list", "--json", *here)) == ""
