"""The models that a command line names, and what ``MODULE:NAME`` on it means."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, cast

from ..errors import ConfigurationError

if TYPE_CHECKING:
    from ..engine import ChatCompletions, Embeddings, Model
    from ..engine.embeddings import EmbeddingFunction
    from ..engine.models import ModelFunction

__all__ = ["EMBEDDINGS_KEY", "MODEL_KEY", "REHEARSAL", "load", "load_embeddings", "load_model", "model_behind"]

REHEARSAL = "rehearsal"
MODEL_KEY = "ASSISTREAM_MODEL_API_KEY"
"""The environment variable with the key of a model server, where no other is named."""
EMBEDDINGS_KEY = "ASSISTREAM_EMBEDDINGS_API_KEY"
"""The same for an embeddings server."""


def load(spec: str, kind: str, what: str) -> Any:
    """The object, found from the current directory too; ConfigurationError says what a `kind` is if there is none."""
    module, _, name = spec.partition(":")
    if not (module and name):
        raise ConfigurationError(f"There is no {kind} {spec!r}: it is {what}.")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        loaded = import_module(module)
    except Exception as error:  # the module is the user's, and may raise anything
        raise ConfigurationError(f"The {kind} {spec!r} cannot be loaded: {_in_one_line(error)}.") from error
    if not hasattr(loaded, name):
        raise ConfigurationError(f"The {kind} {spec!r} cannot be loaded: {module!r} has no {name!r}.")
    return getattr(loaded, name)


def load_model(spec: str) -> Model | ModelFunction | None:
    """A model of the user's; None for the one that is built in."""
    if spec == REHEARSAL:
        return None
    found = load(spec, "model", f"{REHEARSAL}, or MODULE:NAME, or with --model-url a server's")
    if isinstance(found, type) or not (callable(found) or hasattr(found, "generate")):
        raise ConfigurationError(f"{spec!r} is no model: it needs a method `generate`, or to be an async function.")
    return cast("Model | ModelFunction", found)  # what else it must be, only its answers can show


def model_behind(url: str, model: str | None, key_variable: str | None) -> ChatCompletions:
    """A model of a server that speaks Chat Completions; the one that assistants name if none is given."""
    key = _key(key_variable, MODEL_KEY)
    try:
        from ..engine import ChatCompletions
    except ImportError as error:
        raise ConfigurationError(str(error)) from error
    return ChatCompletions(url, model, key)


def load_embeddings(url: str, model: str, key_variable: str | None) -> Embeddings | EmbeddingFunction | None:
    """A server's model, or without a server a function of the user's; None where neither is wanted."""
    if not url:
        found: Any = load(model, "function for embeddings", "MODULE:NAME, or a server's model") if model else None
        return cast("EmbeddingFunction | None", found)
    if not model:
        raise ConfigurationError("--embeddings-url needs --embeddings-model, the name of a model there.")
    try:
        from ..engine import Embeddings
    except ImportError as error:
        raise ConfigurationError(str(error)) from error
    return Embeddings(url, model, _key(key_variable, EMBEDDINGS_KEY))


def _key(variable: str | None, default: str) -> str | None:
    """What the environment has there. A variable that was named must have something."""
    key = os.environ.get(variable or default) or None
    if variable and not key:
        raise ConfigurationError(f"There is no key in the environment variable {variable}.")
    return key


def _in_one_line(error: Exception) -> str:
    """What went wrong, and the line of the user's module at which; a SyntaxError and a missing module tell it all."""
    if isinstance(error, ModuleNotFoundError | SyntaxError):
        return " ".join(str(error).split())
    frames = [frame for frame in extract_tb(error.__traceback__) if not frame.filename.startswith("<")]
    # The first two are this file and importlib.
    place = f" ({frames[-1].filename}, line {frames[-1].lineno})" if len(frames) > 2 else ""
    return " ".join(f"{type(error).__name__}: {error}{place}".split())
