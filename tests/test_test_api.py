from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from assistream.engine import Engine, Scripted
from scripts import test_api as script
from scripts.environments import CannotInstall


def test_the_objects_for_schemathesis_are_there() -> None:
    with Engine(model=Scripted([]), api_key=script.KEY, open_files=True) as engine:
        operations = tomllib.loads(script.seeds(engine.base_url))["operations"]
        headers = {"Authorization": f"Bearer {script.KEY}"}
        with httpx.Client(base_url=engine.base_url, headers=headers) as client:
            for operation in operations:
                names = operation["include-name"]
                ids = {name.removeprefix("path."): id for name, id in operation["parameters"].items()}
                for name in [names] if isinstance(names, str) else names:
                    method, path = name.split(" ")
                    # Which fields it wants is not the question; whether it is there is.
                    body = {"attributes": {"n": 1}} if method == "POST" and path.startswith("/vector_stores") else None
                    beta = {"OpenAI-Beta": f"assistants=v{2 if path.startswith('/vector_stores') else 1}"}
                    answer = client.request(method, path.format_map(ids), json=body, headers=beta)
                    assert answer.status_code == 200, name


def test_what_cannot_be_installed_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def failing(place: Path, packages: Sequence[str]) -> None:
        raise CannotInstall("no pip")

    monkeypatch.setattr(script, "prepare_python", failing)
    assert script.main([]) == 1
    assert capsys.readouterr().out == "== FAILED: test-api, schemathesis cannot be installed: no pip\n"


@pytest.mark.parametrize(("failing", "code"), [("none", 0), ("v1", 1), ("v2", 1)])
def test_it_fails_when_one_version_does(
    failing: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def prepared(place: Path, packages: Sequence[str]) -> None:
        pass

    def ask(version: str, examples: int, seed: int) -> int:
        return int(version == failing)

    monkeypatch.setattr(script, "prepare_python", prepared)
    monkeypatch.setattr(script, "ask", ask)
    assert script.main([]) == code
    assert ("FAILED" in capsys.readouterr().out) is bool(code)
