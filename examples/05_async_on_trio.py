"""The same, asynchronously. On trio here; `asyncio.run(main())` or `anyio.run(main)` work as well."""

from __future__ import annotations

import trio

from assistream import AsyncAssistantEventHandler, AsyncClient
from assistream.types import Run, Text, TextDelta


class Printer(AsyncAssistantEventHandler):
    async def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        print(delta.value or "", end="", flush=True)

    async def on_text_done(self, text: Text) -> None:
        print()

    async def on_run_changed(self, run: Run) -> None:
        print(f"-- {run.status}")


async def main() -> None:
    async with AsyncClient.embedded() as client:
        assistant = await client.beta.assistants.create(model="rehearsal")
        thread = await client.beta.threads.create(messages=[{"role": "user", "content": "Hello from trio!"}])

        async with client.beta.threads.runs.create_and_stream(
            thread.id, assistant_id=assistant.id, event_handler=Printer()
        ) as stream:
            await stream.until_done()


trio.run(main)
