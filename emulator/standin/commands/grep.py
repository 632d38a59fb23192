"""Lines that match: grep, egrep, fgrep."""

from __future__ import annotations

import re

from emulator.standin.shell.context import Context

from .options import bad_usage, options
from .paths import inputs


async def grep(ctx: Context, args: list[str]) -> int:
    given, rest = options(args, "EFivcqnlwohHs", "em")
    if "e" in given:
        rest.insert(0, given["e"])
    if not rest:
        return await bad_usage(ctx, "grep", "Needs 1 argument")
    pattern = rest[0] if "F" not in given else re.escape(rest[0])
    if "E" not in given and "F" not in given:
        pattern = re.sub(r"\\([|+?(){}])|([|+?(){}])", lambda m: m.group(1) or "\\" + m.group(2), pattern)
    pattern = re.sub(r"\[\[:space:\]\]", r"\\s", pattern)
    if len(pattern) > 500:
        return await bad_usage(ctx, "grep", "pattern too long")
    try:
        regex = re.compile((rf"\b(?:{pattern})\b" if "w" in given else pattern).encode(), re.I if "i" in given else 0)
    except re.error as bad:
        return await bad_usage(ctx, "grep", f"bad REGEX '{rest[0]}': {bad}")
    found = 0
    many = len(rest) > 2
    sources = rest[1:]
    if not sources:
        return await _grep_stream(ctx, regex, given)
    for path, data in await inputs(ctx, "grep", sources):
        count = 0
        for number, line in enumerate(data.splitlines(), 1):
            if (regex.search(line) is None) != ("v" in given):
                continue
            count += 1
            if not {"q", "c", "l"} & given.keys():
                prefix = (path + ":" if (many or "H" in given) and "h" not in given else "") + (
                    f"{number}:" if "n" in given else ""
                )
                await ctx.out.write(prefix.encode() + line + b"\n")
        found += count
        if "c" in given:
            await ctx.say((f"{path}:" if many else "") + str(count))
        elif "l" in given and count:
            await ctx.say(path)
    return 0 if found else 1


async def _grep_stream(ctx: Context, regex: re.Pattern[bytes], given: dict[str, str]) -> int:
    """Line by line, so that `logcat | grep x` shows lines as they come."""
    rest, count, number = b"", 0, 0
    limit = int(given.get("m", 1 << 60))
    while count < limit:
        chunk = await ctx.stdin.read()
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        if not chunk and rest:
            lines, rest = [rest], b""
        out = bytearray()
        for line in lines:
            number += 1
            if (regex.search(line) is None) != ("v" in given) or count >= limit:
                continue
            count += 1
            if "o" in given:
                out += b"".join(m.group(0) + b"\n" for m in regex.finditer(line))
            else:
                out += (f"{number}:".encode() if "n" in given else b"") + line + b"\n"
        if out and not {"q", "c"} & given.keys():
            await ctx.out.write(bytes(out))
        if not chunk or (count and "q" in given):
            break
    if "c" in given:
        await ctx.say(str(count))
    return 0 if count else 1


COMMANDS = {
    "grep": grep,
    "egrep": lambda ctx, args: grep(ctx, ["-E", *args]),
    "fgrep": lambda ctx, args: grep(ctx, ["-F", *args]),
}
