"""Runtime permissions as Android 13 asks for them: the dialog, its buttons, flags, and its lines in the log."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from emulator.standin.state.device import DeviceState
from emulator.standin.window.screen import ActivityRecord, Window

from .installed import Flag, Package
from .permdefs import PERMISSION_GROUP
from .texts import box, button, numbers, prompt_texts, radio, view

CLASS = ".permission.ui.GrantPermissionsActivity"
ACTION = "android.content.pm.action.REQUEST_PERMISSIONS"
FINE, COARSE, BACKGROUND = (f"android.permission.ACCESS_{n}_LOCATION" for n in ("FINE", "COARSE", "BACKGROUND"))
LOCATION = "android.permission-group.LOCATION"
WHILE_IN_USE = {LOCATION, "android.permission-group.CAMERA", "android.permission-group.MICROPHONE"}

IGNORED, IGNORED_USER_FIXED, IGNORED_POLICY_FIXED = 1, 2, 3
USER_GRANTED, AUTO_GRANTED, USER_DENIED, USER_DENIED_WITH_PREJUDICE = 4, 5, 6, 7
USER_GRANTED_ONE_TIME, USER_IGNORED = 10, 11
#: What a tap on a button of the dialog comes to.
_ANSWERS = {
    "permission_allow_button": USER_GRANTED,
    "permission_allow_foreground_only_button": USER_GRANTED,
    "permission_allow_always_button": USER_GRANTED,
    "permission_allow_one_time_button": USER_GRANTED_ONE_TIME,
    "permission_deny_button": USER_DENIED,
    "permission_no_upgrade_button": USER_DENIED,
    "permission_deny_and_dont_ask_again_button": USER_DENIED_WITH_PREJUDICE,
}


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
    final: bool = False


class Prompter:
    """Answers requests: at once where Android does, else by a dialog on the screen. One dialog at a time."""

    def __init__(
        self,
        state: DeviceState,
        answer: Callable[[Request], None],
        cover: Callable[[], None],
        uncover: Callable[[], None],
        refocus: Callable[[], None],
    ) -> None:
        """``cover`` is called before a dialog comes over an activity, ``uncover`` once it is gone."""
        self._state = state
        self._answer = answer
        self._cover = cover
        self._uncover = uncover
        self._refocus = refocus
        self._owner = state.traits.dialogs
        own = "permissioncontroller" in self._owner
        self._activity = f"{self._owner}/com.android.{'permissioncontroller' if own else 'packageinstaller'}{CLASS}"
        self.open: list[Request] = []

    # requests

    def request(self, request: Request) -> None:
        """Starts a request: what needs no dialog is settled first. The dialog's activity starts in any case, and ends
        unseen where there is nothing to ask."""
        self._state.truth.write(
            "permission_request", package=request.package.name, permissions=request.permissions, code=request.code
        )
        task = next((r.task for r in self._state.activities if r.token == request.activity), 1)
        request.record = ActivityRecord(secrets.token_hex(8), self._activity, self._owner, 10061, task)
        request.record.intent.action = ACTION
        self._log("wm_create_activity", request.record, task, self._activity, ACTION, "NULL", "NULL", 0)
        groups: dict[str, list[str]] = {}
        for permission in request.permissions:
            if result := self._settled(request, permission):
                self._line(request, permission, result)
            else:
                group = PERMISSION_GROUP[permission] + ("/bg" * (permission == BACKGROUND))
                groups.setdefault(group, []).append(permission)
        request.groups = list(groups.items())
        self._next(request)

    def _settled(self, request: Request, permission: str) -> int:
        """What Android answers for one permission without asking; 0 if it asks."""
        package = request.package
        grant = package.grants.get(permission)
        if grant is None:
            return AUTO_GRANTED if self._state.has_permission(package.name, permission) else IGNORED
        if grant.granted:
            return AUTO_GRANTED
        if grant.flags & (Flag.POLICY_FIXED | Flag.SYSTEM_FIXED):
            return IGNORED_POLICY_FIXED
        if grant.flags & Flag.USER_FIXED:
            return IGNORED_USER_FIXED
        if self._unaskable(request, permission):
            return IGNORED
        if self._group_held(package, permission):
            self._state.set_permission(package.name, permission, True)
            return AUTO_GRANTED
        return 0

    def _unaskable(self, request: Request, permission: str) -> bool:
        """Background location before foreground, and precise location without approximate (target 31 and later)."""
        coarse = request.package.grants.get(COARSE)
        if coarse and coarse.granted:
            return False
        if permission == BACKGROUND:
            return True
        alone = permission == FINE and COARSE not in request.permissions and request.package.target_sdk >= 31
        if alone:
            said = "ACCESS_FINE_LOCATION must be requested with ACCESS_COARSE_LOCATION for Android 12 and above"
            self._state.log.main("E", "GrantPermissionsActivity", said)
        return alone

    def _group_held(self, package: Package, permission: str) -> bool:
        group = PERMISSION_GROUP[permission]
        return group != LOCATION and any(
            g.granted for p, g in package.grants.items() if PERMISSION_GROUP.get(p) == group
        )

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
            self._log("wm_resume_activity", request.record, request.record.task, self._activity)
            self._state.log.event(
                "wm_set_resumed_activity", self._state.user, self._activity, "minimalResumeActivityLocked"
            )
        group, permissions = request.groups[0]
        request.precise = FINE in permissions
        request.final = any(request.package.grants[p].flags & Flag.USER_SET for p in permissions)
        owner, title = self._owner, self._activity
        window = Window(next(numbers), 0, owner, "dialog", title=title, token=request.record.token, uid=10061)
        window.component = title
        request.window = window
        self._draw(request)
        self._state.windows.append(window)
        self._refocus()
        self._state.truth.write(
            "prompt", state="shown", package=request.package.name, permissions=permissions, group=group
        )

    def _draw(self, request: Request) -> None:
        group, permissions = request.groups[0]
        name = request.package.label or request.package.name
        texts = prompt_texts(str(self._state.props.get("persist.sys.locale", "en")), group, name)
        nodes = [
            view("ImageView", "permission_icon"),
            view("TextView", "permission_message", texts["question"]),
        ]
        if group == LOCATION and FINE in permissions and COARSE in permissions:
            nodes.append(
                box(
                    "permission_location_accuracy_radio_group",
                    [
                        radio("permission_location_accuracy_radio_fine", texts["fine"], request.precise),
                        radio("permission_location_accuracy_radio_coarse", texts["coarse"], not request.precise),
                    ],
                    kind="RadioGroup",
                    orientation="horizontal",
                )
            )
        if group.endswith("/bg"):
            buttons = {"allow_always": texts["always"], "no_upgrade": texts["keep"]}
        else:
            buttons = {"allow_foreground_only": texts["in_use"], "allow_one_time": texts["once"]}
            buttons = buttons if group in WHILE_IN_USE else {"allow": texts["allow"]}
            buttons["deny_and_dont_ask_again" if request.final else "deny"] = texts["deny"]
        nodes += [button(f"permission_{name}_button", text) for name, text in buttons.items()]
        if request.window:
            request.window.root = box("grant_singleton", [box("grant_dialog", [box("content_container", nodes)])])

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
        elif name in _ANSWERS:
            self._decide(request, _ANSWERS[name])

    def back(self, window: Window) -> bool:
        """The back key on a dialog of ours: nothing is decided. False if the window is none."""
        request = self._asked(window)
        if request is None:
            return False
        for _, permissions in request.groups:
            for permission in permissions:
                self._line(request, permission, USER_IGNORED)
        request.groups = []
        self._next(request)
        return True

    def _decide(self, request: Request, result: int) -> None:
        _, permissions = request.groups.pop(0)
        granted, once = result in (USER_GRANTED, USER_GRANTED_ONE_TIME), result == USER_GRANTED_ONE_TIME
        for permission in permissions:
            given = granted and (permission != FINE or request.precise)
            fixed = Flag.USER_FIXED if result == USER_DENIED_WITH_PREJUDICE else 0
            flags = fixed | (Flag.ONE_TIME if once and given else Flag.USER_SET)
            before = Flag.ONE_TIME | Flag.USER_SET | Flag.USER_FIXED
            self._state.set_permission(request.package.name, permission, given, set_flags=flags, clear_flags=before)
            self._line(request, permission, result if given or not granted else USER_DENIED)
        self._state.truth.write(
            "prompt", state="answered", package=request.package.name, permissions=permissions, granted=granted,
            result=result,
        )  # fmt: skip
        self._next(request)

    def _close_window(self, request: Request) -> None:
        if request.window and request.window in self._state.windows:
            self._state.windows.remove(request.window)
            self._refocus()
        request.window = None

    # traces

    def _line(self, request: Request, permission: str, result: int) -> None:
        self._state.log.main(
            "V",
            "GrantPermissionsViewModel",
            f"Permission grant result requestId={request.ident} callingUid={request.package.uid} "
            f"callingPackage={request.package.name} permission={permission} isImplicit=false result={result}",
            uid=10061,
        )
        self._state.truth.write(
            "permission_result", package=request.package.name, permission=permission, result=result,
            granted=self._state.has_permission(request.package.name, permission),
        )  # fmt: skip

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
                self._state.truth.write("permission_revoked", package=package, permission=permission, why="one time")

    def rationale(self, package: Package, permission: str) -> bool:
        """shouldShowRequestPermissionRationale."""
        grant = package.grants.get(permission)
        return bool(grant and not grant.granted and grant.flags & Flag.USER_SET and not grant.flags & Flag.USER_FIXED)
