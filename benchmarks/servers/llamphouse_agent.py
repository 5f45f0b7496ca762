"""LLAMPHouse with the same model, as its documentation has it, in its own environment; prints its address."""

from __future__ import annotations

import socket
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from benchmarks.servers.saying import pieces

core: Any = import_module("llamphouse.core")
adapters: Any = import_module("llamphouse.core.adapters.assistant_api")


class Speaker(core.Agent):  # type: ignore[misc]  # it is installed elsewhere
    async def run(self, context: Any) -> None:
        said = ""
        async for piece in pieces(context.messages[-1].text):
            said += piece
            await context.asend_chunk(piece)
        await context.insert_message(said)


def main() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = core.LLAMPHouse(
        agents=[Speaker(id="asst_1", name="Speaker")], adapters=[adapters.AssistantAPIAdapter()], compass=False
    )
    print(f"http://127.0.0.1:{port}", flush=True)
    app.ignite(host="127.0.0.1", port=port)


if __name__ == "__main__":
    main()
