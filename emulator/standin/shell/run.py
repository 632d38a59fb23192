"""The device's shell: a small, in-process language over a virtual file system. What it does not know fails loudly.

Known: words with '…', "…" and backslash, `$VAR`, `${VAR}`, `$?`, `$$`, `$(…)`, globs; `;` `&&` `||` `|` `!`;
`>` `>>` `<` `2>` `&>` `2>&1` `>&2`; assignments; `( … )`, `{ …; }`; `for`.
"""

from __future__ import annotations

import asyncio
import posixpath
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from emulator.standin.apps.zygote import ELF, serve

from .context import ROOT_CODES, ROOT_ONLY, CommandFunction, Context, ExitShell
from .parse import parse
from .streams import Pipe, Sink, Source
from .tree import AndOr, Command, ForLoop, Group, Pipeline, ShellSyntaxError, Simple
from .words import expand, redirect

if TYPE_CHECKING:
    from emulator.standin.state.device import DeviceState

_MAX_DEPTH = 40
SHELL_UID = 2000
MAX_LOOPS = 10_000


@dataclass
class Shell:
    """One shell session: variables, working directory, exit code of the last command."""

    state: DeviceState
    commands: dict[str, CommandFunction]
    env: dict[str, str] = field(default_factory=dict)
    cwd: str = "/"
    last: int = 0
    uid: int = 0
    depth: int = 0

    def __post_init__(self) -> None:
        base = {
            "PATH": "/product/bin:/apex/com.android.runtime/bin:/system/bin:/vendor/bin",
            "HOME": "/",
            "USER": "shell" if self.uid else "root",
            "TMPDIR": "/data/local/tmp",
            "SHELL": "/bin/sh",
            "HOSTNAME": self.state.props.get("ro.product.device", ""),
            "ANDROID_ROOT": "/system",
            "ANDROID_DATA": "/data",
            "EXTERNAL_STORAGE": "/sdcard",
            "PWD": self.cwd,
        }
        self.env = base | self.env

    def child(self) -> Shell:
        """A subshell: a copy of variables and directory."""
        return Shell(self.state, self.commands, dict(self.env), self.cwd, self.last, self.uid, self.depth + 1)

    async def run(self, line: str, stdin: Source, out: Sink, err: Sink) -> int:
        """Runs a script; the exit code. `exit` ends it."""
        try:
            return await self.script(line, stdin, out, err)
        except ExitShell as done:
            return done.code

    async def script(self, line: str, stdin: Source, out: Sink, err: Sink) -> int:
        if self.depth > _MAX_DEPTH:
            await err.write(b"/system/bin/sh: too deeply nested\n")
            return 2
        try:
            items = parse(line)
        except ShellSyntaxError as bad:
            await err.write(f"/system/bin/sh: syntax error: {bad}\n".encode())
            self.last = 2
            return 2
        return await self._items(items, Context(self.state, self, stdin, out, err))

    async def _items(self, items: list[AndOr], ctx: Context) -> int:
        for item in items:
            self.last = await self._and_or(item, ctx)
        return self.last

    async def _and_or(self, what: AndOr, ctx: Context) -> int:
        self.last = code = await self._pipeline(what.first, ctx)
        for operator, pipeline in what.rest:
            if (operator == "&&") == (code == 0):
                self.last = code = await self._pipeline(pipeline, ctx)
        return code

    async def _pipeline(self, what: Pipeline, ctx: Context) -> int:
        if len(what.commands) == 1:
            code = await self._command(what.commands[0], ctx)
        else:
            code = await self._pipe(what.commands, ctx)
        return int(code == 0) if what.negate else code

    async def _pipe(self, commands: list[Command], ctx: Context) -> int:
        tasks = []
        stdin = ctx.stdin
        for index, command in enumerate(commands):
            last = index == len(commands) - 1
            pipe = Pipe()
            stage = self.child()
            stage.depth = self.depth
            inner = Context(self.state, stage, stdin, ctx.out if last else pipe, ctx.err)
            tasks.append(asyncio.create_task(self._stage(stage, command, inner, None if last else pipe)))
            stdin = pipe
        try:
            return (await asyncio.gather(*tasks))[-1]
        finally:
            for task in tasks:
                task.cancel()

    async def _stage(self, stage: Shell, command: Command, ctx: Context, pipe: Pipe | None) -> int:
        try:
            return await stage._command(command, ctx)
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

    async def _command(self, command: Command, ctx: Context) -> int:
        try:
            ctx = await redirect(self, command.redirects, ctx)
            if isinstance(command, Simple):
                return await self._simple(command, ctx)
            if isinstance(command, Group):
                return await self._group(command, ctx)
            return await self._for(command, ctx)
        except BrokenPipeError:
            raise
        except (OSError, ValueError) as bad:
            reason = getattr(bad, "strerror", None) or str(bad)
            return await ctx.complain(f"/system/bin/sh: {_where(bad, self.state.fs.root)}{reason}")

    async def _group(self, group: Group, ctx: Context) -> int:
        if not group.subshell:
            return await self._items(group.body, ctx)
        child = self.child()
        try:
            return await child._items(group.body, Context(self.state, child, ctx.stdin, ctx.out, ctx.err))
        except ExitShell as done:
            return done.code

    async def _for(self, loop: ForLoop, ctx: Context) -> int:
        code = 0
        values = [v for word in loop.words for v in await expand(self, word, ctx)]
        for value in values[:MAX_LOOPS]:
            self.env[loop.name] = value
            code = await self._items(loop.body, ctx)
        return code

    async def _simple(self, simple: Simple, ctx: Context) -> int:
        assigned = {name: "".join(await expand(self, word, ctx, split=False)) for name, word in simple.assigns}
        words = [v for word in simple.words for v in await expand(self, word, ctx)]
        if not words:
            self.env.update(assigned)
            return self.last if any(w.has_command for _, w in simple.assigns) else 0
        saved = {name: self.env.get(name) for name in assigned}
        self.env.update(assigned)
        try:
            return await self.call(words, ctx)
        finally:
            for name, value in saved.items():
                if value is None:
                    self.env.pop(name, None)
                else:
                    self.env[name] = value

    async def call(self, words: list[str], ctx: Context) -> int:
        """Runs a command by its words: a builtin or a device command, by name or by path (`/system/bin/x`)."""
        name = words[0]
        if name in BUILTINS:
            return await BUILTINS[name](self, ctx, words[1:])
        base = posixpath.basename(name) if name.startswith(("/system/bin/", "/bin/", "/vendor/bin/")) else name
        function = self.commands.get(base)
        if function is None or base in self.state.traits.missing:
            return await self._missing(words, ctx)
        if self.uid and base in ROOT_ONLY:
            await ctx.complain(ROOT_ONLY[base].format(name=base))
            return ROOT_CODES.get(base, 1)
        try:
            return await function(Context(self.state, self, ctx.stdin, ctx.out, ctx.err), words[1:])
        except (BrokenPipeError, ExitShell):
            raise
        except (OSError, ValueError, UnicodeError) as bad:
            return await ctx.complain(
                f"{base}: {_where(bad, self.state.fs.root)}{getattr(bad, 'strerror', None) or bad}"
            )

    async def _missing(self, words: list[str], ctx: Context) -> int:
        name = words[0]
        if "/" in name and self.state.fs.exists(name, self.cwd):
            if self.state.fs.is_dir(name, self.cwd):
                return await ctx.complain(f"/system/bin/sh: {name}: can't execute: Is a directory", 126)
            text = self.state.fs.read(name, self.cwd)
            if text.startswith(b"#!") and b"sh" in text.split(b"\n", 1)[0]:
                return await self.child().run(text.decode("utf-8", "replace"), ctx.stdin, ctx.out, ctx.err)
            if text.startswith(ELF) and await serve(ctx, name, words[1:]):
                return 0
            return await ctx.complain(f"/system/bin/sh: {name}: can't execute: Exec format error", 126)
        return await ctx.complain(f"/system/bin/sh: {name}: inaccessible or not found", 127)


def _where(bad: BaseException, root: Path) -> str:
    """The file an error is about, as the device names it (errors of the host name the real file)."""
    name = getattr(bad, "filename", None)
    return f"{str(name).removeprefix(str(root))}: " if name else ""


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


BUILTINS: dict[str, Callable[[Shell, Context, list[str]], Awaitable[int]]] = {
    "export": _export,
    "exec": _exec,
    "exit": _exit,
    "cd": _cd,
}
