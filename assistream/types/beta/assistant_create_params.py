# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.inputs import (
    AutoFileChunkingStrategyParam as ToolResourcesFileSearchVectorStoreChunkingStrategyAuto,
)
from assistream.types.inputs import FileChunkingStrategyParam as ToolResourcesFileSearchVectorStoreChunkingStrategy
from assistream.types.inputs import (
    StaticFileChunkingStrategyObjectParam as ToolResourcesFileSearchVectorStoreChunkingStrategyStatic,
)
from assistream.types.inputs import (
    StaticFileChunkingStrategyParam as ToolResourcesFileSearchVectorStoreChunkingStrategyStaticStatic,
)
from assistream.types.inputs import ToolResourcesCodeInterpreterParam as ToolResourcesCodeInterpreter
from assistream.types.inputs import ToolResourcesFileSearchParam as ToolResourcesFileSearch
from assistream.types.inputs import ToolResourcesParam as ToolResources
from assistream.types.inputs import ToolResourcesVectorStoreParam as ToolResourcesFileSearchVectorStore
from assistream.types.params import AssistantCreateParams

__all__ = [
    "AssistantCreateParams",
    "ToolResources",
    "ToolResourcesCodeInterpreter",
    "ToolResourcesFileSearch",
    "ToolResourcesFileSearchVectorStore",
    "ToolResourcesFileSearchVectorStoreChunkingStrategy",
    "ToolResourcesFileSearchVectorStoreChunkingStrategyAuto",
    "ToolResourcesFileSearchVectorStoreChunkingStrategyStatic",
    "ToolResourcesFileSearchVectorStoreChunkingStrategyStaticStatic",
]
