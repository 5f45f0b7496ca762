"""A story as HTML. Whatever anybody has said is escaped, and nothing is loaded from anywhere."""

from __future__ import annotations

from html import escape
from typing import Final

from ..types import ImageFileContentBlock, ImageURLContentBlock, MessageContent, RefusalContentBlock, TextContentBlock
from .story import Called, Entry, Story
from .words import reason, results, summary, title, waiting, why_incomplete, written

__all__ = ["html"]

_BOX: Final = "white-space: pre-wrap; overflow-wrap: anywhere; margin: 0.2em 0"
_CODE: Final = f"{_BOX}; font-family: monospace; max-height: 24em; overflow: auto"
_QUIET: Final = f"{_BOX}; opacity: 0.7"
_ALARM: Final = f"{_BOX}; color: #c0392b"


def html(story: Story) -> str:
    """The whole story, as one element."""
    parts = [part for entry in story.entries for part in _entry(entry)]
    return f"<div>{''.join([*parts, *_outcome(story)])}</div>"


def _box(text: str, style: str = _BOX, name: str = "") -> str:
    head = f"<b>{escape(name)}</b> " if name else ""
    return f'<div style="{style}">{head}{escape(text)}</div>'


def _entry(entry: Entry) -> list[str]:
    if isinstance(entry, Called):
        return _called(entry)
    message = entry.message
    cut = [_box(f"cut short: {why_incomplete(message)}", _QUIET)] if message.status == "incomplete" else []
    return [*map(_block, message.content), *cut]


def _block(block: MessageContent) -> str:
    match block:
        case TextContentBlock(text=text):
            return _box(text.value)
        case ImageFileContentBlock(image_file=image):
            return _box(f"[image {image.file_id}]", _QUIET)
        case ImageURLContentBlock(image_url=image):
            return _box(f"[image {image.url}]", _QUIET)
        case RefusalContentBlock(refusal=refusal):
            return _box(refusal, _ALARM, "refused:")
        case _:
            return _box(f"[{block.type}]", _QUIET)


def _called(entry: Called) -> list[str]:
    parts = [_box(written(entry.call), _CODE, f"→ {title(entry.call)}")]
    if entry.error is not None:
        return [*parts, _box(entry.error, _ALARM, "←")]
    outcome = [entry.output] if entry.output is not None else results(entry.call)
    if not outcome and entry.progress:
        return [*parts, _box(entry.progress[-1], _QUIET)]
    return [*parts, *(_box(text, f"{_CODE}; opacity: 0.7", "←") for text in outcome)]


def _outcome(story: Story) -> list[str]:
    run, parts = story.run, list[str]()
    if run is not None:
        if run.status == "failed":
            parts.append(_box(reason(run.last_error), _ALARM))
        elif run.status == "incomplete":
            parts.append(_box(f"incomplete: {why_incomplete(run)}", _ALARM))
        elif names := waiting(run):
            parts.append(_box(f"waiting for the output of {', '.join(names)}", _QUIET))
        parts.append(_box(summary(run, steps=len(story.steps)) if story.over else f"{run.status} …", _QUIET))
    if story.error is not None:
        parts.append(_box(story.error, _ALARM))
    return parts
