# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.messages import FilePathDelta as FilePath
from assistream.types.messages import FilePathDeltaAnnotation

__all__ = ["FilePath", "FilePathDeltaAnnotation"]
