"""The bed's core library as the system image that a compiler of Java 17 asks for, in AOSP's way: a module of
everything, with types of later levels that the framework names."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from pathlib import Path

from emulator.art.bed import find
from emulator.art.pins import ASM, JARS
from emulator.art.place import Place

_LATER = Path(__file__).resolve().parent / "later"


def icu(place: Place) -> None:
    """To ``work/icu.jar``: ICU with Android's package names."""
    tools = find().path / "tools"
    place.run(
        "icu",
        [
            "java",
            "-cp",
            f"{tools}:{ASM}",
            "Jar",
            JARS / "icu4j.jar",
            place.work / "icu.jar",
            "com/ibm/icu",
            "android/icu",
        ],
    )


def run(place: Place) -> None:
    """To ``work/system``."""
    jdk, work = Path(os.path.realpath(shutil.which("javac") or "")).parents[1], place.work
    classes = work / "system.classes"
    with zipfile.ZipFile(find().path / "tools" / "core.jar") as core, zipfile.ZipFile(work / "icu.jar") as other:
        core.extractall(classes, [name for name in core.namelist() if name.endswith(".class")])
        other.extractall(
            classes, [name for name in other.namelist() if name.startswith("android/icu/") and name.endswith(".class")]
        )
    later = [str(path) for folder in (_LATER, work / "later") for path in sorted(folder.rglob("*.java"))]
    javac: list[str | Path] = [jdk / "bin" / "javac", "-nowarn", "-proc:none", "--system=none", "-d", classes]
    place.run("system", [*javac, f"--patch-module=java.base={_LATER}:{work / 'later'}:{classes}", *later])
    with zipfile.ZipFile(find().path / "tools" / "core.jar") as core:  # what is new goes into the floor's jar, too
        known = set(core.namelist())
    for path in classes.rglob("*.class"):
        name = path.relative_to(classes).as_posix()
        if name not in known and not name.startswith(("android/icu/", "java/lang/Record")):
            (work / "later.classes" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, work / "later.classes" / name)
    packages = sorted(
        {path.parent.relative_to(classes).as_posix().replace("/", ".") for path in classes.rglob("*.class")} - {"."}
    )
    info = work / "module-info.java"
    info.write_text("module java.base {\n" + "".join(f"  exports {one};\n" for one in packages) + "}\n")
    place.run("system", [*javac, f"--patch-module=java.base={classes}", info])
    version = re.search(r'JAVA_VERSION="([\d.]+)"', (jdk / "release").read_text())
    assert version
    mods = work / "mods"
    mods.mkdir()
    place.run(
        "system",
        [
            jdk / "bin" / "jmod",
            "create",
            "--module-version",
            version[1],
            "--target-platform",
            "linux-amd64",
            "--class-path",
            classes,
            mods / "java.base.jmod",
        ],
    )
    words: list[str | Path] = ["--module-path", mods, "--add-modules", "java.base", "--output", work / "system"]
    place.run("system", [jdk / "bin" / "jlink", *words, "--disable-plugin", "system-modules"])
    shutil.copy2(jdk / "lib" / "jrt-fs.jar", work / "system" / "lib")
