"""Objects of the API with something wrong in them."""

from __future__ import annotations

from typing import Any, cast

from .source import Source


def _nested(depth: int) -> Any:
    return [_nested(depth - 1)] if depth else "bottom"


_DEEP = _nested(150)

JUNK: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        2**31,
        2**63,
        2**64,
        -(2**70),
        10**400,
        0.5,
        -0.0,
        1e308,
        float("nan"),
        float("inf"),
    ),
    *("", "a", "\0", "\u2028", "\ud83d", "😀", "x" * 300, "text", "function", "completed", "thread.message.delta"),
    *([], {}, [[]], [{}], [None], {"": None}, {"type": "text"}, {"type": "never heard of"}, {"id": ""}, {"index": 0}),
    *({"type": None}, {"type": 7}, {"index": -1}, {"index": 1024}, {"index": 4294967294}, _DEEP, {"deep": _DEEP}),
    *({"text": {"value": 7}}, {"__class__": "x", "model_fields": 1}, [1, "a", None, {}], {"value": None}),
)
NAMES = (
    *("id", "index", "type", "text", "value", "annotations", "content", "status", "delta", "step_details", "function"),
    *("arguments", "tool_calls", "code_interpreter", "outputs", "usage", "metadata", "model_config", "__dict__", ""),
    *("file_search", "image_file", "refusal", "run_id", "required_action", "last_error", "copy", "created", "logs"),
)


def mutate(value: Any, source: Source) -> Any:
    """The same with one thing changed, somewhere; parts that stay as they were are shared."""
    match value:
        case dict() if value and not source.rarely(6):
            fields = cast("dict[str, Any]", value)
            name = source.one_of(list(fields))
            match source.below(8):
                case 0:
                    return {key: part for key, part in fields.items() if key != name}
                case 1:
                    return fields | {source.one_of(NAMES): source.one_of(JUNK)}
                case _:
                    return fields | {name: mutate(fields[name], source)}
        case list() if value and not source.rarely(6):
            parts: list[Any] = cast("Any", value)  # pyright does not know of what the list is
            place = source.below(len(parts))
            match source.below(6):
                case 0:
                    return parts[:place] + parts[place + 1 :]
                case 1:
                    return [*parts, parts[place]]
                case _:
                    return [*parts[:place], mutate(parts[place], source), *parts[place + 1 :]]
        case _:
            return source.one_of(JUNK)
