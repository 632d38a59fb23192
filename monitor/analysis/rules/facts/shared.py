"""Facts that several rules ask for about data and its recipient."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from monitor.analysis.consent.control import idle, label, starts
from monitor.analysis.consent.named import types_named
from monitor.analysis.consent.words import pattern, plain, regex
from monitor.analysis.guarded import permissions_of
from monitor.analysis.rules import declared as declaration
from monitor.analysis.rules.answers import consented
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.declared import answered_for
from monitor.analysis.rules.fact import USES, about
from monitor.analysis.rules.given import Subject
from monitor.analysis.rules.purposes import entered_as, listed_as, parted
from monitor.analysis.rules.values import ENTERED, trait
from monitor.analysis.timeline import Mark, before, gap
from monitor.events import NOT_PERSONAL, ApiCall, Event, Transmission
from monitor.knowledge.tables import renamed
from monitor.knowledge.vocabulary import TYPED
from monitor.knowledge.wordlists import table
from monitor.session.declaration import Declaration, covers

#: From a tap on a function to the answer to its prompt, with an explanation between.
_WISHED_US: Final = 30_000_000


# The data -------------------------------------------------------------------------------------------------------------
@about(*USES)
def personal(s: Subject) -> bool:
    """Whether it is personal information."""
    return bool(s.data_type) and s.data_type not in NOT_PERSONAL


@about(*USES)
def sensitive(s: Subject, d: Declaration) -> bool:
    """Whether it is sensitive personal information, by law or by declaration."""
    return s.data_type in d.sensitive


def lone_trait(e: ApiCall, c: Context) -> bool:
    """Whether it is a trait that many devices share, or a query for one app by name, and this code asked for too few of
    them to make a fingerprint or a list of apps."""
    least: int = table("data_types")["fingerprint"]["traits"]
    return bool(trait(e)) and c.values.traits_of(c.values.caller(e)) < least


def perhaps_declared(e: ApiCall | Transmission, c: Context) -> bool:
    """Whether it is code that a shrinker renamed and that may be a declared library: one that has not acted under a
    name of its own."""
    declared = [item for item in c.declaration.sdks or [] if item.package_prefixes or item.id]
    return renamed(e.sdk) and any(c.acted.isdisjoint(c.declaration.ids(item)) for item in declared)


def perhaps_listed(e: ApiCall | Transmission, c: Context, s: Subject) -> bool:
    """Whether it is what a person typed, as its field says, and the declaration may list it under another data type
    that such a thing is put under: not where that is declared for something else."""
    return bool(entered_as(c, s))


def perhaps_listed_for(e: Transmission, c: Context, s: Subject) -> bool:
    """As ``perhaps_listed``, in the list of the recipient, whatever it is for."""
    recipient = c.declaration.recipient(e.org, e.host)
    return recipient is not None and not set(recipient.data_types).isdisjoint(listed_as(c, s))


def asked_for(e: ApiCall | Transmission, c: Context, s: Subject) -> bool:
    """Whether the user (of a minor's data, the guardian) agreed to this kind of data by itself, typed it in after they
    had refused just that, or, after a refusal, turned on a switch that names it or granted the permission for it: after
    that of a consent platform's notice, or with a tap on what needs it. What they asked for by that may be
    necessary."""
    lines = c.consent.lines
    stood = lines.scopes["policy"].possible(e) if "policy" in lines.scopes else ()
    refused = [mark for mark in stood if mark.state == "denied"]
    if not refused:  # nor agreed: only to this
        return consented(c, f"sensitive:{s.data_type}", e).answer == "yes" or _typed_since(e, c, s)
    if _switched_on(e, c, s, refused[-1]):
        return True
    platform = all(mark.seq in lines.platforms for mark in refused)
    permissions = [f"permission:android.permission.{name}" for name in permissions_of(s.data_type)]
    own = [f"sensitive:{s.data_type}", *(["guardian"] if answered_for(e, c, s) else [])]
    for scope in (*own, *permissions):
        line = lines.scopes.get(scope)
        given = [m for m in line.possible(e) if m.state == "granted" and before(refused[-1], m)] if line else []
        if given and (platform or scope in own or any(_wished(c, refused[-1], mark) for mark in given)):
            return True
    return False


def _switched_on(e: Event, c: Context, s: Subject, refusal: Mark) -> bool:
    """Whether the last tap since a refusal on a switch that names the data (位置服务) turned it on."""
    for tap in reversed(c.taps):
        if not before(refusal, tap):
            return False
        if tap.checked and not tap.own and before(tap, e) and s.data_type in types_named(tap.label):
            against = label(tap.label).meaning == "reject" or regex("conceals").search(plain(tap.label))
            return tap.checked == "on" and not against
    return False


def _typed_since(e: ApiCall | Transmission, c: Context, s: Subject) -> bool:
    """Whether a person may have typed it in after they had refused it where it was asked for: a number that was not
    bound to the account (暂不绑定) and is then given with an order. Not where what was typed since is known, and is
    something else, as a search is."""
    line = c.consent.lines.scopes.get(f"sensitive:{s.data_type}")
    if line is None or s.data_type not in TYPED or not isinstance(e, Transmission):
        return False
    refused = [mark for mark in line.possible(e) if mark.state == "denied"]
    if not refused:
        return False
    steps = [step for step in c.history["step"] if step.verb == "inputText" and step.state == "started"]
    known = [call for call in c.values.entered if before(refused[-1], call) and before(call, e)]
    if sum(before(refused[-1], step) and before(step, e) for step in steps) > len(known):
        return True
    sent = {match.tag for match in e.matches}
    alike = ENTERED if s.data_type in ENTERED else {s.data_type}
    return any(call.data_type in alike or not sent.isdisjoint(v.tag for v in call.values) for call in known)


def _wished(c: Context, refusal: Mark, grant: Mark) -> bool:
    """Whether the user tapped something, no answer to a dialog, between a refusal and the permission that they gave
    just after."""
    between = (tap for tap in c.taps if before(refusal, tap) and before(tap, grant))
    return any(
        gap(tap, grant)[0] <= _WISHED_US
        and tap.seq not in c.consent.answered
        and not idle(tap.label)
        and (not label(tap.label).meaning or starts(tap.label))
        for tap in between
    )


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
    return not s.path.startswith("query") and _asks_for_policy(e, c)


def _asks_for_policy(e: Transmission, c: Context) -> bool:
    """Whether it is the request for the policy's own page, with or without a last slash."""
    if e.method not in ("GET", "HEAD", "") or not e.path:
        return False
    for url in (c.declaration.policy.url, *c.policies):
        host, _, path = re.split("[?#]", url.partition("://")[2])[0].partition("/")
        if host.partition(":")[0] == e.host and path.rstrip("/") == e.path.strip("/"):
            return True
    return False


# The recipient --------------------------------------------------------------------------------------------------------
def own_party(e: Transmission, d: Declaration) -> bool:
    """Whether the recipient is the operator."""
    return e.party == "first" or d.own_host(e.org, e.host)


def unreadable(e: Transmission) -> bool:
    """Whether it holds bytes that cannot be read (encrypted, or in a format of the app's own): no media."""
    return e.decoded in ("no", "opaque") and e.bytes > 0 and not e.reason.startswith("media")


def perhaps_own(e: Transmission, d: Declaration) -> bool:
    """Whether the recipient may be the operator itself: an unknown host, and no operator hosts are declared."""
    return not e.org and e.party == "unknown" and not (d.operator.domains or d.operator.org)


def asked_of_ai(e: Transmission, c: Context, s: Subject) -> bool:
    """Whether what the user typed is a prompt: it was sent before to a recipient that is declared as answering them, or
    was typed for a function that is declared to take prompts, into no field of another kind."""
    if s.tag in c.values.asked:
        return True
    function = c.declaration.functions.get(c.function(e))
    return function is not None and "prompt" in function.data_types and c.values.fields.get(s.tag, "") == ""


def ad_host(e: Transmission, c: Context) -> bool:
    """Whether the host serves advertising or attribution: that which was dialled, or that which the app names."""
    return any(_advertising(one, c) for one in c.facts.readings(e))


def _advertising(e: Transmission, c: Context) -> bool:
    stated = declaration.purposes(e, c)
    if any(pattern("ad_purpose").search(plain(text)) for text in stated):
        return True
    if covers(c.declaration.personalisation.ad_hosts, e.host):
        return True
    return not {"advertising", "attribution"}.isdisjoint(c.facts.purposes(e))


def for_personalisation(e: Transmission, c: Context) -> bool:
    """Whether the recipient, or the library that sends to it, is declared for nothing but what is made for one
    person."""
    stated = parted(declaration.purposes(e, c))
    made = pattern("personalisation"), pattern("switch")
    return bool(stated) and all(any(one.search(part) for one in made) for part in stated)
