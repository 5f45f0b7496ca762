"""Async tools run side by side, here on trio. One of them is too slow: it is given up, and the model is told."""

from __future__ import annotations

import trio

from assistream import AsyncAssistantEventHandler, AsyncClient, function_tool
from assistream.engine import Scripted, calls, says
from assistream.types import PendingCall

CITIES = ["Oslo", "Bergen", "Tromsø"]


class Roll:
    """All three are asked before the first has answered: each waits until the others are there."""

    def __init__(self) -> None:
        self.missing, self.complete = len(CITIES), trio.Event()

    async def call(self) -> None:
        self.missing -= 1
        if not self.missing:
            self.complete.set()
        await self.complete.wait()


roll = Roll()


async def get_weather(city: str) -> str:
    """Today's weather in a city."""
    await roll.call()
    return f"light rain in {city}"


@function_tool(timeout=0.1)
async def ask_the_lighthouse() -> str:
    """What they see out there."""
    await trio.sleep_forever()
    return ""


class Printer(AsyncAssistantEventHandler):
    async def on_tool_error(self, call: PendingCall, error: Exception) -> None:
        print(f"-- {type(error).__name__}: {error}")


MODEL = Scripted(
    [
        calls(*(("get_weather", {"city": city}) for city in CITIES), ("ask_the_lighthouse", {})),
        says("It rains everywhere."),
    ]
)


async def main() -> None:
    async with AsyncClient.embedded(model=MODEL) as client:
        assistant = await client.beta.assistants.create(model="scripted")
        thread = await client.beta.threads.create(messages=[{"role": "user", "content": "Where does it rain?"}])

        async with client.beta.threads.runs.create_and_stream(
            thread.id, assistant_id=assistant.id, tools=[get_weather, ask_the_lighthouse], event_handler=Printer()
        ) as stream:
            async for text in stream.text_deltas:
                print(text, end="", flush=True)
            print()
            (calls_made, _) = await stream.get_final_run_steps()

    if calls_made.step_details.type == "tool_calls":
        for call in calls_made.step_details.tool_calls:
            if call.type == "function":
                print(f"-- {call.function.name}: {call.function.output}")


trio.run(main)
