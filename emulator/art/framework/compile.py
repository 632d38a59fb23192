"""The framework's classes, by ecj: what does not compile becomes a body that throws."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

from emulator.art.bed import find
from emulator.art.pins import JARS, BedError
from emulator.art.place import Place

from .stubs import STANDIN
from .words import java

HERE = Path(__file__).resolve().parent
LOG = "ecj.log"
ECJ = ":".join(str(JARS / f"eclipse-jdt-core{name}.jar") for name in ("-compiler-batch", ""))
#: Changes of the source. Critical natives get neither environment nor class, ours do; and the bed's core library has no
#: factories of collections.
_SOURCE = (
    (re.compile(r"@(dalvik\.annotation\.optimization\.)?(CriticalNative|FastNative)\b"), ""),
    (re.compile(r"(?<![\w.])(List|Set|Map)\.(?:of|copyOf)\("), r"aosp.Of.\1("),
)


def plainer(text: str) -> str:
    """A source as the bed's core library can have it."""
    for pattern, other in _SOURCE:
        text = pattern.sub(other, text)
    return text


def java21() -> Path:
    """A Java of level 21 or later: Debian's ecj is compiled for it. Raises BedError."""
    for release in sorted(Path("/usr/lib/jvm").glob("*/release")):
        told = re.search(r'JAVA_VERSION="(\d+)', release.read_text())
        if told and int(told[1]) >= 21 and (release.parent / "bin" / "java").is_file():
            return release.parent / "bin" / "java"
    raise BedError("packages", "no Java 21: ecj needs one", "apt-get install openjdk-21-jre-headless")


def run(place: Place) -> None:
    """To ``work/classes``: the framework's, and the floor's own."""
    work = place.work
    tree = work / "java"
    sources = java(work)
    for folder in (work / "stubs", work / "served", HERE / "java"):
        sources |= {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.java")}
    for name, path in sources.items():
        out = tree / name
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(plainer(path.read_text("utf-8")), "utf-8")
    ecj(place, tree, work / "classes", others(work, {name.removesuffix(".java") for name in sources}))


def others(work: Path, have: set[str]) -> Path:
    """Classes of the stand-in that are in neither the framework nor the core library: other modules', for a start."""
    with zipfile.ZipFile(find().path / "tools" / "core.jar") as core:
        packages = {name.rpartition("/")[0] for name in core.namelist()}
    out = work / "others.jar"
    with zipfile.ZipFile(STANDIN) as jar, zipfile.ZipFile(out, "w") as made:
        for name in jar.namelist():
            top = name.removesuffix(".class").split("$")[0]
            if (
                name.endswith(".class")
                and not name.startswith("apps/")
                and top not in have
                and top.rpartition("/")[0] not in packages
            ):
                made.writestr(name, jar.read(name))
    return out


def ecj(place: Place, tree: Path, out: Path, *classpath: Path) -> None:
    """Compile the Java files of a folder. What did not compile is in ``LOG``."""
    listing, log = place.work / "listing", place.out / LOG
    listing.write_text("\n".join(f'"{path}"' for path in sorted(tree.rglob("*.java"))))
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    options = "-17 -proc:none -nowarn -g -proceedOnError -encoding UTF-8 -maxProblems 1000000".split()
    command = [
        "nice",
        str(java21()),
        "-Xmx4g",
        "-XX:+UseParallelGC",
        "-cp",
        ECJ,
        "org.eclipse.jdt.internal.compiler.batch.Main",
    ]
    command += [
        *options,
        "--system",
        str(place.work / "system"),
        "-cp",
        ":".join(map(str, classpath)),
        "-d",
        str(out),
        f"@{listing}",
    ]
    place.run("compile", ["sh", "-c", '"$@" > "$0" 2>&1; true', str(log), *command])
    assert any(out.rglob("*.class")), f"ecj made nothing: {log}"
