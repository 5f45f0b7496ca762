from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from assistream.engine.models import (
    ChatMessage,
    ContentPart,
    Finish,
    ImagePart,
    Model,
    ModelDelta,
    ModelError,
    ModelRequest,
    Rehearsal,
    Scripted,
    TextDelta,
    TextPart,
    as_model,
)
from tests.engine.models.asking import ask

pytestmark = pytest.mark.anyio


async def test_an_async_function_that_returns_text_is_a_model() -> None:
    async def shout(request: ModelRequest) -> str:
        return request.messages[-1].text.upper()

    answer = await ask(as_model(shout), "hello")

    assert answer.deltas == [TextDelta("HELLO"), Finish("stop")]


async def test_an_async_generator_of_deltas_is_a_model() -> None:
    async def count(request: ModelRequest) -> AsyncIterator[ModelDelta]:
        for number in range(3):
            yield TextDelta(f"{number} ")
        yield Finish("length")

    answer = await ask(as_model(count), "count")

    assert answer.text == "0 1 2 "
    assert answer.finish == "length"


@pytest.mark.parametrize("model", [Rehearsal(), Scripted([])])
def test_a_model_stays_itself(model: Model) -> None:
    assert as_model(model) is model


def test_the_text_of_parts_leaves_images_out() -> None:
    parts: list[ContentPart] = [
        TextPart("What is this?"),
        ImagePart("https://example.com/cat.png"),
        TextPart("Be brief."),
    ]

    assert ChatMessage("user", parts).text == "What is this?\nBe brief."


def test_an_error_has_a_code_and_reads_as_its_message() -> None:
    error = ModelError("rate_limit_exceeded", "Slow down.")

    assert (error.code, error.message, str(error)) == ("rate_limit_exceeded", "Slow down.", "Slow down.")
