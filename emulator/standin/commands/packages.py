"""The package manager: `pm` and `cmd package`; the app ops of packages."""

import hashlib
import shutil
from functools import partial

from emulator.standin.packages.installed import Flag, Grant, Package
from emulator.standin.packages.intents import short_component
from emulator.standin.packages.permdefs import ALL_OPS, APP_OP_ONLY, NORMAL, PERMISSION_OP, is_runtime
from emulator.standin.shell.context import CommandFunction, Context

from .common import java_error, plain
from .install import commit_session, create_session, install, uninstall, write_session

FLAG_NAMES = {
    "review-required": Flag.REVIEW_REQUIRED,
    "revoked-compat": Flag.REVOKED_COMPAT,
    "revoke-when-requested": Flag.REVOKE_WHEN_REQUESTED,
    "user-fixed": Flag.USER_FIXED,
    "user-set": Flag.USER_SET,
}


async def pm(ctx: Context, args: list[str]) -> int:
    verb, rest = (args[0], args[1:]) if args else ("", [])
    function = _VERBS.get(verb)
    if function is None:
        return await ctx.complain(f"Unknown command: {verb}" if verb else "pm: no command", 255)
    return await function(ctx, rest)


# lists


async def _list_packages(ctx: Context, args: list[str]) -> int:
    if args[:1] not in (["package"], ["packages"]):
        return await ctx.complain(f"Error: unknown list type '{' '.join(args[:1])}'", 255)
    args = args[1:]
    known = {"-f", "-3", "--user"} | ({"-U"} if ctx.state.sdk >= 26 else set())
    unknown = [a for a in args if a.startswith("-") and a not in known]
    if unknown:
        return await ctx.complain(f"Error: Unknown option: {unknown[0]}", 255)
    needle = next(iter(plain(args, ("--user",))), "")
    for package in ctx.state.packages.values():
        if needle in package.name and not ("-3" in args and package.system):
            line = f"package:{package.apk}={package.name}" if "-f" in args else f"package:{package.name}"
            await ctx.say(line + (f" uid:{package.uid}" if "-U" in args else ""))
    return 0


_MATCH = "priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=false"
_CHOOSER = "android/com.android.internal.app.ResolverActivity"


def _launchers(ctx: Context, args: list[str]) -> list[str]:
    """Components of a package's activities on the home screen."""
    package = ctx.state.packages.get(next(iter(plain(args, ("--user", "-a", "-c", "-d", "-t", "-p"))), ""))
    return [short_component(f"{package.name}/{one.name}") for one in package.launchers()] if package else []


async def _resolve(ctx: Context, args: list[str]) -> int:
    found = _launchers(ctx, args)
    if not found:
        return await ctx.say("No activity found")
    if "--brief" not in args:
        await ctx.say("Activity #0:")
    await ctx.say(_MATCH)
    return await ctx.say(found[0] if len(found) == 1 else _CHOOSER)


async def _query(ctx: Context, args: list[str]) -> int:
    found = _launchers(ctx, args)
    await ctx.say(f"{len(found)} activities found:" if found else "No activities found")
    for number, one in enumerate(found):
        await ctx.say(f"  Activity #{number}:\n    {_MATCH}\n    {one}")
    return 0


async def _clear(ctx: Context, args: list[str]) -> int:
    name = next(iter(plain(args)), "")
    package = ctx.state.packages.get(name)
    if package is None:
        return await ctx.say("Failed", 1)
    if elsewhere(ctx, args):
        return await ctx.say("Success")
    await ctx.state.app.force_stop(name)
    shutil.rmtree(ctx.state.fs.host(package.data_dir), ignore_errors=True)
    ctx.state.lay_data(package)
    reset_grants(package)
    return await ctx.say("Success")


def digest_name(package: Package) -> str:
    """8 hex digits that stand for the signature."""
    return hashlib.sha256(package.name.encode()).hexdigest()[:8]


# permissions


def elsewhere(ctx: Context, args: list[str]) -> bool:
    """Whether a command of the package manager is about another user than the one in the foreground. Without ``--user``
    it is about user 0, whose own copy of an app shows nothing here."""
    named = args[args.index("--user") + 1 :][:1] if "--user" in args else ["0"]
    return named[0] not in (str(ctx.state.user), "current", "cur", "all") if named else False


def reset_grants(package: Package) -> None:
    for permission, grant in package.grants.items():
        if not grant.flags & Flag.SYSTEM_FIXED:
            package.grants[permission] = Grant()


async def _change(ctx: Context, args: list[str], granted: bool) -> int:
    verb = "grant" if granted else "revoke"
    rest = plain(args)
    if len(rest) < 2:
        return await ctx.complain(f"Error: no {'permission' if rest else 'package'} specified")
    package = ctx.state.packages.get(rest[0])
    problem = _permission_problem(package, rest[0], rest[1], ctx.state.sdk)
    if package is None or problem:
        return await java_error(ctx, verb, *problem)
    if elsewhere(ctx, args):
        return 0
    if package.grants[rest[1]].flags & Flag.SYSTEM_FIXED:
        message = f"Non-System UID cannot {verb} system fixed permission {rest[1]} for package {rest[0]}"
        return await java_error(ctx, verb, "java.lang.SecurityException", message)
    clear = 0 if granted else Flag.ONE_TIME
    if ctx.state.set_permission(rest[0], rest[1], granted, clear_flags=clear | Flag.AUTO_REVOKED):
        await ctx.state.app.permission_changed(rest[0], rest[1], granted)
    return 0


grant, revoke = partial(_change, granted=True), partial(_change, granted=False)


def _permission_problem(package: Package | None, name: str, permission: str, sdk: int) -> tuple[str, ...]:
    """Exception class and message, nothing if the permission can be changed."""
    illegal, security = "java.lang.IllegalArgumentException", "java.lang.SecurityException"
    if package is None:
        return illegal, f"Unknown package: {name}"
    if not is_runtime(permission, sdk) and permission not in NORMAL | APP_OP_ONLY:
        return illegal, f"Unknown permission: {permission}"
    if permission not in package.requested:
        return security, f"Package {name} has not requested permission {permission}"
    if permission not in package.grants:
        return security, f"Permission {permission} requested by package {name} is not a changeable permission type"
    return ()


async def clear_flags(ctx: Context, args: list[str]) -> int:
    rest = plain(args)
    if len(rest) < 3:
        return await ctx.complain("Error: no permission flags specified")
    verb, unknown = "clear-permission-flags", [f for f in rest[2:] if f not in FLAG_NAMES]
    if unknown:
        return await java_error(ctx, verb, "java.lang.IllegalArgumentException", f"Unknown flag: {unknown[0]}")
    package = ctx.state.packages.get(rest[0])
    problem = _permission_problem(package, rest[0], rest[1], ctx.state.sdk)
    if package is None or problem:
        return await java_error(ctx, verb, *problem)
    if not elsewhere(ctx, args):
        for flag in rest[2:]:
            package.grants[rest[1]].flags &= ~FLAG_NAMES[flag]
    return 0


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


_VERBS: dict[str, CommandFunction] = {
    "list": _list_packages,
    "resolve-activity": _resolve,
    "query-activities": _query,
    "install": install,
    "uninstall": uninstall,
    "install-create": create_session,
    "install-write": write_session,
    "install-commit": commit_session,
    "clear": _clear,
    "grant": grant,
    "revoke": revoke,
    "clear-permission-flags": clear_flags,
}

COMMANDS = {"pm": pm, "appops": appops}
