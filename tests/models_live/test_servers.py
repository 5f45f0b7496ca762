"""Engine and client on real model servers. The model babbles, so these are about all but what it says."""

from __future__ import annotations

import json

import pytest

from assistream import Client
from assistream.engine import ChatCompletions
from assistream.types import Run
from assistream.types.beta.assistant_tool_choice_param import AssistantToolChoiceParam
from assistream.types.params import AssistantToolParam, ToolOutput
from tests.models_live.conftest import KEY

TOOL: AssistantToolParam = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather.",
        "parameters": {
            "type": "object",
            "properties": {"unit": {"type": "string", "enum": ["c", "f"]}},
            "required": ["unit"],
        },
    },
}


def ask(model: ChatCompletions, text: str = "Hello", name: str = "gpt-4o") -> tuple[Run, str]:
    """How a run ends that may say 20 tokens, and what it streamed."""
    with Client.embedded(model=model) as client:
        assistant = client.beta.assistants.create(model=name)
        thread = client.beta.threads.create(messages=[{"role": "user", "content": text}])
        with client.beta.threads.runs.create_and_stream(
            thread.id, assistant_id=assistant.id, max_completion_tokens=20
        ) as stream:
            said = "".join(stream.text_deltas)
            return stream.get_final_run(), said


def failure(model: ChatCompletions, text: str = "Hello", name: str = "gpt-4o") -> tuple[str, str]:
    run, _ = ask(model, text, name)
    assert run.status == "failed"
    assert run.last_error
    return run.last_error.code, run.last_error.message


def test_llama_speaks(llama: str) -> None:
    run, said = ask(ChatCompletions(llama))
    assert run.status in ("completed", "incomplete")
    assert 0 < len(said) <= 20


def test_llama_calls_a_function_and_goes_on(llama: str) -> None:
    with Client.embedded(model=ChatCompletions(llama)) as client:
        assistant = client.beta.assistants.create(model="gpt-4o", tools=[TOOL])
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "Weather?"}])
        runs = client.beta.threads.runs
        choice: AssistantToolChoiceParam = {"type": "function", "function": {"name": "get_weather"}}
        with runs.create_and_stream(thread.id, assistant_id=assistant.id, tool_choice=choice) as stream:
            run = stream.get_final_run()
        assert run.required_action
        (call,) = run.required_action.submit_tool_outputs.tool_calls
        assert json.loads(call.function.arguments)["unit"] in ("c", "f")
        outputs: list[ToolOutput] = [{"tool_call_id": call.id, "output": "rain"}]
        with runs.submit_tool_outputs_stream(run.id, thread_id=thread.id, tool_outputs=outputs) as stream:
            assert stream.get_final_run().status in ("completed", "incomplete")


def test_llama_is_asked_too_much(llama: str) -> None:
    code, message = failure(ChatCompletions(llama, stream=False), "x" * 2000)
    assert code == "invalid_prompt"
    assert "maximum context length" in message
    # It finds out when it has begun to stream, and then says nothing more.
    code, message = failure(ChatCompletions(llama, max_retries=0), "x" * 2000)
    assert (code, message) == ("server_error", "The model server ended its answer before it said anything.")


def test_the_proxy_says_what_it_has(litellm: str) -> None:
    code, message = failure(ChatCompletions(litellm, api_key=KEY))
    assert code == "server_error"
    assert message == "The model server has no model 'gpt-4o'. It has: tiny, hello, limited."


def test_an_answer_of_the_proxy(litellm: str) -> None:
    run, said = ask(ChatCompletions(litellm, api_key=KEY, models={"gpt-4o": "hello"}))
    assert (run.status, said) == ("completed", "Hello from the proxy.")
    assert run.usage
    assert run.usage.total_tokens > 0


def test_llama_behind_the_proxy(litellm: str) -> None:
    run, said = ask(ChatCompletions(litellm, api_key=KEY), name="tiny")
    assert run.status in ("completed", "incomplete")
    assert said
    assert run.usage
    assert 0 < run.usage.completion_tokens <= 20


def test_a_limit_of_the_proxy(litellm: str) -> None:
    code, message = failure(ChatCompletions(litellm, "limited", KEY, max_retries=1, backoff=0))
    assert code == "rate_limit_exceeded"
    assert "status 429" in message


@pytest.mark.parametrize("key", [None, "sk-wrong"])
def test_the_proxy_lets_nobody_in(litellm: str, key: str | None) -> None:
    code, message = failure(ChatCompletions(litellm, "hello", key, max_retries=0))
    assert code == "server_error"
    assert "answered with status" in message
    assert "sk-wrong" not in message


def test_a_model_that_the_proxy_does_not_have(litellm: str) -> None:
    code, message = failure(ChatCompletions(litellm, "nothing", KEY))
    assert code == "server_error"
    assert "model=nothing" in message
