"""Follows CONTRIBUTING.md to the letter: each walkthrough in a copy of the tree."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.conftest import bundle

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
WALKS = dict(re.findall(r"^## (An? .*?)\n(.*?)(?=^## |\Z)", PAGE, re.S | re.M))
_FENCE = re.compile(r"^```(\w+)(?: (write|append) (\S+))?\n(.*?)^```$", re.S | re.M)
#: Walks whose commands compile Java: longer than 20 s of a processor, as the whole framework is compiled twice.
COMPILES = {"A hook"}
__all__ = ["bundle"]


class Block(NamedTuple):
    """A fenced block: a file to write or append to, commands with what they must print, or (``sh``) some not to run."""

    kind: str
    how: str
    path: str
    text: str


def blocks(walk: str) -> list[Block]:
    return [Block(*found) for found in _FENCE.findall(WALKS[walk])]


#: What no clone has, and files that another process is about to rename.
_LEAVE = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "*.egg-info", "dist", "*.pyc.*")


def settle(original: Path, copy: Path) -> None:
    """Make a folder the copy of another that it was, or is to be: what is the same by size and time is left alone."""
    names = {path.name for path in original.iterdir()}
    names -= _LEAVE(str(original), names)
    copy.mkdir(exist_ok=True)
    for path in copy.iterdir():
        if path.name not in names:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name in names:
        there, here = original / name, copy / name
        if there.is_dir():
            settle(there, here)
        elif not here.exists() or _stamp(there) != _stamp(here):
            shutil.copy2(there, here)


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the walks' trees stand, one after the other. What Python has compiled of this tree serves them, beside the
    sources or wherever it is kept: Python looks at the times of both."""
    where = tmp_path_factory.mktemp("contributing") / "clone"
    if apart := sys.pycache_prefix:
        shutil.copytree(f"{apart}{ROOT}", f"{apart}{where}", ignore=_LEAVE)
    yield where
    for tree in filter(None, (where, apart and f"{apart}{where}")):
        shutil.rmtree(tree)


@pytest.fixture
def clone(place: Path) -> Path:
    """The tree as in a fresh clone: what the walk before this one changed is put back."""
    settle(ROOT, place)
    return place


def command(line: str, clone: Path, bundle: Path) -> str:
    """Run a line of the page, without the slow tests; ``uv run`` is this Python. Returns what it printed; the exit code
    must be 0."""
    words = [os.path.expandvars(word) for word in shlex.split(line.replace("$BUNDLE", str(bundle)))]
    assert words[:2] == ["uv", "run"], line
    program = words[2:]
    if program[0] in ("monitor", "pytest"):
        program = ["python", "-m", *program]
    assert program[0] == "python", line
    more = {"PYTHONPATH": str(clone), "PYTHONUTF8": "1", "PYTEST_ADDOPTS": "-p no:cacheprovider -n 0 -m 'not slow'"}
    done = subprocess.run(
        [sys.executable, *program[1:]],
        cwd=clone,
        env=os.environ | more,
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, f"{line}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def test_there_are_eight_walks() -> None:
    assert len(WALKS) == 8
    for walk in WALKS:
        kinds = {block.kind for block in blocks(walk)}
        assert "console" in kinds and kinds - {"console"}, walk


@pytest.mark.parametrize(
    "walk",
    [pytest.param(name, marks=[pytest.mark.jvm] if name in COMPILES else []) for name in WALKS],
)
def test_a_walk_works_as_it_is_written(
    walk: str, clone: Path, bundle: Path, record_property: Callable[[str, object], None]
) -> None:
    begun = time.monotonic()
    for block in blocks(walk):
        path = clone / block.path
        if block.how == "append":
            path.write_text(path.read_text("utf-8") + block.text, "utf-8")
        elif block.how == "write":
            assert not path.exists()
            path.write_text(block.text, "utf-8")
        elif block.kind == "console":
            said = ""
            for line in block.text.splitlines():
                if line.startswith("$ "):
                    said = command(line[2:], clone, bundle)
                else:
                    assert line in said, f"{line!r} is not in what was printed: {said[-2000:]}"
    record_property("seconds", round(time.monotonic() - begun, 1))


def test_what_the_page_names_exists() -> None:
    for path in re.findall(r"`((?:monitor|hooks|scenarios|emulator|tests)/[\w./-]*\w/?)`", PAGE):
        assert (ROOT / path).exists(), path
    for path in re.findall(r"\]\(([\w./-]+)\)", PAGE):
        assert (ROOT / path).exists(), path
