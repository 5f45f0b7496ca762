"""From the command's options to a conversation."""

from __future__ import annotations

import shlex
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ...client import Client
from ...errors import APIError, ConfigurationError
from ...types import Assistant
from ..connecting import address, connected, embedded
from ..loading import REHEARSAL, load_model, model_behind
from .conversation import Conversation
from .functions import load_functions

__all__ = ["Options", "opened"]


@dataclass(frozen=True)
class Options:
    """What was said on the command line."""

    base_url: str | None
    api_key: str | None
    path: Path | None
    model_url: str | None
    model: str | None
    key_variable: str | None
    assistant: str | None
    instructions: str | None
    tools: list[str]

    @property
    def is_remote(self) -> bool:
        """Whether there is another server than the embedded one."""
        if self.path is not None or self.model_url is not None:
            return self.base_url is not None
        return address(self.base_url) is not None

    def check(self) -> None:
        """Raises `ConfigurationError` for what does not go together."""
        for other, given in (("--path", self.path), ("--model-url", self.model_url)):
            if self.base_url is not None and given is not None:
                raise ConfigurationError(f"{other} is for the embedded server, and --base-url for another one.")
        if self.is_remote and self.model is None and self.assistant is None:
            raise ConfigurationError("Which model, or which assistant? Give --model NAME or --assistant ID.")
        if self.key_variable is not None and self.model_url is None:
            raise ConfigurationError("--model-key is the key for --model-url: give both.")

    def again(self) -> str:
        """The command that finds this chat's threads again; empty if they will be gone."""
        if self.is_remote:
            given = ["--base-url", self.base_url] if self.base_url else []
        elif self.path is not None:
            given = ["--path", str(self.path)]
        else:
            return ""
        return shlex.join(["assistream", "chat", *given])


@contextmanager
def opened(options: Options) -> Generator[Conversation]:
    """A conversation; an assistant that was made for it is deleted at its end."""
    options.check()
    functions = load_functions(options.tools)
    with _client(options) as client:
        assistants = client.beta.assistants
        if options.assistant is not None:
            assistant = assistants.retrieve(options.assistant)
            yield Conversation(client, assistant, functions, model=options.model, instructions=options.instructions)
            return
        assistant = _made(client, options)
        try:
            yield Conversation(client, assistant, functions)
        finally:
            with suppress(APIError):
                assistants.delete(assistant.id)


def _made(client: Client, options: Options) -> Assistant:
    model = options.model or REHEARSAL
    return client.beta.assistants.create(model=model, name="assistream chat", instructions=options.instructions)


def _client(options: Options) -> AbstractContextManager[Client]:
    if options.is_remote:
        return connected(options.base_url, options.api_key, None)
    if options.model_url is not None:
        model: object = model_behind(options.model_url, options.model, options.key_variable)
    else:
        model = load_model(options.model or REHEARSAL)
    return embedded(options.path or ":memory:", model)
