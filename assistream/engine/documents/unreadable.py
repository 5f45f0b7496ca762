"""Why a document was not read."""

from __future__ import annotations

from typing import Literal, TypeAlias

Code: TypeAlias = Literal["unsupported_file", "invalid_file", "server_error"]


class Unreadable(Exception):
    """A document that cannot be read: what a vector store's file says of it as its ``last_error``."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code: Code = code
        self.message = message
