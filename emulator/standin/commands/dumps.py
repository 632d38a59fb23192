"""dumpsys: package, window, activity, in Android's text formats."""

import zlib

from emulator.standin.packages.installed import Flag, Package
from emulator.standin.packages.intents import short_component
from emulator.standin.packages.permdefs import APP_OP_ONLY
from emulator.standin.shell.context import Context
from emulator.standin.state.device import PER_USER, DeviceState
from emulator.standin.window.screen import ActivityRecord, Window

from .common import short_name
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
    lines = ["WINDOW MANAGER WINDOWS (dumpsys window windows)"]
    shown = list(reversed(state.windows))
    for number, window in enumerate(shown):
        kind = {
            "activity": "BASE_APPLICATION",
            "dialog": "APPLICATION",
            "popup": "APPLICATION_PANEL",
            "toast": "TOAST",
        }.get(window.kind, "APPLICATION")
        activity = next((a for a in state.activities if a.token == window.token), None)
        lines += [
            f"  Window #{number} {_window_name(window)}:",
            f"    mDisplayId=0 rootTaskId={activity.task if activity else 1} "
            f"mSession=Session{{{hash_id(window.package)} {window.pid or 1604}:{short_name(window.uid)}}} "
            f"mClient=android.os.BinderProxy@{window.ident}",
            f"    mOwnerUid={window.uid} showForAllUsers=false package={window.package} appop=NONE",
            f"    mAttrs={{(0,0)(fillxfill) sim={{adjust=resize}} ty={kind} fmt=TRANSPARENT",
            *([f"    mActivityRecord={_record(activity)}"] if activity else []),
            f"    mHasSurface={str(window.visible).lower()} isReadyForDisplay()={str(window.visible).lower()}",
            f"    isOnScreen={str(window.visible).lower()}",
            f"    isVisible={str(window.visible).lower()}",
        ]
    lines.append("")
    focus, top = state.focused_window(), state.top_activity()
    focus_lines = [
        f"  mCurrentFocus={_window_name(focus) if focus else 'null'}",
        f"  mFocusedApp={_record(top) if top else 'null'}",
    ]
    size = f"{state.screen[0]}x{state.screen[1]}"
    displays = [
        "WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)",
        "  Display: mDisplayId=0",
        f"    init={size} {state.density}dpi cur={size} app={state.screen[0]}x2210 rng=1080x1017-2274x2210",
        *focus_lines,
        "",
    ]
    return "\n".join([*displays, *lines])


# activities


def activity_dump(state: DeviceState, args: list[str]) -> str:
    section = next((a for a in args if not a.startswith("-")), "activities")
    if section not in ("activities", "a"):
        return f"Bad activity command, or no activities match: {section}"
    return _activities(state)


def _tasks(state: DeviceState) -> dict[int, list[ActivityRecord]]:
    tasks: dict[int, list[ActivityRecord]] = {}
    for activity in reversed(state.activities):
        tasks.setdefault(activity.task, []).append(activity)
    return tasks


def _task_name(task: int, rows: list[ActivityRecord]) -> str:
    return f"Task{{{hash_id(f'task{task}')} #{task} type=standard A={rows[-1].uid}:{rows[-1].package} U=0"


def _activities(state: DeviceState) -> str:
    lines = ["ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)", "Display #0 (activities from top to bottom):"]
    top = state.top_activity()
    for task, rows in _tasks(state).items():
        visible = str(any(a.state == "resumed" for a in rows)).lower()
        lines.append(
            f"  * {_task_name(task, rows)} visible={visible} visibleRequested={visible} mode=fullscreen "
            f"translucent=false sz={len(rows)}}}"
        )
        lines.append("    isSleeping=false")
        resumed = next((a for a in rows if a.state == "resumed"), None)
        if resumed:
            lines.append(f"    topResumedActivity={_record(resumed)}")
        for number, a in zip(range(len(rows) - 1, -1, -1), rows, strict=True):
            lines += [
                f"    * Hist  #{number}: {_record(a)}",
                f"      packageName={a.package} processName={a.process or a.package}",
                f"      Intent {{ {a.intent.short()} }}",
                f"      ProcessRecord{{{hash_id(str(a.pid))} {a.pid}:{a.process or a.package}/{short_name(a.uid)}}}",
                f"      state={a.state.upper()} delayedResume=false finishing=false",
            ]
        lines.append("")
    lines += ["  Resumed activities in task display areas (from top to bottom):"]
    if top:
        lines += [f"    Resumed: {_record(top)}", "", f"  ResumedActivity: {_record(top)}"]
    return "\n".join(lines)


_SERVICES = {"package": package_dump, "window": window_dump, "activity": activity_dump}

COMMANDS = {"dumpsys": dumpsys}
