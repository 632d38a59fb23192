"""Facts of one of the other rules each."""

from typing import Final

from monitor.analysis.consent.control import closes
from monitor.analysis.consent.named import purposes_named
from monitor.analysis.consent.timeline import before
from monitor.analysis.consent.words import pattern, plain, regex
from monitor.analysis.rules import declared as declaration
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.fact import USES, about, fact
from monitor.analysis.rules.facts.shared import ad_host
from monitor.analysis.rules.given import Subject
from monitor.events import KINDS, ApiCall, Lifecycle, Policy, Tap, Transmission
from monitor.knowledge.wordlists import table
from monitor.session.declaration import Declaration, covers


# AI-01 ----------------------------------------------------------------------------------------------------------------
@about(*USES)
def ai_declared(s: Subject, d: Declaration) -> bool:
    """Whether the type is declared for the AI function."""
    return s.data_type in d.ai.data_types


@fact
def has_prompt(e: Transmission) -> bool:
    """Whether the message contains the user's prompt for the AI function."""
    return any(m.certainty == "found" and m.data_type in ("prompt", "ui_input") for m in e.matches)


# AI-02 ----------------------------------------------------------------------------------------------------------------
@about("transmission")
def training_flag(s: Subject) -> bool:
    """Whether the message permits training a model with what is sent."""
    return s.data_type == "consent" and s.form == "training_on"


@fact
def sent_before_deletion(e: Transmission, c: Context, s: Subject) -> bool:
    """Whether the prompt was first sent before the user deleted the conversation, and again after it."""
    first = c.values.prompts.get(s.tag) if s.tag else None
    return first is not None and any(
        first < tap.t - tap.err and tap.t + tap.err < e.t - e.err and pattern("forget").search(plain(tap.label))
        for tap in c.taps
    )


# POL-03 ---------------------------------------------------------------------------------------------------------------
#: Of what a policy is examined for, what GDPR 13 requires: no list of libraries, no copy, no date.
_ARTICLE_13: Final = frozenset(
    """operator contact purpose retention sharing complaints withdrawal right:access right:correct right:delete
    right:restrict right:transfer""".split()
)


@fact
def lacks_information(e: Policy) -> bool:
    """Whether the text has no word of something that GDPR 13 requires."""
    return not _ARTICLE_13.isdisjoint(e.missing)


# LIF-01 ---------------------------------------------------------------------------------------------------------------


def _main_starts(e: Lifecycle) -> bool:
    return e.what == "process_start" and e.process in ("", e.app)


@fact
def self_started(e: Lifecycle) -> bool:
    """Whether the app started without user action."""
    return _main_starts(e) and bool(regex("self_starts").match(e.cause.casefold()))


@fact
def scene_declared(e: Lifecycle, d: Declaration) -> bool:
    """Whether autostart is declared for this cause."""
    start, cause = d.self_start, e.cause.casefold()
    return start.allowed and (not start.scenes or any(scene.casefold() in cause for scene in start.scenes))


#: What a process is started for in a situation, as Android's log names it: not for a job, an alarm or a push, but for
#: the component that these reach.
_DELIVERED: Final = {
    "boot": ("broadcast",), "alarm": ("broadcast", "service"), "push": ("broadcast", "service"),
    "job": ("service",), "sync": ("service",),
}  # fmt: skip


@fact
def scene_possible(e: Lifecycle, d: Declaration) -> bool:
    """Whether autostart is declared for a situation that the log does not tell from this cause."""
    ways = [way for scene in d.self_start.scenes for way in _DELIVERED.get(scene.casefold(), ())]
    return d.self_start.allowed and e.cause.casefold().startswith(tuple(ways))


# LIF-02 ---------------------------------------------------------------------------------------------------------------
@fact
def other_app(e: ApiCall) -> bool:
    """Whether a call names a component of another app."""
    name = declaration.target(e)
    return name != "" and "." in name and name != e.app and not name.startswith(("android", "com.android."))


@fact
def platform_app(e: ApiCall) -> bool:
    """Whether a call names an app of the platform."""
    return declaration.target(e).startswith(tuple(table("data_types")["platform_packages"]))


@fact
def lone_start(e: ApiCall, c: Context) -> bool:
    """Whether it is the first start of another app that nothing excuses: one is not yet often."""
    return c.starts.setdefault("first", e.seq) == e.seq


@fact
def wish(e: Tap) -> bool:
    """Whether the tap may have requested something: its whole label does not only refuse or close something."""
    return not closes(e.label)


@fact
def woken_for_provider(e: Lifecycle) -> bool:
    """Whether it was started for its content provider."""
    return _main_starts(e) and e.cause.startswith("content provider")


# PER-02 ---------------------------------------------------------------------------------------------------------------
@fact
def purpose_declared(e: Transmission, c: Context) -> bool:
    """Whether the declaration says what the recipient, or the library with this host, is for."""
    return bool(declaration.purposes(e, c))


# POL-04 ---------------------------------------------------------------------------------------------------------------
#: What a library is for that reports to its vendor by itself. Others (maps, payment, storage) are also asked by apps.
_REPORTS: Final = frozenset({"advertising", "analytics", "attribution", "crash", "push", "security"})


@about(*KINDS)
def sdks_listed(d: Declaration) -> bool:
    """Whether the declaration has a list of libraries."""
    return d.sdks is not None


@fact
def vendor_host(e: Transmission, c: Context) -> bool:
    """Whether the host is one to which a known library reports."""
    return any(_REPORTS & set(sdk.purposes) and covers(sdk.hosts, e.host) for sdk in c.facts.sdks.values())


# SHR-02 to SHR-04 -----------------------------------------------------------------------------------------------------
@fact
def role_declared(e: Transmission, d: Declaration) -> str:
    """The declared role of the recipient, or ``unknown``."""
    recipient = d.recipient(e.org, e.host)
    return recipient.role if recipient else "unknown"


@fact
def switched_on_for(e: Transmission, c: Context) -> bool:
    """Whether it goes to an advertising host, and a person had turned on a switch for advertising themselves: who gets
    it by that may have been said elsewhere."""
    for tap in reversed(c.taps):
        if tap.checked and before(tap, e) and "purpose:advertising" in purposes_named(plain(tap.label)):
            return tap.checked == "on" and ad_host(e, c)
    return False


@about("transmission")
def in_query(s: Subject) -> bool:
    """Whether the value is in the URL of the request."""
    return s.path.startswith(("query", "path"))


@fact
def country(e: Transmission, c: Context) -> str:
    """Country of the recipient organisation (the one that the app names, if whose the address is is not known), or
    ``unknown``."""
    known = [c.facts.organisations[one.org] for one in c.facts.readings(e) if one.org in c.facts.organisations]
    return next((organisation.country for organisation in known if organisation.country), "unknown")


@fact
def country_declared(e: Transmission, c: Context) -> bool:
    """Whether the cross-border transfer is declared."""
    return any(x.recipient in (e.org, c.facts.recipient(e)) for x in c.declaration.cross_border)


@fact
def safeguarded(e: Transmission, c: Context, s: Subject) -> bool:
    """Whether the declaration names, for this recipient and data, a mechanism by which the GDPR allows transfers
    without consent (Articles 45 to 47): adequacy, standard contractual clauses, binding corporate rules and others."""
    whom = e.org, c.facts.recipient(e)
    return any(
        x.recipient in whom and s.data_type in (x.types or [s.data_type]) and _safeguards(x.mechanism.casefold())
        for x in c.declaration.cross_border
    )


def _safeguards(mechanism: str) -> bool:
    """Whether a part of it names one and does not say that there is none ("no adequacy decision; SCC")."""
    parts = regex("between_safeguards").split(mechanism)
    return any(regex("safeguards").search(part) and not regex("no_safeguard").search(part) for part in parts)
