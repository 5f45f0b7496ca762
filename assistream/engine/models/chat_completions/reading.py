"""The objects of an answer to deltas. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from ..base import Finish, FinishReason, ModelDelta, RefusalDelta, TextDelta, UsageDelta
from .calls import Calls
from .failures import Failure, told
from .payloads import Payload

_REASONS: Mapping[str, FinishReason] = {
    "length": "length",
    "max_tokens": "length",
    "model_length": "length",
    "content_filter": "content_filter",
    "safety": "content_filter",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
}
_NOT_ENDED = frozenset({"error", "abort", "cancelled"})
_REASONING = ("reasoning_content", "reasoning")


class Reading:
    """One answer. A chunk has a ``delta``, an answer that was not streamed a ``message``; else they are alike."""

    def __init__(self, *, show_reasoning: bool = False) -> None:
        self._show_reasoning = show_reasoning
        self._thinking = False
        self._calls = Calls()
        self._usage: Mapping[str, Any] = {}
        self._reason: str | None = None

    def take(self, payload: Payload) -> Iterator[ModelDelta]:
        """Raises `Failure` for an error that came in the place of a chunk."""
        if failure := told(payload):
            raise failure
        self._usage = _object(payload.get("usage")) or self._usage
        for choice in _objects(payload.get("choices")):
            if not choice.get("index"):  # one answer was asked for
                yield from self._choice(choice)

    def end(self, *, done: bool) -> Iterator[ModelDelta]:
        """The last deltas. Without a reason to finish, and not ``done``, the answer broke off."""
        if self._reason is None and not done:
            raise Failure("The model server broke its answer off.", passing=True)
        yield from self._stop_thinking()
        yield from self._calls.end()
        if self._usage:
            yield _tokens(self._usage)
        yield Finish(_REASONS.get(self._reason or "", "tool_calls" if self._calls else "stop"))

    def _choice(self, choice: Payload) -> Iterator[ModelDelta]:
        said = _object(choice.get("delta")) or _object(choice.get("message"))
        yield from self._thought(next((text for key in _REASONING if (text := _text(said.get(key)))), ""))
        if text := _text(said.get("content")):
            yield from self._stop_thinking()
            yield TextDelta(text)
        if refusal := _text(said.get("refusal")):
            yield from self._stop_thinking()
            yield RefusalDelta(refusal)
        if fragments := _fragments(said):
            yield from self._stop_thinking()
            yield from self._calls.take(fragments)
        self._finish(choice)

    def _finish(self, choice: Payload) -> None:
        reason = choice.get("finish_reason")
        if not isinstance(reason, str) or not reason:
            return
        self._reason = reason.lower()
        if self._reason in _NOT_ENDED:
            raise told(choice) or Failure(f"The model server ended its answer early: {reason}.")

    def _thought(self, text: str) -> Iterator[ModelDelta]:
        if self._show_reasoning and text:
            yield TextDelta(text if self._thinking else f"<think>\n{text}")
            self._thinking = True

    def _stop_thinking(self) -> Iterator[ModelDelta]:
        if self._thinking:
            self._thinking = False
            yield TextDelta("\n</think>\n\n")


def _fragments(said: Payload) -> list[object]:
    """Of tool calls; or of the one call that could be made before there were tools."""
    calls = said.get("tool_calls")
    if isinstance(calls, list) and calls:
        return cast("list[object]", calls)
    return [{"index": 0, "function": said["function_call"]}] if said.get("function_call") else []


def _text(value: object) -> str:
    """Text is a string, or the text of parts."""
    if isinstance(value, str):
        return value
    return "".join(part["text"] for part in _objects(value) if isinstance(part.get("text"), str))


def _tokens(usage: Mapping[str, Any]) -> UsageDelta:
    return UsageDelta(
        _count(usage.get("prompt_tokens", usage.get("input_tokens"))),
        _count(usage.get("completion_tokens", usage.get("output_tokens"))),
    )


def _count(value: object) -> int:
    return max(0, int(value)) if isinstance(value, int | float) and abs(value) < 1e15 else 0


def _object(value: object) -> Payload:
    return cast("Payload", value) if isinstance(value, dict) else {}


def _objects(value: object) -> list[Payload]:
    items = cast("list[object]", value) if isinstance(value, list) else []
    return [_object(item) for item in items]
