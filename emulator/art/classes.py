"""The core library's classes: libcore, ours in ``java/``, and ICU under Android's package names."""

from __future__ import annotations

import zipfile
from pathlib import Path

from .pins import ASM, HERE, JARS
from .place import Place
from .sources import java_files

_FOLDERS = "ojluni/src/main luni/src/main libart/src/main dalvik/src/main json/src/main xml/src/main ojluni/src/lambda"


def run(place: Place) -> None:
    """To ``work/core.jar`` and ``work/icu.jar``, as D8 takes them."""
    tree, work = place.work / "libcore", place.work
    tools = place.out / "tools"
    tools.mkdir(parents=True)
    place.run("classes", ["javac", "-nowarn", "-cp", ASM, "-d", tools, HERE / "tools" / "Jar.java"])
    jar = ["java", "-cp", f"{tools}:{ASM}", "Jar"]
    place.run("classes", [*jar, JARS / "icu4j.jar", work / "icu.jar", "com/ibm/icu", "android/icu"])
    files = [str(tree / name) for name in java_files(tree)]
    files += [str(path) for root in (tree / "moved", HERE / "java") for path in sorted(root.rglob("*.java"))]
    listing = work / "files"
    listing.write_text("\n".join(f'"{name}"' for name in files), "utf-8")
    patched = [*(tree / name / "java" for name in _FOLDERS.split()), tree / "moved", HERE / "java", work / "icu.jar"]
    classes = work / "classes"
    options = "-nowarn -proc:none -implicit:none -XDignore.symbol.file -XDstringConcat=inline -g -encoding UTF-8"
    command = ["javac", "-J-Xmx3g", *options.split(), "--limit-modules", "java.base"]
    command += ["--patch-module", "java.base=" + ":".join(map(str, patched)), "-d", str(classes), f"@{listing}"]
    place.run("classes", command)
    (classes / "java/lang/Record.class").unlink()  # D8 3.3 cannot take it: tools/Record.smali stands for it
    _zip(classes, work / "core.in.jar")
    place.run("classes", [*jar, work / "core.in.jar", work / "core.jar"])


def _zip(folder: Path, out: Path) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.rglob("*.class")):
            archive.write(path, path.relative_to(folder).as_posix())
