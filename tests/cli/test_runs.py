from __future__ import annotations

import json
import re
from pathlib import Path

from .conftest import Command, complaint, said
from .objects import kept


def test_list_show_and_cancel(command: Command, tmp_path: Path) -> None:
    state = kept(tmp_path / "state.db")
    thread, (ended, waiting), here = state.thread, state.runs, ("--path", "state.db")
    head, *rows = said(command("runs", "list", thread, *here)).splitlines()
    assert head.split() == ["id", "status", "model", "tokens", "created"]
    assert [row.split()[:3] for row in rows] == [[waiting, "requires_action", "m-1"], [ended, "completed", "m-1"]]
    lines = said(command("runs", "list", thread, "--json", "--limit", "1", *here)).splitlines()
    assert [json.loads(line)["id"] for line in lines] == [waiting]

    shown = said(command("runs", "show", thread, waiting, *here))
    assert re.search(r"^status +requires_action$", shown, re.MULTILINE)
    assert "get_weather" in shown
    assert "  tool_calls  in_progress" in shown
    assert json.loads(said(command("runs", "show", thread, ended, "--json", *here)))["status"] == "completed"

    assert said(command("runs", "cancel", thread, waiting, *here)) == f"cancelled {waiting}\n"
    assert "cancelled" in complaint(command("runs", "cancel", thread, waiting, "--json", *here), 1)
    assert json.loads(said(command("runs", "show", thread, waiting, "--json", *here)))["status"] == "cancelled"
