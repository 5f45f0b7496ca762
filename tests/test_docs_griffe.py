from __future__ import annotations

import griffe
import pytest

from scripts.docs_griffe import fenced
from tests.shared import ROOT


@pytest.fixture(scope="module")
def package() -> griffe.Object | griffe.Alias:
    extensions = griffe.load_extensions(str(ROOT / "scripts" / "docs_griffe.py"))
    loader = griffe.GriffeLoader(search_paths=[str(ROOT)], extensions=extensions, docstring_parser="google")
    return loader.load("assistream")


def method(package: griffe.Object | griffe.Alias, path: str) -> griffe.Function:
    found = package[path]
    assert isinstance(found, griffe.Function)
    return found


@pytest.mark.parametrize(
    "path",
    [
        "resources.runs.StreamableRunEndpoints.create",  # an operation
        "resources.runs.RunFlows.create_and_poll",  # several of them
        "resources._sync.Runs.create_and_stream",  # written by hand, with overloads
        "resources._async.AsyncRuns.create_and_stream",
    ],
)
def test_each_keyword_by_its_name(package: griffe.Object | griffe.Alias, path: str) -> None:
    found = method(package, path)
    names = [parameter.name for parameter in found.parameters]
    assert names[:2] == ["self", "thread_id"]
    assert {"assistant_id", "instructions", "timeout"} <= set(names)
    assert "params" not in names
    assert not found.overloads
    assert found.docstring is not None
    assert "    assistant_id: " in found.docstring.value


def test_types_lead_somewhere(package: griffe.Object | griffe.Alias) -> None:
    returns = method(package, "resources.runs.RunEndpoints.retrieve").returns
    assert isinstance(returns, griffe.ExprName)
    assert returns.canonical_path == "assistream.types.runs.Run"


def test_the_types_of_the_api_do_everywhere(package: griffe.Object | griffe.Alias) -> None:
    """Also where the module that the signature is made for does not import them."""
    (tools,) = (
        each for each in method(package, "resources._sync.Runs.create_and_stream").parameters if each.name == "tools"
    )
    assert isinstance(tools.annotation, griffe.Expr)
    names = {part.canonical_path for part in tools.annotation.iterate(flat=True) if isinstance(part, griffe.ExprName)}
    assert "assistream.types.params.ToolParam" in names


def test_methods_that_python_calls_are_not_told(package: griffe.Object | griffe.Alias) -> None:
    assert [name for name in package["handlers._sync.AssistantEventHandler"].members if name.startswith("__")] == []
    assert "__init__" in package["client.Client"].members
    assert "__init__" not in package["resources.Assistants"].all_members  # a client makes it


def test_prompts_are_programs() -> None:
    told = "Does it.\n\n    >>> x = f(\n    ...     1)\n    >>> x\n\nMore."
    assert fenced(told) == "Does it.\n\n    ```pycon\n    >>> x = f(\n    ...     1)\n    >>> x\n    ```\n\nMore."
    assert fenced("a >>> b") == "a >>> b"


def test_a_class_method(package: griffe.Object | griffe.Alias) -> None:
    names = [parameter.name for parameter in method(package, "client._Client.embedded").parameters]
    assert names[1] == "path"
    assert "max_runs" in names


def test_others_are_left_alone(package: griffe.Object | griffe.Alias) -> None:
    hook = method(package, "handlers._sync.AssistantEventHandler.on_text_delta")
    assert [parameter.name for parameter in hook.parameters] == ["self", "delta", "snapshot"]
