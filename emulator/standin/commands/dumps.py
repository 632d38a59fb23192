"""dumpsys: package, window, activity, in Android's text formats."""

import zlib

from emulator.standin.packages.installed import Flag, Package
from emulator.standin.packages.intents import short_component
from emulator.standin.packages.permdefs import APP_OP_ONLY
from emulator.standin.shell.context import Context
from emulator.standin.state.device import PER_USER, DeviceState
from emulator.standin.window.screen import ActivityRecord, Window

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
    package = state.packages.get(args[0]) if args else None
    if package is None:
        return f"Unable to find package: {' '.join(args[:1])}"
    lines = ["Key Set Manager:", f"  [{package.name}]\n      Signing KeySets: 2", "", "Packages:"]
    lines += _package(state, package)
    lines += ["", "Queries:", "  system apps queryable: false", "  queries via forceQueryable:", "", "Dexopt state:"]
    lines += [f"  [{package.name}]", f"    path: {package.apk}", "      x86_64: [status=verify] [reason=install]"]
    return "\n".join(lines)


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
        f"    primaryCpuAbi={p.abi or 'null'}",
        "    secondaryCpuAbi=null",
        f"    versionCode={p.version_code} minSdk={p.min_sdk} targetSdk={p.target_sdk}",
        f"    versionName={p.version_name or 'null'}",
        f"    splits=[{', '.join(['base', *p.splits])}]",
        f"    flags=[ {' '.join(flags)} ]",
        *([] if new else [f"    dataDir={p.data_dir}"]),
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


def hash_id(text: str) -> str:
    """A stable short hex id, as Java's identityHashCode would print."""
    return f"{zlib.crc32(text.encode()) & 0xFFFFFFF:x}"


# windows


def _window_name(window: Window) -> str:
    return f"Window{{{window.ident} u{window.uid // 100_000} {window.display_title}}}"


def _record(activity: ActivityRecord) -> str:
    user = activity.uid // 100_000
    return f"ActivityRecord{{{activity.ident} u{user} {short_component(activity.component)} t{activity.task}}}"


def window_dump(state: DeviceState, args: list[str]) -> str:
    focus, top = state.focused_window(), state.top_activity()
    size = f"{state.screen[0]}x{state.screen[1]}"
    lines = [
        "WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)",
        "  Display: mDisplayId=0",
        f"    init={size} {state.density}dpi cur={size} app={state.screen[0]}x2210 rng=1080x1017-2274x2210",
        f"  mCurrentFocus={_window_name(focus) if focus else 'null'}",
        f"  mFocusedApp={_record(top) if top else 'null'}",
        "",
        "WINDOW MANAGER WINDOWS (dumpsys window windows)",
    ]
    for number, window in enumerate(reversed(state.windows)):
        shown = str(window.visible).lower()
        lines += [f"  Window #{number} {_window_name(window)}:", f"    isOnScreen={shown}", f"    isVisible={shown}"]
    return "\n".join(lines)


# activities


def activity_dump(state: DeviceState, args: list[str]) -> str:
    section = next((a for a in args if not a.startswith("-")), "activities")
    if section not in ("activities", "a"):
        return f"Bad activity command, or no activities match: {section}"
    lines = ["ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)", "Display #0 (activities from top to bottom):"]
    for activity in reversed(state.activities):
        if activity.state == "resumed":
            lines.append(f"    topResumedActivity={_record(activity)}")
        lines += [f"    * Hist: {_record(activity)}", f"      state={activity.state.upper()} finishing=false"]
    lines += ["", "  Resumed activities in task display areas (from top to bottom):"]
    if top := state.top_activity():
        lines += [f"    Resumed: {_record(top)}", "", f"  ResumedActivity: {_record(top)}"]
    return "\n".join(lines)


def account_dump(state: DeviceState, args: list[str]) -> str:
    accounts = state.get("accounts") or []
    lines = [f"  Accounts: {len(accounts)}", *(f"    Account {{name={a['name']}, type={a['type']}}}" for a in accounts)]
    return "\n".join([f"User UserInfo{{{state.user}:Owner:4c13}}:", *lines])


_SERVICES = {"account": account_dump, "package": package_dump, "window": window_dump, "activity": activity_dump}

COMMANDS = {"dumpsys": dumpsys}
