from __future__ import annotations

from assistream.engine import calls
from tests.engine.conftest import ScriptedEngine, path_of


def test_list_and_retrieve(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={}), "Sunny.")
    run = api.submit(api.waiting_run())[-1].data
    path = f"{path_of(run)}/steps"
    steps = api.get(path, order="asc")["data"]
    assert [step["type"] for step in steps] == ["tool_calls", "message_creation"]
    assert all(api.get(f"{path}/{step['id']}") == step for step in steps)
    refused = api.refused(f"{path}/step_x", method="GET")
    assert refused == (404, "No run step found with id 'step_x'.")


def test_a_step_that_is_open(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(calls(get_weather={"city": "Oslo"}))
    [step] = api.get(f"{path_of(api.waiting_run())}/steps")["data"]
    function = {"name": "get_weather", "arguments": '{"city": "Oslo"}', "output": None}
    assert (step["status"], step["usage"]) == ("in_progress", None)
    assert step["step_details"]["tool_calls"][0]["function"] == function
