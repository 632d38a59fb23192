"""The library that is checked: a jar, an AAR, or an APK that embeds it. Hostile input: bounded, nothing is run here."""

import contextlib
import io
import re
import zipfile
from pathlib import Path
from typing import Final, Literal, NamedTuple
from xml.etree import ElementTree

from monitor.base.archives import UNREADABLE, Archive
from monitor.base.errors import InputError, printable
from monitor.session.declaration import DeclaredSdk

_MAX_ENTRIES: Final = 30_000
MAX_BYTES: Final = 200_000_000
_MAX_MANIFEST: Final = 1_000_000
_DEPTH: Final = 50
ANDROID: Final = "{http://schemas.android.com/apk/res/android}"
_CLASS: Final = b"\xca\xfe\xba\xbe"
_SIGNED: Final = re.compile(r"META-INF/.*", re.I)


class Library(NamedTuple):
    """``classes``: path of a class file below the archive's root to its bytes; of an APK only ``dex`` is kept.
    ``manifest``: the AAR's own, None for a jar."""

    path: Path
    kind: Literal["jar", "aar", "apk"]
    classes: dict[str, bytes]
    resources: dict[str, bytes]
    """Other files of the jars: what the code reads by ``getResourceAsStream``."""
    assets: dict[str, bytes]
    manifest: ElementTree.Element | None
    dex: bytes = b""

    @property
    def permissions(self) -> list[str]:
        """Permissions that the library's manifest asks for."""
        found = self.manifest.findall("uses-permission") if self.manifest is not None else []
        return [name for one in found if (name := one.get(f"{ANDROID}name", ""))]

    def has_class(self, name: str) -> bool:
        """Whether it brings the class (``a.b.C`` or ``a.b.C$D``)."""
        path = name.replace(".", "/")
        return f"{path}.class" in self.classes or f"L{path};".encode() in self.dex

    def has_package(self, prefix: str) -> bool:
        """Whether it brings a class that begins with the prefix."""
        path = prefix.replace(".", "/")
        return any(name.startswith((path + "/", path + ".", path + "$")) for name in self.classes) or (
            f"L{path}/".encode() in self.dex
        )

    def may_have_method(self, cls: str, method: str) -> bool:
        """Whether a class, or one that it may inherit from, names the method at all; only the run knows for sure."""
        data = self.classes.get(f"{cls.replace('.', '/')}.class", b"")
        name = method.encode()
        constant = b"\x01" + len(name).to_bytes(2, "big") + name
        parents = (other for path, other in self.classes.items() if path.removesuffix(".class").encode() in data)
        return constant in data or any(constant in other for other in parents)


def open_library(path: Path) -> Library:
    """Read LIB. Raises ``InputError``: no such file, not an archive, no classes, too large."""
    if not path.is_file():
        raise InputError("no such file", where=str(path), hint="a .jar, an .aar, or an .apk that embeds the library")
    try:
        with Archive(path) as archive:
            return _read(path, archive)
    except (*UNREADABLE, ValueError) as bad:
        raise InputError(
            f"cannot be read as a jar, AAR or APK: {printable(str(bad), 100)}", where=str(path), hint="is it whole?"
        ) from None


def _read(path: Path, archive: zipfile.ZipFile) -> Library:
    names = set(archive.namelist())
    if "classes.jar" in names:
        return _aar(path, archive)
    if "AndroidManifest.xml" in names:
        return _apk(path, archive)
    classes, resources = _jar(archive, str(path), MAX_BYTES)
    if not classes:
        raise InputError("no class files inside", where=str(path), hint="a .jar, an .aar, or an .apk that embeds it")
    return Library(path, "jar", classes, resources, {}, None)


def _aar(path: Path, archive: zipfile.ZipFile) -> Library:
    classes: dict[str, bytes] = {}
    resources: dict[str, bytes] = {}
    assets: dict[str, bytes] = {}
    left = MAX_BYTES
    for entry in _entries(archive, str(path)):
        name = entry.filename
        if name == "classes.jar" or re.fullmatch(r"libs/[^/]{1,200}\.jar", name):
            data = _bytes(archive, entry, left, str(path))
            with Archive(io.BytesIO(data)) as inner:
                more, others = _jar(inner, f"{path}: {name}", left)
            classes |= more
            resources |= others
            left -= sum(map(len, more.values())) + sum(map(len, others.values()))
        elif name.startswith("assets/") and not entry.is_dir():
            assets[name] = _bytes(archive, entry, left, str(path))
            left -= len(assets[name])
    if not classes:
        raise InputError("its classes.jar has no class files", where=str(path))
    return Library(path, "aar", classes, resources, assets, _manifest(path, archive))


def _apk(path: Path, archive: zipfile.ZipFile) -> Library:
    """An app: only the names of its classes are of interest, its code runs as it is."""
    dex = bytearray()
    classes: dict[str, bytes] = {}
    for entry in _entries(archive, str(path)):
        if re.fullmatch(r"classes\d*\.dex", entry.filename):
            dex += _bytes(archive, entry, MAX_BYTES - len(dex), str(path))
        elif entry.filename.startswith("classes/") and entry.filename.endswith(".class"):
            classes[entry.filename.removeprefix("classes/")] = b""
    return Library(path, "apk", classes, {}, {}, None, bytes(dex))


def _jar(archive: zipfile.ZipFile, where: str, left: int) -> tuple[dict[str, bytes], dict[str, bytes]]:
    classes: dict[str, bytes] = {}
    resources: dict[str, bytes] = {}
    for entry in _entries(archive, where):
        if entry.is_dir() or _SIGNED.fullmatch(entry.filename) or entry.filename == "module-info.class":
            continue
        data = _bytes(archive, entry, left, where)
        left -= len(data)
        if not entry.filename.endswith(".class"):
            resources[entry.filename] = data
        elif data.startswith(_CLASS):
            classes[entry.filename] = data
        else:
            raise InputError(f"not a class file: {printable(entry.filename, 100)}", where=where)
    return classes, resources


def _entries(archive: zipfile.ZipFile, where: str) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > _MAX_ENTRIES:
        raise InputError(f"more than {_MAX_ENTRIES} entries", where=where)
    for entry in entries:
        parts = entry.filename.rstrip("/").split("/")
        if "\\" in entry.filename or any(part in ("", ".", "..") for part in parts):
            raise InputError("an entry's path leaves the archive", where=where)
    return entries


def _bytes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, where: str) -> bytes:
    with archive.open(entry) as source:
        data = source.read(max(0, left) + 1)
    if len(data) > left:
        raise InputError(f"more than {MAX_BYTES} bytes unpacked", where=where)
    return data


def _manifest(path: Path, archive: zipfile.ZipFile) -> ElementTree.Element | None:
    """The AAR's manifest (plain XML). No document type, so no entities."""
    with contextlib.suppress(KeyError):
        with archive.open("AndroidManifest.xml") as source:
            data = source.read(_MAX_MANIFEST + 1)
        if len(data) > _MAX_MANIFEST or b"<!DOCTYPE" in data or b"\0" in data:
            raise InputError("its AndroidManifest.xml cannot be used", where=str(path), hint="plain XML in UTF-8")
        try:
            depth = 0
            for what, _ in ElementTree.iterparse(io.BytesIO(data), ("start", "end")):
                depth += 1 if what == "start" else -1
                if depth > _DEPTH:
                    raise InputError(f"its AndroidManifest.xml is nested deeper than {_DEPTH}", where=str(path))
            return ElementTree.fromstring(data)
        except (ElementTree.ParseError, LookupError) as bad:
            raise InputError(f"its AndroidManifest.xml cannot be read: {bad}", where=str(path)) from None
    return None


def require_declared(library: Library, sdk: DeclaredSdk, declaration: Path) -> None:
    """The declaration is of this library. Raises ``InputError`` for another package or a class that is not there."""
    if sdk.package_prefixes and not any(map(library.has_package, sdk.package_prefixes)):
        hint = f"no class of {library.path.name} begins with {', '.join(sdk.package_prefixes[:3])}"
        raise InputError(f"the declaration of {printable(sdk.name, 80)} is of another library", where=str(declaration),
                         hint=hint)  # fmt: skip
    if library.kind == "apk":
        return
    if not sdk.entry_points:
        hint = "sdks: entry_points: names class, method, args and when it may be called"
        raise InputError(f"{printable(sdk.name, 80)} has no entry points", where=str(declaration), hint=hint)
    for entry in sdk.entry_points:
        if not library.has_class(entry.cls):
            raise InputError(f"entry point {printable(entry.title, 80)}: no class {entry.cls} in {library.path.name}",
                             where=str(declaration))  # fmt: skip
        if entry.on is None and not library.may_have_method(entry.cls, entry.method):
            raise InputError(f"entry point {printable(entry.title, 80)}: no method {entry.method} in {entry.cls}",
                             where=str(declaration))  # fmt: skip
