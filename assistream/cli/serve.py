"""``python -m assistream serve``: the embedded engine as a program of its own."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, Never, cast

from .._version import __version__
from ..errors import ConfigurationError

if TYPE_CHECKING:
    from ..engine import Engine, Model
    from ..engine.models import ModelFunction

REHEARSAL = "rehearsal"
MODEL_KEY = "ASSISTREAM_MODEL_API_KEY"
UNUSABLE = 2
"""The exit code of a command that cannot be carried out; argparse has the same for one that it cannot read."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Never:
        """One line, for what is wrong is hard to see below the whole usage."""
        self.exit(UNUSABLE, f"{self.prog}: {message} (--help tells more)\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out a command line and return its exit code."""
    options = _parser().parse_args(argv)
    try:
        _serve(options)
    except ConfigurationError as error:
        print(f"assistream serve: {error}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        pass  # before the engine had started, or again while it was stopping
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="assistream", description="Assistants: a client, a streaming runtime and a server.")
    parser.add_argument("--version", action="version", version=f"assistream {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="run the embedded server", description="Run the server until Ctrl-C.")
    _add(serve, "host", "127.0.0.1", "the address to listen on; any but this machine's own needs an API key", _visible)
    _add(serve, "port", "8000", "0 is any free one", _port)
    _add(serve, "database", "assistream.db", "the file that keeps everything; :memory: keeps nothing")
    _add(serve, "model-url", "", "a server that speaks Chat Completions, like http://127.0.0.1:11434/v1")
    _add(
        serve,
        "model",
        "",
        f"with --model-url the server's model that answers, by default the one an assistant names; else {REHEARSAL}"
        " (the default), which is offline, or MODULE:NAME, a model, or an async function, of yours",
    )
    _add(serve, "model-key", MODEL_KEY, "the environment variable with the key for that server, if it wants one")
    _add(
        serve,
        "api-key",
        "",
        "what clients must present, or several, with commas; by default everybody on this machine is let in",
        _visible,
    )
    _add(serve, "busy", "reject", "for a thread that has a run: reject others, queue them, or interrupt it", _policy)
    _add(serve, "max-runs", "1000", "the runs that are worked on at once", _count)
    _add(serve, "max-queued", "1000", "how many others may wait for that", _count)
    _add(
        serve, "cancel-on-disconnect", "no", "yes: a run whose stream nobody follows any more is cancelled", _yes_or_no
    )
    _add(serve, "drain", "10", "the seconds that runs in progress get to end when it is stopped", _pause)
    _add(serve, "run-ttl", "600", "the seconds after which a run that is not over expires", _seconds)
    _add(serve, "max-upload", str(512 * 1024 * 1024), "the bytes that an uploaded file may have", _bytes)
    _add(
        serve, "open-files", "no", "yes: files of every purpose can be read back, not only what tools made", _yes_or_no
    )
    return parser


def _add(parser: argparse.ArgumentParser, name: str, default: str, text: str, kind: Callable[[str], Any] = str) -> None:
    """An option that is read from the environment where it is not given."""
    variable = f"ASSISTREAM_{name.replace('-', '_').upper()}"
    shown = f"{text} [{variable}{f'; default: {default}' if default else ''}]"
    parser.add_argument(f"--{name}", type=kind, default=os.environ.get(variable) or default, help=shown)


def _visible(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        raise argparse.ArgumentTypeError("it has characters that cannot be in it: a line break at its end?")
    return text


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: 0 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 31_622_400:  # infinity and NaN are numbers, too
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return seconds


def _pause(text: str) -> float:
    return 0.0 if text == "0" else _seconds(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of runs")
    return int(text)


def _policy(text: str) -> str:
    if text not in ("reject", "queue", "interrupt"):
        raise argparse.ArgumentTypeError(f"{text!r} is not reject, queue or interrupt")
    return text


def _bytes(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < len(text) < 16 and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of bytes")
    return int(text)


def _yes_or_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise argparse.ArgumentTypeError(f"{text!r} is not yes or no")
    return text == "yes"


def _serve(options: argparse.Namespace) -> None:
    try:
        from ..engine.serve import serve
    except ImportError as error:
        raise ConfigurationError(str(error)) from error
    serve(
        options.database,
        model=_chosen(options),
        host=options.host,
        port=options.port,
        api_key=[key for key in options.api_key.split(",") if key] or None,
        run_ttl=options.run_ttl,
        busy=options.busy,
        max_runs=options.max_runs,
        max_queued=options.max_queued,
        cancel_on_disconnect=options.cancel_on_disconnect,
        drain=options.drain,
        max_upload=options.max_upload,
        open_files=options.open_files,
        started=lambda engine: _announce(engine, options),
    )


def _chosen(options: argparse.Namespace) -> Model | ModelFunction | None:
    if options.model_url:
        from ..engine import ChatCompletions

        return ChatCompletions(options.model_url, options.model or None, os.environ.get(options.model_key) or None)
    return None if options.model in ("", REHEARSAL) else _model(options.model)


def _model(spec: str) -> Model | ModelFunction:
    """What `module:attribute` names, found from the current directory too."""
    module, _, name = spec.partition(":")
    if not (module and name):
        raise ConfigurationError(
            f"There is no model {spec!r}: it is {REHEARSAL}, or MODULE:NAME, or with --model-url a server's."
        )
    sys.path.insert(0, os.getcwd())
    try:
        loaded = import_module(module)
    except Exception as error:  # the module is the user's, and may raise anything
        raise ConfigurationError(f"The model {spec!r} cannot be loaded: {_in_one_line(error)}.") from error
    if not hasattr(loaded, name):
        raise ConfigurationError(f"The model {spec!r} cannot be loaded: {module!r} has no {name!r}.")
    found: Any = getattr(loaded, name)
    if isinstance(found, type) or not (callable(found) or hasattr(found, "generate")):
        raise ConfigurationError(f"{spec!r} is no model: it needs a method `generate`, or to be an async function.")
    return cast("Model | ModelFunction", found)  # what else it must be, only its answers can show


def _in_one_line(error: Exception) -> str:
    """What went wrong, and the line of the user's module at which; a SyntaxError and a missing module tell it all."""
    if isinstance(error, ModuleNotFoundError | SyntaxError):
        return " ".join(str(error).split())
    frames = [frame for frame in extract_tb(error.__traceback__) if not frame.filename.startswith("<")]
    # The first two are this file and importlib.
    place = f" ({frames[-1].filename}, line {frames[-1].lineno})" if len(frames) > 2 else ""
    return " ".join(f"{type(error).__name__}: {error}{place}".split())


def _announce(engine: Engine, options: argparse.Namespace) -> None:
    database = options.database if options.database == ":memory:" else Path(options.database).resolve()
    key = "  ASSISTREAM_API_KEY=(the key you gave)\n" if options.api_key else ""
    model = options.model or ("what assistants name" if options.model_url else REHEARSAL)
    place = f" at {options.model_url}" if options.model_url else ""
    print(
        f"Serving {engine.base_url}\n"
        f"Model: {model}{place}. Database: {database}\n"
        "Programs find it with this in their environment:\n"
        f"  ASSISTREAM_BASE_URL={engine.base_url}\n"
        f"{key}"
        "Ctrl-C stops it.",
        flush=True,
    )
