from __future__ import annotations

from assistream.types import Model

from .recorded import lossless


def test_a_model() -> None:
    read = lossless(Model, '{"id": "m", "object": "model", "created": 1, "owned_by": "me", "context": 8192}')
    assert (read.id, read.created, read.owned_by) == ("m", 1, "me")


def test_a_bare_model() -> None:
    read = Model.model_validate_json('{"id": "m"}')
    assert (read.object, read.created, read.owned_by) == ("model", 0, "")
