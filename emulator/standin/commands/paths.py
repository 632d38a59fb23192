"""Work on the paths a command is given: one after the other, what lies below, what they hold."""

from __future__ import annotations

import posixpath
import stat as st_mod
from collections.abc import Callable

from emulator.standin.shell.context import Context
from emulator.standin.shell.streams import read_all


async def for_each(ctx: Context, name: str, paths: list[str], action: Callable[[str], object]) -> int:
    """Does it to every path, says what failed; exit code 1 if anything did."""
    code = 0
    for path in paths:
        try:
            action(path)
        except OSError as bad:
            await ctx.complain(f"{name}: {path}: {bad.strerror}")
            code = 1
    return code


def tree(ctx: Context, path: str) -> list[str]:
    """The path and all that is below it; links are not followed."""
    found = [path]
    if st_mod.S_ISDIR(ctx.state.fs.stat(path, ctx.cwd, follow=len(found) == 1).mode):
        for name in ctx.state.fs.listdir(path, ctx.cwd):
            inner = posixpath.join(path, name)
            if st_mod.S_ISLNK(ctx.state.fs.stat(inner, ctx.cwd, follow=False).mode):
                found.append(inner)
            else:
                found += tree(ctx, inner)
    return found


async def inputs(ctx: Context, name: str, paths: list[str]) -> list[tuple[str, bytes]]:
    """Name and content of each file, of standard input without any; says what cannot be read."""
    if not paths:
        return [("-", await read_all(ctx.stdin))]
    found = []
    for path in paths:
        try:
            found.append((path, await read_all(ctx.stdin) if path == "-" else ctx.state.fs.read(path, ctx.cwd)))
        except OSError as bad:
            await ctx.complain(f"{name}: {path}: {bad.strerror}")
    return found
