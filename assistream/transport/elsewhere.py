"""What the reference client has and this one has not: who asks for it is told so, or given it by who has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

ELSEWHERE = frozenset(
    "admin agents audio batches chat chatkit completions containers content_provenance_checks conversations decisions"
    " embeddings evals fine_tuning images live moderations realtime responses safety skills uploads videos webhooks"
    "".split()
)
"""The names of it, on a client and on its `beta`."""

NOT_HERE = (
    ": assistream is for assistants, threads, runs, files and vector stores. For `{}` use the package openai, beside "
    "assistream or through assistream.compat.install()."
)

lender: Callable[[Any, str], Any] | None = None
"""Asked for it, by the transport of a client and a dotted path from the client; `assistream.compat.install` puts
itself here. Without a transport it is asked for what the package has not."""


def missing(owner: str, name: str) -> AttributeError:
    """The error for an attribute that is not there."""
    return AttributeError(f"{owner} has no attribute {name!r}" + (NOT_HERE.format(name) if name in ELSEWHERE else ""))


class Incomplete:
    """A client, or a view of one, of which the reference client has more."""

    _place: ClassVar[str] = ""
    """Where on the client it is: a path that ends in a dot."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if lender is None or name not in ELSEWHERE:
                raise missing(f"{type(self).__name__!r} object", name)
            return lender(self._transport, self._place + name)
