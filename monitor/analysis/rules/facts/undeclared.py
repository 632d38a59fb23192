"""What "not in the declaration" means, field by field. A missing block yields no finding, except that a declaration of
what is collected that names no recipient declares none.

Patterns of the type ``undisclosed`` ask these with their own filter, so that what is declared at any time costs nothing
later.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from monitor.analysis.guarded import FAR_REACHING, permission_entry, short
from monitor.analysis.rules.answers import consented, equivalents
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.declared import NOT_SDK, by_caller, library, optional
from monitor.analysis.rules.facts import fact
from monitor.analysis.rules.given import Subject
from monitor.events import ApiCall, Event, Lifecycle, Transmission
from monitor.knowledge.wordlists import table
from monitor.session.declaration import Declaration, covers

#: What a user types to an assistant is declared under either.
_TYPED: Final = {"prompt", "ui_input"}
#: What Android makes an app ask for with another permission that gives more (Android 12 and 14), or gives with it.
_COMES_WITH: Final = {
    "ACCESS_COARSE_LOCATION": ("ACCESS_FINE_LOCATION",),
    "READ_MEDIA_VISUAL_USER_SELECTED": ("READ_MEDIA_IMAGES", "READ_MEDIA_VIDEO"),
    "READ_EXTERNAL_STORAGE": ("WRITE_EXTERNAL_STORAGE",),
}


def _type_undeclared(sdk: str, s: Subject, d: Declaration) -> bool:
    return d.collection is not None and not by_caller(d, sdk, s.data_type)


def _recipient_undeclared(e: Transmission, d: Declaration) -> bool:
    if not d.names_recipients or d.recipient(e.org, e.host) is not None:
        return False
    if any(covers(sdk.hosts, e.host) for sdk in d.sdks or []):
        return False  # listed as the library's
    if d.recipients is not None:
        return True
    # Without a list of recipients, another block may name this one, or may mean it: a library listed without its hosts.
    sender = d.sdk(e.sdk)
    listed = (*d.ai.recipients, *(x.recipient for x in d.cross_border))
    by_host = covers([*d.ai.hosts, *d.personalisation.ad_hosts], e.host)
    return not (by_host or (sender is not None and not sender.hosts) or (e.org and e.org in listed))


def _recipient_type_undeclared(e: Transmission, s: Subject, d: Declaration) -> bool:
    declared = d.recipient(e.org, e.host)
    same = _TYPED if s.data_type in _TYPED else {s.data_type}
    return declared is not None and bool(declared.data_types) and same.isdisjoint(declared.data_types)


def _sdk_undeclared(sdk: str, d: Declaration) -> bool:
    return d.sdks is not None and sdk not in NOT_SDK and d.sdk(sdk) is None


def _sdk_host_undeclared(e: Transmission, d: Declaration) -> bool:
    declared = d.sdk(e.sdk)
    certain = e.attribution in ("port", "request")
    return declared is not None and bool(declared.hosts) and certain and not covers(declared.hosts, e.host)


def _permission_undeclared(e: Event, s: Subject, d: Declaration) -> bool:
    last = short(s.permission)
    granted = isinstance(e, Lifecycle) and last in FAR_REACHING  # by the manifest, or on the system's own screen
    if d.permissions is None or not (granted or permission_entry(s.permission)):
        return False
    return {short(p.name) for p in d.permissions}.isdisjoint((last, *_COMES_WITH.get(last, ())))


def _type_not_needed(s: Subject, d: Declaration) -> bool:
    """Whether the declared type of app does not need the data type (NEC-39)."""
    number = d.app.type_39
    return bool(number) and s.data_type not in table("data_types")["nec39"].get(number, [])


def _type_not_agreed(e: Event, c: Context, s: Subject) -> bool:
    """Whether no consent apart from the policy covers what is not needed: to the type itself, to sharing it with a
    declared recipient, or to advertising or other personalisation where the type serves that."""
    known = table("data_types")
    scopes = [f"sensitive:{s.data_type}"]
    scopes += [f"share:{item.org}" for item in c.declaration.recipients or [] if s.data_type in item.data_types]
    if s.data_type in (*known["advertising_ids"], *known["other_ids"]):
        scopes.append("personalisation")
    return all(consented(c, scope, e).answer != "yes" for scope in scopes)


def _type_not_for_service(e: ApiCall, c: Context, s: Subject) -> bool:
    """Whether the declaration does not say what it is needed for: for the app's own code the function in use, for a
    library a purpose of its own that is no one's to leave out (security, push; not advertising or statistics). Nor what
    the declaration says has been agreed to."""
    if consented(c, "policy", e).answer not in ("yes", "unclear"):
        return True
    if e.sdk not in NOT_SDK:
        sdk = library(e, c.declaration)
        return sdk is None or s.data_type not in sdk.data_types or not sdk.purposes or optional(sdk.purposes)
    current = c.function(e)
    function = c.declaration.functions.get(current)
    listed = c.declaration.entries.get(s.data_type, ()) if current else ()
    own = function is not None and s.data_type in function.data_types
    return not (own or any(item.function == current for item in listed))


def _substitute(s: Subject) -> bool:
    """Of what may be refused and read another way (COL-06): whether another type can be derived from this one."""
    return s.data_type in equivalents()


#: The facts that hold of an undeclared one, by the ``field`` of a pattern; and of a type by which another is known.
UNDECLARED: Final[Mapping[str, Sequence[str]]] = {
    "data_type": [fact(_type_undeclared)],
    "recipient": [fact(_recipient_undeclared)],
    "recipient_type": [fact(_recipient_type_undeclared)],
    "sdk": [fact(_sdk_undeclared)],
    "sdk_host": [fact(_sdk_host_undeclared)],
    "permission": [fact(_permission_undeclared)],
    "necessary": [fact(_type_not_needed), fact(_type_not_agreed), fact(_type_not_for_service)],
    "": [fact(_substitute)],
}
