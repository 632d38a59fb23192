"""The parts of an app's file that are read: manifest, code, texts, certificates. Hostile input: bounded.

An APK, an app for the stand-in device, an AAR, a jar, or a container of APKs (``.apks``, ``.xapk``, ``.apkm``).
"""

import io
import re
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import IO, Final, Literal

from monitor.apk.manifest import read as read_manifest
from monitor.apk.signer import SIGNATURE, signing_block
from monitor.base.archives import UNREADABLE, Archive
from monitor.base.errors import InputError, printable, reading

_MAX_ENTRIES: Final = 200_000
MAX_BYTES: Final = 600_000_000
_MAX_APK: Final = 400_000_000
_MAX_TEXTS: Final = 64_000_000
_MAX_TEXT: Final = 16_000_000
_MAX_CLASS: Final = 16_000_000
_MAX_DIRECTORY: Final = 64_000_000
_LIMITS: Final = 20
_DEX: Final = re.compile(r"classes\d*\.dex")
_INNER_JAR: Final = re.compile(r"classes\.jar|libs/[^/]{1,200}\.jar")
_TEXT_FILE: Final = re.compile(
    r"(?:assets|res|classes|unknown)/.*\.(?:html?|js|json|txt|xml|properties|css|ini|cfg)", re.I
)
_END: Final = b"PK\x05\x06"
Kind = Literal["apk", "apks", "standin", "aar", "jar"]


class Parts:
    """What was read. ``limits``: what was not, and why."""

    def __init__(self) -> None:
        self.kind: Kind = "apk"
        self.manifest = b""
        self.dex: list[tuple[str, bytes]] = []
        self.classes: list[bytes] = []
        self.texts: list[bytes] = []
        self.libraries: set[str] = set()
        """Names of native libraries."""
        self.signatures: list[bytes] = []
        self.before = b""
        """What stands before the central directory of the (base) APK, as far as a signing block may reach."""
        self.limits: list[str] = []
        self._left = MAX_BYTES
        self._texts_left = _MAX_TEXTS

    def limit(self, what: str) -> None:
        """Note what was not read."""
        if len(self.limits) < _LIMITS:
            self.limits.append(printable(what, 160))

    def read(self, file: IO[bytes], where: str) -> None:
        """The parts of one archive. Raises ``InputError``: no archive, too many entries."""
        _require_directory(file, where)
        try:
            archive = Archive(file)
        except (*UNREADABLE, ValueError):
            raise InputError(
                "not an archive, or damaged", where=where, hint="give the .apk, .aar or .jar itself"
            ) from None
        with archive:
            entries = archive.infolist()
            if len(entries) > _MAX_ENTRIES:
                raise InputError(f"more than {_MAX_ENTRIES} entries", where=where)
            self.kind = _kind({entry.filename for entry in entries}, where)
            seen: set[str] = set()
            for entry in entries:
                if entry.filename in seen:
                    self.limit(f"{entry.filename}: a second entry of this name")
                else:
                    seen.add(entry.filename)
                    self._entry(archive, entry, where)
            if self.kind in ("apk", "standin"):  # the signing block, if there is one
                file.seek(max(0, archive.start_dir - 24))
                size = signing_block(file.read(min(24, archive.start_dir)))
                file.seek(archive.start_dir - size if size <= archive.start_dir else 0)
                self.before = file.read(size if size <= archive.start_dir else 0)

    def _entry(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, where: str) -> None:
        name = entry.filename
        if name == "AndroidManifest.xml":
            self.manifest = self._bytes(archive, entry, 8_000_000)
        elif _DEX.fullmatch(name):
            if data := self._bytes(archive, entry, self._left):
                self.dex.append((name, data))
        elif name.endswith(".class") and self.kind != "apk":
            if data := self._bytes(archive, entry, _MAX_CLASS):
                self.classes.append(data)
        elif (self.kind == "aar" and _INNER_JAR.fullmatch(name)) or (self.kind == "apks" and name.endswith(".apk")):
            self._inner(self._bytes(archive, entry, _MAX_APK), f"{where}: {name}")
        elif SIGNATURE.fullmatch(name) and len(self.signatures) < 16:
            self.signatures.append(self._bytes(archive, entry, 1_000_000))
        elif name.startswith(("lib/", "jni/")) and name.endswith(".so") and len(self.libraries) < 2_000:
            self.libraries.add(name.rpartition("/")[2][:200])
        elif name == "resources.arsc" or _TEXT_FILE.fullmatch(name) or (self.kind == "jar" and not entry.is_dir()):
            if self._texts_left <= 0:
                self.limit("texts: more than is read")
                return
            self.texts.append(self._bytes(archive, entry, min(_MAX_TEXT, self._texts_left)))
            self._texts_left -= len(self.texts[-1])

    def _inner(self, data: bytes, where: str) -> None:
        if not data:
            return
        inner = Parts()
        inner.limits, inner._left, inner._texts_left = self.limits, self._left, self._texts_left
        try:
            if self.kind == "aar":
                inner.kind = "jar"
            inner.read(io.BytesIO(data), where)
        except InputError as error:
            self.limit(str(error))
            return
        self._left, self._texts_left = inner._left, inner._texts_left
        base = self.kind == "apks" and not _is_split(inner.manifest)
        self.manifest = inner.manifest if base or (self.kind == "apks" and not self.manifest) else self.manifest
        self.dex += inner.dex
        self.classes += inner.classes
        self.texts += inner.texts
        self.libraries |= inner.libraries
        if base:
            self.signatures, self.before = inner.signatures, inner.before

    def _bytes(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
        """The bytes of an entry; empty, and noted, where they cannot be read or are too many."""
        most = min(most, self._left)
        try:
            with archive.open(entry) as source:
                data = source.read(most + 1)
        except (*UNREADABLE, ValueError) as bad:
            self.limit(f"{entry.filename}: {type(bad).__name__}")
            return b""
        if len(data) > most:
            self.limit(f"{entry.filename}: more than {most} bytes")
            self._left -= most
            return b""
        self._left -= len(data)
        return data


def is_app(names: Collection[str]) -> bool:
    """Whether an archive with these names is what Android installs, whatever else an app puts beside it."""
    return "AndroidManifest.xml" in names and "classes.dex" in names


def _kind(names: set[str], where: str) -> Kind:
    if is_app(names):
        return "apk"
    if "BundleConfig.pb" in names:
        hint = "make APKs of it: bundletool build-apks --mode=universal"
        raise InputError("an app bundle (.aab), not an app", where=where, hint=hint)
    if "classes.jar" in names:
        return "aar"
    if "AndroidManifest.xml" in names:
        return "standin" if any(name.startswith("classes/") for name in names) else "apk"
    return "apks" if any(name.endswith(".apk") for name in names) else "jar"


def _is_split(manifest: bytes) -> bool:
    try:
        return bool(read_manifest(manifest).split)
    except ValueError:
        return True


def _require_directory(file: IO[bytes], where: str) -> None:
    """Refuse a central directory that is larger than any real one before Python's reader takes it in whole."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    at = tail.rfind(_END)
    if at >= 0 and int.from_bytes(tail[at + 12 : at + 16], "little") > _MAX_DIRECTORY:
        raise InputError("its list of entries is too large", where=where)
    file.seek(0)


def opened(path: Path) -> Parts:
    """The parts of a file. Raises ``InputError``."""
    parts = Parts()
    with reading(path):
        if path.is_dir():
            raise InputError("a directory, not a file", where=str(path), hint="give the .apk, .aar or .jar itself")
        with path.open("rb") as file:
            parts.read(file, str(path))
    if not (parts.dex or parts.classes or parts.manifest):
        raise InputError("not an app or library: no manifest and no code", where=str(path),
                         hint="give the .apk, .aar or .jar itself")  # fmt: skip
    return parts
