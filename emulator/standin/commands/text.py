"""Text: echo, printf, head, tail, wc, sort, cut, tr, xargs; sed is not there."""

from __future__ import annotations

import re

from emulator.standin.shell.context import Context
from emulator.standin.shell.streams import read_all

from .options import bad_usage, options
from .paths import inputs


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
        return await bad_usage(ctx, "printf", "Needs 1 argument")
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


async def tail(ctx: Context, args: list[str]) -> int:
    args = [f"-n{a[1:]}" if re.fullmatch(r"-\d+", a) else a for a in args]
    given, paths = options(args, "", "nc")
    text = given.get("n", "10")
    for _, data in await inputs(ctx, "tail", paths):
        if "c" in given:
            await ctx.out.write(data[-int(given["c"]) :])
            continue
        lines = data.splitlines(keepends=True)
        count = int(text.lstrip("+-"))
        await ctx.out.write(b"".join(lines[count - 1 :] if text[0] == "+" else lines[-count:] if count else []))
    return 0


async def wc(ctx: Context, args: list[str]) -> int:
    given, paths = options(args, "lwcm")
    for path, data in await inputs(ctx, "wc", paths):
        counts = {
            "l": data.count(b"\n"),
            "w": len(data.split()),
            "c": len(data),
            "m": len(data.decode("utf-8", "replace")),
        }
        shown = [str(counts[k]) for k in ("l", "w", "c", "m") if k in (given or "lwc")]
        await ctx.say(" ".join(shown) + (f" {path}" if path != "-" else ""))
    return 0


async def sort(ctx: Context, args: list[str]) -> int:
    given, paths = options(args, "urn")
    lines = [line for _, data in await inputs(ctx, "sort", paths) for line in data.splitlines()]

    def number(line: bytes) -> tuple[float, bytes]:
        match = re.match(rb"\s*-?\d+(\.\d+)?", line)
        return (float(match.group(0)) if match else 0.0, line)

    lines = sorted(set(lines) if "u" in given else lines, key=number if "n" in given else None, reverse="r" in given)
    await ctx.out.write(b"".join(line + b"\n" for line in lines))
    return 0


async def cut(ctx: Context, args: list[str]) -> int:
    given, paths = options(args, "s", "dfc")
    mark = given.get("d", "\t").encode()
    spec = given.get("f") or given.get("c")
    if not spec or not re.fullmatch(r"\d*-?\d*(,\d*-?\d*)*", spec):
        return await bad_usage(ctx, "cut", "bad list")
    for _, data in await inputs(ctx, "cut", paths):
        for line in data.splitlines():
            fields = line.split(mark) if "f" in given else [bytes([b]) for b in line]
            keep: list[bytes] = []
            for part in spec.split(","):
                low, dash, high = part.partition("-")
                first, end = int(low or 1), int(high) if high else (len(fields) if dash else int(low or 1))
                keep += fields[first - 1 : end]
            await ctx.out.write((mark if "f" in given else b"").join(keep) + b"\n")
    return 0


async def tr(ctx: Context, args: list[str]) -> int:
    given, sets = options(args, "d")
    data = await read_all(ctx.stdin)
    first = _unescape(sets[0]).encode() if sets else b""
    if "d" in given:
        await ctx.out.write(data.translate(None, first))
        return 0
    if len(sets) != 2 or "-" in sets[0] or "[" in sets[0]:
        return await bad_usage(ctx, "tr", "only plain sets are supported")
    second = _unescape(sets[1]).encode()
    second = (second + second[-1:] * len(first))[: len(first)]
    await ctx.out.write(data.translate(bytes.maketrans(first, second)))
    return 0


async def xargs(ctx: Context, args: list[str]) -> int:
    given, words = options(args, "r0", "n", stop_early=True)
    values = (await read_all(ctx.stdin)).decode("utf-8", "replace").split()
    if not words or ("n" in given and not given["n"].isdigit()):
        return await bad_usage(ctx, "xargs", "needs a command")
    size = int(given.get("n", len(values) or 1)) or 1
    code = 0
    for start in range(0, len(values), size):
        code = max(code, await ctx.shell.call([*words, *values[start : start + size]], ctx))
    return code


COMMANDS = {
    "echo": echo,
    "printf": printf,
    "head": head,
    "tail": tail,
    "wc": wc,
    "sort": sort,
    "cut": cut,
    "tr": tr,
    "xargs": xargs,
}
