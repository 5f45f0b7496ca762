# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.inputs import AssistantToolParam as ThreadMessageAttachmentTool
from assistream.types.inputs import AssistantToolParam as Tool
from assistream.types.inputs import AttachmentParam as ThreadMessageAttachment
from assistream.types.inputs import (
    AutoFileChunkingStrategyParam as ThreadToolResourcesFileSearchVectorStoreChunkingStrategyAuto,
)
from assistream.types.inputs import (
    FileChunkingStrategyParam as ThreadToolResourcesFileSearchVectorStoreChunkingStrategy,
)
from assistream.types.inputs import FileSearchToolParam as ThreadMessageAttachmentToolFileSearch
from assistream.types.inputs import MessageParam as ThreadMessage
from assistream.types.inputs import (
    StaticFileChunkingStrategyObjectParam as ThreadToolResourcesFileSearchVectorStoreChunkingStrategyStatic,
)
from assistream.types.inputs import (
    StaticFileChunkingStrategyParam as ThreadToolResourcesFileSearchVectorStoreChunkingStrategyStaticStatic,
)
from assistream.types.inputs import ThreadParam as Thread
from assistream.types.inputs import ToolResourcesCodeInterpreterParam as ThreadToolResourcesCodeInterpreter
from assistream.types.inputs import ToolResourcesCodeInterpreterParam as ToolResourcesCodeInterpreter
from assistream.types.inputs import ToolResourcesFileSearchParam as ThreadToolResourcesFileSearch
from assistream.types.inputs import ToolResourcesFileSearchParam as ToolResourcesFileSearch
from assistream.types.inputs import ToolResourcesParam as ThreadToolResources
from assistream.types.inputs import ToolResourcesParam as ToolResources
from assistream.types.inputs import ToolResourcesVectorStoreParam as ThreadToolResourcesFileSearchVectorStore
from assistream.types.inputs import TruncationStrategyParam as TruncationStrategy
from assistream.types.params import ThreadCreateAndRunParams
from assistream.types.params import ThreadCreateAndRunParams as ThreadCreateAndRunParamsBase
from assistream.types.params import ThreadCreateAndRunParams as ThreadCreateAndRunParamsNonStreaming
from assistream.types.params import ThreadCreateAndRunParams as ThreadCreateAndRunParamsStreaming

__all__ = [
    "Thread",
    "ThreadCreateAndRunParams",
    "ThreadCreateAndRunParamsBase",
    "ThreadCreateAndRunParamsNonStreaming",
    "ThreadCreateAndRunParamsStreaming",
    "ThreadMessage",
    "ThreadMessageAttachment",
    "ThreadMessageAttachmentTool",
    "ThreadMessageAttachmentToolFileSearch",
    "ThreadToolResources",
    "ThreadToolResourcesCodeInterpreter",
    "ThreadToolResourcesFileSearch",
    "ThreadToolResourcesFileSearchVectorStore",
    "ThreadToolResourcesFileSearchVectorStoreChunkingStrategy",
    "ThreadToolResourcesFileSearchVectorStoreChunkingStrategyAuto",
    "ThreadToolResourcesFileSearchVectorStoreChunkingStrategyStatic",
    "ThreadToolResourcesFileSearchVectorStoreChunkingStrategyStaticStatic",
    "Tool",
    "ToolResources",
    "ToolResourcesCodeInterpreter",
    "ToolResourcesFileSearch",
    "TruncationStrategy",
]
