from __future__ import annotations

from typing import Any

import pytest

from assistream.engine.models import ModelError
from assistream.engine.models.chat_completions.names import choose, is_pattern, listed, mapped

MODELS = {"gpt-4*": "pattern", "gpt-4o": "exact", "*-mini": "mini"}


@pytest.mark.parametrize(
    ("name", "only", "expected"),
    [
        ("gpt-4o", None, "exact"),
        ("gpt-4o-mini", None, "pattern"),
        ("o4-mini", None, "mini"),
        ("o4", None, None),
        ("o4", "only", "only"),
        ("gpt-4", "only", "pattern"),
    ],
)
def test_the_map(name: str, only: str | None, expected: str | None) -> None:
    assert mapped(name, MODELS, only) == expected


def test_a_star_is_for_all_the_rest() -> None:
    assert mapped("anything", {"gpt-4o": "a", "*": "b"}, "only") == "b"


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        ([], "gpt-4o"),
        (["a", "gpt-4o"], "gpt-4o"),
        (["qwen3:8b"], "qwen3:8b"),
        (["a", "gpt-4o:latest"], "gpt-4o"),
        (["qwen3-4b", "text-embedding-nomic-embed-text-v1.5"], "qwen3-4b"),
    ],
)
def test_the_list_of_the_server(offered: list[str], expected: str) -> None:
    assert choose("gpt-4o", offered) == expected


def test_a_name_that_is_not_in_the_list() -> None:
    with pytest.raises(ModelError, match=r"has no model 'gpt-4o'\. It has: a, b\.$"):
        choose("gpt-4o", ["a", "b"])


def test_a_long_list_is_told_in_part() -> None:
    with pytest.raises(ModelError) as caught:
        choose("gpt-4o", [f"model-{number}" for number in range(500)])
    assert caught.value.message.endswith("model-19, ....")


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ({"object": "list", "data": [{"id": "a"}, {"id": "b"}]}, ["a", "b"]),
        ({"object": "list", "data": None}, []),  # Ollama without models
        ({"models": [{"name": "a", "model": "a"}]}, ["a"]),
        ([{"id": "a"}], ["a"]),
        ({"data": [{"id": 5}, "a", None, {}]}, []),
        ("no", []),
        (None, []),
    ],
)
def test_lists_as_servers_write_them(answer: Any, names: list[str]) -> None:
    assert listed(answer) == names


def test_patterns() -> None:
    assert [is_pattern(name) for name in ("*", "gpt-4?", "gpt-[45]", "gpt-4o")] == [True, True, True, False]
