"""Builds ``standin.jar``: the stand-in's framework classes and the sample apps below ``apps/<name>/``.

Needs ``javac`` 17 or newer; only people who change the Java sources need it, the jar is in the tree.

    python emulator/java/build.py [--out FILE] [--only-framework] [--app DIR]...
    python emulator/java/build.py --package APP_DIR --out APP.zip

Layout of the sources::

    framework/**/*.java                android.*, androidx.*, dalvik.*, standin.*
    generated/**/*.java                by generate.py from the hook catalogue: what framework/ does not have
    apps/<name>/AndroidManifest.xml    plain text
    apps/<name>/src/**/*.java          the app's code
    apps/<name>/sources                optional: more source folders, one a line, relative to ``apps/<name>``
    apps/<name>/assets/**, res/**      copied as they are

An app is compiled against the framework classes only. The jar has sorted entries and fixed times, so that the same
sources and the same compiler give the same bytes.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
JAR = HERE / "standin.jar"
EPOCH = (1980, 1, 1, 0, 0, 0)
COPIED = ("assets", "res")


class BuildError(Exception):
    """The compiler is missing or refused a source."""


def find_javac() -> str | None:
    """Path of a Java compiler, or None."""
    return shutil.which("javac")


def compile_sources(sources: list[Path], out: Path, classpath: Path | None) -> None:
    """Compiles ``sources`` to ``out``; raises BuildError with the compiler's words."""
    javac = find_javac()
    if javac is None:
        raise BuildError("javac was not found; install a JDK 17 to change the Java sources")
    out.mkdir(parents=True, exist_ok=True)
    # Its runs are short: the JVM's second compiler and parallel collector cost more than they give. Same classes.
    command = [javac, "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"]
    command += ["-g", "--release", "17", "-encoding", "UTF-8", "-proc:none", "-implicit:none"]
    command += ["-Xlint:-options", "-nowarn", "-XDcompilePolicy=simple", "-Xmaxerrs", "60", "-d", str(out)]
    if classpath is not None:
        command += ["-cp", str(classpath)]
    command += ["-sourcepath", ""]
    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False, encoding="utf-8") as listing:
        listing.write("\n".join(f'"{path}"' for path in sorted(sources)))
    try:
        done = subprocess.run([*command, f"@{listing.name}"], capture_output=True, text=True, check=False)
    finally:
        Path(listing.name).unlink()
    if done.returncode:
        raise BuildError(done.stdout + done.stderr)


def build_framework(out: Path) -> None:
    """Framework classes to ``out``."""
    compile_sources([path for part in ("framework", "generated") for path in (HERE / part).rglob("*.java")], out, None)


def build_app(app: Path, out: Path, framework: Path) -> None:
    """One app folder to ``out``: AndroidManifest.xml, classes/**, assets/**."""
    roots = [app / "src"]
    extra = app / "sources"
    if extra.exists():
        roots += [(app / line.strip()).resolve() for line in extra.read_text("utf-8").splitlines() if line.strip()]
    sources = [path for root in roots for path in sorted(root.rglob("*.java"))]
    compile_sources(sources, out / "classes", framework)
    shutil.copyfile(app / "AndroidManifest.xml", out / "AndroidManifest.xml")
    for name in COPIED:
        if (app / name).is_dir():
            shutil.copytree(app / name, out / name)


def pack(root: Path, jar: Path) -> None:
    """Zips ``root`` to ``jar``, sorted and with fixed times."""
    with zipfile.ZipFile(jar, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(root.rglob("*"), key=lambda item: item.relative_to(root).as_posix()):
            if path.is_file():
                info = zipfile.ZipInfo(path.relative_to(root).as_posix(), EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                archive.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def build(jar: Path, apps: list[Path]) -> None:
    """Everything to ``jar`` (replaced only when all of it compiled)."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "root"
        build_framework(root)
        plain = Path(name) / "framework"
        shutil.copytree(root, plain)
        for app in apps:
            build_app(app, root / "apps" / app.name, plain)
        fresh = jar.with_suffix(".new")
        pack(root, fresh)
        fresh.replace(jar)


def package_app(app: Path, archive: Path) -> None:
    """One app folder to an installable archive (AndroidManifest.xml, classes/**)."""
    with tempfile.TemporaryDirectory() as name:
        framework = Path(name) / "framework"
        build_framework(framework)
        build_app(app, Path(name) / "app", framework)
        pack(Path(name) / "app", archive)


def bundled_apps() -> list[Path]:
    """Folders of the sample apps."""
    return sorted(path.parent for path in (HERE / "apps").glob("*/AndroidManifest.xml"))


def main() -> int:
    """Command line; 0 done, 1 the compiler refused."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=JAR)
    parser.add_argument("--only-framework", action="store_true", help="leave the sample apps out")
    parser.add_argument("--app", type=Path, action="append", help="app folder to add instead of the bundled ones")
    parser.add_argument("--package", type=Path, metavar="APP", help="write an installable archive of this app folder")
    options = parser.parse_args()
    apps = [] if options.only_framework else (options.app or bundled_apps())
    try:
        if options.package:
            package_app(options.package, options.out)
        else:
            build(options.out, apps)
    except BuildError as error:
        print(str(error), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
