"""Reads a streamed answer past the HTTP library's parser, which takes longer than everything after it."""

from __future__ import annotations
