"""Words of the shell: variables, `$(…)`, splitting and globs; and redirections."""

from __future__ import annotations

import contextlib
import fnmatch
import re
from typing import TYPE_CHECKING, Any

from .context import Context, may_write
from .streams import Collect, Fixed, Null
from .tree import Redirect, Word

if TYPE_CHECKING:
    from .run import Shell

MAX_PATHS = 10_000
_GLOB = re.compile(r"[*?\[]")


async def expand(shell: Shell, word: Word, ctx: Context, split: bool = True) -> list[str]:
    """Variables, `$(…)`, splitting of what came unquoted, then globs."""
    fields: list[list[tuple[str, bool]]] = [[]]
    for text, quoted, kind in word.parts:
        if kind == "text":
            fields[-1].append((text, quoted))
            continue
        value = await _value(shell, text, kind, ctx)
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
            done += _glob(shell, parts) if split else ["".join(t for t, _ in parts)]
    return done


def _glob(shell: Shell, parts: list[tuple[str, bool]]) -> list[str]:
    text = "".join(t for t, _ in parts)
    if not any(not quoted and _GLOB.search(t) for t, quoted in parts):
        return [text]
    pattern = "".join(re.sub(r"([*?\[])", r"[\1]", t) if quoted else t for t, quoted in parts)
    return glob(shell, pattern) or [text]


def glob(shell: Shell, pattern: str) -> list[str]:
    """Existing paths that match, in order."""
    fs = shell.state.fs
    found = ["/" if pattern.startswith("/") else ""]
    for part in [p for p in pattern.split("/") if p]:
        nxt: list[str] = []
        for base in found:
            if not _GLOB.search(part):
                path = base + part
                nxt += [path + "/"] if fs.exists(path, shell.cwd) else []
                continue
            with contextlib.suppress(OSError):
                names = fs.listdir(base or ".", shell.cwd)
                hits = [n for n in names if fnmatch.fnmatchcase(n, part) and (part[0] == "." or n[0] != ".")]
                nxt += [base + n + "/" for n in hits]
        found = nxt[:MAX_PATHS]
    return [p[:-1] for p in found if len(p) > 1]


async def _value(shell: Shell, text: str, kind: str, ctx: Context) -> str:
    if kind == "command":
        out = Collect()
        child = shell.child()
        shell.last = await child.run(text, ctx.stdin, out, ctx.err)
        return bytes(out.data).decode("utf-8", "surrogateescape").rstrip("\n")
    if text == "?":
        return str(shell.last)
    if text == "$":
        return "4242"
    if text in ("#", "!"):
        return "0"
    name, _, otherwise = text.partition(":-")
    if name == "EPOCHREALTIME":  # mksh's
        now = shell.state.clock.now_ns()
        return f"{now // 1_000_000_000}.{now // 1000 % 1_000_000:06d}"
    return shell.env.get(name, "") or otherwise


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
