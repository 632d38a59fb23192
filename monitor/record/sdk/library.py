"""The library that is checked: a jar, an AAR, or an APK that embeds it. Hostile input: bounded, nothing is run here."""

import contextlib
import io
import re
import zipfile
from collections.abc import Iterable
from itertools import dropwhile
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple
from xml.etree import ElementTree

import yaml

from monitor.analysis.correlate.owner import platform, with_declared
from monitor.base import archives, output, yamlfile
from monitor.base.errors import InputError, printable
from monitor.events import ApiCall, Event, Frame, Stack
from monitor.knowledge import entry_points, tables
from monitor.session.declaration import Declaration, DeclaredSdk

_MAX_ENTRIES: Final = 30_000
MAX_BYTES: Final = 200_000_000
_MAX_MANIFEST: Final = 1_000_000
_DEPTH: Final = 50
ANDROID: Final = "{http://schemas.android.com/apk/res/android}"
_CLASS: Final = b"\xca\xfe\xba\xbe"
_SIGNED: Final = re.compile(r"META-INF/.*", re.I)
_LINKAGE_HOOK: Final = "code.linkage_error"
_MAX_BROKEN: Final = 20
#: What a phone has by itself, whatever an app brings. A JVM looks for prepared forms of method handles among its own
#: classes, and makes what it does not find: no library broke there.
_PLATFORM: Final = re.compile(
    r"(?!java\.lang\.invoke\.)(android|java|javax|dalvik|libcore|org\.json|org\.xml|org\.xmlpull|org\.w3c)\."
)
#: The class in the message of a JVM and of the Android Runtime: of a member, then of a class.
_NAMED: Final = (
    re.compile(r"'(?:[\w.$\[\]]+ )?([\w.$]+)\.[\w$<>]+\(.*"),
    re.compile(r".* in class L([\w/$]+);.*"),
    re.compile(r"Failed resolution of: L([\w/$]+);.*"),
    re.compile(r"(?:Could not initialize class )?([\w/.$]+)"),
)


class Library(NamedTuple):
    """``classes``: path of a class file below the archive's root to its bytes; of an APK only ``dex`` is kept.
    ``manifest``: the AAR's own, None for a jar."""

    path: Path
    kind: Literal["jar", "aar", "apk"]
    classes: dict[str, bytes]
    resources: dict[str, bytes] = {}
    """Other files of the jars: what the code reads by ``getResourceAsStream``."""
    assets: dict[str, bytes] = {}
    manifest: ElementTree.Element | None = None
    dex: bytes = b""

    @property
    def permissions(self) -> list[str]:
        """Permissions that the library's manifest asks for."""
        found = self.manifest.findall("uses-permission") if self.manifest is not None else []
        return [name for element in found if (name := element.get(f"{ANDROID}name", ""))]

    def has_class(self, name: str) -> bool:
        """Whether it brings the class (``a.b.C`` or ``a.b.C$D``)."""
        path = name.replace(".", "/")
        return f"{path}.class" in self.classes or f"L{path};".encode() in self.dex

    def has_package(self, prefix: str) -> bool:
        """Whether it brings a class that begins with the prefix."""
        path = prefix.replace(".", "/")
        begins = (path + "/", path + ".", path + "$")
        return any(name.startswith(begins) for name in self.classes) or f"L{path}/".encode() in self.dex

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
        with archives.Archive(path) as archive:
            return _Reader(path).read(archive)
    except (*archives.UNREADABLE, ValueError) as bad:
        raise InputError(
            f"cannot be read as a jar, AAR or APK: {printable(str(bad), 100)}", where=str(path), hint="is it whole?"
        ) from None


class _Reader:
    """Reads one file, of which no more than ``MAX_BYTES`` are unpacked, those of jars in it included."""

    def __init__(self, path: Path) -> None:
        self._path, self._where, self._left = path, str(path), MAX_BYTES
        self._classes: dict[str, bytes] = {}
        self._resources: dict[str, bytes] = {}

    def read(self, archive: zipfile.ZipFile) -> Library:
        names = set(archive.namelist())
        if "classes.jar" in names:
            return self._aar(archive)
        if "AndroidManifest.xml" in names:
            return self._apk(archive)
        self._jar(archive, self._where)
        if not self._classes:
            hint = "a .jar, an .aar, or an .apk that embeds it"
            raise InputError("no class files inside", where=self._where, hint=hint)
        return Library(self._path, "jar", self._classes, self._resources)

    def _aar(self, archive: zipfile.ZipFile) -> Library:
        assets: dict[str, bytes] = {}
        for entry in _entries(archive, self._where):
            name = entry.filename
            if name == "classes.jar" or re.fullmatch(r"libs/[^/]{1,200}\.jar", name):
                with archives.Archive(io.BytesIO(self._bytes(archive, entry))) as inner:
                    self._jar(inner, f"{self._path}: {name}")
            elif name.startswith("assets/") and not entry.is_dir():
                assets[name] = self._bytes(archive, entry)
        if not self._classes:
            raise InputError("its classes.jar has no class files", where=self._where)
        return Library(self._path, "aar", self._classes, self._resources, assets, self._manifest(archive))

    def _apk(self, archive: zipfile.ZipFile) -> Library:
        """An app: only the names of its classes are of interest, its code runs as it is."""
        dex = bytearray()
        for entry in _entries(archive, self._where):
            if re.fullmatch(r"classes\d*\.dex", entry.filename):
                dex += self._bytes(archive, entry)
            elif entry.filename.startswith("classes/") and entry.filename.endswith(".class"):
                self._classes[entry.filename.removeprefix("classes/")] = b""
        return Library(self._path, "apk", self._classes, dex=bytes(dex))

    def _jar(self, archive: zipfile.ZipFile, where: str) -> None:
        for entry in _entries(archive, where):
            name = entry.filename
            if entry.is_dir() or _SIGNED.fullmatch(name) or name == "module-info.class":
                continue
            data = self._bytes(archive, entry)
            if name.endswith(".class") and not data.startswith(_CLASS):
                raise InputError(f"not a class file: {printable(name, 100)}", where=where)
            (self._classes if name.endswith(".class") else self._resources)[name] = data

    def _bytes(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        with archive.open(entry) as source:
            data = source.read(self._left + 1)
        if len(data) > self._left:
            raise InputError(f"more than {MAX_BYTES} bytes unpacked", where=self._where)
        self._left -= len(data)
        return data

    def _manifest(self, archive: zipfile.ZipFile) -> ElementTree.Element | None:
        """The AAR's manifest (plain XML). No document type, so no entities."""
        with contextlib.suppress(KeyError), archive.open("AndroidManifest.xml") as source:
            data = source.read(_MAX_MANIFEST + 1)
            if len(data) > _MAX_MANIFEST or b"<!DOCTYPE" in data or b"\0" in data:
                hint = "plain XML in UTF-8"
                raise InputError("its AndroidManifest.xml cannot be used", where=self._where, hint=hint)
            depth = 0
            try:
                for what, _ in ElementTree.iterparse(io.BytesIO(data), ("start", "end")):
                    depth += 1 if what == "start" else -1
                    if depth > _DEPTH:
                        why = f"its AndroidManifest.xml is nested deeper than {_DEPTH}"
                        raise InputError(why, where=self._where)
                return ElementTree.fromstring(data)
            except (ElementTree.ParseError, LookupError) as bad:
                raise InputError(f"its AndroidManifest.xml cannot be read: {bad}", where=self._where) from None
        return None


def _entries(archive: zipfile.ZipFile, where: str) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > _MAX_ENTRIES:
        raise InputError(f"more than {_MAX_ENTRIES} entries", where=where)
    for entry in entries:
        parts = entry.filename.rstrip("/").split("/")
        if "\\" in entry.filename or any(part in ("", ".", "..") for part in parts):
            raise InputError("an entry's path leaves the archive", where=where)
    return entries


def require_declared(library: Library, sdk: DeclaredSdk, declaration: Path) -> None:
    """The declaration is of this library. Raises ``InputError`` for another package or a class that is not there."""
    where, name = str(declaration), printable(sdk.name, 80)
    if sdk.package_prefixes and not any(map(library.has_package, sdk.package_prefixes)):
        hint = f"no class of {library.path.name} begins with {', '.join(sdk.package_prefixes[:3])}"
        raise InputError(f"the declaration of {name} is of another library", where=where, hint=hint)
    if library.kind == "apk":
        return
    if not sdk.entry_points:
        hint = "sdks: entry_points: names class, method, args and when it may be called"
        raise InputError(f"{name} has no entry points", where=where, hint=hint)
    for entry in sdk.entry_points:
        lacking = "" if library.has_class(entry.cls) else f"no class {entry.cls} in {library.path.name}"
        if not lacking and entry.on is None and not library.may_have_method(entry.cls, entry.method):
            lacking = f"no method {entry.method} in {entry.cls}"
        if lacking:
            raise InputError(f"entry point {printable(entry.title, 80)}: {lacking}", where=where)


def broken(events: Iterable[Event], library: Library) -> list[str]:
    """Messages of the linkage errors that the library's own code met, each once: it asked for a class or a member of
    the platform that is not there, and may have caught that. A phone has what the platform promises, so what follows
    such an error says nothing of what the library does on one."""
    stacks: dict[int, list[Frame]] = {}
    found: dict[str, None] = {}
    for event in events:
        if isinstance(event, Stack):
            stacks[event.stack] = event.frames
        elif isinstance(event, ApiCall) and event.hook == _LINKAGE_HOOK and len(found) < _MAX_BROKEN:
            message = event.args.get("message", "")
            matches = (match for pattern in _NAMED if (match := pattern.fullmatch(message)))
            missing = next((match[1].replace("/", ".") for match in matches), "")
            own = next(dropwhile(lambda frame: platform(frame.cls), stacks.get(event.stack, [])), None)
            if own is not None and library.has_class(own.cls) and _PLATFORM.match(missing):
                found[printable(f"{message} ({own.cls}.{own.method})", 200)] = None
    return list(found)


def unnamed(library: Library, declaration: Declaration) -> list[str]:
    """Prefixes of the library's classes that belong to no platform, no known SDK and no declared one: minified code,
    modules of their own. An app that embeds the library cannot tell whose they are; here the file itself says so. An
    APK's are the app's too: nothing is said of them."""
    if library.kind == "apk":
        return []
    known = with_declared(tables.load_sdks(), declaration)
    found: set[str] = set()
    for path in library.classes:
        name = path.removesuffix(".class").replace("/", ".")
        prefix = name.rpartition(".")[0] or name
        if entry_points.is_prefix(prefix) and known.sdk(name) is None and not platform(name):
            found.add(prefix)
    return sorted(prefix for prefix in found if not any(prefix.startswith(f"{other}.") for other in found))


def completed(path: Path, sdk: DeclaredSdk, prefixes: list[str], into: Path) -> Path:
    """The vendor's declaration with the prefixes added to the library's own, so that the bundle's findings name the
    library; written into the directory ``into``."""
    data: dict[str, Any] = yamlfile.load(path)
    for entry in data["sdks"]:
        if entry["name"] == sdk.name:
            entry["package_prefixes"] = [*(entry.get("package_prefixes") or []), *prefixes]
    head = "# The vendor's declaration, with the packages that only the library's own file names added to its prefixes."
    target = into / "declaration.yaml"
    output.write_out(target, f"{head}\n{yaml.safe_dump(data, allow_unicode=True, sort_keys=False)}".encode())
    return target
