"""Runtime permissions as Android 8 to 16 ask for them: the dialog, flags, and its lines in the log."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from emulator.standin.state.device import DeviceState
from emulator.standin.window.screen import ActivityRecord, Window

from .installed import Flag, Package
from .permdefs import PERMISSION_GROUP
from .texts import ANSWERS, Look, dialog, numbers

CLASS = ".permission.ui.GrantPermissionsActivity"
ACTION = "android.content.pm.action.REQUEST_PERMISSIONS"
FINE, COARSE, BACKGROUND = (f"android.permission.ACCESS_{n}_LOCATION" for n in ("FINE", "COARSE", "BACKGROUND"))
LOCATION = "android.permission-group.LOCATION"
BACKGROUND_GROUP = LOCATION + "/bg"
SELECTED_ACCURACY = 1 << 19
"""The flag by which Android 12 and later knows the precision that was chosen; ``dumpsys`` has no name for it."""

IGNORED, IGNORED_USER_FIXED, IGNORED_POLICY_FIXED = 1, 2, 3
USER_GRANTED, AUTO_GRANTED, USER_DENIED, USER_DENIED_WITH_PREJUDICE = 4, 5, 6, 7
USER_GRANTED_ONE_TIME, USER_IGNORED = 10, 11
USER_GRANTED_IN_SETTINGS = 12
QUIET = -1
"""Settled, and the log does not say so."""
_GRANTS = frozenset((USER_GRANTED, USER_GRANTED_ONE_TIME, USER_GRANTED_IN_SETTINGS))


def _tag(sdk: int) -> str:
    """Of the lines about answers in the log."""
    return "GrantPermissionsViewModel" if sdk >= 31 else "GrantPermissionsActivity"


@dataclass
class Request:
    """One call of requestPermissions, worked off group by group."""

    package: Package
    pid: int
    activity: str
    permissions: list[str]
    code: int
    ident: int = field(default_factory=lambda: secrets.randbits(63) - (1 << 62))
    groups: list[tuple[str, list[str]]] = field(default_factory=list)
    window: Window | None = None
    record: ActivityRecord | None = None
    precise: bool = True
    ticked: bool = False
    page: str = ""
    """The radio button that is on, of a page of the settings; it counts when the page is left."""


class Prompter:
    """Answers requests: at once where Android does, else by a dialog on the screen. One dialog at a time."""

    def __init__(
        self,
        state: DeviceState,
        answer: Callable[[Request], None],
        cover: Callable[[], None],
        uncover: Callable[[], None],
    ) -> None:
        """``cover`` is called before a dialog comes over an activity, ``uncover`` once it is gone."""
        self._state = state
        self._answer = answer
        self._cover = cover
        self._uncover = uncover
        self.open: list[Request] = []

    # requests

    def request(self, request: Request) -> None:
        """Starts a request: what needs no dialog is settled first. The dialog's activity starts in any case, and ends
        unseen where there is nothing to ask."""
        task = next((r.task for r in self._state.activities if r.token == request.activity), 1)
        sdk, owner = self._state.sdk, self._state.traits.dialogs
        owner = owner.replace("permissioncontroller", "packageinstaller") if sdk < 29 else owner
        inside = "permissioncontroller" if "permissioncontroller" in owner and sdk >= 30 else "packageinstaller"
        request.record = ActivityRecord(
            secrets.token_hex(8), f"{owner}/com.android.{inside}{CLASS}", owner, 10061, task
        )
        request.record.intent.action = ACTION
        self._log("wm_create_activity", request.record, task, request.record.component, ACTION, "NULL", "NULL", 0)
        groups: dict[str, list[str]] = {}
        for permission in request.permissions:
            if result := self._settled(request, permission):
                self._line(request, permission, result)
            else:
                group = PERMISSION_GROUP[permission] + ("/bg" * (permission == BACKGROUND))
                groups.setdefault(group, []).append(permission)
        if LOCATION in groups and BACKGROUND_GROUP in groups and sdk == 29:
            groups[LOCATION + "/both"] = groups.pop(LOCATION) + groups.pop(BACKGROUND_GROUP)
        if BACKGROUND_GROUP in groups and (len(groups) > 1 or not self._located(request.package)):
            said = "For R+ apps, background permissions must be requested individually"
            self._state.log.main("E", _tag(sdk), said, uid=10061)
            groups = {}
        request.groups = list(groups.items())
        self._next(request)

    def _settled(self, request: Request, permission: str) -> int:
        """What Android answers for one permission without asking; 0 if it asks."""
        package, quiet = request.package, self._state.sdk >= 31
        grant = package.grants.get(permission)
        if grant is None:
            return QUIET if quiet else IGNORED
        if grant.granted:
            return QUIET if quiet else AUTO_GRANTED
        if grant.flags & (Flag.POLICY_FIXED | Flag.SYSTEM_FIXED):
            return IGNORED_POLICY_FIXED
        if grant.flags & Flag.USER_FIXED:
            return IGNORED_USER_FIXED
        if self._unaskable(request, permission):
            return IGNORED
        group = PERMISSION_GROUP[permission]
        if group != LOCATION and any(g.granted for p, g in package.grants.items() if PERMISSION_GROUP.get(p) == group):
            self._state.set_permission(package.name, permission, True)
            return AUTO_GRANTED
        return 0

    def _unaskable(self, request: Request, permission: str) -> bool:
        """Background location before foreground, and precise location without approximate (target 31 and later)."""
        if self._located(request.package):
            return False
        if permission == BACKGROUND:
            together = self._state.sdk == 29 and not {COARSE, FINE}.isdisjoint(request.permissions)
            return not together and (self._state.sdk < 30 or request.package.target_sdk < 30)
        target = min(request.package.target_sdk, self._state.sdk)
        alone = permission == FINE and COARSE not in request.permissions and target >= 31
        if alone:
            said = "ACCESS_FINE_LOCATION must be requested with ACCESS_COARSE_LOCATION for Android 12 and above"
            self._state.log.main("E", _tag(self._state.sdk), said, uid=10061)
        return alone

    def _located(self, package: Package) -> bool:
        return any(self._state.has_permission(package.name, place) for place in (COARSE, FINE))

    def _next(self, request: Request) -> None:
        """The next group's dialog, or the end."""
        self._close_window(request)
        if request.groups:
            self._show(request)
            return
        if request in self.open:
            self.open.remove(request)
        if request.record:
            record, request.record = request.record, None
            self._log("wm_finish_activity", record, record.task, record.component, "app-request")
            if record in self._state.activities:
                self._log("wm_pause_activity", record, record.component, "userLeaving=false", "finish")
                self._log("wm_destroy_activity", record, record.task, record.component, "finish-imm:idle")
                self._state.activities.remove(record)
                self._uncover()
        self._answer(request)

    # dialog

    def _show(self, request: Request) -> None:
        if request not in self.open:
            self.open.append(request)
        assert request.record
        if request.record not in self._state.activities:
            self._cover()
            request.record.state = "resumed"
            self._state.activities.append(request.record)
            self._log("wm_resume_activity", request.record, request.record.task, request.record.component)
            self._state.log.event(
                "wm_set_resumed_activity", self._state.user, request.record.component, "minimalResumeActivityLocked"
            )
        group, permissions = request.groups[0]
        request.precise, request.ticked, request.page = FINE in permissions, False, ""
        owner, title = request.record.package, request.record.component
        window = Window(next(numbers), 0, owner, "dialog", title=title, token=request.record.token, uid=10061)
        window.component = title
        request.window = window
        self._draw(request)
        self._state.windows.append(window)
        self._state.truth.write(
            "prompt", state="shown", package=request.package.name, permissions=permissions, group=group
        )

    def _draw(self, request: Request) -> None:
        group, permissions = request.groups[0]
        choice = self._state.sdk >= 31 and {FINE, COARSE} <= set(permissions)
        look = Look(
            self._state.sdk, str(self._state.props.get("persist.sys.locale", "en")),
            request.package.label or request.package.name, group.rpartition("permission-group.")[2],
            again=any(request.package.grants[p].flags & Flag.USER_SET for p in permissions),
            precise=request.precise if choice else None, ticked=request.ticked, page=request.page,
        )  # fmt: skip
        if request.window:
            request.window.root = dialog(look)

    def _asked(self, window: Window) -> Request | None:
        """The request whose dialog a window is, None if it is not ours."""
        return next((r for r in self.open if r.window is window), None)

    def click(self, window: Window, node: dict[str, Any]) -> None:
        """A tap; nothing happens if the window is no dialog of ours."""
        request, name = self._asked(window), str(node.get("rid", "")).rpartition("/")[2]
        if request is None:
            return
        if name.startswith("permission_location_accuracy_radio_"):
            request.precise = name.endswith("fine")
            self._draw(request)
        elif name.endswith("_radio_button"):
            request.page = name
            self._draw(request)
        elif name == "do_not_ask_checkbox":
            request.ticked = not request.ticked
            self._draw(request)
        elif name in ANSWERS:
            result = ANSWERS[name]
            result = USER_DENIED_WITH_PREJUDICE if request.ticked and result == USER_DENIED else result
            self._decide(request, result, foreground="foreground" in name)

    def back(self, window: Window) -> bool:
        """The back key on a dialog of ours: nothing is decided, before Android 11 it stays. False if the window is
        none."""
        request = self._asked(window)
        if request is None:
            return False
        if request.page:
            self._decide(request, ANSWERS[request.page], foreground=False)
            return True
        if self._state.sdk < 30:
            return True
        for _, permissions in request.groups:
            for permission in permissions:
                self._line(request, permission, USER_IGNORED)
        request.groups = []
        self._next(request)
        return True

    def _decide(self, request: Request, result: int, *, foreground: bool) -> None:
        _, permissions = request.groups.pop(0)
        once, granted = result == USER_GRANTED_ONE_TIME, result in _GRANTS
        place = {FINE, COARSE} <= set(permissions) and self._state.sdk >= 31
        for permission in permissions:
            if granted and permission == FINE and not request.precise:
                continue  # nothing is said of what was not chosen
            given = granted and not (foreground and permission == BACKGROUND)
            fixed = Flag.USER_FIXED if result == USER_DENIED_WITH_PREJUDICE else 0
            told = 0 if given and self._state.sdk < 30 else Flag.USER_SET  # a grant cleared it in older Androids
            chosen = SELECTED_ACCURACY * (granted and place and (permission == FINE) == request.precise)
            flags = fixed | chosen | (Flag.ONE_TIME if once and given else told)
            before = Flag.ONE_TIME | Flag.USER_SET | Flag.USER_FIXED | (SELECTED_ACCURACY if place else 0)
            self._state.set_permission(request.package.name, permission, given, set_flags=flags, clear_flags=before)
            self._line(request, permission, result if given == granted else USER_DENIED)
        self._state.truth.write(
            "prompt", state="answered", package=request.package.name, permissions=permissions, granted=granted,
            result=result,
        )  # fmt: skip
        self._next(request)

    def _close_window(self, request: Request) -> None:
        if request.window and request.window in self._state.windows:
            self._state.windows.remove(request.window)
        request.window = None

    # traces

    def _line(self, request: Request, permission: str, result: int) -> None:
        sdk, package = self._state.sdk, request.package
        if result == QUIET:
            return
        if sdk >= 29:
            told = (
                f"Permission grant result requestId={request.ident} callingUid={package.uid} "
                f"callingPackage={package.name} permission={permission} isImplicit=false result={result}"
            )
            told += " isPermissionRationaleShown=false" * (sdk >= 34)
            told += "isPackageRestrictedByEnhancedConfirmation=false" * (sdk >= 35)
            self._state.log.main("I" if sdk >= 35 else "V", _tag(sdk), told, uid=10061)

    def _log(self, tag: str, record: ActivityRecord, *rest: object) -> None:
        self._state.log.event(tag, self._state.user, int(record.ident, 16), *rest)

    def forget(self, package: str) -> None:
        """The package's processes are gone: its dialogs go, one-time grants end."""
        for request in [r for r in self.open if r.package.name == package]:
            self.open.remove(request)
            self._close_window(request)
            if request.record in self._state.activities and request.record:
                self._state.activities.remove(request.record)
        known = self._state.packages.get(package)
        for permission, grant in (known.grants if known else {}).items():
            if grant.granted and grant.flags & Flag.ONE_TIME:
                self._state.set_permission(package, permission, False, clear_flags=Flag.ONE_TIME)

    def rationale(self, package: Package, permission: str) -> bool:
        """shouldShowRequestPermissionRationale."""
        grant = package.grants.get(permission)
        return bool(grant and not grant.granted and grant.flags & Flag.USER_SET and not grant.flags & Flag.USER_FIXED)
