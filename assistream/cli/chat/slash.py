"""What can be typed instead of a message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from ...recording.words import clean
from ..said import print_messages

if TYPE_CHECKING:
    from .conversation import Conversation

__all__ = ["COMMANDS", "QUIT", "obey"]

Command: TypeAlias = "Callable[[Conversation, str], None]"

QUIT: Final = ("/quit", "/exit")

_KEYS: Final = """\
Enter sends; Alt-Enter, or a backslash before Enter, begins a new line.
Ctrl-C stops an answer, or clears what you have typed.
Two slashes begin a message that begins with one."""


def _help(conversation: Conversation, argument: str) -> None:
    """this list"""
    for name, command in COMMANDS.items():
        print(f"  {name:<14}{command.__doc__}")
    print(f"  {'/quit':<14}end; so does Ctrl-D\n")
    print(_KEYS)


def _new(conversation: Conversation, argument: str) -> None:
    """begin a new thread"""
    conversation.start_anew()
    print("A new thread begins with your next message.")


def _thread(conversation: Conversation, argument: str) -> None:
    """say which thread this is; with an id, go on with that one"""
    if argument:
        conversation.go_on_with(argument)
    print(conversation.thread_id or "There is no thread yet: it begins with your first message.")


def _messages(conversation: Conversation, argument: str) -> None:
    """read this thread from its beginning"""
    if conversation.thread_id is not None:
        messages = conversation.client.beta.threads.messages
        print_messages(messages.list(conversation.thread_id, order="asc", limit=100))


def _tools(conversation: Conversation, argument: str) -> None:
    """list what the model may call"""
    for tool in conversation.functions:
        asks = " (asks you first)" if tool.needs_approval else ""
        print(clean(f"  {tool.name}{asks}  {tool.description or ''}").rstrip())
    for other in conversation.other_tools():
        name = other.get("function", {}).get("name")
        print(clean(f"  {name} (nobody answers it here)" if name else f"  {other.get('type')} (of the server)"))


def _usage(conversation: Conversation, argument: str) -> None:
    """count the tokens of this chat"""
    runs = f"{conversation.runs} run{'s' * (conversation.runs != 1)}"
    print(f"{runs}, {conversation.prompt_tokens} + {conversation.completion_tokens} tokens")


COMMANDS: Final[Mapping[str, Command]] = {
    "/help": _help,
    "/new": _new,
    "/thread": _thread,
    "/messages": _messages,
    "/tools": _tools,
    "/usage": _usage,
}


def obey(line: str, conversation: Conversation) -> None:
    """Do what a line that begins with a slash says."""
    name, _, argument = line.strip().partition(" ")
    command = COMMANDS.get(name)
    if command is None:
        print(f"There is no {clean(name)}; /help lists what there is.")
    else:
        command(conversation, argument.strip())
