"""The commands as on Windows, as far as this machine can be made to look like it (``windows/sitecustomize.py``)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Modules are seen as on Windows only if pytest does not load them to rewrite their assertions; the first line says so.
CODE = """
import sys, pytest
from monitor.base import host
assert "creationflags" in host.APART and not host.FORKS
sys.exit(pytest.main(sys.argv[1:]))
"""
#: What is refused to an open directory, which Windows does not show in a mode.
NOT_THERE = ["tests/cli/test_wrong.py::test_a_wrong_use_is_answered_in_one_line[open]"]


def python(*words: str, code: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHONPATH": str(ROOT / "tests/hosts/windows"), "PYTHONWARNDEFAULTENCODING": "1"}
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=ROOT, env=env, capture_output=True, text=True, encoding="utf-8",
        timeout=400,
    )  # fmt: skip


def test_every_quick_test_of_the_commands_passes() -> None:
    """They record bundles, read, verify, analyse, report, redact and import them, and refuse what is wrong."""
    marks = "not (device or jvm or proxy or art or slow or extra)"
    words = ["-q", "-n", "0", "--assert=plain", "-p", "no:cacheprovider", "-m", marks, "tests/cli"]
    done = python(*words, *(word for name in NOT_THERE for word in ("--deselect", name)), code=CODE)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


@pytest.mark.parametrize(
    ("does", "fault"),
    [
        ("import fcntl", "ModuleNotFoundError"),
        ("os.fork()", "AttributeError"),
        ("os.open(path, os.O_RDONLY)", "text mode"),
        ("print(os.O_NOFOLLOW)", "AttributeError"),
        ("path.read_text()", "EncodingWarning"),
        ("file = path.open('rb'); path.unlink()", "PermissionError"),
        ("path.with_name('a:b').write_bytes(b'')", "not a name on Windows"),
        ("subprocess.run(['/bin/sh', '-c', ':'])", "no such program"),
        ("path.write_text('a\\n', 'utf-8'); assert path.read_bytes() == b'a\\n'", "AssertionError"),
        ("path.write_bytes(b'a\\n'); assert path.read_bytes() == b'a\\n'; path.unlink()", ""),
    ],
)
def test_what_windows_refuses_is_refused_to_the_monitor(does: str, fault: str, tmp_path: Path) -> None:
    """A module of the monitor that does it, loaded from a directory of its own."""
    (tmp_path / "tried.py").write_text(f"import os, subprocess\nfrom pathlib import Path\npath = Path(place)\n{does}\n")
    code = (
        "import importlib.util, sys, monitor\n"
        "monitor.__path__.append(sys.argv[1])\n"
        "spec = importlib.util.find_spec('monitor.tried')\n"
        "module = importlib.util.module_from_spec(spec)\n"
        "module.place = sys.argv[1] + '/file'\n"
        "open(module.place, 'wb').close()\n"
        "spec.loader.exec_module(module)\n"
    )
    done = python(str(tmp_path), code=code)
    assert (fault in done.stderr and done.returncode == 1) if fault else done.returncode == 0, done.stderr
