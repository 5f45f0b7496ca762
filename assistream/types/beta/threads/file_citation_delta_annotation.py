# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.messages import FileCitationDelta as FileCitation
from assistream.types.messages import FileCitationDeltaAnnotation

__all__ = ["FileCitation", "FileCitationDeltaAnnotation"]
