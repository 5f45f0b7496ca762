"""What is left out or renamed for servers that refuse a part of a request. No I/O."""

from __future__ import annotations

from typing import Any, TypeAlias

from .failures import Failure

Body: TypeAlias = dict[str, Any]

_REFUSING = frozenset({400, 404, 422, 501})
# What an answer can do without, and the words by which a server says that it is about this. That more calls are made
# than one is seen by the engine, too; without usage a run has none.
_SPARE = {
    "stream_options": ("stream_options", "include_usage"),
    "parallel_tool_calls": ("parallel_tool_calls",),
}
_LIMITS = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}


class Adapting:
    """Remembers what each model of a server refused: the next request is right at once."""

    def __init__(self) -> None:
        self._spared: set[tuple[str, str]] = set()

    def fit(self, body: Body) -> Body:
        """The request as this model takes it, as far as that is known."""
        for model, name in tuple(self._spared):  # engines in other threads learn meanwhile
            if model == body["model"] and name in body:
                body = _without(body, name)
        return body

    def learn(self, body: Body, failure: Failure) -> bool:
        """Whether it was refused for something that it can do without; then `fit` knows."""
        if failure.status not in _REFUSING:
            return False
        name = _culprit(body, failure.text)
        if name is None or (body["model"], _LIMITS.get(name, "")) in self._spared:
            return False  # neither name of the limit is wanted: that is no misunderstanding
        self._spared.add((body["model"], name))
        return True


def _culprit(body: Body, said: str) -> str | None:
    for name, words in _SPARE.items():
        if name in body and any(word in said for word in words):
            return name
    # The refusal of the one name commonly recommends the other.
    if "max_tokens" in body and "max_completion_tokens" in said:
        return "max_tokens"
    return "max_completion_tokens" if "max_completion_tokens" in body and "max_completion_tokens" in said else None


def _without(body: Body, name: str) -> Body:
    kept = {key: value for key, value in body.items() if key != name}
    return kept | {_LIMITS[name]: body[name]} if name in _LIMITS else kept
