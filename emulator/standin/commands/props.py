"""Properties, settings, content queries of settings, services."""

from __future__ import annotations

import re

from emulator.standin.shell.context import Context

from .options import bad_usage

REFUSED = (
    "Security exception: You need to have WRITE_SECURE_SETTINGS permission; "
    "enable USB debugging (Security settings) in the developer options"
)
NAMESPACES = ("system", "secure", "global")
SERVICES = (
    "accessibility activity appops battery input location notification package permissionmgr settings "
    "statusbar wifi window"
).split()


async def getprop(ctx: Context, args: list[str]) -> int:
    if args[:1] == ["-T"]:
        args = args[1:]
    if args:
        await ctx.say(ctx.state.props.get(args[0], args[1] if len(args) > 1 else ""))
        return 0
    for name, value in sorted(ctx.state.props.items()):
        await ctx.say(f"[{name}]: [{value}]")
    return 0


async def setprop(ctx: Context, args: list[str]) -> int:
    if len(args) != 2:
        return await bad_usage(ctx, "setprop", "Needs 2 arguments")
    name, value = args
    if not re.fullmatch(r"[\w.:@-]+", name) or (name.startswith("ro.") and name in ctx.state.props) or len(value) > 91:
        await ctx.complain(f"Failed to set property '{name}' to '{value}'.\nSee dmesg for error reason.")
        return 1
    ctx.state.props[name] = value
    return 0


async def settings(ctx: Context, args: list[str]) -> int:
    rest = list(args)
    if rest[:1] == ["--user"]:
        rest = rest[2:]
    verb = rest[0] if rest else ""
    if verb not in ("get", "put", "delete", "list", "reset"):
        await ctx.complain("Invalid command: " + verb if verb else "No command specified")
        return 255
    rest = [r for i, r in enumerate(rest[1:]) if r != "--user" and rest[i] != "--user"]
    if not rest or rest[0] not in NAMESPACES:
        await ctx.complain(f"Invalid namespace '{rest[0] if rest else ''}'")
        return 255
    table = ctx.state.settings[rest[0]]
    if verb == "list":
        for name, value in sorted(table.items()):
            await ctx.say(f"{name}={value}")
        return 0
    if len(rest) < (3 if verb == "put" else 2):
        await ctx.complain("Bad arguments")
        return 255
    if verb == "get":
        await ctx.say(table.get(rest[1], "null"))
    elif verb == "put":
        if ctx.state.traits.settings == "refused" and ctx.shell.uid:
            await ctx.complain(REFUSED)
            return 255
        if ctx.state.traits.settings == "ignored" and rest[1] == "http_proxy":
            return 0
        await ctx.state.put_setting(rest[0], rest[1], rest[2])
        await _proxy_parts(ctx, rest[0], rest[1])
    elif verb == "delete":
        known = rest[1] in table
        await ctx.state.put_setting(rest[0], rest[1], None)
        await ctx.say(f"Deleted {int(known)} rows")
    return 0


async def _proxy_parts(ctx: Context, ns: str, key: str) -> None:
    """`http_proxy` also shows in the split keys, as ConnectivityService writes them."""
    if (ns, key) != ("global", "http_proxy"):
        return
    proxy = ctx.state.http_proxy()
    ctx.state.settings["global"]["global_http_proxy_host"] = proxy[0] if proxy else ""
    ctx.state.settings["global"]["global_http_proxy_port"] = str(proxy[1]) if proxy else "0"


async def content(ctx: Context, args: list[str]) -> int:
    uri = args[args.index("--uri") + 1] if "--uri" in args[:-1] else ""
    match = re.fullmatch(r"content://settings/(system|secure|global)(?:/(\S+))?", uri)
    if args[:1] != ["query"] or not match:
        await ctx.complain(f"[ERROR] Unsupported operation or uri: {uri}")
        return 1
    name = match.group(2)
    where = args[args.index("--where") + 1] if "--where" in args[:-1] else ""
    if wanted := re.fullmatch(r"name\s*=\s*'([^']*)'", where):
        name = wanted.group(1)
    rows = [(k, v) for k, v in sorted(ctx.state.settings[match.group(1)].items()) if name is None or k == name]
    for number, (key, value) in enumerate(rows):
        await ctx.say(f"Row: {number} _id={number + 1}, name={key}, value={value}, is_preserved_in_restore=0")
    if not rows:
        await ctx.say("No result found.")
    return 0


async def service(ctx: Context, args: list[str]) -> int:
    if args[:1] == ["check"] and len(args) == 2:
        await ctx.say(f"Service {args[1]}: {'found' if args[1] in SERVICES else 'not found'}")
        return 0
    if args[:1] == ["list"]:
        await ctx.say(f"Found {len(SERVICES)} services:")
        for number, name in enumerate(SERVICES):
            await ctx.say(f"{number}\t{name}: []")
        return 0
    await ctx.complain("service: only check and list are supported")
    return 10


COMMANDS = {"getprop": getprop, "setprop": setprop, "settings": settings, "content": content, "service": service}
