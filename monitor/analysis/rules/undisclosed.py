"""What "not in the declaration" means, field by field. A missing block yields no finding, except that a declaration of
what is collected that names no recipient declares none.

Each is asked with the rule's own filter, so that what is declared at any time costs nothing later.
"""

from typing import Final

from monitor.analysis.guarded import FAR_REACHING, permission_entry, short
from monitor.analysis.rules.answers import consented
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.declared import NOT_SDK, agreed_apart, by_caller
from monitor.analysis.rules.fact import Fact, made
from monitor.analysis.rules.given import Subject
from monitor.analysis.rules.purposes import optional
from monitor.events import ApiCall, Event, Lifecycle, Transmission
from monitor.knowledge.wordlists import table
from monitor.session.declaration import Declaration, covers

#: What a user types to an assistant is declared under either.
_TYPED: Final = {"prompt", "ui_input"}


def _data_type(sdk: str, s: Subject, d: Declaration) -> bool:
    return d.collection is not None and not by_caller(d, sdk, s.data_type)


def _recipient(e: Transmission, d: Declaration) -> bool:
    if not d.names_recipients or d.recipient(e.org, e.host) is not None:
        return False
    if any(covers(sdk.hosts, e.host) for sdk in d.sdks or []):
        return False  # listed as the library's
    return d.recipients is not None or not _named_elsewhere(e, d)


def _named_elsewhere(e: Transmission, d: Declaration) -> bool:
    """Whether a declaration without a list of recipients names this one in another block, or may mean it: a library
    that is listed without its hosts."""
    library = d.sdk(e.sdk)
    listed = (*d.ai.recipients, *(x.recipient for x in d.cross_border))
    return (
        (library is not None and not library.hosts)
        or covers([*d.ai.hosts, *d.personalisation.ad_hosts], e.host)
        or bool(e.org and e.org in listed)
    )


def _recipient_type(e: Transmission, s: Subject, d: Declaration) -> bool:
    declared = d.recipient(e.org, e.host)
    same = _TYPED if s.data_type in _TYPED else {s.data_type}
    return declared is not None and bool(declared.data_types) and same.isdisjoint(declared.data_types)


def _sdk(sdk: str, d: Declaration) -> bool:
    return d.sdks is not None and sdk not in NOT_SDK and d.sdk(sdk) is None


def _sdk_host(e: Transmission, d: Declaration) -> bool:
    declared = d.sdk(e.sdk)
    certain = e.attribution in ("port", "request")
    return declared is not None and bool(declared.hosts) and certain and not covers(declared.hosts, e.host)


#: What Android makes an app ask for with another permission that gives more (Android 12 and 14), or gives with it.
_COMES_WITH: Final = {
    "ACCESS_COARSE_LOCATION": ("ACCESS_FINE_LOCATION",),
    "READ_MEDIA_VISUAL_USER_SELECTED": ("READ_MEDIA_IMAGES", "READ_MEDIA_VIDEO"),
    "READ_EXTERNAL_STORAGE": ("WRITE_EXTERNAL_STORAGE",),
}


def _permission(e: Event, s: Subject, d: Declaration) -> bool:
    last = short(s.permission)
    granted = isinstance(e, Lifecycle) and last in FAR_REACHING  # by the manifest, or on the system's own screen
    if d.permissions is None or not (granted or permission_entry(s.permission)):
        return False
    declared = {short(p.name) for p in d.permissions}
    return declared.isdisjoint((last, *_COMES_WITH.get(last, ())))


def _not_needed(s: Subject, d: Declaration) -> bool:
    """Whether the declared type of app does not need the data type (NEC-39)."""
    number = d.app.type_39
    return bool(number) and s.data_type not in table("data_types")["nec39"].get(number, [])


def _not_agreed(e: Event, c: Context, s: Subject) -> bool:
    """Whether no separate consent covers what is not needed."""
    return not agreed_apart(e, c, s)


def _not_for_service(e: ApiCall, c: Context, s: Subject) -> bool:
    """Whether the declaration does not say what it is needed for: for the app's own code the function in use, for a
    library a purpose of its own that is no one's to leave out (security, push; not advertising or statistics). Nor what
    the declaration says has been agreed to."""
    if consented(c, "policy", e).answer not in ("yes", "unclear"):
        return True
    if e.sdk in NOT_SDK:
        current = c.function(e)
        function = c.declaration.functions.get(current)
        listed = c.declaration.entries.get(s.data_type, ()) if current else ()
        own = function is not None and s.data_type in function.data_types
        return not (own or any(item.function == current for item in listed))
    library = c.declaration.sdk(e.sdk)
    if library is None or s.data_type not in library.data_types:
        return True
    return not library.purposes or optional(library.purposes)


#: All of a field's parts must hold.
FIELDS: Final[dict[str, tuple[Fact, ...]]] = {
    "data_type": (made(_data_type),),
    "recipient": (made(_recipient),),
    "recipient_type": (made(_recipient_type),),
    "sdk": (made(_sdk),),
    "sdk_host": (made(_sdk_host),),
    "permission": (made(_permission),),
    "necessary": (made(_not_needed), made(_not_agreed), made(_not_for_service)),
}
