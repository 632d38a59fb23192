"""The project's hook tests, and measurements of hooks, as jobs of the emulated arm64 machine."""

from __future__ import annotations

import importlib.util
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
    quoted = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
    return _run(
        floor,
        f"pytest -p no:cacheprovider --junitxml $OUT/junit.xml {quoted}",
        out,
        cpu=cpu,
        seconds=seconds,
        show=show,
    )


def hook_costs(floor: Floor, out: Path, *, cpu: str = CPUS[0], seconds: int = 1200) -> Ended:
    """What a hooked call costs in the machine, as ``costs.json`` in ``out``."""
    words = "bench.bench_costs --runtime art --rounds 3 --calls 100 > $OUT/costs.json"
    return _run(floor, words, out, cpu=cpu, seconds=seconds, show=False)


def _run(floor: Floor, words: str, out: Path, *, cpu: str, seconds: int, show: bool) -> Ended:
    with tempfile.TemporaryDirectory(prefix="arm64-job-") as folder:
        _job(floor, Path(folder), words)
        return run(floor.path, Path(folder), out, cpu=cpu, seconds=seconds, show=show)


def _job(floor: Floor, folder: Path, words: str) -> None:
    """The tree as the machine needs it: the agent compiled, test apps made into dex."""
    compile_agent = "from monitor.collectors.agent_build import agent; agent()"
    subprocess.run([sys.executable, "-c", compile_agent], cwd=_PROJECT, check=True)
    away = shutil.ignore_patterns("__pycache__", "golden", "node_modules")
    for name in ("monitor", "hooks", "tests/hooks", "tests/art"):
        shutil.copytree(_PROJECT / name, folder / name, ignore=away)
    (folder / "emulator" / "art").mkdir(parents=True)
    (folder / "bench").mkdir()
    sources = [*HERE.glob("*.py"), *_PROJECT.glob("tests/*.py"), *_PROJECT.glob("bench/*.py")]
    for path in (*sources, _PROJECT / "pyproject.toml"):
        shutil.copy2(path, folder / path.relative_to(_PROJECT))
    framework = folder / "emulator" / "java" / "standin.jar"
    framework.parent.mkdir()
    shutil.copy2(floor.bed.dex("framework", HERE.parent / "java" / "standin.jar"), framework)
    for jar in (folder / "tests" / "hooks").glob("*.jar"):
        shutil.copy2(floor.bed.dex("path", _PROJECT / "tests" / "hooks" / jar.name), jar)
    _compiled(folder)
    (folder / "run").write_text(f"exec python3 -u -m {words}\n")


def _compiled(folder: Path) -> None:
    """Beside each source what this Python, and its pytest, have made of it: the machine's, of the same version, looks
    at the times of both and need not compile, which takes it longer than many a test. Another version's is ignored."""
    for path in folder.rglob("*.py"):
        made = Path(importlib.util.cache_from_source(str(_PROJECT / path.relative_to(folder)))).parent
        for one in made.glob(f"{path.stem}.*.pyc"):
            (path.parent / "__pycache__").mkdir(exist_ok=True)
            shutil.copy2(one, path.parent / "__pycache__" / one.name)
