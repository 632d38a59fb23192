"""App ops: `appops` and `cmd appops`."""

from emulator.standin.packages.permdefs import ALL_OPS, PERMISSION_OP
from emulator.standin.shell.context import Context

_MODES = ("allow", "ignore", "deny", "default", "foreground")


def op_name(text: str) -> str | None:
    """Short name of an op given in any spelling (FINE_LOCATION, android:fine_location, a permission)."""
    name = PERMISSION_OP.get(text, text.removeprefix("android:").upper())
    return name if name in ALL_OPS else None


async def appops(ctx: Context, args: list[str]) -> int:
    verb, rest = (
        (args[0], [a for i, a in enumerate(args[1:]) if a != "--user" and args[i] != "--user"]) if args else ("", [])
    )
    rest = [r for r in rest if r not in ("--uid",)]
    if verb == "get" and rest:
        return await _ops_get(ctx, rest)
    if verb == "set" and len(rest) == 3:
        op = op_name(rest[1])
        if rest[0].isdigit():
            owner = next((p.name for p in ctx.state.packages.values() if p.uid == int(rest[0])), "")
            rest[0] = owner or rest[0]
        if rest[0] not in ctx.state.packages:
            return await ctx.complain(f"Error: No UID for {rest[0]} in user 0", 255)
        if op is None or rest[2] not in _MODES:
            return await ctx.complain(
                f"Error: Unknown operation string: {rest[1]}" if op is None else f"Error: Mode {rest[2]} is not valid",
                255,
            )
        ctx.state.ops_modes[(rest[0], op)] = rest[2]
        return 0
    return await ctx.complain(f"Unknown command: {verb}", 255)


async def _ops_get(ctx: Context, rest: list[str]) -> int:
    if rest[0] not in ctx.state.packages:
        return await ctx.complain(f"Error: No UID for {rest[0]} in user 0", 255)
    only = op_name(rest[1]) if len(rest) > 1 else None
    if len(rest) > 1 and only is None:
        return await ctx.complain(f"Error: Unknown operation string: {rest[1]}", 255)
    set_ = {op: mode for (name, op), mode in ctx.state.ops_modes.items() if name == rest[0] and only in (None, op)}
    return await ctx.say("\n".join(f"{op}: {mode}" for op, mode in set_.items()) or "No operations.")


COMMANDS = {
    "appops": appops,
}
