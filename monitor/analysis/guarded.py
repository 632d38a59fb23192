"""What permissions guard, by the last part of their names."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from monitor.knowledge.wordlists import derived, table

#: Permissions that the system grants on a screen of its own, or at installation although they reach far.
FAR_REACHING: Final = frozenset(
    """QUERY_ALL_PACKAGES SYSTEM_ALERT_WINDOW MANAGE_EXTERNAL_STORAGE PACKAGE_USAGE_STATS REQUEST_INSTALL_PACKAGES
    WRITE_SETTINGS""".split()
)


def short(permission: str) -> str:
    """The last part of a permission's name."""
    return permission.rpartition(".")[2]


def permission_entry(permission: str) -> Mapping[str, object]:
    """Group and data types of a permission by the last part of its name; empty if it guards nothing known."""
    entry = table("permissions").get(short(permission))
    return entry if isinstance(entry, dict) else {}


def group_names(permissions: Iterable[str]) -> set[str]:
    """The groups of permissions."""
    return {str(permission_entry(name).get("group", "")) for name in permissions} - {""}


@derived
@cache
def permissions_of(data_type: str) -> tuple[str, ...]:
    """Names (last part) of the permissions that guard a data type."""
    return tuple(name for name, entry in table("permissions").items() if data_type in entry["types"])
