"""Lines that match: grep."""

import re

from emulator.standin.shell.context import Context

from .common import Usage, options


async def grep(ctx: Context, args: list[str]) -> int:
    """Of files, or of what comes line by line, so that `logcat | grep x` shows lines as they come."""
    given, rest = options(args, "EFivq")
    if not rest:
        raise Usage("Needs 1 argument")
    pattern = rest[0] if "F" not in given else re.escape(rest[0])
    if "E" not in given and "F" not in given:
        pattern = re.sub(r"\\([|+?(){}])|([|+?(){}])", lambda m: m.group(1) or "\\" + m.group(2), pattern)
    if len(pattern) > 500:
        raise Usage("pattern too long")
    try:
        regex = re.compile(pattern.encode(), re.I if "i" in given else 0)
    except re.error as bad:
        raise Usage(f"bad REGEX '{rest[0]}': {bad}") from None
    found = False
    left = b"".join(ctx.state.fs.read(path, ctx.cwd) for path in rest[1:])
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
            return 0 if found else 1


COMMANDS = {"grep": grep}
