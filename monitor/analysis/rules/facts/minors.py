"""Facts about minors and who answers for them."""

from typing import Final

from monitor.analysis.consent.words import pattern, plain
from monitor.analysis.rules.answers import consented
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.fact import Use, about, fact
from monitor.analysis.rules.given import Subject
from monitor.events import KINDS, Event, Step, Tap, Transmission
from monitor.session.declaration import Declaration


@about(*KINDS)
def child_app(d: Declaration) -> bool:
    """Whether the app is declared to be for children."""
    return d.app.child_directed


@about(*KINDS)
def minors_rules(d: Declaration) -> bool:
    """Whether rules for minors are declared."""
    return bool(d.minors.rules_url)


@fact
def guardian_agreed(e: Event, c: Context) -> bool:
    """Whether a guardian may have agreed."""
    return consented(c, "guardian", e).answer in ("yes", "unclear")


@fact
def guardian_unread(e: Event, c: Context) -> bool:
    """Whether it is unknown if a guardian agreed."""
    return consented(c, "guardian", e).answer in ("unread", "maybe")


@fact
def guardian(e: Tap | Step) -> bool:
    """Whether the label mentions a guardian."""
    return bool(pattern("guardian").search(plain(e.label)))


@fact
def of_child(c: Context, e: Transmission, s: Subject) -> bool:
    """Whether it was typed into a field about a child, of whom no date of birth says that it is 14 or older."""
    return s.tag in c.values.whose and "older" not in c.values.whose.values()


@fact
def age_open(c: Context, e: Transmission) -> bool:
    """Whether no date of birth says that the child in whose fields was typed is under 14."""
    return "minor" not in c.values.whose.values()


_MINOR: Final = frozenset({"minor", "minor_profile", "age_under_14", "child"})


@fact
def minor_step(e: Step) -> bool:
    """Whether a step enters a minor's profile."""
    return e.label.casefold() in _MINOR


@fact
def as_minor(e: Use, c: Context) -> bool:
    """Whether the session is still in the phase or function that enters a minor's profile: it ends where the next one
    begins."""
    inside: dict[str, bool] = {}
    for step in c.fitting("step", _enters):
        if step.t > e.t:
            break
        inside[step.verb] = step.label.casefold() in _MINOR
    return any(inside.values())


def _enters(step: Step, c: Context, s: Subject) -> bool:
    """Whether a phase or function begins with it."""
    return step.verb in ("phase", "function") and step.state != "failed" and step.label != "child_profile"


def answered_for(e: Use, c: Context, s: Subject) -> bool:
    """Whether a guardian answers for whose data it is: in an app for children, where it was typed into a field about
    a child, while a minor uses the app."""
    return c.declaration.app.child_directed or s.tag in c.values.whose or as_minor(e, c)
