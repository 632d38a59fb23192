"""Commands that run commands: sh, su, nsenter, env; true and false."""

import re

from emulator.standin.files.namespaces import isolated, of
from emulator.standin.shell.context import Context
from emulator.standin.shell.streams import read_all

from .common import Usage
from .processes import processes


async def true(ctx: Context, args: list[str]) -> int:
    return 0


async def false(ctx: Context, args: list[str]) -> int:
    return 1


async def sh(ctx: Context, args: list[str]) -> int:
    """`sh -c LINE`, `sh FILE`, or a script on standard input, line by line."""
    child = ctx.shell.child()
    if args[:1] == ["-c"] and len(args) > 1:
        return await child.run(args[1], ctx.stdin, ctx.out, ctx.err)
    if args and not args[0].startswith("-"):
        script = ctx.state.fs.read(args[0], ctx.cwd).decode("utf-8", "replace")
        return await child.run(script, ctx.stdin, ctx.out, ctx.err)
    if args:
        raise Usage(f"unknown option {args[0]}")
    script = (await read_all(ctx.stdin)).decode("utf-8", "surrogateescape")
    return await child.run(script, ctx.stdin, ctx.out, ctx.err)


async def su(ctx: Context, args: list[str]) -> int:
    """AOSP's `su [WHO [CMD…]]`, which has no options; Magisk's also `su -c LINE`. A user build has none."""
    if ctx.state.traits.su == "none":
        return await ctx.complain("/system/bin/sh: su: inaccessible or not found", 127)
    rest = list(args)
    if rest and (rest[0] in ("root", "0", "shell", "2000") or rest[0] in ("-", "-l", "-mm")):
        rest.pop(0)
    if rest and rest[0].startswith("-") and ctx.state.traits.su != "magisk":
        raise Usage(f"invalid uid/gid '{rest[0]}'")
    child = ctx.shell.child()
    child.uid = 0
    child.state = isolated(ctx.state)
    inner = Context(child.state, child, ctx.stdin, ctx.out, ctx.err)
    if rest[:1] == ["-c"]:
        return await child.run(" ".join(rest[1:]), ctx.stdin, ctx.out, ctx.err)
    return await child.call(rest, inner) if rest else await sh(inner, [])


async def nsenter(ctx: Context, args: list[str]) -> int:
    """Runs the command in a process's mount namespace. A profile can refuse zygote's."""
    match = re.fullmatch(r"--mount=/proc/(\d+)/ns/mnt", args[0]) if args[1:2] == ["--"] else None
    if match is None:
        raise Usage("only --mount=/proc/PID/ns/mnt -- COMMAND is supported")
    target, rest = match.group(1), args[2:]
    if int(target) not in {r.pid for r in processes(ctx)}:
        raise Usage(f"/proc/{target}/ns/mnt: No such file or directory")
    child = ctx.shell.child()
    try:
        child.state = of(ctx.state, int(target))
    except PermissionError as bad:
        raise Usage(f"{bad.filename}: {bad.strerror}") from None
    return await child.call(rest, Context(child.state, child, ctx.stdin, ctx.out, ctx.err)) if rest else 0


COMMANDS = {
    "true": true,
    ":": true,
    "false": false,
    "sh": sh,
    "su": su,
    "nsenter": nsenter,
}
