"""Who may do what with a file: chmod, chown, chcon."""

import re
from collections.abc import Callable
from typing import Any

from emulator.standin.shell.context import CommandFunction, Context

from .common import Usage, for_each, user_id


def _changes(name: str, read: Callable[[str], dict[str, Any]]) -> CommandFunction:
    """A command whose first argument, as ``read`` understands it, is set on the files that follow."""

    async def run(ctx: Context, args: list[str]) -> int:
        if len(args) < 2:
            raise Usage("Needs 2 arguments")
        wanted = read(args[0])

        def change(path: str) -> None:
            ctx.state.fs.set_meta(path, ctx.cwd, **wanted)

        return await for_each(ctx, name, args[1:], change)

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
    "chmod": _changes("chmod", _mode),
    "chown": _changes("chown", _owner),
    "chcon": _changes("chcon", _context),
}
