"""The package manager: `pm` and `cmd package`."""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
from pathlib import Path

from standin.apk import MAX_ARCHIVE, InstallError, Manifest, read_archive, unpack
from standin.installed import Grant, Package, random_apk_path
from standin.intents import short_component
from standin.permdefs import GROUPS, is_runtime
from standin.shellcontext import Context

from .grants import clear_flags, grant, java_error, plain, reset_grants, reset_permissions, revoke, set_flags

_sessions: dict[int, Path] = {}
_numbers = itertools.count(1_290_000_001)


async def pm(ctx: Context, args: list[str]) -> int:
    verb, rest = (args[0], args[1:]) if args else ("", [])
    function = _VERBS.get(verb)
    if function is None:
        await ctx.complain(f"Unknown command: {verb}" if verb else "pm: no command")
        return 255
    return await function(ctx, rest)


# lists


async def _list(ctx: Context, args: list[str]) -> int:
    what = args[0] if args else ""
    if what in ("package", "packages"):
        return await _list_packages(ctx, args[1:])
    if what == "permission-groups":
        for name in GROUPS:
            await ctx.say(f"permission group:{name}")
        return 0
    if what == "permissions":
        await ctx.say("All Permissions:\n")
        for names in GROUPS.values():
            for name in names:
                await ctx.say(f"permission:android.permission.{name}")
        return 0
    if what == "features":
        await ctx.say(
            "feature:android.hardware.telephony\nfeature:android.hardware.location.gps\nfeature:android.hardware.wifi"
        )
        return 0
    if what == "users":
        await ctx.say("Users:\n\tUserInfo{0:Owner:c13} running")
        return 0
    await ctx.complain(f"Error: unknown list type '{what}'")
    return 255


async def _list_packages(ctx: Context, args: list[str]) -> int:
    unknown = [
        a
        for a in args
        if a.startswith("-")
        and a not in ("-f", "-U", "-3", "-s", "-e", "-d", "-i", "-u", "--user", "--show-versioncode")
    ]
    if unknown:
        await ctx.complain(f"Error: Unknown option: {unknown[0]}")
        return 255
    needle = next(iter(plain(args, ("--user",))), "")
    for package in ctx.state.packages.values():
        if (
            needle not in package.name
            or ("-3" in args and package.system)
            or ("-s" in args and not package.system)
            or "-d" in args
        ):
            continue
        line = f"package:{package.apk}={package.name}" if "-f" in args else f"package:{package.name}"
        line += f" versionCode:{package.version_code}" if "--show-versioncode" in args else ""
        line += f"  installer={package.installer if not package.system else 'null'}" if "-i" in args else ""
        await ctx.say(line + (f" uid:{package.uid}" if "-U" in args else ""))
    return 0


async def _path(ctx: Context, args: list[str]) -> int:
    package = ctx.state.packages.get(next(iter(plain(args)), ""))
    if package is None:
        return 1
    await ctx.say(f"package:{package.apk}")
    return 0


async def _dump(ctx: Context, args: list[str]) -> int:
    return await ctx.shell.call(["dumpsys", "package", *args], ctx)


async def _resolve(ctx: Context, args: list[str]) -> int:
    package = ctx.state.packages.get(next(iter(plain(args, ("--user", "-a", "-c", "-d", "-t", "-p"))), ""))
    launcher = package.launcher() if package else None
    if package is None or launcher is None:
        await ctx.say("No activity found")
        return 0
    if "--brief" not in args:
        await ctx.say("Activity #0:")
    await ctx.say("priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=false")
    await ctx.say(short_component(f"{package.name}/{launcher.name}"))
    return 0


# install and uninstall


async def _install(ctx: Context, args: list[str]) -> int:
    size = int(args[args.index("-S") + 1]) if "-S" in args[:-1] and args[args.index("-S") + 1].isdigit() else None
    files = plain(args, ("-S", "-i", "--user", "--abi", "--install-location", "--pkg", "--install-reason"))
    temporary = ctx.state.fs.root / f".standin-install-{os.urandom(6).hex()}"
    try:
        if size is not None:
            if not await _receive(ctx, size, temporary):
                return 1
            archive = temporary
        elif len(files) == 1:
            archive = ctx.state.fs.host(files[0], ctx.cwd)
            if not archive.is_file():
                await ctx.complain(f"Error: failed to open file: {files[0]}\nError: Unable to open file: {files[0]}")
                return 1
        else:
            await ctx.complain("Error: must either specify a package size or an APK file")
            return 1
        return await _commit(ctx, archive, args)
    finally:
        temporary.unlink(missing_ok=True)


async def _receive(ctx: Context, size: int, into: Path) -> bool:
    if size > MAX_ARCHIVE:
        await ctx.say("Failure [INSTALL_FAILED_INSUFFICIENT_STORAGE: the file is too large]")
        return False
    left = size
    with into.open("wb") as out:
        while left and (chunk := await ctx.stdin.read(min(left, 65536))):
            out.write(chunk)
            left -= len(chunk)
    if left:
        await ctx.say(f"Failure [INSTALL_FAILED_INVALID_APK: {left} bytes are missing]")
    return not left


async def _commit(ctx: Context, archive: Path, args: list[str]) -> int:
    try:
        name = await install_archive(
            ctx, archive, replace="-R" not in args, grant_all="-g" in args, test="-t" in args, down="-d" in args
        )
    except InstallError as bad:
        await ctx.say(f"Failure [{bad.code}: {bad.message}]")
        return 1
    await ctx.say("Success")
    ctx.state.log.write("system", "I", "PackageManager", f"Package {name} installed", pid=1000)
    return 0


async def install_archive(
    ctx: Context, archive: Path, *, replace: bool, grant_all: bool, test: bool, down: bool
) -> str:
    """Checks, unpacks and registers; an update stops the running app and keeps its data and grants."""
    state = ctx.state
    manifest = read_archive(archive)
    old = state.packages.get(manifest.package)
    _check(manifest, old, state.sdk, replace, test, down)
    apk = random_apk_path(manifest.package)
    home = state.fs.host(apk).parent
    home.mkdir(parents=True, exist_ok=True)
    try:
        unpack(archive, home)
        shutil.copyfile(archive, home / "base.apk")
    except InstallError:
        shutil.rmtree(home.parent, ignore_errors=True)
        raise
    if old and state.app:
        await state.app.force_stop(old.name)
    now = state.clock.now_ms()
    package = Package(
        name=manifest.package,
        uid=old.uid if old else state.new_uid(),
        apk=apk,
        version_code=manifest.version_code,
        version_name=manifest.version_name,
        min_sdk=manifest.min_sdk,
        target_sdk=manifest.target_sdk,
        debuggable=manifest.debuggable,
        application=manifest.application,
        label=manifest.label,
        process=manifest.process,
        requested=manifest.permissions,
        components=manifest.components,
        queries=manifest.queries,
        first_install_ms=old.first_install_ms if old else now,
        last_update_ms=now,
        host_apk=home / "base.apk",
    )
    if grant_all:
        package.grants = {p: Grant(True) for p in manifest.permissions if is_runtime(p)}
    state.add_package(package)
    if old:
        _remove_code(ctx, old)
    data = state.fs.host(package.data_dir)
    for name in ("", "files", "cache", "shared_prefs", "databases"):
        (data / name).mkdir(parents=True, exist_ok=True)
    state.fs.set_meta(package.data_dir, uid=package.uid, gid=package.uid, mode=0o700)
    state.truth.write("installed", package=package.name, uid=package.uid)
    if state.app:
        await state.app.installed(package, home / "base.apk")
    return package.name


def _check(manifest: Manifest, old: Package | None, sdk: int, replace: bool, test: bool, down: bool) -> None:
    if manifest.min_sdk > sdk:
        raise InstallError(
            "INSTALL_FAILED_OLDER_SDK", f"Requires newer sdk version #{manifest.min_sdk} (current version is #{sdk})"
        )
    if manifest.test_only and not test:
        raise InstallError("INSTALL_FAILED_TEST_ONLY", "Failed to install test-only apk. Did you forget to add -t?")
    if old is None:
        return
    if old.system:
        raise InstallError(
            "INSTALL_FAILED_UPDATE_INCOMPATIBLE",
            f"Existing package {old.name} signatures do not match newer version; ignoring!",
        )
    if not replace:
        raise InstallError(
            "INSTALL_FAILED_ALREADY_EXISTS", f"Attempt to re-install {old.name} without first uninstalling."
        )
    if manifest.version_code < old.version_code and not down:
        raise InstallError(
            "INSTALL_FAILED_VERSION_DOWNGRADE",
            f"Downgrade detected: Update version code {manifest.version_code} is older than current {old.version_code}",
        )


def _remove_code(ctx: Context, package: Package) -> None:
    if package.host_apk:
        shutil.rmtree(package.host_apk.parent.parent, ignore_errors=True)


async def _uninstall(ctx: Context, args: list[str]) -> int:
    name = next(iter(plain(args, ("--user", "--versionCode"))), "")
    package = ctx.state.packages.get(name)
    if package is None:
        await ctx.say(
            "Failure [DELETE_FAILED_INTERNAL_ERROR]" if ctx.state.sdk < 30 else "Failure [not installed for 0]"
        )
        return 1
    if package.system:
        await ctx.say("Failure [DELETE_FAILED_INTERNAL_ERROR]")
        return 1
    if ctx.state.app:
        await ctx.state.app.force_stop(name)
        await ctx.state.app.uninstalled(name)
    _remove_code(ctx, package)
    if "-k" not in args:
        shutil.rmtree(ctx.state.fs.host(package.data_dir), ignore_errors=True)
    ctx.state.remove_package(name)
    ctx.state.truth.write("uninstalled", package=name)
    await ctx.say("Success")
    return 0


async def _create(ctx: Context, args: list[str]) -> int:
    number = next(_numbers)
    _sessions[number] = ctx.state.fs.root / f".standin-session-{number}"
    await ctx.say(f"Success: created install session [{number}]")
    return 0


async def _write(ctx: Context, args: list[str]) -> int:
    rest = plain(args, ("-S",))
    size = args[args.index("-S") + 1] if "-S" in args[:-1] else ""
    target = _sessions.get(int(rest[0])) if rest and rest[0].isdigit() else None
    if target is None:
        return await java_error(ctx, "install-write", "java.lang.SecurityException", "Caller has no access to session")
    if len(rest) > 2 and rest[2] != "-":
        data = ctx.state.fs.host(rest[2], ctx.cwd)
        shutil.copyfile(data, target)
        size = str(data.stat().st_size)
    elif not size.isdigit() or not await _receive(ctx, int(size), target):
        return 1
    await ctx.say(f"Success: streamed {size} bytes")
    return 0


async def _commit_session(ctx: Context, args: list[str]) -> int:
    number = next((int(a) for a in plain(args) if a.isdigit()), 0)
    target = _sessions.pop(number, None)
    if target is None or not target.exists():
        return await java_error(
            ctx, "install-commit", "java.lang.SecurityException", f"Caller has no access to session {number}"
        )
    try:
        return await _commit(ctx, target, [])
    finally:
        target.unlink(missing_ok=True)


async def _abandon(ctx: Context, args: list[str]) -> int:
    target = _sessions.pop(next((int(a) for a in plain(args) if a.isdigit()), 0), None)
    if target:
        target.unlink(missing_ok=True)
    await ctx.say("Success")
    return 0


async def _clear(ctx: Context, args: list[str]) -> int:
    name = next(iter(plain(args)), "")
    package = ctx.state.packages.get(name)
    if package is None:
        await ctx.say("Failed")
        return 1
    if ctx.state.app:
        await ctx.state.app.force_stop(name)
    data = ctx.state.fs.host(package.data_dir)
    shutil.rmtree(data, ignore_errors=True)
    for each in ("", "files", "cache", "shared_prefs", "databases"):
        (data / each).mkdir(parents=True, exist_ok=True)
    ctx.state.fs.set_meta(package.data_dir, uid=package.uid, gid=package.uid, mode=0o700)
    reset_grants(package)
    ctx.state.truth.write("cleared", package=name)
    await ctx.say("Success")
    return 0


async def _compile(ctx: Context, args: list[str]) -> int:
    await ctx.say("Success")
    return 0


def digest_name(package: Package) -> str:
    """8 hex digits that stand for the signature."""
    return hashlib.sha256(package.name.encode()).hexdigest()[:8]


_VERBS = {
    "list": _list,
    "path": _path,
    "dump": _dump,
    "resolve-activity": _resolve,
    "install": _install,
    "uninstall": _uninstall,
    "install-create": _create,
    "install-write": _write,
    "install-commit": _commit_session,
    "install-abandon": _abandon,
    "clear": _clear,
    "grant": grant,
    "revoke": revoke,
    "set-permission-flags": set_flags,
    "clear-permission-flags": clear_flags,
    "reset-permissions": reset_permissions,
    "compile": _compile,
}

COMMANDS = {"pm": pm}
