"""Verbs about agreeing and refusing: consent, the system's permission dialog, switches, withdrawal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from monitor.events import Consent, Toggle
from monitor.handset import Node
from monitor.prompts import prompt_package
from monitor.scenario.context import TIMEOUTS, Run, StepFailed
from monitor.scenario.registry import Args, Wait, verb
from monitor.scenario.selector import Selector, Where, plain
from monitor.scopes import checked_scope

_STATES: Final = {"accept": "granted", "reject": "denied", "withdraw": "withdrawn", "shown": "shown"}
#: Last part of the buttons' resource IDs, in search order.
_BUTTONS: Final[dict[str, tuple[str, ...]]] = {
    "allow": (
        "permission_allow_foreground_only_button", "permission_allow_button", "permission_allow_all_button",
        "permission_allow_selected_button", "permission_allow_one_time_button",
    ),
    "allow_once": (
        "permission_allow_one_time_button", "permission_allow_foreground_only_button", "permission_allow_button",
    ),
    "deny": (
        "permission_deny_button", "permission_deny_and_dont_ask_again_button", "permission_no_upgrade_button",
        "permission_no_upgrade_and_dont_ask_again_button",
    ),
    "deny_forever": (
        "permission_deny_and_dont_ask_again_button", "permission_no_upgrade_and_dont_ask_again_button",
        "permission_deny_button",
    ),
}  # fmt: skip
#: Vendor dialogs have their own IDs: then the words count, as well.
_WORDS: Final = {
    "allow": re.compile(
        r"仅?在?使用(中|期间|该应用时|此应用时)?.*允许|允许|始终允许|while using the app|allow|only while.*", re.I
    ),
    "allow_once": re.compile(r"仅限?这一次|本次.*允许|仅本次.*|only this time|allow once", re.I),
    "deny": re.compile(r"拒绝|不允许|禁止|don't allow|deny", re.I),
    "deny_forever": re.compile(r"拒绝.*不再(询问|提示)|不再询问|don't ask again|deny.*don't ask again", re.I),
}
#: What the system dialog says about a permission, by the last part of its name (AOSP wording, zh and en). A dialog
#: is about a group: permissions of one group share their words.
_ABOUT: Final[dict[str, str]] = {
    "CAMERA": r"拍照|拍摄|相机|take pictures|camera",
    "RECORD_AUDIO": r"录音|录制音频|麦克风|record audio|microphone",
    **dict.fromkeys(
        ("ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION", "ACCESS_BACKGROUND_LOCATION"), r"位置|定位|location"
    ),
    **dict.fromkeys(("READ_CONTACTS", "WRITE_CONTACTS", "GET_ACCOUNTS"), r"通讯录|联系人|contacts"),
    **dict.fromkeys(("READ_CALENDAR", "WRITE_CALENDAR"), r"日历|日程|calendar"),
    **dict.fromkeys(("READ_CALL_LOG", "WRITE_CALL_LOG"), r"通话记录|call logs?"),
    **dict.fromkeys(("READ_SMS", "SEND_SMS", "RECEIVE_SMS"), r"短信|sms|text messages"),
    **dict.fromkeys(
        ("READ_PHONE_STATE", "READ_PHONE_NUMBERS", "CALL_PHONE", "ANSWER_PHONE_CALLS"), r"电话|通话状态|phone"
    ),
    **dict.fromkeys(
        (
            "READ_EXTERNAL_STORAGE", "WRITE_EXTERNAL_STORAGE", "READ_MEDIA_IMAGES", "READ_MEDIA_VIDEO",
            "READ_MEDIA_AUDIO", "READ_MEDIA_VISUAL_USER_SELECTED",
        ),
        r"照片|视频|媒体|音乐|音频|文件|存储|photos|videos|media|music|files|storage",
    ),
    "BODY_SENSORS": r"生命体征|身体传感器|vital signs|body sensors",
    "ACTIVITY_RECOGNITION": r"身体活动|健身运动|physical activity",
    "POST_NOTIFICATIONS": r"通知|notifications",
    **dict.fromkeys(
        ("BLUETOOTH_SCAN", "BLUETOOTH_CONNECT", "BLUETOOTH_ADVERTISE", "NEARBY_WIFI_DEVICES"),
        r"附近的?设备|nearby devices",
    ),
}  # fmt: skip
ASKED: Final = frozenset(_ABOUT)
"""Permissions that the system asks the user about, by the last part of their names."""
_WITHDRAW: Final = Selector(text=r".*(撤回|撤销|取消)(同意|授权).*|.*withdraw.*consent.*|.*revoke.*consent.*")
_MENU: Final = Selector(text=r"设置|我的|隐私|隐私设置|隐私中心|settings|privacy|privacy settings|me")
_CONFIRM: Final = Selector(text=r"确认撤回|确认|确定|撤回|是|ok|confirm|withdraw|yes")


def _permission_name(value: str) -> str:
    last = value.rpartition(".")[2].upper()
    if last not in _ABOUT:
        raise ValueError(f"not a permission that the system asks about; known: {', '.join(sorted(_ABOUT))}")
    return last


Scope = Annotated[str, AfterValidator(checked_scope)]


class ConsentArgs(Args):
    """The scope and the decision; ``tapOn`` is the element to tap."""

    scope: Scope = "policy"
    """What is decided on: a consent scope."""
    decision: Literal["accept", "reject", "withdraw", "shown"]
    tapOn: Where | None = None
    """The element to tap; without it, only the decision is stated."""

    def title(self) -> str:
        """Scope and decision."""
        return self.label or f"{self.scope}: {self.decision}"


class PermissionArgs(Args):
    """How to answer the system dialog; ``name``: for which permission, so that dialogs for others are left alone."""

    decision: Literal["allow", "allow_once", "deny", "deny_forever"]
    name: Annotated[str, AfterValidator(_permission_name)] = ""
    timeout: Wait | None = None

    def title(self) -> str:
        """The decision and its subject."""
        return self.label or f"{self.decision} {self.name}".strip()

    def planned_ms(self) -> int:
        """A tap with its snapshots of the screen."""
        return 1200


class WithdrawArgs(Args):
    """The path of labels; without ``path`` the usual menus are searched."""

    scope: Scope = "policy"
    path: list[Where] = Field([], max_length=10)

    def title(self) -> str:
        """The scope."""
        return self.label or self.scope


class ToggleArgs(Args):
    """A switch by its name in rules, the value to set, and its place on the screen."""

    name: str = Field(min_length=1, max_length=100)
    """``personalisation``, ``ai_training`` or ``statistics`` (of use), or the switch's own label, by whose words its
    scope is recognised."""
    value: bool
    element: Where
    """The switch on the screen."""
    timeout: Wait | None = None

    def title(self) -> str:
        """Name and value."""
        return self.label or f"{self.name} {'on' if self.value else 'off'}"


@verb("consent", ConsentArgs)
def consent(run: Run, args: ConsentArgs) -> None:
    """Decide on a consent inside the app: tap ``tapOn`` if given, and state what it means."""
    if args.tapOn is not None:
        run.tap(args.tapOn, optional=args.optional)
    _hint(run, args.scope, _STATES[args.decision])


@verb("permission", PermissionArgs, short="decision")
def permission(run: Run, args: PermissionArgs) -> None:
    """Wait for the system's permission dialog and answer it."""
    seconds = TIMEOUTS["optional" if args.optional else "dialog"] if args.timeout is None else args.timeout / 1000
    found: list[Node] = []

    def there() -> bool:
        nodes = run.nodes()
        node = permission_button(nodes, args.decision, run.app)
        if node is not None and asks_about(nodes, node, args.name):
            found.append(node)
        return bool(found)

    if not run.until(there, seconds):
        about = f" about {args.name}" if args.name else ""
        raise StepFailed(f"no permission dialog{about} with that answer within {seconds:g} s")
    nodes = run.snapshot("permission dialog")
    run.tap_node(permission_button(nodes, args.decision, run.app) or found[0])


@verb("withdraw", WithdrawArgs, short="scope")
def withdraw(run: Run, args: WithdrawArgs) -> None:
    """Withdraw a consent: along ``path``, the controls to tap in turn with the app's own question at the end,
    or by searching the usual menus for the control."""
    if args.path:
        for step in args.path:
            run.tap(step)
    else:
        _look_for_withdrawal(run)
    _hint(run, args.scope, "withdrawn")


@verb("toggle", ToggleArgs)
def toggle(run: Run, args: ToggleArgs) -> None:
    """Set a named switch."""
    run.require(args.element, optional=args.optional, timeout_ms=args.timeout)
    nodes = run.snapshot(f"before {args.name}")
    switch = switch_of(nodes, args.element)
    if switch is None:
        raise StepFailed(f"no switch beside: {args.element.title()}")
    if switch.checked != args.value:
        run.tap_node(switch)
        after = switch_of(run.nodes(), args.element)
        if after is not None and after.checked != args.value:
            raise StepFailed(f"the switch did not move: {args.name}")
    run.emit(Toggle(**run.base(), name=args.name, value=args.value, via="scenario"))  # type: ignore[arg-type]


def asks_about(nodes: Sequence[Node], button: Node, name: str) -> bool:
    """Whether the dialog that the button is in asks about the permission; empty = any."""
    if not name:
        return True
    words = re.compile(_ABOUT[name], re.I)
    return any(node.package == button.package and words.search(node.text) for node in nodes if node is not button)


def permission_button(nodes: Sequence[Node], decision: str, app: str) -> Node | None:
    """The button of the system's dialog for a decision: by the last part of its id, else by its words. A window of the
    app, or of any other package than the permission controller's, is not that dialog, whatever its buttons are called.
    """
    visible = [
        node
        for node in nodes
        if node.bounds[2] > node.bounds[0] and node.enabled and node.package != app and prompt_package(node.package)
    ]
    for name in _BUTTONS[decision]:
        for node in visible:
            if node.rid.rpartition("/")[2] == name:
                return node
    words = _WORDS[decision]
    return next((node for node in visible if node.clickable and words.fullmatch(plain(node.text))), None)


def switch_of(nodes: Sequence[Node], element: Selector) -> Node | None:
    """The intended check box or switch: the element itself, one inside it, or the one in the same row."""
    node = element.find(nodes)
    if node is None or node.checkable:
        return node
    place = next(i for i, one in enumerate(nodes) if one is node)
    for root in (place, node.parent):
        inside = {root}
        for i, one in enumerate(nodes):
            if one.parent in inside and root >= 0:
                inside.add(i)
                if one.checkable:
                    return one
    return None


def _hint(run: Run, scope: str, state: str) -> None:
    run.emit(Consent(**run.base(), scope=scope, state=state, via="scenario"))  # type: ignore[arg-type]


def _look_for_withdrawal(run: Run) -> None:
    for _ in range(4):
        node = run.find(_WITHDRAW, TIMEOUTS["optional"])
        if node is not None:
            run.tap(_WITHDRAW)
            if run.find(_CONFIRM, TIMEOUTS["optional"]) is not None:
                run.tap(_CONFIRM)
            return
        if run.find(_MENU, 0) is None:
            break
        run.tap(_MENU)
    raise StepFailed("no way to withdraw was found")
