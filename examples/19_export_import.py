"""All that an engine keeps goes into another one, which goes on with it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from assistream import Client
from assistream.engine import Engine


def ask(client: Client, assistant_id: str, thread_id: str, text: str) -> str:
    """What the assistant says to that."""
    client.beta.threads.messages.create(thread_id, role="user", content=text)
    with client.beta.threads.runs.create_and_stream(thread_id, assistant_id=assistant_id) as stream:
        return "".join(stream.text_deltas)


def said(client: Client, thread_id: str) -> list[str]:
    """The thread, the oldest message first, as the server sends it."""
    return [message.to_json() for message in client.beta.threads.messages.list(thread_id, order="asc")]


def main() -> None:
    """One engine is filled and exported, another imports it."""
    with tempfile.TemporaryDirectory() as directory:
        lines = Path(directory, "everything.jsonl")
        with Engine() as engine, Client(base_url=engine.base_url) as client:
            assistant = client.beta.assistants.create(model="rehearsal")
            thread = client.beta.threads.create()
            ask(client, assistant.id, thread.id, "What is an export?")
            before = said(client, thread.id)
            counts = engine.export(lines)
        print("-- exported:", ", ".join(f"{count} {name}" for name, count in counts.items() if count))

        with Engine() as engine, Client(base_url=engine.base_url) as client:
            engine.load(lines)
            print("-- the same:", said(client, thread.id) == before)
            answer = ask(client, assistant.id, thread.id, "And now?")
            print(f"-- {len(said(client, thread.id)) - len(before)} more messages: {answer}")


if __name__ == "__main__":
    main()
