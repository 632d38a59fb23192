"""Silence needs a witness: for every rule and hook, whether it fired, stayed silent or cannot be known, and why."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from monitor.analysis.consent.named import ANALYTICS
from monitor.analysis.coverage.late import LateProcess, doubted, when
from monitor.analysis.coverage.needs import gives_values, needs, needs_values
from monitor.analysis.coverage.seen import INSTALLED, Seen, Unread
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.load import Rule
from monitor.catalogue import Row
from monitor.declaration import Declaration, covers
from monitor.events import NOT_PERSONAL
from monitor.reasons import Code, Coverage, Reason, coverage_line, reason

FIRED, SILENT, INCONCLUSIVE = "fired", "silent", "inconclusive"
NOT_EXERCISED, NOT_OBSERVABLE = "not_exercised", "not_observable"
#: General observability of the fifteen Shenzhen items; only (八) is fully observable.
ITEMS: Final = {n: ("full" if n in (8, 14) else "none" if n == 12 else "mixed") for n in range(1, 16)}


#: Witnesses that an imported capture can provide; all others need the device.
_IN_TRAFFIC: Final = frozenset(
    """traffic traffic_to_others traffic_to_known traffic_of_ai addresses third_party_traffic nothing_lost
    consent_granted declaration collection_declared permissions_declared sdks_declared recipients_declared
    recipients_named app_type ai_function""".split()
)
_TRAFFIC: Final = ("traffic", "traffic_to_others", "traffic_to_known", "traffic_of_ai", "addresses")
_MINORS: Final = frozenset({"minor", "minor_profile", "age_under_14", "child_profile"})
#: Scopes whose withdrawal ends collection: a switch for recommendations, or for statistics alone, does not.
_WITHDRAWN: Final = ("policy", "account", "sensitive:", "purpose:")
_ITEM: Final = {"full": Code.OBSERVABLE_FULL, "mixed": Code.OBSERVABLE_MIXED, "none": Code.OBSERVABLE_NONE}


class Situation:
    """The context in which a witness is checked."""

    def __init__(
        self,
        seen: Seen,
        declaration: Declaration,
        states: dict[str, set[str]],
        rows: Iterable[Row] = (),
        contexts: Mapping[str, Context] | None = None,
    ) -> None:
        """``rows``: catalogue rows, for what a hook could have observed; ``contexts``: what is known of each app."""
        self._contexts = contexts or {}
        self.rows = {row.id: row for row in rows}
        self.seen = seen
        self.declaration = declaration
        self.states = states

    def late(self, rule: Rule) -> list[LateProcess]:
        """The processes in whose first moments, not watched, something may have been that a rule looks for."""
        return [
            one
            for one in self.seen.late
            if any(doubted(check, one, self._contexts.get(one.app)) for check in rule.plan)
        ]

    def unreliable(self, rule: Rule) -> list[str]:
        """Lost or unproven hooks on which a rule depends; a hook of an unknown row counts."""
        return [
            hook
            for hook in sorted(self.seen.faulty)
            if hook not in self.rows or needs(rule, self.rows[hook], self.declaration)
        ]

    def unknown_values(self, rule: Rule | None = None) -> Counter[str]:
        """Calls by hook that were only counted, so that their values were not searched for; of a rule, those on whose
        values it depends."""
        return self._giving(self.seen.values_counted, rule)

    def cut_values(self, rule: Rule) -> Counter[str]:
        """Calls by hook with more values than are kept, of those on whose values a rule depends."""
        return self._giving(self.seen.values_cut, rule)

    def _giving(self, counts: Mapping[tuple[str, str, str], int], rule: Rule | None) -> Counter[str]:
        found: Counter[str] = Counter()
        for (hook, role, data_type), count in counts.items():
            if gives_values(self.rows.get(hook), role) and (
                rule is None or needs_values(rule, role, data_type, self.declaration)
            ):
                found[hook] += count
        return found

    def had(self, scope: str, state: str) -> bool:
        """Whether a consent scope (or any that begins with it, for ``permission:``) was ever in a state."""
        if scope.endswith(":"):
            return any(state in found for name, found in self.states.items() if name.startswith(scope))
        return state in self.states.get(scope, set())


class Gap(NamedTuple):
    """Why a witness is missing; ``state`` is the resulting state of the rule."""

    state: str
    reasons: tuple[Reason, ...]


Witness = Callable[[Situation], Gap | None]


def _hooks(s: Situation) -> Gap | None:
    seen = s.seen
    if gap := _unhooked(s.seen):
        return gap
    if seen.ready is not None and seen.app_code is not None and seen.app_code < seen.ready:
        return Gap(NOT_OBSERVABLE, (reason(Code.APP_CODE_FIRST),))
    return None


def _unhooked(seen: Seen) -> Gap | None:
    """No hooks were installed."""
    active = any(state in INSTALLED for state in seen.hooks.values())
    if seen.calls or active or ("hooks" in seen.components and not seen.hooks):
        return None
    return Gap(NOT_OBSERVABLE, (reason(Code.NO_HOOKS),))


def _dialogs(code: Code, state: str, *kinds: str) -> Witness:
    """What hooks observe of the app's own dialogs, which are seen only occasionally from outside."""
    gap = Gap(state, (reason(code),))

    def witness(s: Situation) -> Gap | None:
        return _unhooked(s.seen) or (None if any(s.seen.kinds[kind] for kind in kinds) else gap)

    return witness


_any_window: Final = _dialogs(Code.NO_WINDOW, NOT_OBSERVABLE, "window", "ui_snapshot")


def _windows(s: Situation) -> Gap | None:
    """Where hooks do not read the app's windows, those that a person met while no screen was taken are not known."""
    unseen = s.seen.unpolled and not s.seen.read
    return _any_window(s) or (Gap(NOT_OBSERVABLE, (reason(Code.STALLED, n=str(s.seen.unpolled)),)) if unseen else None)


def _traffic(matters: Callable[[Unread, Declaration], bool] = lambda _, __: True) -> Witness:
    """Traffic was readable, and the values that it may contain were known from hooks that saw them read. ``matters``:
    whether what could not be read may have been what a rule looks for."""

    def witness(s: Situation) -> Gap | None:
        unread = Counter({one: n for one, n in s.seen.opaque.items() if matters(one, s.declaration)})
        if unread:
            hosts = ", ".join(sorted({one.host for one in unread if one.host})[:5])
            unreadable = reason(Code.UNREADABLE, n=str(unread.total()), hosts=hosts)
            return Gap(NOT_OBSERVABLE, (unreadable, reason(Code.NO_CA)) if s.seen.no_ca else (unreadable,))
        if s.seen.unattributed:
            return Gap(NOT_OBSERVABLE, (reason(Code.UNATTRIBUTED),))
        if not s.seen.readable:
            return Gap(NOT_EXERCISED, (reason(Code.NOTHING_READABLE),))
        return None if s.seen.imported else _unhooked(s.seen)

    return witness


def _undeclared(one: Unread, declared: Declaration) -> bool:
    """Whether the declaration names neither the recipient nor a library with that host."""
    libraries = (host for sdk in declared.sdks or [] for host in sdk.hosts)
    return declared.recipient(one.org, one.host) is None and not covers(list(libraries), one.host)


def _missing(seen: Seen) -> tuple[Reason, ...]:
    """What of an imported capture could not be read. Nothing else was observed, so no rule's silence has a witness."""
    skipped = (reason(Code.CAPTURE_SKIPPED, n=str(seen.skipped)),) if seen.skipped else ()
    return (reason(Code.CAPTURE_CUT), *skipped) if seen.cut else skipped


def _lossless(s: Situation) -> Gap | None:
    lost = (reason(Code.EVENTS_LOST),) if s.seen.lost else ()
    asleep = (reason(Code.STALLED, n=str(s.seen.asleep)),) if s.seen.asleep else ()
    return Gap(NOT_OBSERVABLE, lost + asleep) if lost or asleep else None


def _need(test: Callable[[Situation], object], code: Code, state: str = NOT_EXERCISED) -> Witness:
    gap = Gap(state, (reason(code),))
    return lambda s: None if test(s) else gap


def _hooked(witness: Witness) -> Witness:
    """What is to be compared with the user's decisions, which are known only where hooks were in the app."""
    return lambda s: _unhooked(s.seen) or witness(s)


WITNESSES: Final[dict[str, Witness]] = {
    "hooks_in_time": _hooks,
    "nothing_lost": _lossless,
    "source_call": _need(
        lambda s: any(t not in NOT_PERSONAL for t in s.seen.types),
        Code.NO_SOURCE_CALLED,
    ),
    "consent_dialog": _need(lambda s: s.states.get("policy", set()) - {"unread"}, Code.NO_NOTICE),
    "consent_granted": _need(lambda s: s.had("policy", "granted"), Code.NOT_AGREED),
    "consent_refused": _need(
        lambda s: any(s.had(name, "denied") for name in ("policy", "permission:", "sensitive:", "purpose:")),
        Code.NOTHING_REFUSED,
    ),
    "withdrawal": _need(
        lambda s: any(
            "withdrawn" in found
            for name, found in s.states.items()
            if name.startswith(_WITHDRAWN) and name != ANALYTICS
        ),
        Code.NOTHING_WITHDRAWN,
    ),
    "policy_withdrawal": _need(lambda s: s.had("policy", "withdrawn"), Code.NOTHING_WITHDRAWN),
    "permission_denied": _need(lambda s: s.had("permission:", "denied"), Code.NO_PERMISSION_REFUSED),
    "permission_requested": _need(lambda s: s.seen.kinds["permission_request"], Code.NO_PERMISSION_REQUESTED),
    "prompts_observable": _dialogs(Code.NO_PROMPT, NOT_EXERCISED, "prompt", "permission_result"),
    "windows_observable": _windows,
    "taps_observable": _need(lambda s: s.seen.kinds["tap"], Code.NO_TAP, NOT_OBSERVABLE),
    "traffic": _traffic(),
    "traffic_to_others": _traffic(_undeclared),
    "traffic_to_known": _traffic(lambda one, _: bool(one.org)),
    "traffic_of_ai": _traffic(lambda _, declared: declared.genai),
    "addresses": _traffic(lambda one, _: not one.enclosed),
    "third_party_traffic": _need(lambda s: s.seen.third, Code.NO_OTHER_PARTY),
    "background": _need(lambda s: s.seen.away, Code.NEVER_BACKGROUND),
    "idle": _need(lambda s: s.seen.kinds["step"] or s.seen.kinds["tap"], Code.NEVER_IDLE),
    "declaration": _need(lambda s: s.declaration != Declaration(), Code.NO_DECLARATION),
    "collection_declared": _need(lambda s: s.declaration.collection is not None, Code.COLLECTION_UNDECLARED),
    "permissions_declared": _need(lambda s: s.declaration.permissions is not None, Code.PERMISSIONS_UNDECLARED),
    "sdks_declared": _need(lambda s: s.declaration.sdks is not None, Code.SDKS_UNDECLARED),
    "recipients_declared": _need(lambda s: s.declaration.recipients is not None, Code.RECIPIENTS_UNDECLARED),
    "recipients_named": _need(lambda s: s.declaration.names_recipients, Code.RECIPIENTS_UNDECLARED),
    "app_type": _need(lambda s: s.declaration.app.type_39, Code.APP_TYPE_UNDECLARED),
    "toggle_off": _need(
        lambda s: s.had("personalisation", "withdrawn") or s.had("personalisation", "denied"),
        Code.PERSONALISATION_ON,
    ),
    "policy_fetched": _need(lambda s: s.seen.kinds["policy"], Code.POLICY_NOT_FETCHED),
    "policy_examined": _need(lambda s: s.seen.examined, Code.POLICY_NOT_EXAMINED),
    "policy_changed": _need(lambda s: s.seen.texts > 1, Code.POLICY_FETCHED_ONCE),
    "fresh_install": _need(lambda s: s.seen.installed, Code.NO_FIRST_RUN),
    "relaunch": _hooked(_need(lambda s: s.seen.starts > 1 + s.seen.revived, Code.NOT_RESTARTED)),
    "lifecycle": _hooked(_need(lambda s: s.seen.starts, Code.NO_PROCESS_START, NOT_OBSERVABLE)),
    "sensitive_source": _need(
        lambda s: any(t in s.declaration.sensitive for t in s.seen.types),
        Code.NO_SENSITIVE_SOURCE,
    ),
    "camera_or_mic": _need(
        lambda s: s.seen.types & {"camera", "mic", "screen"},
        Code.NO_CAMERA_MIC_SCREEN,
    ),
    "ai_function": _need(lambda s: s.declaration.genai, Code.NO_GENERATIVE_AI),
    "minor_profile": _need(
        lambda s: s.declaration.app.child_directed or _MINORS & s.seen.functions,
        Code.NO_MINOR_PROFILE,
    ),
    "sdk_seen": _need(lambda s: s.seen.sdks - {"", "app", "framework"}, Code.NO_SDK),
}


def rule_line(rule: Rule, statuses: Iterable[str], situation: Situation, unread: bool = False) -> Coverage:
    """The line of a rule from the statuses of its findings and its witnesses. ``unread``: a rule without result has
    none because a dialog could not be read."""
    found = set(statuses)
    if found & {"evidenced", "review"}:
        return coverage_line("rule", rule.id, FIRED, reason(Code.EVIDENCED if "evidenced" in found else Code.REVIEW))
    limits = {"limits": rule.text.limits} if rule.text.limits else {}
    if rule.text.documentary:
        return coverage_line("rule", rule.id, NOT_OBSERVABLE, reason(Code.DOCUMENTARY), detail=limits)
    if found:
        why = Code.DIALOG_UNREADABLE if unread else Code.WITHIN_UNCERTAINTY
        return coverage_line("rule", rule.id, INCONCLUSIVE, reason(why))
    gaps: dict[str, Gap] = {name: gap for name in rule.text.witness if (gap := WITNESSES[name](situation))}
    # Of what traffic may contain, hooks in time tell which values to look for.
    hooked = [name for name in ("hooks_in_time", *_TRAFFIC) if name in rule.text.witness and name not in gaps]
    if hooked and not situation.seen.imported and (late := situation.late(rule)):
        gaps["late"] = Gap(NOT_OBSERVABLE, (when(late, others=situation.seen.only_some_late),))
    if rule.text.witness and (hooks := situation.unreliable(rule)):
        lost = reason(Code.HOOKS_LOST, n=str(len(hooks)), names=", ".join(hooks[:5]))
        gaps["hooks"] = Gap(NOT_OBSERVABLE, (lost,))
    if rule.text.witness and (counted := situation.unknown_values(rule)):
        names = ", ".join(sorted(counted)[:5])
        gaps["values"] = Gap(NOT_OBSERVABLE, (reason(Code.VALUES_COUNTED, n=str(counted.total()), names=names),))
    if rule.text.witness and (cut := situation.cut_values(rule)):
        names = ", ".join(sorted(cut)[:5])
        gaps["cut"] = Gap(NOT_OBSERVABLE, (reason(Code.VALUES_CUT, n=str(cut.total()), names=names),))
    if situation.seen.silenced and set(rule.text.witness) - _IN_TRAFFIC:
        gaps["agent"] = Gap(NOT_OBSERVABLE, (reason(Code.AGENT_SILENT),))
    if missing := _missing(situation.seen):
        gaps["nothing_lost"] = Gap(NOT_OBSERVABLE, missing)
    if situation.seen.imported and set(gaps) - _IN_TRAFFIC:
        return coverage_line("rule", rule.id, NOT_OBSERVABLE, reason(Code.IMPORTED))
    if not gaps:
        watched = reason(Code.WATCHED, names=", ".join(rule.text.witness))
        out = [reason(Code.LEFT_OUT, names=", ".join(rule.left_out))] if rule.left_out else []
        return coverage_line("rule", rule.id, SILENT, watched, *out, detail=limits)
    state = NOT_OBSERVABLE if any(gap.state == NOT_OBSERVABLE for gap in gaps.values()) else NOT_EXERCISED
    reasons: list[Reason] = []
    for one in (one for gap in gaps.values() if gap.state == state for one in gap.reasons):
        if one not in reasons:  # Two witnesses can be missing for one cause.
            reasons.append(one)
    return coverage_line("rule", rule.id, state, *reasons)


def hook_lines(seen: Seen, known: Iterable[str], counted: Mapping[str, int] | None = None) -> list[Coverage]:
    """One line per hook: called, installed in time and never called, or not installed. ``counted``: by hook, how many
    of its calls are known by their number only."""
    hooks = sorted({*known, *seen.hooks, *seen.calls})
    return [_hook_line(seen, hook, (counted or {}).get(hook, 0)) for hook in hooks]


def _hook_line(seen: Seen, hook: str, counted: int) -> Coverage:
    calls, state = seen.calls.get(hook, 0) or seen.exercised[hook], seen.hooks.get(hook, "")
    if calls:
        more = [reason(Code.HOOK_COUNTED, n=str(counted))] if counted else []
        return coverage_line("hook", hook, FIRED, reason(Code.HOOK_CALLED), *more, detail={"calls": str(calls)})
    if (faulty := seen.faulty.get(hook, "error")) != "error":  # Of an error the reason is known.
        if faulty == seen.hooks[hook] == "unproven" and (detail := seen.not_installed.get(hook, "")):
            return coverage_line("hook", hook, NOT_OBSERVABLE, reason(Code.HOOK_UNPROVEN, detail=detail))
        return coverage_line("hook", hook, NOT_OBSERVABLE, reason(Code.HOOK_STATE, hook_state=faulty))
    if state in INSTALLED:
        if seen.late or seen.lost or seen.asleep:
            return coverage_line("hook", hook, NOT_OBSERVABLE, reason(Code.HOOK_LATE_OR_LOST))
        return coverage_line("hook", hook, SILENT, reason(Code.HOOK_NOT_CALLED))
    if detail := seen.not_installed.get(hook, ""):
        return coverage_line("hook", hook, NOT_OBSERVABLE, reason(Code.HOOK_NOT_INSTALLED, detail=detail))
    if state:
        return coverage_line("hook", hook, NOT_OBSERVABLE, reason(Code.HOOK_STATE, hook_state=state))
    if _unhooked(seen):
        why = Code.IMPORTED if seen.imported else Code.NO_HOOKS
        return coverage_line("hook", hook, NOT_OBSERVABLE, reason(why))
    return coverage_line("hook", hook, NOT_EXERCISED, reason(Code.HOOK_UNREPORTED))


def item_lines(
    rules: Iterable[Rule], about: Mapping[tuple[int, str], set[str]], situation: Situation
) -> list[Coverage]:
    """The fifteen Shenzhen items: what the rules that serve each of them could say of it. ``about``: the statuses of
    the findings by item and rule. A rule that fired for something else says of an item what it would have said
    without."""
    order = (FIRED, INCONCLUSIVE, NOT_OBSERVABLE, NOT_EXERCISED, SILENT)
    every = list(rules)
    made: list[Coverage] = []
    if not any(rule.items for rule in every):  # under another pack the guideline does not apply
        return made
    for number, general in ITEMS.items():
        serving = [rule for rule in every if number in rule.items]
        statuses = {rule.id: about.get((number, rule.id), set()) for rule in serving}
        detail = {rule.id: rule_line(rule, statuses[rule.id], situation).state for rule in serving}
        state = next((s for s in order if s in detail.values()), NOT_OBSERVABLE)
        weaker = state == FIRED and not any("evidenced" in one for one in statuses.values())
        why = [reason(_ITEM[general]), *([reason(Code.REVIEW)] if weaker else [])]
        made.append(coverage_line("item", f"SZ-{number:02d}", state, *why, detail=detail))
    return made
