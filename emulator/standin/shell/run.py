"""The device's shell: runs what `parse` reads, in this process, over a virtual file system. What it does not know fails
loudly."""

from __future__ import annotations

import asyncio
import posixpath
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from emulator.standin.apps.zygote import ELF, serve

from .context import ROOT_CODES, ROOT_ONLY, CommandFunction, Context, ExitShell
from .parse import Command, Script, ShellSyntaxError, parse
from .streams import Pipe, Sink, Source
from .words import expand, joined, redirect

if TYPE_CHECKING:
    from emulator.standin.state.device import DeviceState

_MAX_DEPTH = 40
SHELL_UID = 2000
MAX_LOOPS = 10_000
_PLACES = ("/system/bin/", "/bin/", "/vendor/bin/")
_VARIABLES = {
    "PATH": "/product/bin:/apex/com.android.runtime/bin:/system/bin:/vendor/bin",
    "HOME": "/",
    "TMPDIR": "/data/local/tmp",
    "EXTERNAL_STORAGE": "/sdcard",
    "PWD": "/",
}


@dataclass
class Shell:
    """One shell session: variables, working directory, exit code of the last command."""

    state: DeviceState
    commands: dict[str, CommandFunction]
    env: dict[str, str] = field(default_factory=_VARIABLES.copy)
    cwd: str = "/"
    last: int = 0
    uid: int = 0
    depth: int = 0

    def child(self) -> Shell:
        """A subshell: a copy of variables and directory."""
        return replace(self, env=dict(self.env), depth=self.depth + 1)

    async def run(self, line: str, stdin: Source, out: Sink, err: Sink) -> int:
        """Runs a script; the exit code."""
        ctx = Context(self.state, self, stdin, out, err)
        if self.depth > _MAX_DEPTH:
            return await ctx.complain("/system/bin/sh: too deeply nested", 2)
        try:
            return await self.steps(parse(line), ctx)
        except ShellSyntaxError as bad:
            return await ctx.complain(f"/system/bin/sh: syntax error: {bad}", 2)

    async def steps(self, script: Script, ctx: Context) -> int:
        """Runs the steps of a script that is a shell of its own; `exit` ends it."""
        try:
            return await self._steps(script, replace(ctx, shell=self))
        except ExitShell as done:
            return done.code

    async def _steps(self, script: Script, ctx: Context) -> int:
        for step in script:
            if step.when == ";" or (step.when == "&&") == (self.last == 0):
                code = await (self._pipe(step.commands, ctx) if step.commands[1:] else self._run(step.commands[0], ctx))
                self.last = int(code == 0) if step.negate else code
        return self.last

    async def _pipe(self, commands: list[Command], ctx: Context) -> int:
        tasks = []
        stdin = ctx.stdin
        for command in commands:
            stage, pipe = replace(self, env=dict(self.env)), None if command is commands[-1] else Pipe()
            inner = replace(ctx, shell=stage, stdin=stdin, out=pipe or ctx.out)
            tasks.append(asyncio.create_task(stage._stage(command, inner, pipe)))
            stdin = pipe or stdin
        try:
            return (await asyncio.gather(*tasks))[-1]
        finally:
            for task in tasks:
                task.cancel()

    async def _stage(self, command: Command, ctx: Context, pipe: Pipe | None) -> int:
        try:
            return await self._run(command, ctx)
        except ExitShell as done:
            return done.code
        except BrokenPipeError:
            if pipe is None:
                raise
            return 141
        finally:
            if pipe:
                pipe.end()
            if isinstance(ctx.stdin, Pipe):
                ctx.stdin.break_off()

    async def _run(self, command: Command, ctx: Context) -> int:
        try:
            ctx = await redirect(self, command.redirects, ctx)
            if command.body is None:
                return await self._simple(command, ctx)
            if not command.variable:
                return await self.child().steps(command.body, ctx)
            code = 0
            values = [value for word in command.words for value in await expand(self, word, ctx)]
            for self.env[command.variable] in values[:MAX_LOOPS]:
                code = await self._steps(command.body, ctx)
            return code
        except BrokenPipeError:
            raise
        except (OSError, ValueError) as bad:
            return await ctx.complain(f"/system/bin/sh: {self._reason(bad)}")

    async def _simple(self, command: Command, ctx: Context) -> int:
        before, self.last = self.last, 0
        assigned = {name: await joined(self, word, ctx) for name, word in command.assigns}
        if not command.words:
            self.env.update(assigned)
            return self.last  # of a command that gave a value
        self.last = before
        words = [value for word in command.words for value in await expand(self, word, ctx)]
        saved = self.env
        self.env = saved | assigned if assigned else saved
        try:
            return await self.call(words, ctx) if words else 0
        finally:
            if assigned:
                self.env = saved

    async def call(self, words: list[str], ctx: Context) -> int:
        """Runs a command by its words: a builtin or a device command, by name or by path (`/system/bin/x`)."""
        name, *args = words
        if name in BUILTINS:
            return await BUILTINS[name](self, ctx, args)
        base = posixpath.basename(name) if name.startswith(_PLACES) else name
        function = self.commands.get(base)
        if function is None or base in self.state.traits.missing:
            return await self._program(name, args, ctx)
        if self.uid and base in ROOT_ONLY:
            return await ctx.complain(ROOT_ONLY[base], ROOT_CODES.get(base, 1))
        try:
            return await function(replace(ctx, state=self.state, shell=self), args)
        except (BrokenPipeError, ExitShell):
            raise
        except (OSError, ValueError) as bad:
            return await ctx.complain(f"{base}: {self._reason(bad)}")

    async def _program(self, name: str, args: list[str], ctx: Context) -> int:
        """A file that is run: a script, or what `serve` takes."""
        fs = self.state.fs
        if "/" not in name or not fs.exists(name, self.cwd):
            return await ctx.complain(f"/system/bin/sh: {name}: inaccessible or not found", 127)
        if fs.is_dir(name, self.cwd):
            return await ctx.complain(f"/system/bin/sh: {name}: can't execute: Is a directory", 126)
        text = fs.read(name, self.cwd)
        if text.startswith(b"#!") and b"sh" in text.split(b"\n", 1)[0]:
            return await self.child().run(text.decode("utf-8", "replace"), ctx.stdin, ctx.out, ctx.err)
        if text.startswith(ELF) and await serve(ctx, name, args):
            return 0
        return await ctx.complain(f"/system/bin/sh: {name}: can't execute: Exec format error", 126)

    def _reason(self, bad: BaseException) -> str:
        """What went wrong, with the file as the device names it (errors of the host name the real file)."""
        name = str(getattr(bad, "filename", None) or "").removeprefix(str(self.state.fs.root))
        return (f"{name}: " if name else "") + str(getattr(bad, "strerror", None) or bad)


async def _export(shell: Shell, ctx: Context, args: list[str]) -> int:
    for arg in args:
        name, equals, value = arg.partition("=")
        if not re.fullmatch(r"[A-Za-z_]\w*", name):
            return await ctx.complain(f"/system/bin/sh: export: {name}: is not an identifier")
        if equals:
            shell.env[name] = value
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
    shell.cwd = shell.env["PWD"] = shell.state.fs.norm(target, shell.cwd)
    return 0


BUILTINS: dict[str, Callable[[Shell, Context, list[str]], Awaitable[int]]] = {
    "export": _export,
    "exec": _exec,
    "exit": _exit,
    "cd": _cd,
}
