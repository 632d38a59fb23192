"""Text: echo, printf, head."""

import re

from emulator.standin.shell.context import Context

from .common import Usage, inputs, options


async def echo(ctx: Context, args: list[str]) -> int:
    newline, escapes = True, False
    while args and args[0] in ("-n", "-e", "-ne", "-en"):
        newline, escapes = newline and "n" not in args[0], escapes or "e" in args[0]
        args = args[1:]
    text = " ".join(args)
    if escapes:
        text = _unescape(text)
    await ctx.out.write((text + ("\n" if newline else "")).encode("utf-8", "surrogateescape"))
    return 0


def _unescape(text: str) -> str:
    table = {"n": "\n", "t": "\t", "\\": "\\", "r": "\r", "0": "\0"}
    return re.sub(r"\\([nt\\r0])", lambda m: table[m.group(1)], text)


async def printf(ctx: Context, args: list[str]) -> int:
    if not args:
        raise Usage("Needs 1 argument")
    values = list(args[1:])
    template = _unescape(args[0])
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
    args = [f"-n{a[1:]}" if re.fullmatch(r"-\d+", a) else a for a in args]
    given, paths = options(args, "q", "nc")
    if not paths and "c" not in given:  # stop reading early, so that endless input ends
        left = int(given.get("n", 10))
        while left > 0 and (chunk := await ctx.stdin.read()):
            lines = chunk.splitlines(keepends=True)[:left]
            left -= sum(line.endswith(b"\n") for line in lines)
            await ctx.out.write(b"".join(lines))
        return 0
    for _, data in await inputs(ctx, "head", paths):
        part = (
            data[: int(given["c"])]
            if "c" in given
            else b"".join(data.splitlines(keepends=True)[: int(given.get("n", 10))])
        )
        await ctx.out.write(part)
    return 0


COMMANDS = {
    "echo": echo,
    "printf": printf,
    "head": head,
}
