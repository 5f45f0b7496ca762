"""How long a text is for a model, without the tables of any tokenizer."""

from __future__ import annotations

BYTES_PER_TOKEN = 4
"""Of UTF-8, about: English prose has a little more, code has less, and so have most other languages."""


def tokens(text: str) -> int:
    """About how many tokens `text` has: one for four bytes of its UTF-8, and one for what is left."""
    return -(-len(text.encode("utf-8", "surrogatepass")) // BYTES_PER_TOKEN)
