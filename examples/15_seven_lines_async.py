"""The same on asyncio, and with `anyio.run(..., backend="trio")` on trio."""

from __future__ import annotations

import anyio

from assistream import AsyncClient


async def weather(city: str) -> str:
    return f"light rain in {city}"


async def main(client: AsyncClient, assistant_id: str) -> None:
    thread = await client.beta.threads.create(messages=[{"role": "user", "content": "Is there rain in Bergen?"}])
    async with client.beta.threads.runs.create_and_stream(thread.id, assistant_id=assistant_id, tools=[weather]) as run:
        async for text in run.text_deltas:
            print(text, end="", flush=True)


async def embedded() -> None:
    async with AsyncClient.embedded() as client:
        assistant = await client.beta.assistants.create(model="rehearsal")
        await main(client, assistant.id)


if __name__ == "__main__":
    anyio.run(embedded)
