"""Names of an app's further processes from its manifest, plain or in Android's binary form. Hostile input: bounded."""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import Path
from typing import Final

MAX_MANIFEST: Final = 8_000_000
_MAX_STRINGS: Final = 50_000
_BINARY: Final = b"\x03\x00\x08\x00"
_UTF8: Final = 1 << 8
_PLAIN = re.compile(r"android:process\s*=\s*[\"']([^\"']{1,120})[\"']")
_PRIVATE = re.compile(r":[A-Za-z]\w{0,60}\Z")


def further_processes(apk: Path, package: str) -> list[str]:
    """Process names beside the main one, sorted; empty if the file cannot be read.

    A binary manifest keeps its strings in a pool without their places: any string like ``:name`` counts there.
    """
    try:
        with zipfile.ZipFile(apk) as archive, archive.open("AndroidManifest.xml") as entry:
            data = entry.read(MAX_MANIFEST)
    except (OSError, KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        return []
    if data.startswith(_BINARY):
        names = [text for text in pool(data) if _PRIVATE.match(text)]
    else:
        names = _PLAIN.findall(data.decode("utf-8", "replace"))
    full = {package + name if name.startswith(":") else name for name in names}
    return sorted(full - {package})


def pool(data: bytes) -> list[str]:
    """The string pool of a binary XML; what does not fit is left out."""
    try:
        _, count, _, flags, start, _ = struct.unpack_from("<6I", data, 12)
    except struct.error:
        return []
    found = []
    for number in range(min(count, _MAX_STRINGS)):
        try:
            (offset,) = struct.unpack_from("<I", data, 36 + 4 * number)
            found.append(_text(data, 8 + start + offset, utf8=bool(flags & _UTF8)))
        except (struct.error, IndexError, UnicodeDecodeError):
            continue
    return found


def _text(data: bytes, at: int, *, utf8: bool) -> str:
    if utf8:
        at += 2 if data[at] & 0x80 else 1
        size = data[at]
        at += 1
        if size & 0x80:
            size = (size & 0x7F) << 8 | data[at]
            at += 1
        return data[at : at + size].decode("utf-8")
    (size,) = struct.unpack_from("<H", data, at)
    return data[at + 2 : at + 2 + 2 * size].decode("utf-16-le")
