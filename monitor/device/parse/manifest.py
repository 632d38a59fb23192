"""What a session needs from an app's manifest, plain or in Android's binary form. Hostile input: bounded."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from monitor.base.archives import UNREADABLE, Archive
from monitor.device.parse import axml

_MAX_MANIFEST: Final = 8_000_000
_COMPONENTS: Final = frozenset(["application", "activity", "activity-alias", "service", "receiver", "provider"])
_LAUNCHER: Final = "android.intent.category.LAUNCHER"
_CLASS = re.compile(r"\.?[A-Za-z_][\w.$]{0,300}\Z")
_MAX_ENTRIES: Final = 16
_NAME = re.compile(r":?[A-Za-z][\w.:]{0,222}\Z")


class Manifest(NamedTuple):
    """``package`` is empty if the file names none; ``split`` is empty for a base. ``processes``: those other than the
    main one. ``entries``: the application class and the activities that a launcher shows, with their packages."""

    package: str = ""
    split: str = ""
    processes: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()


def manifest(apk: Path) -> Manifest:
    """The manifest of an APK; empty if it cannot be read."""
    try:
        with Archive(apk) as archive, archive.open("AndroidManifest.xml") as entry:
            data = entry.read(_MAX_MANIFEST)
    except (*UNREADABLE, KeyError):
        return Manifest()
    try:
        elements = list(axml.elements(data))
    except ValueError:
        return Manifest()
    head = next((one.attributes for one in elements if one.name == "manifest"), {})
    package = head.get("package", "")
    names = [one.attributes.get("process", "") for one in elements if one.name in _COMPONENTS]
    return Manifest(package, head.get("split", ""), _processes(package, names), _entries(package, elements))


def _entries(package: str, elements: Iterable[axml.Element]) -> tuple[str, ...]:
    """The application class and the activities with a launcher's icon, by full name."""
    found: list[str] = []
    activity = ""
    for element in elements:
        name = element.attributes.get("name", "")
        if element.name in ("activity", "activity-alias"):
            activity = element.attributes.get("targetActivity") or name
        elif element.name == "application":
            found.append(name)
        elif element.name == "category" and name == _LAUNCHER:
            found.append(activity)
    full = (name if "." in name.lstrip(".") and not name.startswith(".") else f"{package}.{name.lstrip('.')}"
            for name in found if _CLASS.match(name))  # fmt: skip
    return tuple(dict.fromkeys(full))[:_MAX_ENTRIES]


def _processes(package: str, names: list[str]) -> tuple[str, ...]:
    """Full names; ``:x`` is the package's own."""
    full = {package + name if name.startswith(":") else name for name in names if _NAME.match(name)}
    return tuple(sorted(full - {package}))
