"""Questions about files: the model searches them, and says where its answer is from."""

from __future__ import annotations

from assistream import AssistantEventHandler, Client
from assistream.types import FileSearchToolCall, Text, TextDelta, ToolCall

FILES = [
    ("opening_hours.md", b"# Opening hours\n\nThe museum opens at ten. On Mondays it is closed.\n"),
    ("tickets.txt", b"A ticket costs 120 crowns. Children under six enter for free. Dogs stay outside.\n"),
    ("cafe.txt", b"The cafe is on the roof. It serves waffles with brown cheese.\n"),
]


class Footnotes(AssistantEventHandler):
    """Prints the answer as it comes, with numbers in place of the marks, and at the end what they stand for."""

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.client = client

    def on_tool_call_done(self, tool_call: ToolCall) -> None:
        if isinstance(tool_call, FileSearchToolCall):
            found = [f"{result.file_name} ({result.score:.2f})" for result in tool_call.file_search.results or []]
            print("-- searched:", ", ".join(found))

    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        # A mark comes whole, in a delta of its own, with the annotation that says what it is.
        marks = [f"[{annotation.index}]" for annotation in delta.annotations or []]
        print("".join(marks) or delta.value or "", end="", flush=True)

    def on_text_done(self, text: Text) -> None:
        print()
        for number, annotation in enumerate(text.annotations):
            if annotation.type == "file_citation":
                print(f"[{number}] {self.client.files.retrieve(annotation.file_citation.file_id).filename}")


with Client.embedded() as client:
    store = client.vector_stores.create(name="The museum")
    client.vector_stores.file_batches.upload_and_poll(store.id, files=FILES)
    assistant = client.beta.assistants.create(
        model="rehearsal",
        tools=[{"type": "file_search"}],
        tool_resources={"file_search": {"vector_store_ids": [store.id]}},
    )
    thread = client.beta.threads.create()
    for question in ("What does a ticket cost?", "Is the museum closed on Mondays?"):
        print(f"> {question}")
        client.beta.threads.messages.create(thread.id, role="user", content=question)
        with client.beta.threads.runs.create_and_stream(
            thread.id, assistant_id=assistant.id, event_handler=Footnotes(client)
        ) as stream:
            stream.until_done()
