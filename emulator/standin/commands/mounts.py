"""Mounts: mount, umount."""

from emulator.standin.files.proc import mount_table
from emulator.standin.shell.context import Context

from .common import Usage, for_each, options


async def mount(ctx: Context, args: list[str]) -> int:
    if not args:
        for line in mount_table(ctx.state).splitlines():
            source, at, kind, flags, *_ = line.split()
            await ctx.say(f"{source} on {at} type {kind} ({flags})")
        return 0
    bind = "--bind" in args or "bind" in args
    given, paths = options([a for a in args if a != "--bind"], "rw", "to")
    paths = [p for p in paths if p != "bind"] if bind else paths
    kind = "bind" if bind or given.get("o", "") in ("bind", "rbind") else given.get("t", "")
    if "remount" in given.get("o", ""):
        return 0
    if kind not in ("tmpfs", "bind") or len(paths) != 2:
        raise Usage(f"'{paths[0] if paths else ''}'->'{paths[-1] if paths else ''}': Invalid argument")
    try:
        ctx.state.fs.mount(kind, paths[0], paths[1], ctx.cwd)
    except OSError as bad:
        raise Usage(f"'{paths[0]}'->'{paths[1]}': {bad.strerror}") from None
    return 0


async def umount(ctx: Context, args: list[str]) -> int:
    _, paths = options(args, "lfr")
    return await for_each(ctx, "umount", paths, lambda p: ctx.state.fs.umount(p, ctx.cwd))


COMMANDS = {
    "mount": mount,
    "umount": umount,
}
