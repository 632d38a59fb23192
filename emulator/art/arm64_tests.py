"""The project's hook tests as a job of the emulated arm64 machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .arm64 import Floor
from .arm64_machine import CPUS, Ended, run
from .pins import HERE

_PROJECT = HERE.parents[1]


def hook_tests(
    floor: Floor, words: Sequence[str], out: Path, *, cpu: str = CPUS[0], seconds: int = 900, show: bool = False
) -> Ended:
    """Run pytest with ``words`` in the machine, on this tree. Its ``junit.xml`` is in ``out``."""
    with tempfile.TemporaryDirectory(prefix="arm64-job-") as folder:
        _job(floor, Path(folder), words)
        return run(floor.path, Path(folder), out, cpu=cpu, seconds=seconds, show=show)


def _job(floor: Floor, folder: Path, words: Sequence[str]) -> None:
    """The tree as the machine needs it: the agent compiled, test apps made into dex."""
    compile_agent = "from monitor.collectors.agent_build import agent; agent()"
    subprocess.run([sys.executable, "-c", compile_agent], cwd=_PROJECT, check=True)
    away = shutil.ignore_patterns("__pycache__", "golden", "node_modules")
    for name in ("monitor", "hooks", "tests/hooks", "tests/art"):
        shutil.copytree(_PROJECT / name, folder / name, ignore=away)
    (folder / "emulator" / "art").mkdir(parents=True)
    for path in (*HERE.glob("*.py"), *_PROJECT.glob("tests/*.py"), _PROJECT / "pyproject.toml"):
        shutil.copy2(path, folder / path.relative_to(_PROJECT))
    framework = folder / "emulator" / "java" / "standin.jar"
    framework.parent.mkdir()
    shutil.copy2(floor.bed.dex("framework", HERE.parent / "java" / "standin.jar"), framework)
    for jar in (folder / "tests" / "hooks").glob("*.jar"):
        shutil.copy2(floor.bed.dex("path", _PROJECT / "tests" / "hooks" / jar.name), jar)
    quoted = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
    (folder / "run").write_text(f"exec python3 -u -m pytest -p no:cacheprovider --junitxml $OUT/junit.xml {quoted}\n")
