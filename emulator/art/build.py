"""Builds the bed in a folder of its own and publishes it whole, or leaves nothing."""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from . import apt, compiler
from .bed import BUILD, NOTE, Bed, cache, find, needed
from .pins import (
    BUILD_PACKAGES,
    COMPILER_PACKAGES,
    HERE,
    LIBCORE_VERSION,
    PACKAGES,
    RUNTIME,
    WHEEL_VERSION,
    BedError,
    complete,
    installed,
    key,
)
from .place import ORDER, Place

_OLD = 3
_FRAMEWORK = HERE.parent / "java" / "standin.jar"


def install(names: Sequence[str] = PACKAGES) -> None:
    """The Debian packages that are missing, by apt. Raises BedError."""
    missing = [name for name in names if name not in installed(names)]
    if not shutil.which("javac"):
        missing.append("default-jdk-headless")
    if not missing:
        return
    if os.geteuid() != 0:
        raise BedError("packages", "only root can install packages", f"apt-get install {' '.join(missing)}")
    apt.get("update", "-qq", say=_aloud)
    apt.get("install", "-y", "-qq", "--no-install-recommends", *missing, say=_aloud)


def _aloud(text: str) -> None:
    print(text, flush=True)


def build(
    say: Callable[[str], None], *, install_packages: bool = False, jit: bool = False, more: Sequence[str] = ()
) -> Bed:
    """The bed, built unless it is there, on request with the JIT. ``say`` is told each step. Raises BedError; then
    nothing of it is left.

    With ``install_packages`` those that are missing are installed, and ``more``.
    """
    if not complete():
        raise BedError("art", "the bed is built in the project's source tree", "an installed package only runs it")
    if install_packages:
        install([*PACKAGES, *more, *(COMPILER_PACKAGES if jit else ())])
    versions = needed(PACKAGES)
    for tool in ("javac", "java", "gcc", "g++", "apt-get", "dpkg-source"):
        if not shutil.which(tool):
            raise BedError("packages", f"{tool} is missing", f"apt-get install, as root: {BUILD} --install")
    name, root = key(versions), cache()
    root.mkdir(parents=True, exist_ok=True)
    with alone(root):
        bed = _bed(root, name, versions, say)
        if jit:
            compiler.add(bed, root, say)
    return bed


def _bed(root: Path, name: str, versions: dict[str, str], say: Callable[[str], None]) -> Bed:
    with contextlib.suppress(BedError):
        return find()
    with tempfile.TemporaryDirectory(prefix="work-", dir=root) as work:
        place = Place(Path(work), Path(work) / "out", root / "downloads", root / "build.log")
        place.log.write_text("")
        place.out.mkdir()
        _steps(place, say)
        used = {package: versions[package] for package in (*BUILD_PACKAGES, "android-libart")}
        note = {"key": name, "runtime": RUNTIME, "libcore": LIBCORE_VERSION, "d8": WHEEL_VERSION, "packages": used}
        (place.out / NOTE).write_text(json.dumps(note, indent=1) + "\n")
        place.out.rename(root / name)
    _publish(root, name)
    bed = Bed(root / name, name)
    if _FRAMEWORK.is_file():  # so that the first session need not wait for it
        bed.dex("framework", _FRAMEWORK)
    return bed


def _steps(place: Place, say: Callable[[str], None]) -> None:
    for step in ORDER:
        begun = time.monotonic()
        try:
            importlib.import_module(f".{step}", __package__).run(place)
        except OSError as bad:
            raise BedError(step, f"{bad.strerror}: {bad.filename}") from None
        except (AssertionError, ValueError, KeyError) as bad:
            raise BedError(step, f"not as expected: {bad}", f"log: {place.log}") from None
        say(f"{step} {time.monotonic() - begun:.0f} s")


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """One build at a time; what a killed one left is removed."""
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in root.glob("work-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def _publish(root: Path, name: str) -> None:
    """Let ``latest`` name the new build, and keep few of the earlier ones."""
    link = root / f"latest.{os.getpid()}"
    link.symlink_to(name)
    link.replace(root / "latest")
    builds = sorted((p.parent for p in root.glob(f"*/{NOTE}")), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in [path for path in builds if path.name not in (name, "latest") and "-" not in path.name][_OLD:]:
        for path in root.glob(f"{old.name}*"):  # and its variants
            shutil.rmtree(path, ignore_errors=True)
