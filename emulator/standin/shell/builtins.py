"""What the shell does itself: `cd`, `export`, `exec`, `exit`, `command`."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from .context import Context, ExitShell

if TYPE_CHECKING:
    from .run import Shell


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


async def _export(shell: Shell, ctx: Context, args: list[str]) -> int:
    for arg in args:
        name, equals, value = arg.partition("=")
        if not _NAME.match(name):
            return await ctx.complain(f"/system/bin/sh: export: {name}: is not an identifier")
        if equals:
            shell.env[name] = value
    if not args:
        for name, value in sorted(shell.env.items()):
            await ctx.say(f"{name}={value}")
    return 0


async def _exec(shell: Shell, ctx: Context, args: list[str]) -> int:
    """`adb logcat` sends its command so."""
    raise ExitShell(await shell.call(args, ctx))


async def _exit(shell: Shell, ctx: Context, args: list[str]) -> int:
    raise ExitShell(int(args[0]) & 255 if args and args[0].isdigit() else shell.last)


async def _cd(shell: Shell, ctx: Context, args: list[str]) -> int:
    target = args[0] if args else "/"
    if not shell.state.fs.is_dir(target, shell.cwd):
        return await ctx.complain(f"/system/bin/sh: cd: {target}: No such file or directory", 2)
    shell.cwd = shell.state.fs.norm(target, shell.cwd)
    shell.env["PWD"] = shell.cwd
    return 0


async def _command_builtin(shell: Shell, ctx: Context, args: list[str]) -> int:
    if args[:1] == ["-v"]:
        known = len(args) > 1 and (args[1] in shell.commands or args[1] in BUILTINS)
        if known:
            await ctx.say(f"/system/bin/{args[1]}")
        return 0 if known else 1
    return await shell.call(args, ctx) if args else 0


BUILTINS: dict[str, Callable[[Shell, Context, list[str]], Awaitable[int]]] = {
    "export": _export,
    "exec": _exec,
    "exit": _exit,
    "cd": _cd,
    "command": _command_builtin,
}
