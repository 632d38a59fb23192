"""Verbs about agreeing and refusing: consent, the system's permission dialog, switches, withdrawal."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field

from monitor.base import paths, yamlfile
from monitor.events import Consent, Toggle
from monitor.knowledge.prompts import prompt_package
from monitor.knowledge.vocabulary import checked_scope
from monitor.scenario.context import TIMEOUTS, Run, StepFailed
from monitor.scenario.registry import TAP_MS, Args, Wait, verb
from monitor.scenario.screen import Selector, Where, plain
from monitor.session.handset import Node

_STATES: Final = {"accept": "granted", "reject": "denied", "withdraw": "withdrawn", "shown": "shown"}
_DIALOG: Final[Any] = yamlfile.load(paths.package_data("scenario") / "permission_dialog.yaml")
_WORDS: Final = {decision: re.compile(words, re.I) for decision, words in _DIALOG["words"].items()}
_ABOUT: Final = {name: re.compile(one["words"], re.I) for one in _DIALOG["about"] for name in one["permissions"]}
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


class Decision(Args):
    """The scope and the decision; ``tapOn`` is the element to tap."""

    scope: Scope = "policy"
    """What is decided on: a consent scope."""
    decision: Literal["accept", "reject", "withdraw", "shown"]
    tapOn: Where | None = None
    """The element to tap; without it, only the decision is stated."""
    called = "{0.scope}: {0.decision}"


@verb("consent", Decision)
def consent(run: Run, args: Decision) -> None:
    """Decide on a consent inside the app: tap ``tapOn`` if given, and state what it means."""
    if args.tapOn is not None:
        run.tap(args.tapOn, optional=args.optional)
    _state(run, args.scope, _STATES[args.decision])


@verb("permission", short="decision", takes_ms=TAP_MS, called="{0.decision} {0.name}")
def permission(
    run: Run,
    *,
    optional: bool,
    decision: Literal["allow", "allow_once", "deny", "deny_forever"],
    name: Annotated[str, AfterValidator(_permission_name)] = "",
    timeout: Wait | None = None,
) -> None:
    """Wait for the system's permission dialog and answer it. Dialogs for other permissions than ``name`` are left
    alone."""
    seconds = TIMEOUTS["optional" if optional else "dialog"] if timeout is None else timeout / 1000
    answer = _DIALOG["instead"].get(name, {}).get(decision, decision)

    def there() -> Node | None:
        nodes = run.nodes()
        node = permission_button(nodes, answer, run.app)
        return node if node is not None and asks_about(nodes, node, name) else None

    found = run.awaited(there, seconds, optional=optional)
    if found is None:
        about = f" about {name}" if name else ""
        raise StepFailed(f"no permission dialog{about} with that answer within {seconds:g} s")
    nodes = run.snapshot("permission dialog")
    box = _part(_visible(nodes, run.app), [_DIALOG["ticked"].get(answer)])
    if box is not None and not box.checked:
        run.tap_node(box)
    run.tap_node(permission_button(nodes, answer, run.app) or found)


class Withdraw(Args):
    """The path of labels; without ``path`` the usual menus are searched."""

    scope: Scope = "policy"
    path: list[Where] = Field([], max_length=10)
    called = "{0.scope}"


@verb("withdraw", Withdraw, short="scope")
def withdraw(run: Run, args: Withdraw) -> None:
    """Withdraw a consent: along ``path``, the controls to tap in turn with the app's own question at the end,
    or by searching the usual menus for the control. Let the session run on for more than a minute: COL-05 allows that
    for what was in progress."""
    if args.path:
        for step in args.path:
            run.tap(step)
    else:
        _look_for_withdrawal(run)
    _state(run, args.scope, "withdrawn")


class Switch(Args):
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


@verb("toggle", Switch)
def toggle(run: Run, args: Switch) -> None:
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
    words = _ABOUT[name]
    return any(node.package == button.package and words.search(node.text) for node in nodes if node is not button)


def permission_button(nodes: Sequence[Node], decision: str, app: str) -> Node | None:
    """The button of the system's dialog for a decision: by the last part of its id, else by its words. A window of the
    app, or of any other package than the permission controller's, is not that dialog, whatever its buttons are called.
    """
    visible, words = _visible(nodes, app), _WORDS[decision]
    named = _part(visible, _DIALOG["buttons"][decision])
    return named or next((node for node in visible if node.clickable and words.fullmatch(plain(node.text))), None)


def _visible(nodes: Sequence[Node], app: str) -> list[Node]:
    """What can be tapped of windows that are the permission controller's."""
    return [
        node
        for node in nodes
        if node.bounds[2] > node.bounds[0] and node.enabled and node.package != app and prompt_package(node.package)
    ]


def _part(visible: Sequence[Node], names: Sequence[str | None]) -> Node | None:
    """The first of these parts of the dialog, by the last part of its id."""
    return next((node for name in names for node in visible if node.rid.rpartition("/")[2] == name), None)


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


def _state(run: Run, scope: str, state: str) -> None:
    run.emit(Consent(**run.base(), scope=scope, state=state, via="scenario"))  # type: ignore[arg-type]


def _look_for_withdrawal(run: Run) -> None:
    for _ in range(4):
        if run.find(_WITHDRAW, TIMEOUTS["optional"]) is not None:
            run.tap(_WITHDRAW)
            if run.find(_CONFIRM, TIMEOUTS["optional"]) is not None:
                run.tap(_CONFIRM)
            return
        if run.find(_MENU, 0) is None:
            break
        run.tap(_MENU)
    raise StepFailed("no way to withdraw was found")
