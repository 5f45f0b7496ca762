"""`main`: a command line is carried out; whatever cannot be done is one sentence on stderr, and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from importlib.util import find_spec

__all__ = ["main"]

FAILED, UNUSABLE = 1, 2
"""Exit codes: the server said no, or a run failed; and what cannot be carried out as it was said."""


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out a command line and return its exit code."""
    if absent := [name for name in ("prompt_toolkit", "rich", "typer") if not find_spec(name)]:
        needed = ", ".join(absent).replace("_", "-")
        return _complain(f'The command line needs {needed}: pip install "assistream[cli]"', UNUSABLE)
    from typer import Abort, TyperException

    from .app import app

    try:
        outcome: object = app(sys.argv[1:] if argv is None else [*argv], prog_name="assistream", standalone_mode=False)
        sys.stdout.flush()
    except TyperException as error:  # of the command line itself
        return _misused(error)
    except Abort:
        return FAILED
    except BrokenPipeError:  # whoever reads what is written has gone away
        _write_to_nobody()
        return FAILED
    except Exception as error:
        return _failed(error)
    return outcome if isinstance(outcome, int) else 0


def _write_to_nobody() -> None:
    """What is not written yet is not missed, and must not fail again when the interpreter ends."""
    nobody = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nobody, sys.stdout.fileno())
    os.close(nobody)


def _misused(error: Exception) -> int:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "assistream"
    message = getattr(error, "format_message", error.__str__)()
    return _complain(f"{message.rstrip('.')} (--help tells more)", getattr(error, "exit_code", UNUSABLE), path)


def _failed(error: Exception) -> int:
    from ..errors import AssistreamError, ConfigurationError
    from .sentences import sentence

    if os.environ.get("ASSISTREAM_LOG"):
        traceback.print_exception(error)
    known = isinstance(error, AssistreamError | OSError)
    more = "" if known or os.environ.get("ASSISTREAM_LOG") else " (assistream --debug ... tells where)"
    return _complain(sentence(error) + more, UNUSABLE if isinstance(error, ConfigurationError) else FAILED)


def _complain(message: str, code: int, program: str = "assistream") -> int:
    print(f"{program}: {' '.join(message.split())}", file=sys.stderr)
    return code
