"""Facts about the use of data: the data type, what is declared about it, what the user had decided."""

from __future__ import annotations

import re
from typing import Any, Final

from monitor.analysis.consent.labels import label
from monitor.analysis.consent.timeline import gap
from monitor.analysis.rules import declared as declaration
from monitor.analysis.rules import minimal
from monitor.analysis.rules.answers import consented
from monitor.analysis.rules.context import Context, Subject
from monitor.analysis.rules.facts.registry import USES, fact
from monitor.analysis.rules.gathered import trait
from monitor.analysis.wordlists import table
from monitor.events import KINDS, NOT_PERSONAL, Transmission

_TOUCH_US: Final = 2_000_000
_TRACK: Final = 2
_SERIES: Final = 3
_FOLLOWED_US: Final = 30_000_000
_INDEX: Final = re.compile(r"\[\d+\]")


def _target(e: Any) -> str:
    """The package that a call names."""
    args = e.args
    named = args.get("component") or args.get("package")
    return named.partition("/")[0] if named else ""


def _other_component(e: Any) -> bool:
    name = _target(e)
    return name != "" and "." in name and name != e.app and not name.startswith(("android", "com.android."))


def _in_background(e: Any, c: Context) -> bool:
    return bool(c.stage.marks) and "foreground" not in c.stage.states(e, "foreground")


def _track(e: Any, c: Context) -> bool:
    """Whether positions form a location track: some that one recipient was sent, a list of them, a series of reads by
    one caller, one in the background, or those that a listener is given for half a minute."""
    if _in_background(e, c):
        return True
    if isinstance(e, Transmission):  # whoever read them: what counts is what the recipient holds
        return len(c.places_sent(e)) >= _TRACK or _listed(e) >= _SERIES
    if getattr(e, "role", "") == "context":  # to a listener; who wants one position stops at one that is good enough
        return c.gathered.following_us() >= _FOLLOWED_US
    # What another library read is no track of this one's; of unknown code, all positions of the app count.
    return (sum(call.sdk == e.sdk for call in c.locations) if e.sdk else len(c.locations)) >= _SERIES


def _listed(e: Transmission) -> int:
    """How many items of one list have a position, the same one where the device stands still."""
    items: dict[str, set[str]] = {}
    for match in e.matches:
        if match.data_type == "location" and match.certainty == "found":
            for index in _INDEX.finditer(match.path):
                items.setdefault(match.path[: index.start()], set()).add(index[0])
    return max(map(len, items.values()), default=0)


def _touched(e: Any, c: Context) -> bool:
    """A touch just before that requested something, possibly this; not an answer to a dialog."""
    return any(
        gap(tap, e)[1] >= 0 and gap(tap, e)[0] <= _TOUCH_US
        for tap in c.taps
        if tap.seq not in c.consent.answered and not label(tap.label).meaning
    )


def _own_package(e: Any) -> bool:
    """Whether the query is about the app itself: its package, its component, or its own action."""
    named = _target(e) == e.app
    return bool(e.app) and (named or str(e.args.get("action") or "").startswith(e.app + "."))


@fact(*USES, static=True)
def data_type(e: Any, c: Context, s: Subject) -> Any:
    """The data type under assessment."""
    return s.data_type


@fact(*USES, static=True)
def personal(e: Any, c: Context, s: Subject) -> Any:
    """Whether it is personal information."""
    return bool(s.data_type) and s.data_type not in NOT_PERSONAL


@fact(*USES, static=True)
def sensitive(e: Any, c: Context, s: Subject) -> Any:
    """Whether it is sensitive personal information, by law or by declaration."""
    return s.data_type in c.declaration.sensitive


@fact(*USES, static=True)
def declared(e: Any, c: Context, s: Subject) -> Any:
    """Whether the type is declared for the code that reads or sends it."""
    return declaration.by_caller(c.declaration, getattr(e, "sdk", ""), s.data_type)


@fact(*USES, static=True)
def frequency_declared(e: Any, c: Context, s: Subject) -> Any:
    """Whether a frequency is declared for it."""
    return any(item.budgets for item in c.declaration.entries.get(s.data_type, ()))


@fact(*USES, static=True)
def immutable(e: Any, c: Context, s: Subject) -> Any:
    """Whether it is an identifier that the user cannot reset."""
    return s.data_type in table("data_types")["immutable"]


@fact(*USES, static=True)
def advertising_id(e: Any, c: Context, s: Subject) -> Any:
    """Whether it is an advertising identifier."""
    return s.data_type in table("data_types")["advertising_ids"]


@fact(*USES, static=True)
def other_id(e: Any, c: Context, s: Subject) -> Any:
    """Whether it is another identifier that can be reset."""
    return s.data_type in table("data_types")["other_ids"]


@fact(*USES, static=True)
def static_id(e: Any, c: Context, s: Subject) -> Any:
    """Whether its value stays the same for the lifetime of an installation."""
    return s.data_type in table("data_types")["static_ids"]


@fact(*KINDS, static=True)
def has_collection(e: Any, c: Context, s: Subject) -> Any:
    """Whether the declaration lists what is collected."""
    return c.declaration.collection is not None


@fact(*KINDS, static=True)
def child_app(e: Any, c: Context, s: Subject) -> Any:
    """Whether the app is declared to be for children."""
    return c.declaration.app.child_directed


@fact(*KINDS, static=True)
def minors_rules(e: Any, c: Context, s: Subject) -> Any:
    """Whether rules for minors are declared."""
    return bool(c.declaration.minors.rules_url)


@fact(*KINDS, static=True)
def genai(e: Any, c: Context, s: Subject) -> Any:
    """Whether generative AI is declared."""
    return c.declaration.genai


@fact(*USES, static=True)
def extent(e: Any, c: Context, s: Subject) -> Any:
    """The declared need for a table: ``all``, ``item`` or empty."""
    return minimal.extent(c, s)


@fact(*USES, static=True)
def precision(e: Any, c: Context, s: Subject) -> Any:
    """The precision of position declared as sufficient: ``fine``, ``coarse`` or empty."""
    return minimal.precision(c, s)


@fact(*KINDS, static=True)
def type_without_need(e: Any, c: Context, s: Subject) -> Any:
    """Whether the declared type of app needs no personal information in general (NEC-39)."""
    return c.declaration.app.type_39 > 0 and c.declaration.app.type_39 not in table("data_types")["nec39"]


@fact("api_call")
def lone_trait(e: Any, c: Context, s: Subject) -> Any:
    """Whether it is a trait that many devices share, or a query for one app by name, and this code asked for too few of
    them to make a fingerprint or a list of apps."""
    return bool(trait(e)) and c.gathered.traits(e.sdk) < table("data_types")["fingerprint"]["traits"]


@fact("api_call", alone=True)
def whole_table(e: Any, c: Context, s: Subject) -> Any:
    """Whether a query returns every row."""
    return minimal.whole_table(e)


@fact("api_call")
def fine_fix(e: Any, c: Context, s: Subject) -> Any:
    """Whether a position was precise: ``certain``, ``perhaps`` or empty."""
    return minimal.fine_fix(e, c)


@fact(*USES)
def own_consent(e: Any, c: Context, s: Subject) -> Any:
    """Whether the user agreed to this type separately from the policy."""
    return minimal.own_consent(e, c, s)


@fact(*USES)
def declared_here(e: Any, c: Context, s: Subject) -> Any:
    """Whether the type is declared for this caller and the current function."""
    return declaration.here(e, c, s)


@fact(*USES)
def function_unknown(e: Any, c: Context, s: Subject) -> Any:
    """Whether the type is declared for functions alone, and no step has said yet which one the app is in."""
    return declaration.function_unknown(e, c, s)


@fact(*USES)
def agreed_for(e: Any, c: Context, s: Subject) -> Any:
    """Whether a guardian's consent for a child's data, or one to giving it to this recipient, covers the use."""
    return declaration.agreed_for(e, c, s)


@fact(*USES)
def maybe_sensitive(e: Any, c: Context, s: Subject) -> Any:
    """Whether only some lists have the type as sensitive, and the declaration does not."""
    return declaration.maybe_sensitive(c, s)


@fact(*USES)
def risk_control(e: Any, c: Context, s: Subject) -> Any:
    """Whether it is declared as serving security or risk control here."""
    return declaration.risk_control(e, c, s)


@fact(*KINDS)
def after_consent(e: Any, c: Context, s: Subject) -> Any:
    """Whether consent to the policy was certainly in force."""
    return declaration.after_consent(e, c, s)


@fact(*KINDS)
def touched(e: Any, c: Context, s: Subject) -> Any:
    """Whether a touch just before requested something, possibly this."""
    return _touched(e, c)


@fact("api_call", alone=True)
def own_package(e: Any, c: Context, s: Subject) -> Any:
    """Whether the query is about the app itself."""
    return _own_package(e)


@fact("api_call", alone=True)
def other_app(e: Any, c: Context, s: Subject) -> Any:
    """Whether a call names a component of another app."""
    return _other_component(e)


@fact("api_call")
def lone_start(e: Any, c: Context, s: Subject) -> Any:
    """Whether it is the first start of another app that nothing excuses: one is not yet often."""
    return c.starts.setdefault("first", e.seq) == e.seq


@fact("api_call")
def platform_app(e: Any, c: Context, s: Subject) -> Any:
    """Whether a call names an app of the platform."""
    return _target(e).startswith(tuple(table("data_types")["platform_packages"]))


@fact("api_call")
def one_row(e: Any, c: Context, s: Subject) -> Any:
    """Whether a query requests one row by its number or key, such as an item picked by the user."""
    return minimal.picked(e)


@fact(*USES)
def ai_declared(e: Any, c: Context, s: Subject) -> Any:
    """Whether the type is declared for the AI function."""
    return s.data_type in c.declaration.ai.data_types


@fact(*USES)
def declared_background(e: Any, c: Context, s: Subject) -> Any:
    """Whether use in the background is declared."""
    return declaration.in_background(e, c, s)


@fact(*KINDS)
def in_background(e: Any, c: Context, s: Subject) -> Any:
    """Whether the app was certainly in the background."""
    return _in_background(e, c)


@fact(*USES)
def track(e: Any, c: Context, s: Subject) -> Any:
    """Whether positions form a location track."""
    return _track(e, c)


@fact(*KINDS)
def guardian_agreed(e: Any, c: Context, s: Subject) -> Any:
    """Whether a guardian may have agreed."""
    return consented(c, "guardian", e).answer in ("yes", "unclear")


@fact(*KINDS)
def guardian_unread(e: Any, c: Context, s: Subject) -> Any:
    """Whether it is unknown if a guardian agreed."""
    return consented(c, "guardian", e).answer in ("unread", "maybe")
