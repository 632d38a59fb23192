"""Facts of one PRM rule each: how permissions are asked for."""

from typing import Final

from monitor.analysis.consent.control import idle, label
from monitor.analysis.consent.timeline import before, gap, near
from monitor.analysis.consent.words import pattern, plain
from monitor.analysis.guarded import group_names, permission_entry, short
from monitor.analysis.rules.answers import consented, withdrawn_within_grace
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.fact import about, fact
from monitor.analysis.rules.facts.explained import explains, screens_of
from monitor.analysis.rules.given import Subject
from monitor.events import Lifecycle, PermissionRequest, Prompt, Step, Tap
from monitor.knowledge.wordlists import table

_REQUESTS: Final = ("permission_request", "permission_result", "prompt", "api_call")
_SPECIAL: Final = ("BIND_ACCESSIBILITY", "BIND_NOTIFICATION_LISTENER", "SYSTEM_ALERT_WINDOW", "BIND_DEVICE_ADMIN")


# PRM-02 ---------------------------------------------------------------------------------------------------------------
@about(*_REQUESTS)
def dangerous(s: Subject) -> bool:
    """Whether it is a dangerous permission."""
    return bool(permission_entry(s.permission))


@fact
def certainly_before_consent(e: PermissionRequest, c: Context) -> bool:
    """Whether consent to the policy was certainly not in force: neither withdrawn a moment before, nor perhaps given
    before the session or where nobody saw it."""
    if c.consent.kept or c.consent.unseen:
        return False
    answers = consented(c, "policy", e).answer, withdrawn_within_grace(c, "policy", e)
    return answers == ("no", "no")


@fact
def chosen(e: PermissionRequest, c: Context) -> bool:
    """Whether the user had answered the notice by then, however, or one of its boxes for a purpose or a special
    category of data."""
    special = {f"sensitive:{name}" for name in table("consent_words")["special"]}
    decided = ("granted", "denied", "withdrawn")
    lines = c.consent.lines.scopes
    answered = [lines[s] for s in lines if s == "policy" or s.startswith("purpose:") or s in special]
    return any(m.state in decided and before(m, e) for line in answered for m in line.marks)


_WISH_US: Final = 10_000_000


@fact
def function_or_tap(e: Step | Tap, c: Context) -> bool:
    """Whether the user requested a function, or tapped something else than an answer to a prompt or the policy, a
    refusal, or what only leads to a text."""
    if isinstance(e, Step):
        return e.verb == "function"
    policy = c.consent.lines.scopes.get("policy")
    answers = policy is not None and bool(policy.named(e.seq))
    if label(e.label).meaning == "reject" or idle(e.label):
        return False
    return not answers and e.seq not in c.consent.answered and not pattern("policy").search(plain(e.label))


@fact
def wanted_after_refusal(e: PermissionRequest, c: Context) -> bool:
    """Whether the user, who had refused the policy and may go on without, then used a function or tapped something just
    before."""
    line = c.consent.lines.scopes.get("policy")
    marks = line.possible(e) if line is not None else []
    if not marks or any(mark.state != "denied" for mark in marks):
        return False
    wishes = (one for one in (*c.taps, *c.history["step"]) if before(marks[-1], one) and function_or_tap(one, c))
    return any(near(one, e, _WISH_US) for one in wishes)


# PRM-03 ---------------------------------------------------------------------------------------------------------------
_BURST_US: Final = 5_000_000
_FEW_DIGITS: Final = 9
#: From the tap on a function to its request, with an explanation between.
_CALLED_US: Final = 30_000_000


def _groups(e: PermissionRequest) -> set[str]:
    return group_names(e.permissions)


@fact
def group_count(e: PermissionRequest) -> int:
    """How many permission groups are requested at once."""
    return len(_groups(e))


@fact
def burst_groups(e: PermissionRequest, c: Context) -> int:
    """How many permission groups are requested in this request and in those within five seconds before it, without a
    tap between."""
    groups = _groups(e)
    for other in c.requests:
        least, most = gap(other, e)
        if least >= 0 and most <= _BURST_US and not any(other.t < tap.t < e.t for tap in c.taps):
            groups |= _groups(other)
    return len(groups)


@fact
def explained_together(e: PermissionRequest, c: Context) -> bool:
    """Whether the user had just tapped something that may need all that is requested, as a video call does, and a
    screen that then came up gives the reason for each."""
    wishes = [tap for tap in c.taps if function_or_tap(tap, c) and near(tap, e, _CALLED_US)]
    asked = [_prompt(e, name) for name in e.permissions]
    shown = (
        [screen for screen, _ in screens_of(asked[0], c) if any(before(tap, screen) for tap in wishes)] if asked else []
    )
    return any(all(explains(screen, one, c) for one in asked) for screen in shown)


def _prompt(e: PermissionRequest, name: str) -> Prompt:
    """The prompt that comes up for one of the permissions of a request."""
    return Prompt(
        seq=e.seq, t=e.t, err=e.err, src=e.src, app=e.app, pid=e.pid, prompt_kind="permission", shown=True,
        permissions=[name],
    )  # fmt: skip


@fact
def target_sdk(e: Lifecycle) -> int:
    """The API level that the app targets; 0 = unknown."""
    level = e.detail.get("target_sdk", "")
    return int(level) if level.isascii() and level.isdigit() and len(level) < _FEW_DIGITS else 0


# PRM-06 ---------------------------------------------------------------------------------------------------------------
@about(*_REQUESTS)
def special_access(s: Subject) -> bool:
    """Whether it is a special access."""
    return short(s.permission).startswith(_SPECIAL)
