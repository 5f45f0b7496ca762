"""The embedded Assistants server: ``with Engine() as engine: ...``, on SQLite and any model."""

from __future__ import annotations

from importlib.util import find_spec

_needed = {"aiosqlite", "greenlet", "prometheus_client", "python_multipart", "sqlalchemy", "starlette", "uvicorn"}
_absent = sorted(name for name in _needed if not find_spec(name))
if _absent:
    raise ImportError(f'The embedded engine needs {", ".join(_absent)}: pip install "assistream[engine]"')

from .embeddings import Embeddings  # noqa: E402 -- as below
from .engine import Engine  # noqa: E402 -- as below
from .interpreter import CodeInterpreter  # noqa: E402 -- as below
from .models import (  # noqa: E402 -- what is absent is to be said before something fails for it
    ChatCompletions,
    Model,
    ModelError,
    ModelRequest,
    Rehearsal,
    Scripted,
    as_model,
    breaks_off,
    call,
    calls,
    crashes,
    fails,
    pauses,
    refuses,
    says,
    uses,
    waits_for,
)
from .webhooks import Webhook  # noqa: E402 -- as above

__all__ = [
    "ChatCompletions",
    "CodeInterpreter",
    "Embeddings",
    "Engine",
    "Model",
    "ModelError",
    "ModelRequest",
    "Rehearsal",
    "Scripted",
    "Webhook",
    "as_model",
    "breaks_off",
    "call",
    "calls",
    "crashes",
    "fails",
    "pauses",
    "refuses",
    "says",
    "uses",
    "waits_for",
]
