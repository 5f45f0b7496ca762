"""An assistant that runs code, reads a file and draws: in a sandbox, which takes Linux with bubblewrap."""

from __future__ import annotations

from assistream import AssistantEventHandler, Client, ConfigurationError
from assistream.types.beta.threads.runs import CodeInterpreterToolCall, ToolCall

CODE = """
Please run this:

```python
import csv
rows = list(csv.DictReader(open("sales.csv")))
total = sum(int(row["sold"]) for row in rows)
open("report.txt", "w").write(f"{total} sold in {len(rows)} cities")
print("total:", total)
```
"""


class Printer(AssistantEventHandler):
    def on_tool_call_done(self, tool_call: ToolCall) -> None:
        if isinstance(tool_call, CodeInterpreterToolCall):
            for output in tool_call.code_interpreter.outputs:
                print("--", output.logs.strip() if output.type == "logs" else output)


def main(client: Client) -> None:
    sales = client.files.create(file=("sales.csv", b"city,sold\nBergen,3\nOslo,4\n"), purpose="assistants")
    assistant = client.beta.assistants.create(
        model="rehearsal",
        tools=[{"type": "code_interpreter"}],
        tool_resources={"code_interpreter": {"file_ids": [sales.id]}},
    )
    thread = client.beta.threads.create(messages=[{"role": "user", "content": CODE}])
    runs = client.beta.threads.runs
    with runs.create_and_stream(thread.id, assistant_id=assistant.id, event_handler=Printer()) as stream:
        stream.until_done()
        (message,) = stream.get_final_messages()
    for block in message.content:
        for annotation in block.text.annotations if block.type == "text" else ():
            if annotation.type == "file_path":
                print(annotation.text, "is", client.files.content(annotation.file_path.file_id).text)


if __name__ == "__main__":
    try:
        with Client.embedded(code_interpreter=True) as client:
            main(client)
    except ConfigurationError as error:
        print(error)
