from __future__ import annotations

import inspect
from typing import Any, Unpack

import pytest

from assistream.transport.call import OPTIONS
from assistream.transport.signatures import checked, keywords, renamed
from assistream.types import NOT_GIVEN, omit
from assistream.types.params import MessageCreateParams


class Sample:
    def plain(self, a: int, *, b: str = "") -> None: ...

    def create(self, thread_id: str, *, extra: bool = False, **params: Unpack[MessageCreateParams]) -> str:
        """Make it."""
        return f"{thread_id} {extra} {sorted(params)}"

    checked_create = checked(create)
    make = renamed(checked_create, "make")


def test_parameters_are_written_out_in_a_useful_order() -> None:
    parameters = keywords(Sample.create).signature.parameters
    assert list(parameters)[:2] == ["thread_id", "extra"]
    assert {"content", "role"} == set(list(parameters)[2:4])
    assert list(parameters)[-4:] == [*OPTIONS] == ["extra_headers", "extra_query", "extra_body", "timeout"]
    assert parameters["role"].default is inspect.Parameter.empty
    assert repr(parameters["attachments"].default) == "NOT_GIVEN"


def test_hints_are_shown_without_what_goes_without_saying() -> None:
    shown = str(keywords(Sample.create).signature)
    assert "role: Literal['user', 'assistant']" in shown
    assert "NotGiven" not in shown
    assert "Required" not in shown
    assert "ForwardRef" not in shown


def test_a_function_without_a_typeddict() -> None:
    known = keywords(Sample.plain)
    assert list(known.signature.parameters) == ["a", "b"]
    known.check("plain", {"b": ""})
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'c'$"):
        known.check("plain", {"c": ""})


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"rol": "user", "content": ""}, r"create\(\) got an unexpected keyword argument 'rol'. Did you mean 'role'\?"),
        ({"content": ""}, r"create\(\) missing required keyword argument: 'role'$"),
        ({}, r"create\(\) missing required keyword arguments: 'content' and 'role'$"),
    ],
)
def test_wrong_keywords(given: dict[str, str], says: str) -> None:
    with pytest.raises(TypeError, match=says):
        keywords(Sample.create).check("create", given)


def test_a_checked_method_says_so_when_called() -> None:
    assert Sample().checked_create("t", role="user", content="x") == "t False ['content', 'role']"
    with pytest.raises(TypeError, match="Did you mean 'extra'"):
        Sample().checked_create("t", exta=True)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue] -- what is tested
    assert next(iter(inspect.signature(Sample().checked_create).parameters)) == "thread_id"
    assert Sample.checked_create.__name__ == "create"


def test_a_keyword_that_is_not_given_is_left_out() -> None:
    options: Any = {"extra": omit, "attachments": NOT_GIVEN}
    assert Sample().checked_create("t", role="user", content="x", **options) == "t False ['content', 'role']"
    with pytest.raises(TypeError, match="missing required keyword argument: 'role'"):
        Sample().checked_create("t", role=omit, content="x")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] -- what is tested


def test_a_renamed_method_says_its_own_name() -> None:
    assert Sample().make("t", role="user", content="x") == "t False ['content', 'role']"
    assert (Sample.make.__name__, Sample.make.__qualname__, Sample.make.__doc__) == ("make", "Sample.make", "Make it.")
    assert Sample.checked_create.__name__ == "create"
    assert inspect.signature(Sample.make) == inspect.signature(Sample.checked_create)
    with pytest.raises(TypeError, match=r"^make\(\) missing required keyword"):
        Sample().make("t")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue] -- what is tested
    with pytest.raises(TypeError, match=r"^Sample\.make\(\) missing 1 required positional"):
        Sample().make(role="user", content="x")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue] -- what is tested


@pytest.mark.anyio
async def test_a_checked_coroutine_function_stays_one() -> None:
    class Asynchronous:
        @checked
        async def create(self, thread_id: str, **params: Unpack[MessageCreateParams]) -> str:
            return thread_id

    assert inspect.iscoroutinefunction(Asynchronous.create)
    assert await Asynchronous().create("t", role="user", content="x") == "t"
    with pytest.raises(TypeError, match="'content' and 'role'"):
        await Asynchronous().create("t")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue] -- what is tested
