#!/usr/bin/env python3
"""Class files made into dex: ``dex app|framework|path PATH`` prints the jar (or path of jars) to load instead.

The bed has a copy of this file as ``bin/dex``, so it uses nothing but the standard library. What was made once is kept
in the bed's ``cache`` by the hash of the class files.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

KINDS = ("app", "framework", "path")
KEPT = 200
#: D8 is over before the better compiler pays: half the time with these.
QUICK = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_FRAMEWORK = "framework.classes.jar"
_EPOCH = (2020, 1, 1, 0, 0, 0)


class DexError(Exception):
    """D8 or the step before it refused the class files."""


def store(out: Path, *folders: Path) -> None:
    """A zip of the files of folders that lie in it uncompressed and aligned to 4 bytes, as ART maps dex files. Dex
    files come first: this is what tells such a jar from one of class files."""
    found = [(path.relative_to(folder).as_posix(), path) for folder in folders for path in folder.rglob("*")]
    members = sorted((not name.endswith(".dex"), name, path) for name, path in found if path.is_file())
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for _, name, path in members:
            info = zipfile.ZipInfo(name, _EPOCH)
            assert archive.fp
            if pad := -(archive.fp.tell() + 30 + len(name.encode())) % 4:
                info.extra = b"\xfe\xca" + pad.to_bytes(2, "little") + bytes(pad)
            archive.writestr(info, path.read_bytes())


def convert(bed: Path, kind: str, path: Path) -> Path:
    """The jar with the dex of a folder or jar of class files; ``path`` itself if it is one. Raises DexError.

    ``framework`` is the stand-in's own jar: the apps in it stay out, and so do classes that the core library has.
    An app is compiled against the framework that was converted last.
    """
    found = sorted(_members(path))
    if any(name == "classes.dex" for name, _ in found):
        return path
    if kind == "framework":
        with zipfile.ZipFile(bed / "tools" / "core.jar") as core:
            known = set(core.namelist())
        found = [(name, data) for name, data in found if not name.startswith("apps/") and name not in known]
    digest = hashlib.sha256()
    for name, data in found:
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    cache = bed / "cache"
    jar = cache / f"{kind}-{digest.hexdigest()[:16]}.jar"
    if jar.is_file():
        os.utime(jar)
        return jar
    with tempfile.TemporaryDirectory(dir=cache) as work:
        _convert(bed, kind, found, Path(work), jar)
    _prune(cache)
    return jar


def _convert(bed: Path, kind: str, found: list[tuple[str, bytes]], work: Path, jar: Path) -> None:
    classes, rest, made = work / "in.jar", work / "rest", work / "dex"
    made.mkdir()
    rest.mkdir()
    with zipfile.ZipFile(classes, "w") as archive:
        for name, data in found:
            if name.endswith(".class"):
                archive.writestr(name, data)
            elif not name.startswith("META-INF/"):
                (rest / name).parent.mkdir(parents=True, exist_ok=True)
                (rest / name).write_bytes(data)
    tools, fitted = bed / "tools", work / "fitted.jar"
    asm = (tools / "asm").read_text().strip()
    words = ["framework"] if kind == "framework" else []
    _java(bed, "-cp", f"{tools}:{asm}", "Jar", str(classes), str(fitted), *words)
    options = ["--lib", str(tools / "core.jar")]
    framework = bed / "cache" / _FRAMEWORK
    if kind == "app" and framework.is_file():
        options += ["--classpath", str(framework)]
    d8 = [*QUICK, "-Xmx2g", "-cp", str(tools / "d8.jar"), "com.android.tools.r8.D8", "--debug", "--min-api", "29"]
    _java(bed, *d8, *options, "--output", str(made), str(fitted))
    store(work / "out.jar", made, rest)
    if kind == "framework":
        shutil.move(fitted, work / "framework")
        (work / "framework").replace(framework)
    (work / "out.jar").replace(jar)


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        for file in path.rglob("*"):
            if file.is_file():
                yield file.relative_to(path).as_posix(), file.read_bytes()
    else:
        try:
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    if not name.endswith("/") and ".." not in Path(name).parts and not name.startswith("/"):
                        yield name, archive.read(name)
        except (OSError, zipfile.BadZipFile) as bad:
            raise DexError(f"{path.name} is no folder and no jar: {bad}") from None


def _java(bed: Path, *words: str) -> None:
    java = (bed / "tools" / "jdk").read_text().strip()
    java = java if Path(java).is_file() else shutil.which("java") or "java"
    hidden = ("LD_", "ANDROID_", "JAVA_", "JDK_", "_JAVA")
    env = {key: value for key, value in os.environ.items() if not key.startswith(hidden)}
    try:
        done = subprocess.run([java, *words], env=env, capture_output=True, text=True, timeout=300, check=False)
    except (OSError, subprocess.TimeoutExpired) as bad:
        raise DexError(f"java does not run: {type(bad).__name__}") from None
    if done.returncode:
        lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        telling = [line for line in lines if "rror" in line] or lines or ["no message"]
        raise DexError(f"the classes cannot be made into dex: {telling[0][:300]}")


def _prune(cache: Path) -> None:
    """Keep the jars that were used last."""
    jars = sorted(cache.glob("*-*.jar"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in jars[KEPT:]:
        path.unlink(missing_ok=True)


def main() -> int:
    if len(sys.argv) != 3 or sys.argv[1] not in KINDS:
        print(__doc__, file=sys.stderr)
        return 2
    bed = Path(__file__).resolve().parent.parent
    try:
        parts = [Path(part) for part in sys.argv[2].split(":")]
        print(":".join(str(convert(bed, sys.argv[1], part)) for part in parts if part.exists()))
    except DexError as bad:
        print(f"dex: {bad}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
