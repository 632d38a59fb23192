"""Text and conditions: echo, printf, head, grep, test."""

import re

from emulator.standin.shell.context import Context

from .common import Usage, options


async def echo(ctx: Context, args: list[str]) -> int:
    newline = args[:1] != ["-n"]
    text = " ".join(args if newline else args[1:])
    await ctx.out.write((text + ("\n" if newline else "")).encode("utf-8", "surrogateescape"))
    return 0


async def printf(ctx: Context, args: list[str]) -> int:
    """A text with escapes; formats are not supported."""
    if len(args) != 1 or "%" in args[0]:
        raise Usage("only 'printf TEXT' without formats is supported")
    table = {"n": "\n", "t": "\t", "\\": "\\", "r": "\r", "0": "\0"}
    text = re.sub(r"\\([nt\\r0])", lambda m: table[m.group(1)], args[0])
    await ctx.out.write(text.encode("utf-8", "surrogateescape"))
    return 0


async def head(ctx: Context, args: list[str]) -> int:
    """`head -c BYTES FILE…`; lines are not supported."""
    given, paths = options(args, "", "c")
    if "c" not in given or not paths:
        raise Usage("only 'head -c BYTES FILE' is supported")
    for path in paths:
        await ctx.out.write(ctx.state.fs.read(path, ctx.cwd)[: int(given["c"])])
    return 0


async def grep(ctx: Context, args: list[str]) -> int:
    """Of files, or of what comes line by line, so that `logcat | grep x` shows lines as they come. Whatever is wrong
    ends with 2, as 1 says that no line matches."""
    given, rest = options(args, "EFivq")
    if not rest:
        return await _wrong(ctx, "no REGEX")
    pattern = rest[0] if "F" not in given else re.escape(rest[0])
    if "E" not in given and "F" not in given:
        pattern = re.sub(r"\\([|+?(){}])|([|+?(){}])", lambda m: m.group(1) or "\\" + m.group(2), pattern)
    if len(pattern) > 500:
        return await _wrong(ctx, "pattern too long")
    try:
        regex = re.compile(pattern.encode(), re.I if "i" in given else 0)
    except re.error as bad:
        return await _wrong(ctx, f"bad REGEX '{rest[0]}': {bad}")
    found, failed, left = False, 0, b""
    for path in rest[1:]:
        try:
            left += ctx.state.fs.read(path, ctx.cwd)
        except OSError as bad:
            failed = await _wrong(ctx, f"{path}: {bad.strerror}")
    while True:
        chunk = b"" if rest[1:] else await ctx.stdin.read()
        *lines, left = (left + chunk).split(b"\n")
        if not chunk and left:
            lines.append(left)
        hits = [line for line in lines if (regex.search(line) is None) == ("v" in given)]
        found = found or bool(hits)
        if hits and "q" not in given:
            await ctx.out.write(b"".join(line + b"\n" for line in hits))
        if not chunk or (found and "q" in given):
            return 0 if found and "q" in given else failed or (0 if found else 1)


async def _wrong(ctx: Context, what: str) -> int:
    await ctx.complain(f"grep: {what}")
    return 2


async def test(ctx: Context, args: list[str]) -> int:
    try:
        return 0 if _test(ctx, args) else 1
    except ValueError as bad:
        return await ctx.complain(f"test: {bad}", 2)


async def bracket(ctx: Context, args: list[str]) -> int:
    if not args or args[-1] != "]":
        return await ctx.complain("[: missing ]", 2)
    return await test(ctx, args[:-1])


def _test(ctx: Context, args: list[str]) -> bool:
    match args:
        case ["!", *rest]:
            return not _test(ctx, rest)
        case [] | [_]:
            return args not in ([], [""])
        case ["-n" | "-z" as operator, value]:
            return (value != "") == (operator == "-n")
        case ["-e", path]:
            return ctx.state.fs.exists(path, ctx.cwd)
        case ["-d", path]:
            return ctx.state.fs.is_dir(path, ctx.cwd)
        case ["-f", path]:
            return ctx.state.fs.exists(path, ctx.cwd) and not ctx.state.fs.is_dir(path, ctx.cwd)
        case [left, "=" | "!=" as operator, right]:
            return (left == right) == (operator == "=")
    raise ValueError(f"{args[0] if len(args) == 2 else args[1]}: unknown operator")


COMMANDS = {"echo": echo, "printf": printf, "head": head, "grep": grep, "test": test, "[": bracket}
