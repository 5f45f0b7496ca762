"""Twenty runs at once in one event loop, each streamed into a handler of its own."""

from __future__ import annotations

import anyio

from assistream import AsyncAssistantEventHandler, AsyncClient
from assistream.types import Message


class Collector(AsyncAssistantEventHandler):
    def __init__(self, answers: dict[int, int], number: int) -> None:
        self.answers, self.number = answers, number

    async def on_message_done(self, message: Message) -> None:
        self.answers[self.number] = sum(len(part.text.value) for part in message.content if part.type == "text")


async def ask(client: AsyncClient, assistant_id: str, number: int, answers: dict[int, int]) -> None:
    async with client.beta.threads.create_and_run_stream(
        assistant_id=assistant_id,
        thread={"messages": [{"role": "user", "content": f"This is question {number}."}]},
        event_handler=Collector(answers, number),
    ) as stream:
        await stream.get_final_run(raise_on_failure=True)


async def main() -> None:
    answers: dict[int, int] = {}
    async with AsyncClient.embedded() as client:
        assistant = await client.beta.assistants.create(model="rehearsal")
        async with anyio.create_task_group() as tasks:
            for number in range(20):
                tasks.start_soon(ask, client, assistant.id, number, answers)
    print(f"{len(answers)} answers, {sum(answers.values())} characters")


anyio.run(main)
