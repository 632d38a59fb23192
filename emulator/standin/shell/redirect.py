"""Redirections of the shell: `>`, `>>`, `<`, `2>&1` and such."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .context import Context
from .rights import may_write
from .streams import Fixed, Null
from .tree import Redirect
from .words import expand

if TYPE_CHECKING:
    from .run import Shell


class FileSink:
    """Appends to a file of the device; created at once."""

    def __init__(self, shell: Shell, name: str, append: bool) -> None:
        self._fs, self._name, self._cwd = shell.state.fs, name, shell.cwd
        self._fs.write(name, b"", self._cwd, append=append)

    async def write(self, data: bytes) -> None:
        self._fs.write(self._name, data, self._cwd, append=True)


async def redirect(shell: Shell, redirects: list[Redirect], ctx: Context) -> Context:
    """The context with its streams put where the redirections say."""
    stdin, out, err = ctx.stdin, ctx.out, ctx.err
    for item in redirects:
        if item.kind == "dup":
            target = out if item.target == "1" else err
            out, err = (target, err) if item.fd == 1 else (out, target)
            continue
        name = "".join(await expand(shell, item.word, ctx, split=False))
        if item.kind == "<":
            stdin = Fixed(shell.state.fs.read(name, shell.cwd)) if name != "/dev/null" else Fixed()
            continue
        if name != "/dev/null" and not may_write(shell.state.fs.norm(name, shell.cwd), shell.uid):
            raise PermissionError(13, f"can't create {name}: Permission denied")
        sink: Any = Null() if name == "/dev/null" else FileSink(shell, name, append=item.kind == ">>")
        if item.fd in (1, 3):
            out = sink
        if item.fd in (2, 3):
            err = sink
    return Context(shell.state, shell, stdin, out, err)
