"""Words of the shell: variables, `$(…)`, splitting and globs; and redirections."""

from __future__ import annotations

import contextlib
import fnmatch
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .context import Context, may_write
from .parse import Part, Redirect, Word
from .streams import Collect, Fixed

if TYPE_CHECKING:
    from .run import Shell

MAX_PATHS = 10_000
_GLOB = re.compile(r"[*?\[]")


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
