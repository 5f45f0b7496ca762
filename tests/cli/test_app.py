from __future__ import annotations

import typer.main

from assistream.cli.app import app


def test_every_command_and_every_option_is_explained() -> None:
    commands = {"assistream": typer.main.get_command(app)}
    seen: list[str] = []
    while commands:
        name, command = commands.popitem()
        assert command.help, name
        seen.append(name)
        for parameter in command.params:
            assert parameter.name in ("install_completion", "show_completion") or vars(parameter)["help"], name
        commands |= {f"{name} {one}": below for one, below in vars(command).get("commands", {}).items()}
    assert len(seen) == 28
