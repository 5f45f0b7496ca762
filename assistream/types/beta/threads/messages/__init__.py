# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.messages import MessageFile
from assistream.types.params import PageParams as FileListParams

__all__ = ["FileListParams", "MessageFile"]
