"""App packages: a zip with a plain-text AndroidManifest.xml and classes/**. Hostile until proven good."""

import re
import stat
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

from .installed import Component, Declared

MAX_ARCHIVE = 256 * 1024 * 1024
_MAX_ENTRIES = 20_000
MAX_UNPACKED = 512 * 1024 * 1024
MAX_RATIO = 200
_MAX_MANIFEST = 1024 * 1024
MAX_META = 200
_MAX_ELEMENTS = 5_000
_MAX_DEPTH = 30
_ANDROID = "{http://schemas.android.com/apk/res/android}"
_PACKAGE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+\Z")
_CLASS = re.compile(r"\.?[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*\Z", re.ASCII)
_PERMISSION = re.compile(r"[A-Za-z][\w.]{0,255}\Z", re.ASCII)
_PROCESS = re.compile(r"[:A-Za-z][\w.:]{0,255}\Z", re.ASCII)


class InstallError(Exception):
    """Why an install fails: ``code`` as Android names it, and a message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


@dataclass(kw_only=True)
class Manifest(Declared):
    """What the installer needs from AndroidManifest.xml."""

    split: str = ""
    test_only: bool = False
    abis: list[str] = field(default_factory=list)
    """Processor kinds of its native code."""


def read_archive(path: Path) -> Manifest:
    """Checks the archive and reads its manifest. InstallError on anything wrong."""
    if path.stat().st_size > MAX_ARCHIVE:
        raise InstallError("INSTALL_FAILED_INSUFFICIENT_STORAGE", "the file is too large")
    try:
        with zipfile.ZipFile(path) as archive:
            names = check_entries(archive.infolist())
            if "AndroidManifest.xml" not in names:
                raise InstallError(
                    "INSTALL_PARSE_FAILED_BAD_MANIFEST", "Failed to parse base.apk: no AndroidManifest.xml"
                )
            if names["AndroidManifest.xml"].file_size > _MAX_MANIFEST:
                raise InstallError("INSTALL_PARSE_FAILED_BAD_MANIFEST", "AndroidManifest.xml is too large")
            with archive.open("AndroidManifest.xml") as source:
                data = source.read(_MAX_MANIFEST + 1)
            abis = sorted({name.split("/")[1] for name in names if re.fullmatch(r"lib/[\w-]{1,40}/[^/]+\.so", name)})
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as bad:
        raise InstallError("INSTALL_PARSE_FAILED_NOT_APK", f"Failed to parse base.apk: {bad}") from None
    manifest = parse_manifest(data)
    manifest.abis = abis
    return manifest


def check_entries(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Refuses paths that leave the archive, links, duplicates, bombs and encryption."""
    if len(entries) > _MAX_ENTRIES:
        raise InstallError("INSTALL_PARSE_FAILED_NOT_APK", "too many entries")
    total = 0
    names: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        name = entry.filename
        parts = name.rstrip("/").split("/")
        outside = name.startswith("/") or "\\" in name or "\0" in name or any(p in ("", ".", "..") for p in parts)
        for wrong, what in (
            (outside, "an entry's path leaves the archive"),
            (name in names, "duplicate entry"),
            (entry.flag_bits & 1, "an entry is encrypted"),
            (stat.S_ISLNK(entry.external_attr >> 16), "an entry is a link"),
        ):
            if wrong:
                raise InstallError("INSTALL_PARSE_FAILED_NOT_APK", what)
        total += entry.file_size
        if total > MAX_UNPACKED or (
            entry.file_size > 1024 * 1024 and entry.file_size > MAX_RATIO * max(1, entry.compress_size)
        ):
            raise InstallError("INSTALL_FAILED_INSUFFICIENT_STORAGE", "the unpacked content is too large")
        names[name] = entry
    return names


def unpack(path: Path, into: Path) -> None:
    """Extracts a checked archive, counting what really comes out."""
    left = MAX_UNPACKED
    with zipfile.ZipFile(path) as archive:
        for name, entry in check_entries(archive.infolist()).items():
            target = into / name
            if entry.is_dir():
                target.mkdir(parents=True, exist_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, target.open("wb") as out:
                while block := source.read(65536):
                    left -= len(block)
                    if left < 0:
                        raise InstallError("INSTALL_FAILED_INSUFFICIENT_STORAGE", "the unpacked content is too large")
                    out.write(block)


def parse_manifest(data: bytes) -> Manifest:
    """Manifest text → `Manifest`. No DTD, no entities, bounded size and depth."""
    root = _parse_xml(data)
    if root.tag != "manifest":
        raise InstallError("INSTALL_PARSE_FAILED_MANIFEST_MALFORMED", "No start tag found: <manifest>")
    package = root.get("package", "")
    if not _PACKAGE.match(package) or len(package) > 200:
        raise InstallError("INSTALL_PARSE_FAILED_BAD_PACKAGE_NAME", f"Invalid manifest package: '{package[:80]}'")
    found_split = root.get("split", "")
    sdk = root.find("uses-sdk")
    app = root.find("application")
    found = Manifest(
        name=package,
        split=found_split[:200],
        version_code=_number(root, "versionCode", 1),
        version_name=_attr(root, "versionName"),
        shared_user=_attr(root, "sharedUserId")[:200],
    )
    if sdk is not None:
        found.min_sdk = _number(sdk, "minSdkVersion", 1)
        found.target_sdk = _number(sdk, "targetSdkVersion", found.min_sdk)
    for tag in ("uses-permission", "uses-permission-sdk-23"):
        for each in root.findall(tag):
            name = _checked(each, "name", _PERMISSION, "permission")
            if name not in found.requested:
                found.requested.append(name)
    for each in root.findall("queries/package"):
        found.queries.append(_checked(each, "name", _PACKAGE, "package"))
    if app is None:
        raise InstallError("INSTALL_PARSE_FAILED_MANIFEST_EMPTY", "<manifest> does not contain an <application>")
    found.debuggable = _attr(app, "debuggable") == "true"
    found.test_only = _attr(app, "testOnly") == "true"
    found.label = _attr(app, "label")[:200]
    found.process = _process(app, package, package)
    if _attr(app, "name"):
        found.application = _full(package, _checked(app, "name", _CLASS, "class"))
    for each in app.findall("meta-data")[:MAX_META]:
        found.meta_data[_attr(each, "name")[:200]] = _attr(each, "value")[:1000]
    for kind in ("activity", "service", "receiver", "provider"):
        found.components += [_component(kind, each, found) for each in app.findall(kind)]
    return found


def _component(kind: str, each: ElementTree.Element, found: Manifest) -> Component:
    name = _full(found.name, _checked(each, "name", _CLASS, "class"))
    filters = each.findall("intent-filter")
    exported = _attr(each, "exported")
    return Component(
        kind=kind,
        name=name,
        process=_process(each, found.name, found.process),
        exported=exported == "true" if exported else bool(filters),
        authorities=[a for a in _attr(each, "authorities").split(";") if a],
        actions=[_attr(a, "name") for f in filters for a in f.findall("action")],
        categories=[_attr(c, "name") for f in filters for c in f.findall("category")],
        label=_attr(each, "label")[:200],
    )


def _parse_xml(data: bytes) -> ElementTree.Element:
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    count = depth = 0

    def name(tag: str) -> str:
        return "{" + tag if "}" in tag else tag

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count, depth
        count += 1
        depth += 1
        if count > _MAX_ELEMENTS or depth > _MAX_DEPTH:
            raise InstallError("INSTALL_PARSE_FAILED_MANIFEST_MALFORMED", "too many elements")
        builder.start(name(tag), {name(k): v for k, v in attributes.items()})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name(tag))

    def forbid(*_: object) -> NoReturn:
        raise InstallError("INSTALL_PARSE_FAILED_MANIFEST_MALFORMED", "a document type or entity is not allowed")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = forbid
    parser.EntityDeclHandler = forbid
    parser.ExternalEntityRefHandler = forbid
    try:
        parser.Parse(data, True)
        return builder.close()
    except (expat.ExpatError, AssertionError, ValueError) as bad:
        raise InstallError("INSTALL_PARSE_FAILED_UNEXPECTED_EXCEPTION", f"Failed to parse base.apk: {bad}") from None


def _attr(element: ElementTree.Element, name: str) -> str:
    return element.get(_ANDROID + name, "")


def _number(element: ElementTree.Element, name: str, default: int) -> int:
    text = _attr(element, name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise InstallError("INSTALL_PARSE_FAILED_MANIFEST_MALFORMED", f"{name} must be a number")
    return int(text)


def _checked(element: ElementTree.Element, name: str, pattern: re.Pattern[str], what: str) -> str:
    text = _attr(element, name)
    if not pattern.match(text) or len(text) > 255:
        raise InstallError(
            "INSTALL_PARSE_FAILED_MANIFEST_MALFORMED", f"Invalid {what} name in <{element.tag}>: '{text[:80]}'"
        )
    return text


def _process(element: ElementTree.Element, package: str, default: str) -> str:
    if not _attr(element, "process"):
        return default
    text = _checked(element, "process", _PROCESS, "process")
    return package + text if text.startswith(":") else text


def _full(package: str, name: str) -> str:
    return package + name if name.startswith(".") else name if "." in name else f"{package}.{name}"
