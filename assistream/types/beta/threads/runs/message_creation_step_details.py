# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.steps import MessageCreation, MessageCreationStepDetails

__all__ = ["MessageCreation", "MessageCreationStepDetails"]
