"""Where messages come from: a terminal, with editing and history, or a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from ...errors import ConfigurationError
from ...recording.words import clean
from ...types import PendingCall

if TYPE_CHECKING:
    from prompt_toolkit.history import History
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

__all__ = ["Pipe", "Source", "Terminal", "default_history"]

NOBODY: Final = "This call needs an approval, and there is nobody who could give it."


class Source(Protocol):
    """Where messages come from."""

    def read(self) -> str | None:
        """The next message; None if there are no more."""
        ...

    def allows(self, call: PendingCall) -> bool | str:
        """Whether a call may be performed; a text is why not."""
        ...


def default_history() -> Path:
    """Where what was typed is kept."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "assistream" / "history"


class Pipe:
    """Each line is a message, or all of them are one; a backslash at its end joins a line with the next."""

    def __init__(self, lines: Iterable[str], *, whole: bool = False) -> None:
        self._messages = _whole(lines) if whole else _joined(lines)

    def read(self) -> str | None:
        try:
            text = next(self._messages, None)
            (text or "").encode()  # in some locales, what cannot be decoded arrives as surrogates
        except (UnicodeDecodeError, UnicodeEncodeError) as error:
            raise ConfigurationError(f"Standard input is no text in {error.encoding.upper()}.") from error
        return text

    def allows(self, call: PendingCall) -> bool | str:
        return NOBODY


def _whole(lines: Iterable[str]) -> Iterator[str]:
    yield "".join(lines)


def _joined(lines: Iterable[str]) -> Iterator[str]:
    message = ""
    for line in lines:
        message += line.rstrip("\r\n")
        if message.endswith("\\"):
            message = message[:-1] + "\n"
            continue
        yield message
        message = ""
    if message:
        yield message


class Terminal:
    """A line that can be edited, with what was typed before, here and in the file `history`."""

    def __init__(self, history: Path, commands: Iterable[str]) -> None:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.completion import WordCompleter

        self._session = PromptSession[str](
            [("bold ansiblue", "> ")],
            history=_kept(history),
            multiline=True,
            key_bindings=_keys(),
            prompt_continuation="  ",
            completer=WordCompleter([*commands], sentence=True),
            complete_while_typing=False,
        )

    def read(self) -> str | None:
        while True:
            try:
                return self._session.prompt()
            except KeyboardInterrupt:
                continue
            except EOFError:
                return None

    def allows(self, call: PendingCall) -> bool | str:
        from prompt_toolkit import prompt

        _forget_what_was_typed()
        try:
            answer = prompt([("bold ansiyellow", f"  allow {clean(call.name)}? "), ("", "[y/N/why not] ")]).strip()
        except EOFError:
            return False
        if answer.lower() in ("", "n", "no"):
            return False
        return answer.lower() in ("y", "yes") or answer


def _forget_what_was_typed() -> None:
    """Nobody can have answered a question that was not asked yet."""
    from prompt_toolkit.application import get_app_session
    from prompt_toolkit.input.typeahead import clear_typeahead

    clear_typeahead(get_app_session().input)
    with suppress(ImportError):  # Windows has no such thing
        from termios import TCIFLUSH, tcflush

        tcflush(sys.stdin, TCIFLUSH)


def _kept(path: Path) -> History:
    """The history in a file that nobody else may read; only in memory if there can be no such file."""
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as error:
        print(f"assistream: what you type is not kept: {error}", file=sys.stderr)
        return InMemoryHistory()
    return FileHistory(path)


def _keys() -> KeyBindings:
    """Enter sends, unless a backslash stands before it; Alt-Enter begins a new line."""
    from prompt_toolkit.key_binding import KeyBindings

    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.document.text_before_cursor.endswith("\\"):
            buffer.delete_before_cursor()
            buffer.insert_text("\n")
        else:
            buffer.validate_and_handle()

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return keys
