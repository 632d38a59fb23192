"""The source of Android's framework and core library as Debian carries it, for what is checked against it."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from .bed import cache
from .fetch import source
from .pins import LIBCORE, LIBCORE_FILES, LIBCORE_VERSION, BedError
from .place import Place

FRAMEWORK = "android-platform-frameworks-base"
FRAMEWORK_VERSION = "1:14~beta1-3"
#: Without its ``.dsc``: not every mirror serves that one's name.
FRAMEWORK_FILES = {
    "android-platform-frameworks-base_14~beta1.orig.tar.xz": (
        "c1d64d78588fc7641923ad05b5ef12c3366f73b8bbca429f13f60c981e166d35"
    )
}
_WANTED = {34: (FRAMEWORK, FRAMEWORK_VERSION, FRAMEWORK_FILES), 29: (LIBCORE, LIBCORE_VERSION, LIBCORE_FILES)}


def archives() -> dict[int, Path]:
    """The archive with the source of each level: 34 the framework, 29 the core library. Fetched once, then only
    checked. Raises BedError."""
    root = cache()
    root.mkdir(parents=True, exist_ok=True)
    found = {}
    for level, (package, version, files) in _WANTED.items():
        with tempfile.TemporaryDirectory(prefix="work-", dir=root) as work:
            place = Place(Path(work), Path(work) / "out", root / "downloads", root / "source.log")
            _fetch(place, package, version, files)
        (name,) = [name for name in files if ".orig." in name]
        found[level] = root / "downloads" / name
    return found


def _fetch(place: Place, package: str, version: str, files: dict[str, str]) -> None:
    """As `source` does; where apt fails at a file that is not wanted, what came is taken."""
    try:
        source(place, package, version, files)
    except BedError:
        for name in files:
            with contextlib.suppress(FileNotFoundError):
                (place.work / "source" / name).rename(place.downloads / name)
        if not all((place.downloads / name).is_file() for name in files):
            raise
        source(place, package, version, files)
