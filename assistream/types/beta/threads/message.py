# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.assistants import AssistantTool as AttachmentTool
from assistream.types.assistants import FileSearchTool as AttachmentToolAssistantToolsFileSearchTypeOnly
from assistream.types.messages import Attachment, Message
from assistream.types.messages import MessageIncompleteDetails as IncompleteDetails

__all__ = [
    "Attachment",
    "AttachmentTool",
    "AttachmentToolAssistantToolsFileSearchTypeOnly",
    "IncompleteDetails",
    "Message",
]
