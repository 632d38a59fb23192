"""Debian's packages for arm64: downloaded by an apt with a state of its own, unpacked, never installed.

The machine's own dpkg is not told of another architecture.
"""

from __future__ import annotations

import re
from pathlib import Path

from .fetch import archives
from .pins import RUN_PACKAGES, BedError
from .place import Place

KERNEL = "linux-image-cloud-arm64"
#: What the machine runs beside the kernel. The names that apt is asked for bring the others along.
WANTED = ["busybox-static", "python3.13", *RUN_PACKAGES, "libicu76", "libcap2"]
GUEST = (
    *(
        "busybox-static libc6 gcc-14-base libgcc-s1 libstdc++6 zlib1g libbz2-1.0 liblzma5 libzstd1 libffi8 libssl3t64"
    ).split(),
    *("libuuid1 libcap2 libicu76 libxxhash0 7zip python3.13 python3.13-minimal libpython3.13-minimal").split(),
    *("libpython3.13-stdlib", "libsqlite3-0", "tzdata", *RUN_PACKAGES),
)
#: What is compiled and linked against.
SYSROOT = (
    "libc6-dev libstdc++-14-dev zlib1g-dev libexpat1-dev libicu-dev libcap-dev android-libbase-dev"
    " android-libboringssl-dev android-liblog-dev android-libnativehelper-dev android-libziparchive-dev"
).split() + list(RUN_PACKAGES)

_CONF = """\
APT::Architecture "arm64"; APT::Architectures {{ "arm64"; }};
Dir::State "{apt}/state"; Dir::State::status "{apt}/state/status"; Dir::Cache "{apt}/cache";
Dir::Etc::SourceList "{apt}/none"; Dir::Etc::SourceParts "{apt}/parts"; Dir::Etc::Main "{apt}/none";
Dir::Etc::Parts "{apt}/none.d"; Dir::Etc::Preferences "{apt}/none"; Dir::Etc::PreferencesParts "{apt}/none.d";
Dir::Etc::TrustedParts "/etc/apt/trusted.gpg.d"; APT::Install-Recommends "false"; APT::Sandbox::User "root";
Acquire::Languages "none";
"""


def download(place: Place) -> tuple[Path, Path]:
    """The folders of the packages to run and to build with. Raises BedError."""
    apt = place.work / "apt"
    for inner in ("state/lists/partial", "cache", "parts", "none.d"):
        (apt / inner).mkdir(parents=True)
    (apt / "state" / "status").write_text("")
    entries = [re.sub(r"^Architectures:.*\n", "", entry, flags=re.M) for entry in archives("deb")]
    (apt / "parts" / "own.sources").write_text("\n\n".join(f"{one}\nArchitectures: arm64" for one in entries) + "\n")
    (apt / "conf").write_text(_CONF.format(apt=apt))
    get = ["env", f"APT_CONFIG={apt / 'conf'}", "apt-get", "-q", "-y"]
    hint = "is the Debian archive reachable?"
    place.run("packages", [*get, "update", "--error-on=any"], hint=hint)
    found = []
    for part, wanted in (("run", [KERNEL, *WANTED]), ("dev", SYSROOT)):
        folder = place.downloads / "arm64" / part
        (folder / "partial").mkdir(parents=True, exist_ok=True)
        fetch = [*get, "-o", f"Dir::Cache::archives={folder}", "--download-only", "install", *wanted]
        place.run("packages", fetch, hint=hint)
        found.append(folder)
    return found[0], found[1]


def unpack(place: Place, folder: Path, names: list[str] | tuple[str, ...], to: Path) -> None:
    """Packages by name, or all with ``["*"]``, below ``to``, where ``/bin`` is ``/usr/bin`` and so on."""
    for name in ("bin", "lib", "sbin"):
        (to / "usr" / name).mkdir(parents=True, exist_ok=True)
        (to / name).symlink_to(f"usr/{name}")
    for name in names:
        found = sorted(folder.glob(f"{name}_*.deb" if name != "*" else "*.deb"), key=lambda path: path.stat().st_mtime)
        if not found:
            raise BedError("packages", f"{name} for arm64 did not come")
        for deb in found if name == "*" else found[-1:]:
            place.run("packages", ["dpkg", "-x", deb, to])


def kernel(place: Place, folder: Path) -> Path:
    """The folder of the kernel's package, unpacked."""
    to = place.work / "kernel"
    to.mkdir()
    for deb in sorted(folder.glob("linux-image-[0-9]*-cloud-arm64_*.deb"), key=lambda path: path.stat().st_mtime)[-1:]:
        place.run("packages", ["dpkg", "-x", deb, to])
        return to
    raise BedError("packages", f"{KERNEL} brought no kernel")
