"""An app's files: one APK, or a base and its splits in a zip (``.apks``, ``.xapk``, ``.apkm``)."""

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from monitor.base.archives import UNREADABLE, Archive
from monitor.base.errors import InputError
from monitor.device.parse.manifest import Manifest, manifest

MAX_SPLITS: Final = 200
MAX_BYTES: Final = 2 * 1024 * 1024 * 1024
_ABIS: Final = ("arm64_v8a", "armeabi_v7a", "armeabi", "x86_64", "x86", "mips64", "mips")
_ABI = re.compile(rf"(?:^|[.\-_])({'|'.join(_ABIS)})$")
_MANIFEST: Final = "AndroidManifest.xml"
_CHUNK: Final = 1 << 20


def is_container(file: Path) -> bool:
    """Whether the file contains APKs instead of being one."""
    names = _names(file)
    return _MANIFEST not in names and any(name.endswith(".apk") for name in names)


def has_manifest(file: Path) -> bool:
    """Whether the file is a zip with an app's manifest."""
    return _MANIFEST in _names(file)


def is_library(file: Path) -> bool:
    """Whether the file is an Android library (AAR) and no app, which may hold a file of that name, too."""
    names = _names(file)
    return "classes.jar" in names and "classes.dex" not in names


def _names(file: Path) -> list[str]:
    try:
        with Archive(file) as archive:
            return archive.namelist()
    except UNREADABLE:
        return []


def unpack(file: Path, into: Path, abis: Sequence[str]) -> list[Path]:
    """The base and the splits that suit a device with these ABIs (best first), base first.

    Raises ``InputError``: no single base, splits of another package, too much.
    """
    found: list[tuple[Path, Manifest]] = []
    left = MAX_BYTES
    try:
        with Archive(file) as archive:
            entries = [e for e in archive.infolist() if e.filename.endswith(".apk") and not _standalone(e.filename)]
            if len(entries) > MAX_SPLITS:
                raise InputError(f"more than {MAX_SPLITS} APKs", where=file.name)
            for number, entry in enumerate(entries):
                target = into / f"{number}-{_safe(entry.filename)}"
                with archive.open(entry) as source, target.open("wb") as out:
                    while chunk := source.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise InputError(f"more than {MAX_BYTES} bytes unpacked", where=file.name)
                        out.write(chunk)
                found.append((target, manifest(target)))
    except UNREADABLE as error:
        raise InputError(f"cannot be unpacked: {type(error).__name__}", where=file.name) from None
    bases = [path for path, one in found if one.package and not one.split]
    packages = {one.package for _, one in found}
    if len(bases) != 1 or len(packages) != 1:
        raise InputError(f"{len(bases)} base APKs of {len(packages)} packages", where=file.name,
                         hint="one app is wanted: a base APK and its splits")  # fmt: skip
    kinds = {abi for _, one in found if (abi := _abi_of(one.split))}
    wanted = next((abi for abi in (a.replace("-", "_") for a in abis) if abi in kinds), "")
    if kinds and not wanted:
        raise InputError(
            "no native code for the device's processor", where=file.name, hint=f"it has {', '.join(kinds)}"
        )
    return [*bases, *(path for path, one in found if one.split and _abi_of(one.split) in ("", wanted))]


def _standalone(name: str) -> bool:
    """An APK for old devices alongside the splits, in containers made by bundletool."""
    return name.startswith(("standalones/", "instant/")) or name == "universal.apk"


def _abi_of(split: str) -> str:
    match = _ABI.search(split.replace("-", "_"))
    return match[1] if match else ""


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "_", PurePosixPath(name).name)[-80:]
