"""`ChatCompletions` against a scripted server, on asyncio and trio."""

from __future__ import annotations

from typing import Any

import anyio
import pytest

from assistream.engine import ChatCompletions
from assistream.engine.models import Finish, Model, ModelError, ModelRequest, TextDelta, UsageDelta
from assistream.errors import ConfigurationError
from tests.engine.models.asking import HELLO, WEATHER, ask
from tests.engine.models.chat_completions.server import (
    PATH,
    Json,
    answering,
    asking,
    chunk,
    event,
    saying,
    usage,
)
from tests.wire import Step, Wire, answer, async_until, hang, hang_up, head, reset, script, send, stream

pytestmark = pytest.mark.anyio

LATE = {"error": {"message": "overloaded", "code": 503}}
REFUSED_LATE = {"error": {"message": "no stream_options", "code": 400}}
BUSY = answer({"error": {"message": "busy"}}, 503)
LIMITED = answer({"error": {"message": "slow down"}}, 429, headers={"retry-after": "0"})


def refusing(message: str, status: int = 400) -> Step:
    return answer({"error": {"message": message}}, status)


def models(*names: str) -> Step:
    return answer({"object": "list", "data": [{"id": name, "object": "model"} for name in names]})


async def failure(server: Wire, **options: Any) -> ModelError:
    async with asking(server, **options) as model:
        with pytest.raises(ModelError) as caught:
            await ask(model, "Hello")
    return caught.value


def sent(server: Wire) -> list[Json]:
    return [request.body for request in server.requests if request.path == PATH]


def test_it_is_a_model() -> None:
    assert isinstance(ChatCompletions("http://127.0.0.1:1/v1"), Model)


def test_what_cannot_work() -> None:
    with pytest.raises(ConfigurationError, match="like http://"):
        ChatCompletions("localhost:11434")


def test_it_shows_where_it_is_and_no_key() -> None:
    assert repr(ChatCompletions("http://u:p@x.test/v1", "m", "s3cret")) == "<ChatCompletions m at http://x.test/v1>"
    assert repr(ChatCompletions("http://x.test/v1")) == "<ChatCompletions (its own model) at http://x.test/v1>"


async def test_an_answer() -> None:
    with Wire() as server:
        server.add(answering(chunk({"content": "Hel"}), chunk({"content": "lo"}), chunk(finish="stop"), usage(3, 2)))
        async with asking(server) as model:
            answered = await ask(model, "Hello", tools=[WEATHER], max_completion_tokens=9)
    assert answered.deltas == [TextDelta("Hel"), TextDelta("lo"), UsageDelta(3, 2), Finish("stop")]
    (body,) = sent(server)
    assert (body["model"], body["tools"], body["max_tokens"]) == ("m", [WEATHER], 9)


async def test_many_at_once() -> None:
    with Wire() as server:
        server.add(saying("Hi"), times=20)
        texts: list[str] = []
        async with asking(server) as model, anyio.create_task_group() as group:

            async def one() -> None:
                texts.append((await ask(model, "Hello")).text)

            for _ in range(20):
                group.start_soon(one)
    assert texts == ["Hi"] * 20


@pytest.mark.parametrize(
    "fault",
    [BUSY, LIMITED, reset(), hang_up(), stream(), answering(LATE), answering(chunk({"role": "assistant"}), done=False)],
    ids=["503", "429", "reset", "hang up", "nothing", "error in the stream", "broken off before it began"],
)
async def test_what_passes_is_tried_again(fault: Step) -> None:
    with Wire() as server:
        server.add(fault, times=2)
        server.add(saying("Hi"))
        async with asking(server) as model:
            assert (await ask(model, "Hello")).text == "Hi"
    assert len(sent(server)) == 3


@pytest.mark.parametrize(
    ("fault", "code", "message"),
    [
        (BUSY, "server_error", "status 503: busy"),
        (LIMITED, "rate_limit_exceeded", "status 429: slow down"),
        (answering({"error": {"message": "limit", "code": "429"}}), "rate_limit_exceeded", "failed: limit"),
    ],
)
async def test_what_does_not_pass_in_time(fault: Step, code: str, message: str) -> None:
    with Wire() as server:
        server.add(fault, times=9)
        error = await failure(server, max_retries=1)
    assert (error.code, len(sent(server))) == (code, 2)
    assert error.message.endswith(message)


@pytest.mark.parametrize(
    "fault",
    [
        refusing("no"),
        refusing("key", 401),
        answer({"error": {"message": "pay", "code": "insufficient_quota"}}, 429),
        answer({"error": {"message": "later"}}, 503, headers={"retry-after": "3600"}),
        answering({"error": "template"}),
        answer(b"<html>", content_type="text/html"),
    ],
)
async def test_what_will_not_pass_is_told_at_once(fault: Step) -> None:
    with Wire() as server:
        server.add(fault, times=9)
        await failure(server, max_retries=5)
    assert len(sent(server)) == 1


@pytest.mark.parametrize(
    "then",
    [reset(), hang_up(), script(send(event(LATE)), hang()), script(send(event(REFUSED_LATE)), hang())],
    ids=["reset", "cut", "error", "refusal"],
)
async def test_nothing_is_said_twice(then: Step) -> None:
    with Wire() as server:
        server.add(head(), send(event(chunk({"content": "Half"}))), then)
        said: list[object] = []
        async with asking(server) as model:
            with pytest.raises(ModelError):
                async for delta in model.generate(ModelRequest("m", HELLO)):
                    said.append(delta)
    assert (said, len(sent(server))) == ([TextDelta("Half")], 1)


async def test_the_key_is_not_repeated() -> None:
    with Wire() as server:
        server.add(refusing("wrong key: s3cret", 401))
        assert "s3cret" not in (await failure(server, api_key="s3cret")).message


async def test_a_refused_option_is_left_out_from_then_on() -> None:
    with Wire() as server:
        server.add(refusing("property 'stream_options' is unsupported"))
        server.add(saying("Hi"), times=2)
        async with asking(server, max_retries=0) as model:
            for _ in range(2):
                assert (await ask(model, "Hello")).text == "Hi"
    assert ["stream_options" in body for body in sent(server)] == [True, False, False]


async def test_the_limit_by_its_other_name() -> None:
    with Wire() as server:
        server.add(refusing("'max_tokens' is not supported. Use 'max_completion_tokens' instead."))
        server.add(saying("Hi"))
        async with asking(server) as model:
            await ask(model, "Hello", max_completion_tokens=9)
    assert [body.get("max_completion_tokens") for body in sent(server)] == [None, 9]


@pytest.mark.parametrize("stream", [True, False])
async def test_a_server_that_does_not_stream(stream: bool) -> None:
    choice = {"index": 0, "message": {"role": "assistant", "content": "Whole."}, "finish_reason": "stop"}
    with Wire() as server:
        server.add(answer({"object": "chat.completion", "choices": [choice]}))
        async with asking(server, stream=stream) as model:
            assert (await ask(model, "Hello")).deltas == [TextDelta("Whole."), Finish("stop")]
    assert sent(server)[0].get("stream", False) is stream


@pytest.mark.parametrize(
    ("names", "listing", "expected"),
    [
        (("m",), None, "m"),
        ((), models("gpt-4o", "other"), "gpt-4o"),
        ((), models("qwen3:8b"), "qwen3:8b"),
        ((), models(), "gpt-4o"),
        ((), refusing("no such path", 404), "gpt-4o"),
        ((), reset(), "gpt-4o"),
    ],
)
async def test_which_model_answers(names: tuple[str, ...], listing: Step | None, expected: str) -> None:
    with Wire() as server:
        if listing:
            server.add(listing, method="GET", path="/v1/models")
        server.add(saying("Hi"), method="POST", times=2)
        async with ChatCompletions(f"{server.url}/v1", *names) as model:
            request = ModelRequest("gpt-4o", HELLO)
            assert [delta async for delta in model.generate(request)]
    assert [body["model"] for body in sent(server)] == [expected]
    assert [request.method for request in server.requests] == ["GET"] * bool(listing) + ["POST"]


async def test_the_list_is_asked_for_once() -> None:
    with Wire() as server:
        server.add(models("qwen3:8b"), path="/v1/models")
        server.add(saying("Hi"), times=2)
        async with asking(server, models={}) as model:
            for _ in range(2):
                await ask(model, "Hello")
    assert [request.method for request in server.requests] == ["GET", "POST", "POST"]


async def test_and_again_when_its_model_is_gone() -> None:
    with Wire() as server:
        server.add(models("old"), path="/v1/models")
        server.add(refusing("no model 'old'", 404))
        server.add(models("new"), path="/v1/models")
        server.add(saying("Hi"))
        async with asking(server, models={}) as model:
            with pytest.raises(ModelError):
                await ask(model, "Hello")
            await ask(model, "Hello")
    assert [body["model"] for body in sent(server)] == ["old", "new"]


async def test_a_model_that_nobody_has() -> None:
    with Wire() as server:
        server.add(models("llama3.1:8b", "qwen3:8b"))
        error = await failure(server, models={})
    assert error.message == "The model server has no model 'a-model'. It has: llama3.1:8b, qwen3:8b."
    assert sent(server) == []


async def test_a_map_of_names() -> None:
    with Wire() as server:
        server.add(saying("Hi"), times=3)
        async with asking(server, models={"gpt-4o": "llama3.1:8b", "gpt-3*": "phi4", "*": "qwen3:8b"}) as model:
            for name in ("gpt-4o", "gpt-3.5-turbo", "o1"):
                _ = [delta async for delta in model.generate(ModelRequest(name, HELLO))]
    assert [body["model"] for body in sent(server)] == ["llama3.1:8b", "phi4", "qwen3:8b"]


async def test_the_names_it_tells() -> None:
    with Wire() as server:
        server.add(models("llama3.1:8b", "qwen3:8b"))
        async with asking(server, models={"gpt-4o": "llama3.1:8b", "*": "qwen3:8b"}) as model:
            assert await model.available() == ["gpt-4o", "llama3.1:8b", "qwen3:8b"]
            server.add(refusing("no", 403))
            with pytest.raises(ModelError, match="status 403: no"):
                await model.available()


@pytest.mark.parametrize("after", [[], [send(event(chunk({"content": "Hi"})))]], ids=["before", "within"])
async def test_cancelling_closes_the_connection(after: list[Step]) -> None:
    with Wire() as server:
        server.add(head(), *after, hang())
        async with asking(server) as model:
            async with anyio.create_task_group() as group:
                group.start_soon(ask, model, "Hello")
                await async_until(lambda: server.requests)
                group.cancel_scope.cancel()
            await async_until(lambda: not server.open)


async def test_cancelling_while_it_waits_to_ask_again() -> None:
    with Wire() as server:
        server.add(BUSY, times=2)
        async with asking(server, backoff=1000) as model:
            with anyio.move_on_after(0.05) as scope:
                await ask(model, "Hello")
    assert scope.cancelled_caught
    assert len(sent(server)) == 1
