"""Text as it is written, with a Python function that the model may call: seven lines, for a client and an assistant."""

from __future__ import annotations

from assistream import Client


def weather(city: str) -> str:
    return f"light rain in {city}"


def main(client: Client, assistant_id: str) -> None:
    thread = client.beta.threads.create(messages=[{"role": "user", "content": "What is the weather in Bergen?"}])
    with client.beta.threads.runs.create_and_stream(thread.id, assistant_id=assistant_id, tools=[weather]) as run:
        for text in run.text_deltas:
            print(text, end="", flush=True)


if __name__ == "__main__":
    with Client.embedded() as client:
        main(client, client.beta.assistants.create(model="rehearsal").id)
