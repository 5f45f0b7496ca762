"""Which built-in tools a run has, and how its model knows them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..lifecycle import Document
from .base import BuiltIn

_log = logging.getLogger("assistream.engine")


@dataclass(frozen=True, slots=True)
class Offer:
    """The tools of one run, by the names that its model knows them by."""

    by_name: Mapping[str, BuiltIn] = field(default_factory=dict[str, BuiltIn])

    @property
    def functions(self) -> list[Document]:
        return [
            {
                "type": "function",
                "function": {"name": name, "description": tool.description, "parameters": dict(tool.parameters)},
            }
            for name, tool in self.by_name.items()
        ]

    @property
    def types(self) -> dict[str, str]:
        """What each of the names is."""
        return {name: tool.type for name, tool in self.by_name.items()}

    def name_of(self, type: str) -> str | None:
        return next((name for name, tool in self.by_name.items() if tool.type == type), None)

    async def prepare(self, run: Document) -> None:
        for tool in self.by_name.values():
            await tool.prepare(run)


NOTHING = Offer()


class Toolbox:
    """The tools that an engine has. A run may ask for one it has not: its model is then not told of it."""

    def __init__(self, tools: Iterable[BuiltIn] = ()) -> None:
        self._tools = {tool.type: tool for tool in tools}
        self._missed: set[str] = set()

    def offer(self, run: Document) -> Offer:
        functions = {tool["function"]["name"] for tool in run["tools"] if tool["type"] == "function"}
        asked = dict.fromkeys(tool["type"] for tool in run["tools"] if tool["type"] != "function")
        found = {_name(type, functions): self._tools[type] for type in asked if type in self._tools}
        self._miss(asked.keys() - self._tools.keys())
        return Offer(found)

    def forget(self, thread_id: str) -> None:
        """For a thread that is deleted."""
        for tool in self._tools.values():
            tool.forget(thread_id)

    def _miss(self, types: set[str]) -> None:
        for type in sorted(types - self._missed):
            _log.warning("Runs ask for %s, which this engine does not have: their models are not told of it", type)
        self._missed |= types


def _name(type: str, taken: set[str]) -> str:
    """The tool's type, unless a function of the run is called so."""
    name = type
    while name in taken:
        name = f"builtin_{name}"
    return name
