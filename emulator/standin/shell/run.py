"""The device's shell: runs what `parse` reads, in this process, over a virtual file system. What it does not know fails
loudly."""

from __future__ import annotations

import asyncio
import contextlib
import fnmatch
import posixpath
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .context import ROOT_CODES, ROOT_ONLY, CommandFunction, Context, ExitShell, may_write
from .parse import Command, Part, Redirect, Script, ShellSyntaxError, Word, parse
from .streams import Collect, Fixed, Pipe, Sink, Source

if TYPE_CHECKING:
    from emulator.standin.state.device import DeviceState

_MAX_DEPTH = 40
SHELL_UID = 2000
MAX_LOOPS = 10_000
MAX_PATHS = 10_000
_GLOB = re.compile(r"[*?\[]")
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
        if text.startswith(b"\x7fELF") and await _serve(ctx, name, args):
            return 0
        return await ctx.complain(f"/system/bin/sh: {name}: can't execute: Exec format error", 126)

    def _reason(self, bad: BaseException) -> str:
        """What went wrong, with the file as the device names it (errors of the host name the real file)."""
        name = str(getattr(bad, "filename", None) or "").removeprefix(str(self.state.fs.root))
        return (f"{name}: " if name else "") + str(getattr(bad, "strerror", None) or bad)


async def joined(shell: Shell, word: Word, ctx: Context) -> str:
    """A word's value where it is neither split nor matched with files."""
    return "".join([await _value(shell, part, ctx) for part in word])


async def expand(shell: Shell, word: Word, ctx: Context) -> list[str]:
    """Variables, `$(…)`, splitting of what came unquoted, then globs."""
    fields: list[list[Part]] = [[]]
    for part in word:
        value = await _value(shell, part, ctx)
        if part.quoted or not (part.variable or part.script is not None):
            fields[-1].append(Part(value, part.quoted))
            continue
        if value[:1].isspace() and fields[-1]:
            fields.append([])
        for index, piece in enumerate(pieces := value.split()):
            fields += [[]] * bool(index)
            fields[-1] = [*fields[-1], Part(piece)]
        if value[-1:].isspace() and pieces:
            fields.append([])
    return [value for parts in fields if parts for value in _files(shell, parts)]


def _files(shell: Shell, parts: list[Part]) -> list[str]:
    """The paths that a field with wildcards stands for; itself if there are none."""
    text = "".join(part.text for part in parts)
    if not any(not part.quoted and _GLOB.search(part.text) for part in parts):
        return [text]
    pattern = "".join(_GLOB.sub(r"[\g<0>]", part.text) if part.quoted else part.text for part in parts)
    fs, found = shell.state.fs, ["/" if pattern.startswith("/") else ""]
    for name in filter(None, pattern.split("/")):
        above, found = found, []
        for base in above:
            if not _GLOB.search(name):
                found += [f"{base}{name}/"] if fs.exists(base + name, shell.cwd) else []
                continue
            with contextlib.suppress(OSError):
                names = [each for each in fs.listdir(base or ".", shell.cwd) if name[0] == "." or each[0] != "."]
                found += [f"{base}{each}/" for each in fnmatch.filter(names, name)]
        found = found[:MAX_PATHS]
    return [path[:-1] for path in found if len(path) > 1] or [text]


async def _value(shell: Shell, part: Part, ctx: Context) -> str:
    if part.script is not None:
        out = Collect()
        shell.last = await shell.child().steps(part.script, replace(ctx, out=out))
        return bytes(out.data).decode("utf-8", "surrogateescape").rstrip("\n")
    if not part.variable:
        return part.text
    if part.text == "EPOCHREALTIME":  # mksh's
        now = shell.state.clock.now_ns()
        return f"{now // 1_000_000_000}.{now // 1000 % 1_000_000:06d}"
    return {"?": str(shell.last), "$": "4242"}.get(part.text) or shell.env.get(part.text, "")


class FileSink:
    """Appends to a file of the device; created at once."""

    def __init__(self, shell: Shell, name: str, append: bool) -> None:
        self._fs, self._name, self._cwd = shell.state.fs, name, shell.cwd
        self._fs.write(name, b"", self._cwd, append=append)

    async def write(self, data: bytes) -> None:
        self._fs.write(self._name, data, self._cwd, append=True)


async def redirect(shell: Shell, redirects: list[Redirect], ctx: Context) -> Context:
    """The context with its streams put where the redirections say."""
    for item in redirects:
        name = await joined(shell, item.word, ctx)
        if item.operator == "<":
            ctx = replace(ctx, stdin=Fixed(shell.state.fs.read(name, shell.cwd)))
            continue
        if item.operator in ("1", "2"):
            sink = ctx.out if item.operator == "1" else ctx.err
        elif not may_write(shell.state.fs.norm(name, shell.cwd), shell.uid):
            raise PermissionError(13, f"can't create {name}: Permission denied")
        else:
            sink = FileSink(shell, name, append=item.operator == ">>")
        ctx = replace(ctx, out=sink) if item.fd == 1 else replace(ctx, err=sink)
    return ctx


async def end_zygote(state: DeviceState, *, again: bool = True) -> None:
    """Zygote dies, and every app with it; init starts it again unless it is stopped."""
    state.zygote, state.next_zygote = (state.next_zygote if again else 0), state.next_zygote + 1
    for package in {one.package for one in state.app.processes.values()}:
        await state.app.force_stop(package)


async def _serve(ctx: Context, path: str, args: list[str]) -> bool:
    """Runs a program that was pushed: nothing but a frida-server, and only where a trait says so. Whether it runs."""
    if not ctx.state.traits.frida_server or ctx.shell.uid:
        return False
    port = next((word.rpartition(":")[2] for word in args if word.rpartition(":")[2].isdigit()), "27042")
    ctx.state.served[posixpath.basename(path)] = int(port)
    if not ctx.state.traits.spares_zygote and ctx.state.zygote:
        await end_zygote(ctx.state)
    return True


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
