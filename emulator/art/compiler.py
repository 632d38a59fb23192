"""ART's compiler, which Debian builds libart without: the bed's JIT, and dex2oat. Built from the source package, kept
by its key."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from . import aot
from .bed import Bed, needed
from .fetch import source
from .pins import ART, ART_FILES, COMPILER_PACKAGES, HERE, LIBART, PACKAGES, key
from .place import Place

LIBRARY = "libart-compiler.so"
PROGRAM = "dex2oat"
#: Runtime options of the floor: compiled is what was called some hundred times, not some ten thousand.
JIT = ("-Xusejit:true", "-Xjitwarmupthreshold:300", "-Xjitthreshold:600")
_PARTS = ("compiler",)
_OLD = 2


def add(bed: Bed, root: Path, say: Callable[[str], None]) -> None:
    """Put the compiler into a built bed, compiled first unless it is there. Raises BedError."""
    versions = needed([*PACKAGES, *COMPILER_PACKAGES])
    used = {name: versions[name] for name in ("android-libart", "clang-19", "lld-19")}
    home = root / f"compiler-{key(used, _PARTS)}"
    if not all((home / name).is_file() for name in (LIBRARY, PROGRAM)):
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="work-", dir=root) as work:
            place = Place(Path(work), Path(work) / "out", root / "downloads", root / "compiler.log")
            place.log.write_text("")
            place.out.mkdir()
            _compile(place)
            place.out.rename(home)
        say(f"compiler {time.monotonic() - begun:.0f} s")
        _prune(root)
    _link(home / LIBRARY, bed.path / "lib" / LIBRARY)
    _link(home / PROGRAM, bed.path / "bin" / PROGRAM)
    (bed.path / "conf" / "jit").write_text("\n".join(JIT) + "\n")
    aot.add(bed)


def _link(made: Path, place: Path) -> None:
    """A name of the same file: an app that sees nothing but the bed follows no link out of it."""
    if not place.is_file() or not place.samefile(made):
        fresh = place.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        fresh.hardlink_to(made)
        fresh.replace(place)


def _compile(place: Place) -> None:
    """To ``place.out``."""
    source(place, ART, LIBART, ART_FILES)
    (dsc,) = [place.downloads / name for name in ART_FILES if name.endswith(".dsc")]
    tree, ours = place.work / "art", HERE / "compiler"
    place.run("compiler", ["dpkg-source", "--no-check", "-x", dsc, tree])
    place.run("compiler", ["patch", "-s", "-p1", "--fuzz=0", "-d", tree, "-i", ours / "edits.patch"])
    shutil.copy2(ours / "headers.h", tree)
    jobs = f"-j{os.cpu_count() or 1}"
    place.run(
        "compiler",
        ["nice", "make", "-s", "-C", tree, "-f", ours / "Makefile", jobs, f"out/{LIBRARY}", f"out/{PROGRAM}"],
    )
    for name in (LIBRARY, PROGRAM):
        place.run("compiler", ["strip", "--strip-debug", "-o", place.out / name, tree / "out" / name])
    for name in ("libart.so", "libsigchain.so"):  # the bed's own, which are Debian's changed
        place.run("compiler", ["patchelf", "--replace-needed", f"{name}.0", name, place.out / PROGRAM])


def _prune(root: Path) -> None:
    builds = sorted(root.glob("compiler-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in builds[_OLD:]:
        shutil.rmtree(old, ignore_errors=True)
