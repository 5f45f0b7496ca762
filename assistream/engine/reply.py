"""A message while it is written: what of it is to be sent, and what it is in the end."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .builtin import Seen
from .citations import Citing, Piece
from .lifecycle import Document


@dataclass(slots=True)
class _Block:
    """One block of a message's content. The pieces are joined once, at the end."""

    type: str
    citing: Citing
    pieces: list[str] = field(default_factory=list[str])
    length: int = 0
    annotations: list[Document] = field(default_factory=list[Document])

    @property
    def document(self) -> Document:
        text = "".join(self.pieces)
        if self.type == "refusal":
            return {"type": "refusal", "refusal": text}
        return {"type": "text", "text": {"value": text, "annotations": self.annotations}}

    def add(self, piece: Piece) -> Document | str:
        """What a delta says of it."""
        first, begin = not self.pieces, self.length
        self.pieces.append(piece.text)
        self.length += len(piece.text)
        if self.type == "refusal":
            return piece.text
        if piece.cites is None:
            return {"value": piece.text} | ({"annotations": []} if first else {})
        annotation = piece.cites | {"text": piece.text, "start_index": begin, "end_index": self.length}
        self.annotations.append(annotation)
        return {"value": piece.text, "annotations": [_delta_of(annotation, len(self.annotations) - 1)]}


class Reply:
    """``unsent`` is the content of the deltas that are to be sent, the oldest first."""

    def __init__(self, message: Document, step: Document, seen: Seen) -> None:
        self.message: Document = message
        self.step: Document = step
        self.unsent: deque[list[Document]] = deque()
        self._seen = seen
        self._blocks: list[_Block] = []

    @property
    def written(self) -> Document:
        """The message with all that was said."""
        blocks = [block.document for block in self._blocks]
        return self.message | {"content": [*_images(self._seen.pictures), *blocks]}

    def say(self, kind: str, text: str) -> None:
        if not self._blocks or self._blocks[-1].type != kind:
            self.end()
            self._open(kind)
        block = self._blocks[-1]
        self._add(block, block.citing.take(text) if kind == "text" else [Piece(text)])

    def end(self) -> None:
        """Says what was held back, because it looked like the beginning of a mark."""
        if self._blocks:
            self._add(self._blocks[-1], self._blocks[-1].citing.end())

    def _open(self, kind: str) -> None:
        block = _Block(kind, Citing(self._seen.sources))
        if self._seen.pictures and not self._blocks:
            # As it was recorded: the images come with an empty text that goes on.
            images = [{"index": index} | image for index, image in enumerate(_images(self._seen.pictures))]
            self.unsent.append([*images, {"index": len(images), "type": kind, kind: block.add(Piece(""))}])
        self._blocks.append(block)

    def _add(self, block: _Block, pieces: Iterable[Piece]) -> None:
        index = len(self._seen.pictures) + len(self._blocks) - 1
        for piece in pieces:
            self.unsent.append([{"index": index, "type": block.type, block.type: block.add(piece)}])


def _images(file_ids: Sequence[str]) -> list[Document]:
    return [{"type": "image_file", "image_file": {"file_id": file_id}} for file_id in file_ids]


def _delta_of(annotation: Document, index: int) -> Document:
    """In deltas citations have a quote, which was always empty when they were recorded."""
    if annotation["type"] == "file_citation":
        annotation = annotation | {"file_citation": annotation["file_citation"] | {"quote": ""}}
    return {"index": index} | annotation
