"""What the bed is made from, exactly: packages, sources, their digests, and the key of a build."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent

#: The only build of ART whose machine code `libart` knows.
LIBART = "14.0.0+r15-4"
RUNTIME = "ART 14.0.0 r15, interpreter, x86-64, on Linux: no emulator"

#: How the bed runs code, as the environment of an app asks for it (``ART_FLOOR``), and what a report calls it.
FLOORS = {
    "": RUNTIME,
    "jit": "ART 14.0.0 r15, JIT, x86-64, on Linux: no emulator",
    "aot": "ART 14.0.0 r15, AOT, x86-64, on Linux: no emulator",
}
FLOOR = "ART_FLOOR"

#: Debian's source package of ART: its own build leaves the compiler out.
ART = "android-platform-art"
ART_FILES = {
    "android-platform-art_14.0.0+r15-4.dsc": "b03c37be4c60d6e47d4a3eedf851aeaf7c5cf25c291ab7e851326a83b2fa11f3",
    "android-platform-art_14.0.0+r15-4.debian.tar.xz": (
        "daffaaf6a43c0458f611160d882f82a2a19165779ccc119e3fb2185224ee30b0"
    ),
    "android-platform-art_14.0.0+r15.orig.tar.xz": "0614a01ac9632c5e898c004da7fc115c57966f17e56e3a32f556557f71deacaf",
}

#: Debian's source package of Android's core library.
LIBCORE = "android-platform-libcore"
LIBCORE_VERSION = "10.0.0+r36-1"
LIBCORE_FILES = {
    "android-platform-libcore_10.0.0+r36-1.dsc": "7e92e8943eacd0bcdd8217eaa6e7c2b0454ff1a35e6836c4e94bf105ead6a6cd",
    "android-platform-libcore_10.0.0+r36-1.debian.tar.xz": (
        "f2272ad88282a49af3a06ebe30b712445271f9496f044e74c1b56ab3d2e5a335"
    ),
    "android-platform-libcore_10.0.0+r36.orig.tar.gz": (
        "75ff87e1ab93f4cc812a7f308d6c73d3853a60fd4beda16e5552c7b2e508cccc"
    ),
}

#: The wheel that brings D8 (BSD licence): a tool that is run, nothing of it is shipped.
WHEEL = "mobsf"
WHEEL_VERSION = "4.4.0"
WHEEL_SHA256 = "74329efc7eee885ca6b9448726ca448c6f5c7ca80ec3dc9a98ee11fb7cd7c0d4"
D8_MEMBER = "/bundletool-all-1.17.2.jar"

#: Loaded by every app process.
RUN_PACKAGES = (
    "android-libart android-libbacktrace android-libbase android-libboringssl android-liblog android-libnativebridge"
    " android-libnativehelper android-libnativeloader android-libziparchive libexpat1 liblz4-1 libtinyxml2-11"
).split()
#: Compilers and headers.
BUILD_PACKAGES = (
    "android-libbase-dev android-libboringssl-dev android-liblog-dev android-libnativehelper-dev"
    " android-libziparchive-dev binutils dpkg-dev g++ libasm-java libcap-dev libexpat1-dev libicu-dev libicu4j-java"
    " libsmali-java patch patchelf tzdata zlib1g-dev"
).split()
PACKAGES = sorted(RUN_PACKAGES + BUILD_PACKAGES)
#: For the compiler alone.
COMPILER_PACKAGES = (
    "android-libbacktrace-dev clang-19 libcpu-features-dev liblz4-dev libtinyxml2-dev lld-19 make python3"
).split()

JARS = Path("/usr/share/java")
ASM = ":".join(str(JARS / f"{name}.jar") for name in ("asm", "asm-commons", "asm-tree"))

#: Files of this package that say what is built; the rest runs or finds it.
INPUTS = (
    *("java", "native", "patches", "process", "resources", "tools"),
    *(
        f"{name}.py"
        for name in ("classes", "dex", "dexes", "fetch", "libart", "natives", "pins", "place", "runtime", "sources")
    ),
)


class BedError(Exception):
    """The bed cannot be built or used: at which ``step``, why, and what helps."""

    def __init__(self, step: str, why: str, hint: str = "") -> None:
        super().__init__(f"{step}: {why}" + (f" ({hint})" if hint else ""))
        self.step = step
        self.why = why
        self.hint = hint


def complete() -> bool:
    """Whether this tree can build: an installed wheel brings only what finds and runs a bed."""
    return all((HERE / name).exists() for name in (*INPUTS, "patches/ojluni", "patches/luni"))


def installed(names: Sequence[str] = PACKAGES) -> dict[str, str]:
    """Versions of the Debian packages that are here. Raises BedError where there is no dpkg."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        raise BedError("packages", f"the bed is for Linux on x86-64, this is {platform.system()} {platform.machine()}")
    query = ["dpkg-query", "-W", "-f", "${Package}\t${Version}\t${db:Status-Status}\n", *names]
    try:
        done = subprocess.run(query, capture_output=True, text=True, timeout=60, check=False)
    except OSError:
        raise BedError("packages", "no dpkg: the bed is made from the packages of Debian 13") from None
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    return {name: version for name, version, state in rows if state == "installed"}


def key(versions: dict[str, str], inputs: Sequence[str] = INPUTS) -> str:
    """Name of the build that these sources and these packages give: 16 hex digits."""
    digest = hashlib.sha256()
    for name in inputs:
        root = HERE / name
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(HERE).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    digest.update(repr(sorted(versions.items())).encode())
    return digest.hexdigest()[:16]
