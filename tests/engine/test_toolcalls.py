from __future__ import annotations

import pytest

from assistream.engine.builtin import Answer, BadCall, BuiltIn, Job
from assistream.engine.lifecycle import BEHIND
from assistream.engine.toolcalls import BuiltInCall, FunctionCall, begun, opening
from tests.engine.builtin.fakes import RESULT, Fake, echoes, finds
from tests.engine.conftest import Json

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The engine has a loop of its own, and it is asyncio's."""
    return "asyncio"


def built_in(tool: BuiltIn) -> BuiltInCall:
    call = begun(0, "call_1", tool.type, tool, {})
    assert isinstance(call, BuiltInCall)
    return call


async def worked(call: BuiltInCall, number: int = 0) -> list[Json]:
    sent: list[Json] = []

    async def send(entry: Json) -> None:
        sent.append(entry)

    await call.work({}, number, send)
    return sent


def test_a_function() -> None:
    call = begun(0, "call_1", "f", None, {})
    assert isinstance(call, FunctionCall)
    assert opening(call)["function"] == {"name": "f", "arguments": "", "output": None}
    assert call.add("{") == {"type": "function", "function": {"arguments": "{"}}
    call.add("}")
    assert call.end() is None
    assert call.document["function"] == {"name": "f", "arguments": "{}", "output": None}
    assert call.asked["function"] == {"name": "f", "arguments": "{}"}


async def test_code() -> None:
    call = built_in(Fake("code_interpreter", echoes))
    assert opening(call)["code_interpreter"] == {"input": "", "outputs": []}
    assert BEHIND not in opening(call)
    assert call.add('{"code": "1') == {"type": "code_interpreter", "code_interpreter": {"input": "1"}}
    assert call.add('"}') is None
    assert call.end() is None
    [said] = await worked(call)
    assert said["code_interpreter"] == {"outputs": [{"index": 0, "type": "logs", "logs": "1"}]}
    assert call.document["code_interpreter"] == {"input": "1", "outputs": [{"type": "logs", "logs": "1"}]}
    assert call.document[BEHIND]["arguments"] == '{"code": "1"}'


async def test_a_search() -> None:
    call = built_in(Fake("file_search", finds))
    assert call.add("{}") is None
    assert await worked(call, 7) == []
    assert call.document["file_search"]["results"] == [RESULT]
    behind = call.document[BEHIND]
    assert (behind["told"], behind["sources"]) == ("Found: So 【7:0†notes.txt】", {"7:0": "file-1"})


def test_before_it_has_answered_nothing_was_told() -> None:
    assert "told" not in built_in(Fake("file_search", finds)).document[BEHIND]


async def test_a_call_that_makes_no_sense() -> None:
    async def complains(job: Job) -> Answer:
        raise BadCall("why?")

    call = built_in(Fake("file_search", complains))
    await worked(call)
    assert call.document[BEHIND]["told"] == "Error: why?"
    assert call.document["file_search"] == {"results": []}
