"""Facts that several rules ask for about the user, the screen and how the app was left."""

from collections.abc import Callable
from typing import Any, Final

from monitor.analysis.consent import named
from monitor.analysis.consent.text import find, goes_to_agree, label, pattern, plain
from monitor.analysis.consent.window import PROSE, names, seen
from monitor.analysis.guarded import short
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.facts import Shown
from monitor.analysis.rules.given import switches
from monitor.analysis.timeline import before, gap, near
from monitor.events import Lifecycle, PermissionRequest, PermissionResult, Prompt, Tap, Toggle, UiSnapshot, Window
from monitor.knowledge.prompts import component_title
from monitor.session.declaration import Declaration

#: From a tap to what it opens, and to what it may have opened.
OPENS_US: Final = 3_000_000
_TAPPED_US: Final = 10_000_000
#: Steps by which the tester leaves or ends the app, and how long an activity may take to be destroyed after one.
_LEAVES: Final = frozenset({"back", "pressKey", "background", "stopApp", "killApp", "restart", "launchApp", "openLink"})
_LEFT_US: Final = 15_000_000
#: Of the system's own record of an answer: the user had fixed it.
_USER_FIXED: Final = 2


def label_kind(e: Tap) -> str:
    """The meaning of the control's label, or empty."""
    return label(e.label).meaning


def toggle_scope(e: Toggle, c: Context) -> str:
    """The consent scope that the switch stands for."""
    return named.switched(e.name, c.switches)[0]


def personalisation_on(e: Window, c: Context) -> bool:
    """Whether a box or switch that clearly stands for personalisation is on in a window."""
    scopes = (named.switched(words, c.switches) for words, on in seen(e).boxes if on)
    return ("personalisation", True) in scopes


def policy_notice(e: Shown, c: Context) -> bool:
    """Whether it mentions the privacy policy, or the scenario says so."""
    return seen(e).policy or e.seq in c.consent.notices.stated


def policy_dialog(e: Shown) -> bool:
    """Whether it mentions the privacy policy and asks for consent, not whether to take one back; and something on it
    may agree. A whole page has many controls with other uses: there only a clear one."""
    wording = seen(e)
    if not (wording.policy and wording.asks) or wording.withdraws:
        return False
    if isinstance(e, Window) and is_page(e):
        lone = wording.lone and wording.told and len(wording.controls) == 1
        return wording.clear_accept or wording.login_consent or lone or (wording.refusable and wording.prose >= PROSE)
    return bool(wording.accepts or wording.unknown or e.boxes) or not all(map(plain, e.buttons))


def is_page(e: Window) -> bool:
    """Whether the window is an activity that its component names."""
    return bool(e.window_kind == "activity" and component_title(e.title))


def went_there(e: Shown, c: Context) -> bool:
    """Whether the user had just gone to where one agrees (去同意): what comes up does not ask by itself. Where the
    control does not say of what (去查看, of an order), its window does, if its texts are known."""
    last = c.last_tap(e)
    if last is None or gap(last, e)[0] > OPENS_US or not goes_to_agree(last.label, refused=True):
        return False
    if not touchable(last, c):
        return False
    about = next((window for window in c.windows_of(last) if before(window, last)), None)
    if find(plain(last.label), "agrees", "policy") or about is None or not about.texts:
        return True
    wording = seen(about)
    return wording.policy or wording.speaks or bool(find(wording.words, "function_needs"))


def touchable(tap: Tap, c: Context) -> bool:
    """Whether the user may have seen what was tapped. Of a tap that only the app's process tells of, in a window that
    was never shown, its words were on a screen before; unless no screen is known by its words."""
    if tap.via == "runner" or tap.seq in c.twins or any(before(window, tap) for window in c.windows_of(tap)):
        return True
    earlier = [seen(screen) for screen in c.screens if not before(tap, screen)]
    known, words = [wording for wording in earlier if wording.words or wording.controls], plain(tap.label)
    return not known or any(words in wording.words or words in wording.controls for wording in known)


def comes_up(e: Shown, c: Context) -> bool:
    """Whether the notice was not there before: in a window of its own, or drawn into one that was there without it
    although nobody had just tapped something there."""
    return _newly(e, c, policy_dialog)


def _newly(e: Shown, c: Context, holds: Callable[[Any], bool]) -> bool:
    """Whether what a window holds was not there before: see ``comes_up``. A picture of the screen tells it only of an
    app whose windows hooks do not read."""
    if isinstance(e, Window) and e.action != "changed":
        return e.action == "shown"
    if c.wished(e, _TAPPED_US):
        return False
    if isinstance(e, Window):
        last = next((window for window in c.windows_of(e) if before(window, e)), None)
        return last is not None and (last.action == "hidden" or not holds(last))
    earlier = next((one for one in reversed(c.snapshots) if before(one, e) and seen(one).words), None)
    return pictured(e, c) and earlier is not None and not holds(earlier)


def pictured(e: UiSnapshot, c: Context) -> bool:
    """Whether a picture shows the app, and nothing but pictures does: hooks read no words of any of its windows."""
    return bool(seen(e).words) and not any(window.texts or window.buttons for window in c.windows)


def asks_consent(e: Shown, c: Context) -> bool:
    """Whether it asks for a consent of its own, apart from the policy: to sharing, to a purpose, to a kind of data, or
    a guardian's. Not the app's own guide to a permission, which counts with the permission."""
    guide = isinstance(e, Window) and _guides(e) and not seen(e).separate
    asked = {*c.consent.notices.asked.get(e.seq, ())}
    return not guide and bool(asked) and "policy" not in asked


def asked_anew(e: Shown, c: Context) -> bool:
    """Whether it asks for a consent of its own that was not asked for there before: see ``comes_up``."""
    return asks_consent(e, c) and _newly(e, c, lambda last: asks_consent(last, c))


def offers_switch(e: Window | UiSnapshot | Toggle, d: Declaration) -> bool:
    """Whether it offers a switch for personalisation: by the words of a switch, of a control or of a short text beside
    one, or the one that is declared. A sentence only mentions it."""
    if isinstance(e, Toggle):
        return plain(e.name) in switches(d) or bool(find(plain(e.name), "switch"))
    boxes, wording = [plain(box.label) for box in e.boxes], seen(e)
    named = [*boxes, *wording.controls]
    if e.boxes or wording.accepts or wording.rejects:
        named += filter(names, (wording.title, *map(plain, e.texts)))
    return not switches(d).isdisjoint(boxes) or any(find(words, "switch") for words in named)


# Requests for permissions ---------------------------------------------------------------------------------------------
def shown_prompt(e: Window | Prompt | PermissionResult, c: Context) -> bool:
    """Whether a request for permission was visible: the system dialog, known from outside or from its answer, or the
    app's own guide to it; or not shown any more because the user had refused for good."""
    if isinstance(e, Prompt):
        return bool(e.shown and e.permissions)
    if isinstance(e, PermissionResult):
        return e.dialog == "yes" or not_shown(e)
    return _guides(e) and _newly(e, c, _guides)


def _guides(e: Window) -> bool:
    """Whether a window is the app's own guide to a permission."""
    wording = seen(e)
    named = wording.types and find(wording.words, "permission")
    return bool(named) and e.action != "hidden" and wording.asks and not wording.policy


def not_shown(e: Prompt | PermissionResult) -> bool:
    """Whether Android refused a request without asking, because the user had refused for good."""
    return isinstance(e, PermissionResult) and e.via == "logcat" and (e.result, e.code) == ("ignored", _USER_FIXED)


def needed_by_function(e: PermissionRequest | PermissionResult, c: Context) -> bool:
    """Whether the current function is declared to need every permission of it."""
    function = c.used_function(e)
    asked = e.permissions if isinstance(e, PermissionRequest) else [e.permission]
    return function is not None and all(short(name) in map(short, function.permissions) for name in asked)


# How the app was left -------------------------------------------------------------------------------------------------
def self_exit(e: Lifecycle, c: Context) -> bool:
    """Whether the app exited by its own action: it ended its process, or its last activity finished and nobody had left
    it (with HOME or BACK, or by a control that leaves and is not the only one). An activity that is made anew is
    destroyed, too, while the app stays in front."""
    if e.what not in ("process_exit", "activity_destroyed") or _chosen(e, c):
        return False
    if e.what == "process_exit":
        return bool(find(e.cause, "self_exit"))
    change = {"activity_created": 1, "activity_destroyed": -1}
    alive = sum(change.get(one.what, 0) for one in c.history["lifecycle"] if one.t <= e.t and one.src == e.src)
    left = any(step.verb in _LEAVES and near(step, e, _LEFT_US) for step in c.history["step"])
    return alive <= 0 and c.away(e) and not left


def goes_back(e: Lifecycle, c: Context) -> bool:
    """Whether the app went to the background and nobody had left it: it may have gone by itself, or opened another."""
    left = any(step.verb in _LEAVES and near(step, e, _LEFT_US) for step in c.history["step"])
    return e.what == "background" and not left and not _chosen(e, c)


def left_by_hand(e: PermissionResult | Tap, c: Context) -> bool:
    """Whether a person used the device without the scenario when the app's last activity finished, and no call ended
    its process: nothing shows whether they pressed BACK."""
    ends = (life for life in c.history["lifecycle"] if before(e, life) and gap(e, life)[0] <= _LEFT_US)
    return c.by_hand(e) and not any(life.what == "process_exit" and find(life.cause, "self_exit") for life in ends)


def _chosen(e: Lifecycle, c: Context) -> bool:
    """Whether the user chose to leave. Where a window offers nothing else, or is about a permission, that is no
    choice."""
    taps = (tap for tap in reversed(c.taps) if near(tap, e, _LEFT_US))
    tap = next((tap for tap in taps if find(plain(tap.label), "=exits") or _leaves_by_name(tap, c)), None)
    shown = next((window for window in c.windows_of(tap) if window.action != "hidden"), None) if tap else None
    if tap is None or shown is None:
        return tap is not None
    others = any(plain(button) != plain(tap.label) for button in shown.buttons)
    return others and not find(seen(shown).words, "permission")


def _leaves_by_name(tap: Tap, c: Context) -> bool:
    """Whether a control leaves the app by its name, as a heading of its other pages has it (离开青芽, "Quit Meadow"):
    no window, page or hint."""
    found = pattern("exits_by_name").fullmatch(plain(tap.label))
    left = found[found.lastindex or 0] if found else ""
    if not left or find(left, "what_shows_it"):
        return False
    others = (window for window in c.windows if (window.src, window.window) != (tap.src, tap.window))
    heads = (plain(text) for window in others for text in (seen(window).title, *window.texts[:1]))
    return any(left in head and names(head) for head in heads)
