"""Words of the shell: variables, `$(…)`, splitting and globs."""

from __future__ import annotations

import contextlib
import fnmatch
import re
from typing import TYPE_CHECKING

from .context import Context
from .streams import Collect
from .tree import Word

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
