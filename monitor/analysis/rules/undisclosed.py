"""What "not in the declaration" means, field by field. A missing block yields no finding, except that a declaration of
what is collected that names no recipient declares none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from monitor.analysis.rules.context import Context, Subject, permission_entry
from monitor.analysis.rules.declared import NOT_SDK, agreed_apart, by_caller
from monitor.analysis.wordlists import table
from monitor.declaration import covers
from monitor.events import ApiCall, Transmission


def _type_undeclared(e: Any, c: Context, s: Subject) -> bool:
    return c.declaration.collection is not None and not by_caller(c.declaration, e.sdk, s.data_type)


def _recipient(e: Transmission, c: Context, s: Subject) -> bool:
    declaration = c.declaration
    if not declaration.names_recipients or declaration.recipient(e.org, e.host) is not None:
        return False
    if any(covers(sdk.hosts, e.host) for sdk in declaration.sdks or []):
        return False  # listed as the library's
    return declaration.recipients is not None or not _named_elsewhere(e, c)


def _named_elsewhere(e: Transmission, c: Context) -> bool:
    """Whether a declaration without a list of recipients names this one in another block, or may mean it: a library
    that is listed without its hosts."""
    library = c.declaration.sdk(e.sdk)
    listed = (*c.declaration.ai.recipients, *(x.recipient for x in c.declaration.cross_border))
    return (
        (library is not None and not library.hosts)
        or covers([*c.declaration.ai.hosts, *c.declaration.personalisation.ad_hosts], e.host)
        or bool(e.org and e.org in listed)
    )


def _recipient_type(e: Transmission, c: Context, s: Subject) -> bool:
    declared = c.declaration.recipient(e.org, e.host)
    return declared is not None and bool(declared.data_types) and s.data_type not in declared.data_types


def _sdk(e: ApiCall | Transmission, c: Context, s: Subject) -> bool:
    return c.declaration.sdks is not None and e.sdk not in NOT_SDK and c.declaration.sdk(e.sdk) is None


def _sdk_host(e: Transmission, c: Context, s: Subject) -> bool:
    declared = c.declaration.sdk(e.sdk)
    certain = e.attribution in ("port", "request")
    return declared is not None and bool(declared.hosts) and certain and not covers(declared.hosts, e.host)


def _permission(e: Any, c: Context, s: Subject) -> bool:
    if c.declaration.permissions is None or not permission_entry(s.permission):
        return False
    last = s.permission.rpartition(".")[2]
    return all(p.name.rpartition(".")[2] != last for p in c.declaration.permissions)


def maybe_unnecessary(c: Context, s: Subject) -> bool:
    """Whether the declared type of app does not need the data type (NEC-39); separate consent may still cover it."""
    number = c.declaration.app.type_39
    return bool(number) and s.data_type not in table("data_types")["nec39"].get(number, [])


def _unnecessary(e: Any, c: Context, s: Subject) -> bool:
    if not maybe_unnecessary(c, s):
        return False
    return not agreed_apart(e, c, s)


FIELDS: Final[dict[str, Callable[[Any, Context, Subject], bool]]] = {
    "data_type": _type_undeclared,
    "recipient": _recipient,
    "recipient_type": _recipient_type,
    "sdk": _sdk,
    "sdk_host": _sdk_host,
    "permission": _permission,
    "necessary": _unnecessary,
}
