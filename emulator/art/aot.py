"""The bed's floor ahead of time: a boot image, and apps that dex2oat has compiled."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from .bed import Bed
from .pins import BedError
from .place import X86_64

IMAGE = "image/boot.art"
_PRELOADED = ("base", "log", "nativebridge", "nativeloader", "nativehelper", "ziparchive", "backtrace", "cpu_features")
_PLAIN = ("--instruction-set=x86_64", "--no-generate-debug-info", "--no-generate-mini-debug-info")


def add(bed: Bed) -> None:
    """The boot image and the options of the floor. Raises BedError.

    Its classes are verified and laid out, not compiled: what is compiled ahead of time are apps.
    """
    image = bed.path / "image" / "x86_64"
    if not (image / "boot.art").is_file():
        image.mkdir(parents=True, exist_ok=True)
        words = [f"--dex-{kind}={jar}" for kind in ("file", "location") for jar in _boot(bed)]
        words += [f"--image={image}/boot.art", f"--oat-file={image}/boot.oat", "--base=0x70000000"]
        _dex2oat(bed, [*words, "--compiler-filter=verify"])
    (bed.path / "conf" / "aot").write_text(f"-Xusejit:false\n-Ximage:{bed.path / IMAGE}\n")


def compile_app(bed: Bed, jar: Path, *framework: Path) -> Path:
    """A jar of dex compiled (``speed``), where the runtime looks for it. ``framework``: jars that its processes have on
    the boot class path beyond the bed's; the runtime takes no code that was compiled for another. Raises BedError."""
    out = jar.parent / "oat" / "x86_64" / f"{jar.stem}.odex"
    if not out.is_file():
        out.parent.mkdir(parents=True, exist_ok=True)
        boot = ":".join(map(str, [*_boot(bed), bed.path / "boot" / "process.jar", *framework]))
        words = [f"--dex-file={jar}", f"--dex-location={jar}", f"--oat-file={out}", f"--boot-image={bed.path / IMAGE}"]
        for name in ("", "-locations"):
            words += ["--runtime-arg", f"-Xbootclasspath{name}:{boot}"]
        _dex2oat(bed, [*words, "--class-loader-context=PCL[]", "--compiler-filter=speed"])
    return out


def _boot(bed: Bed) -> list[Path]:
    return [bed.path / "boot" / f"{name}.jar" for name in ("core", "record", "icu")]


def _dex2oat(bed: Bed, words: list[str]) -> None:
    lib, root = bed.path / "lib", bed.path / "root"
    preload = [str(lib / "libsigchain.so"), "libtinyxml2.so.11", "liblz4.so.1"]
    preload += [str(X86_64.home / f"lib{name}.so.0") for name in _PRELOADED]
    places = {"ANDROID_ROOT": root, "ANDROID_DATA": bed.path / "data", "ANDROID_I18N_ROOT": root / "apex/i18n"}
    places |= {"ANDROID_TZDATA_ROOT": root / "apex/tzdata"}
    places |= dict.fromkeys(("ANDROID_ART_ROOT", "ANDROID_RUNTIME_ROOT"), root / "apex/art")
    env = os.environ | {name: str(path) for name, path in places.items()}
    env |= {
        "LD_LIBRARY_PATH": str(lib),
        "LD_PRELOAD": " ".join(part for part in preload if Path(part).name == part or Path(part).exists()),
    }
    command = [str(bed.path / "bin" / "dex2oat"), f"--android-root={root}", *_PLAIN, *words]
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=600, check=False)
    except (OSError, subprocess.TimeoutExpired) as bad:
        raise BedError("aot", f"dex2oat does not run: {type(bad).__name__}") from None
    if done.returncode:
        raise BedError("aot", f"dex2oat failed: {(done.stderr.strip().splitlines() or ['no message'])[-1][:200]}")
