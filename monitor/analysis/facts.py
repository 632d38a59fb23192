"""Names that a ``where:`` may use beside the fields of its event. Each is a function of event, context and subject."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from monitor.analysis.context import Context, Subject, permission_entry
from monitor.analysis.minimal import extent, fine_fix, own_consent, precision, whole_table
from monitor.analysis.timeline import gap
from monitor.analysis.words import (
    Label,
    Screen,
    component_title,
    label,
    pattern,
    plain,
    screen,
    system_prompt,
    table,
    toggle_scope,
)
from monitor.declaration import covers
from monitor.events import NOT_PERSONAL

Fact = Callable[[Any, Context, Subject], Any]
_SPECIAL: Final = ("BIND_ACCESSIBILITY", "BIND_NOTIFICATION_LISTENER", "SYSTEM_ALERT_WINDOW", "BIND_DEVICE_ADMIN")
#: Ends that the app brings about itself (the agent names the method), and starts without the user (am_proc_start).
_EXITS: Final = re.compile(r"exit|halt|killProcess|abort|finish|self|sendSignal", re.IGNORECASE)
_STARTS: Final = re.compile(r"boot|alarm|job|sync|push|broadcast|service|added application|restart|backup")
_BURST_US: Final = 5_000_000
_TRACK: Final = 2


def seen(e: Any) -> Screen:
    """What a window or snapshot says; a system permission prompt says nothing for the app."""
    if system_prompt(getattr(e, "focus", "")):
        return screen("", (), (), ())
    return screen(getattr(e, "title", ""), e.texts, e.buttons, e.boxes, getattr(e, "links", ()))


def _tap(e: Any) -> Label:
    return label(e.label)


def _target(e: Any) -> str:
    """The package that a call names."""
    return str(e.args.get("component") or e.args.get("package") or "").partition("/")[0]


def _other_component(e: Any) -> bool:
    name = _target(e)
    return "." in name and name != e.app and not name.startswith(("android", "com.android."))


def _groups(e: Any) -> set[str]:
    return {str(permission_entry(p).get("group", "")) for p in e.permissions} - {""}


def _needed(e: Any, c: Context) -> bool:
    """Whether the current function is declared to need every permission of the request."""
    function = c.declaration.functions.get(c.function(e))
    return function is not None and all(_listed(p, function.permissions) for p in e.permissions)


def _listed(permission: str, names: list[str]) -> bool:
    last = permission.rpartition(".")[2]
    return any(name.rpartition(".")[2] == last for name in names)


def _burst(e: Any, c: Context) -> int:
    """Groups asked for in this request and in those within five seconds before, no tap between."""
    groups = _groups(e)
    for other in c.history["permission_request"]:
        near = gap(other, e)[0] >= 0 and gap(other, e)[1] <= _BURST_US
        if near and not any(other.t < tap.t < e.t for tap in c.taps):
            groups |= _groups(other)
    return len(groups)


def _org_fact(e: Any, c: Context, name: str) -> Any:
    organisation = c.facts.organisations.get(e.org)
    return getattr(organisation, name) if organisation else None


def _ad_host(e: Any, c: Context) -> bool:
    purposes = set(_org_fact(e, c, "purposes") or ())
    for domain in getattr(c.facts.organisations.get(e.org), "domains", ()):
        if covers([domain.name], e.host) and domain.purposes:
            purposes = set(domain.purposes)
    return bool(purposes & {"advertising", "attribution"})


def _linked(e: Any) -> bool:
    types = {m.data_type for m in e.matches if m.certainty == "found"}
    facts = table("judgement")
    return bool(types & set(facts["immutable"])) and bool(types & set(facts["advertising_ids"]))


def _policy_host(e: Any, c: Context) -> bool:
    """The request for the policy text itself (decision 5)."""
    urls = [c.declaration.policy.url, *c.policies]
    return any(url.partition("://")[2].partition("/")[0].partition(":")[0] == e.host for url in urls if url) and (
        e.method in ("GET", "HEAD", "") and any(e.path and e.path in url for url in urls)
    )


def _unequal(e: Any) -> bool:
    """A refusal control of less than half the area of the agreement (EDPB, CNIL: as easy to refuse)."""

    def area(name: str) -> int:
        left, top, right, bottom = (*e.sizes.get(name, ()), 0, 0, 0, 0)[:4]
        return int(max(0, right - left) * max(0, bottom - top))

    looks = seen(e)
    agree = max((area(b) for b in looks.accepts), default=0)
    refuse = max((area(b) for b in looks.rejects), default=0)
    return bool(looks.policy and agree and refuse and refuse * 2 < agree)


def _track(c: Context) -> bool:
    return len(c.locations) >= _TRACK


def _declared_for_caller(e: Any, c: Context, s: Subject) -> bool:
    sdk = getattr(e, "sdk", "")
    declared = c.declaration.sdk(sdk) if sdk not in ("", "app", "framework") else None
    if declared is not None:
        return s.data_type in declared.data_types
    return s.data_type in c.declaration.by_type


def _risk(c: Context, s: Subject) -> bool:
    item = c.declaration.by_type.get(s.data_type)
    return bool(item and item.risk_control)


def _declared_background(e: Any, c: Context, s: Subject) -> bool:
    item = c.declaration.by_type.get(s.data_type)
    if item and item.background:
        return True
    function = c.declaration.functions.get(c.function(e)) if c.declaration.functions else None
    return bool(function and function.background and s.data_type in function.data_types)


def _shown_prompt(e: Any) -> bool:
    """A visible request: the system's dialog, known from outside or from its answer, or the app's own guide to it."""
    if hasattr(e, "buttons") and hasattr(e, "action"):
        looks = seen(e)
        named = bool(looks.types and pattern("permission").search(looks.words))
        return e.action == "shown" and named and looks.asks and not looks.policy
    return bool(e.shown and e.permissions) if hasattr(e, "shown") else e.dialog == "yes"


def _offers_switch(e: Any) -> bool:
    words = plain(e.name) if hasattr(e, "value") else seen(e).words
    return bool(pattern("switch").search(words))


def _in(name: str) -> Fact:
    return lambda e, c, s: s.data_type in table("judgement")[name]


#: Facts that depend only on role, data_type, sdk and outcome of a call: judged once for each combination.
STATIC: Final[dict[str, Fact]] = {
    "data_type": lambda e, c, s: s.data_type,
    "personal": lambda e, c, s: bool(s.data_type) and s.data_type not in NOT_PERSONAL,
    "sensitive": lambda e, c, s: s.data_type in c.declaration.sensitive,
    "declared": _declared_for_caller,
    "risk_control": lambda e, c, s: _risk(c, s),
    "immutable": _in("immutable"),
    "advertising_id": _in("advertising_ids"),
    "other_id": _in("other_ids"),
    "static_id": _in("static_ids"),
    "has_collection": lambda e, c, s: c.declaration.collection is not None,
    "child_app": lambda e, c, s: c.declaration.app.child_directed,
    "minors_rules": lambda e, c, s: bool(c.declaration.minors.rules_url),
    "genai": lambda e, c, s: c.declaration.app.genai,
    "extent": lambda e, c, s: extent(c, s),
    "precision": lambda e, c, s: precision(c, s),
    "type_without_need": lambda e, c, s: (
        c.declaration.app.type_39 > 0 and c.declaration.app.type_39 not in table("judgement")["nec39"]
    ),
}
#: Facts of the event alone.
OF_EVENT: Final = frozenset({"other_app", "whole_table"})
STATIC_FIELDS: Final = frozenset({"role", "sdk", "outcome"})

DERIVED: Final[dict[str, Fact]] = {
    **STATIC,
    "whole_table": lambda e, c, s: whole_table(e),
    "fine_fix": lambda e, c, s: fine_fix(e, c),
    "own_consent": own_consent,
    "certainty": lambda e, c, s: s.certainty,
    "known_value": lambda e, c, s: s.tag in c.read,
    "permission": lambda e, c, s: s.permission or getattr(e, "permission", ""),
    "in_query": lambda e, c, s: s.path.startswith(("query", "path")),
    "unavoidable": lambda e, c, s: s.data_type in table("judgement")["unavoidable_types"] or _policy_host(e, c),
    "is_page": lambda e, c, s: e.window_kind == "activity" and component_title(e.title),
    "own_party": lambda e, c, s: e.party == "first" or c.declaration.own_host(e.org, e.host),
    "country": lambda e, c, s: _org_fact(e, c, "country") or "unknown",
    "country_declared": lambda e, c, s: any(
        x.recipient in (e.org, c.facts.recipient(e)) for x in c.declaration.cross_border
    ),
    "ad_host": lambda e, c, s: _ad_host(e, c),
    "linked_ids": lambda e, c, s: _linked(e),
    "ai_recipient": lambda e, c, s: e.org in c.declaration.ai.recipients or covers(c.declaration.ai.hosts, e.host),
    "role_declared": lambda e, c, s: getattr(c.declaration.recipient(e.org, e.host), "role", "unknown"),
    "track": lambda e, c, s: _track(c),
    "declared_background": _declared_background,
    "in_background": lambda e, c, s: "foreground" not in c.stage.states(e, "foreground"),
    "policy_dialog": lambda e, c, s: seen(e).policy and seen(e).asks,
    "policy_notice": lambda e, c, s: seen(e).policy,
    "has_reject": lambda e, c, s: bool(seen(e).rejects),
    "has_accept": lambda e, c, s: bool(seen(e).accepts),
    "prechecked": lambda e, c, s: seen(e).prechecked,
    "login_consent": lambda e, c, s: seen(e).login_consent,
    "policy_titled": lambda e, c, s: seen(e).titled,
    "bundled": lambda e, c, s: seen(e).policy and bool(seen(e).bundle) and not seen(e).separate,
    "separate": lambda e, c, s: bool(set(c.consent.notices.scopes_of(seen(e))) - {"policy"}),
    "separate_text": lambda e, c, s: seen(e).separate,
    "vague": lambda e, c, s: seen(e).vague,
    "reward": lambda e, c, s: seen(e).reward,
    "reasons": lambda e, c, s: seen(e).reasons,
    "names_types": lambda e, c, s: bool(seen(e).types),
    "odd_demand": lambda e, c, s: bool(pattern("recruit").search(seen(e).words)),
    "cancels_account": lambda e, c, s: bool(pattern("cancel_account").search(seen(e).words)),
    "unequal_reject": lambda e, c, s: _unequal(e),
    "label_kind": lambda e, c, s: _tap(e).verdict,
    "label_clear": lambda e, c, s: _tap(e).clear,
    "refuses_policy": lambda e, c, s: any(
        e.seq in m.events and m.state == "denied"
        for m in (c.consent.scopes["policy"].marks if "policy" in c.consent.scopes else ())
    ),
    "prompt_answer": lambda e, c, s: e.seq in c.consent.answered,
    "policy_given": lambda e, c, s: any(
        m.state == "granted" and m.t <= e.t
        for m in (c.consent.scopes["policy"].marks if "policy" in c.consent.scopes else ())
    ),
    "guardian": lambda e, c, s: bool(pattern("guardian").search(plain(e.label))),
    "paste": lambda e, c, s: bool(pattern("paste").search(plain(e.label))),
    "withdraw_extra": lambda e, c, s: c.withdraw_extra.get(e.seq, -99),
    "group_count": lambda e, c, s: len(_groups(e)),
    "burst_groups": lambda e, c, s: _burst(e, c),
    "needed_by_function": lambda e, c, s: _needed(e, c),
    "dangerous": lambda e, c, s: bool(permission_entry(s.permission)),
    "special_access": lambda e, c, s: s.permission.rpartition(".")[2].startswith(_SPECIAL),
    "policy_changed": lambda e, c, s: e.seq in c.policy_changed,
    "toggle_scope": lambda e, c, s: toggle_scope(e.name),
    "reverted": lambda e, c, s: e.seq in c.reverted,
    "other_app": lambda e, c, s: _other_component(e),
    "platform_app": lambda e, c, s: _target(e).startswith(tuple(table("judgement")["platform_packages"])),
    "scene_declared": lambda e, c, s: (
        c.declaration.self_start.allowed
        and (
            not c.declaration.self_start.scenes
            or any(scene.casefold() in e.cause.casefold() for scene in c.declaration.self_start.scenes)
        )
    ),
    "self_exit": lambda e, c, s: e.what == "process_exit" and bool(_EXITS.search(e.cause)),
    "self_started": lambda e, c, s: (
        e.what == "process_start" and e.process in ("", e.app) and bool(_STARTS.match(e.cause.casefold()))
    ),
    "woken_for_provider": lambda e, c, s: (
        e.what == "process_start" and e.process in ("", e.app) and e.cause.startswith("content provider")
    ),
    "target_sdk": lambda e, c, s: int(e.detail.get("target_sdk", "0") or 0) if e.detail else 0,
    "shown_prompt": lambda e, c, s: _shown_prompt(e),
    "function_or_tap": lambda e, c, s: getattr(e, "verb", "function") == "function" and e.seq not in c.consent.answered,
    "offers_switch": lambda e, c, s: _offers_switch(e),
    "minor_step": lambda e, c, s: e.label.casefold() in ("minor", "minor_profile", "age_under_14", "child"),
}
