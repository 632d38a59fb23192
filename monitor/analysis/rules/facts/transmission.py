"""Facts about what was sent, and to whom."""

from __future__ import annotations

import re
from typing import Any

from monitor.analysis.consent.words import pattern, plain
from monitor.analysis.rules import declared as declaration
from monitor.analysis.rules.context import Context, Subject
from monitor.analysis.rules.facts.registry import fact
from monitor.analysis.wordlists import table
from monitor.declaration import covers


def _org_fact(e: Any, c: Context, name: str) -> Any:
    organisation = c.facts.organisations.get(e.org)
    return getattr(organisation, name) if organisation else None


def _purposes(e: Any, c: Context) -> list[str]:
    """The declared purposes of the recipient, or of the library with this host."""
    recipient = c.declaration.recipient(e.org, e.host)
    purposes = [recipient.purpose] if recipient and recipient.purpose else []
    return purposes + [text for sdk in c.declaration.sdks or [] if covers(sdk.hosts, e.host) for text in sdk.purposes]


def _declared_for_ads(e: Any, c: Context) -> bool:
    return any(pattern("ad_purpose").search(plain(text)) for text in _purposes(e, c))


def _ad_host(e: Any, c: Context) -> bool:
    if covers(c.declaration.personalisation.ad_hosts, e.host) or _declared_for_ads(e, c):
        return True
    purposes = set(_org_fact(e, c, "purposes") or ())
    for domain in getattr(c.facts.organisations.get(e.org), "domains", ()):
        if covers([domain.name], e.host) and domain.purposes:
            purposes = set(domain.purposes)
    return bool(purposes & {"advertising", "attribution"})


def _linked(e: Any) -> bool:
    types = {m.data_type for m in e.matches if m.certainty == "found"}
    facts = table("data_types")
    return bool(types & set(facts["immutable"])) and bool(types & set(facts["advertising_ids"]))


def _policy_host(e: Any, c: Context) -> bool:
    """The request for the policy text itself, with or without a last slash."""
    if e.method not in ("GET", "HEAD", "") or not e.path:
        return False
    for url in (c.declaration.policy.url, *c.policies):
        host, _, path = re.split("[?#]", url.partition("://")[2])[0].partition("/")
        if host.partition(":")[0] == e.host and path.rstrip("/") == e.path.strip("/"):
            return True
    return False


@fact("transmission")
def perhaps_own(e: Any, c: Context, s: Subject) -> Any:
    """Whether the recipient may be the operator itself."""
    return declaration.perhaps_own(e, c)


@fact("transmission")
def training_flag(e: Any, c: Context, s: Subject) -> Any:
    """Whether the message permits training a model with what is sent."""
    return s.data_type == "consent" and s.form == "training_on"


@fact("transmission")
def sent_before_deletion(e: Any, c: Context, s: Subject) -> Any:
    """Whether the prompt was first sent before the user deleted the conversation, and again after it."""
    first = c.prompts.get(s.tag) if s.tag else None
    return first is not None and any(
        first < tap.t - tap.err and tap.t + tap.err < e.t - e.err and pattern("forget").search(plain(tap.label))
        for tap in c.taps
    )


@fact("transmission")
def has_prompt(e: Any, c: Context, s: Subject) -> Any:
    """Whether the message contains the user's prompt for the AI function."""
    return declaration.has_prompt(e)


@fact("transmission")
def certainty(e: Any, c: Context, s: Subject) -> Any:
    """Certainty of the value: ``found`` or ``possible``."""
    return s.certainty


@fact("transmission")
def known_value(e: Any, c: Context, s: Subject) -> Any:
    """Whether a hook saw the app read the value."""
    return s.tag in c.read


@fact("transmission")
def in_query(e: Any, c: Context, s: Subject) -> Any:
    """Whether the value is in the URL of the request."""
    return s.path.startswith(("query", "path"))


@fact("transmission")
def unavoidable(e: Any, c: Context, s: Subject) -> Any:
    """Whether no connection can avoid it: the IP address itself, the device's model in the engine's name of itself, the
    request for the policy's own page. What the app puts into the query of that request it sends of its own accord."""
    known = table("data_types")
    if s.data_type in known["unavoidable_types"] or known["unavoidable_in"].get(s.data_type) == s.path:
        return True
    return not s.path.startswith("query") and _policy_host(e, c)


@fact("transmission")
def own_party(e: Any, c: Context, s: Subject) -> Any:
    """Whether the recipient is the operator."""
    return e.party == "first" or c.declaration.own_host(e.org, e.host)


@fact("transmission")
def country(e: Any, c: Context, s: Subject) -> Any:
    """Country of the recipient organisation, or ``unknown``."""
    return _org_fact(e, c, "country") or "unknown"


@fact("transmission")
def country_declared(e: Any, c: Context, s: Subject) -> Any:
    """Whether the cross-border transfer is declared."""
    return any(x.recipient in (e.org, c.facts.recipient(e)) for x in c.declaration.cross_border)


@fact("transmission")
def ad_host(e: Any, c: Context, s: Subject) -> Any:
    """Whether the host serves advertising or attribution."""
    return _ad_host(e, c)


@fact("transmission")
def purpose_declared(e: Any, c: Context, s: Subject) -> Any:
    """Whether the declaration says what the recipient, or the library with this host, is for."""
    return bool(_purposes(e, c))


@fact("transmission")
def linked_ids(e: Any, c: Context, s: Subject) -> Any:
    """Whether one message contains a non-resettable identifier together with an advertising identifier."""
    return _linked(e)


@fact("transmission")
def ai_recipient(e: Any, c: Context, s: Subject) -> Any:
    """Whether the recipient is declared as answering prompts."""
    return declaration.ai_recipient(e, c)


@fact("transmission")
def role_declared(e: Any, c: Context, s: Subject) -> Any:
    """The declared role of the recipient, or ``unknown``."""
    return getattr(c.declaration.recipient(e.org, e.host), "role", "unknown")
