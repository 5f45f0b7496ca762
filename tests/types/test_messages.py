from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from assistream.types import (
    FileCitationAnnotation,
    FileCitationDeltaAnnotation,
    FilePathAnnotation,
    FilePathDeltaAnnotation,
    ImageFileContentBlock,
    ImageFileDeltaBlock,
    ImageURLContentBlock,
    ImageURLDeltaBlock,
    Message,
    MessageDeleted,
    MessageDeltaEvent,
    RefusalContentBlock,
    RefusalDeltaBlock,
    TextContentBlock,
    TextDeltaBlock,
    UnknownAnnotation,
    UnknownContentBlock,
    UnknownDeltaAnnotation,
    UnknownDeltaBlock,
)

from .recorded import documents, lossless

BLOCKS: list[tuple[type, type, dict[str, Any]]] = [
    (TextContentBlock, TextDeltaBlock, {"type": "text", "text": {"value": "Hello", "annotations": []}}),
    (ImageFileContentBlock, ImageFileDeltaBlock, {"type": "image_file", "image_file": {"file_id": "file_1"}}),
    (ImageURLContentBlock, ImageURLDeltaBlock, {"type": "image_url", "image_url": {"url": "u", "detail": "huge"}}),
    (RefusalContentBlock, RefusalDeltaBlock, {"type": "refusal", "refusal": "No."}),
    (UnknownContentBlock, UnknownDeltaBlock, {"type": "audio", "audio": {"file_id": "file_1"}}),
]
ANNOTATIONS: list[tuple[type, type, dict[str, Any]]] = [
    (FileCitationAnnotation, FileCitationDeltaAnnotation, {"type": "file_citation", "file_citation": {"quote": "q"}}),
    (FilePathAnnotation, FilePathDeltaAnnotation, {"type": "file_path", "file_path": {"file_id": "file_1"}}),
    (UnknownAnnotation, UnknownDeltaAnnotation, {"type": "url_citation", "url": "u"}),
]


def message(**fields: Any) -> Message:
    read = lossless(Message, json.dumps({"id": "msg_1"} | fields))
    assert isinstance(read, Message)
    return read


def delta(*content: dict[str, Any]) -> MessageDeltaEvent:
    read = lossless(MessageDeltaEvent, json.dumps({"id": "msg_1", "delta": {"content": content}}))
    assert isinstance(read, MessageDeltaEvent)
    return read


@pytest.mark.parametrize("path", documents("thread.message"))
def test_recorded_messages(path: Path) -> None:
    assert lossless(Message, path.read_bytes()).content


@pytest.mark.parametrize("path", documents("thread.message.deleted"))
def test_recorded_deletions(path: Path) -> None:
    assert lossless(MessageDeleted, path.read_bytes()).deleted is True


def test_a_bare_message() -> None:
    read = message()
    assert (read.object, read.status, read.role, read.content) == ("thread.message", "", "", [])
    assert (read.attachments, read.file_ids, read.run_id) == (None, None, None)


def test_unknown_words_are_kept() -> None:
    read = message(status="paused", role="tool", incomplete_details={"reason": "bored"})
    assert (read.status, read.role) == ("paused", "tool")
    assert read.incomplete_details
    assert read.incomplete_details.reason == "bored"


@pytest.mark.parametrize(("whole", "part", "sent"), BLOCKS)
def test_each_kind_of_block(whole: type, part: type, sent: dict[str, Any]) -> None:
    assert type(message(content=[sent]).content[0]) is whole
    for sent_delta in (sent, {"index": 2} | sent):
        content = delta(sent_delta).delta.content
        assert content
        assert type(content[0]) is part
        assert content[0].index == sent_delta.get("index", 0)


@pytest.mark.parametrize(("whole", "part", "sent"), ANNOTATIONS)
def test_each_kind_of_annotation(whole: type, part: type, sent: dict[str, Any]) -> None:
    [block] = message(content=[{"type": "text", "text": {"value": "", "annotations": [sent]}}]).content
    assert isinstance(block, TextContentBlock)
    assert type(block.text.annotations[0]) is whole
    for sent_delta in (sent, {"index": 2} | sent):
        content = delta({"type": "text", "text": {"annotations": [sent_delta]}}).delta.content
        assert content
        assert isinstance(content[0], TextDeltaBlock)
        assert content[0].text
        assert content[0].text.annotations
        assert type(content[0].text.annotations[0]) is part
        assert content[0].text.annotations[0].index == sent_delta.get("index")


def test_blocks_and_annotations_without_their_content() -> None:
    sent = {"id": "msg_1", "content": [{"type": "text"}, {"type": "image_file", "image_file": None}]}
    [text, image] = Message.model_validate_json(json.dumps(sent)).content
    assert isinstance(text, TextContentBlock)
    assert (text.text.value, text.text.annotations) == ("", [])
    assert isinstance(image, ImageFileContentBlock)
    assert image.image_file.file_id == ""


def test_a_delta_may_say_nothing() -> None:
    assert delta().delta.content == []
    bare = MessageDeltaEvent.model_validate_json('{"id": "msg_1"}')
    assert (bare.object, bare.delta.content, bare.delta.role) == ("thread.message.delta", None, None)
    [block] = delta({"type": "text", "text": {"annotations": []}}).delta.content or []
    assert isinstance(block, TextDeltaBlock)
    assert block.text
    assert block.text.value is None


def test_broken_content_is_an_error() -> None:
    with pytest.raises(ValidationError, match=r"content\.0"):
        delta({"type": "text", "text": "Hello"})


def test_attachments_and_v1_files() -> None:
    read = message(file_ids=["file_1"], attachments=[{"file_id": "file_1", "tools": [{"type": "code_interpreter"}]}])
    assert read.file_ids == ["file_1"]
    assert read.attachments
    assert read.attachments[0].tools
    assert read.attachments[0].tools[0].type == "code_interpreter"
