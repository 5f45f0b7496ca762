# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.inputs import ImageFileContentBlockParam

__all__ = ["ImageFileContentBlockParam"]
