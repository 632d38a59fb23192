"""Verbs about agreeing and refusing: consent, the system's permission dialog, switches, withdrawal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from monitor.events import Consent, Toggle
from monitor.scenario.context import TIMEOUTS, Run, StepFailed
from monitor.scenario.port import Node
from monitor.scenario.registry import Args, Wait, verb
from monitor.scenario.selector import Selector, Where, plain

_SCOPE = re.compile(r"(policy|personalisation|ai_training|account|(sensitive|share|permission):[\w.\-]{1,100})")
_STATES: Final = {"accept": "granted", "reject": "denied", "withdraw": "withdrawn", "shown": "shown"}
#: Last part of the buttons' resource ids, in the order they are looked for.
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
#: Vendors' dialogs have ids of their own: then the words count, inside a window of the permission controller only.
_WORDS: Final = {
    "allow": re.compile(
        r"仅?在?使用(中|期间|该应用时|此应用时)?.*允许|允许|始终允许|while using the app|allow|only while.*", re.I
    ),
    "allow_once": re.compile(r"仅限?这一次|本次.*允许|仅本次.*|only this time|allow once", re.I),
    "deny": re.compile(r"拒绝|不允许|禁止|don't allow|deny", re.I),
    "deny_forever": re.compile(r"拒绝.*不再(询问|提示)|不再询问|don't ask again|deny.*don't ask again", re.I),
}
_DIALOG: Final = re.compile(r"permissioncontroller|packageinstaller|com\.lbe\.security")
_WITHDRAW: Final = Selector(text=r".*(撤回|撤销|取消)(同意|授权).*|.*withdraw.*consent.*|.*revoke.*consent.*")
_MENU: Final = Selector(text=r"设置|我的|隐私|隐私设置|隐私中心|settings|privacy|privacy settings|me")
_CONFIRM: Final = Selector(text=r"确认撤回|确认|确定|撤回|是|ok|confirm|withdraw|yes")


def _scope(value: str) -> str:
    if not _SCOPE.fullmatch(value):
        raise ValueError("not a scope: policy, personalisation, ai_training, sensitive:…, share:…, permission:…")
    return value


Scope = Annotated[str, AfterValidator(_scope)]


class ConsentArgs(Args):
    """What was decided about what; ``tapOn`` is tapped for it."""

    scope: Scope = "policy"
    decision: Literal["accept", "reject", "withdraw", "shown"]
    tapOn: Where | None = None

    def title(self) -> str:
        """Scope and decision."""
        return self.label or f"{self.scope}: {self.decision}"


class PermissionArgs(Args):
    """How to answer the system's dialog."""

    decision: Literal["allow", "allow_once", "deny", "deny_forever"]
    timeout: Wait | None = None

    def title(self) -> str:
        """The decision."""
        return self.label or self.decision

    def planned_ms(self) -> int:
        """A tap with its looks at the screen."""
        return 1200


class WithdrawArgs(Args):
    """Where the way lies; without ``path`` it is looked for in the usual menus."""

    scope: Scope = "policy"
    path: list[Where] = Field([], max_length=10)

    def title(self) -> str:
        """The scope."""
        return self.label or self.scope


class ToggleArgs(Args):
    """A switch by its name in rules, the value wanted, and where it is on the screen."""

    name: str = Field(min_length=1, max_length=100)
    value: bool
    element: Where
    timeout: Wait | None = None

    def title(self) -> str:
        """Name and value."""
        return self.label or f"{self.name} {'on' if self.value else 'off'}"


@verb("consent", ConsentArgs)
def consent(run: Run, args: ConsentArgs) -> None:
    """Decide on a consent inside the app: tap ``tapOn`` if given, and say what it means."""
    if args.tapOn is not None:
        run.tap(args.tapOn, optional=args.optional)
    _hint(run, args.scope, _STATES[args.decision])


@verb("permission", PermissionArgs, short="decision")
def permission(run: Run, args: PermissionArgs) -> None:
    """Answer the system's permission dialog, waiting for it."""
    seconds = TIMEOUTS["optional" if args.optional else "dialog"] if args.timeout is None else args.timeout / 1000
    found: list[Node] = []

    def there() -> bool:
        node = permission_button(run.nodes(), args.decision)
        if node is not None:
            found.append(node)
        return bool(found)

    if not run.until(there, seconds):
        raise StepFailed(f"no permission dialog with that answer within {seconds:g} s")
    nodes = run.snapshot("permission dialog")
    run.tap_node(permission_button(nodes, args.decision) or found[0])


@verb("withdraw", WithdrawArgs, short="scope")
def withdraw(run: Run, args: WithdrawArgs) -> None:
    """Withdraw a consent: along ``path``, or by looking for the control in the usual menus."""
    if args.path:
        for step in args.path:
            run.tap(step)
    else:
        _look_for_withdrawal(run)
    _hint(run, args.scope, "withdrawn")


@verb("toggle", ToggleArgs)
def toggle(run: Run, args: ToggleArgs) -> None:
    """Bring a named switch into a position."""
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


def permission_button(nodes: Sequence[Node], decision: str) -> Node | None:
    """The button of the system's dialog for a decision: by the last part of its id, else by its words."""
    visible = [node for node in nodes if node.bounds[2] > node.bounds[0] and node.enabled]
    for name in _BUTTONS[decision]:
        for node in visible:
            if node.rid.rpartition("/")[2] == name:
                return node
    words = _WORDS[decision]
    return next(
        (
            node
            for node in visible
            if node.clickable and _DIALOG.search(node.package) and words.fullmatch(plain(node.text))
        ),
        None,
    )


def switch_of(nodes: Sequence[Node], element: Selector) -> Node | None:
    """The check box or switch meant: the element itself, one inside it, or the one in the same row."""
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
