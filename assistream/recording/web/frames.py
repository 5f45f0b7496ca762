"""Events and failures as the bytes of frames."""

from __future__ import annotations

import json
from typing import Any, Final, cast

from pydantic import BaseModel

from ...errors import APIError
from ...streaming.sse import encode
from ...types import AssistantStreamEvent

__all__ = ["DONE", "event_frame", "failure_frame"]

DONE: Final = encode("done", "[DONE]")

_HIDDEN: Final = {"message": "The stream failed.", "type": "server_error", "param": None, "code": None}
"""What is said of errors of the program itself: what they say is not for everybody."""


def event_frame(event: AssistantStreamEvent) -> bytes:
    """An event as a server would send it."""
    data: Any = event.data
    if isinstance(data, BaseModel):
        return encode(event.event, data.model_dump_json(exclude_unset=True, warnings=False))
    return encode(event.event, json.dumps(data, ensure_ascii=False))


def failure_frame(error: Exception) -> bytes:
    """An `error` event, with the words of the server if it was the server that failed."""
    body = error.body if isinstance(error, APIError) else None
    said = cast("dict[str, object]", body) if isinstance(body, dict) else {}
    return encode("error", json.dumps({"error": {**_HIDDEN, **said}}, ensure_ascii=False))
