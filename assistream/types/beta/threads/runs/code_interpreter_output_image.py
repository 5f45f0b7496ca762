# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.steps import CodeInterpreterImageDelta as Image
from assistream.types.steps import CodeInterpreterOutputImage

__all__ = ["CodeInterpreterOutputImage", "Image"]
