"""Which activity has the focus or is resumed: ``dumpsys window`` and ``dumpsys activity activities``."""

import re

from monitor.session.handset import Component

_RECORD = re.compile(r"ActivityRecord\{\S+ u\d+ ([\w.$]+/[\w.$]+)")
_FOCUS = re.compile(r"^\s*mCurrentFocus=Window\{\S+ (?:u\d+ )?([^}]{1,300})\}")
_FOCUSED_APP = re.compile(r"^\s*mFocusedApp=.*?(?=ActivityRecord)")
_RESUMED = re.compile(r"^\s*(?:mResumedActivity|ResumedActivity|Resumed|topResumedActivity)\s*[:=]\s*ActivityRecord\{")
#: Windows of the system that take the focus when the screen is locked, of Android 7 to 16 (lower case).
_COVERS = frozenset({"statusbar", "notificationshade", "keyguard", "bouncer"})
_MAIN = re.compile(r"^\s*([\w.]+/[\w.$]+)\s*$")


def component(text: str) -> Component:
    """``pkg/.Cls``, ``pkg/pkg.Cls`` or a bare window title."""
    package, slash, cls = text.strip().partition("/")
    if not slash:
        return Component(package)
    return Component(package, package + cls if cls.startswith(".") else cls)


def focused(text: str) -> Component | None:
    """The focused activity window of ``dumpsys window``, else the focused app's activity, else any window.

    There is one pair of lines per display and any may be ``null``; a dialog's window may have a title instead of a
    component. Among equals the last printed wins (the built-in display of foldables comes last).
    """
    windows, apps = [], []
    for line in text.replace("\r", "").split("\n"):
        if match := _FOCUS.match(line):
            windows.append(component(match[1]))
        elif _FOCUSED_APP.match(line) and (record := _RECORD.search(line)):
            apps.append(component(record[1]))
    activities = [window for window in windows if window.cls]
    found = activities or apps or windows
    return found[-1] if found else None


def covered(text: str) -> bool:
    """Whether the lock screen, or the shade of notifications, has the focus: nothing below it can be seen or tapped."""
    titles = [match[1].strip() for line in text.replace("\r", "").split("\n") if (match := _FOCUS.match(line))]
    return any(title.lower() in _COVERS for title in titles) and not any("/" in title for title in titles)


def resumed(text: str) -> list[Component]:
    """Resumed activities of ``dumpsys activity activities`` (one per display), topmost first, without repetition."""
    found = []
    for line in text.replace("\r", "").split("\n"):
        if _RESUMED.match(line) and (record := _RECORD.search(line)):
            found.append(component(record[1]))
    return list(dict.fromkeys(found))


def launcher(text: str, package: str) -> Component | None:
    """The package's first activity in ``cmd package resolve-activity --brief`` or ``query-activities --brief``."""
    matches = [component(match[1]) for line in text.splitlines() if (match := _MAIN.match(line))]
    return next((found for found in matches if found.package == package), None)
