"""The package manager: `pm` and `cmd package`."""

import hashlib
import shutil

from emulator.standin.packages.installed import Package
from emulator.standin.packages.intents import short_component
from emulator.standin.shell.context import CommandFunction, Context

from .grants import clear_flags, elsewhere, grant, plain, reset_grants, revoke
from .install import commit_session, create_session, install, uninstall, write_session


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

COMMANDS = {"pm": pm}
