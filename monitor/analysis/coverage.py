"""Silence needs a witness: for every rule and hook, whether it fired, stayed silent, or could not be known, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from monitor.analysis.rules import Rule
from monitor.analysis.seen import INSTALLED, Seen
from monitor.declaration import Declaration
from monitor.events import NOT_PERSONAL

FIRED, SILENT, INCONCLUSIVE = "fired", "silent", "inconclusive"
NOT_EXERCISED, NOT_OBSERVABLE = "not_exercised", "not_observable"
#: Observability of the fifteen Shenzhen items in general (regulations.md (a)); only (八) is full throughout.
ITEMS: Final = {n: ("full" if n in (8, 14) else "none" if n == 12 else "mixed") for n in range(1, 16)}


#: Witnesses that a capture made elsewhere can give; every other one needs the device.
_IN_TRAFFIC: Final = frozenset(
    """traffic third_party_traffic nothing_lost consent_granted declaration collection_declared permissions_declared
    sdks_declared recipients_declared app_type ai_function""".split()
)
IMPORTED: Final = "imported traffic: nothing of the device was seen"


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """One line of ``coverage.jsonl``. ``line``: rule, hook, item (a Shenzhen item) or note."""

    line: str
    id: str
    state: str
    why: str
    detail: dict[str, str] = {}
    events: list[int] = []


class Situation:
    """What a witness is asked about."""

    def __init__(self, seen: Seen, declaration: Declaration, states: dict[str, set[str]]) -> None:
        self.seen = seen
        self.declaration = declaration
        self.states = states

    def had(self, scope: str, state: str) -> bool:
        """Whether a consent scope (or any that begins with it, for ``permission:``) was ever in a state."""
        if scope.endswith(":"):
            return any(state in found for name, found in self.states.items() if name.startswith(scope))
        return state in self.states.get(scope, set())


Witness = Callable[[Situation], str]


def _hooks(s: Situation) -> str:
    seen = s.seen
    if seen.late:
        return f"{NOT_OBSERVABLE}: hooks were ready only after the app's first line"
    if not (seen.calls or seen.hooks or "hooks" in seen.components):
        return f"{NOT_OBSERVABLE}: no hooks were active"
    if seen.ready is not None and seen.app_code is not None and seen.app_code < seen.ready:
        return f"{NOT_OBSERVABLE}: app code ran before the hooks were ready"
    return ""


def _traffic(s: Situation) -> str:
    if s.seen.opaque:
        hosts = ", ".join(sorted(host for host in s.seen.opaque if host)[:5])
        why = "; the proxy's certificate was not installed" if s.seen.no_ca else ""
        return f"{NOT_OBSERVABLE}: {sum(s.seen.opaque.values())} connections could not be read ({hosts}){why}"
    return "" if s.seen.readable else f"{NOT_EXERCISED}: nothing readable was sent"


def _need(test: Callable[[Situation], object], why: str, state: str = NOT_EXERCISED) -> Witness:
    return lambda s: "" if test(s) else f"{state}: {why}"


WITNESSES: Final[dict[str, Witness]] = {
    "hooks_in_time": _hooks,
    "nothing_lost": _need(lambda s: not s.seen.lost, "events were lost", NOT_OBSERVABLE),
    "source_call": _need(
        lambda s: any(t not in NOT_PERSONAL for t in s.seen.types),
        "no hooked source of personal information was called",
    ),
    "consent_dialog": _need(lambda s: s.states.get("policy"), "no privacy notice that asks was seen"),
    "consent_granted": _need(lambda s: s.had("policy", "granted"), "nobody agreed to the privacy notice"),
    "consent_refused": _need(
        lambda s: s.had("policy", "denied") or s.had("permission:", "denied") or s.had("sensitive:", "denied"),
        "nothing was refused",
    ),
    "withdrawal": _need(lambda s: any("withdrawn" in found for found in s.states.values()), "no consent was withdrawn"),
    "permission_denied": _need(lambda s: s.had("permission:", "denied"), "no permission was refused"),
    "permission_requested": _need(lambda s: s.seen.kinds["permission_request"], "no permission was requested"),
    "prompts_observable": _need(
        lambda s: s.seen.kinds["prompt"] or s.seen.kinds["permission_result"], "no permission prompt was seen"
    ),
    "windows_observable": _need(
        lambda s: s.seen.kinds["window"] or s.seen.kinds["ui_snapshot"], "no window was seen", NOT_OBSERVABLE
    ),
    "taps_observable": _need(lambda s: s.seen.kinds["tap"], "no tap was seen", NOT_OBSERVABLE),
    "traffic": _traffic,
    "third_party_traffic": _need(lambda s: s.seen.third, "nothing was sent to another party"),
    "background": _need(lambda s: s.seen.away, "the app was never in the background"),
    "idle": _need(lambda s: s.seen.kinds["step"] or s.seen.kinds["tap"], "no idle time was scripted"),
    "declaration": _need(lambda s: s.declaration != Declaration(), "no declaration was given"),
    "collection_declared": _need(lambda s: s.declaration.collection is not None, "no collection is declared"),
    "permissions_declared": _need(lambda s: s.declaration.permissions is not None, "no permissions are declared"),
    "sdks_declared": _need(lambda s: s.declaration.sdks is not None, "no SDKs are declared"),
    "recipients_declared": _need(lambda s: s.declaration.recipients is not None, "no recipients are declared"),
    "app_type": _need(lambda s: s.declaration.app.type_39, "the type of the app is not declared"),
    "toggle_off": _need(
        lambda s: s.had("personalisation", "withdrawn") or s.had("personalisation", "denied"),
        "personalisation was not switched off",
    ),
    "policy_fetched": _need(lambda s: s.seen.kinds["policy"], "the privacy policy was not fetched"),
    "policy_changed": _need(lambda s: s.seen.kinds["policy"] > 1, "the policy was not fetched twice"),
    "fresh_install": _need(lambda s: s.seen.installed, "no first run after an installation"),
    "relaunch": _need(lambda s: s.seen.starts > 1, "the app was not started again"),
    "lifecycle": _need(lambda s: s.seen.starts, "no process start was seen", NOT_OBSERVABLE),
    "sensitive_source": _need(
        lambda s: any(t in s.declaration.sensitive for t in s.seen.types),
        "no source of sensitive information was called",
    ),
    "camera_or_mic": _need(
        lambda s: s.seen.types & {"camera", "mic", "screen"},
        "camera, microphone and screen were not used",
    ),
    "ai_function": _need(lambda s: s.declaration.app.genai, "no generative AI is declared"),
    "minor_profile": _need(
        lambda s: s.declaration.app.child_directed or {"minor", "minor_profile", "age_under_14"} & s.seen.functions,
        "no minor's profile was entered",
    ),
    "sdk_seen": _need(lambda s: s.seen.sdks - {"", "app", "framework"}, "no SDK was seen"),
}


def rule_line(rule: Rule, statuses: Iterable[str], situation: Situation) -> Coverage:
    """The line of a rule from the statuses of its findings and its witnesses."""
    found = set(statuses)
    if found & {"evidenced", "review"}:
        return Coverage(line="rule", id=rule.id, state=FIRED, why="evidenced" if "evidenced" in found else "review")
    if rule.text.documentary:
        return Coverage(line="rule", id=rule.id, state=NOT_OBSERVABLE, why=rule.text.limits)
    if found:
        return Coverage(line="rule", id=rule.id, state=INCONCLUSIVE, why="inside the error of time")
    answers = {name: answer for name in rule.text.witness if (answer := WITNESSES[name](situation))}
    if situation.seen.imported and set(answers) - _IN_TRAFFIC:
        return Coverage(line="rule", id=rule.id, state=NOT_OBSERVABLE, why=IMPORTED)
    reasons = list(answers.values())
    if not reasons:
        limits = {"limits": rule.text.limits} if rule.text.limits else {}
        why = "witnessed: " + ", ".join(rule.text.witness)
        return Coverage(line="rule", id=rule.id, state=SILENT, why=why, detail=limits)
    state = NOT_OBSERVABLE if any(r.startswith(NOT_OBSERVABLE) for r in reasons) else NOT_EXERCISED
    why = "; ".join(r.partition(": ")[2] for r in reasons if r.startswith(state))
    return Coverage(line="rule", id=rule.id, state=state, why=why)


def hook_lines(seen: Seen, known: Iterable[str]) -> list[Coverage]:
    """One line a hook: called, installed in time and never called, or not there."""
    lines = []
    for hook in sorted({*known, *seen.hooks, *seen.calls}):
        calls, state = seen.calls.get(hook, 0) or seen.exercised[hook], seen.hooks.get(hook, "")
        if calls:
            line = Coverage(line="hook", id=hook, state=FIRED, why="called", detail={"calls": str(calls)})
        elif state in INSTALLED:
            whole = not seen.late and not seen.lost
            why = "installed, never called" if whole else "installed late, or events were lost"
            line = Coverage(line="hook", id=hook, state=SILENT if whole else NOT_OBSERVABLE, why=why)
        elif state:
            why = seen.not_installed.get(hook, "")
            why = f"not installed: {why}" if why else state
            line = Coverage(line="hook", id=hook, state=NOT_OBSERVABLE, why=why)
        else:
            line = Coverage(line="hook", id=hook, state=NOT_EXERCISED, why="never reported by the agent")
        lines.append(line)
    return lines


def item_lines(rules: Iterable[Rule], lines: dict[str, Coverage]) -> list[Coverage]:
    """The fifteen Shenzhen items: what the rules that serve each of them could say."""
    order = (FIRED, INCONCLUSIVE, NOT_OBSERVABLE, NOT_EXERCISED, SILENT)
    every = list(rules)
    made = []
    for number, general in ITEMS.items():
        serving = [rule.id for rule in every if number in rule.text.items]
        states = {lines[key].state for key in serving if key in lines}
        state = next((s for s in order if s in states), NOT_OBSERVABLE)
        detail = {key: lines[key].state for key in serving if key in lines}
        made.append(
            Coverage(line="item", id=f"SZ-{number:02d}", state=state, why=f"observable: {general}", detail=detail)
        )
    return made
