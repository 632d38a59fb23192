"""What shell and commands share: a command's context, and the jump of `exit`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .streams import Sink, Source

if TYPE_CHECKING:
    from emulator.standin.state.device import DeviceState

    from .run import Shell


class ExitShell(Exception):
    """`exit N`."""

    def __init__(self, code: int) -> None:
        self.code = code


@dataclass
class Context:
    """What a command is given."""

    state: DeviceState
    shell: Shell
    stdin: Source
    out: Sink
    err: Sink

    @property
    def cwd(self) -> str:
        return self.shell.cwd

    async def say(self, text: str) -> None:
        """A line (or lines) on standard output."""
        await self.out.write((text if text.endswith("\n") else text + "\n").encode("utf-8", "surrogateescape"))

    async def complain(self, text: str) -> None:
        """A line on standard error."""
        await self.err.write((text if text.endswith("\n") else text + "\n").encode("utf-8", "surrogateescape"))


CommandFunction = Callable[[Context, list[str]], Awaitable[int]]
