"""Engine and client with each kind of server behind them: what a program sees must not tell one from the other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assistream import Client
from assistream.engine import ChatCompletions
from assistream.types import Run
from assistream.types.params import AssistantToolParam, ToolOutput
from tests.engine.models.chat_completions.dialects import BERGEN, DIALECTS, OSLO, TEXT, Dialect
from tests.engine.models.chat_completions.server import PATH
from tests.wire import Step, Wire, answer, end, head, script, send

TOOL: AssistantToolParam = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
OUTPUTS = {"Oslo": "rain", "Bergen": "sun"}


def played(lines: Any, content_type: str) -> Step:
    data = "\n".join(lines).encode() + b"\n"
    return script(head(content_type=content_type), send(data, size=97), end())


def outputs(run: Run) -> list[ToolOutput]:
    assert run.required_action
    calls = run.required_action.submit_tool_outputs.tool_calls
    return [{"tool_call_id": call.id, "output": OUTPUTS[json.loads(call.function.arguments)["city"]]} for call in calls]


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_a_conversation(dialect: Dialect) -> None:
    with Wire() as server:
        server.add(answer(dialect.models), method="GET")
        for lines in (dialect.called, dialect.said):
            server.add(played(lines, dialect.content_type), path=PATH)
        with Client.embedded(model=ChatCompletions(f"{server.url}/v1")) as client:
            assistant = client.beta.assistants.create(model="gpt-4o", tools=[TOOL], instructions="Be brief.")
            thread = client.beta.threads.create(messages=[{"role": "user", "content": "Oslo and Bergen?"}])
            runs = client.beta.threads.runs
            with runs.create_and_stream(thread.id, assistant_id=assistant.id) as stream:
                run = stream.get_final_run()
            with runs.submit_tool_outputs_stream(run.id, thread_id=thread.id, tool_outputs=outputs(run)) as stream:
                text, ended = "".join(stream.text_deltas), stream.get_final_run()
    assert (text, ended.status) == (TEXT, "completed")
    assert ended.usage is not None
    assert ended.usage.total_tokens == (dialect.tokens or 0)
    _check_history(server.requests[-1].body["messages"], dialect)


def _check_history(messages: list[Any], dialect: Dialect) -> None:
    """The second question tells the server what it did, with the ids it gave."""
    system, user, called, *told = messages
    assert system == {"role": "system", "content": "Be brief."}
    assert user == {"role": "user", "content": "Oslo and Bergen?"}
    assert [call["function"]["arguments"] for call in called["tool_calls"]] == [OSLO, BERGEN]
    ids = [call["id"] for call in called["tool_calls"]]
    assert tuple(ids) == tuple(dialect.ids or ids)
    assert told == [
        {"role": "tool", "tool_call_id": id, "content": output}
        for id, output in zip(ids, OUTPUTS.values(), strict=True)
    ]
