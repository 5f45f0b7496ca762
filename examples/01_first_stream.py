"""A first stream: an assistant, a thread, and a handler that prints the answer as it is written."""

from __future__ import annotations

from assistream import AssistantEventHandler, Client
from assistream.types import Text, TextDelta


class Printer(AssistantEventHandler):
    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        print(delta.value or "", end="", flush=True)


# A server of its own, inside this program. Client(base_url=..., api_key=...) talks to any other one.
with Client.embedded() as client:
    assistant = client.beta.assistants.create(model="rehearsal", instructions="Be brief.")
    thread = client.beta.threads.create(messages=[{"role": "user", "content": "What is a stream?"}])

    with client.beta.threads.runs.create_and_stream(
        thread.id, assistant_id=assistant.id, event_handler=Printer()
    ) as stream:
        run = stream.get_final_run()

    print(f"\n-- {run.status}")
