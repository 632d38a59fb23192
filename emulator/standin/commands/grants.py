"""Runtime permissions by `pm`: grant, revoke, flags, reset; and how `pm` reports a failure."""

from functools import partial

from emulator.standin.packages.installed import Flag, Grant, Package
from emulator.standin.packages.permdefs import ALL_OPS, APP_OP_ONLY, NORMAL, PERMISSION_OP, is_runtime
from emulator.standin.shell.context import Context

FLAG_NAMES = {
    "review-required": Flag.REVIEW_REQUIRED,
    "revoked-compat": Flag.REVOKED_COMPAT,
    "revoke-when-requested": Flag.REVOKE_WHEN_REQUESTED,
    "user-fixed": Flag.USER_FIXED,
    "user-set": Flag.USER_SET,
}


async def java_error(ctx: Context, verb: str, kind: str, message: str) -> int:
    """A failure as a Java exception on standard error."""
    frames = "\tat com.android.server.pm.PackageManagerShellCommand.onCommand(PackageManagerShellCommand.java:263)"
    if ctx.state.sdk < 30:
        return await ctx.complain(f"Error: {kind}: {message}", 255)
    return await ctx.complain(f"\nException occurred while executing '{verb}':\n{kind}: {message}\n{frames}", 255)


def plain(args: list[str], valued: tuple[str, ...] = ("--user",)) -> list[str]:
    """Arguments without options; options in ``valued`` take one with them."""
    rest: list[str] = []
    skip = False
    for arg in args:
        if skip:
            skip = False
        elif arg in valued:
            skip = True
        elif not (arg.startswith("-") and len(arg) > 1):
            rest.append(arg)
    return rest


def elsewhere(ctx: Context, args: list[str]) -> bool:
    """Whether a command of the package manager is about another user than the one in the foreground. Without ``--user``
    it is about user 0, whose own copy of an app shows nothing here."""
    named = args[args.index("--user") + 1 :][:1] if "--user" in args else ["0"]
    return named[0] not in (str(ctx.state.user), "current", "cur", "all") if named else False


def reset_grants(package: Package) -> None:
    for permission, grant in package.grants.items():
        if not grant.flags & Flag.SYSTEM_FIXED:
            package.grants[permission] = Grant()


# permissions


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


COMMANDS = {"appops": appops}
