"""What a session needs from an app's manifest, plain or in Android's binary form. Hostile input: bounded."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

from monitor.archives import UNREADABLE
from monitor.device.parse import axml

MAX_MANIFEST: Final = 8_000_000
_COMPONENTS: Final = frozenset(["application", "activity", "activity-alias", "service", "receiver", "provider"])
_PLAIN = re.compile(r"android:process\s*=\s*[\"']([^\"']{1,120})[\"']")
_PACKAGE = re.compile(r"<manifest\b[^<>]{0,4000}?\spackage\s*=\s*[\"']([\w.]{1,223})[\"']")
_SPLIT = re.compile(r"<manifest\b[^<>]{0,4000}?\ssplit\s*=\s*[\"']([\w.]{1,223})[\"']")
_TAG = re.compile(r"<(application|activity|activity-alias|category)\b([^<>]{0,4000})")
_ATTRIBUTE = re.compile(r"android:(name|targetActivity)\s*=\s*[\"']([\w.$]{1,300})[\"']")
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
        with zipfile.ZipFile(apk) as archive, archive.open("AndroidManifest.xml") as entry:
            data = entry.read(MAX_MANIFEST)
    except (*UNREADABLE, KeyError):
        return Manifest()
    if not data.startswith(axml.BINARY):
        return _plain(data.decode("utf-8", "replace"))
    try:
        return _binary(data)
    except ValueError:
        return Manifest()


def _plain(text: str) -> Manifest:
    package, split = _PACKAGE.search(text), _SPLIT.search(text)
    name = package[1] if package else ""
    tags = (axml.Element(tag[1], dict(_ATTRIBUTE.findall(tag[2]))) for tag in _TAG.finditer(text))
    return Manifest(name, split[1] if split else "", _processes(name, _PLAIN.findall(text)), _entries(name, tags))


def _binary(data: bytes) -> Manifest:
    package = split = ""
    names = []
    elements = list(axml.elements(data))
    for element in elements:
        if element.name == "manifest" and not package:
            package, split = element.attributes.get("package", ""), element.attributes.get("split", "")
        elif element.name in _COMPONENTS:
            names.append(element.attributes.get("process", ""))
    return Manifest(package, split, _processes(package, names), _entries(package, elements))


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
