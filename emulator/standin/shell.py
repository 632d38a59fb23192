"""The device's shell: a small, in-process language over a virtual file system. What it does not know fails loudly.

Known: words with '…', "…" and backslash, `$VAR`, `${VAR}`, `$?`, `$$`, `$(…)`, globs; `;` `&` `&&` `||` `|` `!`;
`>` `>>` `<` `2>` `&>` `2>&1` `>&2`; assignments; `( … )`, `{ …; }`; `if`, `for`, `while`.
"""

from __future__ import annotations

import asyncio
import contextlib
import fnmatch
import posixpath
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .shellparse import (
    AndOr,
    Command,
    ForLoop,
    Group,
    IfClause,
    Item,
    Pipeline,
    Redirect,
    ShellSyntaxError,
    Simple,
    WhileLoop,
    Word,
    parse,
)
from .streams import Collect, Fixed, Null, Pipe, Sink, Source

if TYPE_CHECKING:
    from .state import DeviceState

MAX_DEPTH = 40
MAX_LOOPS = 10_000
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_GLOB = re.compile(r"[*?\[]")


class ExitShell(Exception):
    """`exit N`."""

    def __init__(self, code: int) -> None:
        self.code = code


class LoopJump(Exception):
    """`break` and `continue`."""

    def __init__(self, again: bool) -> None:
        self.again = again


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
    jobs: set[asyncio.Task[int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        base = {
            "PATH": "/product/bin:/apex/com.android.runtime/bin:/system/bin:/vendor/bin",
            "HOME": "/",
            "USER": "root",
        }
        base |= {
            "TMPDIR": "/data/local/tmp",
            "SHELL": "/bin/sh",
            "HOSTNAME": self.state.props.get("ro.product.device", ""),
        }
        base |= {"ANDROID_ROOT": "/system", "ANDROID_DATA": "/data", "EXTERNAL_STORAGE": "/sdcard", "PWD": self.cwd}
        self.env = base | self.env

    def child(self) -> Shell:
        """A subshell: a copy of variables and directory."""
        return Shell(
            self.state, self.commands, dict(self.env), self.cwd, self.last, self.uid, self.depth + 1, self.jobs
        )

    async def run(self, line: str, stdin: Source, out: Sink, err: Sink) -> int:
        """Runs a script; the exit code. `exit` ends it."""
        try:
            return await self.script(line, stdin, out, err)
        except ExitShell as done:
            return done.code
        except LoopJump:
            return 0

    async def script(self, line: str, stdin: Source, out: Sink, err: Sink) -> int:
        if self.depth > MAX_DEPTH:
            await err.write(b"/system/bin/sh: too deeply nested\n")
            return 2
        try:
            items = parse(line)
        except ShellSyntaxError as bad:
            await err.write(f"/system/bin/sh: syntax error: {bad}\n".encode())
            self.last = 2
            return 2
        return await self._items(items, Context(self.state, self, stdin, out, err))

    async def _items(self, items: list[Item], ctx: Context) -> int:
        for item in items:
            if item.background:
                child = self.child()
                task = asyncio.create_task(child._background(item.what, ctx))
                self.jobs.add(task)
                task.add_done_callback(self.jobs.discard)
                self.last = 0
            else:
                self.last = await self._and_or(item.what, ctx)
        return self.last

    async def _background(self, what: AndOr, ctx: Context) -> int:
        try:
            return await self._and_or(what, Context(self.state, self, Fixed(), ctx.out, ctx.err))
        except ExitShell as done:
            return done.code
        except (OSError, LoopJump):
            return 1

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
            async with contextlib.AsyncExitStack() as stack:
                ctx = await self._redirect(command.redirects, ctx, stack)
                if isinstance(command, Simple):
                    return await self._simple(command, ctx)
                if isinstance(command, Group):
                    return await self._group(command, ctx)
                if isinstance(command, IfClause):
                    return await self._if(command, ctx)
                if isinstance(command, ForLoop):
                    return await self._for(command, ctx)
                assert isinstance(command, WhileLoop)
                return await self._while(command, ctx)
        except BrokenPipeError:
            raise
        except (OSError, ValueError) as bad:
            reason = getattr(bad, "strerror", None) or str(bad)
            await ctx.complain(f"/system/bin/sh: {_where(bad, self.state.fs.root)}{reason}")
            return 1

    async def _group(self, group: Group, ctx: Context) -> int:
        if not group.subshell:
            return await self._items(group.body, ctx)
        child = self.child()
        try:
            return await child._items(group.body, Context(self.state, child, ctx.stdin, ctx.out, ctx.err))
        except ExitShell as done:
            return done.code

    async def _if(self, clause: IfClause, ctx: Context) -> int:
        for condition, body in clause.branches:
            if await self._items(condition, ctx) == 0:
                return await self._items(body, ctx)
        return await self._items(clause.otherwise, ctx) if clause.otherwise else 0

    async def _for(self, loop: ForLoop, ctx: Context) -> int:
        code = 0
        values = [v for word in loop.words for v in await self.expand(word, ctx)]
        for value in values[:MAX_LOOPS]:
            self.env[loop.name] = value
            try:
                code = await self._items(loop.body, ctx)
            except LoopJump as jump:
                if not jump.again:
                    break
        return code

    async def _while(self, loop: WhileLoop, ctx: Context) -> int:
        code = 0
        for _ in range(MAX_LOOPS):
            if (await self._items(loop.condition, ctx) == 0) == loop.until:
                return code
            try:
                code = await self._items(loop.body, ctx)
            except LoopJump as jump:
                if not jump.again:
                    return code
            await asyncio.sleep(0)
        await ctx.complain("/system/bin/sh: too many iterations")
        return 2

    async def _simple(self, simple: Simple, ctx: Context) -> int:
        assigned = {name: "".join(await self.expand(word, ctx, split=False)) for name, word in simple.assigns}
        words = [v for word in simple.words for v in await self.expand(word, ctx)]
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
        if name in _BUILTINS:
            return await _BUILTINS[name](self, ctx, words[1:])
        base = posixpath.basename(name) if name.startswith(("/system/bin/", "/bin/", "/vendor/bin/")) else name
        function = self.commands.get(base)
        if function is None:
            return await self._missing(name, ctx)
        try:
            return await function(Context(self.state, self, ctx.stdin, ctx.out, ctx.err), words[1:])
        except (BrokenPipeError, ExitShell, LoopJump):
            raise
        except (OSError, ValueError, UnicodeError) as bad:
            await ctx.complain(f"{base}: {_where(bad, self.state.fs.root)}{getattr(bad, 'strerror', None) or bad}")
            return 1

    async def _missing(self, name: str, ctx: Context) -> int:
        if "/" in name and self.state.fs.exists(name, self.cwd):
            if self.state.fs.is_dir(name, self.cwd):
                await ctx.complain(f"/system/bin/sh: {name}: can't execute: Is a directory")
                return 126
            text = self.state.fs.read(name, self.cwd)
            if text.startswith(b"#!") and b"sh" in text.split(b"\n", 1)[0]:
                return await self.child().run(text.decode("utf-8", "replace"), ctx.stdin, ctx.out, ctx.err)
            await ctx.complain(f"/system/bin/sh: {name}: can't execute: Exec format error")
            return 126
        await ctx.complain(f"/system/bin/sh: {name}: inaccessible or not found")
        return 127

    async def _redirect(self, redirects: list[Redirect], ctx: Context, stack: contextlib.AsyncExitStack) -> Context:
        stdin, out, err = ctx.stdin, ctx.out, ctx.err
        for item in redirects:
            if item.kind == "dup":
                target = out if item.target == "1" else err
                out, err = (target, err) if item.fd == 1 else (out, target)
                continue
            name = "".join(await self.expand(item.word, ctx, split=False))
            if item.kind == "<":
                stdin = Fixed(self.state.fs.read(name, self.cwd)) if name != "/dev/null" else Fixed()
                continue
            sink: Any = Null() if name == "/dev/null" else FileSink(self, name, append=item.kind == ">>")
            if item.fd in (1, 3):
                out = sink
            if item.fd in (2, 3):
                err = sink
        return Context(self.state, self, stdin, out, err)

    # words

    async def expand(self, word: Word, ctx: Context, split: bool = True) -> list[str]:
        """Variables, `$(…)`, splitting of what came unquoted, then globs."""
        fields: list[list[tuple[str, bool]]] = [[]]
        for text, quoted, kind in word.parts:
            if kind == "text":
                fields[-1].append((text, quoted))
                continue
            value = await self._value(text, kind, ctx)
            if quoted or not split:
                fields[-1].append((value, True))
                continue
            pieces = value.split()
            if value[:1].isspace() and fields[-1]:
                fields.append([])
            for index, piece in enumerate(pieces):
                if index:
                    fields.append([])
                fields[-1].append((piece, False))
            if value[-1:].isspace() and pieces:
                fields.append([])
        done: list[str] = []
        for parts in fields:
            if parts:
                done += self._glob(parts) if split else ["".join(t for t, _ in parts)]
        return done

    def _glob(self, parts: list[tuple[str, bool]]) -> list[str]:
        text = "".join(t for t, _ in parts)
        if not any(not quoted and _GLOB.search(t) for t, quoted in parts):
            return [text]
        pattern = "".join(re.sub(r"([*?\[])", r"[\1]", t) if quoted else t for t, quoted in parts)
        return self.glob(pattern) or [text]

    def glob(self, pattern: str) -> list[str]:
        """Existing paths that match, in order."""
        fs = self.state.fs
        found = ["/" if pattern.startswith("/") else ""]
        for part in [p for p in pattern.split("/") if p]:
            nxt: list[str] = []
            for base in found:
                if not _GLOB.search(part):
                    path = base + part
                    nxt += [path + "/"] if fs.exists(path, self.cwd) else []
                    continue
                with contextlib.suppress(OSError):
                    names = fs.listdir(base or ".", self.cwd)
                    hits = [n for n in names if fnmatch.fnmatchcase(n, part) and (part[0] == "." or n[0] != ".")]
                    nxt += [base + n + "/" for n in hits]
            found = nxt[:MAX_LOOPS]
        return [p[:-1] for p in found if len(p) > 1]

    async def _value(self, text: str, kind: str, ctx: Context) -> str:
        if kind == "command":
            out = Collect()
            child = self.child()
            self.last = await child.run(text, ctx.stdin, out, ctx.err)
            return bytes(out.data).decode("utf-8", "surrogateescape").rstrip("\n")
        if text == "?":
            return str(self.last)
        if text == "$":
            return "4242"
        if text in ("#", "!"):
            return "0"
        name, op, rest = (re.match(r"(\w+)(:-|:=|:\+|#|%)?(.*)\Z", text, re.S) or re.match(r"()()()", "")).groups()  # type: ignore[union-attr]
        value = self.env.get(name, "")
        if op in (":-", ":=") and not value:
            return str(rest)
        if op == ":+":
            return str(rest) if value else ""
        if op == "#" and rest:
            return value.removeprefix(rest)
        if op == "%":
            return value.removesuffix(rest)
        return value


class FileSink:
    """Appends to a file of the device; created at once."""

    def __init__(self, shell: Shell, name: str, append: bool) -> None:
        self._fs, self._name, self._cwd = shell.state.fs, name, shell.cwd
        self._fs.write(name, b"", self._cwd, append=append)

    async def write(self, data: bytes) -> None:
        self._fs.write(self._name, data, self._cwd, append=True)


def _where(bad: BaseException, root: Path) -> str:
    """The file an error is about, as the device names it (errors of the host name the real file)."""
    name = getattr(bad, "filename", None)
    return f"{str(name).removeprefix(str(root))}: " if name else ""


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
        known = len(args) > 1 and (args[1] in shell.commands or args[1] in _BUILTINS)
        if known:
            await ctx.say(f"/system/bin/{args[1]}")
        return 0 if known else 1
    return await shell.call(args, ctx) if args else 0


_BUILTINS: dict[str, Callable[[Shell, Context, list[str]], Awaitable[int]]] = {
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
