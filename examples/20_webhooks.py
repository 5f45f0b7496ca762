"""A program that is told what becomes of runs, and answers their calls: nobody polls, and no stream stays open.

The program that asks and the one that is told have nothing in common but the engine. Here both are in this file, and
the model needs no network.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

import httpx

from assistream import Client, function_tool
from assistream.engine import Webhook
from assistream.engine.webhooks import WebhookSignatureError, verify
from assistream.types import Run
from assistream.types.params import ThreadParam, ToolOutput

SECRET = secrets.token_hex()
QUESTION: ThreadParam = {"messages": [{"role": "user", "content": "What is the weather in Bergen?"}]}
events: Queue[dict[str, Any]] = Queue()


@function_tool
def get_weather(city: str) -> str:
    """Today's weather in a city."""
    return f"light rain in {city}"


class Receiver(BaseHTTPRequestHandler):
    """Answers at once, and leaves the work to somebody else: the engine waits ten seconds, and then asks again."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            events.put(verify(body, dict(self.headers), SECRET))
            self.send_response(204)
        except WebhookSignatureError as error:
            print("-- refused:", error)
            self.send_response(401)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """It need not be said."""


def answer(client: Client, run: Run) -> None:
    """Submits what the functions of a waiting run return."""
    assert run.required_action
    (call,) = run.required_action.submit_tool_outputs.tool_calls
    print(f"-- thread.run.requires_action: {call.function.name}({call.function.arguments})")
    output = get_weather(**json.loads(call.function.arguments))
    outputs: list[ToolOutput] = [{"tool_call_id": call.id, "output": output}]
    client.beta.threads.runs.submit_tool_outputs(run.id, thread_id=run.thread_id, tool_outputs=outputs)


def follow(client: Client) -> None:
    """Does what is to be done until a run has ended."""
    while (event := events.get())["type"] == "thread.run.requires_action":
        told = event["data"]
        # An event may come twice, and its run may have gone on since: what counts is how it is now.
        run = client.beta.threads.runs.retrieve(told["id"], thread_id=told["thread_id"])
        if run.status == "requires_action":
            answer(client, run)
    print("--", event["type"])
    (block,) = client.beta.threads.messages.list(event["data"]["thread_id"]).data[0].content
    assert block.type == "text"
    print(block.text.value)


def forge(url: str) -> None:
    """Somebody else, who does not know the secret."""
    headers = {"webhook-id": "evt_1", "webhook-timestamp": str(int(time.time())), "webhook-signature": "v1,AAAA"}
    httpx.post(url, content=b'{"type": "thread.run.completed"}', headers=headers)


def main() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/runs"
        with Client.embedded(webhooks=[Webhook(url, SECRET)]) as client:
            assistant = client.beta.assistants.create(model="rehearsal", tools=[get_weather])
            client.beta.threads.create_and_run(assistant_id=assistant.id, thread=QUESTION)
            follow(client)
        forge(url)
        server.shutdown()


if __name__ == "__main__":
    main()
