"""Facts of one of the other rules each."""

from typing import Final

from monitor.analysis.consent.control import closes
from monitor.analysis.consent.named import purposes_named
from monitor.analysis.consent.words import pattern, plain, regex
from monitor.analysis.rules import declared as declaration
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.fact import Use, about
from monitor.analysis.rules.facts.shared import ad_host
from monitor.analysis.rules.given import Subject
from monitor.analysis.timeline import before
from monitor.events import ApiCall, Lifecycle, Policy, Step, Tap, Transmission
from monitor.knowledge.wordlists import table
from monitor.session.declaration import CrossBorder, Declaration, covers

# AI-01 and AI-02 ------------------------------------------------------------------------------------------------------


def has_prompt(e: Transmission) -> bool:
    """Whether the message contains the user's prompt for the AI function."""
    return any(match.certainty == "found" and match.data_type in ("prompt", "ui_input") for match in e.matches)


@about("transmission")
def training_flag(s: Subject) -> bool:
    """Whether the message permits training a model with what is sent."""
    return s.data_type == "consent" and s.form == "training_on"


def sent_before_deletion(e: Transmission, c: Context, s: Subject) -> bool:
    """Whether the prompt was first sent before the user deleted the conversation, and again after it."""
    first = c.values.prompts.get(s.tag) if s.tag else None
    between = (tap for tap in c.taps if first is not None and first < tap.t - tap.err and tap.t + tap.err < e.t - e.err)
    return any(pattern("forget").search(plain(tap.label)) for tap in between)


# LIF-01 ---------------------------------------------------------------------------------------------------------------
#: What a process is started for in a situation, as Android's log names it: not for a job, an alarm or a push, but for
#: the component that these reach.
_DELIVERED: Final = {
    "boot": ("broadcast",),
    "alarm": ("broadcast", "service"),
    "push": ("broadcast", "service"),
    "job": ("service",),
    "sync": ("service",),
}


def _main_starts(e: Lifecycle) -> bool:
    return e.what == "process_start" and e.process in ("", e.app)


def self_started(e: Lifecycle) -> bool:
    """Whether the app started without user action."""
    return _main_starts(e) and bool(regex("self_starts").match(e.cause.casefold()))


def scene_declared(e: Lifecycle, d: Declaration) -> bool:
    """Whether autostart is declared for this cause."""
    start, cause = d.self_start, e.cause.casefold()
    return start.allowed and (not start.scenes or any(scene.casefold() in cause for scene in start.scenes))


def scene_possible(e: Lifecycle, d: Declaration) -> bool:
    """Whether autostart is declared for a situation that the log does not tell from this cause."""
    ways = [way for scene in d.self_start.scenes for way in _DELIVERED.get(scene.casefold(), ())]
    return d.self_start.allowed and e.cause.casefold().startswith(tuple(ways))


# LIF-02 ---------------------------------------------------------------------------------------------------------------
def other_app(e: ApiCall) -> bool:
    """Whether a call names a component of another app."""
    name = declaration.target(e)
    return "." in name and name != e.app and not name.startswith(("android", "com.android."))


def platform_app(e: ApiCall) -> bool:
    """Whether a call names an app of the platform."""
    return declaration.target(e).startswith(tuple(table("data_types")["platform_packages"]))


def lone_start(e: ApiCall, c: Context) -> bool:
    """Whether it is the first start of another app that nothing excuses: one is not yet often."""
    return c.starts.setdefault("first", e.seq) == e.seq


def wish(e: Tap) -> bool:
    """Whether the tap may have requested something: its whole label does not only refuse or close something."""
    return not closes(e.label)


def woken_for_provider(e: Lifecycle) -> bool:
    """Whether it was started for its content provider."""
    return _main_starts(e) and e.cause.startswith("content provider")


# PER-02 ---------------------------------------------------------------------------------------------------------------
def purpose_declared(e: Transmission, c: Context) -> bool:
    """Whether the declaration says what the recipient, or the library with this host, is for."""
    return bool(declaration.purposes(e, c))


# POL-03 to POL-05 -----------------------------------------------------------------------------------------------------
#: Of what a policy is examined for, what GDPR 13 requires: no list of libraries, no copy, no date.
_ARTICLE_13: Final = frozenset(
    """operator contact purpose retention sharing complaints withdrawal right:access right:correct right:delete
    right:restrict right:transfer""".split()
)
#: What a library is for that reports to its vendor by itself. Others (maps, payment, storage) are also asked by apps.
_REPORTS: Final = frozenset({"advertising", "analytics", "attribution", "crash", "push", "security"})


def lacks_information(e: Policy) -> bool:
    """Whether the text has no word of something that GDPR 13 requires."""
    return not _ARTICLE_13.isdisjoint(e.missing)


def vendor_host(e: Transmission, c: Context) -> bool:
    """Whether the host is one to which a known library reports."""
    return any(_REPORTS & set(sdk.purposes) and covers(sdk.hosts, e.host) for sdk in c.facts.sdks.values())


def of_child(c: Context, e: Transmission, s: Subject) -> bool:
    """Whether it was typed into a field about a child, of whom no date of birth says that it is 14 or older."""
    return s.tag in c.values.whose and "older" not in c.values.whose.values()


def age_open(c: Context, e: Transmission) -> bool:
    """Whether no date of birth says that the child in whose fields was typed is under 14."""
    return "minor" not in c.values.whose.values()


def minor_step(e: Step) -> bool:
    """Whether a step enters a minor's profile."""
    return declaration.enters_minor(e)


def as_minor(e: Use, c: Context) -> bool:
    """Whether the session is still in the phase or function that enters a minor's profile: it ends where the next one
    begins."""
    return declaration.used_by_minor(e, c)


# SHR-02 to SHR-04 -----------------------------------------------------------------------------------------------------
def role_declared(e: Transmission, d: Declaration) -> str:
    """The declared role of the recipient, or ``unknown``."""
    recipient = d.recipient(e.org, e.host)
    return recipient.role if recipient else "unknown"


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
    parts = (part for mechanism in own for part in regex("between_safeguards").split(mechanism))
    return any(regex("safeguards").search(part) and not regex("no_safeguard").search(part) for part in parts)
