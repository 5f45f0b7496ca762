# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.inputs import AssistantToolParam as AdditionalMessageAttachmentTool
from assistream.types.inputs import AttachmentParam as AdditionalMessageAttachment
from assistream.types.inputs import FileSearchToolParam as AdditionalMessageAttachmentToolFileSearch
from assistream.types.inputs import MessageParam as AdditionalMessage
from assistream.types.inputs import TruncationStrategyParam as TruncationStrategy
from assistream.types.params import RunCreateParams
from assistream.types.params import RunCreateParams as RunCreateParamsBase
from assistream.types.params import RunCreateParams as RunCreateParamsNonStreaming
from assistream.types.params import RunCreateParams as RunCreateParamsStreaming

__all__ = [
    "AdditionalMessage",
    "AdditionalMessageAttachment",
    "AdditionalMessageAttachmentTool",
    "AdditionalMessageAttachmentToolFileSearch",
    "RunCreateParams",
    "RunCreateParamsBase",
    "RunCreateParamsNonStreaming",
    "RunCreateParamsStreaming",
    "TruncationStrategy",
]
