"""Without a handler of your own: iterate the typed events of a run."""

from __future__ import annotations

from assistream import Client
from assistream.types import ThreadMessageDelta, ThreadRunCompleted

with Client.embedded() as client:
    assistant = client.beta.assistants.create(model="rehearsal")

    # Creates the thread, too.
    with client.beta.threads.create_and_run_stream(
        assistant_id=assistant.id,
        thread={"messages": [{"role": "user", "content": "Which events does a run send?"}]},
    ) as stream:
        deltas = 0
        for event in stream:
            if isinstance(event, ThreadMessageDelta):
                deltas += 1
                continue
            print(event.event)
            if isinstance(event, ThreadRunCompleted) and event.data.usage:
                print(f"-- {deltas} deltas, {event.data.usage.total_tokens} tokens")
