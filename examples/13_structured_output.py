"""An answer that is an object: a pydantic model asks for it, and checks it."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from assistream import Client
from assistream.engine import Scripted, calls, says


class Stay(BaseModel):
    city: str
    nights: int


class Trip(BaseModel):
    """A journey, day by day."""

    begins: date
    stays: list[Stay]


def get_holidays(year: int) -> list[date]:
    """The public holidays of a year."""
    return [date(year, 5, 17), date(year, 12, 25)]


# What a model does with this: it looks a day up, and answers in the form that it was asked for.
TRIP = '{"begins": "2027-05-17", "stays": [{"city": "Oslo", "nights": 2}, {"city": "Bergen", "nights": 3}]}'
MODEL = Scripted([calls(get_holidays={"year": 2027}), says(TRIP)])

with Client.embedded(model=MODEL) as client:
    assistant = client.beta.assistants.create(model="scripted")
    thread = client.beta.threads.create(messages=[{"role": "user", "content": "Five nights, from a holiday on."}])

    with client.beta.threads.runs.create_and_stream(
        thread.id, assistant_id=assistant.id, tools=[get_holidays], parse_as=Trip
    ) as stream:
        trip = stream.get_final_parsed(Trip)

    print(f"{trip.begins:%d %B %Y}:", ", ".join(f"{stay.nights} nights in {stay.city}" for stay in trip.stays))
