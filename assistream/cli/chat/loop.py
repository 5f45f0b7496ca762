"""Question and answer, until there are no more questions."""

from __future__ import annotations

import sys
from pathlib import Path

from ...errors import AssistreamError, RunFailedError
from ...recording import Console
from ..output import console, print_event
from ..sentences import sentence
from .conversation import Conversation, InterruptedRunError
from .prompt import Pipe, Source, Terminal, default_history
from .slash import COMMANDS, QUIT, obey
from .watching import Watcher

__all__ = ["run"]

INTERRUPTED = 130
"""What a shell takes for "stopped by Ctrl-C"."""


def run(conversation: Conversation, *, history: Path | None, whole: bool, json: bool, again: str) -> int:
    """Talk, on a terminal or through pipes, whichever it is; returns the exit code.

    Args:
        history: Where what is typed is kept.
        whole: What comes through a pipe is one message.
        json: The events are printed.
        again: The command that can find the thread again; empty if there is none.
    """
    if json or whole or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _answer_all(conversation, Pipe(sys.stdin, whole=whole), json=json)
    commands = (*COMMANDS, *QUIT)
    _talk(conversation, Terminal(default_history() if history is None else history, commands))
    if again and conversation.thread_id:
        print(f"To go on: {again} --thread {conversation.thread_id}")
    return 0


def _answer_all(conversation: Conversation, source: Source, *, json: bool) -> int:
    """What comes through a pipe: the first run that fails is the last one."""
    while (text := source.read()) is not None:
        if not text.strip():
            continue
        try:
            _ask(conversation, source, text, json=json)
        except InterruptedRunError:
            return INTERRUPTED
    return 0


def _ask(conversation: Conversation, source: Source, text: str, *, json: bool) -> None:
    shown = None if json else Console(console=console(), steps=False)
    watcher = Watcher(source.allows, shown)
    if shown is None:
        run = conversation.say(text, watcher, heard=print_event)
    else:
        run = conversation.say(text, watcher, shown)
    if run.status != "completed":
        raise RunFailedError(run)


def _talk(conversation: Conversation, terminal: Terminal) -> None:
    print(f"Talking with {conversation.assistant.model}. /help tells what can be typed, Ctrl-D ends.\n")
    while (text := terminal.read()) is not None and text.strip() not in QUIT:
        try:
            _react(conversation, terminal, text)
        except KeyboardInterrupt:
            print("interrupted")
        print()


def _react(conversation: Conversation, terminal: Terminal, text: str) -> None:
    if not text.strip():
        return
    shown = Console(console=console(), steps=False)
    watcher = Watcher(terminal.allows, shown)
    try:
        if text.startswith("/") and not text.startswith("//"):
            obey(text, conversation)
        else:
            conversation.say(text.removeprefix("/") if text.startswith("//") else text, watcher, shown)
    except InterruptedRunError:
        pass  # the console has said so
    except AssistreamError as error:
        if not watcher.has_failed:  # else the console has said so
            print(sentence(error), file=sys.stderr)
