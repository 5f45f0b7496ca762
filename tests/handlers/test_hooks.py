from __future__ import annotations

import functools
from collections.abc import AsyncIterator

import pytest

from assistream import AssistantEventHandler, AsyncAssistantEventHandler
from assistream.handlers.hooks import HOOK_NAMES, Hooks, check_colour
from assistream.types import AssistantStreamEvent


class Says(AssistantEventHandler):
    def __init__(self, name: str, log: list[str]) -> None:
        self.name, self.log = name, log

    def on_end(self) -> None:
        self.log.append(self.name)


def called(hooks: Hooks, name: str) -> int:
    return len(getattr(hooks, name))


def test_the_table_names_every_hook() -> None:
    assert set(Hooks.__annotations__) == set(HOOK_NAMES)
    assert set(HOOK_NAMES) == {name for name in vars(AsyncAssistantEventHandler) if name.startswith("on_")}


def test_only_what_is_overridden_is_called() -> None:
    hooks = Hooks([Says("a", [])])
    assert [name for name in HOOK_NAMES if called(hooks, name)] == ["on_end"]


def test_in_the_order_of_the_handlers() -> None:
    log: list[str] = []
    for hook in Hooks([Says("a", log), Says("b", log)]).on_end:
        hook()
    assert log == ["a", "b"]


def test_hooks_of_an_instance_count() -> None:
    handler = AssistantEventHandler()
    handler.on_timeout = lambda: None  # type: ignore[method-assign]  # programs do this
    assert called(Hooks([handler]), "on_timeout") == 1


def test_hooks_of_a_mixin_count() -> None:
    class Mixin:
        def on_timeout(self) -> None: ...

    class Mixed(Mixin, AssistantEventHandler): ...

    assert called(Hooks([Mixed()]), "on_timeout") == 1


def test_a_patched_base_class_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AssistantEventHandler, "on_timeout", lambda self: None)  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType] -- a patch
    assert called(Hooks([AssistantEventHandler()]), "on_timeout") == 1


def test_silence_leaves_only_the_end() -> None:
    class Loud(Says):
        def on_event(self, event: AssistantStreamEvent) -> None: ...

    hooks = Hooks([Loud("a", [])])
    under_way = iter(hooks.on_event)
    hooks.silence()
    assert list(under_way) == []
    assert called(hooks, "on_end") == 1


def test_a_handler_of_its_colour_fits() -> None:
    class Partial(AsyncAssistantEventHandler):
        def on_timeout(self) -> None: ...  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride] -- works at run time

    check_colour(Says("a", []), AssistantEventHandler)
    check_colour(Partial(), AsyncAssistantEventHandler)


@pytest.mark.parametrize(
    ("handler", "said"),
    [
        (AsyncAssistantEventHandler(), "an instance of AsyncAssistantEventHandler; Client needs"),
        (AssistantEventHandler, "a class, not an instance; Client needs"),
        (print, "an instance of builtin_function_or_method; Client needs"),
    ],
)
def test_another_colour_is_refused(handler: object, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        check_colour(handler, AssistantEventHandler)


def test_a_generator_is_refused() -> None:
    class Yields(AsyncAssistantEventHandler):
        async def on_end(self) -> AsyncIterator[int]:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride] -- the mistake
            yield 1

    with pytest.raises(TypeError, match="on_end is a generator"):
        check_colour(Yields(), AsyncAssistantEventHandler)


def test_an_object_with_an_asynchronous_call_is_refused() -> None:
    class Hook:
        async def __call__(self) -> None: ...

    handler = AssistantEventHandler()
    handler.on_end = Hook()  # type: ignore[method-assign, assignment]  # pyright: ignore[reportAttributeAccessIssue] -- the mistake
    with pytest.raises(TypeError, match="on_end is an `async def`"):
        check_colour(handler, AssistantEventHandler)


def test_an_asynchronous_hook_in_a_sync_handler_is_refused() -> None:
    class Mistaken(AssistantEventHandler):
        async def on_end(self) -> None: ...  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride] -- the mistake

    class Wrapped(AssistantEventHandler):
        on_end = functools.wraps(Mistaken.on_end)(lambda self: None)  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType] -- a decorator

    for handler in (Mistaken(), Wrapped()):
        with pytest.raises(TypeError, match=r"on_end is an `async def`.*AsyncAssistantEventHandler with AsyncClient"):
            check_colour(handler, AssistantEventHandler)
