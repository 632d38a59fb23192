"""Silence needs a witness: for every rule and hook, whether it fired, stayed silent or cannot be known, and why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from monitor.analysis.coverage.needs import Situation
from monitor.analysis.coverage.seen import INSTALLED, SHADOWED, Seen
from monitor.analysis.coverage.verdict import FIRED, INCONCLUSIVE, NOT_EXERCISED, NOT_OBSERVABLE, SILENT
from monitor.analysis.coverage.witnesses import WITNESSES, Gap, unhooked
from monitor.analysis.guarded import FAR_REACHING, permission_entry, short
from monitor.analysis.rules.load import Rule
from monitor.session.declaration import Declaration
from monitor.text.reasons import Code, Coverage, Reason, coverage_line, reason

#: General observability of the fifteen Shenzhen items; only (八) is fully observable.
ITEMS: Final = {n: ("full" if n in (8, 14) else "none" if n == 12 else "mixed") for n in range(1, 16)}
#: Witnesses that an imported capture can provide; all others need the device.
_IN_TRAFFIC: Final = frozenset(
    """values traffic traffic_to_others traffic_to_known traffic_of_ai addresses third_party_traffic nothing_lost
    consent_granted declaration collection_declared permissions_declared sdks_declared recipients_declared
    recipients_named app_type ai_function""".split()
)
_TRAFFIC: Final = ("traffic", "traffic_to_others", "traffic_to_known", "traffic_of_ai", "addresses")
_ITEM: Final = {"full": Code.OBSERVABLE_FULL, "mixed": Code.OBSERVABLE_MIXED, "none": Code.OBSERVABLE_NONE}
#: Guards of findings to why a rule without result has none.
DOUBTS: Final = {"purpose_unclear": Code.PURPOSE_UNCLEAR, "not_read": Code.DIALOG_UNREADABLE}
_NAMED: Final = 40
#: What is lacking where an app was not used widely enough.
_BY_USE: Final = {Code.NO_SOURCE_CALLED, Code.NOTHING_READABLE, Code.NOTHING_KNOWN, Code.NO_NOTICE, Code.NO_PROMPT,
                  Code.NO_PERMISSION_REQUESTED, Code.NO_OTHER_PARTY, Code.NO_SENSITIVE_SOURCE, Code.NO_SDK,
                  Code.NO_CAMERA_MIC_SCREEN, Code.POLICY_NOT_FETCHED}  # fmt: skip


def rule_line(rule: Rule, statuses: Iterable[str], situation: Situation, doubted: Code | None = None) -> Coverage:
    """The line of a rule from the statuses of its findings and its witnesses. ``doubted``: why findings are
    inconclusive."""
    found, text = set(statuses), rule.text
    detail = {"limits": text.limits} if text.limits else {}
    for status, code in (("evidenced", Code.EVIDENCED), ("review", Code.REVIEW)):
        if status in found:
            return coverage_line("rule", rule.id, FIRED, reason(code))
    if text.documentary:
        return coverage_line("rule", rule.id, NOT_OBSERVABLE, reason(Code.DOCUMENTARY), detail=detail)
    if found:
        return coverage_line("rule", rule.id, INCONCLUSIVE, reason(doubted or Code.WITHIN_UNCERTAINTY))
    if not (gaps := list(_gaps(rule, situation))):
        watched = reason(Code.WATCHED, names=", ".join(text.witness))
        out = [reason(Code.LEFT_OUT, names=", ".join(rule.left_out))] if rule.left_out else []
        return coverage_line("rule", rule.id, SILENT, watched, *out, detail=detail)
    state = NOT_OBSERVABLE if NOT_OBSERVABLE in {gap.state for gap in gaps} else NOT_EXERCISED
    # Two witnesses can be missing for one cause.
    every = [one for gap in gaps if gap.state == state for one in gap.reasons]
    every += _not_explored({one.code for one in every}, situation.seen) if state == NOT_EXERCISED else []
    return coverage_line("rule", rule.id, state, *(one for n, one in enumerate(every) if one not in every[:n]))


def _not_explored(codes: set[str], seen: Seen) -> Iterator[Reason]:
    """Why an exploration may not have come to what a rule asks about."""
    if codes & {Code.NOTHING_WITHDRAWN} and "not_found" in seen.explored:
        yield reason(Code.NO_WAY_TO_WITHDRAW)
    why = [name for name in seen.explored if name != "not_found"]
    if why and codes & _BY_USE:
        yield reason(Code.NOT_EXPLORED, names=", ".join(why))


def _gaps(rule: Rule, situation: Situation) -> Iterable[Gap]:
    """What was not observed that a rule's silence rests on."""
    seen, witnesses = situation.seen, rule.text.witness
    lacking: dict[str, Gap] = {name: gap for name in witnesses if (gap := WITNESSES[name](situation))}
    if not lacking and not set(_TRAFFIC).isdisjoint(witnesses) and not situation.recognises(rule):
        lacking["values"] = Gap(NOT_EXERCISED, (reason(Code.NOTHING_KNOWN),))
    causes: list[Reason] = []
    # Of what traffic may contain, hooks in time tell which values to look for.
    if not seen.imported and any(n in witnesses and n not in lacking for n in ("hooks_in_time", *_TRAFFIC)):
        causes += _when(rule, situation)
    causes += _uncertain(rule, situation)
    if not set(_TRAFFIC).isdisjoint(witnesses):
        causes += [reason(Code.LATE_UNAPPLIED, n=str(seen.unapplied))] if seen.unapplied else []
        causes += [reason(Code.LATE_UNSEARCHED, n=str(seen.unsearched))] if seen.unsearched else []
    if seen.silenced and set(witnesses) - _IN_TRAFFIC:
        causes.append(reason(Code.AGENT_SILENT))
    if seen.imported and (causes or set(lacking) - _IN_TRAFFIC):
        return [Gap(NOT_OBSERVABLE, (reason(Code.IMPORTED),))]
    # What of an imported capture could not be read. Nothing else was observed, so no rule's silence has a witness.
    causes += [reason(Code.CAPTURE_CUT)] if seen.cut else []
    causes += [reason(Code.CAPTURE_SKIPPED, n=str(seen.skipped))] if seen.skipped else []
    return [*lacking.values(), *([Gap(NOT_OBSERVABLE, tuple(causes))] if causes else [])]


def _when(rule: Rule, situation: Situation) -> Iterator[Reason]:
    """For how long nobody watched processes that matter, if others were watched from their first line."""
    late, seen = situation.late(rule), situation.seen
    spans = (f"{one.process} ({(one.ready_us - one.start.t) / 1e6:.1f} s)" for one in late if one.start)
    some = all(one.start for one in seen.late) and len(seen.attached) > len(seen.late)
    if late:
        yield reason(Code.HOOKS_LATE_IN, names=", ".join(dict.fromkeys(spans))) if some else reason(Code.HOOKS_LATE)


def _uncertain(rule: Rule, situation: Situation) -> Iterator[Reason]:
    """Hooks of the rule that were lost, and calls whose values are not known."""
    seen = situation.seen
    if not rule.text.witness:
        return
    hooks = situation.unreliable(rule)
    if own := {situation.rows[hook].cls for hook in hooks if seen.faulty[hook] == SHADOWED and hook in situation.rows}:
        yield reason(Code.CLASS_OF_APP, names=", ".join(sorted(own)[:5]))
    if hooks := [hook for hook in hooks if seen.faulty[hook] != SHADOWED]:
        yield reason(Code.HOOKS_LOST, n=str(len(hooks)), names=", ".join(hooks[:5]))
    if types := situation.unread(rule):
        yield reason(Code.READ_UNSEEN, names=", ".join(types))
    for code, counts in ((Code.VALUES_COUNTED, seen.values_counted), (Code.VALUES_CUT, seen.values_cut)):
        if calls := situation.only_counted(counts, rule):
            yield reason(code, n=str(calls.total()), names=", ".join(sorted(calls)[:5]))


def hook_lines(seen: Seen, known: Iterable[str], counted: Mapping[str, int]) -> list[Coverage]:
    """One line per hook: called, installed in time and never called, or not installed. ``counted``: by hook, how many
    of its calls are known by their number only."""
    return [_hook_line(seen, hook, counted.get(hook, 0)) for hook in sorted({*known, *seen.hooks, *seen.calls})]


def _hook_line(seen: Seen, hook: str, counted: int) -> Coverage:
    if calls := seen.calls.get(hook, 0) or seen.exercised[hook]:
        more = [reason(Code.HOOK_COUNTED, n=str(counted))] if counted else []
        return coverage_line("hook", hook, FIRED, reason(Code.HOOK_CALLED), *more, detail={"calls": str(calls)})
    state, detail = seen.hooks.get(hook, ""), seen.not_installed.get(hook, "")
    faulty = seen.faulty.get(hook, "error")  # of an error the reason is known
    in_force, missed = state in INSTALLED, seen.late or seen.lost or seen.asleep
    nowhere = reason(Code.IMPORTED if seen.imported else Code.NO_HOOKS) if unhooked(seen) else None
    ways = (
        (faulty == state == "unproven" and detail, NOT_OBSERVABLE, reason(Code.HOOK_UNPROVEN, detail=detail)),
        (faulty != "error", NOT_OBSERVABLE, reason(Code.HOOK_STATE, hook_state=faulty)),
        (in_force and missed, NOT_OBSERVABLE, reason(Code.HOOK_LATE_OR_LOST)),
        (in_force, SILENT, reason(Code.HOOK_NOT_CALLED)),
        (detail, NOT_OBSERVABLE, reason(Code.HOOK_NOT_INSTALLED, detail=detail)),
        (state, NOT_OBSERVABLE, reason(Code.HOOK_STATE, hook_state=state)),
        (nowhere, NOT_OBSERVABLE, nowhere),
        (True, NOT_EXERCISED, reason(Code.HOOK_UNREPORTED)),
    )
    return next(coverage_line("hook", hook, line, why) for holds, line, why in ways if holds and why)


def item_lines(
    rules: Sequence[Rule], about: Mapping[tuple[int, str], set[str]], situation: Situation
) -> list[Coverage]:
    """The fifteen Shenzhen items: what the rules that serve each of them could say of it. ``about``: the statuses of
    the findings by item and rule. A rule that fired for something else says of an item what it would have said
    without."""
    order = (FIRED, INCONCLUSIVE, NOT_OBSERVABLE, NOT_EXERCISED, SILENT)
    made: list[Coverage] = []
    if not any(rule.items for rule in rules):  # under another pack the guideline does not apply
        return made
    for number, general in ITEMS.items():
        statuses = {rule: about.get((number, rule.id), set()) for rule in rules if number in rule.items}
        detail = {rule.id: rule_line(rule, found, situation).state for rule, found in statuses.items()}
        state = next((s for s in order if s in detail.values()), NOT_OBSERVABLE)
        weaker = state == FIRED and not any("evidenced" in found for found in statuses.values())
        why = [reason(_ITEM[general]), *([reason(Code.REVIEW)] if weaker else [])]
        made.append(coverage_line("item", f"SZ-{number:02d}", state, *why, detail=detail))
    return made


def manifest_note(manifest: Iterable[str], declaration: Declaration) -> Coverage | None:
    """A note naming the permissions in the manifest that need the user's consent or reach far, and that the declaration
    does not list: known before the app runs, and no behaviour. None if there are none, or if the declaration has no
    list of permissions."""
    asked = {short(name) for name in manifest if permission_entry(name) or short(name) in FAR_REACHING}
    extra = sorted(asked - {short(permission.name) for permission in declaration.permissions or []})
    if declaration.permissions is None or not extra:
        return None
    names = ", ".join(extra[:_NAMED]) + (" …" if len(extra) > _NAMED else "")
    why = reason(Code.MANIFEST_PERMISSIONS, permissions=names)
    return coverage_line("note", "manifest_permissions", "note", why, detail={"count": str(len(extra))})
