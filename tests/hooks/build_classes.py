"""Compiles the test classes into the committed jars (needs javac 17): ``python tests/hooks/build_classes.py``."""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
JARS = {"classes.jar": "java", "hidden.jar": "java_hidden"}


def build(name: str, target: Path) -> None:
    """Compile one source tree into a jar whose bytes depend on the sources only."""
    javac = shutil.which("javac")
    assert javac, "no javac"
    with tempfile.TemporaryDirectory() as out:
        sources = sorted(str(path) for path in (HERE / JARS[name]).rglob("*.java"))
        # Without the JVM's second compiler and parallel collector: as in emulator/java/build.py, the same bytes.
        short = ["-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"]
        subprocess.run(
            [javac, *short, "--release", "17", "-encoding", "UTF-8", "-g", "-nowarn", "-d", out, *sources], check=True
        )
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as jar:
            for path in sorted(Path(out).rglob("*.class")):
                info = zipfile.ZipInfo(path.relative_to(out).as_posix(), (2020, 1, 1, 0, 0, 0))
                jar.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    for jar in JARS:
        build(jar, HERE / jar)
    sys.exit(0)
