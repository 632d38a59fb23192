"""Data minimisation (COL-10): how much of a table a query returns, and how precise a position is.

Necessity cannot be observed on the device: where the declaration does not state it, a person decides.
"""

from __future__ import annotations

from typing import Any

from monitor.analysis.rules.answers import consented, refused
from monitor.analysis.rules.context import Context, Subject
from monitor.analysis.wordlists import table
from monitor.events import ApiCall

_FINE = "permission:android.permission.ACCESS_FINE_LOCATION"
_COARSE = "permission:android.permission.ACCESS_COARSE_LOCATION"
_DENIED = ("denied",)
#: Parts of a provider's path that denote one row or a search term, and tables about one person.
_ITEM = frozenset("# * lookup phone_lookup filter profile".split())


def whole_table(e: ApiCall) -> bool:
    """Whether a query returns every row: no selection, no limit, no row in its path. Only where the record kept all of
    these; a Bundle of arguments may hold a selection, so it counts as one."""
    args = e.args
    if e.method != "query" or args.get("selection") != "0" or e.data_type not in table("data_types")["tables"]:
        return False
    if "uri_limit" in args or "sort_limit" in args:
        return False
    parts = args.get("path", "").split("/")
    return not any(part in _ITEM or part.isdigit() for part in parts)


def picked(e: Any) -> bool:
    """Whether a query requests one row by its number or key, such as an item picked by the user in the system's own
    list: Android grants access to that row even if the permission was refused."""
    args = getattr(e, "args", None) or {}
    if getattr(e, "method", "") != "query" or e.data_type not in table("data_types")["tables"]:
        return False
    return any(part == "#" or part == "lookup" or part.isdigit() for part in args.get("path", "").split("/"))


def extent(c: Context, s: Subject) -> str:
    """The declared need for a table: ``all``, ``item``, or empty = not stated (for every use of the type)."""
    return _agreed([item.extent for item in c.declaration.entries.get(s.data_type, ())], "all")


def precision(c: Context, s: Subject) -> str:
    """The precision of position declared as sufficient: ``fine``, ``coarse`` or empty. A permission list with the
    coarse and without the fine permission means coarse."""
    said = _agreed([item.precision for item in c.declaration.entries.get(s.data_type, ())], "fine")
    if said or c.declaration.permissions is None:
        return said
    names = {permission.name.rpartition(".")[2] for permission in c.declaration.permissions}
    return "coarse" if "ACCESS_COARSE_LOCATION" in names and "ACCESS_FINE_LOCATION" not in names else ""


def _agreed(said: list[str], most: str) -> str:
    """The combined need of several uses of one type: the greatest, or none where one of them does not state it."""
    if most in said:
        return most
    return said[0] if said and "" not in said else ""


def fine_fix(e: Any, c: Context) -> str:
    """Whether a position was precise: ``certain``, ``perhaps`` or empty = no, or no indication.

    From Android 12 the GPS provider also answers an app that has only the coarse permission, with a coarse position.
    """
    granted = consented(c, _FINE, e).answer
    if refused(c, _FINE, e, _DENIED).answer == "yes":
        return ""
    satellites = e.args.get("provider") == "gps"
    if granted == "yes":
        return "certain" if satellites else "perhaps"
    coarse_alone = granted == "no" and consented(c, _COARSE, e).answer == "yes"
    return "perhaps" if satellites and not coarse_alone else ""


def own_consent(e: Any, c: Context, s: Subject) -> bool:
    """Whether the user agreed to this type separately from the policy."""
    return consented(c, f"sensitive:{s.data_type}", e).answer == "yes"
