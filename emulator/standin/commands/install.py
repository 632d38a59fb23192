"""Installing and uninstalling for `pm`: at one go, in sessions, and taking away."""

import itertools
import os
import shutil
from dataclasses import fields
from pathlib import Path

from emulator.standin.packages.apk import MAX_ARCHIVE, InstallError, Manifest, read_archive, unpack
from emulator.standin.packages.installed import Declared, Grant, Package, random_apk_path
from emulator.standin.packages.permdefs import is_runtime
from emulator.standin.shell.context import Context

from .common import java_error, plain

BYPASS = "--bypass-low-target-sdk-block"
"""From Android 14 on: without it apps for very old releases are refused."""
_sessions: dict[int, tuple[list[Path], list[str]]] = {}
"""Files and options of an install in several steps, by its number."""
_numbers = itertools.count(1_290_000_001)


async def install(ctx: Context, args: list[str]) -> int:
    if BYPASS in args and ctx.state.sdk < 34:
        return await _unknown(ctx, "install")
    size = int(args[args.index("-S") + 1]) if "-S" in args[:-1] and args[args.index("-S") + 1].isdigit() else None
    files = plain(args, ("-S", "-i", "--user", "--abi", "--install-location", "--pkg", "--install-reason"))
    temporary = ctx.state.fs.root / f".standin-install-{os.urandom(6).hex()}"
    try:
        if size is None and len(files) != 1:
            return await ctx.complain("Error: must either specify a package size or an APK file")
        if size is not None and not await _receive(ctx, size, temporary):
            return 1
        if size is None and not _copied(ctx, files[0], temporary):
            said = f"Error: failed to open file: {files[0]}\nError: Unable to open file: {files[0]}"
            return await ctx.complain(said)
        return await _commit(ctx, [temporary], args)
    finally:
        temporary.unlink(missing_ok=True)


def _copied(ctx: Context, path: str, into: Path) -> bool:
    """A copy of one of the device's files, where no app can change it; whether there is such a file."""
    try:
        with os.fdopen(ctx.state.fs.open(path, ctx.cwd), "rb") as file, into.open("wb") as out:
            shutil.copyfileobj(file, out)
    except OSError:
        return False
    return True


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


async def _commit(ctx: Context, archives: list[Path], args: list[str]) -> int:
    try:
        name = await _install(ctx, archives, args)
    except InstallError as bad:
        return await ctx.say(f"Failure [{bad.code}: {bad.message}]", 1)
    await ctx.say("Success")
    ctx.state.log.write("system", "I", "PackageManager", f"Package {name} installed", pid=1000)
    return 0


async def _install(ctx: Context, archives: list[Path], args: list[str]) -> str:
    """Checks, unpacks and registers a base and its splits; an update stops the app and keeps its data and grants."""
    state = ctx.state
    archive, manifest, splits = _base(archives)
    old = state.packages.get(manifest.name)
    least = 0 if BYPASS in args else 24 if state.sdk >= 35 else 23 if state.sdk >= 34 else 0
    if manifest.target_sdk < least:
        said = f"App package must target at least SDK version {least}, but found {manifest.target_sdk}"
        raise InstallError("INSTALL_FAILED_DEPRECATED_SDK_VERSION", said)
    _check(manifest, old, state.sdk, args)
    abis = sorted({abi for one in (manifest, *splits.values()) for abi in one.abis})
    abi = _abi(abis, state.props.get("ro.product.cpu.abilist", "").split(","))
    apk = random_apk_path(manifest.name)
    home = state.fs.host(apk).parent
    home.mkdir(parents=True, exist_ok=True)
    try:
        for each in (*splits, archive):
            unpack(each, home)
        shutil.copyfile(archive, home / "base.apk")
    except InstallError:
        shutil.rmtree(home.parent, ignore_errors=True)
        raise
    if old:
        await state.app.force_stop(old.name)
    now = state.clock.now_ms()
    shared = manifest.shared_user
    mates = (p.uid for p in state.packages.values() if shared and p.shared_user == shared)
    package = Package(
        **{each.name: getattr(manifest, each.name) for each in fields(Declared)},
        uid=old.uid if old else next(mates, 0) or state.new_uid(),
        apk=apk,
        abi=abi,
        splits=[one.split for one in splits.values()],
        first_install_ms=old.first_install_ms if old else now,
        last_update_ms=now,
        host_apk=home / "base.apk",
    )
    if "-g" in args:
        package.grants = {p: Grant(True) for p in manifest.requested if is_runtime(p, state.sdk)}
    state.add_package(package)
    if old:
        _remove_code(ctx, old)
    state.lay_data(package)
    await state.app.installed(package, home / "base.apk")
    return package.name


def _base(archives: list[Path]) -> tuple[Path, Manifest, dict[Path, Manifest]]:
    """The base among the files of one install, and its splits."""
    found = {path: read_archive(path) for path in archives}
    bases = [path for path, one in found.items() if not one.split]
    if not bases:
        raise InstallError("INSTALL_FAILED_INVALID_APK", "Full install must include a base package")
    if len(bases) > 1 or len({(one.name, one.version_code) for one in found.values()}) > 1:
        raise InstallError("INSTALL_FAILED_INVALID_APK", f"{archives[-1].name} inconsistent with {archives[0].name}")
    return bases[0], found.pop(bases[0]), found


def _abi(has: list[str], device: list[str]) -> str:
    """The device's first processor kind that the app has code for; empty for an app without native code."""
    if not has:
        return ""
    fit = [abi for abi in device if abi in has]
    if not fit:
        raise InstallError("INSTALL_FAILED_NO_MATCHING_ABIS", "Failed to extract native libraries, res=-113")
    return fit[0]


def _check(manifest: Manifest, old: Package | None, sdk: int, args: list[str]) -> None:
    was = old.version_code if old else 0
    least = f"Requires newer sdk version #{manifest.min_sdk} (current version is #{sdk})"
    testing = "Failed to install test-only apk. Did you forget to add -t?"
    signed = f"Existing package {manifest.name} signatures do not match newer version; ignoring!"
    again = f"Attempt to re-install {manifest.name} without first uninstalling."
    older = f"Downgrade detected: Update version code {manifest.version_code} is older than current {was}"
    for wrong, code, said in (
        (manifest.min_sdk > sdk, "INSTALL_FAILED_OLDER_SDK", least),
        (manifest.test_only and "-t" not in args, "INSTALL_FAILED_TEST_ONLY", testing),
        (old and old.system, "INSTALL_FAILED_UPDATE_INCOMPATIBLE", signed),
        (old and "-R" in args, "INSTALL_FAILED_ALREADY_EXISTS", again),
        (manifest.version_code < was and "-d" not in args, "INSTALL_FAILED_VERSION_DOWNGRADE", older),
    ):
        if wrong:
            raise InstallError(code, said)


def _remove_code(ctx: Context, package: Package) -> None:
    if package.host_apk:
        shutil.rmtree(package.host_apk.parent.parent, ignore_errors=True)


async def uninstall(ctx: Context, args: list[str]) -> int:
    name = next(iter(plain(args, ("--user", "--versionCode"))), "")
    package = ctx.state.packages.get(name)
    if package is None:
        return await ctx.say(
            "Failure [DELETE_FAILED_INTERNAL_ERROR]" if ctx.state.sdk < 30 else "Failure [not installed for 0]", 1
        )
    if package.system:
        return await ctx.say("Failure [DELETE_FAILED_INTERNAL_ERROR]", 1)
    await ctx.state.app.force_stop(name)
    _remove_code(ctx, package)
    if "-k" not in args:
        shutil.rmtree(ctx.state.fs.host(package.data_dir), ignore_errors=True)
    ctx.state.remove_package(name)
    return await ctx.say("Success")


async def _unknown(ctx: Context, verb: str) -> int:
    return await java_error(ctx, verb, "java.lang.IllegalArgumentException", f"Unknown option {BYPASS}")


async def create_session(ctx: Context, args: list[str]) -> int:
    if BYPASS in args and ctx.state.sdk < 34:
        return await _unknown(ctx, "install-create")
    number = next(_numbers)
    _sessions[number] = [], args
    return await ctx.say(f"Success: created install session [{number}]")


async def write_session(ctx: Context, args: list[str]) -> int:
    rest = plain(args, ("-S",))
    size = args[args.index("-S") + 1] if "-S" in args[:-1] else ""
    number = int(rest[0]) if rest and rest[0].isdigit() else 0
    if number not in _sessions:
        return await java_error(ctx, "install-write", "java.lang.SecurityException", "Caller has no access to session")
    target = ctx.state.fs.root / f".standin-session-{number}-{len(_sessions[number][0])}"
    if len(rest) > 2 and rest[2] != "-":
        if not _copied(ctx, rest[2], target):
            return await ctx.complain(f"Error: failed to open file: {rest[2]}")
        size = str(target.stat().st_size)
    elif not size.isdigit() or not await _receive(ctx, int(size), target):
        return 1
    _sessions[number][0].append(target)
    return await ctx.say(f"Success: streamed {size} bytes")


async def commit_session(ctx: Context, args: list[str]) -> int:
    number = next((int(a) for a in plain(args) if a.isdigit()), 0)
    files, options = _sessions.pop(number, ([], []))
    if not files:
        return await java_error(
            ctx, "install-commit", "java.lang.SecurityException", f"Caller has no access to session {number}"
        )
    try:
        return await _commit(ctx, files, options)
    finally:
        for file in files:
            file.unlink(missing_ok=True)
