"""The device's commands, one dict of name → function; one module a family."""

from __future__ import annotations

from standin.shellcontext import CommandFunction

from . import (
    activity,
    appops,
    cmd,
    dumps,
    files,
    input,
    listing,
    log,
    modes,
    mounts,
    network,
    packages,
    processes,
    props,
    running,
    system,
    text,
    times,
)

COMMANDS: dict[str, CommandFunction] = {}
for _module in (
    files,
    listing,
    modes,
    mounts,
    text,
    system,
    times,
    processes,
    running,
    props,
    packages,
    activity,
    appops,
    cmd,
    dumps,
    log,
    input,
    network,
):
    COMMANDS.update(_module.COMMANDS)
