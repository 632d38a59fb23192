"""dumpsys: package, window, activity, in Android's text formats."""

from emulator.standin.packages.installed import Flag, Package
from emulator.standin.packages.intents import short_component
from emulator.standin.packages.permdefs import APP_OP_ONLY
from emulator.standin.shell.context import Context
from emulator.standin.state.device import PER_USER, DeviceState

from .dumpwin import activity_dump, hash_id, window_dump
from .packages import digest_name


async def dumpsys(ctx: Context, args: list[str]) -> int:
    function = _SERVICES.get(args[0]) if args else None
    if function is None:
        await ctx.complain(f"Can't find service: {args[0] if args else ''}")
        return 0 if args else 1
    return await ctx.say(function(ctx.state, args[1:]))


def flag_text(flags: int) -> str:
    """`USER_SET|USER_FIXED`; bits without a name come as a number."""
    names = [flag.name for flag in Flag if flags & flag]
    rest = flags & ~sum(Flag)
    return "|".join([*names, str(rest)] if rest else names)


def package_dump(state: DeviceState, args: list[str]) -> str:
    names = [a for a in args if not a.startswith("-")]
    found = [p for p in state.packages.values() if not names or p.name == names[0]]
    if not found:
        return f"Unable to find package: {names[0]}"
    lines = []
    package = found[0] if names else None
    if package and package.components:
        lines += _resolver(package)
    lines += [
        "Key Set Manager:",
        *[f"  [{p.name}]\n      Signing KeySets: 2" for p in found[:1] if names],
        "",
        "Packages:",
    ]
    for each in found:
        lines += _package(state, each)
    lines += ["", "Queries:", "  system apps queryable: false", "  queries via forceQueryable:", "", "Dexopt state:"]
    lines += [
        line
        for p in found
        if names
        for line in (f"  [{p.name}]", f"    path: {p.apk}", "      x86_64: [status=verify] [reason=install]")
    ]
    return "\n".join(lines)


def _resolver(package: Package) -> list[str]:
    lines = ["Activity Resolver Table:", "  Non-Data Actions:"]
    for component in package.of_kind("activity"):
        for action in component.actions:
            short = short_component(f"{package.name}/{component.name}")
            lines += [
                f"      {action}:",
                f"        {hash_id(short)} {short} filter {hash_id(short + 'f')}",
                f'          Action: "{action}"',
            ]
            lines += [f'          Category: "{c}"' for c in component.categories]
    return [*lines, ""]


def _package(state: DeviceState, p: Package) -> list[str]:
    def when(ms: int) -> str:
        return state.clock.local(ms).strftime("%Y-%m-%d %H:%M:%S")

    new, stopped = state.sdk >= 34, str(p.stopped).lower()
    flags = (
        ["SYSTEM"] * p.system + ["DEBUGGABLE"] * p.debuggable + ["HAS_CODE", "ALLOW_CLEAR_USER_DATA", "ALLOW_BACKUP"]
    )
    runtime = [x for x in p.requested if x in p.grants]
    held = [x for x in p.requested if x not in p.grants and x not in APP_OP_ONLY]
    installed = [x for x in held if state.has_permission(p.name, x)]
    lines = [
        f"  Package [{p.name}] ({hash_id(p.name)}):",
        f"    {'appId' if new else 'userId'}={p.uid % PER_USER}",
        *(
            [f"    sharedUser=SharedUserSetting{{{hash_id(p.shared_user)} {p.shared_user}/{p.uid % PER_USER}}}"]
            if p.shared_user
            else []
        ),
        f"    pkg=Package{{{hash_id(p.name + 'p')} {p.name}}}",
        f"    codePath={p.apk.rsplit('/', 1)[0]}",
        f"    resourcePath={p.apk.rsplit('/', 1)[0]}",
        "    legacyNativeLibraryDir=" + p.apk.rsplit("/", 1)[0] + "/lib",
        f"    primaryCpuAbi={p.abi or 'null'}",
        "    secondaryCpuAbi=null",
        f"    versionCode={p.version_code} minSdk={p.min_sdk} targetSdk={p.target_sdk}",
        f"    versionName={p.version_name or 'null'}",
        f"    splits=[{', '.join(['base', *p.splits])}]",
        "    apkSigningVersion=2",
        f"    applicationInfo=ApplicationInfo{{{hash_id(p.name + 'a')} {p.name}}}",
        f"    flags=[ {' '.join(flags)} ]",
        "    privateFlags=[ ALLOW_AUDIO_PLAYBACK_CAPTURE PRIVATE_FLAG_ALLOW_NATIVE_HEAP_POINTER_TAGGING ]",
        "    forceQueryable=false",
        *([] if new else [f"    dataDir={p.data_dir}"]),
        "    supportsScreens=[small, medium, large, xlarge, resizeable, anyDensity]",
        f"    timeStamp={when(p.last_update_ms)}",
        *([] if new else [f"    firstInstallTime={when(p.first_install_ms)}"]),
        f"    lastUpdateTime={when(p.last_update_ms)}",
        *([] if p.system else [f"    installerPackageName={p.installer}"]),
        f"    signatures=PackageSignatures{{{hash_id(p.name + 's')} version:2, signatures:[{digest_name(p)}], "
        "past signatures:[]}",
        "    installPermissionsFixed=true",
        f"    pkgFlags=[ {' '.join(flags)} ]",
    ]
    if p.requested:
        lines += ["    requested permissions:", *[f"      {name}" for name in p.requested]]
    if installed:
        lines += ["    install permissions:", *[f"      {name}: granted=true" for name in installed]]
    tail = " quarantined=false" if new else ""
    lines += [
        f"    User {state.user}: ceDataInode=131072 installed=true hidden=false suspended=false distractionFlags=0 "
        f"stopped={stopped} notLaunched={stopped} enabled=0 instant=false virtual=false{tail}",
        *(
            [f"      installReason=0\n      dataDir={p.data_dir}\n      firstInstallTime={when(p.first_install_ms)}"]
            if new
            else []
        ),
        "      gids=[3003]" if "android.permission.INTERNET" in p.requested else "      gids=[]",
        "      runtime permissions:",
    ]
    for name in runtime:
        grant = p.grants[name]
        lines.append(f"        {name}: granted={str(grant.granted).lower()}, flags=[ {flag_text(grant.flags)}]")
    return [*lines, ""]


_SERVICES = {
    "package": package_dump,
    "window": window_dump,
    "activity": activity_dump,
}

COMMANDS = {"dumpsys": dumpsys}
