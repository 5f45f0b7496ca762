from __future__ import annotations

import pytest

from assistream import ConfigurationError, ToolContext
from assistream.cli.chat.functions import load_functions
from assistream.types import PendingCall


def test_functions_and_tools_of_the_user() -> None:
    weather, refund = load_functions(["kit:get_weather", "kit:refund"])
    assert (weather.name, weather.description, weather.needs_approval) == (
        "get_weather",
        "Today's weather in a city.",
        False,
    )
    assert refund.needs_approval is True


def test_async_functions_are_awaited() -> None:
    add, method = load_functions(["kit:add", "kit:adding"])
    assert (add.name, add.timeout, add.description, add.is_async) == ("add", 5, "Add two numbers.", False)
    call = PendingCall(id="call_1", name="add", arguments="", run_id="run_1", thread_id="thread_1")
    assert add.prepare('{"a": 1, "b": "2"}', ToolContext(call))() == 3
    assert method.prepare('{"a": 1}', ToolContext(call))() == 2


@pytest.mark.parametrize("specs", [["kit:number"], ["kit:none"], ["kit"], ["kit:add", "kit:add"], ["kit:Shouting"]])
def test_what_is_no_tool(specs: list[str]) -> None:
    with pytest.raises(ConfigurationError):
        load_functions(specs)
