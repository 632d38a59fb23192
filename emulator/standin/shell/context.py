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

    async def say(self, text: str, code: int = 0) -> int:
        """A line (or lines) on standard output; the exit code of a command that has said all by that."""
        return await _write(self.out, text, code)

    async def complain(self, text: str, code: int = 1) -> int:
        """A line on standard error; the exit code of a command that ends with that."""
        return await _write(self.err, text, code)


async def _write(sink: Sink, text: str, code: int) -> int:
    await sink.write((text if text.endswith("\n") else text + "\n").encode("utf-8", "surrogateescape"))
    return code


CommandFunction = Callable[[Context, list[str]], Awaitable[int]]
