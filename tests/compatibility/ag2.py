"""AG2's GPTAssistantAgent: a chat that a user proxy begins and goes on with."""

# It runs where assistream is not, and AG2 is; here it is the other way round.
# mypy: disable-error-code="import-not-found"
# pyright: basic, reportMissingImports=false

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout

from autogen import UserProxyAgent
from autogen.agentchat.contrib.gpt_assistant_agent import GPTAssistantAgent

QUESTIONS = ["What is the weather and the time in Oslo?", "And the weather in Bergen?", "Thank you."]
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS = [
    {"type": "function", "function": {"name": name, "description": name, "parameters": CITY}}
    for name in ("get_weather", "get_time")
]


def get_weather(city: str) -> str:
    return f"{7 * len(city)} degrees"


def get_time(city: str) -> str:
    return f"{len(city)} o'clock"


def main(way: str) -> None:
    agent = GPTAssistantAgent(
        name="compatibility",
        instructions="Be brief.",
        llm_config={"config_list": [{"model": "gpt-4o"}]},
        assistant_config={"tools": TOOLS},
    )
    if way == "initiate_chat":
        # It waits this long between two looks at a run; its default is lost, and so is one in its arguments.
        agent.llm_config["check_every_ms"] = 20
    agent.register_function({"get_weather": get_weather, "get_time": get_time})
    user = UserProxyAgent(name="user", human_input_mode="NEVER", code_execution_config=False)
    said: list[str] = []
    for question in QUESTIONS:
        with redirect_stdout(sys.stderr):  # it shows the conversation
            chat = user.initiate_chat(agent, message=question, max_turns=1, clear_history=not said)
        said.append(chat.chat_history[-1]["content"].strip())  # it adds a line for citations
    print(json.dumps(said))
    agent.delete_assistant()


if __name__ == "__main__":
    main(sys.argv[1])
