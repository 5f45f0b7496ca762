from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistream import Client, NotFoundError
from assistream.cli.chat.conversation import Conversation
from assistream.cli.chat.functions import load_functions
from assistream.cli.chat.slash import COMMANDS, obey
from assistream.cli.chat.watching import Watcher
from assistream.types.params import AssistantToolParam


@pytest.fixture
def conversation() -> Iterator[Conversation]:
    tools: list[AssistantToolParam] = [
        {"type": "function", "function": {"name": "refund"}},
        {"type": "function", "function": {"name": "look_up"}},
        {"type": "file_search"},
    ]
    with Client.embedded() as client:
        assistant = client.beta.assistants.create(model="m-1", tools=tools)
        yield Conversation(client, assistant, load_functions(["kit:refund", "kit:get_weather"]))


def typed(line: str, conversation: Conversation, capsys: pytest.CaptureFixture[str]) -> str:
    obey(line, conversation)
    return capsys.readouterr().out


def test_help_lists_everything(conversation: Conversation, capsys: pytest.CaptureFixture[str]) -> None:
    out = typed("/help", conversation, capsys)
    for name in (*COMMANDS, "/quit"):
        assert f"  {name} " in out
    assert max(map(len, out.splitlines())) < 80


def test_tools(conversation: Conversation, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("/tools", conversation, capsys).splitlines() == [
        "  refund (asks you first)  Refund an order.",
        "  get_weather  Today's weather in a city.",
        "  look_up (nobody answers it here)",
        "  file_search (of the server)",
    ]


def test_threads_messages_and_usage(conversation: Conversation, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no thread yet" in typed("/thread", conversation, capsys)
    assert typed("/messages", conversation, capsys) == ""
    assert typed("/usage", conversation, capsys) == "0 runs, 0 + 0 tokens\n"
    conversation.say("Hello.", Watcher(lambda call: True, None))
    thread = str(conversation.thread_id)
    assert typed("/thread ", conversation, capsys) == f"{thread}\n"
    assert typed("/messages", conversation, capsys).startswith("user:\nHello.\n\nassistant:\n")
    assert typed("/usage", conversation, capsys).startswith("1 run, ")
    assert "new thread" in typed("/new", conversation, capsys)
    assert conversation.thread_id is None
    assert typed(f"/thread  {thread}", conversation, capsys) == f"{thread}\n"
    with pytest.raises(NotFoundError):
        obey("/thread thread_none", conversation)


def test_what_is_no_command(conversation: Conversation, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("/\x1b[1m", conversation, capsys) == "There is no /␛[1m; /help lists what there is.\n"
