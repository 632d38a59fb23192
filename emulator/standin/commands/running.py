"""Commands that run commands: sh, su, nsenter, toybox, nohup, timeout, run-as, which, env; true and false."""

from __future__ import annotations

import asyncio
import re

from emulator.standin.files.namespaces import isolated, of
from emulator.standin.shell.context import Context
from emulator.standin.shell.streams import read_all

from .options import bad_usage, options
from .processes import processes


async def true(ctx: Context, args: list[str]) -> int:
    return 0


async def false(ctx: Context, args: list[str]) -> int:
    return 1


async def which(ctx: Context, args: list[str]) -> int:
    code = 0
    for name in args:
        if name in ctx.shell.commands and not name.startswith("["):
            await ctx.say(f"/system/bin/{name}")
        else:
            code = 1
    return code


async def sh(ctx: Context, args: list[str]) -> int:
    """`sh -c LINE`, `sh FILE`, or a script on standard input, line by line."""
    child = ctx.shell.child()
    if args[:1] == ["-c"] and len(args) > 1:
        return await child.run(args[1], ctx.stdin, ctx.out, ctx.err)
    if args and not args[0].startswith("-"):
        script = ctx.state.fs.read(args[0], ctx.cwd).decode("utf-8", "replace")
        return await child.run(script, ctx.stdin, ctx.out, ctx.err)
    if args:
        return await bad_usage(ctx, "sh", f"unknown option {args[0]}")
    script = (await read_all(ctx.stdin)).decode("utf-8", "surrogateescape")
    return await child.run(script, ctx.stdin, ctx.out, ctx.err)


async def su(ctx: Context, args: list[str]) -> int:
    """AOSP's `su [WHO [CMD…]]`, which has no options; Magisk's also `su -c LINE`. A user build has none."""
    if ctx.state.traits.su == "none":
        await ctx.complain("/system/bin/sh: su: inaccessible or not found")
        return 127
    rest = list(args)
    if rest and (rest[0] in ("root", "0", "shell", "2000") or rest[0] in ("-", "-l", "-mm")):
        rest.pop(0)
    if rest and rest[0].startswith("-") and ctx.state.traits.su != "magisk":
        return await bad_usage(ctx, "su", f"invalid uid/gid '{rest[0]}'")
    child = ctx.shell.child()
    child.uid = 0
    child.state = isolated(ctx.state)
    inner = Context(child.state, child, ctx.stdin, ctx.out, ctx.err)
    if rest[:1] == ["-c"]:
        return await child.run(" ".join(rest[1:]), ctx.stdin, ctx.out, ctx.err)
    return await child.call(rest, inner) if rest else await sh(inner, [])


async def nsenter(ctx: Context, args: list[str]) -> int:
    """Runs the command in a process's mount namespace. A profile can refuse zygote's."""
    rest = list(args)
    target = ""
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option == "--":
            break
        if match := re.fullmatch(r"--mount=/proc/(\d+)/ns/mnt", option):
            target = match.group(1)
        elif option in ("-t", "--target") and rest:
            target = rest.pop(0)
        elif option.startswith("--target="):
            target = option[9:]
        elif option not in ("-m", "--mount"):
            return await bad_usage(ctx, "nsenter", f"Unknown option '{option}'")
    if not target.isdigit() or int(target) not in {r.pid for r in processes(ctx)}:
        return await bad_usage(ctx, "nsenter", f"/proc/{target}/ns/mnt: No such file or directory")
    child = ctx.shell.child()
    try:
        child.state = of(ctx.state, int(target))
    except PermissionError as bad:
        return await bad_usage(ctx, "nsenter", f"{bad.filename}: {bad.strerror}")
    return await child.call(rest, Context(child.state, child, ctx.stdin, ctx.out, ctx.err)) if rest else 0


async def toybox(ctx: Context, args: list[str]) -> int:
    if not args:
        await ctx.say(" ".join(sorted(ctx.shell.commands)))
        return 0
    if args[0] not in ctx.shell.commands:
        await ctx.complain(f"toybox: Unknown command {args[0]}")
        return 127
    return await ctx.shell.call(args, ctx)


async def nohup(ctx: Context, args: list[str]) -> int:
    return await ctx.shell.call(args, ctx) if args else await bad_usage(ctx, "nohup", "Needs 1 argument")


async def timeout(ctx: Context, args: list[str]) -> int:
    _, rest = options(args, "", "sk", stop_early=True)
    if len(rest) < 2 or not re.fullmatch(r"\d+(\.\d+)?s?", rest[0]):
        return await bad_usage(ctx, "timeout", "Needs 2 arguments")
    try:
        return await asyncio.wait_for(ctx.shell.call(rest[1:], ctx), float(rest[0].rstrip("s")))
    except TimeoutError:
        return 124


async def run_as(ctx: Context, args: list[str]) -> int:
    package = ctx.state.packages.get(args[0]) if args else None
    if package is None:
        return await bad_usage(ctx, "run-as", f"unknown package: {args[0] if args else ''}")
    if not package.debuggable:
        return await bad_usage(ctx, "run-as", f"package not debuggable: {package.name}")
    child = ctx.shell.child()
    child.cwd = package.data_dir
    return await child.call(args[1:] or ["sh"], ctx)


async def env(ctx: Context, args: list[str]) -> int:
    for name, value in sorted(ctx.shell.env.items()):
        await ctx.say(f"{name}={value}")
    return 0


COMMANDS = {
    "true": true,
    ":": true,
    "false": false,
    "which": which,
    "sh": sh,
    "su": su,
    "nsenter": nsenter,
    "toybox": toybox,
    "nohup": nohup,
    "timeout": timeout,
    "run-as": run_as,
    "env": env,
    "printenv": env,
}
