"""dumpsys window and dumpsys activity, in Android's text formats."""

import zlib

from emulator.standin.packages.intents import short_component
from emulator.standin.state.device import DeviceState
from emulator.standin.window.screen import ActivityRecord, Window

from .common import short_name


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
    only_windows = "windows" in args or "w" in args
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
    # In newer versions the focus is no longer part of the "windows" section.
    if only_windows:
        return "\n".join(lines if state.sdk >= 34 else [*lines, *focus_lines])
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
