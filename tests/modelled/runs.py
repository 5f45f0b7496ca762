"""Runs made up at random, with what they must be told as.

A `Story` is one leg of a run as a server sends it, and beside each frame the hooks that docs/contract.md prescribes for
it, in the notation of `tests/streaming/traces.py`. Nothing here uses the library: what is expected follows from what
the server does, by the rules of the contract's sections 2 and 3, and from plain strings that are added up.

Made up are: messages of several blocks (text with annotations, images, refusals), some with fragments out of turn or
of several blocks in one event; steps with parallel calls of all three types; runs that complete, wait for outputs,
fail, are cancelled, expire or stop incomplete, in the middle of anything, with or without the ends of what was
open; both versions of the API.
"""

from __future__ import annotations

import json
from random import Random

from .. import frames as wire
from .author import Author
from .story import Story

__all__ = ["Story", "described", "make", "on_the_wire"]


def make(seed: int) -> list[Story]:
    """A run: its first leg, and if that waits for outputs, the one after it."""
    random = Random(f"run {seed}")
    legs = [Author(random).first_leg()]
    while legs[-1].status == "requires_action" and len(legs) < 4:
        legs.append(Author(random, len(legs) + 1).submit_leg(legs[-1]))
    return legs


def on_the_wire(story: Story, random: Random) -> list[bytes]:
    """The same events written in one of the ways that the format allows, in pieces of any size."""
    end = random.choice([b"\n", b"\n", b"\r\n", b"\r"])
    noise = [b": still here\n\n", b"retry: 3000\n\n", b"event: ping\ndata: {}\n\n", b"id: 7\n\n", b"\n"]
    frames = [*story.frames, *([wire.DONE] if random.random() < 0.7 else [])]
    stream = b"\xef\xbb\xbf" if random.random() < 0.1 else b""
    for frame in frames:
        stream += random.choice(noise) if random.random() < 0.1 else b""
        stream += frame.replace(b"\ndata: ", b"\ndata:", 1) if random.random() < 0.1 else frame
    stream = stream.replace(b"\n", end)
    sizes = random.choice([(1, 8), (1, 60), (200, 900), (5000, 9000)])
    pieces: list[bytes] = []
    while stream:
        size = random.randint(*sizes)
        pieces.append(stream[:size])
        stream = stream[size:]
    return pieces


def described(story: Story) -> str:
    """For the message of a test that fails."""
    lines = [
        frame.decode().replace("\n", " ") + "  =>  " + hooks
        for frame, hooks in zip(story.frames, story.hooks, strict=True)
    ]
    return json.dumps({"status": story.status}) + "\n" + "\n".join(lines)
