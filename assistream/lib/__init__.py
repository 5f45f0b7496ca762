"""Import paths of the reference client: `openai.lib`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import submodules

if TYPE_CHECKING:
    from . import azure as azure
    from . import streaming as streaming
else:
    __getattr__ = submodules(__name__)
