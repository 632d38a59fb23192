"""The device's commands, one dict of name → function; one module a family, found by its ``COMMANDS``."""

import importlib
import pkgutil

from emulator.standin.shell.context import CommandFunction

COMMANDS: dict[str, CommandFunction] = {}
for _found in pkgutil.iter_modules(__path__, f"{__name__}."):
    COMMANDS.update(getattr(importlib.import_module(_found.name), "COMMANDS", {}))
