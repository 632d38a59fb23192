"""An app's manifest as a reader wants it: versions, permissions, components. Plain or binary XML; hostile: bounded."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from monitor.base.yamlfile import own_table
from monitor.device.parse.manifest import entries, start_tags

_MOST: Final = 5_000
_TEXT: Final = 300
_EXPORTED: Final = {"true": "yes", "false": "no"}
_COMPONENTS: Final = ("activity", "activity-alias", "service", "receiver", "provider")
_PERMISSIONS: Final = ("uses-permission", "uses-permission-sdk-23", "uses-permission-sdk-m")


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """A permission that the manifest asks for. ``level``: normal, dangerous, signature, internal …; empty = not one of
    the platform's, or not known."""

    name: str
    level: str = ""
    max_sdk: int = 0


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """A component. ``kind``: activity, activity-alias, service, receiver or provider. ``exported``: yes, no, or empty =
    not stated (Android decides by its filters)."""

    kind: str
    name: str
    exported: str = ""
    permission: str = ""
    process: str = ""


class About(msgspec.Struct, kw_only=True):
    """What the manifest states; empty or 0 = not stated, or a reference to a resource."""

    package: str = ""
    split: str = ""
    version: str = ""
    version_code: int = 0
    min_sdk: int = 0
    target_sdk: int = 0
    application: str = ""
    entries: list[str] = []
    """The application class and the activities that a launcher shows."""
    debuggable: bool = False
    cleartext: str = ""
    permissions: list[Permission] = []
    components: list[Component] = []


@cache
def levels() -> Mapping[str, str]:
    """Permission of the platform, by full name, to its protection level."""
    data = own_table(Path(__file__).with_name("permission_levels.yaml"))
    return {(name if "." in name else f"android.permission.{name}"): level for level, names in data.items()
            for name in names}  # fmt: skip


def read(data: bytes) -> About:
    """Raises ``ValueError`` if it cannot be read."""
    about = About()
    permissions: dict[str, Permission] = {}
    tags = list(start_tags(data))
    for tag, attributes in tags:
        has = defaultdict(str, ((key, value[:_TEXT]) for key, value in attributes.items()))
        name, full = has["name"], _full(about.package, has["name"])
        if tag == "manifest" and not about.package:
            about.package, about.split = has["package"], has["split"]
            about.version, about.version_code = has["versionName"], _number(has["versionCode"])
        elif tag == "uses-sdk":
            about.min_sdk, about.target_sdk = _number(has["minSdkVersion"]), _number(has["targetSdkVersion"])
        elif tag in _PERMISSIONS and name and len(permissions) < _MOST:
            found = Permission(name=name, level=levels().get(name, ""), max_sdk=_number(has["maxSdkVersion"]))
            permissions.setdefault(name, found)
        elif tag == "application":
            about.application, about.cleartext = full, has["usesCleartextTraffic"]
            about.debuggable = has["debuggable"] == "true"
        elif tag in _COMPONENTS and name and len(about.components) < _MOST:
            about.components.append(
                Component(kind=tag, name=full, exported=_EXPORTED.get(has["exported"], ""),
                          permission=has["permission"], process=has["process"])
            )  # fmt: skip
    about.permissions, about.entries = list(permissions.values()), list(entries(about.package, tags))
    return about


def _full(package: str, name: str) -> str:
    return f"{package}.{name.lstrip('.')}" if name.startswith(".") or (name and "." not in name) else name


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
