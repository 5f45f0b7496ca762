from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import compatibility as script
from scripts.compatibility import CLIENTS, CONVERSATION, FILES, INTERPRETER, Client, Fault
from scripts.environments import CannotInstall
from tests.sandboxed import sandbox

LIMITED = Client("A: `b`", "b==1.2", "openai_python.py", ("x", "y"), ("c==3",), faults={"y": Fault("E: e", "it errs")})


def rows() -> list[str]:
    text = script.DOCUMENT.read_text(encoding="utf-8")
    return text.split(script.HEAD)[1].split(f"\n{script.END}")[0].splitlines(keepends=True)


def test_the_table_has_what_the_script_runs_with_the_results_that_it_expects() -> None:
    days = [row.split(" | ")[-1].removesuffix(" |\n") for row in rows()]
    assert [day for day in days if not re.fullmatch(r"\d{4}-\d\d-\d\d", day)] == []
    expected = zip(CLIENTS, days, strict=True)
    assert rows() == [script.row(client, script.verdict(client, {})[1], day) for client, day in expected]


def test_every_program_is_run() -> None:
    programs = {path.name for path in script.PROGRAMS.iterdir() if path.is_file()} - {"__init__.py"}
    assert programs == {client.program for client in CLIENTS}


def test_versions_are_pinned() -> None:
    packages = [package for client in CLIENTS for package in (client.package, *client.besides)]
    assert [package for package in packages if not re.fullmatch(r"[\w-]+(==|@)[\d.]+", package)] == []


def test_an_environment_is_for_one_set_of_packages() -> None:
    sets = {(client.package, *client.besides) for client in CLIENTS}
    assert len({client.place for client in CLIENTS}) == len(sets)


def test_the_questions_are_those_of_the_programs() -> None:
    for name in {client.program for client in CLIENTS if client.ways != tuple(FILES)}:
        source = (script.PROGRAMS / name).read_text(encoding="utf-8")
        assert [question for question in script.QUESTIONS if question not in source] == []


@pytest.mark.parametrize("way", script.OPENAI_WAYS)
def test_a_program_has_the_conversation_with_the_engine(way: str) -> None:
    program = str(script.PROGRAMS / "openai_python.py")
    assert script.converse([sys.executable, "-m", "assistream.compat", program, way]) == ""


@pytest.mark.parametrize("way", FILES)
def test_a_program_has_its_files_with_the_engine(way: str, request: pytest.FixtureRequest) -> None:
    if way == INTERPRETER:
        request.getfixturevalue(sandbox.__name__)
    program = str(script.PROGRAMS / "openai_files.py")
    assert script.converse([sys.executable, "-m", "assistream.compat", program, way], way) == ""


def test_without_a_sandbox_the_code_interpreter_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def there(client: Client) -> Path:
        return tmp_path / client.program

    def converse(line: list[str], way: str) -> str:
        ran.append(way)
        return ""

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(script, "prepare", there)
    monkeypatch.setattr(script, "converse", converse)
    fine, said = script.check(LIMITED._replace(ways=tuple(FILES), faults={}))
    assert fine
    assert said.startswith("works; `code interpreter` was left out: code_interpreter has no sandbox here: ")
    assert ran == [way for way in FILES if way != INTERPRETER]


def test_what_goes_wrong_is_told() -> None:
    assert script.converse([sys.executable, "-c", f"print({json.dumps(CONVERSATION)!r})"]) == ""
    assert script.converse([sys.executable, "-c", "print('[1]')"]) == "it said [1]"
    assert script.converse([sys.executable, "-c", "int('x')"]).startswith("ValueError: invalid literal")
    assert script.converse([sys.executable, "-c", "raise SystemExit(3)"]) == "exit code 3"


def test_a_program_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "PATIENCE", 0.01)
    assert script.converse([sys.executable, "-c", "import time; time.sleep(600)"]) == "it was not over in 0 s"


def test_a_program_is_told_where_the_engine_is_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_PROJECT", "theirs")
    names = "[name for name in sorted(os.environ) if name.startswith('OPENAI_')]"
    said = script.converse([sys.executable, "-c", f"import json, os; print(json.dumps({names}))"])
    assert said == "it said ['OPENAI_API_KEY', 'OPENAI_BASE_URL']"


def test_verdicts() -> None:
    assert script.verdict(LIMITED, {}) == (True, "`x` works; `y` fails for a reason of its own: it errs")
    assert script.verdict(LIMITED, {"x": "", "y": "E: e"}) == script.verdict(LIMITED, {})
    fine, said = script.verdict(LIMITED, {"x": "it said []", "y": "E: e"})
    assert (fine, said) == (False, "`x` fails: it said []; `y` fails for a reason of its own: it errs")


@pytest.mark.parametrize(("error", "told"), [("", "it works, which"), ("E: other", "E: other")])
def test_a_fault_that_is_gone_or_another_one_is_found(error: str, told: str) -> None:
    fine, said = script.verdict(LIMITED, {"x": "", "y": error})
    assert not fine
    assert f"`y` fails: {told}" in said


def test_a_row_is_one_line_of_a_table() -> None:
    told = "A: `b` | 1.2 | c 3 | `x`, `y`"
    assert script.row(LIMITED, "a | b\nc", "2000-01-01") == f"| {told} | a \\| b c | 2000-01-01 |\n"


def test_what_is_around_the_table_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "DOCUMENT", document := tmp_path / "document.md")
    document.write_text(f"before\n{script.BEGIN}old\n{script.END}after\n", encoding="utf-8")
    for _ in range(2):
        script.write(["| new |\n"])
    assert document.read_text(encoding="utf-8") == (
        f"before\n{script.BEGIN}\n{script.HEAD}| new |\n\n{script.END}after\n"
    )


def test_what_cannot_be_installed_is_in_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(client: Client) -> Path:
        raise CannotInstall("`npm ... x`: exit code 2")

    monkeypatch.setattr(script, "DOCUMENT", document := tmp_path / "document.md")
    document.write_text(f"{script.BEGIN}{script.END}", encoding="utf-8")
    monkeypatch.setattr(script, "CLIENTS", [LIMITED])
    monkeypatch.setattr(script, "prepare", failing)
    assert script.main() == 1
    assert "== FAILED: compatibility, with b==1.2\n" in capsys.readouterr().out
    assert "| not installed: `npm ... x`: exit code 2 |" in document.read_text(encoding="utf-8")


def test_it_succeeds_when_all_is_as_expected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def there(client: Client) -> Path:
        return tmp_path / client.program

    ran: list[str] = []

    def converse(line: list[str], way: str) -> str:
        ran.append(line[-1])
        return "E: e" if way == "y" else ""

    monkeypatch.setattr(script, "DOCUMENT", document := tmp_path / "document.md")
    document.write_text(f"{script.BEGIN}{script.END}", encoding="utf-8")
    monkeypatch.setattr(script, "CLIENTS", [LIMITED])
    monkeypatch.setattr(script, "prepare", there)
    monkeypatch.setattr(script, "converse", converse)
    assert script.main() == 0
    assert ran == ["x", "y"]


def test_a_program_for_node_is_run_from_beside_its_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def install(place: Path, packages: list[str]) -> None:
        assert packages == ["openai@4.104.0"]
        place.mkdir()

    monkeypatch.setattr(script, "PLACE", tmp_path)
    monkeypatch.setattr(script, "prepare_node", install)
    (node,) = [client for client in CLIENTS if client.program.endswith(".mjs")]
    program = script.prepare(node)
    assert program.parent == node.place
    assert script.command(node, program, "polling") == ["node", str(program), "polling"]


def test_as_a_program_it_finds_what_it_needs() -> None:
    code = f"import runpy\nrunpy.run_path({script.__file__!r}, run_name='x')"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=script.ROOT)
