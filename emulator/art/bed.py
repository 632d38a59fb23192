"""Where a built bed is, and what it is."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from .dex import DexError, convert
from .pins import FLOOR, FLOORS, HERE, LIBART, PACKAGES, RUN_PACKAGES, RUNTIME, BedError, complete, installed, key

BUILD = "uv run python -m emulator.art build"
NOTE = "bed.json"


@dataclass(frozen=True)
class Bed:
    """A built bed. ``name`` is the key of its build."""

    path: Path
    name: str
    about: str = RUNTIME
    """What runs the apps where no other floor is asked for."""

    @property
    def java(self) -> Path:
        """Its launcher: takes the options of HotSpot's that the stand-in and the tests give, and class files."""
        return self.path / "bin" / "java"

    @property
    def runtime(self) -> str:
        """What runs the apps, as a report says it. Raises BedError for a floor that is not built."""
        floor = os.environ.get(FLOOR, "")
        if floor and (floor not in FLOORS or not (self.path / "conf" / floor).is_file()):
            raise BedError("art", f"{FLOOR}={floor[:20]} is not built", f"{_where()}{BUILD} --jit")
        return FLOORS[floor] if floor else self.about

    def dex(self, kind: str, path: Path) -> Path:
        """Class files as dex (`dex.convert`): variants share what was made. Raises BedError."""
        try:
            return convert(self.path, kind, path).resolve()
        except DexError as bad:
            raise BedError("dex", str(bad)) from None


def cache() -> Path:
    """The folder of all builds."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    root = Path(base) if base.startswith("/") else Path.home() / ".cache"
    return root / "app-privacy-monitor" / "art"


def needed(names: list[str]) -> dict[str, str]:
    """Versions of installed packages. Raises BedError that names those of ``names`` that are missing, or that libart
    is another than the one known."""
    here = installed([*names, "android-libart"])
    if missing := [name for name in names if name not in here]:
        raise BedError("packages", f"missing: {' '.join(missing)}", f"apt-get install, as root: {BUILD} --install")
    if not here["android-libart"].startswith(LIBART):
        raise BedError("packages", f"android-libart {here['android-libart']} is installed, only {LIBART} is known")
    return {name: here[name] for name in names}


def find() -> Bed:
    """The bed that these sources and this machine's packages give. Raises BedError if it is not built.

    An installed wheel brings no sources: it takes the bed that was built last. ``ART_BED`` names the folder of one that
    was built on another machine for this one.
    """
    if given := os.environ.get("ART_BED"):
        path = Path(given)
    elif complete():
        path = cache() / key(needed(PACKAGES))
    else:
        needed(RUN_PACKAGES)
        path = (cache() / "latest").resolve()
    for one in (cache().parent, cache(), path):  # its programs run with our rights
        if one.is_dir() and ((about := one.stat()).st_uid not in (0, os.geteuid()) or about.st_mode & 0o002):
            raise BedError("art", f"{one} is another user's, or others can write to it", "take another XDG_CACHE_HOME")
    try:
        note = json.loads((path / NOTE).read_text("utf-8"))
    except (OSError, ValueError):
        raise BedError("art", "the ART bed is not built", f"{_where()}{BUILD}") from None
    return Bed(path, str(note["key"]), str(note["runtime"]))


def _where() -> str:
    return "" if (HERE / "patches").is_dir() else "in the project's source tree: "
