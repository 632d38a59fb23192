"""App ops: `appops` and `cmd appops`."""

from __future__ import annotations

from emulator.standin.packages.permdefs import ALL_OPS, PERMISSION_OP
from emulator.standin.shell.context import Context

MODES = ("allow", "ignore", "deny", "default", "foreground")


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
            await ctx.complain(f"Error: No UID for {rest[0]} in user 0")
            return 255
        if op is None or rest[2] not in MODES:
            await ctx.complain(
                f"Error: Unknown operation string: {rest[1]}" if op is None else f"Error: Mode {rest[2]} is not valid"
            )
            return 255
        ctx.state.ops_modes[(rest[0], op)] = rest[2]
        return 0
    if verb == "reset":
        for key in [k for k in ctx.state.ops_modes if not rest or k[0] == rest[-1]]:
            del ctx.state.ops_modes[key]
        await ctx.say("Reset all modes to default values.") if not rest else None
        return 0
    await ctx.complain(f"Unknown command: {verb}")
    return 255


async def _ops_get(ctx: Context, rest: list[str]) -> int:
    state = ctx.state
    if rest[0] not in state.packages:
        await ctx.complain(f"Error: No UID for {rest[0]} in user 0")
        return 255
    only = op_name(rest[1]) if len(rest) > 1 else None
    if len(rest) > 1 and only is None:
        await ctx.complain(f"Error: Unknown operation string: {rest[1]}")
        return 255
    now = state.clock.now_ms()
    package = state.packages[rest[0]]
    uid_lines, lines = [], []
    for op in ALL_OPS:
        if only and op != only:
            continue
        use = state.ops_used.get((package.name, op))
        guard = next((g for p, g in package.grants.items() if PERMISSION_OP.get(p) == op), None)
        if guard:
            uid_lines.append(f"{op}: {'allow' if guard.granted else 'ignore'}")
        if use is None and (package.name, op) not in state.ops_modes:
            continue
        parts = [f"{op}: {state.op_mode(package.name, op)}"]
        if use and use.access_ms:
            parts.append(f"time={duration(now - use.access_ms)} ago")
        if use and use.reject_ms:
            parts.append(f"rejectTime={duration(now - use.reject_ms)} ago")
        if use and use.duration_ms:
            parts.append(f"duration={duration(use.duration_ms)}")
        lines.append("; ".join(parts))
    if uid_lines:
        await ctx.say("Uid mode: " + "\n".join(uid_lines))
    if lines:
        await ctx.say("\n".join(lines))
    if not uid_lines and not lines:
        await ctx.say("No operations.")
    return 0


def duration(ms: int) -> str:
    """`+4m12s123ms`, as TimeUtils prints it."""
    if ms == 0:
        return "0"
    sign, ms = ("-" if ms < 0 else "+"), abs(ms)
    days, ms = divmod(ms, 86_400_000)
    hours, ms = divmod(ms, 3_600_000)
    minutes, ms = divmod(ms, 60_000)
    seconds, ms = divmod(ms, 1000)
    parts = ((days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s"))
    first = next((i for i, (n, _) in enumerate(parts) if n), 4)
    return sign + "".join(f"{n}{u}" for n, u in parts[first:]) + f"{ms}ms"


COMMANDS = {
    "appops": appops,
}
