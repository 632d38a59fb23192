"""Facts about the app's lifecycle and its policy text."""

from __future__ import annotations

import re
from typing import Any, Final

from monitor.analysis.rules.context import CARRIED, Context, Subject
from monitor.analysis.rules.facts.registry import SCREENS, fact
from monitor.analysis.rules.screens import seen
from monitor.events import DATA_TYPES

_EXITS: Final = re.compile(r"exit|halt|killProcess|abort|finish|self|sendSignal", re.IGNORECASE)
_STARTS: Final = re.compile(r"boot|alarm|job|sync|push|broadcast|service|added application|restart|backup")


@fact("policy")
def policy_changed(e: Any, c: Context, s: Subject) -> Any:
    """Whether the text differs from the one fetched before."""
    return e.seq in c.policy_changed


@fact("policy")
def policy_announced(e: Any, c: Context, s: Subject) -> Any:
    """Whether the app showed a notice between the fetch of the text before and this one."""
    since = c.policy_changed.get(e.seq, e.t)
    return any(since < screen.t <= e.t and seen(screen).policy for kind in SCREENS for screen in c.history[kind])


@fact("consent")
def types_added(e: Any, c: Context, s: Subject) -> Any:
    """Whether types of data are declared that were not when the user, in an earlier session, agreed to the policy."""
    if e.via != CARRIED or e.scope != "policy" or e.state != "granted" or c.declaration.collection is None:
        return False
    before = {name for name in e.detail.get("declared", "").split(",") if name in DATA_TYPES}
    return bool(before) and bool(c.declaration.by_type.keys() - before)


@fact("lifecycle")
def scene_declared(e: Any, c: Context, s: Subject) -> Any:
    """Whether autostart is declared for this cause."""
    start, cause = c.declaration.self_start, e.cause.casefold()
    return start.allowed and (not start.scenes or any(scene.casefold() in cause for scene in start.scenes))


@fact("lifecycle")
def self_exit(e: Any, c: Context, s: Subject) -> Any:
    """Whether the app exited by its own action."""
    return e.what == "process_exit" and bool(_EXITS.search(e.cause))


@fact("lifecycle")
def self_started(e: Any, c: Context, s: Subject) -> Any:
    """Whether the app started without user action."""
    return e.what == "process_start" and e.process in ("", e.app) and bool(_STARTS.match(e.cause.casefold()))


@fact("lifecycle")
def woken_for_provider(e: Any, c: Context, s: Subject) -> Any:
    """Whether it was started for its content provider."""
    return e.what == "process_start" and e.process in ("", e.app) and e.cause.startswith("content provider")


@fact("lifecycle")
def target_sdk(e: Any, c: Context, s: Subject) -> Any:
    """The API level that the app targets; 0 = unknown."""
    return int(e.detail.get("target_sdk", "0") or 0) if e.detail else 0
