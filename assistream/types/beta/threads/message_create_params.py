# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.inputs import AssistantToolParam as AttachmentTool
from assistream.types.inputs import AttachmentParam as Attachment
from assistream.types.inputs import FileSearchToolParam as AttachmentToolFileSearch
from assistream.types.params import MessageCreateParams

__all__ = ["Attachment", "AttachmentTool", "AttachmentToolFileSearch", "MessageCreateParams"]
