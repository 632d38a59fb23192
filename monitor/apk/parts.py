"""The parts of an app's file that are read: manifest, code, texts, certificates. Hostile input: bounded.

An APK, an app for the stand-in device, an AAR, a jar, or a container of APKs (``.apks``, ``.xapk``, ``.apkm``).
"""

import io
import re
import zipfile
from collections.abc import Collection
from itertools import islice
from pathlib import Path
from typing import IO, Final, Literal, NamedTuple, get_args

from monitor.apk.identity import SIGNATURE, read_manifest, signing_block
from monitor.base.archives import UNREADABLE, Archive
from monitor.base.errors import InputError, printable, reading

_MAX_ENTRIES: Final = 200_000
MAX_BYTES: Final = 600_000_000
_MAX_APK: Final = 400_000_000
_MAX_TEXTS: Final = 64_000_000
_MAX_TEXT: Final = 16_000_000
_MAX_DIRECTORY: Final = 64_000_000
_LIMITS: Final = 20
_LIBRARY: Final = re.compile(r"(?:lib|jni)/.*\.so", re.DOTALL).fullmatch
_END: Final = b"PK\x05\x06"
Kind = Literal["apk", "apks", "standin", "aar", "jar"]


class _Read(NamedTuple):
    """Entries that are read: in archives of which kinds, and how many bytes of one at most."""

    what: str
    name: re.Pattern[str]
    kinds: Collection[str]
    most: int


_ALL: Final[tuple[Kind, ...]] = get_args(Kind)
_TEXT_FILE: Final = r"(?i:(?:assets|res|classes|unknown)/.*\.(?:html?|js|json|txt|xml|properties|css|ini|cfg))"
_READS: Final = tuple(
    _Read(what, re.compile(name), kinds, most)
    for what, name, kinds, most in (
        ("manifest", r"AndroidManifest\.xml", _ALL, 8_000_000),
        ("dex", r"classes\d*\.dex", _ALL, MAX_BYTES),
        ("class", r"(?s:.*)\.class", _ALL[1:], 16_000_000),
        ("archive", r"classes\.jar|libs/[^/]{1,200}\.jar", ("aar",), _MAX_APK),
        ("archive", r"(?s:.*)\.apk", ("apks",), _MAX_APK),
        ("signature", SIGNATURE, _ALL, 1_000_000),
        ("text", rf"resources\.arsc|{_TEXT_FILE}", _ALL, _MAX_TEXT),
        ("text", r"(?s:.*)(?<!/)", ("jar",), _MAX_TEXT),
    )
)


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
            names = [entry.filename for entry in entries]
            self.kind = _kind(set(names), where)
            self.libraries.update(name.rpartition("/")[2][:200] for name in islice(filter(_LIBRARY, names), 2_000))
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
        fitting = (read for read in _READS if self.kind in read.kinds and read.name.fullmatch(entry.filename))
        if (read := next(fitting, None)) is None:
            return
        most = min(read.most, self._texts_left) if read.what == "text" else read.most
        data = self._bytes(archive, entry, most)
        if read.what == "manifest":
            self.manifest = data
        elif read.what == "text":
            self.texts.append(data)
            self._texts_left -= len(data)
        elif data and read.what == "dex":
            self.dex.append((entry.filename, data))
        elif data and read.what == "archive":
            self._inner(data, f"{where}: {entry.filename}")
        elif data:
            (self.classes if read.what == "class" else self.signatures).append(data)

    def _inner(self, data: bytes, where: str) -> None:
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


def _kind(names: set[str], where: str) -> Kind:
    if names >= {"AndroidManifest.xml", "classes.dex"}:  # whatever else an app puts beside it
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
