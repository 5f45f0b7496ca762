"""Tools: typed functions that a model calls, their schemas, arguments and results."""

from __future__ import annotations

from ..types.partial import partial_arguments
from .context import ToolContext
from .functions import FunctionTool, ToolOptions, as_tool, function_tool
from .results import render
from .structured import parsed, response_format

__all__ = [
    "FunctionTool",
    "ToolContext",
    "ToolOptions",
    "as_tool",
    "function_tool",
    "parsed",
    "partial_arguments",
    "render",
    "response_format",
]
