"""What the shell does itself: `cd`, `export`, `read`, `exit`, `eval` and such."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from .context import Context, ExitShell, LoopJump

if TYPE_CHECKING:
    from .run import Shell


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


async def _export(shell: Shell, ctx: Context, args: list[str]) -> int:
    for arg in args:
        name, equals, value = arg.partition("=")
        if not _NAME.match(name):
            await ctx.complain(f"/system/bin/sh: export: {name}: is not an identifier")
            return 1
        if equals:
            shell.env[name] = value
    if not args:
        for name, value in sorted(shell.env.items()):
            await ctx.say(f"{name}={value}")
    return 0


async def _unset(shell: Shell, ctx: Context, args: list[str]) -> int:
    for arg in args:
        shell.env.pop(arg, None)
    return 0


async def _exec(shell: Shell, ctx: Context, args: list[str]) -> int:
    if not args:
        return 0
    raise ExitShell(await shell.call(args, ctx))


async def _exit(shell: Shell, ctx: Context, args: list[str]) -> int:
    raise ExitShell(int(args[0]) & 255 if args and args[0].isdigit() else shell.last)


async def _cd(shell: Shell, ctx: Context, args: list[str]) -> int:
    target = args[0] if args else "/"
    if not shell.state.fs.is_dir(target, shell.cwd):
        await ctx.complain(f"/system/bin/sh: cd: {target}: No such file or directory")
        return 2
    shell.cwd = shell.state.fs.norm(target, shell.cwd)
    shell.env["PWD"] = shell.cwd
    return 0


async def _eval(shell: Shell, ctx: Context, args: list[str]) -> int:
    return await shell.script(" ".join(args), ctx.stdin, ctx.out, ctx.err)


async def _break(shell: Shell, ctx: Context, args: list[str]) -> int:
    raise LoopJump(False)


async def _continue(shell: Shell, ctx: Context, args: list[str]) -> int:
    raise LoopJump(True)


async def _read(shell: Shell, ctx: Context, args: list[str]) -> int:
    names = [a for a in args if not a.startswith("-")] or ["REPLY"]
    line = bytearray()
    while (char := await ctx.stdin.read(1)) and char != b"\n":
        line += char
    values = line.decode("utf-8", "replace").split(None, len(names) - 1)
    for index, name in enumerate(names):
        shell.env[name] = values[index] if index < len(values) else ""
    return 0 if char else 1


async def _wait(shell: Shell, ctx: Context, args: list[str]) -> int:
    await asyncio.gather(*shell.jobs, return_exceptions=True)
    return 0


async def _set(shell: Shell, ctx: Context, args: list[str]) -> int:
    if [a for a in args if a not in ("-e", "-u", "-x", "+e", "+x", "--")]:
        await ctx.complain("/system/bin/sh: set: not supported")
        return 2
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
    "unset": _unset,
    "exec": _exec,
    "exit": _exit,
    "cd": _cd,
    "eval": _eval,
    "break": _break,
    "continue": _continue,
    "read": _read,
    "wait": _wait,
    "set": _set,
    "command": _command_builtin,
}
