"""`make demo`: an assistant answers, calls two Python functions and goes on. Offline, over real HTTP on this machine.

The engine runs inside this program, with a model that needs no network. Everything else is what a program does that
talks to any Assistants server: create an assistant and a thread, stream a run into an event handler, answer its calls.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from assistream import AssistantEventHandler, Client
from assistream.engine import Rehearsal
from assistream.types import FunctionToolCall, Run, TextDelta, ToolCall, ToolCallDelta
from assistream.types import Text as MessageText
from assistream.types.params import AssistantToolParam, ToolOutput

QUESTION = "I am in Oslo. What is the weather in Bergen, and which trains go from Oslo to Bergen after 14:00?"


def get_weather(city: str) -> str:
    return json.dumps({"city": city, "sky": "light rain", "high": 11})


def find_trains(origin: str, destination: str, after: str = "00:00") -> str:
    departures = [time for time in ("08:25", "14:25", "16:03", "23:03") if time >= after]
    return json.dumps({"from": origin, "to": destination, "departures": departures})


FUNCTIONS: dict[str, Callable[..., str]] = {"get_weather": get_weather, "find_trains": find_trains}
TOOLS: list[AssistantToolParam] = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Today's forecast for a city.",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        },
    },
    {
        "type": "function",
        "function": {
            "name": "find_trains",
            "description": "Trains between two cities.",
            "parameters": {
                "type": "object",
                "properties": {
                    "origin": {"type": "string", "description": "City to travel from."},
                    "destination": {"type": "string", "description": "City to travel to."},
                    "after": {"type": "string", "description": "Earliest departure, HH:MM."},
                },
                "required": ["origin", "destination"],
            },
        },
    },
]


class Screen(AssistantEventHandler):
    """Shows a run as it happens: calls while their arguments are written, text as it arrives.

    A table that grows on a terminal, plain lines elsewhere.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self.table = Table.grid(padding=(0, 2))
        self.table.add_column(no_wrap=True, min_width=9)
        self.table.add_column()
        self.line = Text()
        self.live = Live(self.table, console=console, auto_refresh=False, vertical_overflow="visible")

    def open(self) -> AbstractContextManager[object]:
        return self.live if self.console.is_terminal else nullcontext()

    def begin(self, speaker: str, style: str) -> None:
        self.line = Text()
        self.table.add_row(Text(speaker, style), self.line)
        if not self.console.is_terminal:
            print(f"\n{speaker:<11}", end="")

    def write(self, text: str, style: str = "") -> None:
        self.line.append(text, style)
        if self.console.is_terminal:
            self.live.refresh()
        else:
            print(text, end="", flush=True)

    def on_tool_call_created(self, tool_call: ToolCall) -> None:
        if isinstance(tool_call, FunctionToolCall):
            self.begin("calls", "bold yellow")
            self.write(f"{tool_call.function.name} ", "bold")

    def on_tool_call_delta(self, delta: ToolCallDelta, snapshot: ToolCall) -> None:
        if delta.type == "function" and delta.function:
            self.write(delta.function.arguments or "", "cyan")

    def on_text_created(self, text: MessageText) -> None:
        self.begin("assistant", "bold green")

    def on_text_delta(self, delta: TextDelta, snapshot: MessageText) -> None:
        self.write(delta.value or "")


def answer(run: Run, screen: Screen) -> list[ToolOutput]:
    """Call the functions that the run waits for."""
    assert run.required_action
    outputs: list[ToolOutput] = []
    for call in run.required_action.submit_tool_outputs.tool_calls:
        result = FUNCTIONS[call.function.name](**json.loads(call.function.arguments))
        screen.begin("returned", "yellow")
        screen.write(f"{call.function.name} ", "bold")
        screen.write(result, "dim")
        outputs.append({"tool_call_id": call.id, "output": result})
    return outputs


def main() -> None:
    screen = Screen(Console())
    started = time.perf_counter()
    with Client.embedded(model=Rehearsal(delay=0.03)) as client, screen.open():
        runs = client.beta.threads.runs
        assistant = client.beta.assistants.create(model="rehearsal", name="Guide", tools=TOOLS)
        thread = client.beta.threads.create(messages=[{"role": "user", "content": QUESTION}])
        screen.begin("you", "bold blue")
        screen.write(QUESTION)
        with runs.create_and_stream(thread.id, assistant_id=assistant.id, event_handler=screen) as stream:
            run = stream.get_final_run()
        while run.status == "requires_action":
            outputs = answer(run, screen)
            # The same handler goes on: it is the next part of the same run.
            with runs.submit_tool_outputs_stream(
                run.id, thread_id=thread.id, tool_outputs=outputs, event_handler=screen
            ) as stream:
                run = stream.get_final_run()
        used = f"{run.usage.prompt_tokens} + {run.usage.completion_tokens} tokens" if run.usage else "usage unknown"
        screen.begin("run", "bold")
        screen.write(f"{run.status}, {used}, {time.perf_counter() - started:.1f} s", "bold")
    if not screen.console.is_terminal:
        print()


if __name__ == "__main__":
    main()
