"""The hooks by name, whatever their colour: which there are, who overrides them, which client they fit."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from operator import attrgetter
from types import FunctionType
from typing import Any, Final, TypeAlias

from ._async import AsyncAssistantEventHandler
from ._sync import AssistantEventHandler

__all__ = ["HOOK_NAMES", "Hook", "Hooks", "check_colour"]

Hook: TypeAlias = Callable[..., object]

# As they were when this module was imported: a base class that a program patches later counts as overridden.
_DEFAULTS: Final[dict[type, dict[str, FunctionType]]] = {
    base: {name: hook for name, hook in vars(base).items() if name.startswith("on_")}
    for base in (AssistantEventHandler, AsyncAssistantEventHandler)
}

_ADVICE: Final[dict[type, str]] = {
    AssistantEventHandler: "Client needs an instance of a subclass of AssistantEventHandler "
    "(AsyncAssistantEventHandler is for AsyncClient).",
    AsyncAssistantEventHandler: "AsyncClient needs an instance of a subclass of AsyncAssistantEventHandler "
    "(AssistantEventHandler is for Client).",
}

HOOK_NAMES: Final = tuple(_DEFAULTS[AssistantEventHandler])

_hooks_of: Final[Callable[[object], tuple[Hook, ...]]] = attrgetter(*HOOK_NAMES)
_THEIR_DEFAULTS: Final = [tuple(defaults[name] for defaults in _DEFAULTS.values()) for name in HOOK_NAMES]


class Hooks:
    """The hooks that the handlers of one stream override, each list in the order of the handlers.

    Those that nobody overrides are empty and cost nothing. They are looked up once per stream, on the instances,
    so that patched and instance-level hooks count.
    """

    on_event: list[Hook]
    on_thread_created: list[Hook]
    on_run_created: list[Hook]
    on_run_changed: list[Hook]
    on_run_requires_action: list[Hook]
    on_run_failed: list[Hook]
    on_run_step_created: list[Hook]
    on_run_step_delta: list[Hook]
    on_run_step_done: list[Hook]
    on_tool_call_created: list[Hook]
    on_tool_call_delta: list[Hook]
    on_tool_call_done: list[Hook]
    on_tool_approval: list[Hook]
    on_tool_started: list[Hook]
    on_tool_progress: list[Hook]
    on_tool_output: list[Hook]
    on_tool_error: list[Hook]
    on_message_created: list[Hook]
    on_message_delta: list[Hook]
    on_message_done: list[Hook]
    on_text_created: list[Hook]
    on_text_delta: list[Hook]
    on_text_done: list[Hook]
    on_refusal_delta: list[Hook]
    on_refusal_done: list[Hook]
    on_image_file_done: list[Hook]
    on_image_url_done: list[Hook]
    on_unknown_event: list[Hook]
    on_exception: list[Hook]
    on_timeout: list[Hook]
    on_stream_cancelled: list[Hook]
    on_end: list[Hook]

    def __init__(self, handlers: Iterable[object]) -> None:
        lists: dict[str, list[Hook]] = {name: [] for name in HOOK_NAMES}
        for handler in handlers:
            for name, hook in _overridden(handler):
                lists[name].append(hook)
        vars(self).update(lists)

    def silence(self) -> None:
        """The stream was closed: no hook is called any more but `on_end`, not even the rest of those under way."""
        for name in HOOK_NAMES:
            if name != "on_end":
                getattr(self, name).clear()


def _overridden(handler: object) -> list[tuple[str, Hook]]:
    """The hooks of this handler that are its own. Each run asks twice, so it takes no call for each hook."""
    return [
        (name, hook)
        for name, hook, (default, other) in zip(HOOK_NAMES, _hooks_of(handler), _THEIR_DEFAULTS, strict=True)
        if (function := getattr(hook, "__func__", hook)) is not default and function is not other
    ]


def check_colour(handler: object, base: type[AssistantEventHandler] | type[AsyncAssistantEventHandler]) -> None:
    """Refuse a handler that a client of the other colour needs.

    Raises:
        TypeError: It is no instance of `base`, a hook is a generator, or a hook of a sync handler is asynchronous.
    """
    name = type(handler).__name__
    if not isinstance(handler, base):
        what = "a class, not an instance" if isinstance(handler, type) else f"an instance of {name}"
        raise TypeError(f"event_handler is {what}; {_ADVICE[base]}")
    for hook_name, hook in _overridden(handler):
        _check_hook(f"{name}.{hook_name}", inspect.unwrap(hook), is_sync=base is AssistantEventHandler)


def _check_hook(name: str, hook: Any, *, is_sync: bool) -> None:
    if inspect.isgeneratorfunction(hook) or inspect.isasyncgenfunction(hook):
        raise TypeError(f"{name} is a generator, which nothing would run. Take the `yield` out of it.")
    if is_sync and (inspect.iscoroutinefunction(hook) or inspect.iscoroutinefunction(type(hook).__call__)):
        raise TypeError(
            f"{name} is an `async def`, which a sync handler cannot await. Make it a plain `def`, "
            "or use AsyncAssistantEventHandler with AsyncClient."
        )
