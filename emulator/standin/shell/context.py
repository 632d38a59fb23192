"""What shell and commands share: a command's context, the jump of `exit`, and what the shell user may not do."""

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

_LOCK = "Fatal: can't open lock file /run/xtables.lock: Permission denied"
#: Command to what it prints without root.
ROOT_ONLY = {
    "mount": "mount: Permission denied",
    "umount": "umount: Permission denied",
    "nsenter": "nsenter: unshare: Operation not permitted",
    "chown": "chown: Operation not permitted",
    "chcon": "chcon: Operation not permitted",
    "iptables": _LOCK,
    "ip6tables": _LOCK,
}
ROOT_CODES = {"iptables": 4, "ip6tables": 4}
#: Where the shell user may write.
WRITABLE = ("/data/local/tmp", "/sdcard", "/storage/emulated/0", "/dev")


def may_write(path: str, uid: int) -> bool:
    """Whether a user may make or change a file at this (absolute) device path."""
    return uid == 0 or any(path == place or path.startswith(place + "/") for place in WRITABLE)
