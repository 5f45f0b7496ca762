"""Run other people's clients and frameworks against the engine, and write what came of it: `make compatibility`.

Each is installed into an environment of its own in .venv-clients, when it is not there yet. Its program, which is in
tests/compatibility, has the same conversation in each of its ways, with functions of its own that the model calls; the
answers must be those of CONVERSATION. What has no functions, but files, has answers of its own in FILES. The table of
docs/compatibility.md is written from that.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

if __package__ is None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assistream.engine import Engine, ModelRequest, Scripted, calls, pauses, says
from assistream.engine.models import ChatMessage, Turn
from assistream.errors import ConfigurationError
from scripts.environments import CannotInstall, prepare_node, prepare_python, python

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / ".venv-clients"
PROGRAMS = ROOT / "tests" / "compatibility"
DOCUMENT = ROOT / "docs" / "compatibility.md"
BEGIN, END = "<!-- written by scripts/compatibility.py -->\n", "<!-- end -->\n"
HEAD = "| client | version | besides | what ran | result | date |\n|---|---|---|---|---|---|\n"

WORKS = "works"
THINKING = 0.2
"""Seconds the model takes before it says something: no run is over when its client first looks."""
PATIENCE = 120.0

QUESTIONS = ["What is the weather and the time in Oslo?", "And the weather in Bergen?", "Thank you."]
CONVERSATION = ["It is 28 degrees and 4 o'clock.", "It is 42 degrees.", "You are welcome; that was question 3."]
"""What the model says to the questions. The figures are those of the functions, which only the programs have."""

INTERPRETER = "code interpreter"
CITED, LINKED = "It is 28 days [handbook.md].", "It is in [total.txt](sandbox:/mnt/data/total.txt)."
FOUND = ["handbook.md: Vacation is 28 days a year.", "refunds.txt: Money is given back within ten working days."]
FILES = {
    "vector stores": ["completed 2/2", "failed invalid_file", *FOUND, "The code of the door is 4711.", "3 1 4", "gone"],
    "file search": [CITED, CITED],
    "file search, asyncio": ["2 handbook.md", CITED],
    INTERPRETER: ["142", "142", LINKED],
}
"""The ways of tests/compatibility/openai_files.py, with what each says. The figures are those of its files."""
CODE = """
rows = [row.split(",") for name in ("sales.csv", "more.csv") for row in open(f"/mnt/data/{name}")]
total = sum(int(number) for month, number in rows if month.isdigit())
print(total)
open("/mnt/data/total.txt", "w").write(str(total));
"""


class Fault(NamedTuple):
    """Why a way does not work although the server does what it must: a mistake of the client's own."""

    error: str
    reason: str


class Client(NamedTuple):
    name: str
    package: str
    program: str
    ways: tuple[str, ...]
    besides: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    faults: Mapping[str, Fault] = {}

    @property
    def version(self) -> str:
        return re.split("==|@", self.package)[1]

    @property
    def place(self) -> Path:
        return PLACE / re.sub(r"\W+", "-", self.package)


OPENAI_WAYS = ("polling", "event handler", "stream=True", "asyncio")
CLIENTS = [
    Client(
        "openai-python, version 1 of the API", "openai==1.16.2", "openai_python.py", OPENAI_WAYS, ("httpx==0.27.2",)
    ),
    Client("openai-python", "openai==1.109.1", "openai_python.py", OPENAI_WAYS),
    Client("openai-python", "openai==3.52.0", "openai_python.py", OPENAI_WAYS),
    *(
        Client("openai-python, with files", package, "openai_files.py", tuple(FILES))
        for package in ("openai==1.109.1", "openai==3.52.0")  # version 1 of the API has no vector stores
    ),
    Client("openai-node", "openai@4.104.0", "openai_node.mjs", ("AssistantStream", "stream: true", "polling")),
    Client(
        "LangChain: `OpenAIAssistantRunnable` of langchain-classic",
        "langchain-classic==1.0.8",
        "langchain.py",
        ("AgentExecutor", "invoke", "ainvoke"),
        ("openai==3.52.0",),
        ("langchain_classic.agents.openai_assistant", "OpenAIAssistantRunnable"),
        {
            "ainvoke": Fault(
                "AttributeError: 'tuple' object has no attribute 'run_id'",
                "it goes through the messages of a run that has completed with `for`, where openai's asynchronous page"
                " needs `async for`",
            )
        },
    ),
    Client(
        "LangChain: `OpenAIAssistantV2Runnable` of langchain-community",
        "langchain-community==0.4.1",
        "langchain.py",
        ("AgentExecutor", "invoke", "ainvoke"),
        ("langchain-classic==1.0.8", "openai==3.52.0"),
        ("langchain_community.agents.openai_assistant", "OpenAIAssistantV2Runnable"),
    ),
    Client(
        "LlamaIndex: `OpenAIAssistantAgent`",
        "llama-index-agent-openai==0.4.12",
        "llamaindex.py",
        ("chat", "achat"),
        ("openai==1.109.1",),
    ),
    Client(
        "AG2: `GPTAssistantAgent`",
        "ag2==0.9.10",
        "ag2.py",
        ("initiate_chat", "initiate_chat without check_every_ms"),
        ("openai==3.52.0",),
        faults={
            "initiate_chat without check_every_ms": Fault(
                "TypeError: unsupported operand type(s) for /: 'NoneType' and 'int'",
                "it drops the `check_every_ms` that it is given, and its default does not replace the None of"
                " `LLMConfig`, by which it divides when a run is not over at its first look; `initiate_chat` ran after"
                ' `agent.llm_config["check_every_ms"] = 20`',
            )
        },
    ),
]


def answer(request: ModelRequest) -> Turn:
    """The model of CONVERSATION: it calls what the question is about, then says what came back."""
    last = request.messages[-1]
    if request.built_in:
        turn = answer_with(next(iter(request.built_in.values())), last)
    elif last.role == "tool":
        outputs = [message.text for message in takewhile(lambda m: m.role == "tool", reversed(request.messages))]
        turn = says(f"It is {' and '.join(reversed(outputs))}.")
    elif last.text == QUESTIONS[0]:
        turn = calls(get_weather={"city": "Oslo"}, get_time={"city": "Oslo"})
    elif last.text == QUESTIONS[1]:
        turn = calls(get_weather={"city": "Bergen"})
    else:
        turn = says(f"You are welcome; that was question {sum(m.role == 'user' for m in request.messages)}.")
    return pauses(THINKING) + turn


def answer_with(tool: str, last: ChatMessage) -> Turn:
    """The model of FILES: it uses the tool, then cites what that found, or made."""
    if last.role == "user":
        given = {"queries": ["vacation", "money"]} if tool == "file_search" else {"code": CODE}
        return calls(**{tool: given})
    if tool == "file_search":
        return says(f"It is 28 days{re.findall('【[^】]*handbook[^】]*】', last.text)[0]}.")
    return says(LINKED)


def prepare(client: Client) -> Path:
    """Install it; its program, where it can be run from."""
    program = PROGRAMS / client.program
    packages = [client.package, *client.besides]
    if program.suffix == ".py":
        prepare_python(client.place, packages)
        return program
    prepare_node(client.place, packages)
    return Path(shutil.copy(program, client.place))  # Node.js looks for packages from where a program is


def command(client: Client, program: Path, way: str) -> list[str]:
    # What it sees is its environment and nothing beside it; openai warns that this API is going away.
    start = [str(python(client.place)), "-I", "-W", "ignore"] if program.suffix == ".py" else ["node"]
    return [*start, str(program), way, *client.arguments]


def no_sandbox() -> str:
    """Why no code can be run on this machine; "" where it can."""
    try:
        with Engine(model=Scripted(answer), code_interpreter=True):
            return ""
    except ConfigurationError as error:
        return str(error)


def converse(line: Sequence[str], way: str = "") -> str:
    """Have the conversation with a new engine; "" if it went as it must, else what went wrong."""
    ours = ("ASSISTREAM_", "LANGCHAIN_", "LANGSMITH_", "OPENAI_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    with Engine(model=Scripted(answer), code_interpreter=way == INTERPRETER) as engine:
        told = {"OPENAI_BASE_URL": engine.base_url, "OPENAI_API_KEY": "none", "NO_PROXY": "127.0.0.1"}
        try:
            done = subprocess.run(
                line,
                env=kept | told,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"it was not over in {PATIENCE:.0f} s"
    if done.returncode:
        return _reason(done.stderr) or f"exit code {done.returncode}"
    said = json.loads(done.stdout.splitlines()[-1])
    return "" if said == FILES.get(way, CONVERSATION) else f"it said {said}"


def _reason(stderr: str) -> str:
    """The line of a traceback that tells what happened: Python ends with it, Node.js does not."""
    lines = [line for line in stderr.splitlines() if re.match(r"[\w.]*(Error|Exception)\b", line)]
    return lines[-1] if lines else ""


def verdict(client: Client, outcomes: Mapping[str, str]) -> tuple[bool, str]:
    """Whether all is as it should be, and what the table says. Without an outcome a way was as expected."""
    said: list[str] = []
    fine = True
    for way in client.ways:
        fault = client.faults.get(way)
        error = outcomes.get(way, fault.error if fault else "")
        if fault and error == fault.error:
            said.append(f"`{way}` fails for a reason of its own: {fault.reason}")
        elif error or fault:
            fine = False
            said.append(f"`{way}` fails: {error or 'it works, which scripts/compatibility.py does not expect'}")
    working = [f"`{way}` works" for way in client.ways if way not in client.faults and not outcomes.get(way)]
    return fine, "; ".join([*working, *said]) if said else WORKS


def row(client: Client, result: str, day: str) -> str:
    besides = ", ".join(package.replace("==", " ") for package in client.besides)
    ways = ", ".join(f"`{way}`" for way in client.ways)
    safe = " ".join(result.split()).replace("|", r"\|")
    return f"| {client.name} | {client.version} | {besides} | {ways} | {safe} | {day} |\n"


def check(client: Client) -> tuple[bool, str]:
    try:
        program = prepare(client)
    except CannotInstall as error:
        return False, f"not installed: {error}"
    reason = no_sandbox() if INTERPRETER in client.ways else ""
    if reason:
        client = client._replace(ways=tuple(way for way in client.ways if way != INTERPRETER))
    fine, result = verdict(client, {way: converse(command(client, program, way), way) for way in client.ways})
    return fine, f"{result}; `{INTERPRETER}` was left out: {reason}" if reason else result


def write(rows: Sequence[str]) -> None:
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(f"{before}{BEGIN}\n{HEAD}{''.join(rows)}\n{END}{after}", encoding="utf-8")


def main() -> int:
    rows: list[str] = []
    failed: list[str] = []
    for client in CLIENTS:
        fine, result = check(client)
        print(f"== {client.package}: {result}", flush=True)
        rows.append(row(client, result, date.today().isoformat()))
        failed += [] if fine else [client.package]
    write(rows)
    print(f"== FAILED: compatibility, with {', '.join(failed)}" if failed else "== compatibility: all is as expected")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
