"""Facts about data, the code that reads it and who receives it: those that several rules ask for, and those of AI, PER,
POL and SHR rules."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from monitor.analysis.consent.named import purposes_named, types_named
from monitor.analysis.consent.text import find, idle, label, pattern, plain
from monitor.analysis.guarded import permissions_of
from monitor.analysis.rules import declared
from monitor.analysis.rules.answers import consented
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.facts import Use
from monitor.analysis.rules.given import Subject
from monitor.analysis.rules.values import ENTERED, trait
from monitor.analysis.timeline import Mark, before, gap
from monitor.events import NOT_PERSONAL, ApiCall, Event, Policy, Step, Transmission
from monitor.knowledge.tables import renamed
from monitor.knowledge.vocabulary import TYPED
from monitor.knowledge.wordlists import table
from monitor.session.declaration import CrossBorder, Declaration, covers

#: From a tap on a function to the answer to its prompt, with an explanation between.
_WISHED_US: Final = 30_000_000
#: What a library is for that reports to its vendor by itself. Others (maps, payment, storage) are also asked by apps.
_REPORTS: Final = frozenset({"advertising", "analytics", "attribution", "crash", "push", "security"})
#: Of what a policy is examined for, what GDPR 13 requires: no list of libraries, no copy, no date.
_ARTICLE_13: Final = frozenset(
    """operator contact purpose retention sharing complaints withdrawal right:access right:correct right:delete
    right:restrict right:transfer""".split()
)
_MINOR: Final = frozenset({"minor", "minor_profile", "age_under_14", "child"})


# The data -------------------------------------------------------------------------------------------------------------
def personal(s: Subject) -> bool:
    """Whether it is personal information."""
    return bool(s.data_type) and s.data_type not in NOT_PERSONAL


def lone_trait(e: ApiCall, c: Context) -> bool:
    """Whether it is a trait that many devices share, or a query for one app by name, and this code asked for too few of
    them to make a fingerprint or a list of apps."""
    least: int = table("data_types")["fingerprint"]["traits"]
    return bool(trait(e)) and len(c.values.traits[c.values.caller(e)]) < least


def goes_on(e: ApiCall) -> bool:
    """Whether what it starts (camera, microphone) goes on until another call ends it, or it is such another call, or
    shows what goes on to the user."""
    known = table("data_types")
    starting: Mapping[str, Sequence[str]] = known["goes_on"]
    return e.hook in starting or e.hook in known["shown_by"] or any(e.hook in ends for ends in starting.values())


def unavoidable(e: Transmission, c: Context, s: Subject) -> bool:
    """Whether no connection can avoid it: the IP address itself, the device's model in the engine's name of itself, the
    request for the policy's own page. What the app puts into the query of that request it sends of its own accord."""
    known = table("data_types")
    if s.data_type in known["unavoidable_types"] or known["unavoidable_in"].get(s.data_type) == s.path:
        return True
    if s.path.startswith("query") or e.method not in ("GET", "HEAD", "") or not e.path:
        return False
    for url in (c.declaration.policy.url, *c.policies):
        host, _, path = re.split("[?#]", url.partition("://")[2])[0].partition("/")
        if host.partition(":")[0] == e.host and path.rstrip("/") == e.path.strip("/"):
            return True
    return False


def perhaps_listed(e: ApiCall | Transmission, c: Context, s: Subject) -> bool:
    """Whether it is what a person typed, as its field says, and the declaration may list it under another data type
    that such a thing is put under: not where that is declared for something else."""
    return bool(declared.entered_as(c, s))


def perhaps_listed_for(e: Transmission, c: Context, s: Subject) -> bool:
    """As ``perhaps_listed``, in the list of the recipient, whatever it is for."""
    recipient = c.declaration.recipient(e.org, e.host)
    return recipient is not None and not set(recipient.data_types).isdisjoint(declared.listed_as(c, s))


# What the user wanted -------------------------------------------------------------------------------------------------
def asked_for(e: ApiCall | Transmission, c: Context, s: Subject) -> bool:
    """Whether the user (of a minor's data, the guardian) agreed to this kind of data by itself, typed it in after they
    had refused just that, or, after a refusal, turned on a switch that names it or granted the permission for it: after
    that of a consent platform's notice, or with a tap on what needs it. What they asked for by that may be
    necessary."""
    refused = c.marks("policy", e, "denied")
    if not refused:  # nor agreed: only to this
        return consented(c, f"sensitive:{s.data_type}", e).answer == "yes" or _typed_since(e, c, s)
    if _switched_on(e, c, s, refused[-1]):
        return True
    own = [f"sensitive:{s.data_type}", *guardian_scopes(e, c, s)]
    permissions = [f"permission:android.permission.{name}" for name in permissions_of(s.data_type)]
    if all(mark.seq in c.consent.lines.platforms for mark in refused):
        own, permissions = own + permissions, []
    since = {scope: [m for m in c.marks(scope, e, "granted") if before(refused[-1], m)] for scope in own + permissions}
    return any(since[scope] for scope in own) or any(
        _wished(c, refused[-1], mark) for scope in permissions for mark in since[scope]
    )


def _switched_on(e: Event, c: Context, s: Subject, refusal: Mark) -> bool:
    """Whether the last tap since a refusal on a switch that names the data (位置服务) turned it on."""
    for tap in reversed(c.taps):
        if not before(refusal, tap):
            return False
        if tap.checked and not tap.own and before(tap, e) and s.data_type in types_named(tap.label):
            against = label(tap.label).meaning == "reject" or find(plain(tap.label), "conceals")
            return tap.checked == "on" and not against
    return False


def _typed_since(e: ApiCall | Transmission, c: Context, s: Subject) -> bool:
    """Whether a person may have typed it in after they had refused it where it was asked for: a number that was not
    bound to the account (暂不绑定) and is then given with an order. Not where what was typed since is known, and is
    something else, as a search is."""
    refused = c.marks(f"sensitive:{s.data_type}", e, "denied")
    if not refused or s.data_type not in TYPED or not isinstance(e, Transmission):
        return False

    def since(event: ApiCall | Step) -> bool:
        return before(refused[-1], event) and before(event, e)

    steps = [step for step in c.history["step"] if step.verb == "inputText" and step.state == "started"]
    known = list(filter(since, c.values.entered))
    if sum(map(since, steps)) > len(known):
        return True
    sent = {match.tag for match in e.matches}
    alike = ENTERED if s.data_type in ENTERED else {s.data_type}
    return any(call.data_type in alike or not sent.isdisjoint(v.tag for v in call.values) for call in known)


def _wished(c: Context, refusal: Mark, grant: Mark) -> bool:
    """Whether the user tapped something, no answer to a dialog, between a refusal and the permission that they gave
    just after."""
    return any(
        gap(tap, grant)[0] <= _WISHED_US
        and tap.seq not in c.consent.answered
        and not idle(tap.label)
        and (not label(tap.label).meaning or find(plain(tap.label), "=functions"))
        for tap in c.taps_between(refusal, grant)
    )


def switched_on_for(e: Transmission, c: Context) -> bool:
    """Whether it goes to an advertising host, and a person had turned on a switch for advertising themselves: who gets
    it by that may have been said elsewhere."""
    for tap in reversed(c.taps):
        if tap.checked and before(tap, e) and "purpose:advertising" in purposes_named(plain(tap.label)):
            return tap.checked == "on" and ad_host(e, c)
    return False


# Prompts --------------------------------------------------------------------------------------------------------------
def found(e: Transmission) -> frozenset[str]:
    """The data types of which the message certainly holds a value."""
    return frozenset([match.data_type for match in e.matches if match.certainty == "found"])


def asked_of_ai(e: Transmission, c: Context, s: Subject) -> bool:
    """Whether what the user typed is a prompt: it was sent before to a recipient that is declared as answering them, or
    was typed for a function that is declared to take prompts, into no field of another kind."""
    if s.tag in c.values.asked:
        return True
    function = c.used_function(e)
    return function is not None and "prompt" in function.data_types and c.values.fields.get(s.tag, "") == ""


def sent_before_deletion(e: Transmission, c: Context, s: Subject) -> bool:
    """Whether the prompt was first sent before the user deleted the conversation, and again after it."""
    first = c.values.prompts.get(s.tag) if s.tag else None
    between = (tap for tap in c.taps if first is not None and first < tap.t - tap.err and tap.t + tap.err < e.t - e.err)
    return any(find(plain(tap.label), "forget") for tap in between)


# The code and the recipient -------------------------------------------------------------------------------------------
def perhaps_declared(e: ApiCall | Transmission, c: Context) -> bool:
    """Whether it is code that a shrinker renamed and that may be a declared library: one that has not acted under a
    name of its own."""
    known = [item for item in c.declaration.sdks or [] if item.package_prefixes or item.id]
    return renamed(e.sdk) and any(c.acted.isdisjoint(c.declaration.ids(item)) for item in known)


def own_party(e: Transmission, d: Declaration) -> bool:
    """Whether the recipient is the operator."""
    return e.party == "first" or d.own_host(e.org, e.host)


def perhaps_own(e: Transmission, d: Declaration) -> bool:
    """Whether the recipient may be the operator itself: an unknown host, and no operator hosts are declared."""
    return not e.org and e.party == "unknown" and not (d.operator.domains or d.operator.org)


def unreadable(e: Transmission) -> bool:
    """Whether it holds bytes that cannot be read (encrypted, or in a format of the app's own): no media."""
    return e.decoded in ("no", "opaque") and e.bytes > 0 and not e.reason.startswith("media")


def in_query(e: Transmission, s: Subject) -> bool:
    """Whether the value is in the URL of the request."""
    return s.path.startswith(("query", "path"))


def ad_host(e: Transmission, c: Context) -> bool:
    """Whether the host serves advertising or attribution: that which was dialled, or that which the app names."""
    for one in c.facts.readings(e):
        stated = declared.purposes(one, c.declaration, by_sender=False)
        if any(find(plain(text), "ad_purpose") for text in stated):
            return True
        listed = covers(c.declaration.personalisation.ad_hosts, one.host)
        if listed or not {"advertising", "attribution"}.isdisjoint(c.facts.purposes(one)):
            return True
    return False


def for_personalisation(e: Transmission, c: Context) -> bool:
    """Whether the recipient, or the library with this host, is declared for nothing but what is made for one person."""
    stated = declared.parted(declared.purposes(e, c.declaration, by_sender=False))
    return bool(stated) and all(find(part, "personalisation", "switch") for part in stated)


def purpose_declared(e: Transmission, d: Declaration) -> bool:
    """Whether the declaration says what the recipient, or the library with this host, is for."""
    return bool(declared.purposes(e, d, by_sender=False))


def vendor_host(e: Transmission, c: Context) -> bool:
    """Whether the host is one to which a known library reports."""
    return any(_REPORTS & set(sdk.purposes) and covers(sdk.hosts, e.host) for sdk in c.facts.sdks.values())


def role_declared(e: Transmission, d: Declaration) -> str:
    """The declared role of the recipient, or ``unknown``."""
    recipient = d.recipient(e.org, e.host)
    return recipient.role if recipient else "unknown"


def country(e: Transmission, c: Context) -> str:
    """Country of the recipient organisation (the one that the app names, if whose the address is is not known), or
    ``unknown``."""
    known = [c.facts.organisations[one.org] for one in c.facts.readings(e) if one.org in c.facts.organisations]
    return next((organisation.country for organisation in known if organisation.country), "unknown")


def _transfers(e: Transmission, c: Context) -> list[CrossBorder]:
    return [one for one in c.declaration.cross_border if one.recipient in (e.org, c.facts.recipient(e))]


def country_declared(e: Transmission, c: Context) -> bool:
    """Whether the cross-border transfer is declared."""
    return bool(_transfers(e, c))


def safeguarded(e: Transmission, c: Context, s: Subject) -> bool:
    """Whether the declaration names, for this recipient and data, a mechanism by which the GDPR allows transfers
    without consent (Articles 45 to 47): adequacy, standard contractual clauses, binding corporate rules and others."""
    own = [one.mechanism.casefold() for one in _transfers(e, c) if s.data_type in (one.types or [s.data_type])]
    # A part of it may say that there is none (no adequacy decision; SCC).
    parts = (part for mechanism in own for part in pattern("between_safeguards").split(mechanism))
    return any(find(part, "safeguards") and not find(part, "no_safeguard") for part in parts)


# The policy, and minors -----------------------------------------------------------------------------------------------
def lacks_information(e: Policy) -> bool:
    """Whether the text has no word of something that GDPR 13 requires."""
    return not _ARTICLE_13.isdisjoint(e.missing)


def child_age(c: Context, e: Transmission, s: Subject) -> str:
    """Whether it was typed into a field about a child: ``minor`` by a date of birth, ``open`` without one; empty = not,
    or the child is 14 or older."""
    stated = set(c.values.whose.values())
    if s.tag not in c.values.whose or "older" in stated:
        return ""
    return "minor" if "minor" in stated else "open"


def minor_step(e: Step) -> bool:
    """Whether a step enters a minor's profile."""
    return e.label.casefold() in _MINOR


def as_minor(e: Use, c: Context) -> bool:
    """Whether the session is still in the phase or function that enters a minor's profile: it ends where the next one
    begins."""
    return any({step.verb: minor_step(step) for step in c.steps(e, _begins_part)}.values())


def _begins_part(step: Step, c: Context, s: Subject) -> bool:
    """Whether a phase or function begins with a step."""
    return step.verb in ("phase", "function") and step.state != "failed" and step.label != "child_profile"


def guardian_scopes(e: Use, c: Context, s: Subject) -> Sequence[str]:
    """The scope of a guardian's consent where a guardian answers for whose data it is: in an app for children, where it
    was typed into a field about a child, while a minor uses the app."""
    answers = c.declaration.app.child_directed or s.tag in c.values.whose or as_minor(e, c)
    return ("guardian",) if answers else ()
