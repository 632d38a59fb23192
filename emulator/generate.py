"""Everything that is generated and committed, in one step: ``uv run python -m emulator.generate [--check]``.

From the hook catalogue: ``hooks/CATALOGUE.md`` and the stand-in's generated Java. From Java sources, where javac 17 is
on the path: ``emulator/java/standin.jar``. ``--check`` writes nothing, names what is stale and exits 1.
A test fails for a stale file and names this step.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_JAVA = ROOT / "emulator" / "java"
STEP = "uv run python -m emulator.generate"


def _content(archive: Path) -> dict[str, bytes]:
    if not archive.is_file():
        return {}
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def javac() -> int:
    """Release of the javac on the path; 0 = none."""
    program = shutil.which("javac")
    said = subprocess.run([program, "-version"], capture_output=True, text=True).stdout if program else ""
    found = re.search(r"(\d+)", said)
    return int(found.group(1)) if found else 0


def stale_texts() -> list[Path]:
    """Generated texts that are not what the catalogue says."""
    from emulator.java import generate
    from hooks import page

    old = generate.stale(generate.everything())
    fresh = page.PAGE.is_file() and page.PAGE.read_text("utf-8") == page.page()
    return old if fresh else [*old, page.PAGE]


def _jar(into: Path) -> tuple[Path, Path]:
    """The committed jar and a fresh one in a directory. Raises ``BuildError``."""
    from emulator.java import build

    build.build(into / build.JAR.name, build.bundled_apps())
    return build.JAR, into / build.JAR.name


def stale_jar() -> list[Path]:
    """The jar, if it is not what its sources say. Needs javac 17."""
    with tempfile.TemporaryDirectory() as name:
        old, fresh = _jar(Path(name))
        return [old] if _content(old) != _content(fresh) else []


def write() -> None:
    """Write what is stale."""
    from emulator.java import generate
    from hooks import page

    sys.argv[1:] = []
    generate.main()
    page.main()
    if javac() == 17:
        with tempfile.TemporaryDirectory() as name:
            old, fresh = _jar(Path(name))
            if _content(old) != _content(fresh):
                shutil.copyfile(fresh, old)
    else:
        print("no javac 17 on the path: standin.jar was left as it is", file=sys.stderr)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if something is stale")
    if parser.parse_args().check:
        old = [*stale_texts(), *(stale_jar() if javac() == 17 else ())]
        for path in old:
            print(f"stale: {path.relative_to(ROOT)}", file=sys.stderr)
        return 1 if old else 0
    write()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
