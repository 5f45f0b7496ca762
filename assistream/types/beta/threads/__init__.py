# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from typing import TYPE_CHECKING

from assistream._lazy import submodules
from assistream.types.inputs import (
    ImageFileContentBlockParam,
    ImageFileParam,
    ImageURLContentBlockParam,
    ImageURLParam,
    MessageContentPartParam,
    TextContentBlockParam,
)
from assistream.types.messages import (
    Annotation,
    AnnotationDelta,
    FileCitationAnnotation,
    FileCitationDeltaAnnotation,
    FilePathAnnotation,
    FilePathDeltaAnnotation,
    ImageFile,
    ImageFileContentBlock,
    ImageFileDelta,
    ImageFileDeltaBlock,
    ImageURL,
    ImageURLContentBlock,
    ImageURLDelta,
    ImageURLDeltaBlock,
    Message,
    MessageContent,
    MessageContentDelta,
    MessageDeleted,
    MessageDelta,
    MessageDeltaEvent,
    RefusalContentBlock,
    RefusalDeltaBlock,
    Text,
    TextContentBlock,
    TextDelta,
    TextDeltaBlock,
)
from assistream.types.params import (
    MessageCreateParams,
    MessageListParams,
    MessageUpdateParams,
    RunCreateParams,
    RunListParams,
    RunSubmitToolOutputsParams,
    RunUpdateParams,
)
from assistream.types.runs import RequiredActionFunctionToolCall, Run, RunStatus

if TYPE_CHECKING:
    from . import annotation as annotation
    from . import annotation_delta as annotation_delta
    from . import file_citation_annotation as file_citation_annotation
    from . import file_citation_delta_annotation as file_citation_delta_annotation
    from . import file_path_annotation as file_path_annotation
    from . import file_path_delta_annotation as file_path_delta_annotation
    from . import image_file as image_file
    from . import image_file_content_block as image_file_content_block
    from . import image_file_content_block_param as image_file_content_block_param
    from . import image_file_delta as image_file_delta
    from . import image_file_delta_block as image_file_delta_block
    from . import image_file_param as image_file_param
    from . import image_url as image_url
    from . import image_url_content_block as image_url_content_block
    from . import image_url_content_block_param as image_url_content_block_param
    from . import image_url_delta as image_url_delta
    from . import image_url_delta_block as image_url_delta_block
    from . import image_url_param as image_url_param
    from . import message as message
    from . import message_content as message_content
    from . import message_content_delta as message_content_delta
    from . import message_content_part_param as message_content_part_param
    from . import message_create_params as message_create_params
    from . import message_deleted as message_deleted
    from . import message_delta as message_delta
    from . import message_delta_event as message_delta_event
    from . import message_list_params as message_list_params
    from . import message_update_params as message_update_params
    from . import messages as messages
    from . import refusal_content_block as refusal_content_block
    from . import refusal_delta_block as refusal_delta_block
    from . import required_action_function_tool_call as required_action_function_tool_call
    from . import run as run
    from . import run_create_params as run_create_params
    from . import run_list_params as run_list_params
    from . import run_status as run_status
    from . import run_submit_tool_outputs_params as run_submit_tool_outputs_params
    from . import run_update_params as run_update_params
    from . import runs as runs
    from . import text as text
    from . import text_content_block as text_content_block
    from . import text_content_block_param as text_content_block_param
    from . import text_delta as text_delta
    from . import text_delta_block as text_delta_block
else:
    __getattr__ = submodules(__name__)

__all__ = [
    "Annotation",
    "AnnotationDelta",
    "FileCitationAnnotation",
    "FileCitationDeltaAnnotation",
    "FilePathAnnotation",
    "FilePathDeltaAnnotation",
    "ImageFile",
    "ImageFileContentBlock",
    "ImageFileContentBlockParam",
    "ImageFileDelta",
    "ImageFileDeltaBlock",
    "ImageFileParam",
    "ImageURL",
    "ImageURLContentBlock",
    "ImageURLContentBlockParam",
    "ImageURLDelta",
    "ImageURLDeltaBlock",
    "ImageURLParam",
    "Message",
    "MessageContent",
    "MessageContentDelta",
    "MessageContentPartParam",
    "MessageCreateParams",
    "MessageDeleted",
    "MessageDelta",
    "MessageDeltaEvent",
    "MessageListParams",
    "MessageUpdateParams",
    "RefusalContentBlock",
    "RefusalDeltaBlock",
    "RequiredActionFunctionToolCall",
    "Run",
    "RunCreateParams",
    "RunListParams",
    "RunStatus",
    "RunSubmitToolOutputsParams",
    "RunUpdateParams",
    "Text",
    "TextContentBlock",
    "TextContentBlockParam",
    "TextDelta",
    "TextDeltaBlock",
]
