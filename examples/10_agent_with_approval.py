"""An agent with four tools. One of them spends money, so somebody is asked first; another may fail."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from assistream import AssistantEventHandler, Client, ToolContext, ToolError, function_tool
from assistream.engine import Scripted, calls, says
from assistream.types import PendingCall, Text, TextDelta


class Order(BaseModel):
    number: str
    cents: int
    state: str


ORDERS = {"A17": Order(number="A17", cents=4990, state="lost in the post")}


def find_order(number: str) -> Order:
    """Look an order up.

    Args:
        number: As printed on the invoice, e.g. "A17".
    """
    if number not in ORDERS:
        raise ToolError(f"There is no order {number}.")  # for the model, as it stands
    return ORDERS[number]


def find_customer(order: str) -> dict[str, str]:
    """Who ordered it."""
    return {"name": "Kari", "email": "kari@example.com"}


@function_tool(needs_approval=True, timeout=30)
def refund(ctx: ToolContext, order: str, cents: Annotated[int, Field(gt=0, le=50_000)]) -> str:
    """Give the money for an order back."""
    ctx.progress("calling the bank")
    return "refunded"


def send_email(to: str, text: str) -> None:
    """Write to a customer."""


class Desk(AssistantEventHandler):
    def on_tool_approval(self, call: PendingCall) -> bool | str:
        # A program would ask somebody: input(f"{call.name}({call.arguments})? [y/N] ") == "y"
        return call.parsed["cents"] <= 10_000 or "Not more than 100 euros."

    def on_tool_progress(self, call: PendingCall, message: str) -> None:
        print(f"   {call.name}: {message} ...")

    def on_tool_output(self, call: PendingCall, output: str) -> None:
        print(f"-- {call.name}({call.arguments}) -> {output}")

    def on_tool_error(self, call: PendingCall, error: Exception) -> None:
        print(f"-- {call.name}({call.arguments}) failed: {error}")

    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        print(delta.value or "", end="", flush=True)


# What a model does with this; Client(base_url=...) asks a real one.
MODEL = Scripted(
    [
        calls(find_order={"number": "A7"}),
        calls(find_order={"number": "A17"}, find_customer={"order": "A17"}),
        calls(refund={"order": "A17", "cents": 49900}),
        calls(refund={"order": "A17", "cents": 4990}),
        calls(send_email={"to": "kari@example.com", "text": "Your money is on its way."}),
        says("Order A17 was lost in the post. Kari has her 49.90 back, and knows."),
    ]
)

with Client.embedded(model=MODEL) as client:
    assistant = client.beta.assistants.create(model="scripted", instructions="You are a help desk.")
    thread = client.beta.threads.create(messages=[{"role": "user", "content": "Where is my parcel? Order A7 or so."}])

    with client.beta.threads.runs.create_and_stream(
        thread.id,
        assistant_id=assistant.id,
        tools=[find_order, find_customer, refund, send_email],
        event_handler=Desk(),
    ) as stream:
        run = stream.get_final_run()

    print(f"\n-- {run.status}")
