"""LangChain's OpenAIAssistantRunnable: as the agent of an AgentExecutor, and by hand, with asyncio or without.

The arguments are the way, the module that the class is in, and its name there.
"""

# It runs where assistream is not, and LangChain is; here it is the other way round.
# mypy: disable-error-code="import-not-found", disallow_untyped_decorators=False
# pyright: basic, reportMissingImports=false

from __future__ import annotations

import asyncio
import json
import sys
from importlib import import_module
from typing import Any

from langchain_classic.agents import AgentExecutor
from langchain_core.agents import AgentFinish
from langchain_core.tools import tool

QUESTIONS = ["What is the weather and the time in Oslo?", "And the weather in Bergen?", "Thank you."]


@tool
def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"{7 * len(city)} degrees"


@tool
def get_time(city: str) -> str:
    """The time in a city."""
    return f"{len(city)} o'clock"


TOOLS = [get_weather, get_time]


def executor(agent: Any) -> list[str]:
    asked = AgentExecutor(agent=agent, tools=TOOLS)
    said: list[str] = []
    where: dict[str, str] = {}
    for question in QUESTIONS:
        answer = asked.invoke({"content": question, **where})
        where = {"thread_id": answer["thread_id"]}
        said.append(answer["output"])
    return said


def outputs(actions: Any) -> dict[str, Any]:
    """What submits what the functions return."""
    named = {given.name: given for given in TOOLS}
    called = [
        {"tool_call_id": action.tool_call_id, "output": named[action.tool].invoke(action.tool_input)}
        for action in actions
    ]
    return {"tool_outputs": called, "run_id": actions[0].run_id, "thread_id": actions[0].thread_id}


def by_hand(agent: Any) -> list[str]:
    said: list[str] = []
    where: dict[str, str] = {}
    for question in QUESTIONS:
        answer = agent.invoke({"content": question, **where})
        while not isinstance(answer, AgentFinish):
            answer = agent.invoke(outputs(answer))
        where = {"thread_id": answer.thread_id}
        said.append(answer.return_values["output"])
    return said


async def asynchronous(agent: Any) -> list[str]:
    said: list[str] = []
    where: dict[str, str] = {}
    for question in QUESTIONS:
        answer = await agent.ainvoke({"content": question, **where})
        while not isinstance(answer, AgentFinish):
            answer = await agent.ainvoke(outputs(answer))
        where = {"thread_id": answer.thread_id}
        said.append(answer.return_values["output"])
    return said


def main(way: str, module: str, name: str) -> None:
    agent = getattr(import_module(module), name).create_assistant(
        name="compatibility", instructions="Be brief.", tools=TOOLS, model="gpt-4o", as_agent=True, check_every_ms=20
    )
    ways = {"AgentExecutor": executor, "invoke": by_hand}
    print(json.dumps(asyncio.run(asynchronous(agent)) if way == "ainvoke" else ways[way](agent)))


if __name__ == "__main__":
    main(*sys.argv[1:])
