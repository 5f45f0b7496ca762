from __future__ import annotations

import inspect
import re
from typing import Any, TypeAlias, Unpack

import pytest

from assistream.transport.call import OPTIONS
from assistream.transport.settings import ClientOptions
from assistream.transport.signatures import checked, keywords, renamed
from assistream.types import NOT_GIVEN, omit
from assistream.types.base import Omittable
from assistream.types.params import MessageCreateParams

MaybeStreamed: TypeAlias = Omittable[bool | None]


class Sample:
    def plain(self, a: int, *, b: str = "") -> None: ...

    def create(
        self,
        thread_id: str,
        *,
        extra: bool = False,
        stream: MaybeStreamed = None,
        other_id: str = "",
        **params: Unpack[MessageCreateParams],
    ) -> str:
        """Make it.

        Args:
            other_id: Written here.

        Raises:
            ValueError: Never.
        """
        return f"{thread_id} {extra} {sorted(params)}"

    def configure(self, **options: Unpack[ClientOptions]) -> None: ...

    checked_create = checked(create)
    make = renamed(checked_create, "make")


def test_parameters_are_written_out_in_the_order_of_the_reference_client() -> None:
    parameters = keywords(Sample.create).signature.parameters
    options = ["extra_headers", "extra_query", "extra_body", "timeout"]
    api = ["content", "role", "attachments", "file_ids", "metadata", "stream"]
    assert list(parameters) == ["thread_id", *api, "extra", "other_id", *OPTIONS]
    assert options == [*OPTIONS]
    assert parameters["role"].default is inspect.Parameter.empty
    assert repr(parameters["attachments"].default) == "NOT_GIVEN"


def test_hints_are_shown_as_they_were_written_without_what_goes_without_saying() -> None:
    shown = str(keywords(Sample.create).signature)
    assert 'role: Literal["user", "assistant"]' in shown
    assert "metadata: MetadataParam | None = NOT_GIVEN" in shown
    assert "stream: bool | None = None" in shown
    assert "timeout: float | httpx.Timeout | None" in shown
    assert shown.endswith("-> str")
    assert not re.search("NotGiven|Required|Omittable|ForwardRef|: '", shown)


def test_what_begins_with_an_underscore_is_taken_and_not_shown() -> None:
    known = keywords(Sample.configure)
    assert "_strict_response_validation" not in known.signature.parameters
    known.check("configure", {"_strict_response_validation": True})
    assert list(known.signature.parameters)[:2] == ["api_key", "organization"]  # as they are written


def test_docstrings_get_what_is_written_below_the_keywords() -> None:
    doc = inspect.getdoc(Sample.checked_create) or ""
    told = re.findall(r"^    (\w+): (.*)", doc, re.MULTILINE)
    assert [name for name, _ in told][:2] == ["other_id", "thread_id"]
    assert dict(told)["other_id"] == "Written here."
    assert dict(told)["thread_id"] == "The id of the thread."
    assert dict(told)["role"].startswith("Who says it")
    assert dict(told)["timeout"].startswith("Seconds to connect")
    assert doc.startswith("Make it.\n\nArgs:\n")
    assert doc.endswith("\n\nRaises:\n    ValueError: Never.")
    assert keywords(Sample.plain).documented(None) == ""


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
    assert (Sample.make.__name__, Sample.make.__qualname__) == ("make", "Sample.make")
    assert Sample.make.__doc__ == Sample.checked_create.__doc__
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
