"""Facts about what the user did: taps, switches, scenario steps."""

from __future__ import annotations

from typing import Any

from monitor.analysis.consent import named
from monitor.analysis.consent.labels import Label, closes, label
from monitor.analysis.consent.words import pattern, plain
from monitor.analysis.rules.answers import consented
from monitor.analysis.rules.context import Context, Subject
from monitor.analysis.rules.facts.registry import fact
from monitor.events import KINDS


def _tap(e: Any) -> Label:
    return label(e.label)


@fact("tap")
def label_kind(e: Any, c: Context, s: Subject) -> Any:
    """The meaning of the control's label, or empty."""
    return _tap(e).meaning


@fact("tap")
def label_clear(e: Any, c: Context, s: Subject) -> Any:
    """Whether that meaning is clear."""
    return _tap(e).clear


@fact("tap")
def wish(e: Any, c: Context, s: Subject) -> Any:
    """Whether the tap may have requested something: its whole label does not only refuse or close something."""
    return not closes(e.label)


@fact("tap")
def refuses_policy(e: Any, c: Context, s: Subject) -> Any:
    """Whether the tap refused the privacy policy."""
    return any(
        e.seq in m.events and m.state == "denied"
        for m in (c.consent.lines.scopes["policy"].marks if "policy" in c.consent.lines.scopes else ())
    )


@fact(*KINDS)
def prompt_answer(e: Any, c: Context, s: Subject) -> Any:
    """Whether the event answered a prompt."""
    return e.seq in c.consent.answered


@fact(*KINDS)
def policy_given(e: Any, c: Context, s: Subject) -> Any:
    """Whether the policy had been agreed to by then."""
    return any(
        m.state == "granted" and m.t <= e.t
        for m in (c.consent.lines.scopes["policy"].marks if "policy" in c.consent.lines.scopes else ())
    )


@fact(*KINDS)
def untouched_return(e: Any, c: Context, s: Subject) -> Any:
    """Whether the tester had left the app with HOME, it had come back, and nothing in it was tapped since."""
    return c.untouched_return(e)


@fact("tap", "step")
def guardian(e: Any, c: Context, s: Subject) -> Any:
    """Whether the label mentions a guardian."""
    return bool(pattern("guardian").search(plain(e.label)))


@fact("tap", "step")
def paste(e: Any, c: Context, s: Subject) -> Any:
    """Whether the label says paste."""
    return bool(pattern("paste").search(plain(e.label)))


@fact("tap")
def opens_policy(e: Any, c: Context, s: Subject) -> Any:
    """Whether the label names the policy and agrees to nothing: it leads to the text."""
    return not label(e.label).meaning and bool(pattern("policy").search(plain(e.label)))


@fact("tap")
def withdraw_extra(e: Any, c: Context, s: Subject) -> Any:
    """Taps that withdrawal took beyond those for agreement; -99 = unknown."""
    return c.withdraw_extra.get(e.seq, -99)


@fact("step", "tap")
def function_or_tap(e: Any, c: Context, s: Subject) -> Any:
    """Whether the user requested a function, or tapped something else than an answer to a prompt or the policy."""
    if hasattr(e, "verb"):
        return e.verb == "function"
    policy = c.consent.lines.scopes.get("policy")
    answers = policy is not None and any(e.seq in mark.events for mark in policy.marks)
    return not answers and e.seq not in c.consent.answered and not pattern("policy").search(plain(e.label))


@fact("step")
def minor_step(e: Any, c: Context, s: Subject) -> Any:
    """Whether a step enters a minor's profile."""
    return e.label.casefold() in ("minor", "minor_profile", "age_under_14", "child")


@fact("toggle")
def toggle_scope(e: Any, c: Context, s: Subject) -> Any:
    """The consent scope that the switch stands for."""
    return named.toggle_scope(e.name)


@fact("toggle")
def share_agreed(e: Any, c: Context, s: Subject) -> Any:
    """Whether the user had agreed to give somebody data: a switch that is on after it shows that choice."""
    shares = [name for name in c.consent.lines.scopes if name.startswith("share:")]
    return any(consented(c, name, e).answer in ("yes", "unclear") for name in shares)


@fact("toggle")
def reverted(e: Any, c: Context, s: Subject) -> Any:
    """Whether the switch was set back without user action."""
    return e.seq in c.reverted
