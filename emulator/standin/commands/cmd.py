"""`cmd`: services by name, and the one that is only reached so (location)."""

import re

from emulator.standin.shell.context import Context

from .activity import am
from .appops import appops
from .packages import pm
from .props import settings


async def location(ctx: Context, args: list[str]) -> int:
    """`cmd location providers …`: a test position becomes the device's position."""
    verb = args[1] if len(args) > 2 and args[0] == "providers" else ""
    if verb in ("add-test-provider", "remove-test-provider", "set-test-provider-enabled"):
        return 0
    place = args[args.index("--location") + 1] if "--location" in args[:-1] else ""
    found = re.fullmatch(r"(-?\d{1,3}(?:\.\d{1,9})?),(-?\d{1,3}(?:\.\d{1,9})?)", place)
    if verb != "set-test-provider-location" or not found:
        return await ctx.complain(f"Unknown command: {' '.join(args[:2])}", 255)
    ctx.state.data["location"] = {
        **(ctx.state.get("location") or {}),
        "latitude": float(found.group(1)),
        "longitude": float(found.group(2)),
    }
    return 0


async def statusbar(ctx: Context, args: list[str]) -> int:
    return 0 if args in (["collapse"], ["expand-notifications"]) else 255


async def cmd(ctx: Context, args: list[str]) -> int:
    services = {
        "package": pm,
        "activity": am,
        "appops": appops,
        "settings": settings,
        "location": location,
        "statusbar": statusbar,
    }
    function = services.get(args[0]) if args else None
    if function is None:
        return await ctx.complain(f"cmd: Can't find service: {args[0] if args else ''}", 20)
    return await function(ctx, args[1:])


COMMANDS = {
    "cmd": cmd,
}
