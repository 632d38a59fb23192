"""An app's manifest as a reader wants it: versions, permissions, components. Plain or binary XML; hostile: bounded."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import yaml

from monitor.device.parse.manifest import start_tags

_MOST: Final = 5_000
_TEXT: Final = 300
_COMPONENTS: Final = ("activity", "activity-alias", "service", "receiver", "provider")
_LAUNCHER: Final = "android.intent.category.LAUNCHER"
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
    data = yaml.load((Path(__file__).parent / "permission_levels.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {(name if "." in name else f"android.permission.{name}"): level for level, names in data.items()
            for name in names}  # fmt: skip


def read(data: bytes) -> About:
    """Raises ``ValueError`` if it cannot be read."""
    about = About()
    seen: set[str] = set()
    activity = ""
    for element in start_tags(data):
        has = {key: value[:_TEXT] for key, value in element.attributes.items()}
        _take(about, element.name, has, seen)
        if element.name in ("activity", "activity-alias"):
            activity = has.get("targetActivity") or has.get("name", "")
        elif element.name == "category" and has.get("name") == _LAUNCHER and activity:
            about.entries.append(_full(about.package, activity))
    about.entries = list(dict.fromkeys([about.application, *about.entries] if about.application else about.entries))[
        :16
    ]
    return about


def _take(about: About, tag: str, has: Mapping[str, str], seen: set[str]) -> None:
    name = has.get("name", "")
    if tag == "manifest" and not about.package:
        about.package, about.split = has.get("package", ""), has.get("split", "")
        about.version, about.version_code = has.get("versionName", ""), _number(has.get("versionCode", ""))
    elif tag == "uses-sdk":
        about.min_sdk, about.target_sdk = (_number(has.get(key, "")) for key in ("minSdkVersion", "targetSdkVersion"))
    elif tag in _PERMISSIONS and name and name not in seen and len(seen) < _MOST:
        seen.add(name)
        about.permissions.append(
            Permission(name=name, level=levels().get(name, ""), max_sdk=_number(has.get("maxSdkVersion", "")))
        )
    elif tag == "application":
        about.application = _full(about.package, name)
        about.debuggable = has.get("debuggable") == "true"
        about.cleartext = has.get("usesCleartextTraffic", "")
    elif tag in _COMPONENTS and name and len(about.components) < _MOST:
        exported = {"true": "yes", "false": "no"}.get(has.get("exported", ""), "")
        about.components.append(
            Component(kind=tag, name=_full(about.package, name), exported=exported,
                      permission=has.get("permission", ""), process=has.get("process", ""))
        )  # fmt: skip


def _full(package: str, name: str) -> str:
    if not name or ("." in name and not name.startswith(".")):
        return name
    return f"{package}.{name.lstrip('.')}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
