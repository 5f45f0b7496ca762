"""The hooks by name, whatever their colour: which there are, who overrides them, which client they fit."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
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

    Those that nobody overrides are empty and cost nothing, not even a list: a program may have very many streams.
    They are looked up once per stream, on the instances, so that patched and instance-level hooks count.
    """

    on_event: Sequence[Hook] = ()
    on_thread_created: Sequence[Hook] = ()
    on_run_created: Sequence[Hook] = ()
    on_run_changed: Sequence[Hook] = ()
    on_run_requires_action: Sequence[Hook] = ()
    on_run_failed: Sequence[Hook] = ()
    on_run_step_created: Sequence[Hook] = ()
    on_run_step_delta: Sequence[Hook] = ()
    on_run_step_done: Sequence[Hook] = ()
    on_tool_call_created: Sequence[Hook] = ()
    on_tool_call_delta: Sequence[Hook] = ()
    on_tool_call_done: Sequence[Hook] = ()
    on_tool_approval: Sequence[Hook] = ()
    on_tool_started: Sequence[Hook] = ()
    on_tool_progress: Sequence[Hook] = ()
    on_tool_output: Sequence[Hook] = ()
    on_tool_error: Sequence[Hook] = ()
    on_message_created: Sequence[Hook] = ()
    on_message_delta: Sequence[Hook] = ()
    on_message_done: Sequence[Hook] = ()
    on_text_created: Sequence[Hook] = ()
    on_text_delta: Sequence[Hook] = ()
    on_text_done: Sequence[Hook] = ()
    on_refusal_delta: Sequence[Hook] = ()
    on_refusal_done: Sequence[Hook] = ()
    on_image_file_done: Sequence[Hook] = ()
    on_image_url_done: Sequence[Hook] = ()
    on_unknown_event: Sequence[Hook] = ()
    on_exception: Sequence[Hook] = ()
    on_timeout: Sequence[Hook] = ()
    on_stream_cancelled: Sequence[Hook] = ()
    on_end: Sequence[Hook] = ()

    def __init__(self, handlers: Iterable[object]) -> None:
        for handler in handlers:
            for name, hook in _overridden(handler):
                self._lists.setdefault(name, []).append(hook)

    @property
    def _lists(self) -> dict[str, list[Hook]]:
        return vars(self)

    def silence(self) -> None:
        """The stream was closed: no hook is called any more but `on_end`, not even the rest of those under way."""
        for name, hooks in self._lists.items():
            if name != "on_end":
                hooks.clear()


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
