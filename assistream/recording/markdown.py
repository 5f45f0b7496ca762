"""A story as Markdown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from ..types import (
    FileCitationAnnotation,
    FilePathAnnotation,
    ImageFileContentBlock,
    ImageURLContentBlock,
    Message,
    MessageContent,
    RefusalContentBlock,
    Text,
    TextContentBlock,
)
from .story import Called, Entry, Story
from .words import clean, language, reason, results, summary, title, waiting, why_incomplete, written

__all__ = ["markdown", "write_markdown"]


def markdown(story: Story) -> str:
    """The whole story. The text of messages stands as the model wrote it; what programs and servers said is fenced.

    It can be printed: nothing is left in it that a terminal obeys.
    """
    parts = [part for entry in story.entries for part in _entry(entry)]
    return clean("\n\n".join([*parts, *_outcome(story)])) + "\n"


def write_markdown(path: str | os.PathLike[str], story: Story) -> None:
    """A file of it, in place of one that exists."""
    Path(path).write_text(markdown(story), encoding="utf-8", errors="replace", newline="\n")


def _entry(entry: Entry) -> Iterator[str]:
    return _called(entry) if isinstance(entry, Called) else _said(entry.message)


def _said(message: Message) -> Iterator[str]:
    yield f"**{message.role or 'assistant'}**"
    for block in message.content:
        yield from _block(block)
    if message.status == "incomplete":
        yield f"*The message is incomplete: {_inline(why_incomplete(message))}*"


def _block(block: MessageContent) -> Iterator[str]:
    match block:
        case TextContentBlock(text=text):
            yield text.value
            yield from _citations(text)
        case ImageFileContentBlock(image_file=image):
            yield f"*Image: file {_code(image.file_id)}*"
        case ImageURLContentBlock(image_url=image):
            yield f"*Image: {_code(image.url)}*"
        case RefusalContentBlock(refusal=refusal):
            yield f"*Refused:* {refusal}"
        case _:
            yield f"*Content of an unknown type: {_code(str(block.type))}*"


def _citations(text: Text) -> Iterator[str]:
    lines: list[str] = []
    for note in text.annotations:
        match note:
            case FileCitationAnnotation(file_citation=citation):
                quote = f": {_inline(citation.quote)}" if citation.quote else ""
                lines.append(f"- {_code(note.text)} cites file {_code(citation.file_id)}{quote}")
            case FilePathAnnotation(file_path=path):
                lines.append(f"- {_code(note.text)} is file {_code(path.file_id)}")
            case _:
                pass
    if lines:
        yield "\n".join(lines)


def _called(entry: Called) -> Iterator[str]:
    call = entry.call
    yield f"**calls** {_code(title(call))}"
    if written(call):
        yield _fenced(written(call), language(call))
    for message in entry.progress:
        yield f"*{_inline(message)}*"
    if entry.error is not None:
        yield "**failed**"
        yield _fenced(entry.error)
    outcome = [entry.output] if entry.output is not None else results(call)
    if outcome and entry.error is None:
        yield "**returned**"
        yield from map(_fenced, outcome)


def _outcome(story: Story) -> Iterator[str]:
    """How it ended."""
    run = story.run
    if run is not None:
        yield f"---\n\n*{summary(run, steps=len(story.steps))}*"
        if names := waiting(run):
            yield f"Waiting for the output of {', '.join(map(_code, names))}"
        if run.status == "failed":
            yield _fenced(reason(run.last_error))
        elif run.status == "incomplete":
            yield f"*Incomplete: {_inline(why_incomplete(run))}*"
    if story.error is not None:
        yield "**error**"
        yield _fenced(story.error)


def _fenced(text: str, info: str = "") -> str:
    """A code block; its fence is longer than any in the text, so that nothing in there can end it."""
    fence = "`" * max(3, 1 + _longest_run(text))
    return f"{fence}{info}\n{text}\n{fence}"


def _code(text: str) -> str:
    """A code span, on one line."""
    fence = "`" * (1 + _longest_run(text))
    space = " " if text.startswith("`") or text.endswith("`") or not text else ""
    return f"{fence}{space}{' '.join(text.split())}{space}{fence}"


def _inline(text: str) -> str:
    """Text that means what it says, on one line."""
    return re.sub(r"([\\`*_\[\]<>#])", r"\\\1", " ".join(text.split()))


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
