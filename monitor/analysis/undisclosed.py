"""What "not in the declaration" means, field by field. A block that is not declared accuses nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from monitor.analysis.context import Context, Subject, permission_entry
from monitor.analysis.facts import DERIVED
from monitor.analysis.verdicts import consented
from monitor.analysis.words import table
from monitor.declaration import covers
from monitor.events import ApiCall, Transmission

_CALLER_NOT_SDK: Final = ("", "app", "framework")


def _type_undeclared(e: Any, c: Context, s: Subject) -> bool:
    return c.declaration.collection is not None and not DERIVED["declared"](e, c, s)


def _recipient(e: Transmission, c: Context, s: Subject) -> bool:
    return c.declaration.recipients is not None and c.declaration.recipient(e.org, e.host) is None


def _recipient_type(e: Transmission, c: Context, s: Subject) -> bool:
    declared = c.declaration.recipient(e.org, e.host)
    return declared is not None and s.data_type not in declared.data_types


def _sdk(e: ApiCall | Transmission, c: Context, s: Subject) -> bool:
    return c.declaration.sdks is not None and e.sdk not in _CALLER_NOT_SDK and c.declaration.sdk(e.sdk) is None


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
    """Whether the declared type of app does not need the data type (NEC-39); an own consent may still cover it."""
    number = c.declaration.app.type_39
    return bool(number) and s.data_type not in table("judgement")["nec39"].get(number, [])


def _unnecessary(e: Any, c: Context, s: Subject) -> bool:
    if not maybe_unnecessary(c, s):
        return False
    return consented(c, f"sensitive:{s.data_type}", e).answer != "yes"


FIELDS: Final[dict[str, Callable[[Any, Context, Subject], bool]]] = {
    "data_type": _type_undeclared,
    "recipient": _recipient,
    "recipient_type": _recipient_type,
    "sdk": _sdk,
    "sdk_host": _sdk_host,
    "permission": _permission,
    "necessary": _unnecessary,
}
