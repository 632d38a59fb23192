"""Facts of LIF and PRM rules, apart from PRM-04: how the app starts itself and others, and asks for permissions."""

from typing import Final

from monitor.analysis.consent.text import find, idle, label, plain
from monitor.analysis.guarded import group_names, permission_entry, short
from monitor.analysis.rules.answers import consented, withdrawn_within_grace
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.facts.purpose import explains, screens_of
from monitor.analysis.rules.given import Subject
from monitor.analysis.timeline import before, gap, near
from monitor.events import ApiCall, Lifecycle, PermissionRequest, PermissionResult, Prompt, Step, Tap
from monitor.knowledge.wordlists import groups_of
from monitor.session.declaration import Declaration

#: What a process is started for in a situation, as Android's log names it: not for a job, an alarm or a push, but for
#: the component that these reach.
_DELIVERED: Final = {
    "boot": ("broadcast",),
    "alarm": ("broadcast", "service"),
    "push": ("broadcast", "service"),
    "job": ("service",),
    "sync": ("service",),
}
_SPECIAL: Final = ("BIND_ACCESSIBILITY", "BIND_NOTIFICATION_LISTENER", "SYSTEM_ALERT_WINDOW", "BIND_DEVICE_ADMIN")
_WISH_US: Final = 10_000_000
_BURST_US: Final = 5_000_000
_FEW_DIGITS: Final = 9
#: From the tap on a function to its request, with an explanation between.
_CALLED_US: Final = 30_000_000

#: Events that may be about a permission.
Request = PermissionRequest | PermissionResult | Prompt | ApiCall


# LIF-01 and LIF-02 ----------------------------------------------------------------------------------------------------
def _main_starts(e: Lifecycle) -> bool:
    return e.what == "process_start" and e.process in ("", e.app)


def self_start(e: Lifecycle, d: Declaration) -> str:
    """Of a start of the app without user action, whether autostart is ``declared`` for this cause, or for a situation
    that the log does not tell from it (``perhaps``), or is ``undeclared``; empty = no such start."""
    cause, stated = e.cause.casefold(), d.self_start
    if not (_main_starts(e) and find(cause, "^self_starts")):
        return ""
    if not stated.allowed:
        return "undeclared"
    if not stated.scenes or any(scene.casefold() in cause for scene in stated.scenes):
        return "declared"
    ways = [way for scene in stated.scenes for way in _DELIVERED.get(scene.casefold(), ())]
    return "perhaps" if cause.startswith(tuple(ways)) else "undeclared"


def lone_start(e: ApiCall, c: Context) -> bool:
    """Whether it is the first start of another app that nothing excuses: one is not yet often."""
    c.first_start = c.first_start or e.seq
    return c.first_start == e.seq


def woken_for_provider(e: Lifecycle) -> bool:
    """Whether it was started for its content provider."""
    return _main_starts(e) and e.cause.startswith("content provider")


# PRM-02 ---------------------------------------------------------------------------------------------------------------
def dangerous(e: Request, s: Subject) -> bool:
    """Whether it is a dangerous permission."""
    return bool(permission_entry(s.permission))


def certainly_before_consent(e: PermissionRequest, c: Context) -> bool:
    """Whether consent to the policy was certainly not in force: neither withdrawn a moment before, nor perhaps given
    before the session or where nobody saw it."""
    answers = consented(c, "policy", e).answer, withdrawn_within_grace(c, "policy", e)
    return answers == ("no", "no") and not (c.consent.kept or c.consent.unseen)


def chosen(e: PermissionRequest, c: Context) -> bool:
    """Whether the user had answered the notice by then, however, or one of its boxes for a purpose or a special
    category of data."""
    own = {"policy", *(f"sensitive:{name}" for name in groups_of("special"))}
    lines = (line for scope, line in c.consent.lines.scopes.items() if scope in own or scope.startswith("purpose:"))
    decided = ("granted", "denied", "withdrawn")
    return any(mark.state in decided and before(mark, e) for line in lines for mark in line.marks)


def function_or_tap(e: Step | Tap, c: Context) -> bool:
    """Whether the user requested a function, or tapped something else than an answer to a prompt or the policy, a
    refusal, or what only leads to a text."""
    if isinstance(e, Step):
        return e.verb == "function"
    policy = c.consent.lines.scopes.get("policy")
    answers = e.seq in c.consent.answered or (policy is not None and bool(policy.named(e.seq)))
    refuses = label(e.label).meaning == "reject" or idle(e.label)
    return not answers and not refuses and not find(plain(e.label), "policy")


def wanted_after_refusal(e: PermissionRequest, c: Context) -> bool:
    """Whether the user, who had refused the policy and may go on without, then used a function or tapped something just
    before."""
    marks = c.marks("policy", e)
    if not marks or any(mark.state != "denied" for mark in marks):
        return False
    wishes = (one for one in (*c.taps, *c.history["step"]) if before(marks[-1], one) and function_or_tap(one, c))
    return any(near(one, e, _WISH_US) for one in wishes)


# PRM-03 ---------------------------------------------------------------------------------------------------------------
def group_count(e: PermissionRequest) -> int:
    """How many permission groups are requested at once."""
    return len(group_names(e.permissions))


def burst_groups(e: PermissionRequest, c: Context) -> int:
    """How many permission groups are requested in this request and in those within five seconds before it, without a
    tap between."""
    burst = [
        other
        for other in c.history["permission_request"]
        if gap(other, e)[0] >= 0 and gap(other, e)[1] <= _BURST_US and not any(other.t < tap.t < e.t for tap in c.taps)
    ]
    return len(group_names(name for request in (e, *burst) for name in request.permissions))


def explained_together(e: PermissionRequest, c: Context) -> bool:
    """Whether the user had just tapped something that may need all that is requested, as a video call does, and a
    screen that then came up gives the reason for each."""
    wishes = [tap for tap in c.taps if function_or_tap(tap, c) and near(tap, e, _CALLED_US)]
    prompt = Prompt(
        seq=e.seq, t=e.t, err=e.err, src=e.src, app=e.app, pid=e.pid, prompt_kind="permission", shown=True,
        permissions=e.permissions,
    )  # fmt: skip
    asked = [Subject(permission=name) for name in e.permissions]
    shown = (screen for screen in screens_of(prompt, c) if any(before(tap, screen) for tap in wishes))
    return bool(asked) and any(all(explains(screen, prompt, c, one) for one in asked) for screen in shown)


def target_sdk(e: Lifecycle) -> int:
    """The API level that the app targets; 0 = unknown."""
    level = e.detail.get("target_sdk", "")
    return int(level) if level.isascii() and level.isdigit() and len(level) < _FEW_DIGITS else 0


# PRM-06 ---------------------------------------------------------------------------------------------------------------
def special_access(e: Request, s: Subject) -> bool:
    """Whether it is a special access."""
    return short(s.permission).startswith(_SPECIAL)
