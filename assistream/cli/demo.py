"""``assistream demo``: an assistant answers, calls two Python functions and goes on. Offline, over real HTTP.

The engine runs inside this program, with a model that needs no network. Everything else is what a program does that
talks to any Assistants server: create an assistant and a thread, and stream a run whose tools are plain functions.
"""

from __future__ import annotations

__all__ = ["demo"]

QUESTION = "I am in Oslo. What is the weather in Bergen, and which trains go from Oslo to Bergen after 14:00?"


def get_weather(city: str) -> dict[str, object]:
    """Today's forecast for a city."""
    return {"city": city, "sky": "light rain", "high": 11}


def find_trains(origin: str, destination: str, after: str = "00:00") -> dict[str, object]:
    """Trains between two cities.

    Args:
        origin: City to travel from.
        destination: City to travel to.
        after: Earliest departure, HH:MM.
    """
    departures = [time for time in ("08:25", "14:25", "16:03", "23:03") if time >= after]
    return {"from": origin, "to": destination, "departures": departures}


def demo() -> None:
    """Watch an assistant answer, call Python functions and go on, offline."""
    from ..client import Client
    from ..engine import Rehearsal
    from ..recording import Console

    print(QUESTION + "\n")
    with Client.embedded(model=Rehearsal(delay=0.03)) as client:
        assistant = client.beta.assistants.create(model="rehearsal", name="Guide")
        thread = client.beta.threads.create(messages=[{"role": "user", "content": QUESTION}])
        with client.beta.threads.runs.create_and_stream(
            thread.id, assistant_id=assistant.id, tools=[get_weather, find_trains], event_handler=Console()
        ) as stream:
            stream.until_done()
