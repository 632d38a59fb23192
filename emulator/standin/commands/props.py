"""Properties, settings, and the system's flags by namespace (`device_config`, from API 29 on)."""

import re

from emulator.standin.shell.context import Context

from .activity import am
from .common import Usage
from .packages import appops, pm

REFUSED = (
    "Security exception: You need to have WRITE_SECURE_SETTINGS permission; "
    "enable USB debugging (Security settings) in the developer options"
)
NAMESPACES = ("system", "secure", "global")


async def getprop(ctx: Context, args: list[str]) -> int:
    if args:
        return await ctx.say(ctx.state.props.get(args[0], args[1] if len(args) > 1 else ""))
    for name, value in sorted(ctx.state.props.items()):
        await ctx.say(f"[{name}]: [{value}]")
    return 0


async def setprop(ctx: Context, args: list[str]) -> int:
    if len(args) != 2:
        raise Usage("Need 2 arguments")
    name, value = args
    if not re.fullmatch(r"[\w.:@-]+", name) or (name.startswith("ro.") and name in ctx.state.props) or len(value) > 91:
        return await ctx.complain(f"Failed to set property '{name}' to '{value}'.\nSee dmesg for error reason.")
    ctx.state.props[name] = value
    return 0


async def settings(ctx: Context, args: list[str]) -> int:
    rest = list(args)
    if rest[:1] == ["--user"]:
        rest = rest[2:]
    verb = rest[0] if rest else ""
    if verb not in ("get", "put", "delete", "list"):
        return await ctx.complain("Invalid command: " + verb if verb else "No command specified", 255)
    rest = [r for i, r in enumerate(rest[1:]) if r != "--user" and rest[i] != "--user"]
    if not rest or rest[0] not in NAMESPACES:
        return await ctx.complain(f"Invalid namespace '{rest[0] if rest else ''}'", 255)
    table = ctx.state.settings[rest[0]]
    if rest[0] == "secure" and ctx.state.sdk >= 26 and verb in ("get", "list"):  # an app's own it tells nobody
        table = table | {"android_id": str(ctx.state.get("identifiers.android_id"))}
    if verb == "list":
        for name, value in sorted(table.items()):
            await ctx.say(f"{name}={value}")
        return 0
    if len(rest) < (3 if verb == "put" else 2):
        return await ctx.complain("Bad arguments", 255)
    if verb == "get":
        await ctx.say(table.get(rest[1], "null"))
    elif verb == "put":
        if ctx.state.traits.settings == "refused" and ctx.shell.uid:
            return await ctx.complain(REFUSED, 255)
        if ctx.state.traits.settings == "ignored" and rest[1] == "http_proxy":
            return 0
        await ctx.state.put_setting(rest[0], rest[1], rest[2])
        if rest[:2] == ["global", "http_proxy"]:  # it also shows in parts, as ConnectivityService writes them
            host, port = ctx.state.http_proxy() or ("", 0)
            table["global_http_proxy_host"], table["global_http_proxy_port"] = host, str(port)
    elif verb == "delete":
        known = rest[1] in table
        await ctx.state.put_setting(rest[0], rest[1], None)
        await ctx.say(f"Deleted {int(known)} rows")
    return 0


async def device_config(ctx: Context, args: list[str]) -> int:
    if ctx.state.sdk < 29:
        return await ctx.complain("/system/bin/sh: device_config: inaccessible or not found", 127)
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
        return await ctx.complain(f"Invalid command: {verb}", 255)
    return 0


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


COMMANDS = {"getprop": getprop, "setprop": setprop, "settings": settings, "device_config": device_config, "cmd": cmd}
