"""Who may do what with a file: chmod, chown, chcon."""

import re

from emulator.standin.shell.context import Context

from .common import bad_usage, for_each, tree, user_id


async def chmod(ctx: Context, args: list[str]) -> int:
    recursive = "-R" in args
    rest = [a for a in args if a not in ("-R", "-f")]
    if len(rest) < 2:
        return await bad_usage(ctx, "chmod", "Needs 2 arguments")
    fs = ctx.state.fs

    def change(path: str) -> None:
        for each in tree(ctx, path) if recursive else [path]:
            fs.set_meta(each, ctx.cwd, mode=int(rest[0], 8))

    return await for_each(ctx, "chmod", rest[1:], change)


async def chown(ctx: Context, args: list[str]) -> int:
    recursive = "-R" in args
    rest = [a for a in args if a not in ("-R", "-h", "-f")]
    if len(rest) < 2:
        return await bad_usage(ctx, "chown", "Needs 2 arguments")
    owner, _, group = re.sub(r"[.:]", ":", rest[0], count=1).partition(":")
    uid = user_id(owner) if owner else None
    gid = user_id(group) if group else None

    def change(path: str) -> None:
        for each in tree(ctx, path) if recursive else [path]:
            ctx.state.fs.set_meta(each, ctx.cwd, uid=uid, gid=gid)

    return await for_each(ctx, "chown", rest[1:], change)


async def chcon(ctx: Context, args: list[str]) -> int:
    recursive = "-R" in args
    rest = [a for a in args if a not in ("-R", "-h", "-v")]
    if len(rest) < 2:
        return await bad_usage(ctx, "chcon", "Needs 2 arguments")
    if len(rest[0].split(":")) < 4:
        return await bad_usage(ctx, "chcon", f"'{rest[0]}': Invalid argument")

    def change(path: str) -> None:
        for each in tree(ctx, path) if recursive else [path]:
            ctx.state.fs.set_meta(each, ctx.cwd, context=rest[0])

    return await for_each(ctx, "chcon", rest[1:], change)


COMMANDS = {
    "chmod": chmod,
    "chown": chown,
    "chcon": chcon,
}
