"""LlamaIndex's OpenAIAssistantAgent: chat, and achat with an assistant that exists."""

# It runs where assistream is not, and LlamaIndex is; here it is the other way round.
# mypy: disable-error-code="import-not-found"
# pyright: basic, reportMissingImports=false

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from llama_index.agent.openai import OpenAIAssistantAgent
from llama_index.core.tools import FunctionTool

QUESTIONS = ["What is the weather and the time in Oslo?", "And the weather in Bergen?", "Thank you."]


def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"{7 * len(city)} degrees"


def get_time(city: str) -> str:
    """The time in a city."""
    return f"{len(city)} o'clock"


TOOLS = [FunctionTool.from_defaults(fn=function) for function in (get_weather, get_time)]


def chat() -> list[str]:
    agent = OpenAIAssistantAgent.from_new(
        name="compatibility", instructions="Be brief.", tools=TOOLS, model="gpt-4o", run_retrieve_sleep_time=0.02
    )
    said = [agent.chat(question).response for question in QUESTIONS]
    assert len(agent.chat_history) == 2 * len(QUESTIONS)
    agent.reset()
    return said


async def achat() -> list[str]:
    agent: Any = OpenAIAssistantAgent.from_new(name="compatibility", instructions="Be brief.", tools=TOOLS)
    again: Any = OpenAIAssistantAgent.from_existing(
        agent.assistant.id, tools=TOOLS, instructions_prefix="Be very brief.", run_retrieve_sleep_time=0.02
    )
    return [(await again.achat(question)).response for question in QUESTIONS]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(achat()) if sys.argv[1] == "achat" else chat()))
