from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

from assistream import Client, NotFoundError
from assistream.engine import Engine, ModelError, ModelRequest
from assistream.engine.models import Finish, ModelDelta, TextDelta
from tests.engine.conftest import Api, ScriptedEngine


class Several:
    """A model that stands for two."""

    def __init__(self, error: ModelError | None = None) -> None:
        self._error = error

    async def available(self) -> Sequence[str]:
        if self._error:
            raise self._error
        return ["org/large", "small"]

    async def generate(self, request: ModelRequest) -> AsyncIterator[ModelDelta]:
        yield TextDelta(request.model)
        yield Finish("stop")


def test_a_model_that_stands_for_several(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(model=Several())
    found = api.get("/models")
    assert [one["id"] for one in found["data"]] == ["org/large", "small"]
    assert found["data"][0]["object"] == "model"
    assert api.get("/models/org%2Flarge") == api.get("/models/org/large") == found["data"][0]


def test_a_model_that_is_not_there(api: Api) -> None:
    response = api.client.get("/models/org/x")
    assert response.status_code == 404
    assert response.json()["error"] == {
        "message": "The model 'org/x' does not exist",
        "type": "invalid_request_error",
        "param": "model",
        "code": "model_not_found",
    }


def test_models_that_cannot_be_listed(scripted_engine: ScriptedEngine) -> None:
    api = scripted_engine(model=Several(ModelError("server_error", "Nobody answers.")))
    refused = api.refused("/models", method="GET")
    assert refused == (502, "The models cannot be listed: Nobody answers.")


async def shout(request: ModelRequest) -> str:
    return request.messages[-1].text.upper()


@pytest.mark.parametrize(("model", "name"), [(None, "rehearsal"), (shout, "shout")])
def test_the_client_sees_the_model_that_there_is(model: object, name: str) -> None:
    with Engine(model=model) as engine, Client(base_url=engine.base_url, api_key="") as client:  # type: ignore[arg-type]  # of several kinds
        assert [one.id for one in client.models.list()] == [name]
        assert client.models.retrieve(name).id == name
        with pytest.raises(NotFoundError, match="does not exist"):
            client.models.retrieve("gpt-4o")
