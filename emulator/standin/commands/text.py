"""Text: echo, printf, head."""

import re

from emulator.standin.shell.context import Context

from .common import Usage, options

_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", "r": "\r", "0": "\0"}


async def echo(ctx: Context, args: list[str]) -> int:
    await ctx.out.write((" ".join(args) + "\n").encode("utf-8", "surrogateescape"))
    return 0


async def printf(ctx: Context, args: list[str]) -> int:
    if not args:
        raise Usage("Needs 1 argument")
    values = list(args[1:])
    template = re.sub(r"\\([nt\\r0])", lambda m: _ESCAPES[m.group(1)], args[0])
    once = True
    while once or values:
        once = False

        def fill(match: re.Match[str]) -> str:
            kind = match.group(2)
            if kind == "%":
                return "%"
            value = values.pop(0) if values else ""
            spec = "%" + match.group(1) + kind
            return spec % (int(value or "0", 0) if kind in "dxXou" else value)

        before = len(values)
        text = re.sub(r"%([-0-9.]{0,6})([sdxXou%])", fill, template)
        await ctx.out.write(text.encode("utf-8", "surrogateescape"))
        if len(values) == before:
            break
    return 0


async def head(ctx: Context, args: list[str]) -> int:
    given, paths = options(args, "", "c")
    if "c" not in given:
        raise Usage("only -c N is supported")
    for path in paths:
        await ctx.out.write(ctx.state.fs.read(path, ctx.cwd)[: int(given["c"])])
    return 0


COMMANDS = {
    "echo": echo,
    "printf": printf,
    "head": head,
}
