"""Processes that were not watched from their first line of code, and what that leaves open."""

from collections.abc import Iterable
from typing import NamedTuple

from monitor.analysis.rules.answers import lasting
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.plan import Check
from monitor.events import Lifecycle
from monitor.text.reasons import Code, Reason, reason


class LateProcess(NamedTuple):
    """A process whose hooks came after its first line of code. ``start``: None if nothing told of it; ``ready_us``:
    when its hooks were in."""

    app: str
    process: str
    start: Lifecycle | None
    ready_us: int


def doubted(check: Check, one: LateProcess, context: Context | None) -> bool:
    """Whether what a pattern looks for may have been in the moments that were not watched: nothing was before consent
    once there was consent, nor after a refusal where nothing was refused."""
    kind = check.pattern.type
    if context is None or one.start is None:
        return True
    if kind == "before_consent" and check.pattern.scopes == ["policy"]:
        return not lasting(context, "policy", one.start)
    return kind != "after_refusal" or context.consent.lines.refused


def when(late: Iterable[LateProcess], *, others: bool) -> Reason:
    """Which processes they are, and for how long nobody watched, if ``others`` were watched from their first line."""
    if not others:
        return reason(Code.HOOKS_LATE)
    spans = (f"{one.process} ({(one.ready_us - one.start.t) / 1e6:.1f} s)" for one in late if one.start)
    return reason(Code.HOOKS_LATE_IN, names=", ".join(dict.fromkeys(spans)))
