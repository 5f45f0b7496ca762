from __future__ import annotations

from assistream.engine import objects

ASSISTANT = objects.assistant({"model": "any", "instructions": "Help.", "temperature": 0.5})


def test_a_run_takes_from_the_assistant_what_the_request_leaves_out() -> None:
    run = objects.run("thread_1", ASSISTANT, {"temperature": 0.1, "instructions": None}, ttl=600)
    assert (run["model"], run["instructions"], run["temperature"]) == ("any", "Help.", 0.1)
    assert run["expires_at"] == run["created_at"] + 600


def test_null_sets_back_to_the_default() -> None:
    changed = objects.updated(ASSISTANT, {"temperature": None, "instructions": None, "name": "Ada"})
    assert (changed["temperature"], changed["instructions"], changed["name"]) == (1.0, None, "Ada")
    assert changed["model"] == "any"
    assert ASSISTANT["temperature"] == 0.5


def test_an_assistant_keeps_the_model_that_null_would_take() -> None:
    assert objects.updated(ASSISTANT, {"model": None})["model"] == "any"


def test_a_new_object_says_first_who_it_is() -> None:
    assert list(ASSISTANT)[:3] == ["id", "object", "created_at"]


def test_a_step_says_its_expiry_under_both_names() -> None:
    run = objects.run("thread_1", ASSISTANT, {}, ttl=600)
    step = objects.step(run, "tool_calls", {"tool_calls": []})
    assert step["expires_at"] == run["expires_at"]
    assert step["expired_at"] is None


def test_two_objects_share_nothing() -> None:
    one, other = objects.thread({}), objects.thread({})
    one["metadata"]["key"] = "value"
    assert other["metadata"] == {}


def test_tokens_add_up() -> None:
    usage = objects.add_tokens(objects.add_tokens(objects.NO_TOKENS, 10, 5), 1, 2)
    assert usage == {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
