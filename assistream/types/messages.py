"""Messages: what they hold, and the deltas that a stream builds them from."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from .assistants import AssistantTool
from .base import BaseModel, Metadata, Open, Unknown, always

MessageRole: TypeAlias = Literal["user", "assistant"] | str
MessageStatus: TypeAlias = Literal["in_progress", "incomplete", "completed"] | str
ImageDetail: TypeAlias = Literal["auto", "low", "high"] | str


class FileCitation(BaseModel):
    """The file that is cited; v1 also says the words."""

    file_id: Annotated[str, always] = ""
    quote: str | None = None
    """The words that are cited (v1)."""


class FileCitationAnnotation(BaseModel):
    """A place in the text that cites a file: `text` is the marker, found from `start_index` up to `end_index`."""

    type: Literal["file_citation"]
    text: Annotated[str, always] = ""
    """The marker in the text, to be replaced by what the program shows."""
    start_index: Annotated[int, always] = 0
    """In characters, from the beginning of the text."""
    end_index: Annotated[int, always] = 0
    file_citation: Annotated[FileCitation, always] = Field(default_factory=FileCitation)


class FilePath(BaseModel):
    """The file that was made."""

    file_id: Annotated[str, always] = ""


class FilePathAnnotation(BaseModel):
    """A place in the text that names a file made by the code interpreter."""

    type: Literal["file_path"]
    text: Annotated[str, always] = ""
    """The path in the text, to be replaced by an address the file can be had from."""
    start_index: Annotated[int, always] = 0
    """In characters, from the beginning of the text."""
    end_index: Annotated[int, always] = 0
    file_path: Annotated[FilePath, always] = Field(default_factory=FilePath)


class UnknownAnnotation(Unknown):
    """An annotation of a type not known here."""


Annotation: TypeAlias = Annotated[FileCitationAnnotation | FilePathAnnotation | UnknownAnnotation, Open()]


class Text(BaseModel):
    """Text with its annotations."""

    value: Annotated[str, always] = ""
    """What was said."""
    annotations: Annotated[list[Annotation], always] = Field(default_factory=list[Annotation])
    """Places in it that stand for files."""


class TextContentBlock(BaseModel):
    """A block of text."""

    type: Literal["text"]
    text: Annotated[Text, always] = Field(default_factory=Text)


class ImageFile(BaseModel):
    """An image by its file."""

    file_id: Annotated[str, always] = ""
    """`files.content` fetches it."""
    detail: ImageDetail | None = None
    """How much of it the model saw: "low" costs fewer tokens; None where the server does not tell."""


class ImageFileContentBlock(BaseModel):
    """A block that shows an image file."""

    type: Literal["image_file"]
    image_file: Annotated[ImageFile, always] = Field(default_factory=ImageFile)


class ImageURL(BaseModel):
    """An image by its address."""

    url: Annotated[str, always] = ""
    detail: ImageDetail | None = None


class ImageURLContentBlock(BaseModel):
    """A block that shows an image from the web."""

    type: Literal["image_url"]
    image_url: Annotated[ImageURL, always] = Field(default_factory=ImageURL)


class RefusalContentBlock(BaseModel):
    """A block in which the model declines to answer."""

    type: Literal["refusal"]
    refusal: Annotated[str, always] = ""


class UnknownContentBlock(Unknown):
    """A block of a type not known here."""


MessageContent: TypeAlias = Annotated[
    ImageFileContentBlock | ImageURLContentBlock | TextContentBlock | RefusalContentBlock | UnknownContentBlock, Open()
]


class Attachment(BaseModel):
    """A file that comes with a message, and the tools it is given to (v2)."""

    file_id: str | None = None
    tools: list[AssistantTool] | None = None
    """Which tools may use the file."""


class MessageIncompleteDetails(BaseModel):
    """Why a message was cut short."""

    reason: Annotated[
        Literal["content_filter", "max_tokens", "run_cancelled", "run_expired", "run_failed"] | str, always
    ] = ""


class Message(BaseModel):
    """A message of a thread."""

    id: str
    object: Annotated[Literal["thread.message"], always] = "thread.message"
    created_at: Annotated[int, always] = 0
    """In seconds since 1970, as all that ends in `_at`."""
    thread_id: Annotated[str, always] = ""
    status: Annotated[MessageStatus, always] = ""
    """While a run writes it "in_progress", then "completed" or "incomplete"; "" where the server does not tell (v1)."""
    incomplete_details: MessageIncompleteDetails | None = None
    """Why it was cut short; None if it was not."""
    completed_at: int | None = None
    """None if it is not completed."""
    incomplete_at: int | None = None
    """None if it was not cut short."""
    role: Annotated[MessageRole, always] = ""
    """Who says it: "user" or "assistant"."""
    content: Annotated[list[MessageContent], always] = Field(default_factory=list[MessageContent])
    """Its blocks: text, images, a refusal."""
    assistant_id: str | None = None
    """Who wrote it; None for a message that no run wrote."""
    run_id: str | None = None
    """The run that wrote it, or for which it was added; None for others."""
    attachments: list[Attachment] | None = None
    """Files, and the tools they were given to (v2)."""
    file_ids: list[str] | None = None
    """Files (v1)."""
    metadata: Metadata | None = None
    """What the program attached."""


class MessageDeleted(BaseModel):
    """The answer to deleting a message."""

    id: str
    object: Annotated[Literal["thread.message.deleted"], always] = "thread.message.deleted"
    deleted: Annotated[bool, always] = True


class MessageFile(BaseModel):
    """A file attached to a message (v1)."""

    id: str
    object: Annotated[Literal["thread.message.file"], always] = "thread.message.file"
    created_at: Annotated[int, always] = 0
    message_id: Annotated[str, always] = ""


class FileCitationDelta(BaseModel):
    """A part of a citation."""

    file_id: str | None = None
    quote: str | None = None


class FileCitationDeltaAnnotation(BaseModel):
    """A part of an annotation that cites a file; without an `index` it is a new one."""

    type: Literal["file_citation"]
    index: int | None = None
    """Which annotation of the text this is a part of."""
    text: str | None = None
    start_index: int | None = None
    end_index: int | None = None
    file_citation: FileCitationDelta | None = None


class FilePathDelta(BaseModel):
    """A part of a reference to a file."""

    file_id: str | None = None


class FilePathDeltaAnnotation(BaseModel):
    """A part of an annotation that names a file; without an `index` it is a new one."""

    type: Literal["file_path"]
    index: int | None = None
    """Which annotation of the text this is a part of."""
    text: str | None = None
    start_index: int | None = None
    end_index: int | None = None
    file_path: FilePathDelta | None = None


class UnknownDeltaAnnotation(Unknown):
    """A part of an annotation of a type not known here."""

    index: int | None = None


AnnotationDelta: TypeAlias = Annotated[
    FileCitationDeltaAnnotation | FilePathDeltaAnnotation | UnknownDeltaAnnotation, Open()
]


class TextDelta(BaseModel):
    """More text, more annotations, or both; `value` is None where only annotations came."""

    value: str | None = None
    """To be put after what there is."""
    annotations: list[AnnotationDelta] | None = None


class TextDeltaBlock(BaseModel):
    """More of the text block at `index`."""

    type: Literal["text"]
    index: Annotated[int, always] = 0
    """Which block of the message this is a part of."""
    text: TextDelta | None = None


class ImageFileDelta(BaseModel):
    """A part of an image file."""

    file_id: str | None = None
    detail: ImageDetail | None = None


class ImageFileDeltaBlock(BaseModel):
    """More of the image file block at `index`."""

    type: Literal["image_file"]
    index: Annotated[int, always] = 0
    image_file: ImageFileDelta | None = None


class ImageURLDelta(BaseModel):
    """A part of an image's address."""

    url: str | None = None
    detail: ImageDetail | None = None


class ImageURLDeltaBlock(BaseModel):
    """More of the image address block at `index`."""

    type: Literal["image_url"]
    index: Annotated[int, always] = 0
    image_url: ImageURLDelta | None = None


class RefusalDeltaBlock(BaseModel):
    """More of the refusal at `index`."""

    type: Literal["refusal"]
    index: Annotated[int, always] = 0
    refusal: str | None = None


class UnknownDeltaBlock(Unknown):
    """More of a block of a type not known here."""

    index: Annotated[int, always] = 0


MessageContentDelta: TypeAlias = Annotated[
    ImageFileDeltaBlock | TextDeltaBlock | RefusalDeltaBlock | ImageURLDeltaBlock | UnknownDeltaBlock, Open()
]


class MessageDelta(BaseModel):
    """What changed in a message."""

    role: MessageRole | None = None
    content: list[MessageContentDelta] | None = None
    """Parts of blocks, each with the `index` of its block."""


class MessageDeltaEvent(BaseModel):
    """What changed in the message with this `id`."""

    id: str
    object: Annotated[Literal["thread.message.delta"], always] = "thread.message.delta"
    delta: Annotated[MessageDelta, always] = Field(default_factory=MessageDelta)
