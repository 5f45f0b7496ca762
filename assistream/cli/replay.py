"""``assistream replay``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import AssistreamError, RunFailedError
from .options import Json

if TYPE_CHECKING:
    from ..types import Run

__all__ = ["replay"]


def _speed(value: str | float) -> float:
    try:
        speed = float(value)
    except ValueError:
        speed = 0.0
    if not speed > 0:
        raise typer.BadParameter(f"{str(value)!r} is not a speed: 2 is twice as fast, inf is without pauses")
    return speed


File = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="What a Recorder wrote.")]
Speed = Annotated[
    float,
    typer.Option(parser=_speed, metavar="FACTOR", help="How many times as fast as it was; inf is without pauses."),
]


def replay(file: File, speed: Speed = 1.0, json: Json = False) -> None:
    """Show a recorded run again, as it happened."""
    from ..recording import Console, replay
    from .output import print_event

    if json:
        with replay(file, speed=speed, allow_truncated=True) as stream:
            for event in stream:
                print_event(event)
    else:
        with replay(file, Console(), speed=speed, allow_truncated=True) as stream:
            stream.until_done()
    _check(stream.current_run)


def _check(run: Run | None) -> None:
    from ..streaming.events import TERMINAL

    if run is None:
        raise AssistreamError("This is no recording of a run.")
    if run.status not in TERMINAL | {"requires_action"}:
        raise AssistreamError(f"The recording ends before its run had ended: it was {run.status}.")
    if run.status in TERMINAL - {"completed"}:
        raise RunFailedError(run)
