"""The documents cannot drift: their programs run and print what they say, and everything public is in them."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache, partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import typer.main

import assistream
from assistream import AssistantEventHandler, Client, engine, errors
from assistream.cli.app import app
from assistream.engine import Scripted, calls, says
from assistream.engine.routes import ROUTES
from assistream.handlers.hooks import HOOK_NAMES
from assistream.transport import endpoint
from assistream.transport.settings import ClientOptions
from assistream.types.params import AssistantToolParam, ToolOutput

from .shared import ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINKING = [*DOCUMENTS, *sorted({*ROOT.glob("*.md")} - {*DOCUMENTS})]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = re.compile(r"<!-- not run: (.+) -->\n\Z")
MARK = "\0"


@cache
def read(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def text(name: str) -> str:
    return read(ROOT / "docs" / f"{name}.md")


def blocks(document: str) -> list[tuple[int, str, str]]:
    """The blocks that are run: the line where each begins, its Python, and what it says it prints ("" if nothing)."""
    fences = list(FENCE.finditer(document))
    found: list[tuple[int, str, str]] = []
    for fence, following in zip(fences, [*fences[1:], None], strict=False):
        if fence[1] != "python" or NOT_RUN.search(document[: fence.start()]):
            continue
        shown = following and following[1] == "text" and not document[fence.end() : following.start()].strip()
        line = document.count("\n", 0, fence.start()) + 1
        found.append((line, fence[2], following[2] if following and shown else ""))
    return found


def program(document: str) -> str:
    """All blocks as one program whose line numbers are those of the document; a mark is printed before each block."""
    lines: list[str] = []
    for line, source, _ in blocks(document):
        lines += [""] * (line - 1 - len(lines)) + [f"print({MARK!r}, end='')", *source.splitlines()]
    return "\n".join(lines)


def run(source: str, directory: Path) -> list[str]:
    """Run a program of marked blocks, offline, in a process of its own; what each block printed."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith(("ASSISTREAM_", "OPENAI_"))}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", source],
        cwd=directory,
        env=settings | {"PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.split(MARK)[1:]


@pytest.mark.parametrize("document", [path for path in DOCUMENTS if blocks(read(path))], ids=lambda path: path.name)
def test_programs_run_and_print_what_they_say(document: Path, tmp_path: Path) -> None:
    printed = run(program(read(document)), tmp_path)
    wanted = [shown for _, _, shown in blocks(read(document))]
    for got, shown in zip(printed, wanted, strict=True):
        if shown:
            assert got == shown
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("step", blocks(text("tutorial")), ids=lambda step: f"line {step[0]}")
def test_every_step_of_the_tutorial_stands_alone(step: tuple[int, str, str], tmp_path: Path) -> None:
    _, source, shown = step
    assert run(f"print({MARK!r}, end='')\n{source}", tmp_path) == [shown]


def test_a_program_that_fails_is_found(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="line 4"):
        run(program("Text.\n\n```python\n1 / 0\n```\n"), tmp_path)


def test_how_blocks_are_found() -> None:
    document = "```python\na\n```\n\n```text\nsaid\n```\n\n```sh\nb\n```\n<!-- not run: why -->\n```python\nc\n```\n"
    assert blocks(document) == [(1, "a\n", "said\n")]


def test_programs_that_are_not_run_are_rare() -> None:
    assert sum(len(re.findall("<!-- not run: ", read(document))) for document in DOCUMENTS) <= 2


def test_the_first_programs_are_short(tmp_path: Path) -> None:
    ((_, source, _), (_, agent, _)) = blocks(read(ROOT / "README.md"))
    assert len(source.splitlines()) <= 25
    assert "(AssistantEventHandler):" in source
    assert len(agent.splitlines()) <= 20
    printed, called = run(program(read(ROOT / "README.md")), tmp_path)
    assert "What is a stream?" in printed
    assert printed.endswith("\n-- completed\n")
    assert "21 degrees and sun in Oslo" in called


@pytest.mark.parametrize("hook", HOOK_NAMES)
def test_every_hook_has_a_row_with_its_arguments(hook: str) -> None:
    _, *arguments = inspect.signature(getattr(AssistantEventHandler, hook)).parameters
    assert f"| `{hook}({', '.join(arguments)})` |" in text("streaming")


Row: TypeAlias = tuple[str, list[str]]


class Tracer(AssistantEventHandler):
    """Each event with the hooks that follow it, as the tables of orders have them."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        for hook in HOOK_NAMES:
            setattr(self, hook, partial(self._note, hook))

    def _note(self, hook: str, *arguments: Any) -> None:
        if hook == "on_event":
            self.rows.append((arguments[0].event, []))
        elif hook == "on_end":
            self.rows.append(("", ["end"]))
        else:
            self.rows[-1][1].append(hook.removeprefix("on_"))

    @property
    def seen(self) -> list[Row]:
        return [row for row, _ in groupby(self.rows)]


def order(title: str) -> list[Row]:
    """The table below this line; a row for each event that its row names, or for none."""
    _, table = re.split(rf"^{re.escape(title)}.*\n\n\| event \| hooks \|\n.*\n", text("streaming"), flags=re.MULTILINE)
    rows = [re.findall("`([^`]+)`|[|]", line) for line in table.split("\n\n")[0].splitlines()]
    split = [(row[1 : row.index("", 1)], row[row.index("", 1) + 1 : -1]) for row in rows]
    return [(name, hooks) for names, hooks in split for name in names or [""]]


def test_the_orders_are_what_happens() -> None:
    model = Scripted([calls(f='{"x": 1}', g='{"y": 2}'), says(["Hel", "lo"])])
    with Client.embedded(model=model) as client:
        tools: list[AssistantToolParam] = [{"type": "function", "function": {"name": name}} for name in "fg"]
        assistant = client.beta.assistants.create(model="scripted", tools=tools)
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "Hello."}])
        runs = client.beta.threads.runs
        with runs.create_and_stream(thread.id, assistant_id=assistant.id, event_handler=(first := Tracer())) as stream:
            run = stream.get_final_run()
        assert run.required_action
        outputs: list[ToolOutput] = [
            {"tool_call_id": call.id, "output": ""} for call in run.required_action.submit_tool_outputs.tool_calls
        ]
        with runs.submit_tool_outputs_stream(
            run.id, thread_id=thread.id, tool_outputs=outputs, event_handler=(second := Tracer())
        ) as stream:
            stream.until_done()
    called, written = order("Two function calls"), order("A message with one block of text")
    begun = written[:3]
    assert first.seen + second.seen[:2] == begun + called
    assert second.seen[2:] == written[2:]


def test_every_attribute_of_a_handler_is_told() -> None:
    public = [name for name in vars(AssistantEventHandler) if not name.startswith(("_", "on_"))]
    assert [name for name in public if not re.search(rf"`{name}[`(]", text("streaming"))] == []


def test_every_export_is_told() -> None:
    told = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`\n]+`", "".join(map(read, DOCUMENTS))))))
    assert [name for name in assistream.__all__ if name not in told] == []


def test_every_error_is_told() -> None:
    public = [name for name in errors.__all__ if name[0].isupper()]
    assert [name for name in public if f"`{name}`" not in text("errors")] == []


def test_every_export_of_the_engine_is_told() -> None:
    assert [name for name in engine.__all__ if not re.search(rf"`{name}[`(]", text("engine"))] == []


def test_every_option_has_a_row() -> None:
    options = [*(name for name in ClientOptions.__annotations__ if name[0] != "_"), "http_client"]
    assert [name for name in options if f"| `{name}` |" not in text("client")] == []
    options = list(inspect.signature(engine.Engine).parameters)
    assert [name for name in options if f"| `{name}` |" not in text("engine")] == []
    options = list(inspect.signature(engine.ChatCompletions).parameters)
    assert [name for name in options if f"`{name}`" not in text("engine")] == []


def test_every_environment_variable_is_told() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "assistream").rglob("*.py")]
    variables = {name for source in sources for name in re.findall(r'"((?:ASSISTREAM|OPENAI)_[A-Z_]+)"', source)}
    assert "ASSISTREAM_LOG" in variables
    assert [name for name in variables if f"`{name}`" not in text("client") + text("engine")] == []


def commands(name: str = "", group: Any = None) -> Iterator[tuple[str, Any]]:
    """Every command of the command line, by its name."""
    below: Any = vars(typer.main.get_command(app) if group is None else group).get("commands", {})
    if not below:
        yield name, group
    for part in below:
        yield from commands(f"{name} {part}".lstrip(), below[part])


def test_every_flag_of_serve_has_a_row_with_its_variable() -> None:
    flags = [(one.opts[0], one.envvar) for one in dict(commands())["serve"].params]
    assert ("--run-ttl", "ASSISTREAM_RUN_TTL") in flags
    assert [flag for flag, variable in flags if f"| `{flag}` | `{variable}` |" not in text("engine")] == []


def test_every_command_and_its_flags_are_told() -> None:
    """Those of `serve` are in the engine's document."""
    sections = re.split("^## ", text("cli"), flags=re.MULTILINE)
    for name, command in commands():
        section = next(section for section in sections if f"`assistream {name.split()[0]}" in section.splitlines()[0])
        assert f"`assistream {name}" in section
        rows = " ".join(re.findall(r"^\| (`--.*?) \|", section, re.MULTILINE))
        flags = [one.opts[0] for one in command.params if one.opts[0][0] == "-" and name != "serve"]
        assert [flag for flag in flags if f"`{flag}`" not in rows] == []


def test_every_path_of_the_engine_has_a_row() -> None:
    rows = {f"| `/v1{path}` | {' '.join(views)} |" for path, views in ROUTES.items()}
    assert rows == set(re.findall(r"^\| `/v1/.*$", text("engine"), re.MULTILINE))


def test_every_method_of_the_client_has_its_place() -> None:
    rows = dict(re.findall(r"^\| `([a-z_.]+)` \| (`[a-z_` ]+`) \|$", text("client"), re.MULTILINE))
    with Client(base_url="http://127.0.0.1:1") as client:
        for path, methods in rows.items():
            resource: object = attrgetter(path)(client)
            public = {
                name for name in dir(resource) if not name.startswith(("_", "with_")) and _is_method(resource, name)
            }
            assert public == set(re.findall(r"\w+", methods))
        assert {*rows, "beta.vector_stores", "beta.vector_stores.files", "beta.vector_stores.file_batches"} == {
            path for path in _resources(client) if path != "beta"
        }


def _resources(view: object, path: str = "") -> Iterator[str]:
    """The dotted names of all that is below a client or resource."""
    for name in dir(type(view)):
        if isinstance(inspect.getattr_static(type(view), name), endpoint.view) and not name.startswith("with_"):
            yield f"{path}{name}"
            yield from _resources(getattr(view, name), f"{path}{name}.")


def _is_method(resource: object, name: str) -> bool:
    return inspect.isroutine(getattr(resource, name))


@pytest.mark.parametrize("document", LINKING, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", FENCE.sub("", read(document)))
    local = [link for link in links if not link.startswith(("http://", "https://"))]
    assert [link for link in local if not (document.parent / link).exists()] == []


def test_the_readme_leads_everywhere() -> None:
    links = set(re.findall(r"\]\(([^)]+)\)", read(ROOT / "README.md")))
    wanted = {str(path.relative_to(ROOT)) for path in DOCUMENTS[1:]} | {"examples", "LICENSE"}
    assert links >= wanted | {path.name for path in LINKING[len(DOCUMENTS) :]}
