"""The core library's source: unpacked, fitted to ART 14 by ``patches/``."""

from __future__ import annotations

import re
from pathlib import Path

from .pins import HERE, LIBCORE_FILES
from .place import Place

#: ART 14 looks these up in their later package.
_MOVED = "FloatingDecimal FDBigInteger FormattedFloatingDecimal FloatConsts DoubleConsts".split()


def run(place: Place) -> None:
    """To ``work/libcore``."""
    (dsc,) = [place.downloads / name for name in LIBCORE_FILES if name.endswith(".dsc")]
    tree = place.work / "libcore"
    place.run("sources", ["dpkg-source", "--no-check", "-x", dsc, tree])
    for patch in sorted((HERE / "patches").glob("*/*.patch")):
        place.run("sources", ["patch", "-s", "-p1", "--fuzz=0", "-d", tree, "-i", patch])
    moved = tree / "moved" / "jdk" / "internal" / "math"
    moved.mkdir(parents=True)
    for name in _MOVED:
        text = (tree / "ojluni/src/main/java/sun/misc" / f"{name}.java").read_text("utf-8")
        text = text.replace("package sun.misc;", "package jdk.internal.math;")
        (moved / f"{name}.java").write_text(re.sub(r"sun\.misc\.([FD])", r"jdk.internal.math.\1", text), "utf-8")


def java_files(tree: Path) -> list[str]:
    """The Java files of the core libraries, relative to ``tree``, as their build files (``*.bp``) list them."""
    found: list[str] = []
    for name in ("openjdk_java_files.bp", "non_openjdk_java_files.bp"):
        text = (tree / name).read_text("utf-8")
        groups = re.findall(r'name: "([^"]+)",\s*(?:visibility: \[[^\]]*\],\s*)?srcs: \[([^\]]*)\]', text)
        for group, files in groups:
            if group != "openjdk_lambda_duplicate_stub_files":
                found += [file for file in re.findall(r'"([^":]+\.java)"', files) if "*" not in file]
    return list(dict.fromkeys(found))
