"""Lines that match: grep."""

import re

from emulator.standin.shell.context import Context

from .common import options


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


COMMANDS = {"grep": grep}
