"""A model behind a server that speaks Chat Completions."""

from .model import ChatCompletions

__all__ = ["ChatCompletions"]
