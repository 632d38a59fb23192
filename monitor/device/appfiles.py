"""An app's files: one APK, or a base and its splits in a zip (``.apks``, ``.xapk``, ``.apkm``)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from monitor.base.archives import UNREADABLE, Archive
from monitor.base.errors import InputError
from monitor.device.parse.manifest import Manifest, manifest

MAX_SPLITS: Final = 200
MAX_BYTES: Final = 2 * 1024 * 1024 * 1024
_ABI = re.compile(r"(?:^|[.\-_])(arm64_v8a|armeabi_v7a|armeabi|x86_64|x86|mips64|mips)$")
_STANDALONE = re.compile(r"standalones/|instant/|universal\.apk$")
_MANIFEST: Final = "AndroidManifest.xml"
_CHUNK: Final = 1 << 20


def kind(file: Path) -> Literal["app", "container", "library", ""]:
    """What a file is: a zip with an app's manifest, one of APKs, or an Android library (AAR), which may hold a file of
    that name, too; empty = none of these."""
    try:
        with Archive(file) as archive:
            names = archive.namelist()
    except UNREADABLE:
        return ""
    if "classes.jar" in names and "classes.dex" not in names:
        return "library"
    if _MANIFEST in names:
        return "app"
    return "container" if any(name.endswith(".apk") for name in names) else ""


def unpack(file: Path, into: Path, abis: Sequence[str]) -> list[Path]:
    """The base and the splits that suit a device with these ABIs (best first), base first.

    Raises ``InputError``: no single base, splits of another package, too much.
    """
    found = {path: manifest(path) for path in _extracted(file, into)}
    base = _base(found, file.name)
    splits = {path: _abi(app.split) for path, app in found.items() if app.split}
    kinds = set(filter(None, splits.values()))
    wanted = [abi for abi in abis if abi in kinds][:1]
    if kinds and not wanted:
        hint = f"it has {', '.join(kinds)}"
        raise InputError("no native code for the device's processor", where=file.name, hint=hint)
    return [base, *(path for path, abi in splits.items() if abi in ("", *wanted))]


def _base(found: Mapping[Path, Manifest], where: str) -> Path:
    bases = [path for path, app in found.items() if not app.split]
    packages = {app.package for app in found.values()}
    if len(bases) != 1 or len(packages) != 1 or "" in packages:
        hint = "one app is wanted: a base APK and its splits"
        raise InputError(f"{len(bases)} base APKs of {len(packages)} packages", where=where, hint=hint)
    return bases[0]


def _abi(split: str) -> str:
    """The processor that a split is for, named as the device names it; empty for any."""
    match = _ABI.search(split.replace("-", "_"))
    return match[1].replace("_v", "-v") if match else ""


def _extracted(file: Path, into: Path) -> Iterator[Path]:
    """The APKs, but for those for old devices alongside the splits, in containers made by bundletool."""
    left = MAX_BYTES
    try:
        with Archive(file) as archive:
            names = [name for name in archive.namelist() if name.endswith(".apk") and not _STANDALONE.match(name)]
            if len(names) > MAX_SPLITS:
                raise InputError(f"more than {MAX_SPLITS} APKs", where=file.name)
            for number, name in enumerate(names):
                target = into / f"{number}-{re.sub(r'[^A-Za-z0-9._-]', '_', PurePosixPath(name).name)[-80:]}"
                with archive.open(name) as source, target.open("wb") as out:
                    while chunk := source.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise InputError(f"more than {MAX_BYTES} bytes unpacked", where=file.name)
                        out.write(chunk)
                yield target
    except UNREADABLE as error:
        raise InputError(f"cannot be unpacked: {type(error).__name__}", where=file.name) from None
