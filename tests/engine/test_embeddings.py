"""Vectors from servers, over real HTTP, and from functions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pytest

from assistream import Client, ConfigurationError
from assistream.engine import Embeddings, Engine, embeddings
from assistream.engine.embeddings import EmbeddingError, as_embedder, vectors
from tests.wire import Step, Wire, answer, reset, until

pytestmark = pytest.mark.anyio
PATH = "/v1/embeddings"


def made(*numbers: float, index: int | None = None) -> dict[str, Any]:
    return {"object": "embedding", "embedding": list(numbers)} | ({} if index is None else {"index": index})


def answering(*data: dict[str, Any]) -> Step:
    return answer({"object": "list", "data": list(data), "model": "m", "usage": {"prompt_tokens": 1}})


async def ask(server: Wire, *texts: str, **options: Any) -> list[Any]:
    settings: dict[str, Any] = {"backoff": 0.0}
    model = Embeddings(f"{server.url}/v1", "m", **(settings | options))
    try:
        return await vectors(model, texts)
    finally:
        await model.aclose()


async def test_what_is_asked_and_answered() -> None:
    with Wire() as server:
        server.add(answering(made(0.5, 1), made(2, 3)))
        assert await ask(server, "one", "two", api_key="s3cret", headers={"X-Team": "a"}) == [[0.5, 1], [2, 3]]
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", PATH)
    assert request.body == {"model": "m", "input": ["one", "two"]}
    assert (request.headers["authorization"], request.headers["x-team"]) == ("Bearer s3cret", "a")


async def test_the_order_is_that_of_the_texts() -> None:
    with Wire() as server:
        server.add(answering(made(2, index=1), made(1, index=0)))
        assert await ask(server, "one", "two", dimensions=1) == [[1], [2]]
    assert server.requests[0].body["dimensions"] == 1


async def test_many_texts_are_several_requests() -> None:
    with Wire() as server:
        server.add(answering(*[made(1)] * embeddings.BATCH))
        server.add(answering(made(2), made(3)))
        found = await ask(server, *(str(number) for number in range(embeddings.BATCH + 2)))
        assert len(server.connections) == 1
    assert (len(found), found[-2:]) == (embeddings.BATCH + 2, [[2], [3]])
    assert server.requests[1].body["input"] == ["64", "65"]


@pytest.mark.parametrize(
    "passing", [answer({}, status=503), answer({}, status=429), reset()], ids=["503", "429", "reset"]
)
async def test_what_passes_is_tried_again(passing: Step) -> None:
    with Wire() as server:
        server.add(passing, times=2)
        server.add(answering(made(1)))
        assert await ask(server, "one") == [[1]]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (answer({"error": {"message": "no such model"}}, status=404), "status 404: no such model"),
        (answer({"data": "?"}), "has no vectors"),
        (answer({"other": 1}), "has no vectors"),
        (answer([]), "has no vectors"),
        (answering(), "0 vectors for 2 texts"),
        (answering(made(1)), "1 vectors for 2 texts"),
        (answering(made(1), made(1, 2)), "must have the same length"),
        (answering(made(), made()), "must have the same length"),
        *(
            (answering(made(1), {"embedding": wrong}), "must be lists of finite numbers")
            for wrong in (["x"], [None], "x", 5, None, [[1]], [10**400])
        ),
        (answer("?", status=400), "^The embeddings server answered with status 400"),
    ],
)
async def test_what_is_no_answer(said: Step, text: str) -> None:
    with Wire() as server:
        server.add(said)
        with pytest.raises(EmbeddingError, match=text):
            await ask(server, "one", "two")


async def test_when_it_stays_bad_the_key_is_not_told() -> None:
    with Wire() as server:
        server.add(answer({"error": "the key s3cret is bad"}, status=500), times=3)
        with pytest.raises(EmbeddingError, match=r"the key \*\*\* is bad"):
            await ask(server, "one", max_retries=2, api_key="s3cret")


async def test_functions() -> None:
    async def good(texts: Sequence[str]) -> list[list[float]]:
        return [[len(text)] for text in texts]

    async def bad(texts: Sequence[str]) -> list[list[float]]:
        return [[math.nan]] if texts == ["nan"] else [["x"]]  # type: ignore[list-item]  # nobody keeps it from doing so

    model, other = as_embedder(good), as_embedder(bad)
    assert model
    assert other
    assert await vectors(model, ["a", "bcd"]) == [[1], [3]]
    with pytest.raises(EmbeddingError, match="finite"):
        await vectors(other, ["nan"])
    with pytest.raises(EmbeddingError, match="finite"):
        await vectors(other, ["x"])


async def test_a_function_that_gives_nothing_of_the_kind(caplog: pytest.LogCaptureFixture) -> None:
    async def none(texts: Sequence[str]) -> Any:
        return None

    model = as_embedder(none)
    assert model
    with pytest.raises(EmbeddingError, match="finite"):
        await vectors(model, ["a"])
    assert caplog.text == ""


async def test_a_server_that_is_gone_is_called_what_it_is(caplog: pytest.LogCaptureFixture) -> None:
    with Wire() as server:
        pass
    with pytest.raises(EmbeddingError, match=f"^The embeddings server at {server.url}.* cannot be reached"):
        await ask(server, "one", max_retries=1)
    assert "model server" not in caplog.text


@pytest.mark.parametrize(("status", "of_texts"), [(400, True), (413, True), (422, True), (401, False), (500, False)])
async def test_whether_others_may_have_vectors(status: int, of_texts: bool) -> None:
    with Wire() as server:
        server.add(answer({}, status=status))
        with pytest.raises(EmbeddingError) as caught:
            await ask(server, "one", max_retries=0)
    assert caught.value.of_texts is of_texts


async def test_objects_that_are_called() -> None:
    class Model:
        async def __call__(self, texts: Sequence[str]) -> list[list[float]]:
            return [[1.0] for _ in texts]

    model = as_embedder(Model())
    assert model
    assert await vectors(model, ["a"]) == [[1.0]]
    assert "Model" in model.name


def plain(texts: Sequence[str]) -> list[list[float]]:
    return [[1.0] for _ in texts]


WRONG: list[Any] = [5, "nomic", len, plain, Embeddings]


@pytest.mark.parametrize("wrong", WRONG, ids=["number", "name", "builtin", "function", "class"])
def test_what_makes_no_vectors(wrong: Any) -> None:
    with pytest.raises(ConfigurationError, match="neither"):
        Engine(embeddings=wrong)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("nowhere", "m"), "base_url"),
        ((None, "m"), "base_url"),
        (("http://127.0.0.1:1/v1", ""), "name of a model"),
        (("http://127.0.0.1:1/v1", None), "name of a model"),
        (("http://127.0.0.1:1/v1", "m", "a\nb"), "api_key"),
    ],
)
def test_what_no_server_could_be_asked_with(arguments: tuple[Any, ...], text: str) -> None:
    with pytest.raises(ConfigurationError, match=text):
        Embeddings(*arguments)
    with pytest.raises(ConfigurationError, match="dimensions"):
        Embeddings("http://127.0.0.1:1/v1", "m", dimensions=0)


def test_the_address_of_the_endpoint_will_do() -> None:
    shown = "<Embeddings m at http://127.0.0.1:1/v1>"
    for url in ("http://127.0.0.1:1/v1", "http://127.0.0.1:1/v1/", "http://127.0.0.1:1/v1/embeddings"):
        assert repr(Embeddings(url, "m", "key")) == shown


def test_without_numpy_there_is_nothing_to_compare_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeddings, "find_spec", {"other": None}.get)
    with pytest.raises(ConfigurationError, match=r"assistream\[embeddings\]"):
        Engine(embeddings=Embeddings("http://127.0.0.1:1/v1", "m"))
    Engine()


def test_an_engine_with_a_server() -> None:
    """What is asked in words that no file has is found by its vector; when the server is gone, by words alone."""
    with Wire() as server:
        server.add(answering(made(1, 0)), method="POST", path=PATH)
        server.add(answering(made(0, 1)), method="POST", path=PATH)
        server.add(answering(made(1, 0.1)), method="POST", path=PATH)
        server.add(answer({}, status=400), method="POST", path=PATH)
        model = Embeddings(f"{server.url}/v1", "m", max_retries=0)
        with Client.embedded(embeddings=model) as client:
            store = client.vector_stores.create()
            for name, text in (("cars.txt", b"Automobiles"), ("ships.txt", b"Vessels")):
                file = client.vector_stores.files.upload_and_poll(vector_store_id=store.id, file=(name, text))
                assert file.status == "completed"
            hits = client.vector_stores.search(store.id, query="vehicles on roads").data
            assert [hit.filename for hit in hits] == ["cars.txt", "ships.txt"]
            assert [hit.filename for hit in client.vector_stores.search(store.id, query="vessel")] == ["ships.txt"]
        until(lambda: not server.open)
