"""The engine's own OpenAPI document, made from its routes and from the types it checks and answers with."""

from .document import document

__all__ = ["document"]
