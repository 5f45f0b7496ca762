"""What makes vectors of texts, so that file search finds meanings and not only words: a server, or a function."""

from __future__ import annotations

import inspect
import json
import logging
import math
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any, Protocol, TypeAlias, cast, runtime_checkable

import anyio

from ..errors import ConfigurationError
from .models.chat_completions.connection import Connection
from .models.chat_completions.failures import Failure
from .models.chat_completions.options import Options
from .models.chat_completions.retries import delay

_log = logging.getLogger("assistream.engine")

BATCH = 64
"""Texts of one request."""
_LARGEST = 64 * 1024 * 1024
"""Bytes of an answer: 64 vectors of 4096 numbers are some 5 MB."""

_REFUSED_TEXTS = (400, 413, 422)
"""Statuses by which servers say that texts are too long, or not to their liking."""

Vector: TypeAlias = Sequence[float]
EmbeddingFunction: TypeAlias = Callable[[Sequence[str]], Awaitable[Sequence[Vector]]]


class EmbeddingError(Exception):
    """There are no vectors for these texts. The message is for who looks after the engine.

    ``of_texts`` says that the server works, and refused these.
    """

    def __init__(self, message: str, *, of_texts: bool = False) -> None:
        super().__init__(message)
        self.of_texts: bool = of_texts


@runtime_checkable
class Embedder(Protocol):
    """Makes vectors: one for each text, in their order. ``name`` says whose they are: others cannot be compared."""

    @property
    def name(self) -> str: ...

    async def embed(self, texts: Sequence[str]) -> Sequence[Vector]: ...


class Embeddings:
    """Vectors from any server with ``/v1/embeddings``: Ollama, vLLM, llama.cpp, LM Studio, LiteLLM, hosted ones.

    >>> embeddings = Embeddings("http://127.0.0.1:11434/v1", "nomic-embed-text")

    Args:
        base_url: the server, with ``/v1`` where it has that.
        model: the name of the model there.
        api_key: sent as ``Authorization: Bearer``; without one, none is sent.
        dimensions: how many numbers a vector shall have, for models that let one choose.
        headers: for every request.
        timeout: seconds of silence after which the server is given up.
        max_retries: how often a request that was refused for a passing reason (429, 5xx, no connection) is sent again.
        backoff: seconds before the first of these attempts, where the server says nothing; then twice as long.

    Raises `ConfigurationError` for arguments that no server could be asked with.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str | None = None,
        *,
        dimensions: int | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 60.0,
        max_retries: int = 4,
        backoff: float = 0.5,
    ) -> None:
        if not isinstance(cast("object", model), str) or not model:
            raise ConfigurationError(f"Embeddings need the name of a model on the server, and {model!r} is none.")
        if dimensions is not None and (not isinstance(cast("object", dimensions), int) or dimensions < 1):
            raise ConfigurationError(f"The dimensions of embeddings must be an int above 0, not {dimensions!r}.")
        self._options = Options(
            _root(base_url),
            model,
            api_key,
            headers={} if headers is None else headers,
            timeout=timeout,
            max_retries=max_retries,
            backoff=backoff,
        )
        self._model, self._dimensions = model, dimensions
        self._connection = Connection(self._options, "embeddings server")

    def __repr__(self) -> str:
        return f"<Embeddings {self._model} at {self._options.place}>"

    @property
    def name(self) -> str:
        return f"{self._model}:{self._dimensions}" if self._dimensions else self._model

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Raises `EmbeddingError` when the server cannot, or what it answers is not one vector for each text."""
        found: list[Vector] = []
        for start in range(0, len(texts), BATCH):
            found += await self._batch(texts[start : start + BATCH])
        return found

    async def _batch(self, texts: Sequence[str]) -> list[Vector]:
        body: dict[str, Any] = {"model": self._model, "input": list(texts)}
        if self._dimensions:
            body["dimensions"] = self._dimensions
        retries = 0
        while True:
            try:
                return _read(await self._connection.whole("embeddings", body, _LARGEST))
            except Failure as failure:
                wait = delay(failure.wait, retries, first=self._options.backoff, jitter=random.random())
                if not failure.passing or retries >= self._options.max_retries or wait is None:
                    message = failure.error(self._options.api_key).message
                    raise EmbeddingError(message, of_texts=failure.status in _REFUSED_TEXTS) from failure
                _log.warning("An embeddings server is asked again in %.1f s: %s", wait, failure)
            retries += 1
            await anyio.sleep(wait)

    async def aclose(self) -> None:
        """Close the connections of this event loop."""
        await self._connection.aclose()


def _root(base_url: Any) -> Any:
    """Who gives the address of the endpoint itself means the server."""
    return base_url.rstrip("/").removesuffix("/embeddings") if isinstance(base_url, str) else base_url


def _read(said: bytes) -> list[Vector]:
    try:
        data = json.loads(said)["data"]
        return [each["embedding"] for each in sorted(data, key=lambda each: each.get("index", 0))]
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        raise EmbeddingError("The embeddings server answered with something that has no vectors.") from None


class _Function:
    """An async function from texts to vectors."""

    def __init__(self, function: EmbeddingFunction) -> None:
        self._function = function

    @property
    def name(self) -> str:
        return f"function {getattr(self._function, '__qualname__', type(self._function).__qualname__)}"

    async def embed(self, texts: Sequence[str]) -> Sequence[Vector]:
        return await self._function(texts)


def as_embedder(given: Embedder | EmbeddingFunction | None) -> Embedder | None:
    """Raises `ConfigurationError` for what makes no vectors, or when there is nothing to compare them with."""
    if given is None:
        return None
    if not find_spec("numpy"):
        raise ConfigurationError('Embeddings need numpy: pip install "assistream[embeddings]"')
    if not isinstance(given, type) and isinstance(given, Embedder):
        return given
    if isinstance(given, type) or not _is_async(given):
        raise ConfigurationError(
            "The engine's embeddings must be Embeddings(base_url, model), or an async function from texts to vectors,"
            f" and {given!r} is neither."
        )
    return _Function(given)


def _is_async(given: object) -> bool:
    """A coroutine function, or an object that is called like one."""
    return any(inspect.iscoroutinefunction(each) for each in (given, getattr(type(given), "__call__", None)))  # noqa: B004 -- to look at, not to call


async def vectors(embedder: Embedder, texts: Sequence[str]) -> list[Vector]:
    """One for each text, all of one length and of numbers; `EmbeddingError` for everything else that can happen."""
    try:
        found = await embedder.embed(texts)
    except EmbeddingError:
        raise
    except Exception as error:  # the function is the user's, and may raise anything
        _log.exception("The embeddings failed")
        raise EmbeddingError(f"The embeddings failed: {type(error).__name__}: {error}") from error
    return _checked(found, len(texts))


def _checked(given: Any, wanted: int) -> list[Vector]:
    """Servers and functions may have given anything."""
    try:
        found: list[Vector] = list(given)
        lengths = {len(vector) for vector in found}
        are_finite = all(math.isfinite(number) for vector in found for number in vector)
    except (TypeError, ValueError, OverflowError):
        raise EmbeddingError("The vectors of texts must be lists of finite numbers.") from None
    if len(found) != wanted:
        raise EmbeddingError(f"There are {len(found)} vectors for {wanted} texts.")
    if len(lengths) != 1 or 0 in lengths:
        raise EmbeddingError("The vectors of texts must have the same length, and be of one number at least.")
    if not are_finite:
        raise EmbeddingError("The vectors of texts must be lists of finite numbers.")
    return found
