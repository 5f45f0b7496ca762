# Written by scripts/type_paths.py; edit that file instead.
from __future__ import annotations

from typing import TYPE_CHECKING

from assistream._lazy import submodules
from assistream.types.messages import MessageFile
from assistream.types.params import PageParams as FileListParams

if TYPE_CHECKING:
    from . import file_list_params as file_list_params
    from . import message_file as message_file
else:
    __getattr__ = submodules(__name__)

__all__ = ["FileListParams", "MessageFile"]
