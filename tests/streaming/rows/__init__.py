"""The callback order and the state rules of the streaming contract, as data.

A row is its name, what the server sends and, beside each frame, exactly the hooks it must call (`on_event` apart,
which comes first for each). `ends` is what `get_final_messages` and `get_final_run_steps` give after it.
The names are those of the contract: its section 2 is ``order_1`` to ``order_8``, its section 3 ``A1`` to ``S11``.
"""

from __future__ import annotations

from .first_seen import FIRST_SEEN
from .once import ONCE
from .order import ORDER
from .row import Row
from .snapshots import SNAPSHOTS

__all__ = ["ORDER", "ROWS", "STATE", "Row"]

STATE: list[Row] = [*ONCE, *FIRST_SEEN, *SNAPSHOTS]
ROWS: list[Row] = [*ORDER, *STATE]
