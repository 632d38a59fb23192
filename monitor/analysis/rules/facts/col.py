"""Facts of one COL rule each: how personal information is read and sent."""

import re
from collections import defaultdict
from typing import Final

from monitor.analysis.consent.text import find, label, plain
from monitor.analysis.guarded import short
from monitor.analysis.rules import declared
from monitor.analysis.rules.answers import consented, equivalent_refused, refused
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.facts import Use
from monitor.analysis.rules.facts.data import found, guardian_scopes
from monitor.analysis.rules.given import Subject
from monitor.analysis.rules.values import ENTERED
from monitor.analysis.timeline import before, near
from monitor.events import ApiCall, Event, Step, Tap, Transmission
from monitor.knowledge.wordlists import table
from monitor.session.declaration import Declaration

_FINE: Final = "permission:android.permission.ACCESS_FINE_LOCATION"
_COARSE: Final = "permission:android.permission.ACCESS_COARSE_LOCATION"
#: Parts of a provider's path that denote one row or a search term, and tables about one person.
_ITEM: Final = frozenset("# * lookup phone_lookup filter profile".split())
#: Positions that are a track: so many sent to one recipient, or read; or for so long, to a listener.
_TRACK: Final = 2
_SERIES: Final = 3
_FOLLOWED_US: Final = 30_000_000
#: An app that wants one position may send the better ones that follow within moments, too.
_SENT_ON_US: Final = 5_000_000
_INDEX: Final = re.compile(r"\[\d+\]")
_TOUCH_US: Final = 2_000_000
#: From a touch, or from the return of a screen, to what begins with it.
_BEGUN_US: Final = 5_000_000
_SHOWN_AGAIN: Final = frozenset({"foreground", "activity_created", "activity_resumed", "screen_on"})


# COL-06 ---------------------------------------------------------------------------------------------------------------
def read_before_refusal(e: ApiCall, c: Context, s: Subject) -> bool:
    """Whether the same code had read it already when the user refused what can be derived from it: then it is no other
    way that was taken because of the refusal."""
    first = c.values.first.get((e.sdk, s.data_type))
    temporal, _ = equivalent_refused(c, s.data_type, e)
    marks = (mark for line in c.consent.lines.scopes.values() for n in temporal.events for mark in line.named(n))
    return first is not None and any(before(first, mark) for mark in marks)


# COL-07 and COL-08 ----------------------------------------------------------------------------------------------------
def declared_background(e: Use, c: Context, s: Subject) -> bool:
    """Whether use in the background is declared."""
    function = c.used_function(e)
    own = function is not None and function.background and s.data_type in function.data_types
    return own or any(item.background for item in declared.entries(e, c, s))


def frequency_declared(s: Subject, d: Declaration) -> bool:
    """Whether a frequency is declared for it."""
    return any(item.budgets for item in d.entries.get(s.data_type, ()))


# COL-10: necessity cannot be observed on the device. Where the declaration does not state it, a person decides. -------
def rows(e: ApiCall) -> str:
    """Of a query of a table: ``one`` row by its number or key, such as an item picked by the user in the system's own
    list (Android grants access to that row even if the permission was refused); ``all``, without a selection, a limit
    or a row in its path, where the record kept all of these; else ``some``. A Bundle of arguments may hold a selection,
    so it counts as one. Empty: no query."""
    if e.method != "query" or e.data_type not in table("data_types")["tables"]:
        return ""
    parts = e.args.get("path", "").split("/")
    if any(part in ("#", "lookup") or part.isdigit() for part in parts):
        return "one"
    limited = e.args.get("selection") != "0" or "uri_limit" in e.args or "sort_limit" in e.args
    return "some" if limited or not _ITEM.isdisjoint(parts) else "all"


def extent(s: Subject, d: Declaration) -> str:
    """The declared need for a table: ``all``, ``item``, or empty = not stated (for every use of the type)."""
    return _greatest([item.extent for item in d.entries.get(s.data_type, ())], "all")


def precision(s: Subject, d: Declaration) -> str:
    """The precision of position declared as sufficient: ``fine``, ``coarse`` or empty. A permission list with the
    coarse and without the fine permission means coarse."""
    said = _greatest([item.precision for item in d.entries.get(s.data_type, ())], "fine")
    names = {short(permission.name) for permission in d.permissions or []}
    return said or ("coarse" if names & {short(_COARSE), short(_FINE)} == {short(_COARSE)} else "")


def _greatest(said: list[str], most: str) -> str:
    """The combined need of several uses of one type: the greatest, or none where one of them does not state it."""
    if most in said:
        return most
    return said[0] if said and "" not in said else ""


def fine_fix(e: ApiCall, c: Context) -> str:
    """Whether a position was precise: ``certain``, ``perhaps`` or empty = no, or no indication. From Android 12 the GPS
    provider also answers an app that has only the coarse permission, with a coarse position."""
    granted = consented(c, _FINE, e).answer
    if refused(c, _FINE, e, ("denied",)).answer == "yes":
        return ""
    satellites = e.args.get("provider") == "gps"
    if granted == "yes":
        return "certain" if satellites else "perhaps"
    coarse_alone = granted == "no" and consented(c, _COARSE, e).answer == "yes"
    return "perhaps" if satellites and not coarse_alone else ""


# COL-11 ---------------------------------------------------------------------------------------------------------------
def agreed_for(e: Use, c: Context, s: Subject) -> bool:
    """Whether another consent than one to the type itself covers it: a guardian's for a minor's data, one to any type
    of what is typed where the type is known by the field alone, one to giving it to a declared recipient of the type
    for what goes there."""
    if any(consented(c, scope, e).answer in ("yes", "unclear") for scope in guardian_scopes(e, c, s)):
        return True
    scopes = [f"sensitive:{name}" for name in ENTERED] if s.tag in c.values.fields else []
    recipient = c.declaration.recipient(e.org, e.host) if isinstance(e, Transmission) else None
    if recipient is not None and s.data_type in recipient.data_types:
        scopes.append(f"share:{recipient.org}")
    return any(consented(c, scope, e).answer == "yes" for scope in scopes)


def maybe_sensitive(s: Subject, d: Declaration) -> bool:
    """Whether only some lists have the type as sensitive (GB/T 35273 App. B and its successors differ), and the
    declaration does not."""
    stated = any(item.sensitive for item in d.entries.get(s.data_type, ()))
    return s.data_type in table("data_types")["maybe_sensitive"] and not stated


def track(e: Use, c: Context) -> bool:
    """Whether positions form a location track: different ones that one recipient was sent, a list of them, at least
    three in five seconds or more that a listener was given and one recipient was sent as they came, a series of reads
    by one caller, one in the background, or those that a listener is given for half a minute."""
    if c.away(e):
        return True
    if isinstance(e, Transmission):  # whoever read them: what counts is what the recipient holds
        series = c.values.position_series(c.facts.recipient(e), e.t)
        on = series is not None and series.number >= _SERIES and series.last - series.first >= _SENT_ON_US
        return on or len(c.values.places_sent(e)) >= _TRACK or _positions_listed(e) >= _SERIES
    # To a listener; an app that wants one position stops at one that is good enough.
    if isinstance(e, ApiCall) and e.role == "context":
        return c.values.fixes is not None and c.values.fixes[1] - c.values.fixes[0] >= _FOLLOWED_US
    # What another library read is no track of this one's; of unknown code, all positions of the app count.
    return sum(not e.sdk or call.sdk == e.sdk for call in c.values.locations) >= _SERIES


def _positions_listed(e: Transmission) -> int:
    """How many items of one list have a position, the same one where the device stands still."""
    items: dict[str, set[str]] = defaultdict(set)
    for match in e.matches:
        if match.data_type == "location" and match.certainty == "found":
            for index in _INDEX.finditer(match.path):
                items[match.path[: index.start()]].add(index[0])
    return max(map(len, items.values()), default=0)


# COL-12 ---------------------------------------------------------------------------------------------------------------
def declared_here(e: Use, c: Context, s: Subject) -> bool:
    """Whether the type is declared for this caller and, if for a function, for the current one."""
    own = e.sdk in declared.NOT_SDK and s.data_type in c.declaration.entries
    by_caller = declared.by_caller(c.declaration, e.sdk, s.data_type)
    return by_caller and (not own or bool(declared.entries(e, c, s)))


def for_another_function(e: Use, c: Context, s: Subject) -> bool:
    """Whether the type is declared for this caller, but only for other functions than the current one, which the
    declaration knows."""
    known = {*c.declaration.functions, *(item.function for item in c.declaration.collection or ())}
    by_caller = declared.by_caller(c.declaration, e.sdk, s.data_type)
    return by_caller and c.function(e) in known and not declared_here(e, c, s)


def function_unknown(e: Use, c: Context, s: Subject) -> bool:
    """Whether the type is declared for functions alone, and no step has said yet which one the app is in."""
    listed = c.declaration.entries.get(s.data_type, ())
    return bool(listed) and all(item.function for item in listed) and not c.function(e)


def touched(e: Event, c: Context) -> bool:
    """Whether a touch just before requested something, possibly this; not an answer to a dialog."""
    touches = (tap for tap in c.taps if tap.seq not in c.consent.answered and not label(tap.label).meaning)
    return any(near(tap, e, _TOUCH_US) for tap in touches)


def app_named(e: ApiCall) -> str:
    """Which app a call names by its package, component or action: its ``own``, one of the ``platform``, or an
    ``other``; empty = Android itself, or none."""
    name, action = (e.args.get("component") or e.args.get("package") or "").partition("/")[0], e.args.get("action", "")
    if not (name or action):  # a glance at a call does not tell its app
        return ""
    if e.app and (name == e.app or (not name and action.startswith(f"{e.app}."))):
        return "own"
    if "." not in name or name.startswith(("android", "com.android.")):
        return ""
    return "platform" if name.startswith(tuple(table("data_types")["platform_packages"])) else "other"


def pasted(e: ApiCall, c: Context) -> bool:
    """Whether it reads the clipboard for the user, who has just tapped paste."""
    return e.data_type == "clipboard" and any(near(tap, e, _TOUCH_US) and paste(tap) for tap in c.taps)


def paste(e: Tap | Step) -> bool:
    """Whether the label says paste, or that what was copied is used; not one that says not to."""
    words = plain(e.label)
    told_not = label(e.label).meaning == "reject" or find(words, "no_paste")
    return bool(find(words, "paste")) and not told_not


# COL-13 ---------------------------------------------------------------------------------------------------------------
def linked_ids(e: Transmission) -> bool:
    """Whether one message contains a non-resettable identifier together with an advertising identifier."""
    known = table("data_types")
    return not (found(e).isdisjoint(known["immutable"]) or found(e).isdisjoint(known["advertising_ids"]))


# COL-14 ---------------------------------------------------------------------------------------------------------------
def taken_up_again(e: ApiCall, c: Context) -> bool:
    """Whether a screen has just come up again or been turned, and the same code had first begun with a touch: a page
    that shows what the camera sees begins anew with it."""
    first = c.values.first.get((e.sdk, e.data_type))
    if first is None or first.seq == e.seq:
        return False
    touched = any(near(tap, first, _BEGUN_US) for tap in c.history["tap"])
    return touched and any(one.what in _SHOWN_AGAIN and near(one, e, _BEGUN_US) for one in c.history["lifecycle"])
