"""Builds ``standin.jar``: the stand-in's framework classes and the sample apps below ``apps/<name>/``.

Needs ``javac`` 17 or newer; only people who change the Java sources need it, the jar is in the tree.

    python -m emulator.java.build [--out FILE] [--only-framework] [--app DIR]...
    python -m emulator.java.build --package APP_DIR --out APP.zip

Layout of the sources::

    framework/**/*.java                android.*, androidx.*, dalvik.*, standin.*
    generated/**/*.java                by generate.py from the hook catalogue: what framework/ does not have
    members.txt                        constants and plain properties of framework/'s classes (members.py)
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
from typing import NamedTuple

from emulator.java.fill import filled
from emulator.java.members import expanded

HERE = Path(__file__).resolve().parent
JAR = HERE / "standin.jar"
EPOCH = (1980, 1, 1, 0, 0, 0)
COPIED = ("assets", "res")


class BuildError(Exception):
    """The compiler is missing or refused a source."""


class Task(NamedTuple):
    """Sources for one run of the compiler, and where their classes go."""

    sources: list[Path]
    out: Path
    classpath: Path | None


def compile_all(tasks: list[Task]) -> None:
    """Run the compiler for each task, in one virtual machine: its start costs more than most runs. Raises BuildError
    with the compiler's words."""
    javac = shutil.which("javac")
    if javac is None:
        raise BuildError("javac was not found; install a JDK 17 to change the Java sources")
    with tempfile.TemporaryDirectory() as name:
        lines = []
        for number, task in enumerate(tasks):
            task.out.mkdir(parents=True, exist_ok=True)
            listing = Path(name) / f"{number}.txt"
            listing.write_text("\n".join(f'"{path}"' for path in sorted(task.sources)), "utf-8")
            words = ["-g", "--release", "17", "-encoding", "UTF-8", "-proc:none", "-implicit:none"]
            words += ["-Xlint:-options", "-nowarn", "-XDcompilePolicy=simple", "-Xmaxerrs", "60", "-d", str(task.out)]
            words += ["-cp", str(task.classpath)] if task.classpath is not None else []
            lines.append("\t".join([*words, "-sourcepath", "", f"@{listing}"]))
        steps = Path(name) / "tasks"
        steps.write_text("\n".join(lines), "utf-8")
        # Short runs: the JVM's second compiler and parallel collector cost more than they give. Same classes.
        java = [str(Path(javac).resolve().parent / "java"), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
        done = subprocess.run([*java, str(HERE / "Compile.java"), steps], capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(done.stdout + done.stderr)


def _framework(out: Path) -> None:
    """Compile the framework, with its plain members (`members.py`); and once more what lacks members that rows of the
    catalogue name (`fill.py`)."""
    sources = [path for part in ("framework", "generated") for path in (HERE / part).rglob("*.java")]
    with tempfile.TemporaryDirectory() as name:
        whole = Path(name) / "members"
        try:
            compile_all([Task(expanded(sources, whole), out, None)])
            again = filled(out, Path(name) / "filled", whole)
        except ValueError as bad:
            raise BuildError(str(bad)) from None
        if again:
            compile_all([Task(again, out, out)])


def _app(app: Path, out: Path, framework: Path) -> Task:
    """The app's code; AndroidManifest.xml and assets are copied beside the classes."""
    roots = [app / "src"]
    extra = app / "sources"
    if extra.exists():
        roots += [(app / line.strip()).resolve() for line in extra.read_text("utf-8").splitlines() if line.strip()]
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(app / "AndroidManifest.xml", out / "AndroidManifest.xml")
    for name in COPIED:
        if (app / name).is_dir():
            shutil.copytree(app / name, out / name)
    return Task([path for root in roots for path in sorted(root.rglob("*.java"))], out / "classes", framework)


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
        root, plain = Path(name) / "root", Path(name) / "framework"
        root.mkdir()
        _framework(plain)
        compile_all([_app(app, root / "apps" / app.name, plain) for app in apps])
        shutil.copytree(plain, root, dirs_exist_ok=True)
        fresh = jar.with_suffix(".new")
        pack(root, fresh)
        fresh.replace(jar)


def package_app(app: Path, archive: Path) -> None:
    """One app folder to an installable archive (AndroidManifest.xml, classes/**), compiled against the jar in the
    tree."""
    with tempfile.TemporaryDirectory() as name:
        compile_all([_app(app, Path(name), JAR)])
        pack(Path(name), archive)


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
