"""The boot class path: dex of the core library, of ICU, and of the few classes that stand alone."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

from .dex import QUICK, store
from .pins import HERE, JARS
from .place import Place

#: Locales whose resources stay in ICU's data; the other 200 are only size.
_LOCALES = ("de", "en", "zh")


def run(place: Place) -> None:
    """To ``out/boot``."""
    work, boot = place.work, place.out / "boot"
    boot.mkdir(parents=True)
    made = work / "dex"
    _d8(place, made / "core", ["--min-api", "32", "--classpath", work / "icu.jar", work / "core.jar"])
    _d8(place, made / "icu", ["--min-api", "32", "--lib", work / "core.jar", work / "icu.jar"])
    record = made / "record" / "classes.dex"
    record.parent.mkdir()
    smali: list[str | Path] = ["java", "-cp", JARS / "smali.jar", "org.jf.smali.Main", "assemble", "-a", "29"]
    place.run("dexes", [*smali, "-o", record, HERE / "tools" / "Record.smali"])
    resources = work / "resources"
    shutil.copytree(work / "libcore/ojluni/src/main/resources", resources / "core")
    shutil.copytree(HERE / "resources", resources / "core", dirs_exist_ok=True)
    _icu_data(work / "icu.jar", resources / "icu")
    store(boot / "core.jar", made / "core", resources / "core")
    store(boot / "icu.jar", made / "icu", resources / "icu")
    store(boot / "record.jar", made / "record")
    _process(place, boot / "process.jar")


def _d8(place: Place, out: Path, words: list[str | Path]) -> None:
    out.mkdir(parents=True)
    d8: list[str | Path] = ["-cp", place.work / "d8.jar", "com.android.tools.r8.D8", "--debug", "--output", out]
    place.run("dexes", ["java", *QUICK, "-Xmx3g", *d8, *words])


def _icu_data(jar: Path, out: Path) -> None:
    with zipfile.ZipFile(jar) as archive:
        names = [n for n in archive.namelist() if n.startswith("android/icu/") and not n.endswith((".class", "/"))]
        archive.extractall(out, [name for name in names if _kept(name)])


def _kept(name: str) -> bool:
    locale = re.fullmatch(r"([a-z]{2,3})(_.*)?\.res", name.rsplit("/", 1)[1])
    return locale is None or locale[1] in _LOCALES or name.endswith("/res_index.res")


def _process(place: Place, jar: Path) -> None:
    """android.os.Process for programs that run without the stand-in's framework."""
    classes = place.work / "process"
    sources = sorted((HERE / "process").rglob("*.java"))
    place.run("dexes", ["javac", "-nowarn", "-proc:none", "--release", "11", "-d", classes, *sources])
    made = place.work / "dex" / "process"
    words: list[str | Path] = ["--min-api", "29", "--lib", place.work / "core.jar", *sorted(classes.rglob("*.class"))]
    _d8(place, made, words)
    store(jar, made)
