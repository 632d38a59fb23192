"""Who may do what with a file: chmod, chown, chcon."""

import re
from collections.abc import Callable
from typing import Any

from emulator.standin.shell.context import CommandFunction, Context

from .common import Usage, for_each, tree, user_id


def _changes(name: str, unused: tuple[str, ...], read: Callable[[str], dict[str, Any]]) -> CommandFunction:
    """A command whose first argument, as ``read`` understands it, is set on the files that follow."""

    async def run(ctx: Context, args: list[str]) -> int:
        rest = [a for a in args if a not in ("-R", *unused)]
        if len(rest) < 2:
            raise Usage("Need 2 arguments")
        wanted = read(rest[0])

        def change(path: str) -> None:
            for each in tree(ctx, path) if "-R" in args else [path]:
                ctx.state.fs.set_meta(each, ctx.cwd, **wanted)

        return await for_each(ctx, name, rest[1:], change)

    return run


def _mode(text: str) -> dict[str, Any]:
    return {"mode": int(text, 8)}


def _owner(text: str) -> dict[str, Any]:
    owner, _, group = re.sub(r"[.:]", ":", text, count=1).partition(":")
    return {key: user_id(name) for key, name in (("uid", owner), ("gid", group)) if name}


def _context(text: str) -> dict[str, Any]:
    if len(text.split(":")) < 4:
        raise Usage(f"'{text}': Invalid argument")
    return {"context": text}


COMMANDS = {
    "chmod": _changes("chmod", ("-f",), _mode),
    "chown": _changes("chown", ("-h", "-f"), _owner),
    "chcon": _changes("chcon", ("-h", "-v"), _context),
}
