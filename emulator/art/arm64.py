"""The machine: built once for these sources in the user's cache, found there, given the hook tests to run."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import arm64_debian as debian
from . import arm64_image as image
from . import arm64_machine as machine
from . import natives, runtime, sources
from .bed import BUILD, NOTE, Bed, cache
from .bed import find as find_bed
from .build import alone
from .build import build as build_bed
from .pins import HERE, LIBART, BedError
from .place import Place, Target

HOST_PACKAGES = ("qemu-system-arm", "clang-19", "lld-19", "e2fsprogs")
RUNTIME = "ART 14.0.0 r15, interpreter, arm64, on Linux: an emulated processor"
TRIPLE = "aarch64-linux-gnu"
_NOTE = "floor.json"


@dataclass(frozen=True)
class Floor:
    """A built machine: the folder of its kernel and disk."""

    path: Path
    bed: Bed
    """This machine's own bed: it makes the dex for the other."""


def key(bed: Bed) -> str:
    """Name of the machine that these sources give."""
    digest = hashlib.sha256(bed.name.encode())
    for name in ("arm64.py", "arm64_debian.py", "arm64_image.py", "arm64_init.sh"):
        digest.update(f"{name}\0".encode() + (HERE / name).read_bytes() + b"\0")
    pins = image.CONSTRAINTS.read_text("utf-8").splitlines()
    digest.update("\n".join(pin for pin in pins if pin.split("==")[0] in image.WHEELS).encode())
    return f"arm64-{digest.hexdigest()[:16]}"


def find() -> Floor:
    """The machine that these sources give. Raises BedError if it is not built."""
    bed = find_bed()
    path = cache() / key(bed)
    if not (path / _NOTE).is_file():
        raise BedError("arm64", "the arm64 machine is not built", f"{BUILD} --arm64")
    return Floor(path, bed)


def build(say: Callable[[str], None], *, install_packages: bool = False) -> Floor:
    """The machine, built unless it is there. ``say`` is told each step. Raises BedError; then nothing of it is left."""
    bed = build_bed(say, install_packages=install_packages, more=HOST_PACKAGES)
    tools = {machine.EMULATOR: "qemu-system-arm", "clang-19": "clang-19", "ld.lld-19": "lld-19", "mke2fs": "e2fsprogs"}
    for tool, package in tools.items():
        if not shutil.which(tool) and not Path("/usr/sbin", tool).exists():
            raise BedError(
                "packages", f"{tool} is missing", f"apt-get install {package}, as root: {BUILD} --arm64 --install"
            )
    root = cache()
    with alone(root):
        try:
            return find()
        except BedError:
            with tempfile.TemporaryDirectory(prefix="work-", dir=root) as work:
                place = Place(Path(work), Path(work) / "out", root / "downloads", root / "build-arm64.log")
                place.log.write_text("")
                _make(place, bed, say)
                place.out.rename(root / key(bed))
    for old in sorted(root.glob(f"arm64-*/{_NOTE}"), key=lambda path: path.stat().st_mtime)[:-2]:
        shutil.rmtree(old.parent, ignore_errors=True)
    return find()


def _make(place: Place, bed: Bed, say: Callable[[str], None]) -> None:
    begun = time.monotonic()

    def done(step: str) -> None:
        nonlocal begun
        say(f"arm64: {step} {time.monotonic() - begun:.0f} s")
        begun = time.monotonic()

    run, dev = debian.download(place)
    sysroot = place.work / "sysroot"
    debian.unpack(place, dev, ["*"], sysroot)
    done("packages")
    made = cross_build(place, bed, sysroot)
    done("bed")
    place.out.mkdir()
    kernel = debian.kernel(place, run)
    image.make(place, run, kernel, made, place.out / "root.img")
    shutil.copy2(next((kernel / "boot").glob("vmlinuz-*")), place.out / "vmlinuz")
    (place.out / _NOTE).write_text(json.dumps({"key": key(bed), "bed": bed.name, "runtime": RUNTIME}) + "\n")
    done("disk")


def cross_build(place: Place, bed: Bed, sysroot: Path) -> Path:
    """The bed for arm64: its native code compiled here, its dex that of ``bed``. It cannot make dex."""
    flags = (f"--target={TRIPLE}", f"--sysroot={sysroot}", "-fuse-ld=lld-19")
    target = Target("arm64", TRIPLE, ("clang-19", *flags), ("clang++-19", *flags), sysroot)
    out = place.work / "bed"
    (out / "tools").mkdir(parents=True)
    for name in ("d8.jar", "core.jar"):
        (place.work / name).write_bytes(b"")
    inner = Place(place.work, out, place.downloads, place.log, target)
    for step in (sources, natives, runtime):
        step.run(inner)
    shutil.copytree(bed.path / "boot", out / "boot")
    note: dict[str, Any] = {"key": bed.name, "runtime": RUNTIME, "packages": {"android-libart": LIBART}}
    (out / NOTE).write_text(json.dumps(note) + "\n")
    return out
