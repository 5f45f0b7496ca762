"""The engine with the model of the benchmarks; prints its address, and ends with its input."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from assistream.engine import Engine, ModelRequest
from assistream.engine.models import TextDelta
from assistream.engine.models.base import Finish, ModelDelta
from benchmarks.servers.saying import pieces


async def model(request: ModelRequest) -> AsyncIterator[ModelDelta]:
    async for piece in pieces(request.messages[-1].text):
        yield TextDelta(piece)
    yield Finish("stop")


if __name__ == "__main__":
    with Engine(sys.argv[1], model=model, max_runs=2000) as engine:
        print(engine.base_url, flush=True)
        sys.stdin.read()
