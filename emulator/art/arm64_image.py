"""The root file system of the machine: packages unpacked, wheels, the bed. No arm64 code is run to make it."""

from __future__ import annotations

import lzma
import os
import shutil
import struct
import sys
from pathlib import Path

from . import arm64_debian as debian
from .pins import HERE, BedError
from .place import Place

#: Of the project's dependencies what the hooks need, and what runs their tests; pinned by constraints.txt.
WHEELS = (
    "frida frida-tools pydantic pyyaml pytest pytest-timeout hypothesis msgspec msgpack ahocorasick-rs brotli"
    " cryptography typer zstandard chinesecalendar jinja2 pillow"
).split()
CONSTRAINTS = HERE.parents[1] / "constraints.txt"
#: By which the kernel finds its root: NVMe disks come in any order.
SIGNATURE = 0xA4364D00
_COMMANDS = "sh mount ls cat echo tar sleep poweroff mkdir dd uname ps free dmesg env grep head sync ln cp id ifconfig"
#: What the kernel needs for a network card, in the order in which it is loaded.
MODULES = ("failover", "net_failover", "virtio_net")
_USELESS = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/include", "usr/share/lintian")
_MB = 1 << 20


def make(place: Place, packages: Path, kernel: Path, bed: Path, out: Path) -> None:
    """Write the image ``out``. ``kernel`` is the folder of the kernel's package. Raises BedError."""
    root = place.work / "root"
    debian.unpack(place, packages, debian.GUEST, root)
    for name in _USELESS:
        shutil.rmtree(root / name, ignore_errors=True)
    for name in ("proc", "sys", "dev", "tmp", "run", "root", "etc", "opt"):
        (root / name).mkdir(exist_ok=True)
    (root / "usr/bin/python3").symlink_to("python3.13")
    for name in _COMMANDS.split():
        if not (root / "usr/bin" / name).exists():
            (root / "usr/bin" / name).symlink_to("busybox")
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (root / "etc/group").write_text("root:x:0:\n")
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n")
    shutil.copy2(HERE / "arm64_init.sh", root / "init")
    (root / "init").chmod(0o755)
    _modules(kernel, root / "opt/modules")
    _wheels(place, root / "opt/site")
    shutil.copytree(bed, root / "opt/bed", symlinks=True)
    _byte_code(place, root)
    _disk(place, root, out)


def _modules(kernel: Path, to: Path) -> None:
    to.mkdir()
    for name in MODULES:
        found = next(kernel.rglob(f"{name}.ko.xz"), None)
        if found is None:
            raise BedError("image", f"the kernel's package has no module {name}")
        (to / f"{name}.ko").write_bytes(lzma.decompress(found.read_bytes()))


def _wheels(place: Place, to: Path) -> None:
    if not shutil.which("uv"):
        raise BedError("wheels", "uv is missing", "pip install uv")
    words = ["uv", "pip", "install", "-q", "--python-platform", "aarch64-manylinux_2_28", "--python-version", "3.13"]
    words += ["--only-binary", ":all:", "--target", str(to), "-c", str(CONSTRAINTS), *WHEELS]
    place.run("wheels", words, hint="is the Python package index reachable?")


def _byte_code(place: Place, root: Path) -> None:
    """As an installation would have made it: without, a start of Python takes four times as long. By a Python of that
    version; where this is another one, there is none."""
    if sys.version_info[:2] == (3, 13):
        words = [sys.executable, "-m", "compileall", "-q", "-j", str(os.cpu_count() or 1), "--invalidation-mode"]
        words += [
            "unchecked-hash",
            "-s",
            str(root),
            "-p",
            "/",
            str(root / "opt/site"),
            str(root / "usr/lib/python3.13"),
        ]
        place.run("image", ["sh", "-c", '"$@" || true', "-", *words])  # some files of wheels are no Python


def _disk(place: Place, root: Path, out: Path) -> None:
    """One partition of ext4, in a table whose signature tells it from the other disks."""
    size = sum(path.lstat().st_size // 4096 * 4096 + 4096 for path in root.rglob("*")) // _MB + 64
    with out.open("wb") as disk:
        disk.truncate((size + 1) * _MB)
    options = ["-q", "-t", "ext4", "-O", "^has_journal", "-m", "0", "-L", "root", "-E", f"offset={_MB},root_owner=0:0"]
    place.run("image", ["mke2fs", *options, "-d", root, out, f"{size}M"])
    entry = struct.pack("<BBBBBBBBII", 0, 0, 2, 0, 0x83, 0xFF, 0xFF, 0xFF, 2048, size * 2048)
    with out.open("r+b") as disk:
        disk.seek(440)
        disk.write(struct.pack("<IH", SIGNATURE, 0) + entry + bytes(48) + b"\x55\xaa")
