"""Least data for the purpose (COL-10): how much of a table a query takes, and how fine a position is.

Need cannot be seen from the device: where the declaration does not say what is needed, a person judges.
"""

from __future__ import annotations

from typing import Any

from monitor.analysis.context import Context, Subject
from monitor.analysis.verdicts import consented, refused
from monitor.analysis.words import table
from monitor.events import ApiCall

_FINE = "permission:android.permission.ACCESS_FINE_LOCATION"
_COARSE = "permission:android.permission.ACCESS_COARSE_LOCATION"
_DENIED = ("denied",)
#: Parts of a provider's path that stand for one row or for what was looked for, and tables of one person.
_ITEM = frozenset("# * lookup phone_lookup filter profile".split())


def whole_table(e: ApiCall) -> bool:
    """Whether a query takes every row: no selection, no limit, no row in its path. Only where the record kept them all;
    a bundle of arguments may hold a selection, so it counts as one."""
    args = e.args
    if e.method != "query" or args.get("selection") != "0" or e.data_type not in table("judgement")["tables"]:
        return False
    if "uri_limit" in args or "sort_limit" in args:
        return False
    parts = args.get("path", "").split("/")
    return not any(part in _ITEM or part.isdigit() for part in parts)


def extent(c: Context, s: Subject) -> str:
    """What is declared to be needed of a table: ``all``, ``item``, or empty = not said (for every use of the type)."""
    return _agreed([item.extent for item in c.declaration.collection or [] if item.data_type == s.data_type], "all")


def precision(c: Context, s: Subject) -> str:
    """Which position is declared to be enough: ``fine``, ``coarse`` or empty. A list of permissions with the coarse one
    and without the fine one says coarse."""
    said = _agreed([i.precision for i in c.declaration.collection or [] if i.data_type == s.data_type], "fine")
    if said or c.declaration.permissions is None:
        return said
    names = {permission.name.rpartition(".")[2] for permission in c.declaration.permissions}
    return "coarse" if "ACCESS_COARSE_LOCATION" in names and "ACCESS_FINE_LOCATION" not in names else ""


def _agreed(said: list[str], most: str) -> str:
    """What several uses of one type need together: the most, or nothing where one of them does not say."""
    if most in said:
        return most
    return said[0] if said and "" not in said else ""


def fine_fix(e: Any, c: Context) -> str:
    """Whether a position was a fine one: ``certain``, ``perhaps`` or empty = no, or nothing speaks for it.

    From Android 12 on the satellites' provider answers an app that has only the coarse permission, too, coarsely.
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
    """Whether the user agreed to this type apart from the policy."""
    return consented(c, f"sensitive:{s.data_type}", e).answer == "yes"
