"""`device_config`: flags of the system by namespace (from API 29 on)."""

from __future__ import annotations

from emulator.standin.shell.context import Context


async def device_config(ctx: Context, args: list[str]) -> int:
    if ctx.state.sdk < 29:
        await ctx.complain("/system/bin/sh: device_config: inaccessible or not found")
        return 127
    verb, rest = (args[0], args[1:]) if args else ("", [])
    key = "/".join(rest[:2])
    if verb == "get" and len(rest) == 2:
        await ctx.say(ctx.state.flags.get(key, "null"))
    elif verb == "put" and len(rest) >= 3:
        ctx.state.flags[key] = rest[2]
    elif verb == "delete" and len(rest) == 2:
        known = ctx.state.flags.pop(key, None) is not None
        await ctx.say(f"Successfully deleted {rest[1]} from {rest[0]}" if known else f"Failed to delete {rest[1]}")
    else:
        await ctx.complain(f"Invalid command: {verb}")
        return 255
    return 0


COMMANDS = {"device_config": device_config}
