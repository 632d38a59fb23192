"""Runtime permissions by `pm`: grant, revoke, flags, reset; and how `pm` reports a failure."""

from emulator.standin.packages.installed import Flag, Grant, Package
from emulator.standin.packages.permdefs import APP_OP_ONLY, NORMAL, is_runtime
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


async def grant(ctx: Context, args: list[str]) -> int:
    return await _change(ctx, args, True)


async def revoke(ctx: Context, args: list[str]) -> int:
    return await _change(ctx, args, False)


async def _change(ctx: Context, args: list[str], granted: bool) -> int:
    verb = "grant" if granted else "revoke"
    rest = plain(args)
    if not rest:
        return await ctx.complain("Error: no package specified")
    if len(rest) < 2:
        return await ctx.complain("Error: no permission specified")
    package = ctx.state.packages.get(rest[0])
    problem = _permission_problem(package, rest[0], rest[1], ctx.state.sdk)
    if problem:
        return await java_error(ctx, verb, *problem)
    assert package is not None
    if elsewhere(ctx, args):
        return 0
    grant = package.grants[rest[1]]
    if grant.flags & Flag.SYSTEM_FIXED:
        message = f"Non-System UID cannot {verb} system fixed permission {rest[1]} for package {rest[0]}"
        return await java_error(ctx, verb, "java.lang.SecurityException", message)
    clear = 0 if granted else Flag.ONE_TIME
    changed = ctx.state.set_permission(rest[0], rest[1], granted, clear_flags=clear | Flag.AUTO_REVOKED)
    ctx.state.truth.write("permission", package=rest[0], permission=rest[1], granted=granted, by="pm")
    if changed:
        await ctx.state.app.permission_changed(rest[0], rest[1], granted)
    return 0


def _permission_problem(package: Package | None, name: str, permission: str, sdk: int) -> tuple[str, str] | None:
    """Exception class and message, None if the permission can be changed."""
    illegal, security = "java.lang.IllegalArgumentException", "java.lang.SecurityException"
    if package is None:
        return illegal, f"Unknown package: {name}"
    if not is_runtime(permission, sdk) and permission not in NORMAL | APP_OP_ONLY:
        return illegal, f"Unknown permission: {permission}"
    if permission not in package.requested:
        return security, f"Package {name} has not requested permission {permission}"
    if permission not in package.grants:
        return security, f"Permission {permission} requested by package {name} is not a changeable permission type"
    return None


async def clear_flags(ctx: Context, args: list[str]) -> int:
    rest = plain(args)
    if len(rest) < 3:
        return await ctx.complain("Error: no permission flags specified")
    verb, unknown = "clear-permission-flags", [f for f in rest[2:] if f not in FLAG_NAMES]
    if unknown:
        return await java_error(ctx, verb, "java.lang.IllegalArgumentException", f"Unknown flag: {unknown[0]}")
    package = ctx.state.packages.get(rest[0])
    problem = _permission_problem(package, rest[0], rest[1], ctx.state.sdk)
    if problem:
        return await java_error(ctx, verb, *problem)
    assert package is not None
    if not elsewhere(ctx, args):
        for flag in rest[2:]:
            package.grants[rest[1]].flags &= ~FLAG_NAMES[flag]
    return 0
