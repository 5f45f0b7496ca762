# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from assistream.types.steps import MessageCreationDelta as MessageCreation
from assistream.types.steps import RunStepDeltaMessageDelta

__all__ = ["MessageCreation", "RunStepDeltaMessageDelta"]
