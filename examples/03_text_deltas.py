"""Only the text, piece by piece; and what the stream knows once it is over."""

from __future__ import annotations

from assistream import Client

with Client.embedded() as client:
    assistant = client.beta.assistants.create(model="rehearsal")
    thread = client.beta.threads.create(messages=[{"role": "user", "content": "Tell me about Bergen."}])

    with client.beta.threads.runs.create_and_stream(thread.id, assistant_id=assistant.id) as stream:
        for text in stream.text_deltas:
            print(text, end="", flush=True)
        print()

        (message,) = stream.get_final_messages()
        print(f"-- message {message.status}, run {stream.get_final_run(raise_on_failure=True).status}")
