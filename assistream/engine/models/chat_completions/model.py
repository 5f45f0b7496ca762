"""`ChatCompletions`: a model behind a server that speaks Chat Completions."""

from __future__ import annotations

import logging
import random
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from types import TracebackType
from typing import Any, Self

import anyio

from ..base import ModelDelta, ModelRequest
from .adapting import Adapting
from .body import build
from .connection import Connection
from .failures import Failure
from .names import choose, is_pattern, mapped
from .options import Options, Reasoning, SystemRole, TokenLimit
from .payloads import Payloads
from .reading import Reading
from .retries import delay

_log = logging.getLogger("assistream.engine")


class ChatCompletions:
    """A model on any server that speaks Chat Completions: Ollama, vLLM, llama.cpp, LM Studio, LiteLLM, hosted ones.

    >>> model = ChatCompletions("http://127.0.0.1:11434/v1", "llama3.1:8b")
    >>> model = ChatCompletions("http://127.0.0.1:11434/v1", models={"gpt-4o": "llama3.1:8b", "gpt-4*": "qwen3:8b"})

    Args:
        base_url: the server, with ``/v1`` where it has that.
        model: the model that answers for all names that ``models`` does not have.
        api_key: sent as ``Authorization: Bearer``; without one, none is sent.
        models: which model answers for the name an assistant gives; a name, or a pattern with ``*``. For a name
            that neither this nor ``model`` is about, the server's own list counts: the name if it is in there, or the
            only model there is; else the run fails and says what there is.
        stream: False asks for whole answers, for servers that cannot stream. One that does not care is understood.
        system_role: what instructions are called: "system", or "developer".
        token_limit: what the limit of tokens is called: "max_tokens", which most servers know (without this, only
            OpenAI's own is told "max_completion_tokens"); a server that asks for the other name gets it.
        reasoning: "ignore" leaves out what a model thinks; "show" makes it text, between ``<think>`` and ``</think>``.
        extra_body: fields for every request, which replace ours; None leaves a field out.
        headers: for every request.
        timeout: seconds of silence after which the server is given up.
        max_retries: how often a request that was refused for a passing reason (429, 5xx, no connection) is sent
            again, if nothing of its answer was told yet. A ``Retry-After`` of up to a minute is kept.
        backoff: seconds before the first of these attempts, where the server says nothing; then twice as long.

    One instance serves any number of runs and engines. Its connections are kept for the next request, and closed by
    the engine when it stops; elsewhere, by ``aclose`` or ``async with``.

    Raises `ConfigurationError` for arguments that no server could be asked with.
    """

    def __init__(
        self,
        base_url: str,
        model: str | None = None,
        api_key: str | None = None,
        *,
        models: Mapping[str, str] | None = None,
        stream: bool = True,
        system_role: SystemRole = "system",
        token_limit: TokenLimit | None = None,
        reasoning: Reasoning = "ignore",
        extra_body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 600.0,
        max_retries: int = 2,
        backoff: float = 0.5,
    ) -> None:
        self._options = Options(
            base_url,
            model,
            api_key,
            models={} if models is None else models,
            stream=stream,
            system_role=system_role,
            token_limit=token_limit,
            reasoning=reasoning,
            extra_body={} if extra_body is None else extra_body,
            headers={} if headers is None else headers,
            timeout=timeout,
            max_retries=max_retries,
            backoff=backoff,
        )
        self._connection = Connection(self._options)
        self._adapting = Adapting()
        self._chosen: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"<ChatCompletions {self._options.model or '(its own model)'} at {self._options.place}>"

    async def generate(self, request: ModelRequest) -> AsyncGenerator[ModelDelta]:
        """Raises `ModelError` when the server cannot answer, or broke its answer off."""
        body = build(request, await self._name(request.model), self._options)
        said, retries = False, 0
        while True:
            body = self._adapting.fit(body)
            try:
                async with aclosing(self._attempt(body)) as deltas:
                    async for delta in deltas:
                        said = True
                        yield delta
                return
            except Failure as failure:
                if not said and self._adapting.learn(body, failure):
                    continue
                self._chosen.pop(request.model, None)  # the server may have other models than it had
                wait = None if said else self._wait(failure, retries)
                if wait is None:
                    raise failure.error(self._options.api_key) from failure
                _log.warning("A model server is asked again in %.1f s: %s", wait, failure)
            retries += 1
            await anyio.sleep(wait)

    async def _attempt(self, body: dict[str, Any]) -> AsyncGenerator[ModelDelta]:
        reading = Reading(show_reasoning=self._options.reasoning == "show")
        answer: list[Payloads] = []
        async with aclosing(self._connection.ask(body, answer)) as payloads:
            async for payload in payloads:
                for delta in reading.take(payload):
                    yield delta
        for delta in reading.end(done=answer[0].done):
            yield delta

    def _wait(self, failure: Failure, retries: int) -> float | None:
        """Seconds before the next attempt; None if there is to be none."""
        if not failure.passing or retries >= self._options.max_retries:
            return None
        return delay(failure.wait, retries, first=self._options.backoff, jitter=random.random())

    async def _name(self, asked: str) -> str:
        if name := mapped(asked, self._options.models, self._options.model) or self._chosen.get(asked):
            return name
        try:
            offered = await self._connection.models()
        except Failure:
            return asked  # if something is wrong, the question itself will tell
        self._chosen[asked] = name = choose(asked, offered)
        return name

    async def available(self) -> list[str]:
        """The names an assistant may give: those of the map, and what the server has. Raises `ModelError`."""
        try:
            offered = await self._connection.models()
        except Failure as failure:
            raise failure.error(self._options.api_key) from failure
        named = [name for name in self._options.models if not is_pattern(name)]
        return list(dict.fromkeys([*named, *offered]))

    async def aclose(self) -> None:
        """Close the connections of this event loop."""
        await self._connection.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()
